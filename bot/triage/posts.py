"""Where the cards and messages of a request stand, and which request a message belongs to."""

from typing import Any, Literal, cast

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import MessageRef, Place
from bot.db.unit_of_work import Unit
from bot.requests.tables import CardPost

HEADLINE = "headline"  # the card of the team
_KINDS = ("direct", "group", "public")


def own(person: int) -> str:
    """The purpose of the card that somebody has for themselves."""
    return f"own:{person}"


async def find(session: AsyncSession, number: int, purpose: str) -> MessageRef | None:
    """Where a card stands, None if it was not posted yet."""
    rows = select(CardPost).where(CardPost.request == number, CardPost.purpose == purpose)
    row = (await session.exec(rows)).first()
    return _message(row) if row else None


async def request_at(session: AsyncSession, place: Place) -> tuple[int, str] | None:
    """The request in whose thread this place is, and the purpose of the message at its root."""
    rows = select(CardPost).where(
        CardPost.channel == place.channel, CardPost.place == place.id, CardPost.message == place.thread
    )
    row = (await session.exec(rows)).first()
    return (row.request, row.purpose) if row else None


async def keep(unit: Unit, number: int, purpose: str, sent: MessageRef) -> None:
    """From now on it stands there: of a card that was posted twice the newer one counts."""
    old = delete(CardPost).where(col(CardPost.request) == number, col(CardPost.purpose) == purpose)
    await unit.session.exec(old)
    place = sent.place
    unit.session.add(
        CardPost(
            request=number,
            purpose=purpose,
            channel=place.channel,
            place=place.id,
            kind=place.kind,
            message=sent.id,
            at=unit.database.clock(),
        )
    )
    await unit.session.flush()


def _message(row: CardPost) -> MessageRef:
    kind = cast(Any, row.kind if row.kind in _KINDS else "public")
    return MessageRef(Place(row.channel, row.place, cast(Literal["public"], kind)), row.message)
