"""A statement and its rows come back from SQLite's thread together, and nothing gets lost on the way."""

import sqlite3
import threading
from collections import deque
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text

from bot.db.engine import connect
from bot.db.trips import connection

_NUMBERS = "WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM n WHERE x < 5) SELECT x FROM n"


async def test_one_trip_for_a_statement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, trips = connect(f"sqlite:///{tmp_path}/x.db"), deque[str]()
    execute = aiosqlite.Connection._execute

    async def counted(self: aiosqlite.Connection, call: Any, *given: Any) -> Any:
        trips.append(call.__name__)
        return await execute(self, call, *given)  # type: ignore[no-untyped-call]

    async with engine.connect() as open_one:
        await open_one.execute(text("SELECT 1"))
        monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
        found = (await open_one.execute(text(_NUMBERS))).scalars().all()
        made = await open_one.execute(text("CREATE TABLE t (x)"))
        written = await open_one.execute(text("INSERT INTO t VALUES (1), (2)"))
    await engine.dispose()
    assert found == [1, 2, 3, 4, 5]
    assert (made.returns_rows, written.rowcount) == (False, 2)
    assert list(trips) == ["_drained"] * 3 + ["rollback", "close"]


async def test_rows_come_in_their_order_however_they_are_fetched() -> None:
    async with (
        connection(":memory:", check_same_thread=False) as open_one,
        open_one.cursor() as ours,
    ):
        await ours.execute(_NUMBERS)
        assert await ours.fetchone() == (1,)
        assert list(await ours.fetchmany()) == [(2,)]
        assert list(await ours.fetchmany(2)) == [(3,), (4,)]
        assert list(await ours.fetchall()) == [(5,)]
        assert await ours.fetchone() is None


async def test_a_stream_has_all_rows(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/x.db")
    async with engine.connect() as open_one:
        rows = [row.x async for row in await open_one.stream(text(_NUMBERS))]
    await engine.dispose()
    assert rows == [1, 2, 3, 4, 5]


async def test_an_error_ends_the_statement_alone(tmp_path: Path) -> None:
    async with (
        connection(str(tmp_path / "x.db"), check_same_thread=False) as open_one,
        open_one.cursor() as cursor,
    ):
        with pytest.raises(sqlite3.OperationalError):
            await cursor.execute("SELECT * FROM nothing")
        await cursor.execute(_NUMBERS)
        assert len(list(await cursor.fetchall())) == 5


def test_a_file_that_cannot_be_opened_leaves_no_thread(tmp_path: Path) -> None:
    before = threading.active_count()
    with pytest.raises(sqlite3.OperationalError):
        connection(str(tmp_path / "missing" / "x.db"))
    assert threading.active_count() == before
