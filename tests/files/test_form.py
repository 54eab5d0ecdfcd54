"""What a model complains about has a sentence in both languages."""

import pytest

from bot.files import form
from bot.i18n import LANGUAGES, sentences

CODES = sorted({*form._PATTERN_CODES.values(), *form._CODES.values()})


@pytest.mark.parametrize("code", CODES)
def test_every_complaint_has_a_sentence(code: str) -> None:
    assert all(f"check.{code}" in sentences(language) for language in LANGUAGES)
