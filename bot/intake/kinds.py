"""Kinds of tools in a text ("ein CRM", "a survey tool"), by the words of `capabilities.yaml`.

And what a tool is for ("ein Tool für *Umfragen*"): the purposes there are everyday words, so they are
looked for only where somebody says what a tool is for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.intake.pieces import MOST_PIECES, Piece, normal, pieces_of

_ENDINGS = ("s", "e", "en", "n", "es")
_PIECES_OF_A_PURPOSE = 8
_LONG_WORD = 5  # letters of a word that has other plurals than -s; "Damen" is no plural of DAM


@dataclass(frozen=True, slots=True)
class KindMention:
    """A place in a text that names a kind of tool, and the id of its capability."""

    start: int
    end: int
    text: str
    capability: str


class Kinds:
    """All words for kinds of tools, and for purposes, found by key. Pure."""

    def __init__(self, words: Iterable[tuple[str, str]], purposes: Iterable[tuple[str, str]] = ()) -> None:
        self._capabilities = _by_key(words)
        self._purposes = _by_key(purposes)

    def find(self, text: str, pieces: Sequence[Piece] | None = None) -> list[KindMention]:
        """Every kind that is named, the longest name at each place; they never overlap."""
        pieces = pieces_of(text) if pieces is None else pieces
        found: list[KindMention] = []
        at = 0
        while at < len(pieces):
            if mention := self._longest(text, pieces[at : at + MOST_PIECES]):
                found.append(mention)
                at += sum(piece.start < mention.end for piece in pieces[at : at + MOST_PIECES])
            else:
                at += 1
        return found

    def purpose(self, text: str) -> str | None:
        """The capability of the first purpose in a part of a text that says what a tool is for."""
        pieces = pieces_of(text)[:_PIECES_OF_A_PURPOSE]
        for at, piece in enumerate(pieces):
            keys = accumulate(piece.key for piece in pieces[at : at + MOST_PIECES])
            listed = [self._purposes[key] for key in keys if key in self._purposes]
            if capability := listed[-1] if listed else self._part_of(piece.key):
                return capability
        return None

    def _part_of(self, key: str) -> str | None:
        """The purpose that a German compound ends in ("Kundenumfragen"), or begins with."""
        ends = (key[at:] for at in range(1, len(key) - _LONG_WORD + 1))
        begins = (key[:size] for size in range(len(key) - 1, _LONG_WORD, -1))
        return next((self._purposes[part] for part in (*ends, *begins) if part in self._purposes), None)

    def _longest(self, text: str, pieces: Sequence[Piece]) -> KindMention | None:
        best: KindMention | None = None
        key = ""
        for size, piece in enumerate(pieces, 1):
            if size > 1 and not piece.joins:
                break
            key += piece.key
            if capability := self._capabilities.get(key):
                start, end = pieces[0].start, piece.end
                best = KindMention(start, end, text[start:end], capability)
        return best


def _by_key(words: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    keys = [(normal(word), capability) for word, capability in words]
    for key, capability in keys:
        found.setdefault(key, capability)
    for key, capability in keys:
        for ending in _ENDINGS if len(key) >= _LONG_WORD else _ENDINGS[:1]:
            found.setdefault(key + ending, capability)
    return found
