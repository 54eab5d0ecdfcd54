"""Where people can be reached: the accounts of a person, and of everybody who holds a role."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Account
from bot.people.roles import Roles
from bot.people.tables import AccountRow, Person


async def accounts_of(session: AsyncSession, person: int) -> tuple[Account, ...]:
    """The accounts of a person, the newest first."""
    rows = select(AccountRow).where(AccountRow.person == person).order_by(col(AccountRow.id).desc())
    return tuple(Account(row.channel, row.external) for row in (await session.exec(rows)).all())


async def holders(session: AsyncSession, roles: Roles, role: str) -> tuple[Person, ...]:
    """The people whom we know and who hold a role, a group or a user name."""
    name = role.removeprefix("role:")
    rows = select(Person, AccountRow).join(AccountRow, col(AccountRow.person) == col(Person.id))
    people = {
        person.number: person
        for person, account in (await session.exec(rows)).all()
        if name in roles.held_by(person.email, account.groups)
    }
    return tuple(people.values())
