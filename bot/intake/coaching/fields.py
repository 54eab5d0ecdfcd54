"""Kinds of questions, and the rules that make sense for an answer to each.

A flow file says itself which rules a question has; this is for answers without a flow (command line,
training), and it tells which kind a question of a flow is.
"""

from collections.abc import Mapping

from bot.intake.model import CoachRule, Question

_GENERAL: tuple[CoachRule, ...] = (
    "vague_word",
    "compound",
    "passive",
    "universal",
    "open_list",
    "asap",
    "too_short",
)
REQUIREMENT = "requirement"
FIELDS: Mapping[str, tuple[CoachRule, ...]] = {
    "trigger": ("no_trigger", *_GENERAL),
    "action": _GENERAL,
    "goal": ("no_measure", "no_baseline", *_GENERAL),
    "kpi": ("no_measure", "no_baseline", *_GENERAL),
    "benefit": ("benefit_equals_goal", *_GENERAL),
    REQUIREMENT: ("solution_bias", *_GENERAL),
    "deadline_reason": ("no_reason", "asap", "vague_word", "open_list", "too_short"),
}
# a question of a flow is of the kind whose rule it lists; the first that fits
_KIND_BY_RULE: tuple[tuple[CoachRule, str], ...] = (
    ("no_trigger", "trigger"),
    ("no_reason", "deadline_reason"),
    ("benefit_equals_goal", "benefit"),
    ("no_baseline", "goal"),
    ("no_measure", "kpi"),
    ("solution_bias", REQUIREMENT),
    ("asap", "deadline_reason"),
)


def rules_of(field: str) -> tuple[CoachRule, ...]:
    """The rules for a kind of question; an unknown one is treated as a requirement."""
    return FIELDS.get(field, FIELDS[REQUIREMENT])


def kind_of(question: Question) -> str:
    """The kind of a question of a flow, by its id or else by the rules that it lists."""
    if question.id in FIELDS:
        return question.id
    return next((kind for rule, kind in _KIND_BY_RULE if rule in question.coach), REQUIREMENT)
