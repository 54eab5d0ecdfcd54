"""Keeps the card of a request in its channel: posted once, edited from current state ever after.

A post whose outcome is unclear is repeated with the same key; the newer message is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import MessageRef, Place
from bot.chat.ports import JobInfo, RetryLater, Sender
from bot.chat.router import Router
from bot.db.unit_of_work import Database
from bot.people.access import ADMIN
from bot.people.accounts import names
from bot.people.places import bound
from bot.people.tell import tell
from bot.requests import store
from bot.requests.tables import CardPost, Request
from bot.triage.views import Known, headline

HEADLINE = "headline"
_UNBOUND = 60.0  # seconds until a place is looked for again


@dataclass(frozen=True, slots=True)
class Board:
    """The handler of these jobs. `department` names a department in a language."""

    database: Database
    senders: Mapping[str, Sender]
    department: Callable[[str | None, str], str]

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_job(store.SHOW_CARD, self)

    async def __call__(self, payload: dict[str, Any], _job: JobInfo) -> None:
        """Draw the card as the request stands now. Raises RetryLater while it has no place."""
        number = int(payload["request"])
        async with self.database.reading() as session:
            request = await store.find(session, number)
            known = await self._known(session, request)
            post = await _post(session, number)
            place = await bound(session, request.place)
        card = headline(request, known, request.language)
        if post is not None:
            message = MessageRef(Place(post.channel, post.place, _kind(post.kind)), post.message)
            await self.senders[post.channel].edit(message, card)
            return
        if place is None or place.channel not in self.senders:
            await self._tell_unbound(request.place)
            raise RetryLater(_UNBOUND)
        sent = await self.senders[place.channel].post(place, card, f"headline:{number}")
        await self._keep(number, sent)

    async def _known(self, session: AsyncSession, request: Request) -> Known:
        people = {request.requester, *([request.assignee] if request.assignee else [])}
        found = await names(session, people)
        return Known(
            requester=found.get(request.requester, ""),
            assignee=found.get(request.assignee or 0, ""),
            department=self.department(request.department, request.language),
            supporters=len(await store.supporters(session, request.number)),
        )

    async def _keep(self, number: int, sent: MessageRef) -> None:
        async with self.database.unit() as unit:
            place = sent.place
            unit.session.add(
                CardPost(
                    request=number,
                    purpose=HEADLINE,
                    channel=place.channel,
                    place=place.id,
                    kind=place.kind,
                    message=sent.id,
                    at=unit.database.clock(),
                )
            )
            await unit.commit()

    async def _tell_unbound(self, place: str) -> None:
        """Once for each place: the request is safe and waits."""
        async with self.database.unit() as unit:
            await tell(unit, ADMIN, "request.unbound", {"place": place}, f"unbound:{place}")
            await unit.commit()


async def _post(session: AsyncSession, number: int) -> CardPost | None:
    rows = select(CardPost).where(CardPost.request == number, CardPost.purpose == HEADLINE)
    return (await session.exec(rows)).first()


def _kind(text: str) -> Any:
    return text if text in {"direct", "group"} else "public"
