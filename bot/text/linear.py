"""A small linear model: says which class a set of features belongs to, how sure it is, and why.

The weights are a text file with one feature a line, so that a retrained model can be reviewed as a
difference. Reading and asking need nothing but the standard library; `bot.text.training` makes the file.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

UNIT = 10  # a weight of 1.0 is stored as 10: finer than what the training sentences know


@dataclass(frozen=True, slots=True)
class Reason:
    """How much one feature spoke for a class (positive) or against it, in log-odds."""

    feature: str
    weight: float


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Multinomial logistic regression over features that are there or not.

    `vocabulary` are the words that the features were built with; any other word is "rare" to them.
    """

    classes: tuple[str, ...]
    bias: tuple[int, ...]
    weights: Mapping[str, Sequence[int]]
    vocabulary: frozenset[str]

    def probabilities(self, features: Sequence[str]) -> dict[str, float]:
        """How likely each class is; the values add up to 1."""
        known = filter(None, map(self.weights.get, features))
        sums = list(map(sum, zip(*known, strict=True))) or [0] * len(self.classes)
        size = _norm(features)
        scores = [(bias + total / size) / UNIT for bias, total in zip(self.bias, sums, strict=True)]
        top = max(scores)
        powers = [math.exp(score - top) for score in scores]
        whole = sum(powers)
        return {name: power / whole for name, power in zip(self.classes, powers, strict=True)}

    def reasons(self, features: Sequence[str], name: str, most: int = 6) -> list[Reason]:
        """The features that moved this class the most, beside the average of the others."""
        at, size = self.classes.index(name), _norm(features)
        moved = []
        for feature in features:
            if found := self.weights.get(feature):
                others = (sum(found) - found[at]) / max(len(found) - 1, 1)
                moved.append(Reason(feature, (found[at] - others) / size / UNIT))
        return sorted(moved, key=lambda reason: -abs(reason.weight))[:most]


def _norm(features: Sequence[str]) -> float:
    return math.sqrt(len(features)) or 1.0


def load_model(path: Path) -> LinearModel:
    """The model of a weights file. Features with the same weights share them: half the memory."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    shared: dict[tuple[int, ...], tuple[int, ...]] = {}
    return LinearModel(
        classes=tuple(raw["classes"]),
        bias=tuple(raw["bias"]),
        weights={
            name: shared.setdefault(row := tuple(found), row) for name, found in raw["weights"].items()
        },
        vocabulary=frozenset(raw["vocabulary"]),
    )


def dump_model(model: LinearModel) -> str:
    """The text of a weights file."""
    lines = [
        f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(list(weights), separators=(',', ':'))}"
        for name, weights in sorted(model.weights.items())
    ]
    vocabulary = json.dumps(sorted(model.vocabulary), ensure_ascii=False)
    return (
        f'{{"classes": {json.dumps(model.classes)},\n"bias": {json.dumps(model.bias)},\n'
        f'"vocabulary": {vocabulary},\n"weights": {{\n' + ",\n".join(lines) + "\n}}\n"
    )


def unique(features: Iterable[str]) -> list[str]:
    """The features without repetitions, in order."""
    return list(dict.fromkeys(features))
