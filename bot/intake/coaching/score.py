"""The figures of the coach: precision and recall of each rule on labelled answers.

A row is judged by the rules that somebody labelled and, if it names its field, that are asked there.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from bot.intake.coach import Coach, Hint
from bot.intake.coaching.fields import FIELDS, rules_of
from bot.intake.coaching.judge import MODELLED, SIGNS
from bot.intake.coaching.training.make import Row, readings, rows_of, train_rule
from bot.intake.model import CoachRule

Counts = dict[CoachRule, Counter[str]]


def score_files(coach: Coach, files: Sequence[Path]) -> Iterator[str]:
    """One table for each file. Raises OSError, ValueError, KeyError."""
    for file in files:
        rows = rows_of(file)
        yield f"{file.stem}: {len(rows)} answers"
        yield from table(_counts(coach, rows))


def leave_one_out(coach: Coach, rows: Sequence[Row], authors: Collection[str] = ()) -> Iterator[str]:
    """Each author's answers, judged by models that were trained on all others; and all of them together."""
    read_rows = readings(rows, coach.lists, coach.names_in)
    total: Counts = {}
    for author in sorted(authors or {row.author for row in rows}):
        others = [(row, reading) for row, reading in read_rows if row.author != author]
        models = {rule: train_rule(rule, others) for rule in MODELLED}
        trained = Coach(coach.lists, models, coach.names_in)
        counts = _counts(trained, [row for row in rows if row.author == author])
        for rule, count in counts.items():
            total.setdefault(rule, Counter()).update(count)
        yield f"left out {author}: {_summary(counts)}"
    yield "all, each author left out once"
    yield from table(total)


def table(counts: Mapping[CoachRule, Counter[str]]) -> Iterator[str]:
    """A line per rule: how many have the defect, precision, recall, and the counts behind them."""
    yield f"  {'rule':20} {'defects':>7} {'P':>6} {'R':>6}   {'tp':>4} {'fp':>4} {'fn':>4}"
    for rule in SIGNS:
        count = counts.get(rule, Counter())
        if defects := count["tp"] + count["fn"]:
            shares = f"{_precision(count):6.3f} {_recall(count):6.3f}"
            yield f"  {rule:20} {defects:7} {shares}   {count['tp']:4} {count['fp']:4} {count['fn']:4}"


def _counts(coach: Coach, rows: Sequence[Row]) -> Counts:
    counts: Counts = {rule: Counter() for rule in SIGNS}
    for row in rows:
        found = {hint.rule for hint in _hints(coach, row)}
        for rule in SIGNS:
            if rule in row.judged:
                there, hinted = rule in row.defects, rule in found
                counts[rule].update(tp=there and hinted, fp=hinted and not there, fn=there and not hinted)
    return counts


def _hints(coach: Coach, row: Row) -> Sequence[Hint]:
    if row.field is None:
        return coach.unstated(row.text)
    return coach.hints(
        row.text, rules_of(row.field), field=row.field if row.field in FIELDS else "requirement"
    )


def _summary(counts: Counts) -> str:
    worst = [
        f"{rule} {_precision(count):.2f}/{_recall(count):.2f}"
        for rule, count in counts.items()
        if min(_precision(count), _recall(count)) < 0.85 and count["tp"] + count["fn"]  # noqa: PLR2004
    ]
    return "below 0.85 (P/R): " + ", ".join(worst) if worst else "all rules at 0.85 or above"


def _precision(count: Counter[str]) -> float:
    return count["tp"] / max(count["tp"] + count["fp"], 1)


def _recall(count: Counter[str]) -> float:
    return count["tp"] / max(count["tp"] + count["fn"], 1)
