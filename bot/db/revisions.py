"""Counters of what many processes keep in memory: whoever changes it counts up, the others poll."""

from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.rows import insert
from bot.db.unit_of_work import Database, Unit

Callback = Callable[[], Awaitable[object]]


class Revision(SQLModel, table=True):
    """How often something has changed."""

    __tablename__: ClassVar[str] = "revision"

    name: str = Field(primary_key=True)
    number: int = 0


async def hold(unit: Unit, name: str) -> None:
    """Wait for whoever changes the same at the same time, and make others wait until the end of this."""
    await _count(unit, name, 0)


async def bump(unit: Unit, name: str) -> None:
    """Count a change, in the transaction that makes it. Listeners of `name` in this process hear of it.

    Whoever bumps the same name at the same time waits for this commit.
    """
    await _count(unit, name, 1)
    unit.announce(name)


async def _count(unit: Unit, name: str, step: int) -> None:
    first = insert(unit.session, Revision).values(name=name, number=step)
    later = {"number": col(Revision.number) + step}
    await unit.session.exec(first.on_conflict_do_update(index_elements=["name"], set_=later))


async def numbers(session: AsyncSession) -> dict[str, int]:
    """All counters."""
    return {row.name: row.number for row in (await session.exec(select(Revision))).all()}


class Poller:
    """Hears of changes that other processes made. `on_change` is called once for each changed name."""

    def __init__(
        self, database: Database, on_change: Mapping[str, Callable[[], Awaitable[object]]]
    ) -> None:
        self._database = database
        self._on_change = on_change
        self._seen: dict[str, int] = {}

    async def poll(self) -> None:
        """Look once. What a callback could not do is tried again at the next look."""
        async with self._database.reading() as session:
            found = await numbers(session)
        for name, number in found.items():
            if self._seen.get(name) != number and name in self._on_change:
                await self._on_change[name]()
            self._seen[name] = number
