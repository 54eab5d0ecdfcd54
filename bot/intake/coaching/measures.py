"""Signs of a goal or KPI without a number, and of a number without its value of today."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from bot.intake.coaching.amounts import Amount, amounts, days
from bot.intake.coaching.reading import Reading
from bot.intake.coaching.signs import Sign, whole

_ARROWS = frozenset({"→", "->", "=>", "⇒", "➔", "➜"})
_FROM_TO = (
    ("aus", "werden"),
    ("von", "auf"),
    ("vom", "auf"),
    ("von", "zu"),
    ("from", "to"),
    ("from", "down"),
    ("down", "from"),
    ("up", "from"),
)
_MOST_COMPARED = 8  # amounts of one answer
_BETWEEN = 2  # words between the two numbers of "55 to 90 percent"


def no_measure(reading: Reading) -> list[Sign]:
    """Nothing in it can be counted."""
    return [] if amounts(reading) or _arrow(reading) else [whole("nothing")]


def no_baseline(reading: Reading) -> list[Sign]:
    """A target that can be counted, and nothing about today. Silent where there is no number at all."""
    found = amounts(reading)
    if not found:
        return []
    signs = [whole(kind, speaks_for=False) for kind in _baselines(reading, found)]
    return signs or [whole("target")]


def _baselines(reading: Reading, found: Sequence[Amount]) -> Iterator[str]:
    """What tells the value of today."""
    groups = reading.lists.groups
    words = [token.norm for token in reading.tokens]
    values = [amount for amount in found if amount.value is not None]
    if _tells_today(words, groups["today"]):
        yield "today"
    several = len(values) > 1 or any(word in groups["none"] for word in words)
    if several and any(word in groups["past"] for word in words):
        yield "past"
    if values and len(found) > len(values) and {"auf", "to"} & set(words):
        yield "doubled to"  # "verdoppelt sich auf 50 Prozent"
    if values and any(word in groups["instead"] for word in words):
        yield "instead"  # "eine Unterschrift statt drei"
    if len(values) > 1:
        yield from _two_values(reading, words, values)


def _two_values(reading: Reading, words: Sequence[str], values: Sequence[Amount]) -> Iterator[str]:
    groups = reading.lists.groups
    if _arrow(reading):
        yield "arrow"
    if any(_in_order(words, first, second) for first, second in _FROM_TO):
        yield "from-to"
    if _comparable(values, groups["shares"]) and any(
        word in groups["last"] | groups["ahead"] for word in words
    ):
        yield "last and ahead"
    units = [value.unit for value in values if value.unit]
    if len(units) != len(set(units)):
        yield "same unit"
    if any(_side_by_side(reading, first, second) for first, second in pairwise(values)):
        yield "to"
    if len(days(reading)) > 1:
        yield "two days"


def _tells_today(words: Sequence[str], today: frozenset[str]) -> bool:
    """ "ist" alone is a verb; "Ist:" and "Ist 31 %" name the value of today."""
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        if word in today and (word != "ist" or following == ":" or following[:1].isdigit()):
            return True
    return False


def _comparable(values: Sequence[Amount], shares: frozenset[str]) -> bool:
    """Whether two numbers may count the same thing: their units do not differ."""
    return any(
        first.unit == second.unit
        or (not {first.unit, second.unit} & shares and not (first.unit and second.unit))
        for first, second in combinations(values[:_MOST_COMPARED], 2)
    )


def _side_by_side(reading: Reading, first: Amount, second: Amount) -> bool:
    """ "55 to 90 percent", "52 / 30": nothing but this between two numbers."""
    between = [
        token.norm for token in reading.tokens if first.end <= token.start and token.end <= second.start
    ]
    return len(between) <= _BETWEEN and bool({"to", "auf", "/"} & set(between))


def _arrow(reading: Reading) -> bool:
    return any(token.text in _ARROWS for token in reading.tokens)


def _in_order(words: Sequence[str], first: str, second: str) -> bool:
    return first in words and second in words[words.index(first) :]
