"""A table that only tests have; it is in metadata of its own, so that no migration is missed for it."""

from typing import ClassVar

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.unit_of_work import Database


class _Apart(SQLModel, registry=registry()):
    """Tables below this one are not those of the program."""


class Counter(_Apart, table=True):
    """Something that many writers change."""

    __tablename__: ClassVar[str] = "counter"

    id: int = Field(primary_key=True)
    value: int = 0


async def create_counter(database: Database) -> None:
    """The table with one row that stands at 0."""
    async with database.engine.begin() as connection:
        await connection.run_sync(Counter.metadata.create_all)
    async with database.unit() as unit:
        unit.session.add(Counter(id=1))
        await unit.commit()


async def add_one(database: Database) -> None:
    """Read, change, write, as features do it."""
    async with database.unit() as unit:
        counter = await unit.session.get_one(Counter, 1, with_for_update=True)
        counter.value += 1
        await unit.commit()


async def value(database: Database) -> int:
    """Where the counter stands."""
    async with database.reading() as session:
        return await read(session)


async def read(session: AsyncSession) -> int:
    """Where the counter stands, as a session sees it."""
    return (await session.exec(select(Counter.value).where(col(Counter.id) == 1))).one()
