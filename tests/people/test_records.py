"""What is stored about one person: found, handed out, forgotten; the counts stay."""

import json

import pytest
from sqlmodel import col, func, select

from bot.app import TRACES
from bot.chat.events import Account, Place
from bot.chat.ports import Profile
from bot.chat.ui import Card, Text
from bot.glossary.tables import LookUp, Proposal, Remark, Said
from bot.jobs.tables import Job
from bot.people import records
from bot.people.tables import AccountRow, Person
from tests.world import CHANNEL, World, buttons, form_of, words


async def find(world: World, who: str) -> tuple[int, ...]:
    async with world.klartext.database.reading() as session:
        return await records.find(session, who)


async def export(world: World, who: str) -> dict[str, list[dict[str, object]]]:
    async with world.klartext.database.reading() as session:
        return await records.export(session, await records.find(session, who), TRACES)


async def forget(world: World, who: str) -> None:
    people = await find(world, who)
    async with world.klartext.database.unit() as unit:
        await records.forget(unit, people, TRACES)
        await unit.commit()


async def busy(world: World) -> None:
    """Mara asks, marks, remarks and proposes; so does Sven."""
    for name in ("mara", "sven"):
        shown = buttons(await world.say(name, "Lead"))
        await world.press(name, shown["Nicht hilfreich"])
        form = form_of(await world.press(name, shown["Bei uns heisst das anders"]))
        await world.submit(name, form, {"text": f"Wort von {name}"})
        shown = buttons(await world.say(name, "Hilfe"))
        form = form_of(await world.press(name, shown["Begriff vorschlagen"]))
        await world.submit(name, form, {"word": "Churn", "text": f"Vorschlag von {name}"})
    await world.klartext.lookups.flush()


@pytest.mark.parametrize("who", ["mara@example.com", "MARA@example.com", f"{CHANNEL}:mara"])
async def test_somebody_is_found_by_e_mail_and_account(world: World, who: str) -> None:
    number = (await world.asker("mara")).person
    assert await find(world, who) == (number,)
    assert await find(world, str(number)) == (number,)


@pytest.mark.parametrize(
    "who",
    [
        "",
        "mara",
        "0",
        "999999999",
        "9" * 40,
        "²",
        "x@y.z",
        ":",
        "slack:mara",
        "' OR 1=1 --",
        "teams:29:a@b",
        "\udcff",
    ],
)
async def test_nobody_is_found_by_anything_else(world: World, who: str) -> None:
    assert await find(world, who) == ()


async def test_both_numbers_of_one_person_lead_to_both(world: World) -> None:
    first = (await world.asker("mara")).person
    second = (await world.asker("mara-teams")).person
    async with world.klartext.database.unit() as unit:
        account = Account(CHANNEL, "mara-teams")
        await world.klartext.directory.learn(unit, account, Profile("Mara", "mara@example.com"), None)
        await unit.commit()
    for who in (str(first), str(second), "mara@example.com", f"{CHANNEL}:mara-teams"):
        assert await find(world, who) == (first, second)


async def test_everything_is_handed_out_and_nothing_of_others(world: World) -> None:
    await busy(world)
    data = await export(world, "mara@example.com")
    assert [row["name"] for row in data["people"]] == ["Mara"]
    assert [row["external"] for row in data["accounts"]] == ["mara"]
    assert {row["said"] for row in data["remarks"]} == {"not_helpful", "differs"}
    assert [row["word"] for row in data["proposals"]] == ["Churn"]
    kinds = [row["kind"] for row in data["posts"]]
    assert kinds == ["people.profile", "people.tell", "people.tell"]
    text = json.dumps(data, ensure_ascii=False)
    assert "Wort von mara" in text
    assert "sven" not in text


async def test_forgetting_leaves_counts_and_other_people(world: World) -> None:
    await busy(world)
    await world.work()
    await busy(world)
    await forget(world, "mara@example.com")
    assert await find(world, "mara@example.com") == ()
    async with world.klartext.database.reading() as session:
        tables = (Person, AccountRow, Remark, Proposal, Job)
        everything = [(await session.exec(select(table))).all() for table in tables]
        left = json.dumps([[row.model_dump(mode="json") for row in rows] for rows in everything])
        marks = select(func.count()).where(Remark.said == Said.NOT_HELPFUL)
        assert (await session.exec(marks)).one() == 2
        assert (await session.exec(select(func.count()).where(col(Proposal.word) == "Churn"))).one() == 4
        assert (await session.exec(select(func.count(col(LookUp.id))))).one() == 4
    for trace in ("mara", "Mara"):
        assert trace not in left
    assert "Wort von sven" in left


async def test_who_comes_back_begins_anew(world: World) -> None:
    before = await world.asker("mara")
    await forget(world, f"{CHANNEL}:mara")
    after = await world.asker("mara")
    assert after.person != before.person
    assert (after.home, after.greeted) == (None, False)
    shown = buttons(await world.say("mara", "Lead"))
    assert "Danke" in words(await world.press("mara", shown["Hilfreich"]))


async def test_posts_to_somebody_go_with_them(world: World) -> None:
    """Lena is to be told of Sven's remark; she is forgotten first, and Sven's words stay his."""
    shown = buttons(await world.say("sven", "MQL"))
    form = form_of(await world.press("sven", shown["Bei uns heisst das anders"]))
    await world.submit("sven", form, {"text": "anders"})
    await forget(world, "lena@example.com")
    assert await world.work() == []
    data = await export(world, "sven@example.com")
    assert [row["text"] for row in data["remarks"]] == ["anders"]


async def test_a_shared_card_that_waits_belongs_to_who_shares_it(world: World) -> None:
    card = Card("Geteilt von Mara", (Text("Geteilt von Mara", "subtle"),))
    await world.klartext.outbox.post(Place(CHANNEL, "#marketing"), card, "k1", "mara")
    assert "Geteilt von Mara" in repr(await export(world, "mara@example.com"))
    assert "Geteilt von Mara" not in repr(await export(world, "sven@example.com"))
    await forget(world, "mara@example.com")
    assert await world.work() == []


async def test_forgetting_twice_is_harmless(world: World) -> None:
    people = await find(world, "mara@example.com")
    for _ in range(2):
        async with world.klartext.database.unit() as unit:
            await records.forget(unit, people, TRACES)
            await unit.commit()
    assert await find(world, "mara@example.com") == ()
