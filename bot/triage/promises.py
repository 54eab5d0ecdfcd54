"""Promises of both sides: due, resting while the other side is asked, late. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.triage.calendar import ZERO, Calendar, Span
from bot.triage.workflow import CLOCKS_OF, Clock, Side, Step

FARTHEST = dt.timedelta(days=3 * 366)  # as far as a day may be ahead; the calendar counts every day to it
_EARLY = 0.25  # of the time that was promised is left when a person is reminded


@dataclass(frozen=True, slots=True)
class Promise:
    """A running, resting or ended clock. `left` is the business time that remains while it rests.

    One that was late when it began to rest stays late: asking back does not undo it.
    """

    clock: Clock
    begun: dt.datetime
    due: dt.datetime
    left: dt.timedelta | None = None
    ended: dt.datetime | None = None

    @property
    def runs(self) -> bool:
        """Whether somebody has to act."""
        return self.ended is None and self.left is None

    def late(self, at: dt.datetime) -> bool:
        """Whether it was not kept, or is not any more."""
        return (self.ended or at) > self.due and self.left is None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a flow promises: a calendar, a span per clock, and whether the team's clocks may rest.

    `behind`: who hears of it when a side has not kept a promise.
    """

    calendar: Calendar
    spans: Mapping[Clock, Span]
    may_rest: bool = True
    behind: Mapping[Side, str] = field(default_factory=dict)


def after(
    terms: Terms, promises: Iterable[Promise], step: Step, at: dt.datetime, day: dt.date | None = None
) -> tuple[Promise, ...]:
    """The promises once a step was done. `day` is when the team has just said that it delivers."""
    now = [_moved(terms, promise, step, at) for promise in promises]
    dues = {clock: terms.calendar.add(at, span) for clock, span in _started(terms, step)}
    delivers = Clock.DELIVERY in terms.spans or any(_is_open(one, Clock.DELIVERY) for one in now)
    if day is not None and delivers:
        dues[Clock.DELIVERY] = terms.calendar.end_of(day, at)
    for clock, due in dues.items():
        now = _anew(now, Promise(clock, at, due))
    return tuple(now)


def begun(terms: Terms, at: dt.datetime) -> tuple[Promise, ...]:
    """The promises of a request that was just submitted."""
    first = (Clock.RESPONSE, Clock.DECISION)
    return tuple(
        Promise(clock, at, terms.calendar.add(at, terms.spans[clock]))
        for clock in first
        if clock in terms.spans
    )


def next_due(promises: Iterable[Promise]) -> Promise | None:
    """What has to happen first."""
    return min((promise for promise in promises if promise.runs), key=lambda one: one.due, default=None)


def remind_at(terms: Terms, promise: Promise) -> dt.datetime:
    """When to remind the person before it is due: when a quarter of the time is left."""
    worked = terms.calendar.between(promise.begun, promise.due)
    return min(terms.calendar.after(promise.begun, worked * (1 - _EARLY)), promise.due)


def _started(terms: Terms, step: Step) -> list[tuple[Clock, Span]]:
    return [(clock, terms.spans[clock]) for clock in step.starts if clock in terms.spans]


def _anew(promises: list[Promise], fresh: Promise) -> list[Promise]:
    """No clock runs twice: one that is started while it runs is set anew, in its place; one that is late
    ends so, and the new one follows.
    """
    now = list(promises)
    for at, one in enumerate(now):
        if _is_open(one, fresh.clock) and not one.late(fresh.begun):
            now[at] = fresh
            return now
        if _is_open(one, fresh.clock):
            now[at] = replace(one, ended=fresh.begun)
    return [*now, fresh]


def _is_open(promise: Promise, clock: Clock) -> bool:
    return promise.clock is clock and promise.ended is None


def _moved(terms: Terms, promise: Promise, step: Step, at: dt.datetime) -> Promise:
    if promise.ended is not None:
        return promise
    if promise.clock in step.ends:
        return replace(_awake(terms, promise, at), ended=at)
    if CLOCKS_OF[promise.clock] == "team":
        rests = step.rests and terms.may_rest
        return _resting(terms, promise, at) if rests else _awake(terms, promise, at)
    return promise


def _resting(terms: Terms, promise: Promise, at: dt.datetime) -> Promise:
    if promise.left is not None or promise.late(at):
        return promise
    return replace(promise, left=terms.calendar.between(at, promise.due))


def _awake(terms: Terms, promise: Promise, at: dt.datetime) -> Promise:
    if promise.left is None:
        return promise
    return replace(promise, due=terms.calendar.after(at, max(promise.left, ZERO)), left=None)
