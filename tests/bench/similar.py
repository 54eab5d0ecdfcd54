"""Similar requests: how well they are told apart, and how fast they are found beside a plain loop.

    python tests/bench/similar.py

Figures of different machines cannot be compared, ratios of one run can: × is the row divided by ours.
The sentences are those of `tests/data/similar_requests.jsonl`, written by one author for this project.
"""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

from rapidfuzz import fuzz

from bot.intake.similar import Requests, Similar, Wanted, likeness
from tests.intake.requests import auc, labelled, pairs

SIZE, ASKED, NAIVE_ASKED = 10_000, 300, 20
AT_LEAST = 0.5  # `min_similarity` of the example flows
GOAL_MS = 20.0
_SYSTEMS = 15
_MORE_WORDS = 12
Search = Callable[[Wanted], list[Similar]]


def many(size: int, rng: random.Random) -> list[Wanted]:
    """Requests that are mixed from the labelled ones, with the words of several in a long text."""
    known = [one for _, one in labelled()]
    vocabulary = [word for one in known for word in one.text.split()]
    systems = sorted({system for one in known for system in one.systems})[:_SYSTEMS]
    made = []
    for at in range(size):
        one = rng.choice(known)
        text = " ".join([*one.text.split(), *rng.sample(vocabulary, _MORE_WORDS)])
        more = frozenset(rng.sample(systems, rng.randint(0, 2)))
        made.append(Wanted(f"R{at}", text, one.systems | more, one.capability))
    return made


def loop(requests: list[Wanted]) -> Search:
    """Compare with each, sort, take three."""

    def search(to: Wanted) -> list[Similar]:
        scored = [Similar(one.id, likeness(to, one)) for one in requests]
        return sorted((one for one in scored if one.score >= AT_LEAST), key=lambda one: -one.score)[:3]

    return search


def milliseconds(search: Search, asked: list[Wanted]) -> list[float]:
    """How long each search takes, in time of our own process: neighbours on the machine do not count."""
    taken = []
    for one in asked:
        start = time.process_time()
        search(one)
        taken.append((time.process_time() - start) * 1_000)
    return taken


def speed() -> bool:
    """Print the times; False if the goal is missed."""
    rng = random.Random(7)
    requests = many(SIZE, rng)
    asked = [Wanted("new", one.text, one.systems, one.capability) for one in many(ASKED, rng)]
    start = time.process_time()
    prepared = Requests(requests)
    built = (time.process_time() - start) * 1_000
    ways: dict[str, tuple[Search, list[Wanted]]] = {
        "ours": (lambda to: prepared.similar(to, AT_LEAST), asked),
        "loop": (loop(requests), asked[:NAIVE_ASKED]),
    }
    times = {name: milliseconds(*way) for name, way in ways.items()}
    print(f"{SIZE:,} requests, threshold {AT_LEAST}; prepared in {built:.0f} ms")
    print(f"{'way':<6}{'p50 ms':>9}{'p99 ms':>9}{'×':>7}")
    for name, taken in times.items():
        share = median(taken) / median(times["ours"])
        print(f"{name:<6}{median(taken):>9.2f}{quantiles(taken, n=100)[98]:>9.2f}{share:>7.1f}")
    reached = quantiles(times["ours"], n=100)[98] <= GOAL_MS
    print(f"goal: p99 of ours at most {GOAL_MS:.0f} ms: {'reached' if reached else 'MISSED'}")
    return reached


def quality() -> None:
    """Print how well pairs are told apart, by text alone and by the formula."""
    every = pairs()
    near = [pair for pair in every if pair.near]
    ways = {
        "text alone": lambda one, other: fuzz.token_set_ratio(one.text, other.text),
        "together": likeness,
    }
    same = sum(pair.same for pair in every)
    print(f"{len(every):,} pairs, {same} of the same; near: {len(near)} that share a system or capability")
    print(f"{'AUC':<12}{'all':>7}{'near':>7}")
    for name, score in ways.items():
        print(f"{name:<12}{auc(every, score):>7.3f}{auc(near, score):>7.3f}")
    print(f"{'threshold':<12}{'found':>9}{'false':>7}")
    for threshold in (0.40, 0.45, 0.50, 0.60, 0.72):
        over = [pair.same for pair in every if likeness(pair.one, pair.other) >= threshold]
        print(f"{threshold:<12.2f}{f'{sum(over)}/{same}':>9}{len(over) - sum(over):>7}")


if __name__ == "__main__":
    quality()
    print()
    sys.exit(0 if speed() else 1)
