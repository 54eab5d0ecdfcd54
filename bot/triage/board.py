"""Keeps the cards of a request: the team's in its channel, and one for whoever asked for it.

Each is posted once and edited from current state ever after. A post whose outcome is unclear is repeated
with the same key; the newer message is kept. Where the channel cannot be reached, the request waits.
"""

import logging
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import MessageRef, Place
from bot.chat.ports import JobInfo, MessageGone, Unreachable
from bot.chat.router import Router
from bot.chat.ui import Card
from bot.db.unit_of_work import Database
from bot.jobs.queue import enqueue
from bot.people.accounts import languages
from bot.requests import store
from bot.requests.tables import Request
from bot.triage import posts
from bot.triage.known import Reader
from bot.triage.posts import HEADLINE
from bot.triage.reach import Reach
from bot.triage.views import headline, own

OWN = "triage.own_card"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Board:
    """The handlers of these jobs."""

    database: Database
    reader: Reader
    reach: Reach

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_job(store.SHOW_CARD, self)
        router.on_job(OWN, self.own)

    async def __call__(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Draw the team's card as the request stands now. Raises RetryLater while it has no place.

        The requester's cards have a job of their own: they do not wait for the channel.
        """
        number = int(payload["request"])
        await self._also_own(number, job)
        async with self.database.reading() as session:
            request = await store.find(session, number)
            card = await self._headline(session, request)
            message = await posts.find(session, number, HEADLINE)
            place = await self.reach.place(session, request.place)
        try:
            if message is None or not await self._edited(message, card, place):
                await self._post(request, card, place, job)
        except Unreachable as refused:
            raise await self.reach.wait(request.place, job, refused) from refused
        await self.reach.arrived(request.place, job)

    async def own(self, payload: dict[str, Any], _job: JobInfo) -> None:
        """Draw the card of each person whose request it is. One who cannot be reached has none."""
        number = int(payload["request"])
        async with self.database.reading() as session:
            request = await store.find(session, number)
        for person in dict.fromkeys((request.requester, request.submitted_by)):
            if person:
                await self._own(request, person)

    async def _post(self, request: Request, card: Card, place: Place | None, job: JobInfo) -> None:
        if place is None:
            raise await self.reach.wait(request.place, job)
        sent = await self.reach.senders[place.channel].post(place, card, f"headline:{request.number}")
        await self._keep(request.number, HEADLINE, sent)

    async def _headline(self, session: AsyncSession, request: Request) -> Card:
        known = await self.reader.known(session, request, request.language, self.database.clock())
        return headline(request, known, request.language)

    async def _own(self, request: Request, person: int) -> None:
        purpose = posts.own(person)
        async with self.database.reading() as session:
            spoken = await languages(session, [person])
            language = spoken.get(person) or request.language
            known = await self.reader.known(session, request, language, self.database.clock())
            message = await posts.find(session, request.number, purpose)
            account = await self.reach.account(
                session, person, await store.history(session, request.number)
            )
        card = own(request, known, language)
        try:
            if message is not None and await self._edited(message, card, None):
                return
            if account is not None:
                sender = self.reach.senders[account.channel]
                sent = await sender.direct(account.id, card, f"{purpose}:{request.number}")
                await self._keep(request.number, purpose, sent)
        except Unreachable as refused:
            _log.warning("%s: person %d has no card of their own: %s", request.label, person, refused)

    async def _edited(self, message: MessageRef, card: Card, moved_to: Place | None) -> bool:
        """Whether the card stands where it stood. Not if it was deleted, or if its place is closed and
        the name of the place means another one now.
        """
        sender = self.reach.senders.get(message.place.channel)
        if sender is None:
            return False
        try:
            await sender.edit(message, card)
        except MessageGone:
            return False
        except Unreachable:
            if moved_to is None or (moved_to.channel, moved_to.id) == (
                message.place.channel,
                message.place.id,
            ):
                raise
            return False
        return True

    async def _also_own(self, number: int, job: JobInfo) -> None:
        async with self.database.unit() as unit:
            once = f"own:{job.id}"
            await enqueue(unit, OWN, {"request": number}, key=f"own:{number}", dedupe_key=once)
            await unit.commit()

    async def _keep(self, number: int, purpose: str, sent: MessageRef) -> None:
        async with self.database.unit() as unit:
            await posts.keep(unit, number, purpose, sent)
            await unit.commit()
