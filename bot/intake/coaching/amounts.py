"""Amounts in an answer: numbers that measure something, apart from days, years and names.

"von 20 auf 0", "80 %", "halbieren", "drei von vier", "null"; not "30. Juni", "2027", "Q3", "DN15", "CO2".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.intake.coaching.reading import Reading, Token

Groups = Mapping[str, frozenset[str]]

_NUMBER = re.compile(r"\d+(?:[.,'’]\d+)*")
_WORD_NUMBER = re.compile(
    r"\w*und(?:zwanzig|dreissig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)"
    r"|\w{3,}(?:hundert|tausend)\w*"
    r"|(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)(?:mal|fach|fache)"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-\w+|[½¼¾⅓⅔]"
)
_WITH_UNIT = re.compile(
    r"(\d+(?:[.,]\d+)?)(?:h|min|s|sek|sec|k|m|mio|%|d|x|€|ms|kg|km|t€|-hour|-day|-stunden|stündig)\w*"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?")
_SHORT_DATE = 5  # characters of "31.12", which could be an amount; "31.12.2027" cannot
_QUARTER = re.compile(r"(?:q|h|fy|hw|kw|ws|ss)\d{1,4}(?:/\d+)?")
_LAST_DAY = 31
_FAR = 3  # words between the two numbers of a ratio: "70 of our 110"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and its unit. `value` None: a word such as "halbieren" that says how much changes."""

    value: str | None
    unit: str
    start: int
    end: int


def amounts(reading: Reading) -> list[Amount]:
    """The amounts, in their order."""
    return [
        found
        for tokens in reading.sentences()
        for found in _Sentence(tokens, reading.lists.groups).amounts()
    ]


def days(reading: Reading) -> list[Token]:
    """The tokens that name a day, month, quarter or year."""
    return [
        token for tokens in reading.sentences() for token in _Sentence(tokens, reading.lists.groups).days()
    ]


@dataclass(frozen=True, slots=True)
class _Sentence:
    tokens: Sequence[Token]
    groups: Groups

    def norm(self, at: int) -> str:
        """The word at a place, "" outside of the sentence."""
        return self.tokens[at].norm if 0 <= at < len(self.tokens) else ""

    def _joined(self, at: int) -> str:
        return self.norm(at) + self.norm(at + 1) + self.norm(at + 2)

    def within(self, at: int, *names: str) -> bool:
        """Whether the word at a place belongs to one of the lists."""
        return any(self.norm(at) in self.groups[name] for name in names)

    def amounts(self) -> Iterator[Amount]:
        for at, token in enumerate(self.tokens):
            if self._second_of_ratio(at):
                continue
            if attached := _WITH_UNIT.fullmatch(token.norm):
                value = attached.group(1)
                yield Amount(value, token.norm[len(value) :], token.start, token.end)
            elif self._counts(at):
                yield Amount(token.norm, self.unit(at), token.start, token.end)
            elif self._changes(at):
                yield Amount(None, "", token.start, token.end)

    def days(self) -> Iterator[Token]:
        for at, token in enumerate(self.tokens):
            number = token.text[0].isdigit() and self._is_day(at)
            if number or token.norm in self.groups["months"] or _QUARTER.fullmatch(token.norm):
                yield token

    def unit(self, at: int) -> str:
        """€ before the number, a unit behind it."""
        if self.within(at - 1, "currencies"):
            return self.norm(at - 1)
        return self.norm(at + 1) if self.within(at + 1, "units", "currencies") else ""

    def _counts(self, at: int) -> bool:
        """Whether there is a number, in digits or as a word, that measures something."""
        word = self.norm(at)
        if _NUMBER.fullmatch(word):
            return not self._is_day(at)
        if self.within(at, "numbers") or _WORD_NUMBER.fullmatch(word):
            return not self._names_which(at) and not self._is_time(at)
        if self.within(at, "one"):
            return self._first_of_ratio(at) or self._one_unit(at)
        return self.within(at, "one_of") and self.within(at - 1, "each_of") and not self.unit(at)

    def _changes(self, at: int) -> bool:
        """ "halbieren", "a third"; "doppelt so viele", "double the number", not "doppelte Einträge"."""
        match self.norm(at):
            case "doppelt":
                return self.norm(at + 1) == "so"
            case "double" | "triple":
                return self.norm(at + 1) in {"the", "our", "its", "their", "as", "by"}
            case _:
                return self.within(at, "fractions") and not self._is_ordinal(at)

    def _names_which(self, at: int) -> bool:
        """ "between the two teams", "in unseren drei Ländern": says which ones, measures nothing."""
        return self.within(at - 1, "known_amount") and not self.unit(at)

    def _one_unit(self, at: int) -> bool:
        """ "below one hour", "auf einen Tag", "from eight to one"; not "one screen"."""
        if not self.within(at - 1, "limits"):
            return False
        following = self.norm(at + 1)
        alone = not following[:1].isalnum() or self.within(at + 1, "behind_one")
        return bool(self.unit(at)) or (alone and self.norm(at) in {"one", "eins", "eine", "einen"})

    def _first_of_ratio(self, at: int) -> bool:
        """ "one in three", "eine von drei"."""
        other = at + (3 if self.norm(at + 1) == "out" else 2)
        return self.within(at + 1, "ratio") and self._is_number(other)

    def _second_of_ratio(self, at: int) -> bool:
        """The 4 of "3 of 4", "3 von unseren 4": one amount together with the 3."""
        if not self._is_number(at):
            return False
        if self.norm(at - 1) == "in" and self._is_number(at - 2) and not self.unit(at):
            return True
        joins = (
            back for back in range(at - 1, max(at - 1 - _FAR, 0), -1) if self.norm(back) in {"of", "von"}
        )
        join = next(joins, None)
        return join is not None and self._is_number(join - (2 if self.norm(join - 1) == "out" else 1))

    def _is_number(self, at: int) -> bool:
        return self.norm(at)[:1].isdigit() or self.within(at, "numbers", "one")

    def _is_ordinal(self, at: int) -> bool:
        """ "the third user", "third parties", "next quarter": no amounts."""
        word, before, following = self.norm(at), self.norm(at - 1), self.norm(at + 1)
        match word:
            case "doubles" | "triples":
                return True
            case "third" | "fifth" | "tenth" | "dritte":
                counted = before in {"a", "one", "jede", "jeder", "jedes", "roughly", "about"}
                return not counted and following not in {"of", "fewer"}
            case "quarter" | "quarters":
                return before not in {"a", "three", "one"}
            case _:
                return word == "viertel" and before == "im"

    def _is_day(self, at: int) -> bool:
        """Whether the number belongs to a date, a time of day, or something that is numbered."""
        word = self.norm(at)
        if "24/7" in (self._joined(at), self._joined(at - 2)):
            return True
        if self.within(at - 1, "currencies") or self.within(at + 1, "units", "currencies"):
            return False
        if _YEAR.fullmatch(word) or self._is_time(at):
            return True
        small = word.isdigit() and int(word[:3]) <= _LAST_DAY
        if self.within(at - 1, "months"):
            return small and not self._behind_german_month(at)
        if self.within(at - 1, "numbered"):
            return not self.within(at + 1, "ratio")
        return self._is_numbered_day(at, small=small)

    def _is_numbered_day(self, at: int, *, small: bool) -> bool:
        """ "30. Juni", "12 March", "the 14th", "31.12."; not "am 3. statt am 11. Arbeitstag"."""
        following, after = self.norm(at + 1), self.norm(at + 2)
        if following == "." and any(
            token.norm in self.groups["working_days"] for token in self.tokens[at:]
        ):
            return False
        if self.within(at + 1, "months") or (following == "." and self.within(at + 2, "months")):
            return True
        if following in {"st", "nd", "rd", "th"} or (following == "." and small and after):
            return True
        dated = self.norm(at - 1) in {"am", "vom", "zum", "on", "bis", "ab"}
        if _DATE.fullmatch(self.norm(at)):
            return dated or (following == "." and bool(after)) or len(self.norm(at)) > _SHORT_DATE
        return small and following == "." and dated

    def _is_time(self, at: int) -> bool:
        """ "8 am", "7 Uhr"; "22 am Tag" is an amount."""
        if self.norm(at + 1) == "am" and at + 2 < len(self.tokens):
            return not self.tokens[at + 2].text[0].isupper() and self.norm(at + 2) != "tag"
        return self.within(at + 1, "hours")

    def _behind_german_month(self, at: int) -> bool:
        """Behind a German month no day follows: "im Mai 12" counts something."""
        return self.norm(at - 2) in {"im", "bis", "ende", "anfang", "mitte"}
