"""Connections to SQLite that go to their thread once for a statement.

aiosqlite goes there for the cursor, the statement, its rows and its end, and each way costs as much as a
small statement itself (`poe bench-memory` shows both). All rows come back with the statement: nothing here
reads more than it keeps.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import aiosqlite
from aiosqlite.context import contextmanager


def connection(database: str, **options: Any) -> aiosqlite.Connection:
    """What aiosqlite.connect makes, with one trip for a statement; for SQLAlchemy's `async_creator_fn`.

    `options` are those of sqlite3.connect; SQLAlchemy says `check_same_thread=False`. Raises sqlite3.Error
    before there is a thread: aiosqlite's stays behind and complains about the end of the loop.
    """
    opened = sqlite3.connect(database, **options)
    made = _Connection(lambda: opened, iter_chunk_size=1)
    made._thread.daemon = True  # noqa: SLF001  (as SQLAlchemy does: a forgotten connection stops no exit)
    return made


class _Cursor(aiosqlite.Cursor):
    """A statement and all its rows."""

    _rows: Iterator[Any] = iter(())

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        rows = await self._execute(self._drained, sql, parameters or ())  # type: ignore[no-untyped-call]
        self._rows = iter(rows)
        return self

    def _drained(self, sql: str, parameters: Sequence[Any]) -> list[Any]:
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchall()

    async def fetchone(self) -> Any:
        return next(self._rows, None)

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        return list(islice(self._rows, size or self.arraysize))

    async def fetchall(self) -> list[Any]:
        return list(self._rows)

    async def close(self) -> None:
        """Nothing is left to end: SQLite has ended a statement with its last row."""


class _Connection(aiosqlite.Connection):
    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        return _Cursor(self, self._conn.cursor())
