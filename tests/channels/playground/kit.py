"""A playground without features: a router that answers what a test tells it to, and remembers what came."""

from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.channels.playground.app import Playground
from bot.channels.playground.people import PEOPLE, Seat, seat
from bot.channels.playground.render import new_key
from bot.channels.playground.store import Draft, Message, OpenForm, Store
from bot.chat.events import Account, AnyEvent, Asker, Place
from bot.chat.replies import Reply, Silent
from bot.chat.router import Router
from bot.chat.ui import (
    AnyInput,
    Button,
    Buttons,
    Card,
    ChoiceInput,
    DateInput,
    Form,
    FormElement,
    LinesInput,
    Option,
    PersonInput,
    SearchInput,
    Text,
    TextInput,
)

HOSTILE = (
    "<script>document.title='x'</script>",
    "<img src=x onerror=\"document.title='x'\">",
    "\"><svg onload=document.title='x'>",
    "javascript:document.title='x'",
    "{{ 7 * 7 }} {% raw %} {0} %s ${x}",
    "*b* _i_ `c` [l](http://x) <!channel> @everyone &lt;b&gt; &amp;",
)
AT = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


class Script:
    """The handlers of everything: `replies` are given in turn, then silence; `events` is what came."""

    def __init__(self) -> None:
        self.events: list[AnyEvent] = []
        self.replies: deque[Reply | Exception] = deque()
        self.router = Router()
        self.router.on_text(lambda _: True, self._answer)
        self.router.on_action("act", self._answer)
        self.router.on_form("form", self._answer)
        self.router.on_change("form", self._answer)
        self.router.on_close("form", self._answer)
        self.router.on_options("find", self._answer)
        self.router.on_message("explain", self._answer)
        self.router.on_home(self._answer)

    def then(self, *replies: Reply | Exception) -> None:
        """What the next events get."""
        self.replies.extend(replies)

    @property
    def last(self) -> AnyEvent:
        """The newest event."""
        return self.events[-1]

    async def _answer(self, event: AnyEvent) -> Reply:
        self.events.append(event)
        reply = self.replies.popleft() if self.replies else Silent()
        if isinstance(reply, Exception):
            raise reply
        return reply


async def context(account: Account, place: Place, name: str = "") -> Asker:
    """Who asks, without a memory."""
    number = list(PEOPLE).index(account.id) + 1
    return Asker(number, name, PEOPLE[account.id].language)


def at(person: str, room: str = "marketing") -> Seat:
    """Somebody somewhere."""
    found = seat(person, room)
    assert found is not None
    return found


MARA, SVEN, ALONE = at("mara"), at("sven"), at("mara", "klartext")
QUESTION = TextInput("a", "A", live=True)


def card(*texts: str) -> Card:
    """A card of plain words."""
    return Card(texts[0], tuple(Text(text) for text in texts))


def with_button(value: str = "v", **given: object) -> Card:
    """A card with one button."""
    button = Button("Press", "act", value, **given)  # type: ignore[arg-type]
    return Card("A card", (Text("A card", "strong"), Buttons((button,))))


def form(*questions: FormElement, **given: object) -> Form:
    """A form with these questions."""
    return Form("form", "A form", questions or ALL, "Send it", "Leave it", **given)  # type: ignore[arg-type]


COLOURS = (Option("r", "Red"), Option("g", "Green & <b>"), Option("b", "Blue"))
ALL: tuple[AnyInput, ...] = (
    TextInput("line", "A line", hint="Short"),
    TextInput("count", "How many", required=False, kind="number"),
    TextInput("mail", "Whom", required=False, kind="email"),
    TextInput("link", "Where", required=False, kind="url"),
    LinesInput("lines", "Lines", required=False, max_length=20),
    ChoiceInput("one", "One", options=COLOURS, initial=("g",), live=True),
    ChoiceInput("some", "Some", required=False, options=COLOURS, several=True),
    ChoiceInput(
        "many", "Many", required=False, options=tuple(Option(str(n), f"No. {n}") for n in range(12))
    ),
    SearchInput("find", "Search", required=False, initial=(Option("a", "Alpha"),)),
    SearchInput("finds", "Searches", required=False, several=True),
    DateInput("day", "Day", required=False),
    PersonInput("who", "Who", required=False),
    PersonInput("team", "Team", required=False, several=True),
)


@asynccontextmanager
async def browsing(page: Playground, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser on the pages, as far as it is addresses and forms."""
    transport = httpx.ASGITransport(Starlette(routes=list(page.routes)), raise_app_exceptions=False)
    same = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1:8080", headers={**same, **headers}
    ) as browser:
        yield browser


def fields(key: str | None = None, **given: str | Sequence[str]) -> dict[str, str | Sequence[str]]:
    """What a form of the page posts."""
    return {"key": key or new_key(), **given}


def seen(store: Store, seat: Seat = MARA) -> list[Message]:
    """What stands before somebody."""
    return store.messages(seat.place.id, seat.person.id)


def told(store: Store, card: Card, seat: Seat = MARA, audience: str | None = None) -> str:
    """Klartext posts a card; its number as a client names it."""
    return str(store.post(Draft(seat.place.id, "klartext", card=card, audience=audience)).number)


def opened(store: Store, person: str = "mara", *questions: AnyInput, **given: Any) -> OpenForm:
    """A form is open before somebody."""
    shown = OpenForm(
        f"form-of-{person}", "drawing-1", "marketing", form(*(questions or (QUESTION,))), **given
    )
    store.open(person, shown)
    return shown
