"""What the features need of a channel, without knowing which one it is."""

from typing import Protocol

from bot.chat.events import MessageRef, Place
from bot.chat.ui import Card


class Sender(Protocol):
    """Posts for the jobs: later, and when nobody has just pressed anything.

    `key` is the same when a post is repeated after an unclear outcome, so that a channel that can
    recognise it does not post twice.
    """

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """Post a card and say where it stands."""
        ...

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Put another card in the place of an older one."""
        ...

    async def delete(self, message: MessageRef) -> None:
        """Take a message back."""
        ...

    async def direct(self, account: str, card: Card, key: str) -> MessageRef:
        """Post to one person alone."""
        ...
