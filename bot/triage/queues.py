"""The queues that the flows lead to, and when each has its weekly agenda. Pure."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.i18n import LANGUAGES

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Weekly:
    """A moment of every week, where the team works: `thu`, `15:00`."""

    day: str = "thu"
    time: str = "15:00"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def after(self, moment: dt.datetime) -> dt.datetime:
        """The first such moment after this one, in UTC; the wall clock decides, whatever it skips."""
        hour, minute = map(int, self.time.split(":"))
        local = moment.astimezone(self.zone)
        day = local.date() + dt.timedelta(days=(_DAYS.index(self.day) - local.weekday()) % 7)
        while True:
            wall = dt.datetime.combine(day, dt.time(hour, minute), self.zone)
            if (at := wall.astimezone(dt.UTC)) > moment:
                return at
            day += dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Queue:
    """`team` is the role that works on it, `place` our name of its channel; `flows` lead there."""

    id: str
    team: str
    place: str
    flows: tuple[str, ...] = ()
    language: str = LANGUAGES[0]
    weekly: Weekly = field(default_factory=Weekly)
