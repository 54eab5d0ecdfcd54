"""Units lose nothing, commit once, and tell others only what is stored."""

import asyncio
import logging

import pytest
from sqlalchemy.exc import DBAPIError, InvalidRequestError

from bot.db import unit_of_work
from bot.db.failures import DatabaseUnavailable, Reason
from bot.db.unit_of_work import CommittedTwice, Database, UnitInsideUnit
from tests.db.counter import Counter, add_one, create_counter, read, value


@pytest.fixture(autouse=True)
async def _counter(database: Database) -> None:
    await create_counter(database)


async def test_no_update_is_lost(database: Database) -> None:
    async def write() -> None:
        for _ in range(20):
            await add_one(database)

    await asyncio.gather(*(write() for _ in range(8)))
    assert await value(database) == 160


async def test_no_update_is_lost_between_processes(migrated_url: str, database: Database) -> None:
    """Two databases objects share no queue, like two processes; only the database's own lock is left."""
    others = [database, Database.at(migrated_url)]

    async def write(other: Database) -> None:
        for _ in range(20):
            await add_one(other)

    await asyncio.gather(*(write(other) for other in others for _ in range(4)))
    await others[1].close()
    assert await value(database) == 160


async def test_writers_take_turns_in_the_order_of_asking(database: Database) -> None:
    order: list[int] = []

    async def write(number: int) -> None:
        async with database.unit() as unit:
            (await unit.session.get_one(Counter, 1, with_for_update=True)).value = number
            order.append(number)
            await unit.commit()

    await asyncio.gather(*(write(number) for number in range(20)))
    assert order == list(range(20)) if database.is_sqlite else sorted(order) == list(range(20))


async def test_readers_wait_for_no_writer(database: Database) -> None:
    async with database.unit() as unit:
        (await unit.session.get_one(Counter, 1, with_for_update=True)).value = 7
        await unit.session.flush()
        assert await value(database) == 0
        await unit.commit()
    assert await value(database) == 7


async def test_a_reader_sees_one_state(database: Database) -> None:
    """On SQLite. PostgreSQL sees what was committed before each statement."""
    async with database.reading() as session:
        before = await read(session)
        await add_one(database)
        assert await read(session) == before if database.is_sqlite else before + 1


async def test_a_reader_cannot_write(database: Database) -> None:
    async with database.reading() as session:
        (await session.get_one(Counter, 1)).value = 5
        with pytest.raises(DBAPIError):
            await session.commit()
    await add_one(database)  # the same connection writes again
    assert await value(database) == 1


async def test_leaving_without_a_commit_rolls_back(database: Database) -> None:
    async with database.unit() as unit:
        (await unit.session.get_one(Counter, 1)).value = 5
        await unit.session.flush()
    assert await value(database) == 0


async def test_an_error_rolls_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.unit() as unit:
            (await unit.session.get_one(Counter, 1)).value = 5 // 0
    assert await value(database) == 0
    await add_one(database)
    assert await value(database) == 1


async def test_a_cancelled_writer_leaves_no_lock(database: Database) -> None:
    """Wherever it is cancelled, and although its traceback, which holds a cursor, is kept."""
    kept: list[BaseException | None] = []
    for steps in range(40):
        task = asyncio.create_task(add_one(database))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        kept += await asyncio.gather(task, return_exceptions=True)
        before = await value(database)
        await add_one(database)
        assert await value(database) == before + 1
    assert {type(end) for end in kept} <= {asyncio.CancelledError, type(None)}
    assert kept.count(None) < len(kept)


async def test_rows_stay_readable_after_the_commit(database: Database) -> None:
    async with database.unit() as unit:
        counter = Counter(id=2, value=3)
        unit.session.add(counter)
        await unit.commit()
    assert (counter.id, counter.value) == (2, 3)


async def test_a_unit_commits_once(database: Database) -> None:
    async with database.unit() as unit:
        await unit.commit()
        with pytest.raises(CommittedTwice):
            await unit.commit()
        with pytest.raises(InvalidRequestError):  # what would be written now would be lost
            await read(unit.session)


async def test_a_unit_inside_a_unit_is_refused(database: Database) -> None:
    async with database.unit():
        with pytest.raises(UnitInsideUnit):
            await add_one(database)
    await add_one(database)


async def test_callbacks_run_once_everything_is_stored(database: Database) -> None:
    called: list[str] = []
    async with database.unit() as unit:
        unit.after_commit(lambda: called.append("first"))
        unit.after_commit(lambda: called.append("second"))
        assert called == []
        await unit.commit()
        assert called == ["first", "second"]
    assert called == ["first", "second"]


async def test_callbacks_do_not_run_without_a_commit(database: Database) -> None:
    called: list[str] = []
    async with database.unit() as unit:
        unit.after_commit(lambda: called.append("never"))
    async with database.unit() as unit:
        unit.after_commit(lambda: called.append("never"))
        unit.session.add(Counter(id=1))  # exists
        with pytest.raises(DBAPIError):
            await unit.commit()
    assert called == []


async def test_a_broken_callback_does_not_undo_the_commit(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    called: list[str] = []
    with caplog.at_level(logging.ERROR):
        async with database.unit() as unit:
            (await unit.session.get_one(Counter, 1)).value = 5
            unit.after_commit(lambda: 1 // 0)
            unit.after_commit(lambda: called.append("still"))
            await unit.commit()
    assert (await value(database), called) == (5, ["still"])
    assert "ZeroDivisionError" in caplog.text


async def test_listeners_hear_their_topic_until_they_end(database: Database) -> None:
    heard: list[str] = []
    end = database.listen("glossary", lambda: heard.append("glossary"))
    database.listen("jobs", lambda: heard.append("jobs"))
    for number in range(2):
        async with database.unit() as unit:
            unit.announce("glossary")
            await unit.commit()
        if number == 0:
            end()
    assert heard == ["glossary"]


async def test_a_queue_of_writers_that_does_not_move(
    database: Database, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "_PATIENCE", 0)

    async def write() -> None:
        async with database.unit() as unit:
            await read(unit.session)

    async with database.unit() as unit:
        await read(unit.session)
        waiting = asyncio.create_task(write())
        if engine_name == "postgres":
            await waiting
            return
        with pytest.raises(DatabaseUnavailable) as refused:
            await waiting
    assert refused.value.reason is Reason.BUSY
