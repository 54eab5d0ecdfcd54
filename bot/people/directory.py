"""Who is asking: accounts become people, kept in memory between events.

The first contact writes a row; after that a look-up reads nothing until somebody's settings change, here
or (by the revision `people`) in another process. Once a day the vendor is asked again: names, groups and
with them roles change there.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Account, Asker, Place
from bot.chat.ports import Profile
from bot.db.failures import DatabaseUnavailable
from bot.db.revisions import bump
from bot.db.rows import insert
from bot.db.unit_of_work import Database, Unit
from bot.i18n import LANGUAGES
from bot.jobs.queue import enqueue
from bot.people.roles import Roles
from bot.people.tables import AccountRow, Person

REVISION = "people"
FETCH_PROFILE = "people.profile"
_MOST = 20_000  # people kept in memory, about 10 MB
_FRESH = timedelta(days=1)  # as long what is kept and what a vendor said is not asked for again


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of a person. `told_at`: when the vendor spoke of the account."""

    person: int
    name: str
    language: str | None
    settled: bool
    department: str | None
    greeted: bool
    roles: frozenset[str]
    read_at: datetime
    told_at: datetime | None


class Directory:
    """People by account. `department_of` knows the department of a place, `default` is the language
    until we know better; `fetches` are the channels whose vendors can be asked for a profile.
    """

    def __init__(
        self,
        database: Database,
        roles: Roles,
        department_of: Callable[[str, str], str | None],
        default: str = LANGUAGES[0],
    ) -> None:
        self.roles = roles
        self._database = database
        self._department_of = department_of
        self._default = default
        self.fetches: frozenset[str] = frozenset()
        self._known: dict[Account, Known] = {}
        self._readings = 0
        database.listen(REVISION, self.forget_all)

    async def asker(self, account: Account, place: Place, name: str = "", language: str = "") -> Asker:
        """Who asks, from where (`ports.Context`); `language` counts until we know better.

        While the database is away, somebody whom we do not remember is a stranger: person 0.
        """
        department = self._department_of(place.channel, place.id)
        try:
            known = await self._met(account, name)
        except DatabaseUnavailable:
            spoken = language or self._default
            return Asker(person=0, name=name, language=spoken, department=department)
        return Asker(
            person=known.person,
            name=known.name or name,
            language=known.language or language or self._default,
            department=department or known.department,
            home=known.department,
            roles=known.roles,
            settled=known.settled,
            greeted=known.greeted,
        )

    async def choose(self, unit: Unit, person: int, **chosen: Any) -> None:
        """Keep what somebody chose: `department`, `language`."""
        if "language" in chosen:
            chosen["settled"] = True
        await _change(unit, person, greeted_at=unit.database.clock(), **chosen)

    async def greeted(self, unit: Unit, person: int) -> bool:
        """They are asked for their department now; False if they were before: once is enough."""
        await bump(unit, REVISION)
        first = update(Person).where(col(Person.id) == person, col(Person.greeted_at).is_(None))
        return bool((await unit.session.exec(first.values(greeted_at=unit.database.clock()))).rowcount)

    async def learn(self, unit: Unit, account: Account, profile: Profile, department: str | None) -> None:
        """Keep what a vendor's API says about an account; what the person chose stays.

        A verified e-mail that we know makes two accounts one person.
        """
        await bump(unit, REVISION)  # first: two profiles with one e-mail take turns
        row, person = await _owner(unit.session, account)
        if row is None or person is None:
            return
        row.groups, row.profile_at = list(profile.groups), unit.database.clock()
        if profile.email:
            person = await _joined(unit.session, row, person, profile.email.casefold())
        person.name = profile.name or person.name
        if not person.settled and profile.language in LANGUAGES:
            person.language = profile.language
        if person.department is None:  # "" was chosen: none
            person.department = department
        unit.session.add_all([row, person])

    def forget_all(self) -> None:
        """Read everybody again: settings have changed somewhere, or the roles."""
        self._known.clear()
        self._readings += 1

    async def _met(self, account: Account, name: str) -> Known:
        known = self._known.get(account)
        if known and self._is_fresh(known.read_at):
            return known
        try:
            return await self._meet(account, name)
        except DatabaseUnavailable:
            if known is None:
                raise
            return known

    async def _meet(self, account: Account, name: str) -> Known:
        reading = self._readings
        known = await self._read(account)
        if known is None:
            await self._add(account, name)
            reading = self._readings
            known = await self._read(account)
        elif account.channel in self.fetches and not self._is_fresh(known.told_at):
            with suppress(DatabaseUnavailable):  # another day
                await self._ask_again(account)
        if known is None:
            raise RuntimeError("an account vanished while it was added")
        if len(self._known) >= _MOST:
            self._known.clear()
        if reading == self._readings:  # nothing has changed while we read
            self._known[account] = known
        return known

    def _is_fresh(self, at: datetime | None) -> bool:
        return at is not None and self._database.clock() - at < _FRESH

    async def _read(self, account: Account) -> Known | None:
        async with self._database.reading() as session:
            row, person = await _owner(session, account)
        if row is None or person is None:
            return None
        return Known(
            person=person.number,
            name=person.name,
            language=person.language,
            settled=person.settled,
            department=person.department or None,
            greeted=person.greeted_at is not None,
            roles=self.roles.held_by(person.email, row.groups),
            read_at=self._database.clock(),
            told_at=row.profile_at,
        )

    async def _add(self, account: Account, name: str) -> None:
        """Of many first contacts at once, one counts."""
        async with self._database.unit() as unit:
            at = unit.database.clock()
            person = Person(name=name, created_at=at)
            unit.session.add(person)
            await unit.session.flush()
            values = {"channel": account.channel, "external": account.id, "person": person.number}
            first = insert(unit.session, AccountRow).values(**values, groups=[], created_at=at)
            first = first.on_conflict_do_nothing(index_elements=["channel", "external"])
            if not (await unit.session.exec(first)).rowcount:
                return  # without a commit: the other's person stays
            await self._fetch(unit, account)
            await unit.commit()

    async def _ask_again(self, account: Account) -> None:
        async with self._database.unit() as unit:
            await self._fetch(unit, account)
            await unit.commit()

    async def _fetch(self, unit: Unit, account: Account) -> None:
        """Ask the vendor who it is, at most once a day."""
        if account.channel in self.fetches:
            once = f"{FETCH_PROFILE}:{account.channel}:{account.id}:{unit.database.clock():%Y-%m-%d}"
            payload = {"channel": account.channel, "account": account.id}
            await enqueue(unit, FETCH_PROFILE, payload, dedupe_key=once)


async def _owner(session: AsyncSession, account: Account) -> tuple[AccountRow | None, Person | None]:
    wanted = select(AccountRow, Person).join(Person, col(Person.id) == col(AccountRow.person))
    wanted = wanted.where(AccountRow.channel == account.channel, AccountRow.external == account.id)
    found = (await session.exec(wanted)).first()
    return (found[0], found[1]) if found else (None, None)


async def _joined(session: AsyncSession, row: AccountRow, person: Person, email: str) -> Person:
    """The person with this e-mail, who now has this account, too."""
    others = select(Person).where(Person.email == email, col(Person.same_as).is_(None))
    older = (await session.exec(others.order_by(col(Person.id)))).first()
    if older is None or older.id == person.id:
        person.email = email
        return person
    row.person = older.number
    if not await _has_accounts_beside(session, row, person):
        await _all_are(session, person, older)
        older.language = older.language or person.language
        older.settled = older.settled or person.settled
        older.department = person.department if older.department is None else older.department
        older.greeted_at = older.greeted_at or person.greeted_at
        session.add(person)
    return older


async def _all_are(session: AsyncSession, person: Person, older: Person) -> None:
    """The person, and whoever turned out to be the person before."""
    person.same_as = older.number
    before = update(Person).where(col(Person.same_as) == person.number)
    await session.exec(before.values(same_as=older.number))


async def _has_accounts_beside(session: AsyncSession, row: AccountRow, person: Person) -> bool:
    """Then the account has changed hands, and the person stays who they are."""
    others = select(AccountRow.id).where(AccountRow.person == person.number, AccountRow.id != row.id)
    return (await session.exec(others.limit(1))).first() is not None


async def _change(unit: Unit, person: int, **values: Any) -> None:
    await bump(unit, REVISION)
    await unit.session.exec(update(Person).where(col(Person.id) == person).values(**values))
