"""One table: which handler serves which event. Errors end here, as a friendly sentence with an id.

A handler takes an event and returns a reply; it makes no network call.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from bot.chat.events import (
    AnyEvent,
    ButtonPressed,
    FieldChanged,
    FormClosed,
    FormSubmitted,
    HomeOpened,
    MessageChosen,
    OptionsWanted,
    TermSearched,
    TextReceived,
)
from bot.chat.ports import JobHandler
from bot.chat.replies import WHOLE_FORM, Errors, Home, Reply, Results, Silent, Tell
from bot.chat.ui import Card, Divider, Text
from bot.i18n import say

OLD_CARD = "chat.old_card"
_OLD_FORM = "chat.old_form"

log = logging.getLogger(__name__)

ANY = "*"  # in the place of an action

E = TypeVar("E")
T = TypeVar("T")
Handler = Callable[[E], Awaitable[Reply]]
TextHandler = Callable[[TextReceived], Awaitable[Reply | None]]


class Refused(Exception):
    """An expected failure that a person may read. `key` names the sentence in the locale files."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class Router:
    """Features register their handlers, channels hand their events over.

    `expected` are failures that pass by themselves, with the key of the sentence that says so.
    """

    def __init__(self, expected: Mapping[type[Exception], str] | None = None) -> None:
        self._expected = expected or {}
        self._texts: list[tuple[Callable[[TextReceived], bool], TextHandler]] = []
        self._actions: dict[str, Handler[ButtonPressed]] = {}
        self._forms: dict[str, Handler[FormSubmitted]] = {}
        self._changes: dict[str, Handler[FieldChanged]] = {}
        self._closings: dict[str, Handler[FormClosed]] = {}
        self._options: dict[str, Handler[OptionsWanted]] = {}
        self._messages: dict[str, Handler[MessageChosen]] = {}
        self._search: Handler[TermSearched] | None = None
        self._home: Handler[HomeOpened] | None = None
        self.jobs: dict[str, JobHandler] = {}

    def on_text(self, wanted: Callable[[TextReceived], bool], handler: TextHandler) -> None:
        """Serve the texts that are wanted; the first that wants a text gets it. A handler that finds out
        that a text is not for it returns None: then the next one is asked.
        """
        self._texts.append((wanted, handler))

    def on_action(self, action: str, handler: Handler[ButtonPressed]) -> None:
        """Serve a button."""
        _add(self._actions, action, handler)

    def on_form(self, action: str, handler: Handler[FormSubmitted]) -> None:
        """Serve a form that was sent."""
        _add(self._forms, action, handler)

    def on_change(self, action: str, handler: Handler[FieldChanged]) -> None:
        """Serve an answer inside an open form."""
        _add(self._changes, action, handler)

    def on_close(self, action: str, handler: Handler[FormClosed]) -> None:
        """Serve a form that was closed."""
        _add(self._closings, action, handler)

    def on_options(self, action: str, handler: Handler[OptionsWanted]) -> None:
        """Serve a search field of a form; ANY: every one that nobody else serves."""
        _add(self._options, action, handler)

    def on_message(self, action: str, handler: Handler[MessageChosen]) -> None:
        """Serve a message shortcut."""
        _add(self._messages, action, handler)

    def on_search(self, handler: Handler[TermSearched]) -> None:
        """Serve the search for a term."""
        self._search = handler

    def on_home(self, handler: Handler[HomeOpened]) -> None:
        """Serve the home page."""
        self._home = handler

    def on_job(self, kind: str, handler: JobHandler) -> None:
        """Do the jobs of a kind."""
        _add(self.jobs, kind, handler)

    async def handle(self, event: AnyEvent) -> Reply:
        """The reply to an event. Never raises: what goes wrong is told, with an id for the log."""
        try:
            return await self._answered(event)
        except Exception as error:
            sentence = self.sorry(error, event.asker.language, type(event).__name__)
            return _told(event, _card(sentence))

    def sorry(self, error: Exception, language: str, kind: str) -> str:
        """What to say about a failure, also one on the way to us; its id leads to the cause in the log."""
        number, key = secrets.token_hex(4), self._expected.get(type(error), "chat.broken")
        log.error("event failed id=%s kind=%s", number, kind, exc_info=error)
        return say(language, key, id=number)

    async def _answered(self, event: AnyEvent) -> Reply:
        """What is refused is said; to whoever presses an old card, with a fresh one."""
        try:
            return await self._serve(event)
        except Refused as refused:
            is_old, on_form = refused.key == OLD_CARD, isinstance(event, FormSubmitted | FieldChanged)
            key = _OLD_FORM if is_old and on_form else refused.key
            card = _card(say(event.asker.language, key, **refused.values))
            if is_old and not on_form and self._home:
                fresh = await self._home(HomeOpened(event.asker, event.place, event.key))
                if isinstance(fresh, Home):
                    card = replace(card, elements=(*card.elements, Divider(), *fresh.card.elements))
            return _told(event, card)

    async def _serve(self, event: AnyEvent) -> Reply:
        match event:
            case TextReceived():
                for wanted, serve in self._texts:
                    if wanted(event) and (reply := await serve(event)) is not None:
                        return reply
                return Silent()
            case ButtonPressed():
                return await _known(self._actions, event.action)(event)
            case FormSubmitted():
                return await _known(self._forms, event.action)(event)
            case FieldChanged():
                return await _known(self._changes, event.action)(event)
            case FormClosed():
                closing = self._closings.get(event.action)
                return await closing(event) if closing else Silent()
            case OptionsWanted():
                action = event.action if event.action in self._options else ANY
                return await _known(self._options, action)(event)
            case MessageChosen():
                return await _known(self._messages, event.action)(event)
            case TermSearched():
                return await self._search(event) if self._search else Results(())
            case HomeOpened():
                return await self._home(event) if self._home else Silent()


def _add(table: dict[str, T], action: str, handler: T) -> None:
    if action in table:
        raise ValueError(f"two handlers for {action!r}")
    table[action] = handler


def _known(table: dict[str, Handler[E]], action: str) -> Handler[E]:
    """The handler of an action; a card of an older version may name one that is gone."""
    if action not in table:
        raise Refused(OLD_CARD)
    return table[action]


def _card(sentence: str) -> Card:
    return Card(sentence, (Text(sentence),))


def _told(event: AnyEvent, card: Card) -> Reply:
    """A form stays open whatever happens: closing it would lose what somebody has typed."""
    match event:
        case FormSubmitted() | FieldChanged():
            return Errors({WHOLE_FORM: card.summary})
        case OptionsWanted() | TermSearched():
            return Results(())
        case _:
            return Tell(card)
