"""A person can take along what they asked for, and be forgotten; the company keeps its requests."""

import pytest

from bot.db.unit_of_work import Database
from bot.intake.traces import DraftTraces
from bot.requests import store
from bot.requests.states import State
from bot.requests.traces import RequestTraces
from tests.intake.office import House
from tests.intake.test_dialog import to_review


@pytest.fixture
async def number(database: Database) -> int:
    """A request of Mara's that Sven has joined, with Ines as its owner."""
    house = await House(database).open()
    ines = await house.directory.asker(house.person("ines").account, house.person("ines").place, "Ines")
    mara, sven = house.person("mara"), house.person("sven")
    await to_review(mara)
    await mara.fills("Ändern: Termin und Beteiligte")
    await mara.fills(owner="ines", impact="team")
    await mara.fills()
    (request,) = await house.requests()
    assert request.use_case["owner"] == f"person:{ines.person}"
    await to_review(sven)
    await sven.fills(the__same="1")
    return request.number


async def of(database: Database, name: str) -> int:
    """The number of a person."""
    house = await House(database).open()
    return (await house.directory.asker(house.person(name).account, house.person(name).place)).person


async def test_what_somebody_asked_for_is_handed_out(database: Database, number: int) -> None:
    mara, sven = await of(database, "mara"), await of(database, "sven")
    async with database.reading() as session:
        hers = await RequestTraces().export(session, [mara])
        his = await RequestTraces().export(session, [sven])
        drafts = await DraftTraces().export(session, [mara])
    assert [request["id"] for request in hers["requests"]] == [number]
    assert [event["kind"] for event in hers["request_events"]] == ["submitted"]
    assert (his["requests"], his["joined"]) == ([], [number])
    assert [draft["ended"] for draft in drafts["drafts"]] == ["sent"]


@pytest.mark.parametrize("who", ["mara", "ines"])
async def test_whoever_is_forgotten_is_named_nowhere(database: Database, number: int, who: str) -> None:
    person = await of(database, who)
    async with database.unit() as unit:
        await RequestTraces().forget(unit, [person])
        await DraftTraces().forget(unit, [person])
        await unit.commit()
    async with database.reading() as session:
        request = await store.find(session, number)
        left = await RequestTraces().export(session, [person])
        drafts = await DraftTraces().export(session, [person])
    assert who.title() not in repr(request.use_case)
    assert who.title() not in repr(request.sections)
    assert "legt das CRM eine Aufgabe an" in repr(request.sections)
    assert {key: rows for key, rows in {**left, **drafts}.items() if rows} == {}


@pytest.mark.parametrize("accepted", [False, True])
async def test_whoever_is_forgotten_is_gone_from_what_was_changed(
    database: Database, number: int, accepted: bool
) -> None:
    """Ines was the owner, and is no more: only the history knows her name."""
    house = await House(database).open()
    mara = house.person("mara")
    await house.directory.asker(mara.account, mara.place, "Mara")
    if accepted:
        async with database.unit() as unit:
            (await store.find(unit.session, number)).state = State.ACCEPTED
            await unit.commit()
    await mara.says(f"REQ-{number}", command="request")
    await mara.presses("Änderung vorschlagen" if accepted else "Ändern")
    await mara.fills("Ändern: Termin und Beteiligte")
    await mara.fills(owner="mara", impact="team")
    await mara.fills()
    ines = await of(database, "ines")
    async with database.unit() as unit:
        event = (await store.history(unit.session, number))[-1]
        assert "Ines" in repr(event.data["changes"])
        await RequestTraces().forget(unit, [ines])
        await unit.commit()
    async with database.reading() as session:
        for event in await store.history(session, number):
            assert "Ines" not in repr(event.data)


async def test_whoever_has_joined_is_counted_no_more(database: Database, number: int) -> None:
    sven = await of(database, "sven")
    async with database.unit() as unit:
        await RequestTraces().forget(unit, [sven])
        await unit.commit()
    async with database.reading() as session:
        assert await store.supporters(session, number) == []
        assert await store.find(session, number)
