"""Who is away, and who does their work meanwhile. A day ends at midnight UTC."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.rows import insert
from bot.db.unit_of_work import Unit
from bot.people.tables import Absence

_FARTHEST = 5  # deputies of deputies


async def leave(unit: Unit, person: int, until: dt.date, deputy: int | None) -> None:
    """From now on, up to the end of that day, the deputy does their work; without one the team does."""
    row = insert(unit.session, Absence).values(person=person, until=until, deputy=deputy)
    newer = {"until": until, "deputy": deputy}
    await unit.session.exec(row.on_conflict_do_update(index_elements=["person"], set_=newer))


async def come_back(unit: Unit, person: int) -> None:
    """They do their work themselves again."""
    await unit.session.exec(delete(Absence).where(col(Absence.person) == person))


async def absence(session: AsyncSession, person: int, today: dt.date) -> Absence | None:
    """That somebody is away today, None if they are here."""
    rows = select(Absence).where(Absence.person == person, Absence.until >= today)
    return (await session.exec(rows)).first()


async def stand_in(session: AsyncSession, person: int, today: dt.date) -> int | None:
    """Who does somebody's work today: they, or the first deputy who is here; None if nobody does."""
    for _ in range(_FARTHEST):
        away = await absence(session, person, today)
        if away is None:
            return person
        if away.deputy is None:
            return None
        person = away.deputy
    return None  # all of them are away, or they stand in for one another in a ring


async def doing_work_of(session: AsyncSession, person: int, today: dt.date) -> set[int]:
    """Whose work somebody does today: their own, and that of those for whom they stand in."""
    people, newest = {person}, {person}
    for _ in range(_FARTHEST):
        rows = select(Absence.person).where(col(Absence.deputy).in_(newest), Absence.until >= today)
        newest = set((await session.exec(rows)).all()) - people
        if not newest:
            break
        people |= newest
    return people


class AbsenceTraces:
    """Absences as a feature that stores something about people (`records.Traces`)."""

    async def export(self, session: AsyncSession, people: Sequence[int]) -> dict[str, Any]:
        """Their own, and those in which they stand in."""
        own = col(Absence.person).in_(people) | col(Absence.deputy).in_(people)
        rows = (await session.exec(select(Absence).where(own).order_by(col(Absence.id)))).all()
        return {"absences": [row.model_dump(mode="json") for row in rows]}

    async def forget(self, unit: Unit, people: Sequence[int]) -> None:
        """Theirs go; whoever they stand in for has no deputy any more."""
        await unit.session.exec(delete(Absence).where(col(Absence.person).in_(people)))
        stood_in = update(Absence).where(col(Absence.deputy).in_(people))
        await unit.session.exec(stood_in.values(deputy=None))
