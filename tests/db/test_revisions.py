"""Counters of what processes keep in memory: each change counts, and whoever polls hears of it."""

import asyncio

import pytest

from bot.db.revisions import Poller, bump, hold, numbers
from bot.db.unit_of_work import Database


async def change(database: Database, name: str = "glossary") -> None:
    async with database.unit() as unit:
        await bump(unit, name)
        await unit.commit()


async def counted(database: Database) -> dict[str, int]:
    async with database.reading() as session:
        return await numbers(session)


async def test_each_change_counts_also_many_at_once(database: Database) -> None:
    await asyncio.gather(*(change(database) for _ in range(8)))
    await change(database, "people")
    assert await counted(database) == {"glossary": 8, "people": 1}


async def test_a_change_that_is_rolled_back_is_none(database: Database) -> None:
    heard: list[str] = []
    database.listen("glossary", lambda: heard.append("changed"))
    async with database.unit() as unit:
        await bump(unit, "glossary")
    assert await counted(database) == {}
    assert heard == []
    await change(database)
    assert heard == ["changed"]


async def test_holding_counts_nothing_and_lets_one_after_the_other(database: Database) -> None:
    order: list[int] = []

    async def work(number: int) -> None:
        async with database.unit() as unit:
            await hold(unit, "glossary")
            order.append(number)
            await asyncio.sleep(0)
            order.append(number)
            await unit.commit()

    await asyncio.gather(*(work(number) for number in range(6)))
    assert order[::2] == order[1::2]
    assert await counted(database) == {"glossary": 0}


async def test_whoever_polls_hears_of_each_change_once(database: Database) -> None:
    heard: list[str] = []

    async def glossary() -> None:
        heard.append("glossary")

    poller = Poller(database, {"glossary": glossary})
    await poller.poll()
    assert heard == []
    await change(database)
    await change(database, "people")
    for _ in range(2):
        await poller.poll()
    assert heard == ["glossary"]
    await change(database)
    await change(database)
    await poller.poll()
    assert heard == ["glossary"] * 2


async def test_what_could_not_be_done_is_done_at_the_next_look(database: Database) -> None:
    tries: list[int] = []

    async def stumble() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError

    await change(database)
    poller = Poller(database, {"glossary": stumble})
    with pytest.raises(RuntimeError):
        await poller.poll()
    await poller.poll()
    await poller.poll()
    assert len(tries) == 2
