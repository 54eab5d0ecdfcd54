"""The same event counts once."""

import asyncio
from datetime import timedelta

import pytest

from bot.db.keys import first_time, forget_expired
from bot.db.unit_of_work import Database
from tests.db.fixtures import MovableClock

HOUR = timedelta(hours=1)


async def claim(database: Database, key: str) -> bool:
    async with database.unit() as unit:
        first = await first_time(unit.session, key, HOUR, clock=database.clock)
        await unit.commit()
        return first


async def test_a_key_is_new_once(database: Database) -> None:
    assert [await claim(database, key) for key in ("a", "b", "a", "b")] == [True, True, False, False]


async def test_of_many_at_once_one_is_first(database: Database) -> None:
    answers = await asyncio.gather(*(claim(database, "a") for _ in range(8)))
    assert sorted(answers) == [False] * 7 + [True]


async def test_a_rollback_gives_the_key_back(database: Database) -> None:
    async with database.unit() as unit:
        assert await first_time(unit.session, "a", HOUR, clock=database.clock)
    assert await claim(database, "a")


async def test_the_second_waits_for_the_first(database: Database) -> None:
    """Whoever asks while another one works hears the truth: here, that this one gave up."""
    async with database.unit() as unit:
        assert await first_time(unit.session, "a", HOUR, clock=database.clock)
        second = asyncio.create_task(claim(database, "a"))
        await asyncio.sleep(0)
    assert await second


async def test_an_expired_key_is_new(database: Database, clock: MovableClock) -> None:
    assert await claim(database, "a")
    clock.move(3_599)
    assert not await claim(database, "a")
    clock.move(1)
    answers = await asyncio.gather(*(claim(database, "a") for _ in range(8)))
    assert sorted(answers) == [False] * 7 + [True]


async def test_expired_keys_are_forgotten(database: Database, clock: MovableClock) -> None:
    await claim(database, "old")
    clock.move(1_800)
    await claim(database, "young")
    clock.move(1_800)
    async with database.unit() as unit:
        assert await forget_expired(unit.session, clock=clock) == 1
        await unit.commit()
    assert not await claim(database, "young")


@pytest.mark.parametrize("key", ["", "a" * 100_000, "null\0byte", "half \ud83d emoji", "ключ"])
async def test_any_text_is_a_key(database: Database, key: str) -> None:
    assert [await claim(database, key), await claim(database, key)] == [True, False]
