"""What the team sees of a request in its channel. Pure."""

from dataclasses import dataclass

from bot.chat.ui import Button, Buttons, Card, Divider, Element, Facts, Text
from bot.i18n import say
from bot.requests import sections
from bot.requests.tables import Request
from bot.text.clean import shown as as_typed

SHOW = "request.show"  # everything about a request, for whoever may see it
_TITLE = 150  # characters
_ROWS = 4  # of each section in the channel; the rest is behind the button


@dataclass(frozen=True, slots=True)
class Known:
    """What is said about a request beside its own words; empty if unknown."""

    requester: str = ""
    assignee: str = ""
    department: str = ""
    supporters: int = 0


def headline(request: Request, known: Known, language: str) -> Card:
    """The one card of a request in the channel; a confidential one shows no word of it."""
    if request.confidential:
        return _covered(request, known, language)
    title = f"{request.label} · {as_typed(request.title, _TITLE)}"
    parts: list[Element] = [Text(title, "strong"), _facts(request, known, language), Divider()]
    found = sections.read(request.sections, language)
    parts += sections.elements(found, _ROWS)
    parts.append(Buttons((_show(request, language),)))
    return Card(title, tuple(parts))


def _covered(request: Request, known: Known, language: str) -> Card:
    title = say(language, "request.confidential_title", label=request.label)
    button = _show(request, language)
    department = known.department or "–"
    text = say(language, "request.confidential_text", department=department, label=button.label)
    state = Facts(((say(language, "request.state_line"), say(language, f"request.state.{request.state}")),))
    return Card(title, (Text(title, "strong"), Text(text), state, Buttons((button,))))


def _facts(request: Request, known: Known, language: str) -> Facts:
    rows = (
        ("request.state_line", say(language, f"request.state.{request.state}")),
        ("request.requester", known.requester),
        ("request.department", known.department),
        ("request.assignee", known.assignee),
        ("request.supporters", str(known.supporters) if known.supporters else ""),
    )
    return Facts(tuple((say(language, key), value) for key, value in rows if value))


def _show(request: Request, language: str) -> Button:
    return Button(say(language, "request.open_request", label=request.label), SHOW, str(request.number))
