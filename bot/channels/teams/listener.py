"""Turns what somebody did in Teams into an event, and has it served. What a client sends is never believed.

Teams tells nobody when an answer inside a dialog changes. So a page that is sent with a changed `live`
answer is asked first what follows from it: if that brings other questions, the page comes back with them
and with everything that was typed; if not, it counts as sent.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.channels.teams.activity import (
    CHANNEL,
    Incoming,
    chosen_message,
    command_in,
    parameter,
    text_at,
)
from bot.channels.teams.forms import Page, complaints, live_answers, read_answers
from bot.channels.teams.render import OURS
from bot.channels.teams.sealed import BrokenSeal, OpenForm, Seal
from bot.channels.teams.sheet import Sheet
from bot.chat.events import (
    Account,
    AnyEvent,
    Asker,
    Beside,
    ButtonPressed,
    HomeOpened,
    MessageChosen,
    MessageRef,
    OptionsWanted,
    Place,
    TermSearched,
    TextReceived,
)
from bot.chat.ports import Addresses
from bot.chat.replies import Close, Errors, Home, Open, Reply, Results, Silent, Tell, Update
from bot.chat.router import Router
from bot.chat.ui import Button, Buttons, Card, Form, Text
from bot.i18n import LANGUAGES, say
from bot.text.clean import visible

SAY = "teams.say"  # a button that says again, as a click, what was written: only a click opens a dialog
_MOST_TYPED = 200  # characters in a search field
_MOST_REPEATED = 2_000  # characters of a text that a button says again


class Context(Protocol):
    """`ports.Context`, told which language the person's program speaks."""

    async def __call__(self, account: Account, place: Place, name: str = "", language: str = "") -> Asker:
        """Who asks."""
        ...


@dataclass(frozen=True, slots=True)
class Replace:
    """Put another card in the place of the one that the event came from."""

    card: Card


@dataclass(frozen=True, slots=True)
class Heard:
    """An event and its reply; `page` is the form that it came from, as it was filled in."""

    event: AnyEvent
    reply: Reply
    page: Page | None = None
    only: bool = False

    @property
    def asker(self) -> Asker:
        """Who did it."""
        return self.event.asker

    @property
    def shown(self) -> Tell | Replace | Open | Errors | Silent:
        """The reply, as far as Teams makes a difference."""
        match self.reply:
            case Update(shown):
                return Open(shown) if isinstance(shown, Form) else Replace(shown)
            case Close(card):
                return Tell(card) if card else Silent()
            case Home(card):
                return Tell(card)
            case Results():
                return Silent()
            case Tell() | Open() | Errors() | Silent():
                return self.reply


class Listener:
    """Makes events. Raises what `context` and `addresses` raise; the router never raises."""

    def __init__(
        self,
        router: Router,
        context: Context,
        addresses: Addresses,
        seal: Seal,
        commands: Collection[str] = (),
    ) -> None:
        self._router = router
        self._context = context
        self._addresses = addresses
        self._seal = seal
        self._commands = frozenset(commands)

    async def seen(self, incoming: Incoming) -> None:
        """Keep where this came from: the address of a service may change at any time."""
        await self._addresses.remember(CHANNEL, incoming.here)
        if incoming.account and incoming.member:
            await self._addresses.remember(CHANNEL, incoming.sender)

    async def text(
        self, incoming: Incoming, said: str, *, addressed: bool, beside: frozenset[Beside] = frozenset()
    ) -> Heard:
        """Somebody wrote."""
        command, text = command_in(said, self._commands, targeted=incoming.targeted)
        if not addressed:
            command, text = None, said
        asker = await self._asker(incoming)
        event = TextReceived(asker, incoming.place, incoming.key, text, addressed, command, beside)
        return await self._serve(event)

    async def command(self, incoming: Incoming, name: str) -> Heard:
        """Somebody chose an action of the message extension; it is a command without words."""
        return await self._say(incoming, name.casefold(), "")

    async def press(self, incoming: Incoming, data: Any) -> Heard:
        """Somebody pressed a button of a card, also one of an older version or of nobody."""
        own = ours(data)
        action, value = text_at(own, "action"), text_at(own, "value")
        if action == SAY:
            command, _, text = value.partition(" ")
            return await self._say(incoming, command.removeprefix("/") or None, text)
        message = MessageRef(incoming.place, incoming.of) if incoming.of else None
        asker = await self._asker(incoming)
        event = ButtonPressed(asker, incoming.place, incoming.key, action, value, message)
        return replace(await self._serve(event), only=own.get("only") is True)

    async def choose(self, incoming: Incoming, action: str, value: Mapping[str, Any]) -> Heard:
        """Somebody asks for something with a message of anyone."""
        id_, text = chosen_message(value)
        message = MessageRef(incoming.place, id_) if id_ else None
        asker = await self._asker(incoming)
        return await self._serve(
            MessageChosen(asker, incoming.place, incoming.key, action, visible(text), message)
        )

    async def search(self, incoming: Incoming, value: Mapping[str, Any]) -> Heard:
        """Somebody looks for a term to insert."""
        typed = visible(parameter(value)[:_MOST_TYPED])
        return await self._serve(
            TermSearched(await self._asker(incoming), incoming.place, incoming.key, typed)
        )

    async def options(self, incoming: Incoming, value: Mapping[str, Any]) -> Heard:
        """Somebody types into a search field of a form."""
        typed = visible(text_at(value, "queryText")[:_MOST_TYPED])
        asker, action = await self._asker(incoming), text_at(value, "dataset")
        return await self._serve(OptionsWanted(asker, incoming.place, incoming.key, action, typed))

    async def home(self, incoming: Incoming) -> Heard:
        """Somebody has Klartext for the first time."""
        return await self._serve(HomeOpened(await self._asker(incoming), incoming.place, incoming.key))

    async def send(self, incoming: Incoming, data: Any) -> Heard:
        """Somebody sent a form or closed it, or pressed a button in a dialog."""
        own = ours(data)
        if "form" not in own:
            return await self.press(incoming, data)
        asker = await self._asker(incoming)
        try:
            shown = self._seal.open(text_at(own, "form"), self._account(incoming))
        except BrokenSeal:
            return await self._serve(_nobodys(asker, incoming.place, incoming.key))
        key = f"{CHANNEL}:{self._account(incoming)}:{shown.nonce}"
        answered = read_answers(shown.form, data)
        sheet = Sheet(asker, incoming.place, key, shown.form, answered, shown.drawn)
        if own.get("close") is True:
            return await self._serve(sheet.closed())
        return await self._sent(sheet, text_at(own, "button") or None)

    def filled(self, incoming: Incoming, data: Any) -> Page | None:
        """The form in what a client sent, as somebody has filled it in; None if it is none of ours."""
        try:
            shown = self._seal.open(text_at(ours(data), "form"), self._account(incoming))
        except BrokenSeal:
            return None
        answered = read_answers(shown.form, data)
        return Page(shown.form, answered.given, labels=answered.labels, drawn=shown.drawn)

    def sorry(self, error: Exception, incoming: Incoming) -> str:
        """What to say about a failure before the router was asked."""
        kind = f"{incoming.type} {incoming.name}".strip()
        return self._router.sorry(error, incoming.language or LANGUAGES[0], kind)

    def token(self, page: Page, incoming: Incoming) -> str:
        """The page as its buttons send it back."""
        return self._seal.close(OpenForm(page.form, live_answers(page)), self._account(incoming))

    async def _sent(self, sheet: Sheet, button: str | None) -> Heard:
        """A button of the form sends half a page, too: only "send" is looked at closely."""
        if button is None:
            return await self._sent_whole(sheet)
        if button not in {own.action for own in sheet.form.buttons}:
            return await self._serve(_nobodys(sheet.asker, sheet.place, sheet.key))
        return replace(await self._serve(sheet.submitted(button)), page=sheet.page())

    async def _sent_whole(self, sheet: Sheet) -> Heard:
        for changed in sheet.changed():
            heard = await self._serve(sheet.field_changed(changed))
            match heard.reply:
                case Update(Form() as form) if key := _worth_a_look(sheet, form):
                    note = say(sheet.asker.language, key)
                    return replace(heard, page=sheet.on(form).page(note))
                case Update(Form() as form):
                    sheet = sheet.on(form)
                case Silent():
                    continue
                case _:
                    return replace(heard, page=sheet.unasked())
        event = sheet.submitted()
        if wrong := complaints(sheet.form, sheet.answered.given, sheet.asker.language):
            return Heard(event, Errors(wrong), sheet.page())
        return replace(await self._serve(event), page=sheet.page())

    async def _say(self, incoming: Incoming, command: str | None, text: str) -> Heard:
        asker = await self._asker(incoming)
        event = TextReceived(asker, incoming.place, incoming.key, text, command=command)
        return await self._serve(event)

    async def _serve(self, event: AnyEvent) -> Heard:
        return Heard(event, await self._router.handle(event))

    async def _asker(self, incoming: Incoming) -> Asker:
        await self.seen(incoming)
        assert incoming.account  # noqa: S101  (`usable` lets no message and no invoke in without a sender)
        return await self._context(incoming.account, incoming.place, incoming.person, incoming.language)

    def _account(self, incoming: Incoming) -> str:
        return incoming.account.id if incoming.account else ""


def _worth_a_look(sheet: Sheet, form: Form) -> str:
    """The sentence with which a page comes back before it is sent, "" if nothing new stands on it."""
    if sheet.asks_otherwise(form):
        return "teams.more_questions"
    return "teams.more_to_read" if sheet.says_more(form) else ""


def _nobodys(asker: Asker, place: Place, key: str) -> ButtonPressed:
    """A form that cannot be drawn again: the router says so, with a fresh card."""
    return ButtonPressed(asker, place, key, "", "")


def ours(data: Any) -> Mapping[str, Any]:
    """What we put into a button, as it came back; empty if it is not ours."""
    own = data.get(OURS) if isinstance(data, dict) else None
    return own if isinstance(own, dict) else {}


def opening(event: AnyEvent, reply: Open) -> Card:
    """A card with the button that opens a form: Teams opens a dialog only from a click."""
    title = reply.form.title
    button = reply.button or _again(event, title)
    return Card(title, (Text(title, "strong"), Buttons((replace(button, opens=True),))))


def _again(event: AnyEvent, title: str) -> Button:
    """Does the same once more, as a click."""
    match event:
        case ButtonPressed(action=action, value=value):
            return Button(title, action, value, "primary")
        case TextReceived(command=command, text=text):
            return Button(title, SAY, f"{command or ''} {text[:_MOST_REPEATED]}", "primary")
        case _:
            return Button(title, "")
