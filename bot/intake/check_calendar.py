"""Mistakes in the calendar of a flow: hours, a time zone or holidays that nobody can reckon with."""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo, available_timezones

from bot.files.findings import Finding, nearest
from bot.intake.outline import Node, Outline

_TIME = re.compile(r"\d\d:\d\d")
_REGION = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")
_MIDNIGHT = "24:00"


def calendar(outline: Outline) -> Iterator[Finding]:
    """Working hours end after they begin, and time zone and holidays exist."""
    times = outline.root.node("sla").node("calendar")
    yield from _hours(outline, times)
    yield from _zone(outline, times)
    yield from _holidays(outline, times)


def _hours(outline: Outline, times: Node) -> Iterator[Finding]:
    keys, hours = (*times.keys, "hours"), times.text("hours")
    start, _, end = hours.partition("-")
    if not (_TIME.fullmatch(start) and _TIME.fullmatch(end)):
        return  # told by the form
    if end > _MIDNIGHT:
        yield outline.finding(keys, "bad_hours", value=hours)
    elif start >= end:
        yield outline.finding(keys, "hours_order", value=hours)


def _zone(outline: Outline, times: Node) -> Iterator[Finding]:
    zone = times.text("timezone")
    if "/" in zone and not _zone_exists(zone):
        known = sorted(available_timezones())
        keys = (*times.keys, "timezone")
        yield outline.finding(keys, "unknown_timezone", value=zone, hint=nearest(zone, known))


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True


def _holidays(outline: Outline, times: Node) -> Iterator[Finding]:
    keys, region = (*times.keys, "holidays"), _REGION.fullmatch(times.text("holidays"))
    if region is None:
        return
    country, part = region.groups()
    parts = _parts(country)
    if parts is None:
        yield outline.finding(keys, "unknown_country", value=country)
    elif part and not parts:
        yield outline.finding(keys, "no_regions", value=country)
    elif part and _parts(country, part) is None:
        yield outline.finding(keys, "unknown_region", value=part, country=country, known=", ".join(parts))


def _parts(country: str, part: str | None = None) -> tuple[str, ...] | None:
    """The parts of a country whose holidays are known; None if those of the country, or of this part, are
    not. (A part may have a second name: AT-W.)
    """
    import holidays  # noqa: PLC0415  (0.2 s, and few commands ask for it)

    try:
        return tuple(holidays.country_holidays(country, subdiv=part).subdivisions)
    except NotImplementedError:
        return None
