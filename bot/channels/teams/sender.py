"""Posts for the jobs: Teams as a Sender. Where to call stands in what was heard from there last."""

from bot.channels.teams.activity import CHANNEL
from bot.channels.teams.connector import NotInvited
from bot.channels.teams.voice import Voice
from bot.chat.events import MessageRef, Place
from bot.chat.ports import Address, Addresses
from bot.chat.ui import Card


class TeamsSender:
    """Everything raises RetryLater, NotInvited and CallFailed.

    Teams knows no key of a post: one whose outcome is unclear is repeated and may then stand there twice.
    """

    def __init__(self, voice: Voice, addresses: Addresses) -> None:
        self._voice = voice
        self._addresses = addresses

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:  # noqa: ARG002
        """Post to a place, in the thread if it has one."""
        return await self._voice.post(await self._address(place.id), place, card)

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Put another card in the place of an older one."""
        await self._voice.edit(await self._address(message.place.id), message, card)

    async def delete(self, message: MessageRef) -> None:
        """Take a message back."""
        await self._voice.delete(await self._address(message.place.id), message)

    async def direct(self, account: str, card: Card, key: str) -> MessageRef:  # noqa: ARG002
        """Post to one person alone."""
        return await self._voice.direct(await self._address(account), card)

    async def whisper(self, place: Place, account: str, card: Card, key: str) -> None:  # noqa: ARG002
        """Post so that only one person sees it."""
        here, to = await self._address(place.id), await self._address(account)
        await self._voice.whisper(here, place, to, card)

    async def _address(self, of: str) -> Address:
        found = await self._addresses.find(CHANNEL, of)
        if found is None:
            raise NotInvited(of)
        return found
