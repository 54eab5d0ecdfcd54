"""The pieces that names are made of, and the key under which all spellings of a name fall together."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MOST_PIECES = 4  # of a name
_MOST_IN_TEXT = 300  # pieces of a text that are read

_PIECE = re.compile(r"[^\W_]+")
_JOINT = re.compile(r"[ \u00a0]?[-‐‑–/&+][ \u00a0]?|[ \u00a0]|[.'’]|[®™] ?|")


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters and digits in a row. `joins`: nothing but a space or a hyphen since the piece before."""

    text: str
    start: int
    end: int
    key: str
    joins: bool


@lru_cache(maxsize=20_000)
def normal(text: str) -> str:
    """The key of a name: without case, accents, spaces and signs."""
    if text.isascii():
        return "".join(char for char in text.lower() if char.isalnum())
    text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in text if char.isalnum())


def pieces_of(text: str) -> list[Piece]:
    """The pieces of a text, in order."""
    pieces: list[Piece] = []
    end = 0
    for found in _PIECE.finditer(text):
        joins = bool(pieces) and _JOINT.fullmatch(text, end, found.start()) is not None
        end = found.end()
        pieces.append(Piece(found.group(), found.start(), end, normal(found.group()), joins))
        if len(pieces) == _MOST_IN_TEXT:
            break
    return pieces
