"""Where people can be reached: the accounts of a person, and of everybody who holds a role."""

from collections.abc import Collection

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Account
from bot.people.roles import Roles
from bot.people.tables import AccountRow, Person


async def accounts_of(session: AsyncSession, person: int) -> tuple[Account, ...]:
    """The accounts of a person, the newest first."""
    rows = select(AccountRow).where(AccountRow.person == person).order_by(col(AccountRow.id).desc())
    return tuple(Account(row.channel, row.external) for row in (await session.exec(rows)).all())


async def account_of(session: AsyncSession, person: int, channel: str) -> Account | None:
    """Where somebody is reached: in this channel, else where we met them last."""
    accounts = await accounts_of(session, person)
    return next((one for one in accounts if one.channel == channel), next(iter(accounts), None))


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


async def roles_of(session: AsyncSession, roles: Roles, person: int) -> frozenset[str]:
    """The roles, groups and user names that somebody holds, whatever the account; none without one."""
    rows = select(Person, AccountRow).join(AccountRow, col(AccountRow.person) == col(Person.id))
    found = (await session.exec(rows.where(Person.id == person))).all()
    held = (roles.held_by(known.email, account.groups) for known, account in found)
    return frozenset[str]().union(*held)


async def addressees(session: AsyncSession, roles: Roles, to: str) -> tuple[Person, ...]:
    """Everybody who is meant by a role, a group, a user name or `person:7`."""
    kind, _, number = to.partition(":")
    if kind != "person":
        return await holders(session, roles, to)
    person = await session.get(Person, int(number))
    return (person,) if person else ()


async def person_behind(session: AsyncSession, account: Account) -> int | None:
    """The person with this account, None if we have never met."""
    rows = select(AccountRow.person).where(
        AccountRow.channel == account.channel, AccountRow.external == account.id
    )
    return (await session.exec(rows)).first()


async def persons_behind(session: AsyncSession, accounts: Collection[Account]) -> dict[Account, int]:
    """The people with these accounts, without those whom we have never met."""
    found = {one: await person_behind(session, one) for one in accounts}
    return {one: person for one, person in found.items() if person is not None}


async def accounts_in(session: AsyncSession, people: Collection[int], channel: str) -> dict[int, str]:
    """The account of each of these people in a channel, as far as they have one there."""
    if not people:
        return {}
    rows = select(AccountRow.person, AccountRow.external).where(
        col(AccountRow.person).in_(people), AccountRow.channel == channel
    )
    return dict((await session.exec(rows.order_by(col(AccountRow.id)))).all())


async def languages(session: AsyncSession, people: Collection[int]) -> dict[int, str]:
    """The language that Klartext speaks with these people, as far as it is known."""
    rows = select(Person.id, Person.language).where(col(Person.id).in_(people))
    return {number: spoken for number, spoken in (await session.exec(rows)).all() if number and spoken}


async def names(session: AsyncSession, people: Collection[int]) -> dict[int, str]:
    """What these people are called; whoever was forgotten is missing."""
    rows = select(Person.id, Person.name).where(col(Person.id).in_(people))
    return {number: name for number, name in (await session.exec(rows)).all() if number and name}
