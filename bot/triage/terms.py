"""What a flow promises, as terms; and a moment in words. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot import i18n
from bot.i18n import say
from bot.triage.calendar import Calendar, Span
from bot.triage.promises import Terms
from bot.triage.workflow import Clock, Side

_TEAM = {"first_response": Clock.RESPONSE, "decision": Clock.DECISION, "delivery": Clock.DELIVERY}
_SIDES: tuple[Side, ...] = ("team", "requester")
_REQUESTER = {"answer_question": Clock.ANSWER, "accept_delivery": Clock.ACCEPTANCE}


def terms_of(promises: Mapping[str, Any] | None) -> Terms | None:
    """The terms of the `sla` of a flow file, as plain data; None if the flow promises nothing."""
    if promises is None:
        return None
    hours = promises["calendar"]
    calendar = Calendar.of(hours["timezone"], hours["hours"], tuple(hours["days"]), hours.get("holidays"))
    spans = {
        clock: Span.of(text)
        for side, names in (("team", _TEAM), ("requester", _REQUESTER))
        for name, clock in names.items()
        if (text := promises[side].get(name))
    }
    told = promises.get("escalate") or {}
    behind = {side: told[side] for side in _SIDES if told.get(side)}
    return Terms(calendar, spans, promises.get("pause_when") != "never", behind)


def moment_text(at: dt.datetime, zone: ZoneInfo, language: str) -> str:
    """A day and a time as people there say them: "Di, 01.12.2026, 16:00"."""
    local = at.astimezone(zone)
    return say(language, "triage.moment", day=day_text(local.date(), language), time=f"{local:%H:%M}")


def day_text(day: dt.date, language: str) -> str:
    """A day with its name: "Di, 01.12.2026"."""
    weekday = say(language, "triage.days").split("|")[day.weekday()]
    return say(language, "triage.date", weekday=weekday, day=i18n.day_text(day, language))
