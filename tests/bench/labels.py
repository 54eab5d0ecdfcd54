"""The label sets and queries of the benchmark: real labels, enlarged with invented ones.

2,000 labels are real (`tests/data/PROVENANCE.md`). The rest is put together from their own words and
from coined ones, always in the same way, so that two runs measure the same thing. An invented label
never spoils an answer: none has a key of a real label or a query, none is as near to a query as the
label that the query was made from.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from bot.glossary.index import Label
from bot.glossary.keys import bag, skeleton, squash, stem_word, words

DATA = Path(__file__).parents[1] / "data"
_SEED = 2026
_SLIPS = 3  # the most that any engine forgives
_CHUNK = 10_000  # labels compared at once: 10 MB of distances

_WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{3,}")
_GERMAN_NOUN = re.compile(r"[A-ZÄÖÜ][a-zäöüß]{3,10}")


@dataclass(frozen=True, slots=True)
class Query:
    """A search term and the terms it may be answered with; none means it must be refused."""

    text: str
    kind: str
    expect: frozenset[str]
    made_from: str
    near: str

    @property
    def near_miss(self) -> bool:
        """A real word few letters away from a label; other negatives are ordinary."""
        return self.kind.startswith("neg_near")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_queries(labels: Iterable[Label]) -> list[Query]:
    """The queries that were made from one of these labels, and all that must be refused."""
    known = {label.text for label in labels}
    queries = [
        Query(r["q"], r["cls"], frozenset(r["expect"]), r.get("of") or "", r.get("near") or "")
        for r in _rows(DATA / "queries_dev.jsonl")
    ]
    return [query for query in queries if not query.expect or query.made_from in known]


def read_questions(characters: int) -> str:
    """Running text of this length, full of terms: the questions of the test data, over and over."""
    text = " ".join(row["q"] for row in _rows(DATA / "questions_dev.jsonl")) + " "
    return (text * (characters // len(text) + 1))[:characters]


class LabelSets:
    """Label sets of any size; a larger one contains the smaller ones."""

    def __init__(self, path: Path) -> None:
        rows = list(_rows(path))
        found = {Label(row["label"], row["kind"], row["term"]): row.get("lang") for row in rows}
        self._real = list(found)
        self.queries = read_queries(self._real)
        names = {label.text: found[label] for label in found if label.kind != "abbr"}
        self._english = Words([name for name in names if names[name] == "en"] or names)
        self._german = Words([name for name in names if names[name] == "de"] or names)

    def sets(self, sizes: Sequence[int]) -> dict[int, list[Label]]:
        """One list of labels per size."""
        real = self._needed_first()
        missing = max(0, max(sizes) - len(real))
        labels = real[: min(sizes)] + real[min(sizes) :] + self._invented(missing)
        return {size: labels[:size] for size in sizes}

    def _needed_first(self) -> list[Label]:
        """Labels that no query is about come last: a small set leaves them out."""
        about = {term for query in self.queries for term in query.expect}
        near = {query.near for query in self.queries}
        return sorted(self._real, key=lambda label: label.term not in about and label.text not in near)

    def _invented(self, number: int) -> list[Label]:
        chance = random.Random(_SEED)
        taken = {key for label in self._real for key in _keys(label.text)}
        taken |= {key for query in self.queries for key in _keys(query.text)}
        labels: list[Label] = []
        while len(labels) < number:
            fresh = [label for _ in range(_CHUNK) for label in self._invent(chance, taken)]
            labels += self._apart(fresh)
        return labels[:number]

    def _invent(self, chance: random.Random, taken: set[str]) -> Iterator[Label]:
        """One term: its name, now and then also a plural or an abbreviation."""
        [shape] = chance.choices([*_ENGLISH, *_GERMAN], [*_ENGLISH.values(), *_GERMAN.values()])
        name = shape(self._english if shape in _ENGLISH else self._german, chance)
        keys = _keys(name)
        if taken & keys:
            return
        taken |= keys
        term = "invented-" + squash(name)
        yield Label(name, "pref", term)
        initials = "".join(word[0] for word in name.split()).upper()
        if len(initials) > 2 and chance.random() < 1 / 4 and squash(initials) not in taken:
            yield Label(initials, "abbr", term)
        if chance.random() < 1 / 12 and squash(name + "s") not in taken:
            yield Label(name + "s", "plural", term)

    def _apart(self, labels: Sequence[Label]) -> list[Label]:
        """The labels that are no nearer to any query than the label it was made from."""
        asked = [(squash(q.text), squash(q.made_from)) for q in self.queries if q.expect]
        limits = [min(_SLIPS, OSA.distance(query, label)) for query, label in asked]
        distances = cdist(
            [query for query, _ in asked],
            [squash(label.text) for label in labels],
            scorer=OSA.distance,
            score_cutoff=_SLIPS,
            dtype=np.uint8,
            workers=-1,
        )
        nearer = np.any(distances <= np.array(limits, dtype=np.uint8)[:, None], axis=0)
        return [label for label, spoils in zip(labels, nearer, strict=True) if not spoils]


def _keys(text: str) -> set[str]:
    key, stems = squash(text), [stem_word(word) for word in words(text)]
    return {key, skeleton(key), "".join(stems), bag(stems) or key}


class Words:
    """The words of the real labels in one language, and words coined after their letters."""

    def __init__(self, labels: Iterable[str]) -> None:
        phrases: list[list[str]] = [found for label in labels if (found := _WORD.findall(label))]
        self.heads = sorted({phrase[-1] for phrase in phrases})
        self.modifiers = sorted({phrase[0] for phrase in phrases})
        self.nouns = [word for word in self.heads if _GERMAN_NOUN.fullmatch(word)] or self.heads
        self._follows: dict[str, list[str]] = defaultdict(list)
        for word in {word.lower() for phrase in phrases for word in phrase}:
            for at, letter in enumerate(word + "."):
                self._follows[word[max(0, at - 3) : at]].append(letter)
        for letters in self._follows.values():
            letters.sort()  # sets have no order of their own

    def coined(self, chance: random.Random) -> str:
        """A word that does not exist: every letter follows the three before it in some real word."""
        word = ""
        while not 5 <= len(word) <= 11:
            word = ""
            while len(word) <= 11 and (letter := chance.choice(self._follows[word[-3:]])) != ".":
                word += letter
        return word

    def modifier(self, chance: random.Random) -> str:
        """A first word; one in six is coined, as names of products and projects are."""
        return self.coined(chance) if chance.random() < 1 / 6 else chance.choice(self.modifiers)

    def compound(self, chance: random.Random) -> str:
        """A German compound of two real nouns."""
        return chance.choice(self.nouns) + chance.choice(self.nouns).lower()


_Shape = Callable[[Words, random.Random], str]
_ENGLISH: dict[_Shape, int] = {
    lambda words, chance: f"{words.modifier(chance)} {chance.choice(words.heads)}": 30,
    lambda words, chance: (
        f"{words.modifier(chance)} {words.modifier(chance)} {chance.choice(words.heads)}"
    ): 20,
    lambda words, chance: words.coined(chance): 14,
}
_GERMAN: dict[_Shape, int] = {
    lambda words, chance: words.compound(chance): 16,
    lambda words, chance: f"{words.modifier(chance)}-{chance.choice(words.nouns)}": 6,
    lambda words, chance: f"{words.modifier(chance)} {words.compound(chance)}": 8,
    lambda words, chance: words.coined(chance).capitalize(): 6,
}
