"""What the team's side does for the guided request; `app.py` hands it in."""

from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Asker, Event
from bot.chat.ui import Element
from bot.db.unit_of_work import Unit
from bot.requests.tables import Request


class Team(Protocol):
    """Whoever works on requests."""

    async def changed(self, unit: Unit, request: Request, event: Event) -> None:
        """The requester has changed what they sent, before anybody accepted it."""
        ...

    async def proposed(self, unit: Unit, request: Request, event: Event) -> None:
        """The requester would like to change it, and the team decides."""
        ...

    async def about(self, session: AsyncSession, request: Request, asker: Asker) -> tuple[Element, ...]:
        """How it goes on, and what this person can do about it now."""
        ...
