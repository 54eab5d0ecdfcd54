"""What is stored about one person: show it, hand it out, forget it. The counts stay."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlmodel import and_, col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.revisions import bump
from bot.db.unit_of_work import Unit
from bot.people.directory import REVISION
from bot.people.tables import AccountRow, AddressRow, Person

_DIGITS = 9  # of a number that both databases can hold


class Traces(Protocol):
    """What a feature stores about people."""

    async def export(self, session: AsyncSession, people: Sequence[int]) -> dict[str, Any]:
        """Everything, as JSON can hold it."""
        ...

    async def forget(self, unit: Unit, people: Sequence[int]) -> None:
        """Take the person out of it; what is counted stays counted."""
        ...


async def find(session: AsyncSession, who: str) -> tuple[int, ...]:
    """The rows of one person by number, `channel:account` or e-mail; empty if there is none."""
    who = who.encode("utf-8", "replace").decode()  # no database takes half a character
    wanted = select(Person.id, Person.same_as)
    if who.isdecimal():
        wanted = wanted.where(Person.id == (int(who) if len(who) <= _DIGITS else 0))
    elif ":" in who:
        channel, _, external = who.partition(":")
        wanted = wanted.join(AccountRow, col(AccountRow.person) == col(Person.id))
        wanted = wanted.where(AccountRow.channel == channel, AccountRow.external == external)
    else:
        wanted = wanted.where(Person.email == who.casefold())
    main = {same or number for number, same in (await session.exec(wanted)).all()}
    same = select(Person.id).where(or_(col(Person.id).in_(main), col(Person.same_as).in_(main)))
    found = (await session.exec(same.order_by(col(Person.id)))).all()
    return tuple(number for number in found if number is not None)


async def export(session: AsyncSession, people: Sequence[int], traces: Sequence[Traces]) -> dict[str, Any]:
    """Everything that is stored about a person, as JSON can hold it."""
    rows = (await session.exec(select(Person).where(col(Person.id).in_(people)))).all()
    accounts = (await session.exec(select(AccountRow).where(col(AccountRow.person).in_(people)))).all()
    exported: dict[str, Any] = {
        "people": [row.model_dump(mode="json") for row in rows],
        "accounts": [account.model_dump(mode="json") for account in accounts],
        "addresses": [address.model_dump(mode="json") for address in await _addresses(session, people)],
    }
    for feature in traces:
        exported |= await feature.export(session, people)
    return exported


async def forget(unit: Unit, people: Sequence[int], traces: Sequence[Traces]) -> None:
    """Delete the person, their accounts and what they wrote. Who writes again begins anew."""
    await bump(unit, REVISION)  # first, as whoever changes people does
    for feature in traces:
        await feature.forget(unit, people)
    session = unit.session
    addresses = [row.id for row in await _addresses(session, people)]
    await session.exec(delete(AddressRow).where(col(AddressRow.id).in_(addresses)))
    await session.exec(delete(AccountRow).where(col(AccountRow.person).in_(people)))
    await session.exec(update(Person).where(col(Person.id).in_(people)).values(same_as=None))
    await session.exec(delete(Person).where(col(Person.id).in_(people)))


async def _addresses(session: AsyncSession, people: Sequence[int]) -> list[AddressRow]:
    """How the accounts of a person are reached, and their conversations with Klartext alone."""
    same = and_(
        col(AccountRow.channel) == col(AddressRow.channel),
        col(AccountRow.external) == col(AddressRow.external),
    )
    wanted = select(AddressRow).join(AccountRow, same).where(col(AccountRow.person).in_(people))
    own = (await session.exec(wanted)).all()
    chats = [row.chat for row in own if row.chat]
    of_chats = select(AddressRow).where(col(AddressRow.external).in_(chats))
    return [*own, *(await session.exec(of_chats)).all()]
