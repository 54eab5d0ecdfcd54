"""Our own names for places: an admin types `bind #it-anfragen` inside the place, files use the name."""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Place
from bot.db.unit_of_work import Unit
from bot.people.tables import Binding


async def bind(unit: Unit, name: str, place: Place) -> None:
    """From now on `name` is this place."""
    row = (await unit.session.exec(select(Binding).where(Binding.name == name).with_for_update())).first()
    row = row or Binding(name=name, channel="", external="")
    row.channel, row.external, row.kind = place.channel, place.id, place.kind
    row.bound_at = unit.database.clock()
    unit.session.add(row)


async def bound(session: AsyncSession, name: str) -> Place | None:
    """The place that has this name, None if nobody has bound it yet."""
    row = (await session.exec(select(Binding).where(Binding.name == name))).first()
    return Place(row.channel, row.external, "public" if row.kind == "public" else "group") if row else None
