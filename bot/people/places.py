"""Our own names for places: an admin types `bind #it-anfragen` inside the place, files use the name.

Capitals make no difference: who binds a name does not see how the file writes it.
"""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Place
from bot.db.rows import insert
from bot.db.unit_of_work import Unit
from bot.people.tables import Binding


async def bind(unit: Unit, name: str, place: Place) -> None:
    """From now on `name` is this place; of two who bind it at once the later one counts."""
    place_now = {
        "channel": place.channel,
        "external": place.id,
        "kind": place.kind,
        "bound_at": unit.database.clock(),
    }
    first = insert(unit.session, Binding).values(name=name.casefold(), **place_now)
    await unit.session.exec(first.on_conflict_do_update(index_elements=["name"], set_=place_now))


async def bound(session: AsyncSession, name: str) -> Place | None:
    """The place that has this name, None if nobody has bound it yet."""
    row = (await session.exec(select(Binding).where(Binding.name == name.casefold()))).first()
    return Place(row.channel, row.external, "public" if row.kind == "public" else "group") if row else None
