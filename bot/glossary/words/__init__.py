"""Word lists that anyone may extend: ordinary words, and phrases that only look like a term."""

from functools import cache
from pathlib import Path
from typing import Any

from bot.files.source import read
from bot.glossary.keys import squash

_FOLDER = Path(__file__).parent


@cache
def ordinary_by_language() -> tuple[frozenset[str], frozenset[str]]:
    """Words of everyday language in German and in English, lower case."""
    lists = _lists()
    return frozenset(lists["de"].split()), frozenset(lists["en"].split())


@cache
def cue_words() -> frozenset[str]:
    """Words that ask about a term, like "formula", in either language, lower case."""
    return frozenset(_lists()["cues"].split())


@cache
def list_words() -> frozenset[str]:
    """Words that ask for a list, in either language, lower case."""
    return frozenset(_lists()["lists"].split())


@cache
def calls_for_help() -> frozenset[str]:
    """Messages that want to know what Klartext can do, as squash keys."""
    return frozenset(map(squash, _lists()["help"]))


@cache
def aspect_words() -> dict[str, str]:
    """The aspect that a word names, by the word in lower case."""
    return {word: aspect for aspect, words in _lists()["aspects"].items() for word in words.split()}


@cache
def ordinary_words() -> frozenset[str]:
    """Words of everyday language in either language, lower case."""
    german, english = ordinary_by_language()
    return german | english


@cache
def false_friends() -> tuple[str, ...]:
    """Phrases that contain a term and mean something else."""
    return tuple(str(phrase) for phrase in read(_FOLDER / "false_friends.yaml").data["phrases"])


def language_of(text: str) -> str | None:
    """ "de" or "en" by the everyday words of a text; None if they do not tell."""
    typed = [word.strip("?!.,:;'\"").lower() for word in text[:2_000].split() if not _shouted(word)]
    german, english = (sum(word in known for word in typed) for known in ordinary_by_language())
    if any(letter in text for letter in "äöüßÄÖÜ"):
        german += 1
    return None if german == english else "de" if german > english else "en"


@cache
def _lists() -> dict[str, Any]:
    return dict(read(_FOLDER / "ordinary.yaml").data)


def _shouted(word: str) -> bool:
    """IT is a department, not the English word "it"."""
    return len(word) > 1 and word.isupper()
