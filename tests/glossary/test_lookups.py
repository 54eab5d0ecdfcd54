"""What is looked up is counted, without who asked and without what else they said."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.db.failures import DatabaseUnavailable, Reason
from bot.glossary.lookups import Lookups, forget_old, most_asked, unanswered
from bot.glossary.tables import LookUp
from tests.db.fixtures import MovableClock
from tests.world import World


async def rows(world: World) -> list[LookUp]:
    await world.klartext.lookups.flush()
    async with world.klartext.database.reading() as session:
        return list((await session.exec(select(LookUp).order_by(col(LookUp.id)))).all())


async def test_a_look_up_is_a_word_a_term_a_department_and_a_time(
    world: World, clock: MovableClock
) -> None:
    await world.say("sven", "was heisst denn Lead bei uns?", "#vertrieb")
    (row,) = await rows(world)
    kept = row.model_dump(exclude={"id"})
    assert kept == {
        "slot": "lead",
        "outcome": "answer",
        "term": "lead",
        "department": "sales",
        "channel_kind": "public",
        "at": clock.at,
    }


async def test_nobody_stands_in_the_table() -> None:
    assert set(LookUp.model_fields) == {
        "id",
        "slot",
        "outcome",
        "term",
        "department",
        "channel_kind",
        "at",
    }


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("Quuxel", "quuxel"),
        ("Max Muster max@example.com", ""),
        ("+41 79 123 45 67 und 0791234567", ""),
        ("Quuxel https://example.com/secret", "quuxel"),
        ("unser Kunde Huber hat schon wieder nicht bezahlt", ""),
        ("x" * 100, ""),
    ],
)
async def test_messages_and_people_are_not_kept(world: World, text: str, slot: str) -> None:
    await world.say("mara", text, command="define")
    assert [row.slot for row in await rows(world)] == [slot]


async def test_a_comparison_counts_for_each_term(world: World) -> None:
    await world.say("mara", "Lead vs MQL")
    assert [row.term for row in await rows(world)] == ["lead", "mql"]


async def test_chatter_lists_and_help_are_no_look_ups(world: World) -> None:
    for text in ("danke, bis morgen!", "list", "Hilfe"):
        await world.say("mara", text)
    assert await rows(world) == []


async def test_what_is_asked_most_and_what_nobody_can_explain(world: World, clock: MovableClock) -> None:
    for text in (
        "MQL",
        "MQL?",
        "Lead",
        "was ist ein Quuxel?",
        "was ist denn ein Quuxel?",
        "was ist ein Blorb?",
    ):
        await world.say("mara", text)
    await rows(world)
    async with world.klartext.database.reading() as session:
        assert await most_asked(session, clock.at) == [("mql", 2), ("lead", 1)]
        assert await most_asked(session, clock.at, 1) == [("mql", 2)]
        assert await unanswered(session, clock.at) == [("quuxel", 2), ("blorb", 1)]
        assert await most_asked(session, clock.at + timedelta(seconds=1)) == []


async def test_old_look_ups_are_forgotten(world: World, clock: MovableClock) -> None:
    await world.say("mara", "MQL")
    await rows(world)
    clock.at += timedelta(days=10)
    await world.say("mara", "Lead")
    await rows(world)
    async with world.klartext.database.unit() as unit:
        assert await forget_old(unit.session, clock.at, timedelta(days=10)) == 0
        clock.move(1)
        assert await forget_old(unit.session, clock.at, timedelta(days=10)) == 1
        await unit.commit()
    assert [row.term for row in await rows(world)] == ["lead"]


class Away:
    """A database that is away until it comes back."""

    def __init__(self, world: World) -> None:
        self.there = world.klartext.database
        self.clock = self.there.clock
        self.is_away = True
        self.error: Exception = DatabaseUnavailable(Reason.UNREACHABLE)

    def unit(self) -> object:
        if self.is_away:
            raise self.error
        return self.there.unit()


async def test_while_the_database_is_away_look_ups_wait(world: World) -> None:
    away = Away(world)
    lookups = Lookups(away)  # type: ignore[arg-type]
    for text in ("MQL", "Lead"):
        lookups.note(world.klartext.living.book.define(text, "it"), "direct")
        await lookups.flush()
    away.is_away = False
    await lookups.flush()
    await lookups.flush()
    assert [row.term for row in await rows(world)] == ["mql", "lead"]


async def test_the_oldest_stay_when_too_many_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.glossary.lookups._MOST", 3)
    away = Away(world)
    lookups = Lookups(away)  # type: ignore[arg-type]
    for _ in range(5):
        lookups.note(world.klartext.living.book.define("MQL"), "direct")
    await lookups.flush()
    away.is_away = False
    await lookups.flush()
    assert len(await rows(world)) == 3


async def test_what_no_database_takes_is_lost_once_and_not_tried_forever(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    away = Away(world)
    away.error = RuntimeError("never")
    lookups = Lookups(away)  # type: ignore[arg-type]
    lookups.note(world.klartext.living.book.define("MQL"), "direct")
    await lookups.flush()
    away.is_away = False
    await lookups.flush()
    assert await rows(world) == []
    assert "1 look-ups are lost" in caplog.text


async def test_a_clean_stop_writes_what_is_left(world: World) -> None:
    lookups = Lookups(world.klartext.database)
    lookups.start()
    lookups.note(world.klartext.living.book.define("MQL"), "direct")
    await lookups.stop()
    assert [row.term for row in await rows(world)] == ["mql"]


async def test_what_is_noted_is_written_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.glossary.lookups.SECOND", 0.001)
    written = asyncio.Event()
    lookups = Lookups(world.klartext.database)
    flush = lookups.flush

    async def flushed() -> None:
        await flush()
        if not lookups._notes:
            written.set()

    monkeypatch.setattr(lookups, "flush", flushed)
    lookups.note(world.klartext.living.book.define("MQL"), "direct")
    lookups.start()
    await written.wait()
    await lookups.stop()
    assert [row.term for row in await rows(world)] == ["mql"]
