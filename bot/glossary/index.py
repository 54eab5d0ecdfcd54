"""Find a term by any of its labels: answer what is certain, suggest what is near, refuse the rest.

The pipeline of `notes/glossary.md` 4.1: a ladder of exact keys, then the segment index, then the shape
of the slip and the real-word gate. Pure and in memory; a look-up costs microseconds.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.glossary.keys import bag, skeleton, squash, stem_word, words
from bot.glossary.segments import Segments
from bot.glossary.slips import MIN_CORRECTED, common_start, is_slip
from bot.text.words import is_word

Outcome = Literal["answer", "suggest", "unknown"]
MAX_QUERY = 200  # characters; a label has at most 120
MAX_SUGGESTIONS = 3
_ACRONYM = 5  # letters; an unknown word in capitals up to this length is never corrected
_MIN_COMPOUND_PART = 4  # letters
_PHRASE, _LONG = 3, 14  # words and characters of a phrase that is nothing but the label
_ENDINGS = frozenset({"e", "en", "es", "n", "s"})
_HEAD = 4  # letters by which a text is sieved before the tables are asked
_MIN_PART = 3  # letters of a word or beginning that is worth a suggestion


@dataclass(frozen=True, slots=True)
class Label:
    """One name of a term. `kind` decides how it may be found: an abbreviation only as written."""

    text: str
    kind: str
    term: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a query means: the terms that it names, or the terms that may have been meant.

    `corrected` is the label that was taken for a misspelt query: a correction is always said.
    """

    outcome: Outcome
    terms: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    corrected: str | None = None


UNKNOWN = Found("unknown")


class Index:
    """All labels of a glossary, ready to be asked. Built once; a changed glossary gets a new one."""

    def __init__(self, labels: Iterable[Label], real_word: Callable[[str], bool] = is_word) -> None:
        self._real_word = real_word
        self._exact: dict[str, tuple[str, ...]] = {}
        self._folded: dict[str, tuple[str, ...]] = {}
        self._stemmed: dict[str, tuple[str, ...]] = {}
        self._bags: dict[str, tuple[str, ...]] = {}
        self._parts: dict[str, tuple[str, ...]] = {}
        spelt: dict[str, str] = {}
        for label in labels:
            self._add(label, spelt)
        self._keys = sorted(spelt)
        self._spelling = [spelt[key] for key in self._keys]
        self._segments = Segments(self._keys)
        tables = (self._exact, self._folded, self._stemmed)
        self._heads = frozenset(key[:_HEAD] for table in tables for key in table)

    def _add(self, label: Label, spelt: dict[str, str]) -> None:
        key = squash(label.text)
        if not key:
            return
        one = (label.term,)  # one tuple for all tables: most keys belong to one term
        _join(self._exact, key, one)
        if label.kind == "abbr":
            return
        spelt.setdefault(key, label.text)
        stems = [stem_word(word) for word in words(label.text)]
        _join(self._folded, skeleton(key), one)
        _join(self._stemmed, "".join(stems), one)
        if together := bag(stems):
            _join(self._bags, together, one)
            for part in stems:
                if len(part) >= _MIN_PART:
                    _join(self._parts, part, one, most=12)

    def find(self, query: str) -> Found:
        """The terms that a query names. Never raises; reads nothing longer than `MAX_QUERY`."""
        if len(query) > MAX_QUERY:
            return UNKNOWN
        key = squash(query)
        if not key:
            return UNKNOWN
        if terms := self.exactly(query, key):
            return Found("answer", terms)
        if _is_acronym(query, key):
            return UNKNOWN
        return self._nearly(query, key)

    def exactly(self, query: str, key: str) -> tuple[str, ...]:
        """The terms with this very label, in any case, spelling, inflection or order of words."""
        capital_s = query.rstrip("'’. ").endswith("S")
        if _is_acronym(query, key):
            return self._as_written(key, capital_s)
        stems = [stem_word(word) for word in words(query)]
        if terms := self.by_keys(key, "".join(stems), capital_s=capital_s):
            return terms
        together = bag(stems)
        return self._bags.get(together, ()) if together else ()

    def by_keys(self, key: str, stems: str, *, capital_s: bool) -> tuple[str, ...]:
        """The terms for a squash key and the joined stems of its words, in that order of words."""
        return (
            self._as_written(key, capital_s)
            or self._folded.get(skeleton(key))
            or self._stemmed.get(stems, ())
        )

    def may_begin(self, key: str, stems: str) -> bool:
        """False if no label begins like these joined words: a reader of texts need not go on."""
        head = key[:_HEAD]
        return len(head) < _HEAD or head in self._heads or stems[:_HEAD] in self._heads

    def _as_written(self, key: str, capital_s: bool) -> tuple[str, ...]:
        terms = self._exact.get(key)
        if terms is None and key[-1:] == "s" and not capital_s:
            terms = self._exact.get(key[:-1])  # MQLs is MQL; DQS is not DQ
        return terms or ()

    def _nearly(self, query: str, key: str) -> Found:
        near = sorted(
            (edits, self._keys[at][0] != key[0], abs(len(self._keys[at]) - len(key)), at)
            for edits, at in self._segments.near(key)
        )
        if near:
            edits = near[0][0]
            best = [at for distance, *_, at in near if distance == edits]
            if terms := self._one_meaning(best):
                meant = self._keys[best[0]]
                if is_slip(key, meant, edits) and not self._is_other_word(
                    query, self._spelling[best[0]], edits
                ):
                    return Found("answer", terms, corrected=self._spelling[best[0]])
        suggestions = self._suggest(query, key, [self._keys[at] for *_, at in near])
        return Found("suggest", suggestions=suggestions) if suggestions else UNKNOWN

    def _one_meaning(self, best: Sequence[int]) -> tuple[str, ...]:
        """The terms of the only best key, or the one term that all best keys share; else none."""
        first = self._exact[self._keys[best[0]]]
        if len(best) == 1:
            return first
        shared = set(first).intersection(*(self._exact[self._keys[at]] for at in best[1:]))
        return tuple(shared) if len(shared) == 1 else ()

    def _is_other_word(self, query: str, label: str, edits: int) -> bool:
        """The query consists of real words, or is a compound with another real part.

        One edit in a compound stays a slip ("Absprungdate" is nobody's word), and so does one in a long
        phrase ("click trough rate").
        """
        typed = words(query)
        if edits == 1 and len(typed) >= _PHRASE and len(query) >= _LONG:
            return False
        if _differ_by_ending(squash(query), squash(label)):
            return False
        if all(map(self._real_word, typed)):
            return True
        return edits > 1 and len(typed) == 1 and self._has_other_part(query, label)

    def _has_other_part(self, query: str, label: str) -> bool:
        """Öffnungszeit is not Öffnungsrate: behind the common beginning stand two real words.

        The cut may lie up to two letters before the first difference (-land, -lage).
        """
        same = common_start(query.casefold(), label.casefold())
        return any(
            min(len(query), len(label)) - cut >= _MIN_COMPOUND_PART
            and self._real_word(query[cut:])
            and self._real_word(label[cut:])
            for cut in range(max(_MIN_COMPOUND_PART, same - 2), same + 1)
        )

    def _suggest(self, query: str, key: str, near: Sequence[str]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for terms in self._suggested(query, key, near):
            found.update(dict.fromkeys(terms))
            if len(found) >= MAX_SUGGESTIONS:
                break
        return tuple(found)[:MAX_SUGGESTIONS]

    def _suggested(self, query: str, key: str, near: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Near spellings first, then labels that begin like the query, then shared words."""
        yield from (self._exact[other] for other in near)
        if len(key) >= _MIN_PART:
            at = bisect_left(self._keys, key)
            for other in self._keys[at : at + MAX_SUGGESTIONS]:
                if other.startswith(key):
                    yield self._exact[other]
        tokens = words(query)
        for token in tokens if len(tokens) > 1 else ():
            part = squash(token)
            if len(part) >= _MIN_PART and (terms := self.exactly(token, part)):
                yield terms
        for token in tokens:
            yield self._parts.get(stem_word(token), ())


def _differ_by_ending(one: str, other: str) -> bool:
    """Erlös and Erlöse are forms of one word, whatever a word list says of each."""
    short, long = sorted((one, other), key=len)
    return len(short) >= MIN_CORRECTED and long.startswith(short) and long[len(short) :] in _ENDINGS


def _is_acronym(query: str, key: str) -> bool:
    return len(key) <= _ACRONYM and query.isupper()


def _join(table: dict[str, tuple[str, ...]], key: str, one: tuple[str], most: int = 50) -> None:
    there = table.setdefault(key, one)
    if there is not one and len(there) < most and one[0] not in there:
        table[key] = there + one
