"""Posts for the jobs, and says once what only an admin can mend."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.channels.slack.calls import NOT_THERE, TOKEN_IS_DEAD, Web
from bot.channels.slack.errors import SlackRefused
from bot.channels.slack.render import message
from bot.channels.slack.sheet import CHANNEL
from bot.chat.events import MessageRef, Place
from bot.chat.ports import Alarm, Unreachable
from bot.chat.ui import Card
from bot.i18n import say

_log = logging.getLogger(__name__)

_QUIET = {"unfurl_links": False, "unfurl_media": False}
_CHANNELS = frozenset("CG")  # the others are people
_GONE = frozenset({"message_not_found", "cant_delete_message"})
_ALARMS: Mapping[str, str] = {
    "missing_scope": "slack.alarm.missing_scope",
    "not_in_channel": "slack.alarm.not_in_channel",
    "channel_not_found": "slack.alarm.not_in_channel",
    "is_archived": "slack.alarm.is_archived",
    **dict.fromkeys(TOKEN_IS_DEAD, "slack.alarm.token"),
}


class SlackSender:
    """Slack as a Sender.

    Slack cannot recognise a repeated post: after an unclear outcome a message may stand there twice, and
    the newer one is the one that we know. Each method raises SlackRefused, SlackAway or RetryLater.
    """

    def __init__(self, web: Web, alarm: Alarm) -> None:
        self._web = web
        self._alarm = alarm

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:  # noqa: ARG002
        """Post to a place, in the thread if it has one."""
        thread = {"thread_ts": place.thread} if place.thread else {}
        answer = await self._call(
            "chat.postMessage", {"channel": place.id, **thread, **message(card), **_QUIET}
        )
        return MessageRef(replace(place, id=str(answer["channel"])), str(answer["ts"]))

    async def edit(self, message_: MessageRef, card: Card) -> None:
        """Put another card in the place of an older one."""
        await self._call("chat.update", {**_address(message_), **message(card)})

    async def delete(self, message_: MessageRef) -> None:
        """Take a message back; one that is gone already stays so."""
        try:
            await self._call("chat.delete", _address(message_))
        except SlackRefused as refused:
            if refused.code not in _GONE:
                raise

    async def direct(self, account: str, card: Card, key: str) -> MessageRef:
        """Post to one person alone: Slack takes a person's id as the id of their direct message."""
        return await self.post(Place(CHANNEL, account, "direct"), card, key)

    async def whisper(self, place: Place, account: str, card: Card, key: str) -> None:
        """Post for one person alone, where they are; to them directly if we or they are not there."""
        thread = {"thread_ts": place.thread} if place.thread else {}
        body = {"channel": place.id, "user": account, **thread, **message(card)}
        try:
            await self._web.call("chat.postEphemeral", body)
        except SlackRefused as refused:
            if refused.code not in NOT_THERE:
                await self._tell_admin(refused, place.id)
                raise
            await self.direct(account, card, key)

    async def _call(self, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return await self._web.call(method, body)
        except SlackRefused as refused:
            await self._tell_admin(refused, str(body["channel"]))
            raise

    async def _tell_admin(self, refused: SlackRefused, place: str) -> None:
        key = _ALARMS.get(refused.code)
        if key is None or (refused.code in NOT_THERE and place[:1] not in _CHANNELS):
            return
        values = {"place": place, "code": refused.code, "needed": refused.needed or refused.method}
        _log.error("%s", say("en", key, **values))
        once = f"slack:{key}:{values['needed'] if refused.code == 'missing_scope' else place}"
        told = await self._alarm.raise_once(key, values, once)
        if isinstance(refused, Unreachable):
            refused.told = told


def _address(message_: MessageRef) -> dict[str, str]:
    return {"channel": message_.place.id, "ts": message_.id}
