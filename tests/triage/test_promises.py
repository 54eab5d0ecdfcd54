"""Both sides' clocks: due, resting while the other side is asked, late only by whoever is late."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from bot.requests.states import State
from bot.triage.calendar import Calendar, Span
from bot.triage.promises import Promise, Terms, after, begun, next_due, remind_at
from bot.triage.workflow import Action, Clock, Side, Standing, Step, possible, step

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
DATED = Terms(ZURICH, {**TERMS.spans, Clock.DELIVERY: Span.of("5bd")})
BOTH: frozenset[Side] = frozenset({"team", "requester"})
FULL = dict.fromkeys(
    (
        "text",
        "next_step",
        "effect",
        "reason",
        "would_change",
        "target",
        "date",
        "assignee",
        "priority",
        "proposal",
    ),
    "x",
)
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


def test_who_is_asked_twice_answers_once_with_all_the_time_for_the_second_question() -> None:
    asked = after(TERMS, begun(TERMS, MONDAY), done(Action.ASK, State.SUBMITTED), MONDAY)
    again = done(Action.ASK, State.IN_CLARIFICATION, State.SUBMITTED)
    twice = after(TERMS, asked, again, MONDAY + DAY)
    assert [one.due for one in twice if one.clock is Clock.ANSWER] == [MONDAY + 4 * DAY]


def test_who_is_late_with_an_answer_stays_late_when_asked_again() -> None:
    asked = after(TERMS, begun(TERMS, MONDAY), done(Action.ASK, State.SUBMITTED), MONDAY)
    again = done(Action.ASK, State.IN_CLARIFICATION, State.SUBMITTED)
    late = MONDAY + 4 * DAY
    first, second = (one for one in after(TERMS, asked, again, late) if one.clock is Clock.ANSWER)
    assert (first.late(late), first.ended) == (True, late)
    assert (second.runs, second.due) == (True, MONDAY + 9 * DAY)


def test_the_day_that_the_team_has_named_is_the_deadline() -> None:
    day = dt.date(2027, 3, 1)
    accepted = after(DATED, (), done(Action.ACCEPT, State.SUBMITTED), MONDAY, day)
    assert of(accepted, Clock.DELIVERY).due == dt.datetime(2027, 3, 1, 17, tzinfo=ZURICH.zone)
    planned = after(DATED, accepted, done(Action.PLAN, State.IN_PROGRESS), MONDAY + DAY, day + DAY)
    (delivery,) = planned
    assert delivery.due == dt.datetime(2027, 3, 2, 17, tzinfo=ZURICH.zone)


def test_without_a_day_the_promise_of_the_flow_counts() -> None:
    (delivery,) = after(DATED, (), done(Action.ACCEPT, State.SUBMITTED), MONDAY)
    assert delivery.due == MONDAY + 7 * DAY
    assert after(TERMS, (), done(Action.ACCEPT, State.SUBMITTED), MONDAY, MONDAY.date()) == ()


def test_a_day_is_moved_also_if_the_flow_promises_none_any_more() -> None:
    accepted = after(DATED, (), done(Action.ACCEPT, State.SUBMITTED), MONDAY)
    (moved,) = after(TERMS, accepted, done(Action.PLAN, State.ACCEPTED), MONDAY, dt.date(2027, 3, 1))
    assert moved.due == dt.datetime(2027, 3, 1, 17, tzinfo=ZURICH.zone)


def test_a_new_day_does_not_undo_that_the_old_one_was_missed() -> None:
    accepted = after(DATED, (), done(Action.ACCEPT, State.SUBMITTED), MONDAY)
    late = MONDAY + 8 * DAY
    missed, fresh = after(DATED, accepted, done(Action.PLAN, State.ACCEPTED), late, dt.date(2027, 3, 1))
    assert (missed.late(late), missed.ended, fresh.runs) == (True, late, True)


def test_today_is_not_late_after_hours() -> None:
    evening = MONDAY.replace(hour=19)
    (delivery,) = after(DATED, (), done(Action.ACCEPT, State.SUBMITTED), evening, evening.date())
    assert delivery.due == evening.replace(hour=23, minute=59)
    assert evening <= remind_at(DATED, delivery) <= delivery.due


def test_what_rests_goes_on_when_the_flow_lets_nothing_rest_any_more() -> None:
    asked = after(TERMS, begun(TERMS, MONDAY), done(Action.ASK, State.SUBMITTED), MONDAY)
    strict = Terms(TERMS.calendar, TERMS.spans, may_rest=False)
    answer = done(Action.ANSWER, State.IN_CLARIFICATION, State.SUBMITTED)
    assert of(after(strict, asked, answer, MONDAY + DAY), Clock.DECISION).runs


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


ZONES = ("Europe/Zurich", "America/New_York", "Australia/Sydney")
HOURS = ("08:00-17:00", "00:00-24:00", "01:30-02:30")


@given(st.data())
def test_the_clock_ends_on_the_day_that_people_read(data: st.DataObject) -> None:
    """Whatever the hours, and whether the clocks change on it, or nobody works."""
    zone, hours = data.draw(st.sampled_from(ZONES)), data.draw(st.sampled_from(HOURS))
    terms = Terms(Calendar.of(zone, hours, WEEK), DATED.spans)
    at = MONDAY + dt.timedelta(minutes=data.draw(st.integers(0, 400 * 24 * 60)))
    today = at.astimezone(terms.calendar.zone).date()
    day = today + dt.timedelta(days=data.draw(st.integers(0, 400)))
    (delivery,) = after(terms, (), done(Action.ACCEPT, State.SUBMITTED), at, day)
    assert delivery.due.astimezone(terms.calendar.zone).date() == day
    assert remind_at(terms, delivery) <= delivery.due


@given(st.integers(1, 60), st.integers(0, 20 * 24 * 60), st.integers(0, 20 * 24 * 60))
def test_a_question_moves_the_day_by_as_long_as_the_answer_takes(days: int, wait: int, took: int) -> None:
    """Not for a team that was late before it asked."""
    named = MONDAY.date() + dt.timedelta(days=days)
    promises = after(DATED, (), done(Action.ACCEPT, State.SUBMITTED), MONDAY, named)
    whole = ZURICH.between(MONDAY, of(promises, Clock.DELIVERY).due)
    asked = MONDAY + dt.timedelta(minutes=wait)
    if asked >= of(promises, Clock.DELIVERY).due:
        return
    promises = after(DATED, promises, done(Action.ASK, State.ACCEPTED), asked)
    answered = asked + dt.timedelta(minutes=took)
    answer = done(Action.ANSWER, State.IN_CLARIFICATION, State.ACCEPTED)
    delivery = of(after(DATED, promises, answer, answered), Clock.DELIVERY)
    assert ZURICH.between(MONDAY, asked) + ZURICH.between(answered, delivery.due) == whole


@given(st.data())
def test_no_clock_runs_twice_and_none_begins_late(data: st.DataObject) -> None:
    """Any walk through the workflow: of each clock one is open at most, and it is the newest."""
    at, standing = MONDAY, Standing(State.SUBMITTED)
    promises = begun(DATED, at)
    for _ in range(data.draw(st.integers(0, 8))):
        actions = possible(standing, BOTH)
        if not actions:
            break
        at += dt.timedelta(hours=data.draw(st.integers(0, 120)))
        moved = step(standing, data.draw(st.sampled_from(actions)), BOTH, FULL)
        named = at.date() + dt.timedelta(days=data.draw(st.integers(0, 30)))
        day = named if moved.action in {Action.ACCEPT, Action.PLAN} else None
        standing, known = Standing(moved.state, moved.before), promises
        promises = after(DATED, promises, moved, at, day)
        assert [one.clock for one in promises[: len(known)]] == [one.clock for one in known]
        for clock in Clock:
            mine = [one for one in promises if one.clock is clock]
            assert [one for one in mine if one.ended is None] in ([], mine[-1:])
        assert all(one.due > at for one in promises if one.begun == at)
