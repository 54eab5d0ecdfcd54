"""Turns what somebody did on the page into an event, and the reply into what stands on the page.

Everything that a client names (message, button, form, question) is looked up and checked for who may see
it before an event is made of it.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.channels.playground import answers as form_answers
from bot.channels.playground.people import CHANNEL, KLARTEXT, Seat
from bot.channels.playground.render import new_key
from bot.channels.playground.replies import Replies, Source
from bot.channels.playground.store import Draft, Message, OpenForm, Store, whole
from bot.chat.events import (
    Account,
    Asker,
    ButtonPressed,
    FieldChanged,
    FormClosed,
    FormSubmitted,
    HomeOpened,
    MessageChosen,
    MessageRef,
    OptionsWanted,
    Place,
    TextReceived,
)
from bot.chat.ports import Context
from bot.chat.replies import Errors, Home, Results, Silent, Tell
from bot.chat.router import Router
from bot.chat.ui import Buttons, Card, Element, Expandable, Option, SearchInput
from bot.text.clean import visible

MAX_TEXT = 40_000  # characters of one message, as in Slack
HOME = "home"  # what a button of the home page names as its message
_MAX_OFFERED = 500  # options of a search field that are remembered
_COMMAND = re.compile(r"/([a-zäöü][\w-]{0,30})(?:\s+|$)", re.IGNORECASE)
_MENTION = re.compile(rf"(?<!\w)@{KLARTEXT}\b[,:]?", re.IGNORECASE)
_KEY = re.compile(r"[0-9A-Za-z-]{8,64}")


class Sorry(Exception):
    """Nothing was done. `key` names the sentence that says why and what to do instead."""

    def __init__(self, key: str, status: int = 404, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.status = status
        self.values = values


class Listener:
    """Hands over what people do, one thing after the other for each of them."""

    def __init__(self, router: Router, context: Context, store: Store, actions: Sequence[str] = ()) -> None:
        self._router = router
        self._context = context
        self._store = store
        self._replies = Replies(store)
        self._actions = frozenset(actions)
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def talk(self, seat: Seat, typed: str, key: str, thread: str = "") -> None:
        """Somebody sent a message. The same key twice is one message. Raises Sorry."""
        if len(typed) > MAX_TEXT:
            raise Sorry("playground.error.too_long", 422, most=f"{MAX_TEXT:_}".replace("_", " "))
        text = visible(typed).replace("\r\n", "\n").replace("\r", "\n").strip()
        if not text:
            return
        root = self._root(seat, thread)
        async with self._turn(seat, key) as (own_key, is_new):
            if not is_new:
                return
            if command := _COMMAND.match(text):
                await self._command(seat, text, command, own_key, root)
            else:
                await self._say(seat, text, own_key, root)

    async def _command(
        self, seat: Seat, text: str, command: re.Match[str], key: str, root: int | None
    ) -> None:
        name, rest = command.group(1).casefold(), text[command.end() :]
        place = replace(seat.place, thread=str(root) if root else None)
        asker = await self._asker(seat, place)
        reply = await self._router.handle(TextReceived(asker, place, key, rest, True, name))
        if isinstance(reply, Silent):
            raise Sorry("playground.error.unknown_command", 422, name=name)
        self._replies.apply(reply, Source(seat, key, asked=text), root)

    async def _say(self, seat: Seat, text: str, key: str, root: int | None) -> None:
        draft = Draft(seat.place.id, seat.person.id, text, thread=root, key=key)
        message = self._store.post(draft)
        place = replace(seat.place, thread=str(root) if root else None)
        addressed = seat.room == KLARTEXT or _MENTION.search(text) is not None
        heard = _MENTION.sub(" ", text).strip()
        event = TextReceived(await self._asker(seat, place), place, key, heard, addressed)
        self._replies.apply(await self._router.handle(event), Source(seat, key, message=message), root)

    async def press(self, seat: Seat, message: str, action: str, value: str, key: str) -> None:
        """Somebody pressed a button of a card. Raises Sorry if they cannot see the card."""
        async with self._turn(seat, key) as (own_key, is_new):
            if not is_new:
                return
            asker = await self._asker(seat, seat.place)
            if message == HOME:
                source = Source(seat, own_key, does="home")
                card = self._store.home(seat.person.id)
                event = ButtonPressed(asker, seat.place, own_key, action, value)
            else:
                found = self._visible(seat, message)
                source, card = Source(seat, own_key, message=found, does="presses"), found.card
                event = ButtonPressed(asker, seat.place, own_key, action, value, _reference(seat, found))
            if card is None or not _offers(card.elements, action, value):
                event = replace(event, action="", value="")  # nobody's: the router brings a fresh card
            self._replies.apply(await self._router.handle(event), source)

    async def choose(self, seat: Seat, message: str, action: str, key: str) -> None:
        """Somebody asks for something with a message of anyone. Raises Sorry."""
        found = self._visible(seat, message)
        if action not in self._actions:
            raise Sorry("playground.error.no_action")
        text = found.text or (found.card.summary if found.card else "")
        async with self._turn(seat, key) as (own_key, is_new):
            if not is_new:
                return
            asker = await self._asker(seat, seat.place)
            event = MessageChosen(asker, seat.place, own_key, action, text, _reference(seat, found))
            source = Source(seat, own_key, message=found, does="presses")
            self._replies.apply(await self._router.handle(event), source)

    async def submit(
        self, seat: Seat, form: str, key: str, posted: Mapping[str, Sequence[str]], button: str | None
    ) -> None:
        """Somebody sent the form that they have open, or pressed a button of it. Raises Sorry."""
        async with self._turns[seat.person.id]:
            shown = self._open_form(seat, form)
            if shown.drawing != key:
                return  # a double click, or a window that shows an older page: it gets the newest one
            given = form_answers.read(shown, posted)
            seat = seat.at(shown.room)
            asker = await self._asker(seat, seat.place)
            source = Source(seat, _own(seat, key), form=replace(shown, answers=given), does="submits")
            if button is None and (wrong := form_answers.complaints(shown, given, asker.language)):
                self._replies.apply(Errors(wrong), source)
                return
            if button is not None and button not in {own.action for own in shown.form.buttons}:
                raise Sorry("playground.error.no_form")
            event = FormSubmitted(
                asker,
                seat.place,
                source.key,
                shown.form.action,
                form_answers.possible(shown, given),
                shown.form.state,
                shown.form.revision,
                button,
            )
            self._replies.apply(await self._router.handle(event), source)

    async def change(
        self, seat: Seat, form: str, key: str, posted: Mapping[str, Sequence[str]], changed: str
    ) -> None:
        """Somebody answered a question of the open form. What was typed is kept. Raises Sorry."""
        async with self._turns[seat.person.id]:
            shown = self._open_form(seat, form)
            if shown.drawing != key:
                return
            shown = replace(shown, answers=form_answers.read(shown, posted))
            self._store.open(seat.person.id, shown)
            if changed not in {question.id for question in form_answers.questions(shown) if question.live}:
                return
            seat = seat.at(shown.room)
            event = FieldChanged(
                await self._asker(seat, seat.place),
                seat.place,
                _own(seat, new_key()),
                shown.form.action,
                changed,
                form_answers.possible(shown, shown.answers),
                shown.form.state,
                shown.form.revision,
            )
            self._replies.apply(
                await self._router.handle(event), Source(seat, event.key, form=shown, does="changes")
            )

    async def close(self, seat: Seat, form: str, key: str) -> None:
        """Somebody closed the form without sending it."""
        async with self._turns[seat.person.id]:
            shown = self._store.form(seat.person.id)
            if shown is None or shown.id != form:
                return
            seat = seat.at(shown.room)
            asker = await self._asker(seat, seat.place)
            self._store.shut(seat.person.id, form)
            event = FormClosed(asker, seat.place, _own(seat, key), shown.form.action, shown.form.state)
            self._replies.apply(await self._router.handle(event), Source(seat, event.key, does="closes"))

    async def options(self, seat: Seat, form: str, field: str, typed: str) -> tuple[Option, ...]:
        """What fits to what somebody types into a search field. Raises Sorry."""
        shown = self._open_form(seat, form)
        fields = {q.id for q in form_answers.questions(shown) if isinstance(q, SearchInput)}
        if field not in fields:
            raise Sorry("playground.error.no_form")
        seat = seat.at(shown.room)
        asker = await self._asker(seat, seat.place)
        event = OptionsWanted(asker, seat.place, _own(seat, new_key()), field, visible(typed[:200]))
        reply = await self._router.handle(event)
        if not isinstance(reply, Results):
            return ()
        async with self._turns[seat.person.id]:
            self._remember(seat, form, field, reply.options)
        return reply.options

    async def open_home(self, seat: Seat) -> Card | None:
        """The home page of the person: the newest, or the last one if there is none now."""
        asker = await self._asker(seat, seat.place)
        key = _own(seat, new_key())
        reply = await self._router.handle(HomeOpened(asker, seat.place, key))
        if isinstance(reply, Home):
            self._store.set_home(seat.person.id, reply.card)
        return reply.card if isinstance(reply, Home | Tell) else self._store.home(seat.person.id)

    @asynccontextmanager
    async def _turn(self, seat: Seat, key: str) -> AsyncIterator[tuple[str, bool]]:
        """One thing after the other for each person. Gives the key of the event, and whether it is new.

        What was broken off (the process died, the disk was full) is new when it is tried again.
        """
        key = _own(seat, key)
        async with self._turns[seat.person.id]:
            is_new = not self._store.is_done(key)
            yield key, is_new
            if is_new:
                self._store.set_done(key)

    def _remember(self, seat: Seat, form: str, field: str, options: Sequence[Option]) -> None:
        shown = self._store.form(seat.person.id)
        if shown is not None and shown.id == form:
            found = {option.value: option.label for option in options}
            older = {v: label for v, label in shown.offered.get(field, {}).items() if v not in found}
            newest = dict(list((older | found).items())[-_MAX_OFFERED:])
            self._store.open(seat.person.id, replace(shown, offered={**shown.offered, field: newest}))

    async def _asker(self, seat: Seat, place: Place) -> Asker:
        return await self._context(Account(CHANNEL, seat.person.id), place, seat.person.name)

    def _visible(self, seat: Seat, number: str) -> Message:
        message = self._store.message(whole(number))
        if message is None or not message.seen_by(seat.person.id, seat.place.id):
            raise Sorry("playground.error.no_message")
        return message

    def _root(self, seat: Seat, thread: str) -> int | None:
        if not thread:
            return None
        message = self._visible(seat, thread)
        return message.thread or message.number

    def _open_form(self, seat: Seat, form: str) -> OpenForm:
        shown = self._store.form(seat.person.id)
        if shown is None or shown.id != form:
            raise Sorry("playground.error.no_form")
        return shown


def _own(seat: Seat, key: str) -> str:
    """The key as an event carries it; a client cannot take away the key of somebody else."""
    return f"{seat.person.id}:{key if _KEY.fullmatch(key) else new_key()}"


def _reference(seat: Seat, message: Message) -> MessageRef:
    place = replace(seat.place, thread=str(message.thread) if message.thread else None)
    return MessageRef(place, str(message.number))


def _offers(elements: Sequence[Element], action: str, value: str) -> bool:
    for element in elements:
        match element:
            case Buttons(buttons, overflow):
                if any((button.action, button.value) == (action, value) for button in buttons + overflow):
                    return True
            case Expandable(_, inner):
                if _offers(inner, action, value):
                    return True
            case _:
                continue
    return False
