"""Which rules apply to an answer: by its signs, or where signs alone do not generalise by a small model.

Models decide whether something starts (no_trigger), whether a date has a reason (no_reason) and whether a
solution is named (solution_bias): measured by leaving one author out, they are right more often there than
the signs. For the other rules the signs are as good, and a person can see in the word lists why.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from bot.intake.coaching.features import features
from bot.intake.coaching.lexical import haste, open_lists, universals, vague_words
from bot.intake.coaching.measures import no_baseline, no_measure
from bot.intake.coaching.passive import passives
from bot.intake.coaching.reading import Reading
from bot.intake.coaching.shape import compounds, too_short
from bot.intake.coaching.signs import Sign, whole
from bot.intake.coaching.solution import solutions
from bot.intake.coaching.timing import reasons, triggers
from bot.intake.coaching.training import FOLDER
from bot.intake.model import CoachRule
from bot.text.linear import LinearModel, Reason, load_model

SIGNS: Mapping[CoachRule, Callable[[Reading], list[Sign]]] = {
    "vague_word": vague_words,
    "compound": compounds,
    "too_short": too_short,
    "solution_bias": solutions,
    "no_trigger": triggers,
    "passive": passives,
    "no_measure": no_measure,
    "no_baseline": no_baseline,
    "asap": haste,
    "no_reason": reasons,
    "universal": universals,
    "open_list": open_lists,
}
MODELLED: Mapping[
    CoachRule, float
] = {  # how sure a model must be; 0.5 is what the left-out figures hold for
    "solution_bias": 0.5,
    "no_trigger": 0.5,
    "no_reason": 0.5,
}
_SHOWN = frozenset({"camel case", "stranger opens", "tool alone"})  # do not decide, but are what is meant
YES, NO = "yes", "no"

Models = Mapping[CoachRule, LinearModel]


@cache
def load_models(folder: Path = FOLDER) -> Models:
    """The trained models of a folder. Raises OSError, ValueError, KeyError."""
    return {rule: load_model(folder / f"{rule}.json") for rule in MODELLED}


def judged(rule: CoachRule, reading: Reading, models: Models) -> list[Sign]:
    """What speaks for the hint of a rule, empty if the rule does not apply."""
    signs = SIGNS[rule](reading)
    speaking = [sign for sign in signs if sign.speaks_for]
    if rule not in MODELLED:
        return speaking
    if chance(rule, reading, signs, models) < MODELLED[rule]:
        return []
    return speaking or [sign for sign in signs if sign.kind in _SHOWN] or [whole("model")]


def chance(rule: CoachRule, reading: Reading, signs: list[Sign], models: Models) -> float:
    """How likely the rule applies, by its model."""
    model = models[rule]
    return model.probabilities(features(reading, signs, model.vocabulary))[YES]


def reasons_of(rule: CoachRule, reading: Reading, models: Models) -> list[Reason]:
    """What moved the model of a rule, for `--why`."""
    model = models[rule]
    return model.reasons(features(reading, SIGNS[rule](reading), model.vocabulary), YES)
