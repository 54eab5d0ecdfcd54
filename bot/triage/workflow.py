"""The workflow: who may do what in which state, where it leads, what it does to the clocks. Pure.

One table. Everything that may happen to a request stands in it, and nothing else may.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.requests.states import State

Side = Literal["team", "requester", "either", "anybody"]  # either: of the two, nobody else
Turn = Literal["team", "requester", "nobody"]


class Action(StrEnum):
    """What can be done with a request."""

    TAKE = "take"
    ASSIGN = "assign"
    ASK = "ask"
    ANSWER = "answer"
    SETTLE = "settle"  # the question needs no answer any more
    ACCEPT = "accept"
    PLAN = "plan"
    START = "start"
    DELIVER = "deliver"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    DECLINE = "decline"
    MERGE = "merge"
    PRIORITISE = "prioritise"
    COMMENT = "comment"
    WRITE = "write"  # a message to the other side
    JOIN = "join"
    WATCH = "watch"
    CHANGE = "change"
    PROPOSE = "propose"
    TAKE_OVER = "take_over"  # a proposed change becomes the request's
    REFUSE = "refuse"  # a proposed change does not
    WITHDRAW = "withdraw"


class Clock(StrEnum):
    """What was promised. Each side has clocks of its own."""

    RESPONSE = "response"  # team: the first answer
    DECISION = "decision"  # team: yes or no
    DELIVERY = "delivery"  # team: done
    ANSWER = "answer"  # requester: to what was asked back
    ACCEPTANCE = "acceptance"  # requester: of what was delivered


CLOCKS_OF: Mapping[Clock, Side] = {
    Clock.RESPONSE: "team",
    Clock.DECISION: "team",
    Clock.DELIVERY: "team",
    Clock.ANSWER: "requester",
    Clock.ACCEPTANCE: "requester",
}

_ASKED = frozenset({State.IN_CLARIFICATION})
_NEW = frozenset({State.SUBMITTED})
_AGREED = frozenset({State.ACCEPTED, State.PLANNED, State.IN_PROGRESS})
_OPEN = _NEW | _ASKED | _AGREED
_ENDED = frozenset({State.DECLINED, State.WITHDRAWN, State.CONFIRMED, State.DELIVERED})
_ALL = frozenset(State) - {State.MERGED}


@dataclass(frozen=True, slots=True)
class Rule:
    """When an action is possible, whose it is, and what it does. `to` None: the state stays, as it does
    if it is one that it `keeps`.

    `asked_in`: while a question waits, the states in which it may have been asked for this to be possible.
    Work that was agreed on stays agreed on: it is not accepted again, and a change of it is a proposal.
    `needs` are the fields that must be filled. `starts` and `ends` are clocks. `tells`: the other side
    reads of it; of an assignment the one who has to do it, of a comment the team.
    """

    side: Side
    when: frozenset[State]
    to: State | None = None
    keeps: frozenset[State] = frozenset()
    needs: tuple[str, ...] = ()
    starts: tuple[Clock, ...] = ()
    ends: tuple[Clock, ...] = ()
    tells: bool = True
    asked_in: frozenset[State] = _OPEN


_EVERY = tuple(Clock)

RULES: Mapping[Action, Rule] = {
    Action.TAKE: Rule("team", _OPEN, ends=(Clock.RESPONSE,)),
    Action.ASSIGN: Rule("team", _OPEN, needs=("assignee",)),
    Action.ASK: Rule(
        "team",
        _OPEN,
        to=State.IN_CLARIFICATION,
        needs=("text",),
        starts=(Clock.ANSWER,),
        ends=(Clock.RESPONSE,),
    ),
    Action.ANSWER: Rule(
        "requester",
        _ASKED,
        needs=("text",),
        ends=(Clock.ANSWER,),
    ),
    Action.SETTLE: Rule("team", _ASKED, ends=(Clock.ANSWER,)),
    Action.ACCEPT: Rule(
        "team",
        _NEW | _ASKED,
        asked_in=_NEW,
        to=State.ACCEPTED,
        needs=("next_step",),
        starts=(Clock.DELIVERY,),
        ends=(Clock.RESPONSE, Clock.DECISION, Clock.ANSWER),
    ),
    Action.PLAN: Rule(
        "team", _AGREED, to=State.PLANNED, keeps=frozenset({State.IN_PROGRESS}), needs=("date",)
    ),
    Action.START: Rule("team", frozenset({State.ACCEPTED, State.PLANNED}), to=State.IN_PROGRESS),
    Action.DELIVER: Rule(
        "team",
        _AGREED,
        to=State.DELIVERED,
        needs=("effect",),
        starts=(Clock.ACCEPTANCE,),
        ends=(Clock.DELIVERY,),
    ),
    Action.CONFIRM: Rule(
        "requester", frozenset({State.DELIVERED}), to=State.CONFIRMED, ends=(Clock.ACCEPTANCE,)
    ),
    Action.REOPEN: Rule(
        "either",
        _ENDED,
        to=State.SUBMITTED,
        needs=("text",),
        starts=(Clock.RESPONSE, Clock.DECISION),
        ends=(Clock.ACCEPTANCE,),
    ),
    Action.DECLINE: Rule("team", _OPEN, to=State.DECLINED, needs=("reason", "would_change"), ends=_EVERY),
    Action.MERGE: Rule("team", _OPEN, to=State.MERGED, needs=("target",), ends=_EVERY),
    Action.PRIORITISE: Rule("team", _OPEN, needs=("priority", "reason"), tells=False),
    Action.COMMENT: Rule("anybody", _ALL, needs=("text",)),
    Action.WRITE: Rule("either", _ALL, needs=("text",)),
    Action.JOIN: Rule("anybody", _OPEN, tells=False),
    Action.WATCH: Rule("anybody", _ALL, tells=False),
    Action.CHANGE: Rule("requester", _NEW | _ASKED, asked_in=_NEW, tells=False),
    Action.PROPOSE: Rule("requester", _AGREED | _ASKED, asked_in=_AGREED),
    Action.TAKE_OVER: Rule("team", _AGREED | _ASKED, asked_in=_AGREED, needs=("proposal",)),
    Action.REFUSE: Rule("team", _AGREED | _ASKED, asked_in=_AGREED, needs=("proposal", "reason")),
    Action.WITHDRAW: Rule("requester", _OPEN, to=State.WITHDRAWN, ends=_EVERY),
}


class NotPossible(Exception):
    """The state no longer allows it. Say so and show the fresh card."""


class NotYours(Exception):
    """It is the other side's to do."""


class Missing(Exception):
    """Fields that the action needs are empty: ask for them again."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a request the workflow looks at. `before` is the state in which the team asked back."""

    state: State
    before: State | None = None

    def allows(self, rule: Rule) -> bool:
        """Whether the request stands where the rule has it."""
        if self.state is State.IN_CLARIFICATION and self.came_from not in rule.asked_in:
            return False
        return self.state in rule.when

    @property
    def came_from(self) -> State:
        """Where an end of the question leads back to."""
        return self.before or State.SUBMITTED


@dataclass(frozen=True, slots=True)
class Step:
    """What an action does."""

    action: Action
    state: State
    before: State | None
    starts: tuple[Clock, ...]
    ends: tuple[Clock, ...]
    rests: bool  # the team's clocks rest from now on
    tells: bool


def step(standing: Standing, action: Action, sides: frozenset[Side], given: Mapping[str, object]) -> Step:
    """What the action does now. `sides` are those that this person is on; `given` are the filled fields.

    Raises NotYours, NotPossible and Missing.
    """
    rule = RULES[action]
    if not _is_on(rule, sides):
        raise NotYours(action)
    if not standing.allows(rule):
        raise NotPossible(action)
    if missing := tuple(name for name in rule.needs if not given.get(name)):
        raise Missing(missing)
    state = _to(standing, action, rule)
    rests = state is State.IN_CLARIFICATION
    before = (standing.before or standing.state) if rests else None
    return Step(action, state, before, rule.starts, rule.ends, rests, rule.tells)


def possible(standing: Standing, sides: frozenset[Side]) -> tuple[Action, ...]:
    """What somebody on these sides may do now."""
    return tuple(action for action, rule in RULES.items() if standing.allows(rule) and _is_on(rule, sides))


def turn(state: State) -> Turn:
    """Whose turn it is."""
    if state in {State.IN_CLARIFICATION, State.DELIVERED}:
        return "requester"
    return "team" if state in _OPEN else "nobody"


def _is_on(rule: Rule, sides: frozenset[Side]) -> bool:
    return rule.side == "anybody" or rule.side in sides or (rule.side == "either" and bool(sides))


def _to(standing: Standing, action: Action, rule: Rule) -> State:
    if action in {Action.ANSWER, Action.SETTLE}:
        return standing.came_from
    return standing.state if standing.state in rule.keeps else rule.to or standing.state
