"""What both sides see of a request: the card of the team in its channel, and the requester's own. Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.chat.ui import Buttons, Card, Divider, Element, Facts, Table, Text
from bot.i18n import say
from bot.requests import sections
from bot.requests.changes import differences
from bot.requests.states import State
from bot.requests.tables import Request
from bot.text.clean import shown as as_typed
from bot.triage import buttons
from bot.triage.story import Story
from bot.triage.terms import day_text
from bot.triage.workflow import Action, turn

_TITLE = 150  # characters
_ROWS = 4  # of each section in the channel; the rest is behind the button
_CELL = 300  # characters of an answer beside another one
_WORDS = 600  # characters of what somebody wrote, on a card


@dataclass(frozen=True, slots=True)
class Known:
    """What is said about a request beside its own words; empty if unknown. `due` is when the side whose
    turn it is has to act, in words; `late`: that was in the past; `rests`: the team's clock rests while
    the other side is asked. `figure` is what is to move, by its name in the glossary.
    """

    requester: str = ""
    assignee: str = ""
    department: str = ""
    supporters: int = 0
    due: str = ""
    late: bool = False
    rests: bool = False
    figure: str = ""
    story: Story = field(default_factory=Story)


def headline(request: Request, known: Known, language: str) -> Card:
    """The one card of a request in the channel; a confidential one shows no word of it."""
    if request.confidential:
        return _covered(request, known, language)
    title = _title(request)
    parts: list[Element] = [Text(title, "strong"), _facts(request, known, language)]
    parts += [*_said(request, known, language), Divider()]
    parts += sections.elements(sections.read(request.sections, language), _ROWS)
    parts.append(Text(say(language, "triage.team_hint"), "subtle"))
    parts.append(buttons.of_team(request, known.story, language))  # last: so they are kept if it is cut
    return Card(title, tuple(parts))


def own(request: Request, known: Known, language: str, note: str = "", *, changes: bool = True) -> Card:
    """The requester's card: where it stands, whose turn it is, what they can do (`of_requester`)."""
    title = _title(request)
    names = ("state", "turn", "assignee", "next_step", "day", "supporters")
    rows = _rows(request, known, language, names, mine=True)
    head = (Text(note),) if note else ()
    body = (Text(title, "strong"), Facts(rows), *_said(request, known, language))
    asked = "asked" if request.state is State.IN_CLARIFICATION else "any"
    footer = Text(say(language, f"triage.own_hint.{asked}", label=request.label), "subtle")
    row = buttons.of_requester(request, language, changes=changes)
    return Card(note or title, (*head, *body, footer, row))


def fresh(request: Request, known: Known, language: str, note: str = "") -> Card:
    """The card of the team as it is now, with why it is shown again."""
    card = headline(request, known, language)
    if not note:
        return card
    return Card(note, (Text(note), Divider(), *card.elements))


def going_on(request: Request, known: Known, language: str) -> tuple[Element, ...]:
    """Whose turn it is, what comes next, what was said: below everything that was asked for."""
    rows = _rows(request, known, language, ("turn", "assignee", "priority", "next_step", "day"))
    return (Divider(), *([Facts(rows)] if rows else []), *_said(request, known, language))


def note(text: str) -> Card:
    """One sentence."""
    return Card(text, (Text(text),))


def proposal(request: Request, known: Known, language: str, *, decides: bool) -> Card:
    """What the requester would like to change: before and after, side by side."""
    title = say(language, "triage.proposal_title", label=request.label)
    found = known.story.proposal
    rows = tuple(
        (label, as_typed(before, _CELL), as_typed(after, _CELL))
        for label, before, after in differences(request, found.values if found else {}, language)
    )
    columns = tuple(say(language, f"triage.column.{name}") for name in ("what", "now", "proposed"))
    shown: Element = Table(columns, rows) if rows else Text(say(language, "triage.no_difference"))
    decide = (Buttons(tuple(buttons.decide(request, known.story, language))),) if decides and found else ()
    return Card(title, (Text(title, "strong"), shown, *decide))


def _title(request: Request) -> str:
    return f"{request.label} · {as_typed(request.title, _TITLE)}"


def _covered(request: Request, known: Known, language: str) -> Card:
    title = say(language, "request.confidential_title", label=request.label)
    department = known.department or "–"
    label = buttons.show(request, language).label
    text = say(language, "request.confidential_text", department=department, label=label)
    rows = _rows(request, known, language, ("state", "turn", "assignee", "priority"))
    shown = (Text(title, "strong"), Text(text), Facts(rows))
    return Card(title, (*shown, buttons.of_team(request, known.story, language)))


def _facts(request: Request, known: Known, language: str) -> Facts:
    names = ("state", "turn", "priority", "next_step", "day", "requester", "department", "assignee")
    return Facts(_rows(request, known, language, (*names, "supporters")))


def _rows(
    request: Request, known: Known, language: str, names: tuple[str, ...], *, mine: bool = False
) -> tuple[tuple[str, str], ...]:
    """The rows that have something to say. `mine`: the requester reads them."""
    day = known.story.day
    values = {
        "state": ("request.state_line", say(language, f"request.state.{request.state}")),
        "turn": ("triage.turn", _turn(request, known, language, mine=mine)),
        "priority": ("triage.priority_line", request.priority or ""),
        "next_step": ("triage.next_step", _short(known.story.word(Action.ACCEPT, "next_step"))),
        "day": ("triage.day", day_text(dt.date.fromisoformat(day), language) if day else ""),
        "requester": ("request.requester", known.requester),
        "department": ("request.department", known.department),
        "assignee": ("request.assignee", known.assignee),
        "supporters": ("request.supporters", str(known.supporters) if known.supporters else ""),
    }
    found = (values[name] for name in names)
    return tuple((say(language, key), text) for key, text in found if text)


def _turn(request: Request, known: Known, language: str, *, mine: bool) -> str:
    """Whose turn it is, and until when."""
    side = turn(request.state)
    if side == "nobody":
        return ""
    who = say(language, f"triage.side.{'you' if mine and side == 'requester' else side}")
    key = "triage.turn_late" if known.late else "triage.turn_due" if known.due else "triage.turn_open"
    return say(language, key, who=who, due=known.due)


def _said(request: Request, known: Known, language: str) -> Iterator[Element]:
    """What waits for an answer, or why it has ended."""
    story = known.story
    match request.state:
        case State.IN_CLARIFICATION:
            question = _short(story.word(Action.ASK, "text"))
            yield Text(say(language, "triage.said.asked"), "strong")
            yield Text(question or "–")
        case State.DECLINED:
            yield from declined(story, language)
        case State.MERGED:
            yield Text(say(language, "triage.said.merged", target=f"REQ-{request.merged_into}"))
        case State.DELIVERED | State.CONFIRMED:
            if moved := figures(story.said.get(Action.DELIVER, {})):
                yield Text(moved)
            yield Text(_short(story.word(Action.DELIVER, "effect")) or "–")
        case _:
            return


def declined(story: Story, language: str) -> Iterator[Element]:
    """Why not, and what would change the answer."""
    reason = story.word(Action.DECLINE, "reason")
    because = say(language, f"triage.reason.{reason}") if reason else ""
    detail = _short(story.word(Action.DECLINE, "detail"))
    yield Facts(
        tuple(
            (say(language, key), text)
            for key, text in (
                ("triage.said.declined", ": ".join(filter(None, (because, detail)))),
                ("triage.said.would_change", _short(story.word(Action.DECLINE, "would_change"))),
            )
            if text
        )
    )


def figures(given: Mapping[str, Any]) -> str:
    """What a delivery has moved: "Lead response time: 3 days → 24 h". "" without the figure of today: the
    one before alone would read as what has come of it.
    """
    kpi, before, after = (str(given.get(name) or "") for name in ("kpi", "before", "after"))
    return ": ".join(filter(None, (kpi, " → ".join(filter(None, (before, after)))))) if after else ""


def _short(text: str) -> str:
    return text if len(text) <= _WORDS else text[:_WORDS].rstrip() + "…"
