"""What a team sees of its queue: a list with filters, the oldest first. Pure."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.chat.ui import Button, Buttons, Card, Divider, Element, Form, Text, TextInput
from bot.i18n import say
from bot.text.clean import shown as as_typed
from bot.triage.buttons import SHOW
from bot.triage.queue_list import FOUND, LATE, STATES, VIEWS, Line, Page, Wanted
from bot.triage.terms import moment_text
from bot.triage.workflow import turn

LIST, SEARCH = "queue.list", "queue.search"
TEXT = "text"  # the field of the search
MOST_TYPED = 100  # characters of a search
_TITLE = 80  # characters of a title inside a line
_PARTS, _DIGITS = 4, 15  # of a button's value


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and when. `names` are those of people, `zone` is the one in which a flow's team works."""

    language: str
    at: dt.datetime
    names: Mapping[int, str]
    zone: Callable[[str], ZoneInfo]


def value(wanted: Wanted) -> str:
    """A list as a button carries it."""
    due = wanted.due.isoformat() if wanted.due else ""
    return f"{wanted.view}|{wanted.after}|{due}|{wanted.text[:MOST_TYPED]}"


def wanted(text: str) -> Wanted | None:
    """The list that a button names, None if there is no such list."""
    parts = text.split("|", _PARTS - 1)
    if len(parts) != _PARTS or parts[0] not in {*VIEWS, *STATES, FOUND}:
        return None
    view, after, due, typed = parts
    if not (after.isascii() and after.isdigit() and len(after) <= _DIGITS):
        return None
    try:
        moment = dt.datetime.fromisoformat(due) if due else None
    except ValueError:
        return None
    if moment is not None and moment.tzinfo is None:
        return None
    return Wanted(view, typed[:MOST_TYPED], int(after), moment)


def listed(page: Page, reader: Reader) -> Card:
    """One page of a list, with the way to the next and to the others."""
    title = say(reader.language, "queue.title")
    return Card(title, (Text(title, "strong"), *_body(page, reader)))


def at_home(page: Page, reader: Reader) -> tuple[Element, ...]:
    """The same as a section of the home page."""
    title = say(reader.language, "queue.title")
    return (Divider(), Text(title, "strong"), *_body(page, reader))


def search_form(language: str) -> Form:
    """What to look for."""
    field = TextInput(
        TEXT,
        say(language, "queue.search_label"),
        hint=say(language, "queue.search_hint"),
        max_length=MOST_TYPED,
    )
    submit, cancel = say(language, "queue.search_send"), say(language, "chat.cancel")
    return Form(SEARCH, say(language, "queue.search"), (field,), submit, cancel)


def search_button(language: str) -> Button:
    """Opens the search."""
    return Button(say(language, "queue.search"), SEARCH, opens=True)


def _body(page: Page, reader: Reader) -> tuple[Element, ...]:
    language = reader.language
    parts: list[Element] = [Text(_heading(page.wanted, language), "subtle")]
    for line in page.lines:
        parts += [Text(_line(line, language)), Text(_turn(line, reader), "subtle")]
        label = say(language, "request.open_request", label=line.label)
        parts.append(Buttons((Button(label, SHOW, str(line.number)),)))
    if not page.lines:
        first = "queue.not_found" if page.wanted.view == FOUND else "queue.none"
        key = "queue.end" if page.wanted.after else first
        parts.append(Text(say(language, key)))
    if page.more:
        parts.append(Buttons((Button(say(language, "queue.more"), LIST, value(page.more)),)))
    views = tuple(_view_button(view, page.wanted.view, language) for view in VIEWS)
    states = tuple(_view_button(state, page.wanted.view, language) for state in STATES)
    return (*parts, Divider(), Buttons((*views, search_button(language)), states))


def _heading(wanted: Wanted, language: str) -> str:
    if wanted.view == FOUND:
        return say(language, "queue.found", text=as_typed(wanted.text))
    order = "queue.heading_late" if wanted.view == LATE else "queue.heading"
    return say(language, order, view=_name(wanted.view, language))


def _view_button(view: str, now: str, language: str) -> Button:
    return Button(_name(view, language), LIST, value(Wanted(view)), "primary" if view == now else "plain")


def _name(view: str, language: str) -> str:
    return say(language, f"queue.view.{view}" if view in VIEWS else f"request.state.{view}")


def _line(line: Line, language: str) -> str:
    title = say(language, "queue.covered") if line.covered else as_typed(line.title, _TITLE)
    state = say(language, f"request.state.{line.state}")
    return say(language, "request.mine_line", label=line.label, state=state, title=title)


def _turn(line: Line, reader: Reader) -> str:
    """Whose turn it is, by when, and who is in charge."""
    language = reader.language
    assignee = reader.names.get(line.assignee or 0, "")
    who = {
        "team": assignee or say(language, "queue.team"),
        "requester": reader.names.get(line.requester, "") or say(language, "queue.requester"),
        "nobody": "",
    }[turn(line.state)]
    parts = [say(language, "queue.turn", who=who)] if who else []
    if line.due is not None:
        key = "queue.late" if line.due < reader.at else "queue.due"
        parts.append(say(language, key, due=moment_text(line.due, reader.zone(line.flow), language)))
    if turn(line.state) != "team" and assignee:
        parts.append(say(language, "queue.in_charge", name=assignee))
    return " · ".join(parts) or say(language, "queue.nobodys_turn")
