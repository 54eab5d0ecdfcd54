"""Business time is exact across weekends, holidays and changes of the clocks."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.calendar import Calendar, NeverOpen, Span

WEEK = ("mon", "tue", "wed", "thu", "fri")
ZURICH = Calendar.of("Europe/Zurich", "08:00-17:00", WEEK, "CH-ZH")
CALENDARS = [
    ZURICH,
    Calendar.of("Europe/Berlin", "09:30-18:00", WEEK, "DE-BY"),
    Calendar.of("Europe/Vienna", "00:00-24:00", ("sat", "sun"), "AT-9"),  # open while the clocks change
    Calendar.of("America/New_York", "01:00-04:00", ("sun",)),
    Calendar.of("Asia/Kathmandu", "08:00-08:01", ("wed",)),
]
calendars = st.sampled_from(CALENDARS)
first_of_2026 = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
moments = st.integers(0, 3 * 365 * 24 * 3600).map(
    lambda seconds: first_of_2026 + dt.timedelta(seconds=seconds)
)


def local(text: str, calendar: Calendar = ZURICH) -> dt.datetime:
    """A wall clock time there."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=calendar.zone)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2027-03-25T15:00", "1bd", "2027-03-30T15:00"),  # Good Friday, clocks change, Easter Monday
        ("2027-03-26T09:00", "4bh", "2027-03-30T12:00"),
        ("2026-12-23T16:00", "2bd", "2026-12-28T16:00"),
        ("2026-11-28T22:00", "1bh", "2026-11-30T09:00"),
        ("2026-11-28T22:00", "1bd", "2026-12-01T08:00"),
        ("2026-11-27T16:30", "1bh", "2026-11-30T08:30"),
        ("2026-11-27T17:00", "1bh", "2026-11-30T09:00"),
        ("2026-11-27T07:59", "9bh", "2026-11-27T17:00"),
        ("2026-10-23T16:00", "2bh", "2026-10-26T09:00"),  # the clocks go back on Sunday
    ],
)
def test_days_and_hours_of_zurich(start: str, span: str, end: str) -> None:
    assert ZURICH.add(local(start), Span.of(span)) == local(end)


def test_open_while_the_clocks_change_counts_real_time() -> None:
    night = Calendar.of("Europe/Zurich", "00:00-06:00", ("sun",))
    spring, autumn = local("2027-03-28T00:00"), local("2026-10-25T00:00")
    assert night.between(spring, spring + dt.timedelta(days=1)) == dt.timedelta(hours=5)
    assert night.between(autumn, autumn + dt.timedelta(days=1)) == dt.timedelta(hours=7)


def test_holidays_differ_by_canton_and_state() -> None:
    epiphany = "2027-01-05T10:00"
    assert ZURICH.add(local(epiphany), Span.of("1bd")) == local("2027-01-06T10:00")
    bavaria = Calendar.of("Europe/Berlin", "08:00-17:00", WEEK, "DE-BY")
    assert bavaria.add(local(epiphany, bavaria), Span.of("1bd")) == local("2027-01-07T10:00", bavaria)


def test_a_calendar_that_never_opens_says_so() -> None:
    class Always:
        def __contains__(self, _day: object) -> bool:
            return True

    closed = Calendar(ZoneInfo("Europe/Zurich"), 0, 3600, frozenset({0}), Always())
    with pytest.raises(NeverOpen):
        closed.next_open(local("2026-01-01T00:00"))


@pytest.mark.parametrize("text", ["0bd", "2d", "bd", "", "1 bd", "10000bh", "-1bd"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(ValueError, match=text or "^$"):
        Span.of(text)


@given(calendars, moments, st.integers(0, 200_000))
def test_what_is_added_lies_between(calendar: Calendar, start: dt.datetime, seconds: int) -> None:
    worked = dt.timedelta(seconds=seconds)
    end = calendar.after(start, worked)
    assert end >= start
    assert calendar.between(start, end) == worked


@given(calendars, moments, st.integers(1, 40), st.sampled_from(["bd", "bh"]))
def test_a_deadline_falls_into_open_time_and_more_is_later(
    calendar: Calendar, start: dt.datetime, number: int, unit: str
) -> None:
    end = calendar.add(start, Span(number, unit))
    assert start < end < calendar.add(start, Span(number + 1, unit))
    local_end = end.astimezone(calendar.zone)
    assert local_end.weekday() in calendar.days or local_end.time() == dt.time()
    assert calendar.between(end - dt.timedelta(seconds=1), end + dt.timedelta(seconds=1)) > dt.timedelta()


@given(calendars, moments, moments, moments)
def test_time_adds_up(calendar: Calendar, a: dt.datetime, b: dt.datetime, c: dt.datetime) -> None:
    first, second, third = sorted((a, b, c))
    parts = calendar.between(first, second) + calendar.between(second, third)
    assert calendar.between(first, third) == parts
    assert calendar.between(third, first) == dt.timedelta()
