"""Which buttons stand on whose card, and what a button carries. Pure.

What comes back from a client is a number and a version, nothing else; both are only looked up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.chat.ui import Button, Buttons
from bot.i18n import say
from bot.requests.refs import number_of
from bot.requests.states import OPEN, State, is_still_mine
from bot.requests.tables import Request
from bot.triage.forms import ASKS
from bot.triage.story import Story
from bot.triage.workflow import Action, Side, Standing, possible

Style = Literal["plain", "primary", "danger"]
PREFIX = "triage."
SHOW = "request.show"  # everything about a request, for whoever may see it
EDIT = "request.edit"  # the guided dialog once more, with what was sent
DIFF = "triage.proposal"  # what the requester would like to change, before and after
_TEAM: frozenset[Side] = frozenset({"team"})
_REQUESTER: frozenset[Side] = frozenset({"requester"})
# what stands first on the card of the team, what matters most before the rest; TAKE while nobody has it
_FIRST: Mapping[State, tuple[Action, ...]] = {
    State.SUBMITTED: (Action.TAKE, Action.ASK, Action.ACCEPT),
    State.IN_CLARIFICATION: (Action.TAKE, Action.ACCEPT, Action.SETTLE, Action.ASK),
    State.ACCEPTED: (Action.TAKE, Action.START, Action.DELIVER, Action.ASK),
    State.PLANNED: (Action.TAKE, Action.START, Action.DELIVER, Action.ASK),
    State.IN_PROGRESS: (Action.TAKE, Action.DELIVER, Action.ASK),
}
_LATER = (Action.PLAN, Action.ASSIGN, Action.PRIORITISE, Action.MERGE, Action.DECLINE, Action.REOPEN)
_OWN = (Action.ANSWER, Action.CONFIRM, Action.REOPEN, Action.WITHDRAW)
_SURE = frozenset({Action.WITHDRAW})  # asked once more
_MENU = 5  # entries of a menu in Slack; what is beyond would become a button


@dataclass(frozen=True, slots=True)
class Target:
    """What a button is about. `version` is what was seen; None if nobody can know."""

    number: int
    version: int | None = None


def target(value: str) -> Target | None:
    """What stands in the value of a button, None if it is none of ours."""
    first, _, second = value.partition(" ")
    number, version = number_of(first), number_of(second)
    return Target(number, version) if number is not None else None


def value(request: Request) -> str:
    """What a button carries."""
    return f"{request.number} {request.version}"


def button(action: Action, request: Request, language: str, *, primary: bool = False) -> Button:
    """Does the action, or asks first for what it needs."""
    sure = say(language, f"triage.sure.{action}", label=request.label) if action in _SURE else None
    style: Style = "danger" if sure else "primary" if primary else "plain"
    label = say(language, f"triage.do.{action}")
    return Button(label, PREFIX + action, value(request), style, sure, opens=action in ASKS)


def of_team(request: Request, story: Story, language: str, *, whole: bool = False) -> Buttons:
    """What the team can do now: the few that matter, the rest behind a menu. `whole`: everything is there
    already, so nothing shows it.
    """
    may = possible(Standing(request.state, request.before), _TEAM)
    first = [action for action in _FIRST.get(request.state, ()) if action in may]
    if request.assignee is not None and Action.TAKE in first:
        first.remove(Action.TAKE)
    later = [action for action in _LATER if action in may and action not in first][:_MENU]
    shown = [button(action, request, language, primary=at == 0) for at, action in enumerate(first)]
    if story.proposal is not None and Action.TAKE_OVER in may:
        shown.insert(0, diff_button(request, language))
    menu = tuple(button(action, request, language) for action in later)
    return Buttons((*shown, *([] if whole else [show(request, language)])), menu)


def of_requester(request: Request, language: str, *, whole: bool = False, changes: bool = True) -> Buttons:
    """What the requester can do now. `changes`: also the request itself, which nobody does for them."""
    may = possible(Standing(request.state, request.before), _REQUESTER)
    own = [button(action, request, language) for action in _OWN if action in may]
    if own and own[0].confirm is None and own[0].action != PREFIX + Action.REOPEN:
        first = next(action for action in _OWN if action in may)
        own[0] = button(first, request, language, primary=True)
    if request.state in OPEN and changes:
        key = "request.edit" if is_still_mine(request.state, request.before) else "request.propose"
        own.insert(-1, Button(say(language, key), EDIT, str(request.number), opens=True))
    return Buttons((*own, *([] if whole else [show(request, language)])))


def of_anybody(
    request: Request, story: Story, person: int, language: str, *, joined: bool = False
) -> tuple[Button, ...]:
    """What everybody may do who sees it: want the same, hear of it, say something."""
    may = possible(Standing(request.state, request.before), frozenset())
    watch = "unwatch" if person in story.watchers else "watch"
    wanted = {Action.JOIN: "join", Action.WATCH: watch, Action.COMMENT: "comment"}
    if joined or person in {request.requester, request.submitted_by}:
        del wanted[Action.JOIN]
    return tuple(
        Button(say(language, f"triage.do.{key}"), PREFIX + action, value(request), opens=action in ASKS)
        for action, key in wanted.items()
        if action in may
    )


def decide(request: Request, story: Story, language: str) -> Sequence[Button]:
    """Take a proposed change over, or not."""
    if story.proposal is None:
        return ()
    return (
        button(Action.TAKE_OVER, request, language, primary=True),
        button(Action.REFUSE, request, language),
    )


def show(request: Request, language: str) -> Button:
    """Everything about it."""
    return Button(say(language, "request.open_request", label=request.label), SHOW, str(request.number))


def diff_button(request: Request, language: str) -> Button:
    """What the requester would like to change."""
    return Button(say(language, "triage.do.proposal"), DIFF, str(request.number), "primary")
