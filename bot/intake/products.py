"""Product names in a text: as they are listed, in other spellings, inside compounds, and misspelt.

The list is data (`products.csv`, and a company's own file of the same columns). What is found here are
candidates: `senses` decides whether a word that is also a name is meant as one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.intake.pieces import MOST_PIECES, Piece, normal, pieces_of
from bot.intake.sounds import sound_of
from bot.intake.words import compound_tails
from bot.text.words import is_word

Spelling = Literal["exact", "form", "split", "compound", "typo"]

MIN_TYPO = 4  # letters of a name that may be misspelt; shorter ones have too many neighbours
_MIN_TYPO_AMBIGUOUS = 6  # the same for a name that is also a word
_MIN_TYPED = 4
_MIN_HEARD = 5  # letters of a name that may be written as it sounds
_MIN_PARTLY = 6  # letters of a name of several words, one of which is misspelt
_LONG = 9  # letters from which two slips are allowed (notes/intake.md 3)
_MOST_MISSPELT = 3  # words of a misspelt name
_MOST_TYPOS = 40  # unknown words of one text that are compared with the list
_SOUNDS_ALIKE = {"c": "kzs", "k": "cq", "z": "cs", "f": "vp", "v": "fw", "w": "v", "s": "cz", "q": "k"}


@dataclass(frozen=True, slots=True)
class Product:
    """A product, and the kind of tool it is: an id of `capabilities.yaml`."""

    name: str
    category: str


@dataclass(frozen=True, slots=True)
class Name:
    """A way to write a product. `ambiguous`: the word also means something else."""

    text: str
    product: Product
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text where a product may be named."""

    start: int
    end: int
    text: str
    name: Name
    spelling: Spelling

    @property
    def product(self) -> Product:
        """What is named."""
        return self.name.product


class Catalogue:
    """All names, found by key. Pure; a later name wins over an earlier one, so a company's over ours."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.names: Mapping[str, Name] = {normal(name.text): name for name in names}
        self._typo_keys: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._heard: dict[str, list[str]] = defaultdict(list)
        for key, name in self.names.items():
            if len(key) >= (_MIN_TYPO_AMBIGUOUS if name.ambiguous else MIN_TYPO):
                self._typo_keys[key[0], len(key)].append(key)
                if len(key) >= _MIN_HEARD:
                    self._heard[sound_of(key)].append(key)
        self._meant = lru_cache(maxsize=20_000)(self._nearest)

    def product(self, name: str) -> Product | None:
        """The product of a name in any spelling, None if it is not listed."""
        found = self.names.get(normal(name))
        return found.product if found else None

    def find(self, text: str, pieces: Sequence[Piece] | None = None) -> list[Mention]:
        """Every place where a name may stand, in reading order; they never overlap."""
        pieces = pieces_of(text) if pieces is None else pieces
        found: list[Mention] = []
        open_to_typos: list[int] = []
        at = 0
        while at < len(pieces):
            if mention := self._listed(text, pieces, at):
                found.append(mention)
                at += sum(piece.start < mention.end for piece in pieces[at : at + MOST_PIECES])
            else:
                open_to_typos.append(at)
                at += 1
        found += self._misspelt(text, pieces, open_to_typos[:_MOST_TYPOS])
        return sorted(found, key=lambda mention: mention.start)

    def _listed(self, text: str, pieces: Sequence[Piece], at: int) -> Mention | None:
        """The longest name that starts at this piece."""
        key = ""
        best: Mention | None = None
        for size, piece in enumerate(pieces[at : at + MOST_PIECES], 1):
            if size > 1 and not piece.joins:
                break
            key += piece.key
            if (name := self.names.get(key)) and (
                spelling := _spelling(text, pieces[at : at + size], name)
            ):
                best = _mention(text, pieces[at], piece, name, spelling)
        return best or self._compound(pieces[at])

    def _compound(self, piece: Piece) -> Mention | None:
        """`Exceltabelle`, `Salesforcelizenzen`, `HubSpots`: an unambiguous name at the start of a word."""
        if len(piece.key) <= _MIN_TYPED or not (head := _compound().fullmatch(piece.key)):
            return None
        name = self.names.get(head.group(1))
        if name is None or name.ambiguous:
            return None
        end = len(head.group(1))
        return Mention(piece.start, piece.start + end, piece.text[:end], name, "compound")

    def _misspelt(self, text: str, pieces: Sequence[Piece], free: Sequence[int]) -> Iterator[Mention]:
        """Names with a slip, in one piece or in some that belong together ("Sprout Sozial")."""
        taken = -1
        for at in free:
            if at <= taken:
                continue
            for group in _groups(text, pieces[at : at + _MOST_MISSPELT]):
                if key := self._meant_by(group):
                    taken = at + len(group) - 1
                    yield _mention(text, group[0], group[-1], self.names[key], "typo")
                    break

    def _meant_by(self, group: Sequence[Piece]) -> str | None:
        """The key that was meant by some pieces; of more than one, only a long name with one slip."""
        if len(group) == 1:
            return self._meant(group[0].text)
        typed = "".join(piece.text for piece in group)
        key = self._meant(typed)
        if key is None or OSA.distance(normal(typed), key) > 1:
            return None
        if len(typed) < _LONG:
            return key if _partly(group, self.names[key]) else None
        capitals = all(piece.text[0].isupper() for piece in group)
        return key if capitals or not all(_is_ordinary(piece.text) for piece in group) else None

    def _nearest(self, text: str) -> str | None:
        """The key that was meant by an unknown word, by OSA distance (`notes/intake.md` 3)."""
        typed = normal(text)
        size = len(typed)
        if size < _MIN_TYPED or sum(map(str.isalpha, typed)) < _MIN_TYPED:
            return None
        reach = range(size - 2, size + 3) if size >= _LONG - 1 else range(size - 1, size + 2)
        first = typed[0] + (_SOUNDS_ALIKE.get(typed[0], "") if size > MIN_TYPO else "")
        near = [key for letter in first for n in reach for key in self._typo_keys.get((letter, n), ())]
        hits = process.extract(typed, near, scorer=OSA.distance, score_cutoff=2, limit=4)
        ranked = sorted(
            (distance, not _doubled(typed, key), sorted(key) != sorted(typed), key)
            for key, distance, _ in hits
            if _allowed(typed, key, distance)
        )
        nearest = [key for *rank, key in ranked if rank == [*ranked[0][:-1]]] or self._heard.get(
            sound_of(typed), []
        )
        if not nearest or _is_ordinary(text) or self._unsure(nearest):
            return None
        return nearest[0]

    def _unsure(self, keys: Iterable[str]) -> bool:
        """Whether names that are equally near belong to two products: nobody knows which was meant."""
        return len({self.names[key].product for key in keys}) > 1


@cache
def _compound() -> re.Pattern[str]:
    """A name at the start of a German compound, or in the genitive."""
    return re.compile(rf"(.{{4,}}?)(?:s?(?:{'|'.join(compound_tails())})(?:e|en|n|s|es)?|s)")


def _is_ordinary(word: str) -> bool:
    """An ordinary word, also in Swiss spelling (gemäss) or of two words (Eventteam)."""
    word = word.lower()
    if is_word(word) or ("ss" in word and is_word(word.replace("ss", "ß"))):
        return True
    return any(word.endswith(tail) and is_word(word.removesuffix(tail)) for tail in compound_tails())


def _doubled(typed: str, key: str) -> bool:
    """Whether only a letter of the name is doubled, the likeliest slip."""
    return any(
        typed[at] == typed[at - 1] and typed[:at] + typed[at + 1 :] == key for at in range(1, len(typed))
    )


def _partly(group: Sequence[Piece], name: Name) -> bool:
    """Whether one word of a name is misspelt and the others are right ("Powr BI")."""
    listed = [piece.key for piece in pieces_of(name.text)]
    wrong = [piece for piece, key in zip(group, listed, strict=False) if piece.key != key]
    return len(listed) == len(group) and len(wrong) == 1 and not _is_ordinary(wrong[0].text)


def _allowed(typed: str, key: str, distance: float) -> bool:
    if len(key) <= MIN_TYPO:
        return _doubled(typed, key)  # of four letters none is missing, wrong or too much
    most = 1 if max(len(typed), len(key)) < _LONG else 2
    return distance <= most - (typed[0] != key[0] and distance > 1)


def _mention(text: str, first: Piece, last: Piece, name: Name, spelling: Spelling) -> Mention:
    return Mention(first.start, last.end, text[first.start : last.end], name, spelling)


def _spelling(text: str, pieces: Sequence[Piece], name: Name) -> Spelling | None:
    """How near the typed form is to the listed one; None if it is no way to write it."""
    typed = text[pieces[0].start : pieces[-1].end]
    listed = name.text.rstrip("!")
    if typed == listed:
        return "exact"
    if typed.casefold() == listed.casefold():
        return "form"
    parts = len(pieces_of(listed))
    if name.ambiguous:  # "Live-Chat" is no LiveChat
        return None
    if _joined(typed) != _joined(listed) and all(_is_ordinary(piece.text) for piece in pieces):
        return "split"  # "profile", "involve me"
    if len(pieces) <= parts:
        return "form"
    if all(len(piece.key) <= 3 for piece in pieces):  # noqa: PLR2004  ("to me", "in for", "did")
        return None
    return "split"


def _joined(text: str) -> str:
    """The text with a space for a hyphen, which German puts between the words of a name."""
    return text.casefold().replace("-", " ").replace("‑", " ")


def _groups(text: str, pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    """Pieces that may be one misspelt name, the longest first: more than one only with spaces between."""
    joined = 1
    if len(pieces[0].key) >= _MIN_TYPED:
        while joined < len(pieces) and text[pieces[joined - 1].end : pieces[joined].start] == " ":
            joined += 1
    for size in range(joined, 0, -1):
        group = pieces[:size]
        if size == 1 or sum(len(piece.key) for piece in group) >= _MIN_PARTLY:
            yield group
