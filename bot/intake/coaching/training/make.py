"""Trains the models of the coach from the labelled answers in this folder.

A company adds answers of its own (`coaching_*.jsonl`) and trains again.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from errno import ENOENT
from pathlib import Path

from bot.intake.coaching.features import features, masked
from bot.intake.coaching.fields import rules_of
from bot.intake.coaching.judge import MODELLED, NO, SIGNS, YES, Models
from bot.intake.coaching.reading import NamesIn, Reading, read
from bot.intake.coaching.training import FOLDER
from bot.intake.coaching.wordlists import WordLists
from bot.intake.model import CoachRule
from bot.text.linear import LinearModel, dump_model
from bot.text.training import train

_COMMON = 3  # answers that must hold a word before it is a word of the vocabulary
_RENAMED: dict[str, CoachRule] = {"passive_no_actor": "passive"}


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled answer. `judged` are the rules that somebody looked at, `defects` those that apply."""

    author: str
    field: str | None
    text: str
    judged: frozenset[str]
    defects: frozenset[str]


def rows_of(file: Path) -> list[Row]:
    """The answers of a file, in either form: `defects` of all rules, or `labels` of some.

    Raises OSError, ValueError, KeyError.
    """
    lines = file.read_text(encoding="utf-8").splitlines()
    return [_row(file.stem, json.loads(line)) for line in lines if line.strip()]


def sentences(folder: Path = FOLDER) -> list[Row]:
    """All labelled answers of a folder; the author is the name of the file. Raises OSError, ValueError."""
    files = sorted(folder.glob("coaching_*.jsonl"))
    if not files:
        raise FileNotFoundError(ENOENT, "no coaching_*.jsonl", str(folder))
    return [row for file in files for row in rows_of(file)]


def _row(author: str, raw: dict[str, object]) -> Row:
    field = raw.get("field")
    field = str(field) if field else None
    labels = raw.get("labels")
    if isinstance(labels, dict):
        judged = frozenset(_rule(name) for name in labels)
        defects = frozenset(_rule(name) for name, there in labels.items() if there)
    else:
        found = raw["defects"]
        judged = frozenset(SIGNS)
        defects = frozenset(_rule(str(name)) for name in (found if isinstance(found, list) else ()))
    return Row(author, field, str(raw["text"]), judged, defects)


def _rule(name: str) -> str:
    return _RENAMED.get(name, name)


def readings(rows: Sequence[Row], lists: WordLists, names_in: NamesIn) -> list[tuple[Row, Reading]]:
    """The answers as the coach sees them."""
    return [(row, read(row.text, lists, row.field or "requirement", names_in=names_in)) for row in rows]


def train_rule(rule: CoachRule, read_rows: Sequence[tuple[Row, Reading]]) -> LinearModel:
    """The model of a rule, from the answers to questions that it is asked about."""
    asked = [(row, reading) for row, reading in read_rows if rule in rules_of(reading.field)]
    known = _common_words([reading for _, reading in asked])
    return train(
        [
            (features(reading, SIGNS[rule](reading), known), YES if rule in row.defects else NO)
            for row, reading in asked
        ],
        known,
    )


def train_all(read_rows: Sequence[tuple[Row, Reading]]) -> Models:
    """The models of all rules that have one."""
    return {rule: train_rule(rule, read_rows) for rule in MODELLED}


def write(models: Models, folder: Path = FOLDER) -> None:
    """Store the weights beside the sentences."""
    for name, model in models.items():
        (folder / f"{name}.json").write_text(dump_model(model), encoding="utf-8")


def _common_words(answers: Sequence[Reading]) -> frozenset[str]:
    counts = Counter(word for answer in answers for word in set(masked(answer)) if word[0].isalpha())
    return frozenset(word for word, n in counts.items() if n >= _COMMON)
