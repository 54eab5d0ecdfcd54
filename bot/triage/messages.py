"""What people read when something happened to a request: who reads it, in which words. Pure."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.chat.ui import Button, Buttons, Card, Element, Facts, Text
from bot.i18n import say
from bot.requests.states import State
from bot.requests.tables import Request
from bot.triage import buttons
from bot.triage.terms import day_text
from bot.triage.views import Known, figures
from bot.triage.workflow import RULES, Action, Standing, possible

MERGED_IN = "merged_in"  # what the other request reads of a merge
UNREACHED = "unreached"  # what the team reads if a message to the requester did not arrive
Doer = Literal["team", "requester"]
# what also supporters and watchers want to know
_DECISIONS = frozenset(
    {
        Action.ACCEPT,
        Action.PLAN,
        Action.DELIVER,
        Action.CONFIRM,
        Action.DECLINE,
        Action.MERGE,
        Action.REOPEN,
        Action.WITHDRAW,
    }
)
_QUOTED = ("text", "next_step", "effect", "detail")  # what somebody wrote, in full
# what the requester can do about it, if it is still possible
_NEXT: Mapping[str, tuple[Action, ...]] = {
    Action.ASK: (Action.ANSWER,),
    Action.DELIVER: (Action.CONFIRM, Action.REOPEN),
    Action.DECLINE: (Action.REOPEN,),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that was done: by whom, what was given with it, what of their message did not travel.

    `tool` is the tool that reported it, if nobody here did it.
    """

    action: str
    by: int
    given: Mapping[str, Any]
    beside: Collection[str] = ()
    tool: str = ""

    def doer(self, request: Request) -> Doer:
        """The side that it came from."""
        side = RULES[Action(self.action)].side if self.action in set(Action) else "team"
        if side in {"team", "requester"}:
            return "team" if side == "team" else "requester"
        said = self.given.get("side")
        theirs = {request.requester, request.submitted_by}
        return "requester" if said == "requester" or (not said and self.by in theirs) else "team"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads of it: people, each for themselves, and the team in the thread of its card."""

    people: frozenset[int]
    thread: bool


def audience(happened: Happened, request: Request, others: Collection[int]) -> Audience:
    """`others` are those who joined or watch. Nobody is told what they did themselves."""
    theirs = {request.requester, request.submitted_by}
    is_of_team = happened.doer(request) == "team"
    match happened.action:
        case Action.COMMENT:
            people, thread = set[int](), True
        case Action.ASSIGN:
            people, thread = {int(happened.given["assignee"])}, False
        case _:
            people, thread = theirs, not is_of_team or happened.action == MERGED_IN
    if happened.action in _DECISIONS:
        people = people | set(others)
    return Audience(frozenset(people - {happened.by, 0}), thread)


def to_person(
    happened: Happened, request: Request, known: Known, name: str, language: str, *, own: bool
) -> Card:
    """What one person reads; `own`: it is their request, so they can do something about it."""
    sentence = _sentence(happened, request, name, language)
    parts: list[Element] = [Text(sentence, "strong"), *_content(happened, language)]
    if happened.action == Action.ASK and own and known.due and request.state is State.IN_CLARIFICATION:
        key = "triage.told.answer_by_resting" if known.rests else "triage.told.answer_by"
        parts.append(Text(say(language, key, due=known.due)))
    parts += _beside(happened, language)
    may = possible(Standing(request.state, request.before), frozenset({"requester"}))
    wanted = [one for one in _NEXT.get(happened.action, ()) if own and one in may]
    row = [buttons.button(one, request, language, primary=at == 0) for at, one in enumerate(wanted)]
    return Card(sentence, (*parts, Buttons((*row, buttons.show(request, language)))))


def to_team(happened: Happened, request: Request, name: str, language: str) -> Card:
    """What stands in the thread of the team's card; of what is confidential, no word."""
    sentence = _sentence(happened, request, name, language)
    if request.confidential:
        said = f"{sentence[:-1]}." if sentence.endswith(":") else sentence
        parts = [Text(said), *_beside(happened, language), Buttons((buttons.show(request, language),))]
        return Card(said, tuple(parts))
    parts = [Text(sentence, "strong"), *_content(happened, language), *_beside(happened, language)]
    row: list[Button] = []
    if happened.action == Action.PROPOSE:
        row = [buttons.diff_button(request, language)]
    if happened.action == UNREACHED and request.state is State.IN_CLARIFICATION:
        row = [buttons.button(Action.SETTLE, request, language)]
    return Card(sentence, (*parts, *([Buttons(tuple(row))] if row else [])))


def _sentence(happened: Happened, request: Request, name: str, language: str) -> str:
    target = happened.given.get("target") or happened.given.get("request") or ""
    values = {"name": name, "label": request.label, "target": f"REQ-{target}"}
    return say(language, f"triage.told.{happened.doer(request)}.{happened.action}", **values)


def _content(happened: Happened, language: str) -> Iterator[Element]:
    """What was given: texts as they were written, the rest as facts."""
    given = happened.given
    for name in _QUOTED:
        if text := given.get(name):
            yield Text(str(text))
    rows = {
        "triage.day": _day(given.get("date"), language),
        "triage.told.reason": _reason(happened, language),
        "triage.said.would_change": str(given.get("would_change") or ""),
        "triage.told.figures": figures(given),
    }
    found = tuple((say(language, key), text) for key, text in rows.items() if text)
    if found:
        yield Facts(found)


def _reason(happened: Happened, language: str) -> str:
    reason = str(happened.given.get("reason") or "")
    return say(language, f"triage.reason.{reason}") if happened.action == Action.DECLINE else reason


def _day(date: Any, language: str) -> str:
    return day_text(dt.date.fromisoformat(str(date)), language) if date else ""


def _beside(happened: Happened, language: str) -> list[Element]:
    """Files and mentions stay where they are; nobody has to guess that there are some."""
    return [Text(say(language, f"triage.told.beside.{one}"), "subtle") for one in sorted(happened.beside)]
