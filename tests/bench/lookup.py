"""The look-up beside other ways to search a glossary: one run, one table, one list of goals.

    python tests/bench/lookup.py [--quick] [--labels PATH]

Figures of different machines cannot be compared, ratios of one run can: × is the engine divided by
ours. About four minutes on two cores; run it on a quiet machine.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

from bot.glossary.index import Label
from tests.bench.goals import LARGE, MIDDLE, OURS, SMALL, TEXT_SIZES, Run, goals
from tests.bench.labels import DATA, LabelSets, Query
from tests.bench.measure import (
    ENGINES,
    POSTGRES,
    Figures,
    measure_allocated,
    measure_engine,
    measure_gate,
    measure_round_trip,
    measure_text,
)
from tests.bench.postgres import programs

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")

_HEAD: tuple[str, ...] = (
    *("labels", "engine", "P@1", "right", "wrong", "FP ord.", "FP near"),
    *("p50 µs", "×", "p99 µs", "×", "growth", "build s", "×", "MB", "×", "asked", "timed"),
)
_ENGINE = 1  # the column that is written to the left
_QUIET = 1.5  # load average of five minutes; this run alone makes about 1
_LEGEND = """\
P@1: first term answered or suggested is right. right, wrong: answered (shares of the positives).
FP: answered although nothing is meant, ordinary words and real words near a label (of the negatives).
asked, timed: queries behind the shares and behind the times; fewer than all for slow engines.
Times: each query's median of five rounds with empty caches. MB: what the build adds to its own process,
for pg_trgm the table and its indexes in the server. ×: divided by ours. Labels above 2,000 are invented."""


def main() -> None:
    """Measure and print."""
    options = _options()
    sizes = [SMALL, MIDDLE] if options.quick else [SMALL, MIDDLE, LARGE]
    source = LabelSets(options.labels)
    sets = source.sets(sizes)
    names = [name for name in ENGINES if name != POSTGRES or programs()]
    run = Run(
        figures=list(_figures(names, sets, source.queries)),
        texts=_apart(measure_text, sets[MIDDLE], TEXT_SIZES),
        gate=_apart(measure_gate, sets[MIDDLE]),
        allocated=_apart(measure_allocated, sets[LARGE]) if LARGE in sets else None,
    )
    lines = (*_table(run), "", *_LEGEND.splitlines(), _postgres(names), "", *_verdicts(run))
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the look-up beside other engines.")
    parser.add_argument("--labels", type=Path, default=DATA / "labels.jsonl", help="other labels")
    parser.add_argument("--quick", action="store_true", help="without 100,000 labels")
    return parser.parse_args()


def _figures(
    names: Sequence[str], sets: Mapping[int, Sequence[Label]], queries: Sequence[Query]
) -> Iterator[Figures]:
    for size, labels in sets.items():
        for name in names:
            sys.stderr.write(f"{size:,} labels: {name}\n")
            yield _apart(measure_engine, name, labels, queries)


def _apart(
    function: Callable[_Arguments, _Result], *given: _Arguments.args, **named: _Arguments.kwargs
) -> _Result:
    """The result of a function that runs in a process of its own."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        return process.submit(function, *given, **named).result()


def _table(run: Run) -> Iterator[str]:
    rows = [_HEAD]
    for size in sorted({figures.size for figures in run.figures}):
        rows.append(("",) * len(_HEAD))
        rows.extend(_row(run, figures) for figures in run.figures if figures.size == size)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        yield "  ".join(
            cell.ljust(width) if at == _ENGINE else cell.rjust(width)
            for at, (cell, width) in enumerate(cells)
        ).rstrip()


def _row(run: Run, figures: Figures) -> tuple[str, ...]:
    shares, ours = figures.shares, run.of(OURS, figures.size) or figures
    growth = run.growth(figures.engine) if figures.size == LARGE else None
    return (
        f"{figures.size:,}",
        figures.engine,
        *(f"{share:.3f}" for share in (shares.first, shares.right, shares.wrong)),
        *(f"{share:.3f}" for share in (shares.ordinary, shares.near)),
        *(f"{figures.p50:,.1f}", _ratio(figures.p50, ours.p50)),
        *(f"{figures.p99:,.0f}", _ratio(figures.p99, ours.p99)),
        f"{growth:.1f} ×" if growth else "",
        *(f"{figures.build:.2f}", _ratio(figures.build, ours.build)),
        *(f"{figures.megabytes:.1f}", _ratio(figures.megabytes, ours.megabytes)),
        *(f"{figures.asked:,}", f"{figures.timed:,}"),
    )


def _ratio(theirs: float, ours: float) -> str:
    ratio = theirs / ours
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 0.1 else f"{ratio:.2f}"


def _postgres(names: Sequence[str]) -> str:
    if POSTGRES not in names:
        return "pg_trgm: skipped, no PostgreSQL server with contrib here"
    return f"pg_trgm: {_apart(measure_round_trip):.0f} µs of each question are the pipe to psql."


def _verdicts(run: Run) -> Iterator[str]:
    found = list(goals(run))
    width = max(len(goal.text) for goal in found)
    for goal in found:
        yield f"{'met' if goal.met else 'MISSED':6}  {goal.text:{width}}  {goal.figure}"
    missed = sum(not goal.met for goal in found)
    gate = run.gate
    yield ""
    yield f"The gate is loaded once, in {gate.seconds:.1f} s; a new word costs {gate.microseconds:.0f} µs."
    if (load := os.getloadavg()[1]) > _QUIET:
        yield f"Load {load:.1f}: something else was running, times are too high."
    yield f"{len(found) - missed} of {len(found)} goals met."


if __name__ == "__main__":
    main()
