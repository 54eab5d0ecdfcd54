"""The trained models that read questions, and how two of them vote on what a message wants."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.glossary.features import TERM, question_features
from bot.glossary.training import FOLDER
from bot.text.linear import LinearModel, load_model
from bot.text.tokens import Word

_WITH_TERM, _WITHOUT = 2.0, 0.5  # weight of the masked view, beside 1 for the words as typed


@dataclass(frozen=True, slots=True)
class Models:
    """The trained weights; `open_intent` reads messages in which no known term stands.

    `followers` are the words that stand behind a term in questions ("churn *calculated*").
    """

    intent: LinearModel
    open_intent: LinearModel
    aspect: LinearModel
    asked: LinearModel
    followers: frozenset[str]


@cache
def load_models(folder: Path = FOLDER) -> Models:
    """The models of a folder, else of this repository. Raises OSError if one is missing."""
    names = ("intent", "open_intent", "aspect", "asked")
    intent, open_intent, aspect, asked = (load_model(folder / f"{name}.json") for name in names)
    followers = (folder / "followers.txt").read_text(encoding="utf-8").split()
    return Models(intent, open_intent, aspect, asked, frozenset(followers))


def intent_chances(
    masked_view: LinearModel,
    plain_view: LinearModel,
    line: Sequence[str],
    words: Sequence[Word],
    addressed: bool,
) -> dict[str, float]:
    """How likely each intent is, by two models: one sees TERM for every term, one the words themselves.

    Together they err less than either. Without a known term the words as typed count more: people
    also ask for what is in no glossary.
    """
    features = question_features([word.norm for word in words], addressed, plain_view.vocabulary)
    chances = plain_view.probabilities(features)
    seen = masked_view.probabilities(question_features(line, addressed, masked_view.vocabulary))
    weight = _WITH_TERM if TERM in line else _WITHOUT
    return {name: (weight * seen[name] + chance) / (weight + 1) for name, chance in chances.items()}
