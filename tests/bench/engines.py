"""The engines side by side: each is built from labels and finds the terms of a query.

Every engine but the naive one gets what ours has beside its index: the squash key (case, hyphens,
umlauts), an exact look-up first, OSA distance and the same number of forgiven errors. What differs is
how candidates are found, and that only ours knows inflection, word order and when to refuse.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from rapidfuzz.utils import default_process
from symspellpy import SymSpell, Verbosity

from bot.glossary.index import Index, Label
from bot.glossary.keys import squash
from bot.glossary.segments import edits_allowed

CANDIDATES = 20  # the best by trigrams that are verified by distance
_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """What an engine says: an answer, or suggestions, or nothing. The best term comes first."""

    answered: bool
    terms: tuple[str, ...]


MISS = Hit(answered=False, terms=())


class Engine(Protocol):
    """One way to find a term."""

    def build(self, labels: Sequence[Label]) -> int:
        """Get ready; returns the bytes that this takes outside of this process."""

    def find(self, query: str) -> Hit:
        """The terms for one query."""

    def close(self) -> None:
        """Give back what lies outside of this process."""


class InProcess:
    """An engine that vanishes with its process."""

    def close(self) -> None:
        """Nothing to give back."""


class Ours(InProcess):
    """Key ladder, segment index, shape of the slip, real-word gate."""

    def build(self, labels: Sequence[Label]) -> int:
        self._index = Index(labels)
        return 0

    def find(self, query: str) -> Hit:
        found = self._index.find(query)
        return Hit(found.outcome == "answer", found.terms or found.suggestions)


class Floor(InProcess):
    """A dict of the squash keys: the least that a look-up can cost."""

    def build(self, labels: Sequence[Label]) -> int:
        self._terms = by_key(labels)
        return 0

    def find(self, query: str) -> Hit:
        terms = self._terms.get(squash(query))
        return Hit(answered=True, terms=terms) if terms else MISS


class Naive(InProcess):
    """What everybody writes first: the best of all labels by WRatio, if it reaches 80."""

    def build(self, labels: Sequence[Label]) -> int:
        self._labels = labels
        self._texts = [label.text for label in labels]
        return 0

    def find(self, query: str) -> Hit:
        best = process.extractOne(query, self._texts, scorer=fuzz.WRatio, score_cutoff=80)
        return Hit(answered=True, terms=(self._labels[best[2]].term,)) if best else MISS


class NaiveFolded(Naive):
    """The same after rapidfuzz's own clean-up: lower case, signs as spaces."""

    def build(self, labels: Sequence[Label]) -> int:
        super().build(labels)
        self._texts = [default_process(text) for text in self._texts]
        return 0

    def find(self, query: str) -> Hit:
        return super().find(default_process(query))


class Trigrams(InProcess):
    """SQLite's full-text index over trigrams: an OR of those of the query, best bm25 first.

    Without `detail=full` a table that stores no content cannot rank (recall 0.36 instead of 0.98).
    """

    def build(self, labels: Sequence[Label]) -> int:
        self._sql = sql = sqlite3.connect(":memory:")
        sql.execute("CREATE TABLE label (id INTEGER PRIMARY KEY, key TEXT UNIQUE, terms TEXT)")
        sql.execute("CREATE VIRTUAL TABLE near USING fts5(key, content='', tokenize='trigram')")
        rows = [(at, key, " ".join(terms)) for at, (key, terms) in enumerate(by_key(labels).items())]
        sql.executemany("INSERT INTO label VALUES (?, ?, ?)", rows)
        sql.executemany("INSERT INTO near (rowid, key) VALUES (?, ?)", (row[:2] for row in rows))
        sql.execute("INSERT INTO near (near) VALUES ('optimize')")
        return 0

    def find(self, query: str) -> Hit:
        key = squash(query)
        if row := self._sql.execute("SELECT terms FROM label WHERE key = ?", (key,)).fetchone():
            return Hit(answered=True, terms=tuple(row[0].split()))
        return closest(key, self._candidates(key)) if len(key) > 2 else MISS

    def _candidates(self, key: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        grams = " OR ".join(f'"{key[at : at + 3]}"' for at in range(len(key) - 2))
        rows = self._sql.execute(
            "SELECT label.key, terms FROM near JOIN label ON id = near.rowid "
            "WHERE near MATCH ? ORDER BY rank LIMIT ?",
            (grams, CANDIDATES),
        )
        return ((other, tuple(terms.split())) for other, terms in rows)


class SymmetricDeletes(InProcess):
    """symspellpy, distance 2: every key under all its first seven letters less up to two, in one dict."""

    def build(self, labels: Sequence[Label]) -> int:
        self._terms = by_key(labels)
        self._spellings = SymSpell(max_dictionary_edit_distance=2)
        for key in self._terms:
            self._spellings.create_dictionary_entry(key, 1)
        return 0

    def find(self, query: str) -> Hit:
        key = squash(query)
        if terms := self._terms.get(key):
            return Hit(answered=True, terms=terms)
        near = self._spellings.lookup(key, Verbosity.CLOSEST, max_edit_distance=2)
        return closest(key, ((found.term, self._terms[found.term]) for found in near))


def by_key(labels: Iterable[Label]) -> dict[str, tuple[str, ...]]:
    """The terms of every squash key."""
    terms: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for label in labels:
        if key := squash(label.text):
            terms[key][label.term] = None
    return {key: tuple(ids) for key, ids in terms.items()}


def closest(key: str, candidates: Iterable[tuple[str, tuple[str, ...]]]) -> Hit:
    """The acceptance of every other engine: the nearest candidate that its length allows.

    If none is near enough, the candidates are suggestions, in the order in which they came.
    """
    suggested: list[str] = []
    near: list[tuple[int, bool, int, tuple[str, ...]]] = []
    for other, terms in candidates:
        suggested.extend(terms)
        edits = OSA.distance(key, other, score_cutoff=(allowed := edits_allowed(len(other))))
        if edits <= allowed:
            near.append((edits, other[:1] != key[:1], abs(len(other) - len(key)), terms))
    if near:
        return Hit(answered=True, terms=min(near)[-1])
    return Hit(answered=False, terms=tuple(suggested[:_SUGGESTIONS]))
