"""Answers one by one: how a form's answer is kept, its normal form, and what is wrong with it."""

from dataclasses import dataclass, field
from typing import Literal

ProblemKey = Literal[
    "required",
    "too_long",  # limit, length
    "number",
    "number_min",  # min
    "number_max",  # max
    "date",
    "date_past",
    "date_min",  # date
    "date_max",  # date
    "date_order",  # date: that of the earlier question
    "unknown_option",
    "vanished_option",  # name
    "one_option",
    "exclusive",
    "other_empty",
    "url",
    "email",
    "person",
    "no_text",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an answer: `intake.error.KEY`, and what is filled in there (days as ISO text)."""

    key: ProblemKey
    values: dict[str, str] = field(default_factory=dict)
