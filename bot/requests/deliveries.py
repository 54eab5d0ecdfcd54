"""How far requests are on their way to other tools. Every change says the moment; nothing here sends."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.rows import insert
from bot.db.unit_of_work import Unit
from bot.requests.states import Passing
from bot.requests.tables import Delivery


async def expect(unit: Unit, request: int, connector: str) -> None:
    """A request is to arrive at a tool; nothing changes if it is on its way or there."""
    at = unit.database.clock()
    row = Delivery(request=request, connector=connector, created_at=at, changed_at=at)
    new = insert(unit.session, Delivery).values(**row.model_dump(exclude={"id"}))
    await unit.session.exec(new.on_conflict_do_nothing(index_elements=["request", "connector"]))


async def note(unit: Unit, delivery: Delivery, **values: Any) -> None:
    """Write down how far it is now."""
    for name, value in values.items():
        setattr(delivery, name, value)
    delivery.changed_at = unit.database.clock()
    unit.session.add(delivery)
    await unit.session.flush()


async def find(
    session: AsyncSession, request: int, connector: str, *, for_update: bool = False
) -> Delivery | None:
    """How far a request is on its way to a tool; None if it is not to go there."""
    rows = select(Delivery).where(Delivery.request == request, Delivery.connector == connector)
    return (await session.exec(rows.with_for_update() if for_update else rows)).first()


async def known_as(session: AsyncSession, connector: str, remote: str) -> Delivery | None:
    """What a tool calls by this id of its own."""
    rows = select(Delivery).where(Delivery.connector == connector, Delivery.remote == remote)
    return (await session.exec(rows.order_by(col(Delivery.id)))).first()


async def failed(unit: Unit, connector: str | None = None) -> Sequence[Delivery]:
    """What did not arrive, for one tool or all, oldest first; in our hands until the unit ends."""
    rows = select(Delivery).where(Delivery.state == Passing.FAILED).order_by(col(Delivery.id))
    rows = rows.where(Delivery.connector == connector) if connector else rows
    return (await unit.session.exec(rows.with_for_update())).all()


async def of_request(session: AsyncSession, request: int) -> Sequence[Delivery]:
    """All tools that a request goes to, by name."""
    rows = select(Delivery).where(Delivery.request == request).order_by(col(Delivery.connector))
    return (await session.exec(rows)).all()
