"""Amounts in an answer: numbers that measure something, apart from days, years and names.

"von 20 auf 0", "80 %", "halbieren", "drei von vier", "null"; not "30. Juni", "2027", "Q3", "DN15", "CO2".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.intake.coaching.reading import Reading, Token

Groups = Mapping[str, frozenset[str]]

_WORD_NUMBER = re.compile(
    r"\w*und(?:zwanzig|dreissig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)|\w{3,}(?:hundert|tausend)\w*"
    r"|(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)(?:mal|fach|fache)"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-\w+|[½¼¾⅓⅔]"
)
_NUMBER = re.compile(r"\d+(?:[.,'’]\d+)*")
_ATTACHED = re.compile(r"(\d+(?:[.,]\d+)?)(?:h|min|s|sek|sec|k|m|mio|%|d|x|€|ms|kg|km|t€|-hour|-day|-stunden|stündig)\w*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"\d{1,2}[.:/]\d{1,2}(?:[.:/]\d{2,4})?")
_QUARTER = re.compile(r"(?:q|h|fy|hw|kw|ws|ss)\d{1,4}(?:/\d+)?")
_DAY_WORDS = frozenset("am vom zum dem on the until by bis ab per der seit".split())
_HOURS = frozenset("uhr am pm a.m p.m".split())
_RATIO = frozenset({"in", "von", "of", "out", "aus"})
_KNOWN = frozenset(
    "the our these those both all between your their die der den dem unsere unseren unserer diese diesen allen alle"
    " zwischen beiden ihre ihren seine seinen eure".split()
)
_ONE = frozenset("one ein eine einer einem einen eins".split())
_LIMITS = frozenset("unter under below within innert innerhalb binnen in to auf than als pro per".split())
_BEHIND_ONE = frozenset("by within until per a in bis pro im je".split())
_EACH = frozenset("jede jeder jedes jeden jedem every".split())
_ONE_OF = frozenset(
    "zweite zweiter zweites dritte dritter vierte vierter fünfte fünfter sechste siebte achte achter neunte zehnte"
    " zehnter zwanzigste second third fourth fifth sixth seventh eighth ninth tenth twentieth".split()
)
_WORKING_DAYS = frozenset("arbeitstag werktag arbeitstages werktages".split())
_CURRENCY = frozenset("€ $ £ chf eur usd gbp".split())
_MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what it counts. `value` None: a word such as "halbieren" that says how much it changes."""

    value: str | None
    unit: str
    start: int
    end: int


def amounts(reading: Reading) -> list[Amount]:
    """The amounts, in their order."""
    return [found for sentence in reading.sentences() for found in _in(sentence, reading.lists.groups)]


def days(reading: Reading) -> list[Token]:
    """The tokens that name a day, month, quarter or year."""
    groups = reading.lists.groups
    return [
        token
        for sentence in reading.sentences()
        for place, token in enumerate(sentence)
        if token.norm in groups["months"]
        or _QUARTER.fullmatch(token.norm)
        or (token.text[0].isdigit() and _is_day(sentence, place, groups))
    ]


def _in(tokens: Sequence[Token], groups: Groups) -> Iterator[Amount]:
    for place, token in enumerate(tokens):
        word = token.norm
        if _second_of_ratio(tokens, place, groups):
            continue
        if attached := _ATTACHED.fullmatch(word):
            yield Amount(attached.group(1), word[len(attached.group(1)) :], token.start, token.end)
        elif _NUMBER.fullmatch(word):
            if not _is_day(tokens, place, groups):
                yield Amount(word, _unit(tokens, place, groups), token.start, token.end)
        elif word in groups["numbers"] or _WORD_NUMBER.fullmatch(word):
            if not _is_known(tokens, place, groups) and not _is_time(tokens, place):
                yield Amount(word, _unit(tokens, place, groups), token.start, token.end)
        elif (word in groups["fractions"] and not _is_ordinal(tokens, place)) or _doubles(tokens, place):
            yield Amount(None, "", token.start, token.end)
        elif word in _ONE and (_in_ratio(tokens, place, groups) or _one_unit(tokens, place, groups)):
            yield Amount("1", _unit(tokens, place, groups), token.start, token.end)
        elif word in _ONE_OF and place and tokens[place - 1].norm in _EACH and not _unit(tokens, place, groups):
            yield Amount(word, "", token.start, token.end)


def _is_known(tokens: Sequence[Token], place: int, groups: Groups) -> bool:
    """"between the two teams", "in unseren drei Ländern": says which ones, measures nothing."""
    before = tokens[place - 1].norm if place else ""
    return before in _KNOWN and not _unit(tokens, place, groups)


def _doubles(tokens: Sequence[Token], place: int) -> bool:
    """"doppelt so viele", "double the number"; not "doppelte Einträge", "double bookings"."""
    following = tokens[place + 1].norm if place + 1 < len(tokens) else ""
    match tokens[place].norm:
        case "doppelt":
            return following == "so"
        case "double" | "triple":
            return following in {"the", "our", "its", "their", "as", "by"}
        case _:
            return False


def _one_unit(tokens: Sequence[Token], place: int, groups: Groups) -> bool:
    """"below one hour", "auf einen Tag", "from eight to one"; not "one screen"."""
    before = tokens[place - 1].norm if place else ""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    alone = following is None or not following.is_word or following.norm in _BEHIND_ONE
    alone = alone and tokens[place].norm in {"one", "eins", "eine", "einen"}
    return before in _LIMITS and (bool(_unit(tokens, place, groups)) or alone)


def _second_of_ratio(tokens: Sequence[Token], place: int, groups: Groups) -> bool:
    """The 4 of "3 of 4", "3 von unseren 4": one amount together with the 3."""
    for back in range(place - 1, max(place - 4, 0), -1):
        if tokens[back].norm in {"of", "von"} and tokens[place].norm[:1].isalnum():
            first = tokens[back - (2 if tokens[back - 1].norm == "out" else 1)].norm
            return _counts(first, groups) and _counts(tokens[place].norm, groups)
    return False


def _counts(word: str, groups: Groups) -> bool:
    return word[:1].isdigit() or word in groups["numbers"] | _ONE


def _is_day(tokens: Sequence[Token], place: int, groups: Groups) -> bool:
    """Whether the number at this place belongs to a date, a time of day or a calendar week."""
    word = tokens[place].norm
    before = tokens[place - 1].norm if place else ""
    if word == "24/7":
        return True
    after = [token.norm for token in tokens[place + 1 : place + 4]]
    following = after[0] if after else ""
    if before in _CURRENCY or following in _CURRENCY or following in groups["units"] - {"uhr"}:
        return False
    if _YEAR.fullmatch(word):
        return True
    if before == "§" or _is_time(tokens, place):
        return True
    small = word.isdigit() and len(word) < 3 and int(word) <= _MOST_DAYS  # noqa: PLR2004
    if before in groups["months"]:
        return small and not _german_month(tokens, place)
    if before in groups["numbered"]:
        return following not in _RATIO
    if following == "." and any(token.norm in _WORKING_DAYS for token in tokens[place:]):
        return False  # "am 3. statt am 11. Arbeitstag": how long it takes
    if following in groups["months"] or (following == "." and any(w in groups["months"] for w in after[1:2])):
        return True
    if following in {"st", "nd", "rd", "th"}:
        return True
    if following == "." and small and place + 2 < len(tokens) and not tokens[place + 2].first:
        return True  # "am 3. Arbeitstag"
    if _DATE.fullmatch(word) and ":" not in word and (before in _DAY_WORDS or len(word) > 5):  # noqa: PLR2004
        return "." in word and following == "." or before in {"am", "vom", "zum", "on", "bis", "ab"}
    return small and before in {"am", "vom", "zum"} and following == "."


def _is_time(tokens: Sequence[Token], place: int) -> bool:
    """"8 am", "7 Uhr"; "22 am Tag" is an amount."""
    following = tokens[place + 1].norm if place + 1 < len(tokens) else ""
    if following == "am" and place + 2 < len(tokens):
        return not tokens[place + 2].text[0].isupper() and tokens[place + 2].norm != "tag"
    return following in _HOURS


def _german_month(tokens: Sequence[Token], place: int) -> bool:
    """Behind a German month no day follows: "im Mai 12" counts something."""
    return place > 1 and tokens[place - 2].norm in {"im", "bis", "ende", "anfang", "mitte"}


def _is_ordinal(tokens: Sequence[Token], place: int) -> bool:
    """"the third user", "das dritte Quartal", "next quarter": no amounts."""
    word = tokens[place].norm
    before = tokens[place - 1].norm if place else ""
    following = tokens[place + 1].norm if place + 1 < len(tokens) else ""
    if word in {"double", "doubles", "triple", "triples"} or following == "party":
        return True
    if word in {"third", "fifth", "tenth", "dritte"}:
        return before in {"the", "das", "die", "der", "every", "each"} or (
            before not in {"a", "one", "jede", "jeder", "jedes", "roughly", "about"} and following not in {"of", "fewer"}
        )
    if word in {"quarter", "quarters"}:
        return before not in {"a", "three", "one"}
    return word == "viertel" and before == "im"


def _in_ratio(tokens: Sequence[Token], place: int, groups: Groups) -> bool:
    """"one in three", "eine von drei"."""
    if place + 2 >= len(tokens) or tokens[place + 1].norm not in _RATIO:
        return False
    last = tokens[min(place + (3 if tokens[place + 1].norm == "out" else 2), len(tokens) - 1)].norm
    return last[:1].isdigit() or last in groups["numbers"]


def _unit(tokens: Sequence[Token], place: int, groups: Groups) -> str:
    before = tokens[place - 1].norm if place else ""
    if before in _CURRENCY:
        return before
    following = tokens[place + 1].norm if place + 1 < len(tokens) else ""
    return following if following in groups["units"] or following in _CURRENCY else ""
