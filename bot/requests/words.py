"""The words by which a request is found. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.text.clean import visible

MOST = 60  # words of a request; a title and a wish have about twenty
LONGEST = 40  # characters of a word
_WORD = re.compile(r"[^\W_]+")
_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_TOLD = ("original_wish", "requirement")


def words_of(text: str) -> list[str]:
    """The words of a text, each once, without case and umlauts."""
    folded = visible(text).casefold().translate(_FOLD)
    return list(dict.fromkeys(found.group()[:LONGEST] for found in _WORD.finditer(folded)))


def found_by(title: str, use_case: Mapping[str, Any]) -> list[str]:
    """The words of a request: its title, the wish, the need, and the product that was named."""
    return words_of(" ".join([title, *_told(use_case)]))[:MOST]


def _told(use_case: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(use_case.get(part) or "") for part in _TOLD)
    hint = use_case.get("solution_hint")
    if isinstance(hint, Mapping):
        yield str(hint.get("product") or "")
