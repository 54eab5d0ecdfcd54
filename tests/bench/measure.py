"""What an engine gets right, how long it takes and what it holds in memory.

Each function runs in a fresh process, so that no engine finds the memory or the caches of another.
Caches are emptied before every round: a word that is asked twice must not flatter ours.
"""

import gc
import resource
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from bot.glossary.index import Index, Label
from bot.glossary.keys import stem_word
from bot.glossary.mentions import Scanner
from bot.glossary.words import false_friends, ordinary_words
from bot.text.words import is_word
from tests.bench.engines import Engine, Floor, Hit, Naive, NaiveFolded, Ours, SymmetricDeletes, Trigrams
from tests.bench.labels import Query, read_questions
from tests.bench.postgres import PgTrgm

POSTGRES = "pg_trgm"
ENGINES: dict[str, Callable[[], Engine]] = {
    "ours": Ours,
    "dict, exact key": Floor,
    "WRatio 80": Naive,
    "WRatio 80, folded": NaiveFolded,
    "FTS5 trigram": Trigrams,
    "symspellpy, 2 edits": SymmetricDeletes,
    POSTGRES: PgTrgm,
}
_ROUNDS = 5  # a query, a build takes the median of its rounds: a busy moment hits one of them
_ANSWER_SECONDS = 15.0  # for all answers of an engine; a slower one is asked every n-th query
_ROUND_SECONDS = 2.5  # for one timed round
_BUILD_SECONDS = 5.0  # after which a build is not repeated
_TASTE = 40  # queries that warm up and tell how slow an engine is
_TEXT_ROUNDS = 45
_WORDS = 400  # words that the gate is asked, names in a text of nothing but names


@dataclass(frozen=True, slots=True)
class Shares:
    """How often an engine is right, between 0 and 1."""

    first: float  # P@1: the first term, answered or suggested, is a right one
    right: float  # answered and right
    wrong: float  # answered and wrong
    ordinary: float  # of the ordinary negatives: answered
    near: float  # of the near-miss negatives: answered
    refused: float  # of all negatives: not answered


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured for one engine on one set of labels; times in microseconds."""

    engine: str
    size: int
    shares: Shares
    p50: float
    p99: float
    build: float  # seconds
    megabytes: float
    asked: int  # queries behind the shares
    timed: int  # queries behind the times


@dataclass(frozen=True, slots=True)
class Gate:
    """What the real-word gate costs once per process, and per word that it has not seen."""

    megabytes: float
    seconds: float
    microseconds: float


def measure_engine(name: str, labels: Sequence[Label], queries: Sequence[Query]) -> Figures:
    """Build, ask and time one engine."""
    engine = ENGINES[name]()
    try:
        before = resident()
        seconds, outside = _timed_build(engine, labels)
        megabytes = (resident() - before + outside) / 1e6
        slowness = _taste(engine, queries)
        asked = _sample(queries, slowness, _ANSWER_SECONDS)
        timed = _sample(asked, slowness, _ROUND_SECONDS)
        shares = _shares([(query, engine.find(query.text)) for query in asked])
        rounds = [_times(engine, timed) for _ in range(_ROUNDS)]
        times = sorted(median(same) for same in zip(*rounds, strict=True))
    finally:
        engine.close()
    del engine
    builds = [seconds]
    while len(builds) < _ROUNDS and sum(builds) < _BUILD_SECONDS and not outside:
        builds.append(_timed_build(ENGINES[name](), labels)[0])
    return Figures(
        engine=name,
        size=len(labels),
        shares=shares,
        p50=median(times),
        p99=times[len(times) * 99 // 100],
        build=median(builds),
        megabytes=megabytes,
        asked=len(asked),
        timed=len(timed),
    )


def measure_text(labels: Sequence[Label], sizes: Sequence[int]) -> dict[str, dict[int, float]]:
    """Microseconds to find all terms in a text of so many characters, per kind of text."""
    scanner = Scanner(Index(labels), false_friends(), ordinary_words())
    names = " ".join(label.text for label in labels[:: len(labels) // _WORDS])
    return {
        "chat questions": _text_times(scanner, [read_questions(size) for size in sizes]),
        "nothing but names": _text_times(scanner, [names[:size] for size in sizes]),
    }


def measure_allocated(labels: Sequence[Label]) -> float:
    """Megabytes of our index by Python's own count: the growth of a process hides what it reuses."""
    gc.collect()
    tracemalloc.start()
    engine = Ours()
    engine.build(labels)
    gc.collect()
    return tracemalloc.get_traced_memory()[0] / 1e6


def measure_gate(labels: Sequence[Label]) -> Gate:
    """Load the word lists and ask for words of the labels, each for the first time."""
    words = sorted({label.text.split()[0] for label in labels})[:_WORDS]
    before = resident()
    started = time.perf_counter()
    is_word("zzyzzyxz")
    seconds = time.perf_counter() - started
    gc.collect()
    megabytes = (resident() - before) / 1e6
    started = time.perf_counter()
    for word in words:
        is_word(word)
    return Gate(megabytes, seconds, (time.perf_counter() - started) / len(words) * 1e6)


def measure_round_trip() -> float:
    """Microseconds that the pipe to psql costs, without any search."""
    engine = PgTrgm()
    try:
        return engine.round_trip()
    finally:
        engine.close()


def resident() -> int:
    """Bytes of this process in memory, after a collection (the highest so far where /proc is missing)."""
    gc.collect()
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _timed_build(engine: Engine, labels: Sequence[Label]) -> tuple[float, int]:
    """Seconds, and bytes outside of this process."""
    _forget()
    started = time.perf_counter()
    outside = engine.build(labels)
    return time.perf_counter() - started, outside


def _taste(engine: Engine, queries: Sequence[Query]) -> float:
    """Seconds per query, after a first pass that loads whatever the first questions load."""
    taste = queries[:: max(1, len(queries) // _TASTE)]
    started = time.perf_counter()
    for query in (*taste, *taste):
        if query is taste[0]:
            started = time.perf_counter()
        engine.find(query.text)
    return (time.perf_counter() - started) / len(taste)


def _sample(queries: Sequence[Query], slowness: float, seconds: float) -> Sequence[Query]:
    """Every n-th query, so that asking them takes no longer; they are sorted by kind."""
    return queries[:: int(len(queries) * slowness / seconds) + 1]


def _shares(hits: Sequence[tuple[Query, Hit]]) -> Shares:
    wanted = [(query, hit) for query, hit in hits if query.expect]
    refusable = [(query, hit) for query, hit in hits if not query.expect]
    first = [bool(hit.terms) and hit.terms[0] in query.expect for query, hit in wanted]
    answered = [hit.answered for _, hit in wanted]
    return Shares(
        first=fmean(first),
        right=fmean(hit and said for hit, said in zip(first, answered, strict=True)),
        wrong=fmean(said and not hit for hit, said in zip(first, answered, strict=True)),
        ordinary=fmean(hit.answered for query, hit in refusable if not query.near_miss),
        near=fmean(hit.answered for query, hit in refusable if query.near_miss),
        refused=fmean(not hit.answered for _, hit in refusable),
    )


def _times(engine: Engine, queries: Sequence[Query]) -> list[float]:
    """Microseconds of every query."""
    _forget()
    times = []
    for query in queries:
        started = time.perf_counter_ns()
        engine.find(query.text)
        times.append((time.perf_counter_ns() - started) / 1000)
    return times


def _text_times(scanner: Scanner, texts: Sequence[str]) -> dict[int, float]:
    """By length; the texts take turns, so that a busy moment hits all of them."""
    times: dict[int, list[float]] = {len(text): [] for text in texts}
    for _ in range(_TEXT_ROUNDS):
        for text in texts:
            _forget()
            started = time.perf_counter_ns()
            scanner.find(text)
            times[len(text)].append((time.perf_counter_ns() - started) / 1000)
    return {size: median(rounds) for size, rounds in times.items()}


def _forget() -> None:
    is_word.cache_clear()
    stem_word.cache_clear()
