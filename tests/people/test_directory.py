"""One person however many accounts, whatever happens at the same time."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.chat.events import Account, Place
from bot.chat.ports import Profile
from bot.db.failures import DatabaseUnavailable, Reason
from bot.db.unit_of_work import Database
from bot.jobs.tables import Job
from bot.people.accounts import accounts_of, holders
from bot.people.directory import FETCH_PROFILE, Directory
from bot.people.roles import Group, Roles
from bot.people.tables import AccountRow, Person
from tests.db.fixtures import MovableClock

ROLES = Roles(
    users={"anna": "Anna@Example.com"},
    groups={"triage": Group(slack="S1"), "chiefs": Group(emails=["anna@example.com"])},
    roles={"admin": ["user:anna"], "it_triage": ["group:triage"]},
)
HERE = Place("slack", "C1")
ANNA, TEAMS_ANNA, BERT = Account("slack", "U1"), Account("teams", "29:1"), Account("slack", "U2")
PROFILE = Profile("Anna", "ANNA@example.com", "en", "Marketing", ("S1",))


@pytest.fixture
def directory(database: Database) -> Directory:
    return made(database)


def made(database: Database) -> Directory:
    """As another process would have it."""
    directory = Directory(database, ROLES, lambda _, place: "sales" if place == "C-sales" else None)
    directory.fetches = frozenset({"slack", "teams"})
    return directory


async def people(database: Database) -> list[Person]:
    async with database.reading() as session:
        return list((await session.exec(select(Person).order_by(col(Person.id)))).all())


async def fetches(database: Database) -> list[str]:
    async with database.reading() as session:
        wanted = select(Job).where(Job.kind == FETCH_PROFILE).order_by(col(Job.id))
        jobs = (await session.exec(wanted)).all()
    return [f"{job.payload['channel']}:{job.payload['account']}" for job in jobs]


async def learn(directory: Directory, account: Account, profile: Profile, department: str | None) -> None:
    database = directory._database
    async with database.unit() as unit:
        await directory.learn(unit, account, profile, department)
        await unit.commit()


async def choose(directory: Directory, person: int, **chosen: str | None) -> None:
    async with directory._database.unit() as unit:
        await directory.choose(unit, person, **chosen)
        await unit.commit()


async def test_the_first_contact_is_a_stranger_with_a_number(directory: Directory) -> None:
    asker = await directory.asker(ANNA, HERE, "Anna A.")
    assert asker.person > 0
    assert (asker.name, asker.language, asker.department, asker.home) == ("Anna A.", "de", None, None)
    assert (asker.roles, asker.settled, asker.greeted) == (frozenset(), False, False)
    assert await directory.asker(ANNA, HERE) == asker
    assert await fetches(directory._database) == ["slack:U1"]


async def test_of_many_first_contacts_one_counts(database: Database) -> None:
    directories = [made(database) for _ in range(3)] * 3
    askers = await asyncio.gather(*(directory.asker(ANNA, HERE) for directory in directories))
    assert len({asker.person for asker in askers}) == 1
    assert len(await people(database)) == 1
    assert await fetches(database) == ["slack:U1"]


async def test_a_place_has_a_department_that_counts_first(directory: Directory) -> None:
    asker = await directory.asker(ANNA, HERE)
    await choose(directory, asker.person, department="it")
    asker = await directory.asker(ANNA, Place("slack", "C-sales"))
    assert (asker.department, asker.home) == ("sales", "it")
    assert (await directory.asker(ANNA, HERE)).department == "it"


async def test_after_the_first_contact_nothing_is_read(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker = await directory.asker(ANNA, HERE)
    monkeypatch.setattr(directory, "_read", None)
    assert await directory.asker(ANNA, HERE) == asker


async def test_what_somebody_chose_is_seen_everywhere(database: Database, directory: Directory) -> None:
    other = made(database)
    person = (await directory.asker(ANNA, HERE)).person
    await other.asker(ANNA, HERE)
    await choose(directory, person, language="en", department="it")
    for reader in (directory, other):
        asker = await reader.asker(ANNA, HERE)
        assert (asker.language, asker.home, asker.settled, asker.greeted) == ("en", "it", True, True)


async def test_a_profile_tells_name_language_department_and_roles(directory: Directory) -> None:
    await directory.asker(ANNA, HERE)
    await learn(directory, ANNA, PROFILE, "marketing")
    asker = await directory.asker(ANNA, HERE)
    assert (asker.name, asker.language, asker.home, asker.settled) == ("Anna", "en", "marketing", False)
    assert asker.roles == {"admin", "it_triage", "user:anna", "group:triage", "group:chiefs"}


async def test_what_somebody_chose_is_more_than_their_profile(directory: Directory) -> None:
    person = (await directory.asker(ANNA, HERE)).person
    await choose(directory, person, language="de", department="sales")
    await learn(directory, ANNA, PROFILE, "marketing")
    asker = await directory.asker(ANNA, HERE)
    assert (asker.name, asker.language, asker.home) == ("Anna", "de", "sales")


async def test_who_chose_no_department_gets_none_from_their_profile(directory: Directory) -> None:
    person = (await directory.asker(ANNA, HERE)).person
    await choose(directory, person, language="de", department="")
    await learn(directory, ANNA, PROFILE, "marketing")
    assert (await directory.asker(ANNA, HERE)).home is None
    await directory.asker(TEAMS_ANNA, Place("teams", "c"))
    await learn(directory, TEAMS_ANNA, PROFILE, "marketing")
    assert (await directory.asker(TEAMS_ANNA, Place("teams", "c"))).home is None


@pytest.mark.parametrize("language", ["fr", "", None, "de-CH"])
async def test_a_language_that_we_do_not_speak_is_not_kept(
    directory: Directory, language: str | None
) -> None:
    await directory.asker(ANNA, HERE)
    await learn(directory, ANNA, Profile("Anna", None, language), None)
    assert (await directory.asker(ANNA, HERE)).language == "de"


async def test_a_profile_of_nobody_is_forgotten(database: Database, directory: Directory) -> None:
    await learn(directory, ANNA, PROFILE, None)
    assert await people(database) == []


async def test_a_verified_e_mail_makes_two_accounts_one_person(
    database: Database, directory: Directory
) -> None:
    first = await directory.asker(ANNA, HERE)
    await learn(directory, ANNA, PROFILE, None)
    second = await directory.asker(TEAMS_ANNA, Place("teams", "x"))
    await choose(directory, second.person, language="en", department="it")
    await learn(directory, TEAMS_ANNA, Profile("Anna T.", "anna@EXAMPLE.com"), "marketing")
    joined = await directory.asker(TEAMS_ANNA, Place("teams", "x"))
    assert joined.person == first.person != second.person
    assert (joined.language, joined.settled, joined.home) == ("en", True, "it")
    async with database.reading() as session:
        accounts = await accounts_of(session, first.person)
    assert accounts == (TEAMS_ANNA, ANNA)
    assert [(row.id, row.same_as) for row in await people(database)] == [
        (first.person, None),
        (second.person, first.person),
    ]


async def test_two_profiles_with_one_e_mail_at_once_are_one_person(
    database: Database, directory: Directory
) -> None:
    others = [Account("slack", f"U{number}") for number in range(6)]
    for account in others:
        await directory.asker(account, HERE)
    await asyncio.gather(*(learn(directory, account, PROFILE, None) for account in others))
    directory.forget_all()
    assert len({(await directory.asker(account, HERE)).person for account in others}) == 1
    assert sum(row.same_as is None for row in await people(database)) == 1


async def test_an_account_that_changes_hands_takes_nobody_along(
    database: Database, directory: Directory
) -> None:
    """Bert's second account becomes Anna's: Bert stays Bert."""
    await directory.asker(ANNA, HERE)
    await learn(directory, ANNA, PROFILE, None)
    for account in (BERT, TEAMS_ANNA):
        await directory.asker(account, HERE)
        await learn(directory, account, Profile("Bert", "bert@example.com"), None)
    await learn(directory, TEAMS_ANNA, PROFILE, None)
    anna, bert, moved = [(await directory.asker(who, HERE)) for who in (ANNA, BERT, TEAMS_ANNA)]
    assert moved.person == anna.person != bert.person
    assert bert.name == "Bert"
    rows = {row.number: row.same_as for row in await people(database)}
    assert rows[bert.person] is None


async def test_whoever_was_somebody_else_is_still_found_when_that_one_is_joined(
    database: Database, directory: Directory
) -> None:
    for account, email in ((ANNA, "a@x.ch"), (BERT, "b@x.ch"), (TEAMS_ANNA, "b@x.ch")):
        await directory.asker(account, HERE)
        await learn(directory, account, Profile("x", email), None)
    for account in (BERT, TEAMS_ANNA):
        await learn(directory, account, Profile("x", "a@x.ch"), None)
    rows = await people(database)
    assert [row.same_as for row in rows] == [None, rows[0].id, rows[0].id]


async def test_a_vendor_is_asked_again_each_day(
    database: Database, directory: Directory, clock: MovableClock
) -> None:
    await directory.asker(ANNA, HERE)
    await learn(directory, ANNA, PROFILE, None)
    clock.at += timedelta(hours=23)
    await directory.asker(ANNA, HERE)
    assert len(await fetches(database)) == 1
    clock.at += timedelta(hours=2)
    await asyncio.gather(*(made(database).asker(ANNA, HERE) for _ in range(3)))
    assert len(await fetches(database)) == 2
    await learn(directory, ANNA, Profile("Anna", "anna@example.com"), None)
    assert "it_triage" not in (await directory.asker(ANNA, HERE)).roles


async def test_a_channel_that_cannot_be_asked_is_not(directory: Directory) -> None:
    await directory.asker(Account("terminal", "me"), Place("terminal", "x"))
    assert await fetches(directory._database) == []


def away(*_: object) -> object:
    raise DatabaseUnavailable(Reason.UNREACHABLE)


async def test_while_the_database_is_away_known_people_are_known(
    directory: Directory, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = await directory.asker(ANNA, HERE)
    monkeypatch.setattr(directory._database, "reading", away)
    monkeypatch.setattr(directory._database, "unit", away)
    clock.at += timedelta(days=2)
    assert await directory.asker(ANNA, HERE) == known
    stranger = await directory.asker(BERT, Place("slack", "C-sales"), "Bert")
    assert (stranger.person, stranger.name, stranger.department) == (0, "Bert", "sales")
    monkeypatch.undo()
    assert (await directory.asker(BERT, HERE)).person > 0


async def test_a_database_that_cannot_be_written_still_knows_people(
    database: Database, directory: Directory, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = await directory.asker(ANNA, HERE)
    clock.at += timedelta(days=2)
    monkeypatch.setattr(database, "unit", away)
    assert await made(database).asker(ANNA, HERE) == known


async def test_memory_has_an_end(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.people.directory._MOST", 3)
    for number in range(8):
        await directory.asker(Account("slack", f"U{number}"), HERE)
    assert len(directory._known) <= 3


async def test_a_change_while_somebody_is_read_is_not_overlooked(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = (await directory.asker(ANNA, HERE)).person
    directory.forget_all()
    read = directory._read

    async def read_and_change(account: Account) -> object:
        found = await read(account)
        await choose(directory, person, department="it")
        return found

    monkeypatch.setattr(directory, "_read", read_and_change)
    await directory.asker(ANNA, HERE)
    monkeypatch.undo()
    assert (await directory.asker(ANNA, HERE)).home == "it"


async def test_asked_for_the_department_once(directory: Directory) -> None:
    person = (await directory.asker(ANNA, HERE)).person

    async def ask() -> bool:
        async with directory._database.unit() as unit:
            first = await directory.greeted(unit, person)
            await unit.commit()
            return first

    assert sorted(await asyncio.gather(*(ask() for _ in range(4)))) == [False, False, False, True]
    assert (await directory.asker(ANNA, HERE)).greeted


async def test_who_holds_a_role(database: Database, directory: Directory) -> None:
    for account, profile in ((ANNA, PROFILE), (BERT, Profile("Bert", "bert@example.com"))):
        await directory.asker(account, HERE)
        await learn(directory, account, profile, None)
    async with database.reading() as session:
        for name in ("admin", "role:admin", "it_triage", "user:anna", "group:chiefs"):
            assert [person.name for person in await holders(session, ROLES, name)] == ["Anna"], name
        for name in ("nobody", "role:", "user:bert", ""):
            assert await holders(session, ROLES, name) == ()
        assert (await session.exec(select(AccountRow.profile_at).limit(1))).one() is not None
