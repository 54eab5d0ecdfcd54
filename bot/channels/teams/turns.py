"""One activity, from what was heard to what is said: messages behind the 202, invokes as their own answer.

- A message is answered in the conversation. What Teams asks us to send later goes into the outbox.
- A press is answered in place; a dialog is answered inside the dialog, whatever the reply is.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.channels.teams import invokes
from bot.channels.teams.activity import Incoming, beside, is_addressed, is_only_a_card, words
from bot.channels.teams.background import Background
from bot.channels.teams.connector import CallFailed, NotInvited
from bot.channels.teams.forms import Page, form_json
from bot.channels.teams.invokes import Answer
from bot.channels.teams.listener import Heard, Listener, Replace, opening
from bot.channels.teams.voice import Voice
from bot.chat.events import MessageRef, Place, TextReceived
from bot.chat.ports import Address, Once, Outbox, RetryLater
from bot.chat.replies import WHOLE_FORM, Errors, Open, Results, Silent, Tell
from bot.chat.ui import Card, Text
from bot.i18n import LANGUAGES, say

Wait = Callable[[asyncio.Task[Any], float], Awaitable[None]]
To = Literal["private", "thread", "public"]
Invoke = Callable[[Incoming, dict[str, Any]], Awaitable[Answer]]
TYPING_AFTER = 2.0  # seconds
_SUBMITS = {"task/submit", "composeExtension/submitAction"}

_log = logging.getLogger(__name__)


async def wait_for(task: asyncio.Task[Any], seconds: float) -> None:
    """Until the task has ended, at most so long; it goes on."""
    await asyncio.wait({task}, timeout=seconds)


@dataclass(frozen=True, slots=True)
class Turns:
    """What is done with an activity that was let in."""

    listener: Listener
    voice: Voice
    once: Once
    outbox: Outbox
    background: Background
    wait: Wait = wait_for

    async def event(self, incoming: Incoming, body: Mapping[str, Any]) -> None:
        """A message, or something that happened: nobody waits for the answer."""
        if incoming.by_bot or is_only_a_card(body):
            return  # two bots would never stop, and a card that somebody shows is no question
        match incoming.type:
            case "message":
                await self._message(incoming, body)
            case "installationUpdate" if incoming.account and body.get("action") == "add":
                await self._installed(incoming)
            case "conversationUpdate":
                await self.listener.seen(incoming)
            case _:
                pass  # reactions, edits and deletions of others: nothing that Klartext was asked

    async def invoke(self, incoming: Incoming) -> Answer:
        """Something that Teams shows at once. 501 for what we do not know; never raises."""
        serve = self._invokes().get(incoming.name)
        if serve is None:
            return Answer(501)
        try:
            return await serve(incoming, incoming.value)
        except Exception as error:
            return self._broken_invoke(incoming, self.listener.sorry(error, incoming))

    def _invokes(self) -> dict[str, Invoke]:
        return {
            "adaptiveCard/action": self._press,
            "task/fetch": self._fetch,
            "task/submit": self._submit,
            "composeExtension/query": self._query,
            "composeExtension/fetchTask": self._fetch_action,
            "composeExtension/submitAction": self._submit,
            "application/search": self._search,
        }

    async def _message(self, incoming: Incoming, body: Mapping[str, Any]) -> None:
        try:
            if not incoming.id or await self.once.first(incoming.key):
                await self._say(await self._patiently(self._heard(incoming, body), incoming), incoming)
        except (NotInvited, CallFailed) as refused:
            _log.warning("an answer could not be given: %s", refused)
        except Exception as error:
            await self._tell(_card(self.listener.sorry(error, incoming)), "private", incoming)

    async def _patiently(self, hearing: Coroutine[Any, Any, Heard], incoming: Incoming) -> Heard:
        """Wait for it; if it takes long, show that an answer is on its way."""
        work = asyncio.create_task(hearing)
        await self.wait(work, TYPING_AFTER)
        if not work.done():
            with suppress(RetryLater, NotInvited, CallFailed):
                await self.voice.typing(incoming.here, incoming.place)
        return await work

    async def _heard(self, incoming: Incoming, body: Mapping[str, Any]) -> Heard:
        if incoming.value is not None and not body.get("text"):
            return await self.listener.press(incoming, incoming.value)  # Action.Submit outside a dialog
        addressed = is_addressed(body, incoming)
        return await self.listener.text(incoming, words(body), addressed=addressed, beside=beside(body))

    async def _installed(self, incoming: Incoming) -> None:
        """Somebody has added Klartext for themselves: what it is, once. A team is not greeted."""
        await self.listener.seen(incoming)
        if incoming.place.kind == "direct" and await self.once.first(f"{incoming.place.id}:installed"):
            await self._say(await self.listener.home(incoming), incoming)

    async def _say(self, heard: Heard, incoming: Incoming) -> None:
        """The reply to a message, as messages."""
        match heard.shown:
            case Tell(card, to):
                await self._tell(card, to, incoming)
            case Replace(card):
                await self._tell(card, "private", incoming)
            case Open() as reply:
                await self._tell(opening(heard.event, reply), "private", incoming)
            case Errors(sentences):
                await self._tell(_card(*sentences.values()), "private", incoming)
            case Silent():
                await self._unknown(heard, incoming)

    async def _unknown(self, heard: Heard, incoming: Incoming) -> None:
        event = heard.event
        if isinstance(event, TextReceived) and event.addressed and event.command is not None:
            sentence = say(heard.asker.language, "teams.unknown_command", name=event.command)
            await self._tell(_card(sentence), "private", incoming)

    async def _tell(self, card: Card, to: To, incoming: Incoming) -> None:
        """Now; if Teams asks for patience, the outbox says it later. A private question stays private."""
        here, place = incoming.here, incoming.place
        private = incoming.targeted or to == "private"
        try:
            if private:
                await self.voice.whisper(here, place, incoming.sender, card)
            else:
                await self.voice.post(here, _where(place, to), card)
        except RetryLater:
            await self._later(card, "private" if private else to, incoming)

    async def _later(self, card: Card, to: To, incoming: Incoming) -> None:
        key = f"{incoming.key}:told"
        if to == "private" and incoming.account:
            await self.outbox.whisper(incoming.place, incoming.account.id, card, key)
        else:
            account = incoming.account.id if incoming.account else None
            await self.outbox.post(_where(incoming.place, to), card, key, account)

    async def _press(self, incoming: Incoming, value: dict[str, Any]) -> Answer:
        heard = await self.listener.press(incoming, value["action"].get("data"))
        match heard.shown:
            case Replace(card):
                self._edit(incoming, card, only=heard.only)
                return invokes.replaced(card)
            case Tell(card, "private"):
                return self._aside(incoming, card)
            case Tell(card, to):
                await self._later(card, to, incoming)
                return invokes.notice(card.summary)
            case Open() as reply:
                return self._aside(incoming, opening(heard.event, reply))
            case Errors(sentences):
                return invokes.notice("\n".join(sentences.values()))
            case Silent():
                return invokes.notice(say(heard.asker.language, "teams.nothing"))

    def _aside(self, incoming: Incoming, card: Card) -> Answer:
        """To the one who pressed: a line at the button if that is all, else a message of its own."""
        sentence = invokes.only_words(card)
        if sentence is None:
            self.background.run(self._tell(card, "private", incoming), "an answer to a button")
        return invokes.notice(sentence or card.summary)

    def _edit(self, incoming: Incoming, card: Card, *, only: bool) -> None:
        """The answer changes what the presser sees now, the edit what stays.

        What several people see is not edited: it would show all of them what one asked for, in the words
        of that one's department and language. What concerns all is edited by a job.
        """
        if incoming.of and (only or incoming.place.kind == "direct"):
            message = MessageRef(incoming.place, incoming.of)
            self.background.run(self._edited(incoming.here, message, card, only), "an edit")

    async def _edited(self, here: Address, message: MessageRef, card: Card, only: bool) -> None:
        try:
            await self.voice.edit(here, message, card, only=only)
        except (RetryLater, NotInvited, CallFailed) as refused:
            _log.info("a card was changed until it is drawn anew: %s", refused)

    async def _fetch(self, incoming: Incoming, value: dict[str, Any]) -> Answer:
        return await self._in_dialog(await self.listener.press(incoming, value.get("data")), incoming)

    async def _submit(self, incoming: Incoming, value: dict[str, Any]) -> Answer:
        heard = await self.listener.send(incoming, value.get("data"))
        return await self._in_dialog(heard, incoming)

    async def _fetch_action(self, incoming: Incoming, value: dict[str, Any]) -> Answer:
        """An action of the message extension: on a message, or beside the text that is being written."""
        action = str(value.get("commandId", ""))
        if value.get("commandContext") == "message":
            return await self._in_dialog(await self.listener.choose(incoming, action, value), incoming)
        return await self._in_dialog(await self.listener.command(incoming, action), incoming)

    async def _query(self, incoming: Incoming, value: dict[str, Any]) -> Answer:
        heard = await self.listener.search(incoming, value)
        found = heard.reply if isinstance(heard.reply, Results) else Results(())
        nothing = say(heard.asker.language, "teams.nothing_found")
        return invokes.insertable(list(zip(found.options, found.cards, strict=False)), nothing)

    async def _search(self, incoming: Incoming, value: dict[str, Any]) -> Answer:
        reply = (await self.listener.options(incoming, value)).reply
        return invokes.options(reply.options if isinstance(reply, Results) else ())

    async def _in_dialog(self, heard: Heard, incoming: Incoming) -> Answer:
        """Whatever the reply is, it is shown in the dialog: dialogs do not stack."""
        match heard.shown:
            case Open(form):
                typed = heard.page if heard.page and heard.page.form is form else Page(form)
                return self._page(typed, heard.asker.language, incoming)
            case Errors(sentences) if heard.page:
                wrong = replace(heard.page, errors=sentences)
                return self._page(wrong, heard.asker.language, incoming)
            case Errors(sentences):
                return invokes.farewell("\n".join(sentences.values()))
            case Tell(card, "private") | Replace(card):
                sentence = invokes.only_words(card)
                return invokes.dialog_card(card) if sentence is None else invokes.farewell(sentence)
            case Tell(card, to):
                await self._later(card, to, incoming)
                return invokes.farewell(card.summary)
            case Silent():
                if incoming.name in _SUBMITS:
                    return invokes.closed()
                return invokes.farewell(say(heard.asker.language, "teams.nothing"))

    def _page(self, page: Page, language: str, incoming: Incoming) -> Answer:
        drawn = form_json(page, self.listener.token(page, incoming), language)
        return invokes.dialog(page.form.title, drawn)

    def _broken_invoke(self, incoming: Incoming, sentence: str) -> Answer:
        """The sentence where somebody looks."""
        match incoming.name:
            case "adaptiveCard/action":
                return invokes.notice(sentence)
            case "application/search":
                return invokes.options(())
            case "composeExtension/query":
                return invokes.insertable((), sentence)
            case _:
                return self._broken_dialog(incoming, sentence)

    def _broken_dialog(self, incoming: Incoming, sentence: str) -> Answer:
        data = incoming.value.get("data") if isinstance(incoming.value, dict) else None
        page = self.listener.filled(incoming, data) if incoming.name in _SUBMITS else None
        if page is None:
            return invokes.farewell(sentence)  # nothing was typed
        language = incoming.language or LANGUAGES[0]
        return self._page(replace(page, errors={WHOLE_FORM: sentence}), language, incoming)


def _where(place: Place, to: To) -> Place:
    """Public is beside everything else, not in the thread."""
    return replace(place, thread=None) if to == "public" else place


def _card(*sentences: str) -> Card:
    return Card(sentences[0] if sentences else "", tuple(Text(sentence) for sentence in sentences))
