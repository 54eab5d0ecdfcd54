"""The goals of the look-up, and whether the figures of a run reach them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.measure import Figures, Gate

OURS, FLOOR = "ours", "dict, exact key"
SMALL, MIDDLE, LARGE = 2_000, 10_000, 100_000  # labels
TEXT_SIZES = (1_000, 2_000, 4_000)  # characters
_P50 = {MIDDLE: 50, LARGE: 100}  # microseconds
_P99 = {MIDDLE: 200, LARGE: 500}
_GROWTH = 3
_MEGABYTES, _BUILD_SECONDS = 80, 1.5
_GATE_MEGABYTES = 30
_TEXT_MS = 5
_LINEAR = 1.25  # time per character, longest text beside shortest


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that one run has measured.

    `allocated` are megabytes of our index at the largest size, `texts` microseconds by kind of text
    and characters.
    """

    figures: Sequence[Figures]
    texts: Mapping[str, Mapping[int, float]]
    gate: Gate
    allocated: float | None

    def of(self, engine: str, size: int) -> Figures | None:
        """The figures of an engine, None if it was not measured at this size."""
        same = (f for f in self.figures if f.engine == engine and f.size == size)
        return next(same, None)

    def growth(self, engine: str) -> float | None:
        """How many times slower the largest label set is than the smallest."""
        small, large = self.of(engine, SMALL), self.of(engine, LARGE)
        return large.p50 / small.p50 if small and large else None

    def others(self, size: int) -> list[Figures]:
        """What ours is compared with; the floor is no engine."""
        return [f for f in self.figures if f.size == size and f.engine not in (OURS, FLOOR)]


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal with the figure that was reached."""

    text: str
    figure: str
    met: bool


def goals(run: Run) -> Iterator[Goal]:
    """All goals that this run can tell about; without the largest labels these are fewer."""
    yield from _times(run)
    if (large := run.of(OURS, LARGE)) and run.allocated:
        yield _at_most("index at 100,000 labels, growth of the process", large.megabytes, _MEGABYTES, "MB")
        yield _at_most("index at 100,000 labels, by tracemalloc", run.allocated, _MEGABYTES, "MB")
        yield _at_most("build at 100,000 labels", large.build, _BUILD_SECONDS, "s")
    for size in sorted({figures.size for figures in run.figures}):
        yield from _better(run, size)
    yield _at_most("real-word gate", run.gate.megabytes, _GATE_MEGABYTES, "MB")
    for kind, times in run.texts.items():
        yield from _text(kind, times)


def _times(run: Run) -> Iterator[Goal]:
    for name, limits in (("p50", _P50), ("p99", _P99)):
        for size, limit in limits.items():
            if ours := run.of(OURS, size):
                figure = ours.p50 if name == "p50" else ours.p99
                yield _at_most(f"{name} at {size:,} labels", figure, limit, "µs")
    if growth := run.growth(OURS):
        yield _at_most("growth of p50 from 2,000 to 100,000 labels", growth, _GROWTH, "×")


def _better(run: Run, size: int) -> Iterator[Goal]:
    ours, others = run.of(OURS, size), run.others(size)
    if ours is None or not others:
        return
    first = max(others, key=lambda other: other.shares.first)
    refused = max(others, key=lambda other: other.shares.refused)
    yield Goal(
        f"P@1 better than each other engine at {size:,} labels",
        f"{ours.shares.first:.3f}, next {first.engine} {first.shares.first:.3f}",
        ours.shares.first > first.shares.first,
    )
    yield Goal(
        f"refuses more of the negatives than each other engine at {size:,} labels",
        f"{ours.shares.refused:.3f}, next {refused.engine} {refused.shares.refused:.3f}",
        ours.shares.refused > refused.shares.refused,
    )


def _text(kind: str, times: Mapping[int, float]) -> Iterator[Goal]:
    short, long = min(times), max(times)
    yield _at_most(f"all terms in {long:,} characters of {kind}", times[long] / 1000, _TEXT_MS, "ms")
    growth = (times[long] / long) / (times[short] / short)
    figures = ", ".join(f"{size:,}: {time / 1000:.2f} ms" for size, time in times.items())
    yield Goal(
        f"linear in {kind} (time per character grows by at most {_LINEAR} ×)",
        f"{growth:.2f} × ({figures})",
        growth <= _LINEAR,
    )


def _at_most(text: str, figure: float, limit: float, unit: str) -> Goal:
    return Goal(f"{text} ≤ {limit} {unit}", f"{figure:.3g} {unit}", figure <= limit)
