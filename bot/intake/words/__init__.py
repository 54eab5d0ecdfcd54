"""Word lists of the intake that anyone may extend: kinds of words, everyday words per language."""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from bot.files.source import read

_FOLDER = Path(__file__).parent
_SHORTEST = 2
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@cache
def _classes() -> tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]]:
    """The kind of each word, stem and ending."""
    words: dict[str, str] = {}
    stems: dict[str, str] = {}
    ends: dict[str, str] = {}
    for kind, listed in read(_FOLDER / "classes.yaml").data.items():
        for entry in str(listed).split():
            target = stems if entry.endswith("*") else ends if entry.startswith("*") else words
            target.setdefault(entry.strip("*"), kind)
    return words, stems, ends


@lru_cache(maxsize=20_000)
def kind_of(word: str) -> str | None:
    """The kind of a word (lower case, umlauts written out): listed, by its longest stem, or its end."""
    words, stems, ends = _classes()
    if kind := words.get(word):
        return kind
    for size in range(len(word), _SHORTEST - 1, -1):
        if kind := stems.get(word[:size]):
            return kind
    for start in range(1, len(word) - _SHORTEST + 1):
        if kind := ends.get(word[start:]):
            return kind
    return None


@cache
def _lists() -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(words.split()) for name, words in read(_FOLDER / "lists.yaml").data.items()}


@cache
def determiners() -> frozenset[str]:
    """Articles and the like, in either language, lower case."""
    return frozenset(_lists()["determiners"])


def compound_tails() -> tuple[str, ...]:
    """Words that a product name may be joined with in German."""
    return _lists()["compound_tails"]


@cache
def program_parts() -> frozenset[str]:
    """What belongs to a program: its files, channels, licences; lower case, umlauts written out."""
    return frozenset(_lists()["program_parts"])


@cache
def titles() -> frozenset[str]:
    """What stands before the name of a person, lower case."""
    return frozenset(_lists()["titles"])


@cache
def list_joints() -> frozenset[str]:
    """What stands between the names of a list."""
    return frozenset(_lists()["list_joints"])


@cache
def role_phrases(about: str) -> tuple[str, ...]:
    """The phrases of `roles.yaml`, umlauts written out; `about`: the name of a list."""
    return tuple(str(phrase).translate(_WRITTEN_OUT) for phrase in read(_FOLDER / "roles.yaml").data[about])


@cache
def _choices() -> tuple[frozenset[str], tuple[str, ...]]:
    """Words for a choice: whole, and how they begin."""
    words = str(read(_FOLDER / "roles.yaml").data["choice"]).translate(_WRITTEN_OUT).split()
    return frozenset(words), tuple(word.rstrip("*") for word in words if word.endswith("*"))


def is_choice(word: str) -> bool:
    """Whether a word says that one of several would do."""
    words, stems = _choices()
    return word in words or word.startswith(stems)
