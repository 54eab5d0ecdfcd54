"""Business time: when a queue works, and what "two business days later" means there. Pure.

Local wall clock decides, UTC is stored. A business day later is the same time of day on the next day
that is worked; business hours are counted while it is open. Both survive a change of the clocks.
"""

import datetime as dt
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DURATION = re.compile(r"([1-9]\d{0,3})(bd|bh)")
_LAST_MINUTE = (23 * 60 + 59) * 60  # seconds; midnight would be read as another day
_LONGEST_BREAK = 400  # days; a calendar that is closed for longer is a mistake
ZERO = dt.timedelta()


class NeverOpen(Exception):
    """The calendar has no working day within a year. Correct its days or holidays."""


@dataclass(frozen=True, slots=True)
class Span:
    """So many business days, or business hours."""

    number: int
    unit: str

    @classmethod
    def of(cls, text: str) -> "Span":
        """`2bd` or `4bh`. Raises ValueError."""
        found = _DURATION.fullmatch(text)
        if not found:
            raise ValueError(text)
        return cls(int(found[1]), found[2])


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours of a queue. `closes` is seconds after midnight, up to the end of the day."""

    zone: ZoneInfo
    opens: int
    closes: int
    days: frozenset[int]
    free: Container[dt.date]

    @classmethod
    def of(cls, timezone: str, hours: str, days: tuple[str, ...], region: str | None = None) -> "Calendar":
        """From the words of a flow file: `Europe/Zurich`, `08:00-17:00`, `mon`…, `CH-ZH`."""
        opens, closes = (_seconds(part) for part in hours.split("-"))
        worked = frozenset(_DAYS.index(day) for day in days)
        return cls(ZoneInfo(timezone), opens, closes, worked, free_days(region) if region else ())

    def add(self, start: dt.datetime, span: Span) -> dt.datetime:
        """When the span has passed, in UTC. It begins when the queue is open the next time.

        Raises NeverOpen.
        """
        at = self.next_open(start)
        if span.unit == "bh":
            return self.after(at, dt.timedelta(hours=span.number))
        local = at.astimezone(self.zone)
        day = local.date()
        for _ in range(span.number):
            day = self._worked_after(day)
        seconds = (local.hour * 60 + local.minute) * 60 + local.second
        return self._at(day, seconds).replace(microsecond=local.microsecond)

    def end_of(self, day: dt.date, at: dt.datetime) -> dt.datetime:
        """When a day is over for the queue, in UTC; once it has closed on that day, the last minute.

        The day may be one that is not worked: whoever named it meant it.
        """
        closes = self._at(day, min(self.closes, _LAST_MINUTE))
        return closes if closes > at else self._at(day, _LAST_MINUTE)

    def after(self, start: dt.datetime, worked: dt.timedelta) -> dt.datetime:
        """When so much time was worked, in UTC. Raises NeverOpen."""
        left = worked
        for opens, closes in self._openings(start):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise NeverOpen

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """How much of the time between two moments was worked; never less than nothing."""
        total = ZERO
        if start >= end:
            return total
        for opens, closes in self._openings(start):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total

    def next_open(self, at: dt.datetime) -> dt.datetime:
        """This moment if the queue is open, else when it opens. Raises NeverOpen."""
        return next(self._openings(at))[0]

    def _openings(self, start: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Every stretch of open time from a moment on, the first one cut to it. Raises NeverOpen."""
        moment = start.astimezone(dt.UTC)
        day = moment.astimezone(self.zone).date() - dt.timedelta(days=1)
        while True:
            day = self._worked_after(day)
            opens, closes = self._at(day, self.opens), self._at(day, self.closes)
            if closes > moment:
                yield max(opens, moment), closes

    def _worked_after(self, day: dt.date) -> dt.date:
        for days in range(1, _LONGEST_BREAK):
            later = day + dt.timedelta(days=days)
            if later.weekday() in self.days and later not in self.free:
                return later
        raise NeverOpen

    def _at(self, day: dt.date, seconds: int) -> dt.datetime:
        """A time of day as UTC; one that the clocks skip or repeat is the first that fits."""
        over, seconds = divmod(seconds, 24 * 3600)
        wall = dt.datetime.combine(day + dt.timedelta(days=over), dt.time()) + dt.timedelta(seconds=seconds)
        return wall.replace(tzinfo=self.zone).astimezone(dt.UTC)


@cache
def free_days(region: str) -> Container[dt.date]:
    """The public holidays of a country or a part of it (`CH-ZH`, `DE-BY`, `AT-9`), of any year."""
    import holidays  # noqa: PLC0415  (0.2 s, and most processes ask for none)

    country, _, part = region.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)


def _seconds(text: str) -> int:
    hours, minutes = text.split(":")
    return (int(hours) * 60 + int(minutes)) * 60
