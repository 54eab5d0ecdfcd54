"""Both sides' clocks: due, resting while the other side is asked, late only by whoever is late."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from bot.requests.states import State
from bot.triage.calendar import Calendar, Span
from bot.triage.promises import Promise, Terms, after, begun, next_due, remind_at
from bot.triage.workflow import Action, Clock, Side, Standing, Step, step

WEEK = ("mon", "tue", "wed", "thu", "fri")
ZURICH = Calendar.of("Europe/Zurich", "08:00-17:00", WEEK, "CH-ZH")
TERMS = Terms(
    ZURICH,
    {
        Clock.RESPONSE: Span.of("2bd"),
        Clock.DECISION: Span.of("10bd"),
        Clock.ANSWER: Span.of("3bd"),
        Clock.ACCEPTANCE: Span.of("5bd"),
    },
)
BOTH: frozenset[Side] = frozenset({"team", "requester"})
FULL = dict.fromkeys(("text", "next_step", "effect", "reason", "would_change", "target"), "x")
MONDAY = dt.datetime(2027, 1, 4, 10, tzinfo=ZURICH.zone)
DAY = dt.timedelta(days=1)


def done(action: Action, state: State, before: State | None = None) -> Step:
    """The step of an action."""
    return step(Standing(state, before), action, BOTH, FULL)


def of(promises: tuple[Promise, ...], clock: Clock) -> Promise:
    """The newest promise of a clock."""
    return [promise for promise in promises if promise.clock is clock][-1]


def test_a_new_request_wants_an_answer_and_a_decision() -> None:
    promises = begun(TERMS, MONDAY)
    assert of(promises, Clock.RESPONSE).due == MONDAY + 2 * DAY
    assert of(promises, Clock.DECISION).due == MONDAY + 14 * DAY
    first = next_due(promises)
    assert first is not None
    assert first.clock is Clock.RESPONSE


def test_the_decision_rests_while_the_requester_is_asked() -> None:
    asked = after(TERMS, begun(TERMS, MONDAY), done(Action.ASK, State.SUBMITTED), MONDAY + DAY)
    assert of(asked, Clock.RESPONSE).ended == MONDAY + DAY
    assert not of(asked, Clock.DECISION).runs
    assert of(asked, Clock.ANSWER).due == MONDAY + 4 * DAY
    answer = done(Action.ANSWER, State.IN_CLARIFICATION, State.SUBMITTED)
    answered = after(TERMS, asked, answer, MONDAY + 3 * DAY)
    assert of(answered, Clock.ANSWER).ended == MONDAY + 3 * DAY
    assert of(answered, Clock.DECISION).due == MONDAY + 16 * DAY


def test_who_asks_back_late_stays_late() -> None:
    late = MONDAY + 21 * DAY
    asked = after(TERMS, begun(TERMS, MONDAY), done(Action.ASK, State.SUBMITTED), late)
    assert of(asked, Clock.DECISION).late(late)
    assert of(asked, Clock.RESPONSE).late(late)
    assert of(asked, Clock.DECISION).runs


def test_where_nothing_rests_the_clock_goes_on() -> None:
    strict = Terms(TERMS.calendar, TERMS.spans, may_rest=False)
    asked = after(strict, begun(strict, MONDAY), done(Action.ASK, State.SUBMITTED), MONDAY + DAY)
    assert of(asked, Clock.DECISION).runs


def test_a_decision_ends_the_clocks_of_both_sides() -> None:
    asked = after(TERMS, begun(TERMS, MONDAY), done(Action.ASK, State.SUBMITTED), MONDAY + DAY)
    declined = after(TERMS, asked, done(Action.DECLINE, State.IN_CLARIFICATION), MONDAY + 2 * DAY)
    assert next_due(declined) is None
    assert all(promise.ended for promise in declined)


def test_a_delivery_waits_for_the_requester() -> None:
    delivered = after(TERMS, (), done(Action.DELIVER, State.IN_PROGRESS), MONDAY)
    assert of(delivered, Clock.ACCEPTANCE).due == MONDAY + 7 * DAY
    confirmed = after(TERMS, delivered, done(Action.CONFIRM, State.DELIVERED), MONDAY + DAY)
    assert next_due(confirmed) is None


def test_a_reminder_comes_when_a_quarter_is_left() -> None:
    (response, _) = begun(TERMS, MONDAY)
    assert remind_at(TERMS, response) == dt.datetime(2027, 1, 5, 14, 30, tzinfo=ZURICH.zone)


@given(st.lists(st.integers(0, 5 * 24 * 60), min_size=2, max_size=8))
def test_resting_never_costs_the_team_business_time(minutes: list[int]) -> None:
    """However often it is asked and answered: the team has its ten business days, no more and no less."""
    at, promises, used = MONDAY, begun(TERMS, MONDAY), dt.timedelta()
    state, before = State.SUBMITTED, None
    whole = ZURICH.between(MONDAY, of(promises, Clock.DECISION).due)
    for wait in minutes:
        later = at + dt.timedelta(minutes=wait)
        if state is State.SUBMITTED:
            used += ZURICH.between(at, later)
        action = Action.ASK if state is State.SUBMITTED else Action.ANSWER
        moved = done(action, state, before)
        promises, state, before, at = after(TERMS, promises, moved, later), moved.state, moved.before, later
    decision = of(promises, Clock.DECISION)
    if used >= whole:
        return
    left = decision.left if decision.left is not None else ZURICH.between(at, decision.due)
    assert used + left == whole
