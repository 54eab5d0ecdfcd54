"""Requests with what they need in truth: `tests/data/similar_requests.jsonl`, written for this project.

Two requests are a pair of the same if they have the same `need`. `near` pairs share a system or the
capability, or are the same: among these it is hard to tell.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

from bot.intake.similar import Wanted, words

FILE = Path(__file__).parents[1] / "data" / "similar_requests.jsonl"
Score = Callable[[Wanted, Wanted], float]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two requests, and whether they want the same."""

    one: Wanted
    other: Wanted
    same: bool

    @property
    def near(self) -> bool:
        """Whether it is hard to tell."""
        return (
            self.same
            or self.one.capability == self.other.capability
            or bool(self.one.systems & self.other.systems)
        )


@cache
def labelled() -> tuple[tuple[str, Wanted], ...]:
    """Every request with its need."""
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return tuple(
        (row["need"], Wanted(f"R{at}", words(row["text"]), frozenset(row["systems"]), row["capability"]))
        for at, row in enumerate(rows)
    )


def pairs() -> list[Pair]:
    """Every two requests."""
    return [
        Pair(one, other, need == other_need)
        for (need, one), (other_need, other) in combinations(labelled(), 2)
    ]


def auc(of: Iterable[Pair], score: Score) -> float:
    """How often a pair of the same has a higher score than a pair of different ones; 0.5 is chance."""
    scored = [(score(pair.one, pair.other), pair.same) for pair in of]
    same = [value for value, truth in scored if truth]
    different = [value for value, truth in scored if not truth]
    won = sum((high > low) + 0.5 * (high == low) for high in same for low in different)
    return won / (len(same) * len(different))
