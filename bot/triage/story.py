"""How a request stands, as its history says: what waits, what was promised, why it ended. Pure.

The history is the only place where this is kept; cards and messages are drawn from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.requests import changes
from bot.requests.tables import RequestEvent
from bot.triage.workflow import Action

# after these nobody decides on an older proposal, or answers an older question
_ENDS = frozenset({Action.DECLINE, Action.MERGE, Action.WITHDRAW, Action.DELIVER, Action.REOPEN})
_ENDS_PROPOSAL = _ENDS | {Action.TAKE_OVER, Action.REFUSE, changes.CHANGED}
_ENDS_QUESTION = _ENDS | {Action.ANSWER, Action.SETTLE, Action.ACCEPT}
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that waits for the team: the event, and the fields of the request as they would be."""

    event: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """`said` is what was given with the newest action of each kind since the request was opened;
    of questions, all that wait for an answer. `moved` is where the clock has taken the day that was
    promised, as it rested; as ISO text.
    """

    said: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    proposal: Proposal | None = None
    watchers: frozenset[int] = frozenset()
    moved: str = ""

    def word(self, action: Action, name: str) -> str:
        """What was given with the newest action of a kind, as text; "" if nothing was."""
        return str(self.said.get(action, _NOTHING).get(name) or "")

    @property
    def day(self) -> str:
        """The day that was promised last, as ISO text; later by as long as the clock has rested since."""
        return self.moved or self.word(Action.PLAN, "date") or self.word(Action.ACCEPT, "date")


def story(events: Iterable[RequestEvent]) -> Story:
    """The story that a history tells, oldest event first."""
    said: dict[str, Mapping[str, Any]] = {}
    proposal: Proposal | None = None
    watchers: set[int] = set()
    for event in events:
        if event.kind in _ENDS_PROPOSAL:
            proposal = None
        if event.kind in _ENDS_QUESTION:
            said.pop(Action.ASK, None)
        match event.kind:
            case changes.PROPOSED:
                proposal = Proposal(event.number, event.data)
            case Action.WATCH if event.person:
                (watchers.add if event.data.get("on") else watchers.discard)(event.person)
            case Action.ASK if waiting := said.get(Action.ASK):
                said[Action.ASK] = {"text": f"{waiting.get('text', '')}\n{event.data.get('text', '')}"}
                continue
            case Action.REOPEN:
                said.clear()
            case Action.ACCEPT:
                said.pop(Action.PLAN, None)
            case _:
                pass
        said[event.kind] = event.data
    return Story(said, proposal, frozenset(watchers))
