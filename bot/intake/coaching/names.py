"""Product names by a plain list, for the command line and for tests: `products.csv` and nothing else.

The wish analysis finds more (slips, compounds, senses); whatever has this signature takes its place.
"""

import csv
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.intake.coaching.dictionary import is_german

DEFAULT_FILE = Path("intake_flows/products.csv")
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 4
_SHORTEST = 3
_BEFORE_NAMES = frozenset(
    {
        "mit",
        "von",
        "in",
        "aus",
        "brauchen",
        "wollen",
        "möchten",
        "with",
        "from",
        "need",
        "want",
        "use",
        "get",
        "us",
    }
)


def plain_names(file: Path = DEFAULT_FILE) -> Callable[[str], list[str]]:
    """A function that finds the listed names in a text, as they stand there. Raises OSError."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    clear: set[str] = set()
    ambiguous: set[str] = set()
    for row in rows:
        doubtful = {*(row["ambiguous_aliases"] or "").split("|")}
        for name in (row["name"], *filter(None, (row["aliases"] or "").split("|"))):
            unclear = name in doubtful or (row["ambiguous"] == "yes" and name == row["name"])
            (ambiguous if unclear else clear).add(name)
    forms = {_form(name): name for name in clear if len(_form(name)) >= _SHORTEST}
    exact = frozenset(name for name in ambiguous if not name[0].islower())

    def names_in(text: str) -> list[str]:
        return _names_in(text, forms, exact)

    return names_in


def _form(text: str) -> str:
    return "".join(_WORD.findall(text)).lower()


def _names_in(text: str, forms: Mapping[str, str], exact: frozenset[str]) -> list[str]:
    words = list(_WORD.finditer(text))
    found = []
    at = 0
    while at < len(words):
        for size in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            start, end = words[at].start(), words[at + size - 1].end()
            piece = text[start:end]
            listed = _form(piece) in forms and not (piece.islower() and is_german(piece))
            if listed or (start and piece in exact and _clearly(text, start)):
                found.append(piece)
                at += size
                break
        else:
            at += 1
    return found


def _clearly(text: str, start: int) -> bool:
    """An ambiguous name counts behind a word that takes no article."""
    before = _WORD.findall(text[max(0, start - 20) : start])
    return bool(before) and before[-1].lower() in _BEFORE_NAMES
