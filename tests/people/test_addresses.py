"""Where places and people are reached survives a restart, follows what was heard, and can be forgotten."""

from bot.chat.ports import Address
from bot.db.revisions import bump
from bot.db.unit_of_work import Database
from bot.people import records
from bot.people.addresses import AddressBook
from bot.people.directory import REVISION
from bot.people.tables import AccountRow, Person

MARA = Address("mara", "https://old", bot="28:bot", tenant="t", member="29:mara", language="de")


async def test_what_was_heard_is_found_also_by_another_process(database: Database) -> None:
    await AddressBook(database).remember("teams", MARA)
    assert await AddressBook(database).find("teams", "mara") == MARA
    assert await AddressBook(database).find("slack", "mara") is None


async def test_the_newest_counts_and_what_is_not_said_stays(database: Database) -> None:
    book = AddressBook(database)
    await book.remember("teams", MARA)
    await book.remember("teams", Address("mara", "https://new", chat="a:1"))
    found = await book.find("teams", "mara")
    assert found == Address("mara", "https://new", "28:bot", "t", "", "29:mara", "a:1", "de")


async def test_the_same_again_is_not_written(database: Database) -> None:
    book = AddressBook(database)
    await book.remember("teams", MARA)
    await AddressBook(database).remember("teams", Address("mara", "https://elsewhere"))
    await book.remember("teams", MARA)
    found = await book.find("teams", "mara")
    assert found is not None
    assert found.service == "https://elsewhere"


async def test_a_forgotten_person_leaves_no_address(database: Database) -> None:
    book = AddressBook(database)
    await book.remember("teams", Address("mara", "https://x", chat="a:1"))
    await book.remember("teams", Address("a:1", "https://x"))
    await book.remember("teams", Address("19:channel", "https://x"))
    async with database.unit() as unit:
        person = Person(name="Mara")
        unit.session.add(person)
        await unit.session.flush()
        number = person.number
        unit.session.add(AccountRow(channel="teams", external="mara", person=number))
        await unit.commit()
    async with database.reading() as session:
        exported = await records.export(session, [number], ())
    assert [row["external"] for row in exported["addresses"]] == ["mara", "a:1"]
    async with database.unit() as unit:
        await records.forget(unit, [number], ())
        await unit.commit()
    assert await book.find("teams", "mara") is await book.find("teams", "a:1") is None
    assert await book.find("teams", "19:channel") is not None
    await book.remember("teams", MARA)
    assert await book.find("teams", "mara") == MARA


async def test_what_another_process_forgot_is_written_again(database: Database) -> None:
    book = AddressBook(database)
    await book.remember("teams", MARA)
    async with database.unit() as unit:
        await bump(unit, REVISION)
        await unit.commit()
    await AddressBook(database).remember("teams", Address("mara", "https://elsewhere"))
    await book.remember("teams", MARA)
    assert await book.find("teams", "mara") == MARA
