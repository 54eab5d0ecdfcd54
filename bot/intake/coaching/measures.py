"""Signs of a goal or KPI without a number, and of a number without its value of today."""

from collections.abc import Sequence
from itertools import combinations, pairwise

from bot.intake.coaching.amounts import Amount, amounts, days
from bot.intake.coaching.reading import Reading, Token
from bot.intake.coaching.signs import Sign, whole

_ARROWS = frozenset({"→", "->", "=>", "⇒", "➔", "➜"})
_FROM_TO = (
    ("aus", "werden"),
    ("von", "auf"),
    ("from", "to"),
    ("vom", "auf"),
    ("from", "down"),
    ("von", "zu"),
    ("down", "from"),
    ("up", "from"),
)
_INSTEAD = frozenset(["statt", "anstatt", "anstelle", "instead", "versus", "vs", "gegenüber", "against", "opposed", "compared"])
_AHEAD = frozenset(
    ["künftig", "künftige", "künftigen", "zukünftig", "neu", "ziel", "soll", "sollen", "zielwert", "plan", "nachher", "danach", "angestrebt", "anstreben", "streben", "wollen", "brauchen", "nächstes", "nächsten", "nächster", "nächste", "kommenden", "dieses", "diesem", "this", "next", "target", "goal", "aim", "aiming", "want", "after", "future", "should", "plan"]
)
_LAST = frozenset(["letztes", "letzten", "letzter", "letzte", "last", "vorigen", "voriges", "previous"])
_SHARES = frozenset(["%", "prozent", "percent", "prozentpunkte"])
_NONE = frozenset(["kein", "keine", "keinen", "keiner", "no", "none", "zero", "null", "nie", "never"])
_PAST = frozenset(
    ["war", "waren", "lag", "lagen", "was", "were", "took", "had", "hatte", "hatten", "dauerte", "gab", "went", "came", "stood", "used", "brauchte"]
)


def no_measure(reading: Reading) -> list[Sign]:
    """Nothing in it can be counted."""
    found = amounts(reading)
    signs = [whole("arrow", speaks_for=False)] if _arrow(reading.tokens) else []
    if not found and not signs:
        signs.append(whole("nothing"))
    return signs


def no_baseline(reading: Reading) -> list[Sign]:
    """A target that can be counted, and nothing about today. Silent where there is no number at all."""
    found = amounts(reading)
    if not found:
        return []
    signs = [whole(kind, speaks_for=False) for kind in _baselines(reading, found)]
    return signs or [whole("target")]


def _baselines(reading: Reading, found: Sequence[Amount]) -> list[str]:
    tokens = reading.tokens
    words = [token.norm for token in tokens]
    values = [amount for amount in found if amount.value is not None]
    several = len(values) > 1
    kinds = []
    if several and _arrow(tokens):
        kinds.append("arrow")
    if several and any(_in_order(words, first, second) for first, second in _FROM_TO):
        kinds.append("from-to")
    if several and any(word in _INSTEAD for word in words):
        kinds.append("instead")
    if _tells_today(words, reading.lists.groups["today"]):
        kinds.append("today")
    if any(word in _PAST for word in words) and (several or any(word in _NONE for word in words)):
        kinds.append("past")
    comparable = _comparable(values)
    if comparable and any(word in _LAST for word in words):
        kinds.append("last")
    if comparable and any(word in _AHEAD for word in words):
        kinds.append("ahead")
    if several and _same_unit(values):
        kinds.append("same unit")
    if several and any(_side_by_side(tokens, first, second) for first, second in pairwise(values)):
        kinds.append("to")
    if values and len(found) > len(values) and {"auf", "to"} & set(words):
        kinds.append("doubled to")
    if several and len(days(reading)) > 1:
        kinds.append("two days")
    return kinds


def _tells_today(words: Sequence[str], today: frozenset[str]) -> bool:
    """ "ist" alone is a verb; "Ist:" and "Ist 31 %" name the value of today."""
    for at, word in enumerate(words):
        if word == "ist":
            following = words[at + 1] if at + 1 < len(words) else ""
            if following == ":" or following[:1].isdigit():
                return True
        elif word in today:
            return True
    return False


def _same_unit(values: Sequence[Amount]) -> bool:
    units = [value.unit for value in values if value.unit]
    return len(units) != len(set(units))


def _comparable(values: Sequence[Amount]) -> bool:
    """Whether two numbers may count the same thing: their units do not differ."""
    return any(
        first.unit == second.unit
        or (not {first.unit, second.unit} & _SHARES and not (first.unit and second.unit))
        for first, second in combinations(values[:8], 2)
    )


def _side_by_side(tokens: Sequence[Token], first: Amount, second: Amount) -> bool:
    """ "55 to 90 percent": nothing but to, auf or / between two numbers."""
    between = [token.norm for token in tokens if first.end <= token.start and token.end <= second.start]
    return len(between) <= 2 and bool({"to", "auf"} & set(between))  # noqa: PLR2004


def _arrow(tokens: Sequence[Token]) -> bool:
    return any(token.text in _ARROWS for token in tokens)


def _in_order(words: Sequence[str], first: str, second: str) -> bool:
    return first in words and second in words[words.index(first) :]
