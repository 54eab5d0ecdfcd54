"""The cards around the dialog: the ways in, a draft that waits, what became of one's requests. Pure."""

from collections.abc import Iterable, Sequence

from bot.chat.ui import Bullets, Button, Buttons, Card, Divider, Element, Facts, Text
from bot.i18n import say
from bot.intake.drafts import Waiting
from bot.intake.model import Flow
from bot.intake.texts import localised
from bot.requests.tables import Request
from bot.text.clean import shown as as_typed

DISCARD = "request.discard_draft"
CONTINUE, FLOW, SETTLE = "request.continue", "request.flow", "request.settle"
START = "request.start"
SHOW, EDIT, MINE = "request.show", "request.edit", "request.mine"
DOUBTS = ("new", "existing", "unknown")  # what a wish may be about
_TITLE = 80  # characters of a title inside a line


def note(language: str, key: str, **values: object) -> Card:
    """One sentence."""
    sentence = say(language, key, **values)
    return Card(sentence, (Text(sentence),))


def continue_button(draft: int, language: str, key: str = "request.continue") -> Button:
    """Opens a draft where it stands."""
    return Button(say(language, key), CONTINUE, str(draft), style="primary", opens=True)


def discard_button(draft: int, language: str) -> Button:
    """Throws a draft away, for whoever did not mean to write one."""
    sure = say(language, "request.discard_sure")
    return Button(say(language, "request.discard"), DISCARD, str(draft), style="danger", confirm=sure)


def saved(draft: Waiting, language: str) -> Card:
    """It is kept; go on whenever you like."""
    title = as_typed(draft.title, _TITLE)
    sentence = say(language, "request.saved" if title else "request.saved_untitled", title=title)
    return Card(sentence, (Text(sentence), Buttons((continue_button(draft.number, language),))))


def waiting(draft: Waiting, language: str) -> Card:
    """A draft that was left alone."""
    title = as_typed(draft.title, _TITLE)
    sentence = say(language, "request.waiting" if title else "request.waiting_untitled", title=title)
    return Card(sentence, (Text(sentence), _goes_on(draft, language)))


def which_flow(flows: Iterable[Flow], drafts: Sequence[Waiting], language: str) -> Card:
    """Kinds of requests to choose from, and what was begun already."""
    title = say(language, "request.which_flow")
    parts: list[Element] = [Text(title, "strong")]
    for flow in flows:
        name = localised(flow.title, language, flow.address)
        parts += (
            [Text(localised(flow.description or {}, language, flow.address))] if flow.description else []
        )
        parts.append(Buttons((Button(name, FLOW, flow.id, style="primary", opens=True),)))
    if drafts:
        parts += [
            Divider(),
            Text(say(language, "request.mine_drafts"), "strong"),
            *_drafts(drafts, language),
        ]
    parts.append(Text(say(language, "request.which_flow_hint"), "subtle"))
    return Card(title, tuple(parts))


def in_doubt(draft: int, language: str) -> Card:
    """A new tool, or something that a system should do? Nobody is taken for a wisher who is none."""
    question = say(language, "request.doubt")
    buttons = tuple(
        Button(say(language, f"request.doubt_{kind}"), SETTLE, f"{draft} {kind}", opens=True)
        for kind in DOUBTS
    )
    return Card(question, (Text(question), Buttons(buttons)))


def elsewhere(draft: int, kind: str, language: str) -> Card:
    """An access, an incident, a licence: the right place, and a way on for whoever meant it."""
    sentence = say(language, f"request.{kind}")
    anyway = continue_button(draft, language, "request.anyway")
    return Card(
        sentence, (Text(sentence), Buttons((Button(anyway.label, CONTINUE, anyway.value, opens=True),)))
    )


def offer(draft: int, language: str) -> Card:
    """Somebody wrote what sounds like a wish."""
    question = say(language, "request.offer_made")
    button = continue_button(draft, language, "request.make_request")
    return Card(question, (Text(question), Buttons((button,))))


def sent(request: Request, due: str, language: str, *, is_new: bool) -> Card:
    """It is with the team: what happens next, and by when."""
    if not is_new:
        return note(language, "request.sent_already", label=request.label)
    title = say(language, "request.sent", label=request.label)
    when = [say(language, "request.sent_due", due=due)] if due else []
    parts = [title, *when, say(language, "request.sent_next")]
    return Card(title, (*map(Text, parts), Buttons((show_button(request, language),))))


def joined(request: Request, language: str) -> Card:
    """Somebody wants the same."""
    sentence = say(language, "request.joined", label=request.label)
    return Card(sentence, (Text(sentence), Buttons((show_button(request, language),))))


def mine(requests: Sequence[Request], drafts: Sequence[Waiting], language: str) -> Card:
    """What somebody asked for, and what they have not sent yet."""
    title = say(language, "request.mine_title")
    if not requests and not drafts:
        nothing = say(language, "request.mine_none")
        return Card(nothing, (Text(title, "strong"), Text(nothing)))
    parts: list[Element] = [Text(title, "strong")]
    for request in requests:
        parts += [Text(line(request, language)), Buttons((show_button(request, language),))]
    if drafts:
        parts += [
            Divider(),
            Text(say(language, "request.mine_drafts"), "strong"),
            *_drafts(drafts, language),
        ]
    return Card(title, tuple(parts))


def at_home(requests: Sequence[Request], drafts: Sequence[Waiting], language: str) -> tuple[Element, ...]:
    """The section of the home page: a way in, what waits, what became of the newest."""
    start = Button(say(language, "request.new"), START, style="primary")
    mine_ = Button(say(language, "request.mine_title"), MINE)
    buttons = (start, mine_) if requests or drafts else (start,)
    lines = tuple(line(request, language) for request in requests)
    return (
        Divider(),
        Text(say(language, "request.home_title"), "strong"),
        *([Bullets(lines)] if lines else []),
        Buttons(buttons),
        *_drafts(drafts, language),
    )


def line(request: Request, language: str) -> str:
    """A request in one line."""
    state = say(language, f"request.state.{request.state}")
    title = as_typed(request.title, _TITLE)
    return say(language, "request.mine_line", label=request.label, state=state, title=title)


def show_button(request: Request, language: str) -> Button:
    """Shows everything about a request."""
    label = say(language, "request.open_request", label=request.label)
    return Button(label, SHOW, str(request.number))


def whole(
    request: Request, facts: Facts, body: tuple[Element, ...], goes_on: tuple[Element, ...] = ()
) -> Card:
    """Everything about a request."""
    title = f"{request.label} · {request.title}"
    return Card(title, (Text(title, "strong"), facts, Divider(), *body, *goes_on))


def head(request: Request, requester: str, department: str, supporters: int, language: str) -> Facts:
    """Who, from where, how it stands."""
    rows = (
        (say(language, "request.state_line"), say(language, f"request.state.{request.state}")),
        (say(language, "request.requester"), requester),
        (say(language, "request.department"), department),
        (say(language, "request.supporters"), str(supporters) if supporters else ""),
    )
    return Facts(tuple((name, value) for name, value in rows if value))


def _drafts(drafts: Sequence[Waiting], language: str) -> list[Element]:
    parts: list[Element] = []
    for draft in drafts:
        title = as_typed(draft.title, _TITLE) or "…"
        parts.append(Text(say(language, "request.draft_line", title=title)))
        parts.append(_goes_on(draft, language))
    return parts


def _goes_on(draft: Waiting, language: str) -> Buttons:
    """On with it, or away."""
    return Buttons((continue_button(draft.number, language), discard_button(draft.number, language)))
