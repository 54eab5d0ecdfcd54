"""What may happen to a request stands in one table, and nothing else happens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.requests.states import OPEN, State, is_still_mine
from bot.triage.workflow import (
    CLOCKS_OF,
    RULES,
    Action,
    Clock,
    Missing,
    NotPossible,
    NotYours,
    Side,
    Standing,
    possible,
    step,
    turn,
)

TEAM: frozenset[Side] = frozenset({"team"})
REQUESTER: frozenset[Side] = frozenset({"requester"})
BOTH = TEAM | REQUESTER
EVERYTHING = {name: "x" for rule in RULES.values() for name in rule.needs}
AGREED = {State.ACCEPTED, State.PLANNED, State.IN_PROGRESS}
STANDINGS = [
    *map(Standing, sorted(State)),
    *(Standing(State.IN_CLARIFICATION, state) for state in sorted({State.SUBMITTED, *AGREED})),
]
ENDS = {State.DECLINED, State.MERGED, State.WITHDRAWN, State.CONFIRMED}


def after(state: State, *actions: Action) -> Standing:
    """Where a request stands after these actions of whoever may do them."""
    standing = Standing(state)
    for action in actions:
        done = step(standing, action, BOTH, EVERYTHING)
        standing = Standing(done.state, done.before)
    return standing


def test_the_straight_way() -> None:
    way = (Action.TAKE, Action.ACCEPT, Action.PLAN, Action.START, Action.DELIVER, Action.CONFIRM)
    assert after(State.SUBMITTED, *way) == Standing(State.CONFIRMED)


@pytest.mark.parametrize("end", [Action.ANSWER, Action.SETTLE])
@pytest.mark.parametrize("state", sorted({State.SUBMITTED, *AGREED}))
def test_the_end_of_a_question_leads_back_to_where_it_came_from(state: State, end: Action) -> None:
    assert after(state, Action.ASK, Action.COMMENT, Action.ASK, end) == Standing(state)


def test_who_asked_may_say_that_it_is_settled() -> None:
    settled = step(Standing(State.IN_CLARIFICATION, State.PLANNED), Action.SETTLE, TEAM, {})
    assert (settled.rests, settled.starts, settled.ends) == (False, (), (Clock.ANSWER,))
    with pytest.raises(NotPossible):
        step(Standing(State.PLANNED), Action.SETTLE, TEAM, {})


@pytest.mark.parametrize("state", sorted(AGREED))
def test_a_question_undoes_no_agreement(state: State) -> None:
    """What was accepted is not accepted again, and its requester proposes changes as before."""
    asked = possible(after(state, Action.ASK), BOTH)
    assert {Action.PROPOSE, Action.TAKE_OVER, Action.REFUSE} <= set(asked)
    assert {Action.ACCEPT, Action.CHANGE}.isdisjoint(asked)


def test_what_is_new_stays_so_while_something_is_asked() -> None:
    asked = possible(after(State.SUBMITTED, Action.ASK), BOTH)
    assert {Action.ACCEPT, Action.CHANGE} <= set(asked)
    assert {Action.PROPOSE, Action.TAKE_OVER, Action.REFUSE}.isdisjoint(asked)
    accepted = after(State.SUBMITTED, Action.ASK, Action.ACCEPT)
    assert accepted == Standing(State.ACCEPTED)


@pytest.mark.parametrize("standing", STANDINGS)
def test_a_requester_may_change_or_propose_until_it_has_ended(standing: Standing) -> None:
    may = {Action.CHANGE, Action.PROPOSE} & set(possible(standing, REQUESTER))
    wanted = Action.CHANGE if is_still_mine(standing.state, standing.before) else Action.PROPOSE
    assert may == ({wanted} if standing.state in OPEN else set())


def test_a_question_lets_the_clocks_of_the_team_rest_and_starts_that_of_the_requester() -> None:
    asked = step(Standing(State.SUBMITTED), Action.ASK, TEAM, EVERYTHING)
    assert (asked.state, asked.rests, asked.starts) == (State.IN_CLARIFICATION, True, (Clock.ANSWER,))
    assert asked.ends == (Clock.RESPONSE,)
    answered = step(Standing(asked.state, asked.before), Action.ANSWER, REQUESTER, EVERYTHING)
    assert (answered.rests, answered.ends) == (False, (Clock.ANSWER,))


@pytest.mark.parametrize(
    ("state", "whose"),
    [
        (State.SUBMITTED, "team"),
        (State.IN_CLARIFICATION, "requester"),
        (State.IN_PROGRESS, "team"),
        (State.DELIVERED, "requester"),
        (State.CONFIRMED, "nobody"),
        (State.DECLINED, "nobody"),
    ],
)
def test_whose_turn_it_is(state: State, whose: str) -> None:
    assert turn(state) == whose


def test_a_decline_without_a_reason_is_asked_again() -> None:
    with pytest.raises(Missing) as missing:
        step(Standing(State.SUBMITTED), Action.DECLINE, TEAM, {"reason": "", "would_change": "x"})
    assert missing.value.fields == ("reason",)


@pytest.mark.parametrize("action", [action for action, rule in RULES.items() if rule.side == "team"])
def test_what_is_the_teams_is_not_the_requesters(action: Action) -> None:
    state = next(iter(RULES[action].when))
    with pytest.raises(NotYours):
        step(Standing(state), action, REQUESTER, EVERYTHING)


@pytest.mark.parametrize("action", [action for action, rule in RULES.items() if rule.side == "requester"])
def test_what_is_the_requesters_is_not_the_teams(action: Action) -> None:
    state = next(iter(RULES[action].when))
    with pytest.raises(NotYours):
        step(Standing(state), action, TEAM, EVERYTHING)


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("action", sorted(Action))
def test_nothing_happens_that_the_table_does_not_say(standing: Standing, action: Action) -> None:
    if action in possible(standing, BOTH):
        assert step(standing, action, BOTH, EVERYTHING).state in State
    else:
        with pytest.raises(NotPossible):
            step(standing, action, BOTH, EVERYTHING)


def test_a_merged_request_is_left_alone() -> None:
    assert possible(Standing(State.MERGED), BOTH) == ()


@given(st.lists(st.sampled_from(sorted(Action)), max_size=30))
def test_clocks_run_only_for_whoever_can_stop_them(actions: list[Action]) -> None:
    """On any walk: an open clock's side has an action that ends it, and at an end no clock runs."""
    standing, running = Standing(State.SUBMITTED), {Clock.RESPONSE, Clock.DECISION}
    for action in actions:
        if action not in possible(standing, BOTH):
            continue
        done = step(standing, action, BOTH, EVERYTHING)
        assert Clock.DELIVERY not in running.intersection(done.starts)
        standing, running = Standing(done.state, done.before), (running - set(done.ends)) | set(done.starts)
        assert (standing.before is not None) == (standing.state is State.IN_CLARIFICATION)
        assert (Clock.ANSWER in running) == (standing.state is State.IN_CLARIFICATION)
        if standing.state in ENDS:
            assert not running
        for clock in running:
            reachable = possible(standing, frozenset({CLOCKS_OF[clock]})) + possible(standing, BOTH)
            assert any(clock in RULES[next_].ends for next_ in reachable) or clock is Clock.DELIVERY
