"""The look-up beside other ways to search a glossary: one run, one table, one list of goals.

    python tests/bench/lookup.py [--quick] [--labels PATH]

Figures of different machines cannot be compared, ratios of one run can: × is the engine divided by
ours. About five minutes on two cores; run it on a quiet machine.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from goals import LARGE, MIDDLE, OURS, SMALL, TEXT_SIZES, Run, goals
from labels import DATA, LabelSets, Query
from measure import (
    ENGINES,
    Figures,
    measure_engine,
    measure_gate,
    measure_round_trip,
    measure_text,
)
from postgres import programs

from bot.glossary.index import Label

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")

_HEAD = (
    *("labels", "engine", "P@1", "right", "wrong", "FP ord.", "FP near"),
    *("p50 µs", "×", "p99 µs", "×", "growth", "build s", "×", "MB", "×", "asked", "timed"),
)
_LEGEND = """\
P@1: first term answered or suggested is right. right, wrong: answered (shares of the positives).
FP: answered although nothing is meant, ordinary words and real words near a label (of the negatives).
asked, timed: queries behind the shares and behind the times; fewer than all for slow engines.
Median of three rounds, each with empty caches. MB: what the build adds to its own process, for pg_trgm
the table and its indexes in the server. ×: divided by ours. Invented labels from 2,000 on."""


def main() -> None:
    """Measure and print."""
    options = _options()
    sizes = [SMALL, MIDDLE] if options.quick else [SMALL, MIDDLE, LARGE]
    source = LabelSets(options.labels)
    sets = source.sets(sizes)
    names = [name for name in ENGINES if name != "pg_trgm" or programs()]
    run = Run(
        figures=list(_figures(names, sets, source.queries)),
        texts=_apart(measure_text, sets[MIDDLE], TEXT_SIZES),
        gate=_apart(measure_gate, sets[MIDDLE]),
    )
    _say("\r" + " " * 60 + "\r" if sys.stderr.isatty() else "", sys.stderr.write)
    for line in (*_table(run), "", *_LEGEND.splitlines(), "", *_remarks(run, names), *_verdicts(run)):
        _say(line + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the look-up beside other engines.")
    parser.add_argument("--labels", type=Path, default=DATA / "labels.jsonl", help="other labels")
    parser.add_argument("--quick", action="store_true", help="without 100,000 labels")
    return parser.parse_args()
