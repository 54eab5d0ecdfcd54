"""Kinds of tools in a text ("ein CRM", "a survey tool"), by the words of `capabilities.yaml`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.intake.pieces import MOST_PIECES, Piece, normal, pieces_of

_ENDINGS = ("s", "e", "en", "n", "es")
_LONG_WORD = 5  # letters of a word that has other plurals than -s; "Damen" is no plural of DAM


@dataclass(frozen=True, slots=True)
class KindMention:
    """A place in a text that names a kind of tool, and the id of its capability."""

    start: int
    end: int
    text: str
    capability: str


class Kinds:
    """All words for kinds of tools, found by key. Pure."""

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        self._capabilities: dict[str, str] = {}
        keys = [(normal(word), capability) for word, capability in words]
        for key, capability in keys:
            self._capabilities.setdefault(key, capability)
        for key, capability in keys:
            for ending in _ENDINGS if len(key) >= _LONG_WORD else _ENDINGS[:1]:
                self._capabilities.setdefault(key + ending, capability)

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
