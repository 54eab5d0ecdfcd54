"""German or English? By the everyday words and letters of a text."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

_UMLAUTS = frozenset("äöüß")
_READ = 2_000  # characters that tell the language


@cache
def _everyday(language: str) -> frozenset[str]:
    """Words that only this language has, lower case (`everyday_LANGUAGE.txt`)."""
    file = Path(__file__).with_name(f"everyday_{language}.txt")
    return frozenset(file.read_text(encoding="utf-8").split())


def language_of(text: str) -> str | None:
    """ "de" or "en"; None if the text does not tell."""
    return language_of_words(word.strip("?!.,:;'\"()„“”«»").lower() for word in text[:_READ].split())


def language_of_words(words: Iterable[str]) -> str | None:
    """The same by words in lower case."""
    german = english = 0
    for word in words:
        german += word in _everyday("de")
        english += word in _everyday("en")
        german += not _UMLAUTS.isdisjoint(word)
    return None if german == english else "de" if german > english else "en"
