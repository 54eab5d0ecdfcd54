"""Says cards in Teams. How something is said to one person alone is decided here and nowhere else.

In a channel or group Teams can show a message to one person ("targeted", since 2026). Where it refuses, the
card goes to the 1:1 chat; and if there is none, only a hint is said aloud: the card may not be for all.
"""

import logging
from dataclasses import replace

from bot.channels.teams.activity import CHANNEL, conversation
from bot.channels.teams.connector import CallFailed, Connector, NotInvited
from bot.channels.teams.fit import cut, fitted
from bot.channels.teams.render import FOR_ONE, IN_CHAT, Frame, Json, attachment, card_json
from bot.chat.events import MessageRef, Place
from bot.chat.ports import Address, Addresses
from bot.chat.ui import Card, Text
from bot.i18n import LANGUAGES, say

_SUMMARY = 150  # characters of a notification

_log = logging.getLogger(__name__)


class Voice:
    """Cards out. Everything raises RetryLater, NotInvited and CallFailed."""

    def __init__(self, connector: Connector, addresses: Addresses) -> None:
        self._connector = connector
        self._addresses = addresses

    async def post(self, here: Address, place: Place, card: Card) -> MessageRef:
        """Say it to everybody in a place; in a channel a new thread, if the place names none."""
        if place.kind != "public" or place.thread:
            message = await self._connector.post(here.service, conversation(place), _message(here, card))
            return MessageRef(place, message)
        parameters = {
            "isGroup": True,
            "bot": {"id": here.bot},
            "tenantId": here.tenant,
            "channelData": {"channel": {"id": place.id}},
            "activity": _message(here, card),
        }
        _, message = await self._connector.begin(here.service, parameters)
        return MessageRef(replace(place, thread=message), message)

    async def whisper(self, here: Address, place: Place, to: Address, card: Card) -> None:
        """Say it so that only one person sees it."""
        if place.kind == "direct":
            await self.post(here, place, card)
            return
        try:
            await self._target(here, place, to, card)
        except (NotInvited, CallFailed) as refused:
            _log.info("no targeted message, so a direct one: %s", refused)
            await self._aside(here, place, to, card)

    async def direct(self, to: Address, card: Card) -> MessageRef:
        """Say it to one person in their 1:1 chat."""
        to = await self._with_chat(to)
        return await self.post(to, Place(CHANNEL, to.chat, "direct"), card)

    async def edit(self, here: Address, message: MessageRef, card: Card, *, only: bool = False) -> None:
        """Put another card in the place of an older one; `only`: of a message that one person sees."""
        where, activity = conversation(message.place), _message(here, card, FOR_ONE if only else IN_CHAT)
        await self._connector.edit(here.service, where, message.id, activity, targeted=only)

    async def delete(self, here: Address, message: MessageRef) -> None:
        """Take a message back; one that is gone already stays so."""
        try:
            await self._connector.delete(here.service, conversation(message.place), message.id)
        except NotInvited as gone:
            _log.info("nothing to take back: %s", gone)

    async def typing(self, here: Address, place: Place) -> None:
        """Show that an answer is on its way."""
        activity = {"type": "typing", "from": {"id": here.bot}}
        await self._connector.post(here.service, conversation(place), activity)

    async def _target(self, here: Address, place: Place, to: Address, card: Card) -> None:
        activity = _message(here, card, FOR_ONE) | {"recipient": {"id": to.member}}
        await self._connector.post(here.service, conversation(place), activity, targeted=True)

    async def _aside(self, here: Address, place: Place, to: Address, card: Card) -> None:
        try:
            await self.direct(to, card)
        except NotInvited as refused:
            _log.warning("nobody can be told alone here, only a hint: %s", refused)
            sentence = say(to.language or LANGUAGES[0], "teams.not_here")
            await self.post(here, place, Card(sentence, (Text(sentence),)))

    async def _with_chat(self, to: Address) -> Address:
        """The address with a 1:1 chat, which is opened if there was none yet."""
        known = to if to.chat else await self._addresses.find(CHANNEL, to.id) or to
        if known.chat:
            return replace(known, service=to.service)
        parameters = {
            "isGroup": False,
            "bot": {"id": to.bot},
            "members": [{"id": to.member}],
            "tenantId": to.tenant,
            "channelData": {"tenant": {"id": to.tenant}},
        }
        chat, _ = await self._connector.begin(to.service, parameters)
        opened = replace(to, chat=chat)
        await self._addresses.remember(CHANNEL, opened)
        return opened


def _message(here: Address, card: Card, frame: Frame = IN_CHAT) -> Json:
    content = fitted(card, lambda shorter: card_json(shorter, frame))
    return {
        "type": "message",
        "from": {"id": here.bot},
        "summary": cut(card.summary, _SUMMARY),
        "attachments": [attachment(content)],
    }
