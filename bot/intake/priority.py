"""How urgent a request is, and the priority that follows: a suggestion, IT decides. Pure.

Impact (team 1, department 2, company 3) times urgency (no date 1, a date with a reason 2, a law, contract
or audit 3): 9 is P1, 6 P2, 3 and 4 P3, less P4. Nobody chooses "high".
"""

import re
from collections.abc import Mapping
from typing import Literal

from bot.i18n import phrases

Priority = Literal["P1", "P2", "P3", "P4"]
Urgency = Literal["none", "date", "date_with_reason", "obligation"]

_OBLIGATION = "intake.obligation"
_WORD = re.compile(r"\w+")
_LONG = 5  # letters: "law" is no part of "flaw"
_IMPACT = {"team": 1, "department": 2, "company": 3}
_URGENCY: Mapping[Urgency, int] = {"none": 1, "date": 1, "date_with_reason": 2, "obligation": 3}
_PRIORITIES: tuple[tuple[int, Priority], ...] = ((9, "P1"), (6, "P2"), (3, "P3"), (0, "P4"))


def urgency_of(date: str, reason: str, *, hasty: bool = False) -> Urgency:
    """What a date and its reason say. A law or a contract counts also inside a compound word.

    `hasty`: the reason is haste and nothing else, which is none.
    """
    if not date:
        return "none"
    if any(
        _names(token, word) for token in _WORD.findall(reason.casefold()) for word in phrases(_OBLIGATION)
    ):
        return "obligation"
    return "date_with_reason" if reason and not hasty else "date"


def _names(token: str, word: str) -> bool:
    """Whether a word stands alone or, if it is long enough for that, in a compound."""
    return token == word or (len(word) >= _LONG and word in token)


def suggested_priority(impact: str, urgency: Urgency) -> Priority | None:
    """The priority, None if the impact is not known."""
    if impact not in _IMPACT:
        return None
    weight = _IMPACT[impact] * _URGENCY[urgency]
    return next(name for least, name in _PRIORITIES if weight >= least)
