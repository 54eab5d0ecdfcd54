"""The door to the database: SQLite in a file for one process, PostgreSQL for as many as wanted.

The settings were measured (tests/bench/memory.py): with the drivers' own, writers at the same time
lose updates without any error.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.db.failures import (
    DatabaseUnavailable,
    OneProcessOnly,
    Reason,
    UrlReason,
    WrongDatabaseUrl,
    translated,
)
from bot.db.trips import connection

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_CONNECT_SECONDS = 10  # asyncpg waits a minute for a server that does not answer
_POSTGRES_OPTIONS = {  # those of asyncpg.connect that are texts, and one of SQLAlchemy
    *("host", "port", "ssl", "direct_tls", "passfile", "service", "servicefile"),
    *("target_session_attrs", "krbsrvname", "gsslib", "prepared_statement_cache_size"),
}


def connect(url: str, *, foreign_keys: bool = True, patience: float = 5.0) -> AsyncEngine:
    """An engine for `sqlite:///file.db` or `postgresql://…`; nothing is opened before its first use.

    `patience` are the seconds that SQLite waits for another process to release the lock.

    Raises WrongDatabaseUrl. Whatever is done with it later may raise DatabaseUnavailable. Values stay
    out of logs and messages: they are what people wrote.
    """
    address = async_url(url)
    sqlite = address.get_backend_name() == "sqlite"
    engine = create_async_engine(
        address,
        pool_pre_ping=not sqlite,
        hide_parameters=True,
        connect_args={"async_creator_fn": connection} if sqlite else {"timeout": _CONNECT_SECONDS},
    )
    if sqlite:
        pragmas = (
            f"busy_timeout={patience * 1000:.0f}",
            "journal_mode=WAL",
            f"foreign_keys={foreign_keys:d}",
        )
        event.listen(engine.sync_engine, "connect", partial(_tune_sqlite, pragmas))
        event.listen(engine.sync_engine, "begin", _begin_immediate)
        event.listen(engine.sync_engine, "invalidate", _release_lock)
    event.listen(engine.sync_engine, "do_connect", _open)
    event.listen(engine.sync_engine, "handle_error", translated)
    return engine


def reader(engine: AsyncEngine) -> AsyncEngine:
    """The same connections for pure reads: in SQLite they wait for no writer; writing is refused."""
    return engine.execution_options(read_only=True, postgresql_readonly=True)


def one_process(url: str, processes: int) -> None:
    """Refuse SQLite for more than one process: its lock and our queue of writers are for one."""
    if processes > 1 and async_url(url).get_backend_name() == "sqlite":
        raise OneProcessOnly(processes)


def async_url(url: str) -> URL:
    """The URL as people write it, with the driver that we use. Raises WrongDatabaseUrl."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise WrongDatabaseUrl(UrlReason.UNREADABLE) from None
    driver = _DRIVERS.get(address.drivername)
    if driver is None:
        raise WrongDatabaseUrl(UrlReason.KIND, address.drivername)
    address = address.set(drivername=driver)
    return _sqlite_url(address) if driver.startswith("sqlite") else _postgres_url(address)


def _sqlite_url(address: URL) -> URL:
    in_memory = address.database in (None, "", ":memory:") or address.query.get("mode") == "memory"
    if in_memory or "file::memory:" in (address.database or ""):
        raise WrongDatabaseUrl(UrlReason.IN_MEMORY)
    return address


def _postgres_url(address: URL) -> URL:
    """Hosts hand out libpq's `sslmode`; asyncpg calls it `ssl`."""
    query = {"ssl" if name == "sslmode" else name: value for name, value in address.query.items()}
    if unknown := sorted(query.keys() - _POSTGRES_OPTIONS):
        raise WrongDatabaseUrl(UrlReason.OPTION, ", ".join(unknown))
    return address.set(query=query)


def _open(dialect: Dialect, _record: object, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """asyncpg fails with plain OSErrors, which SQLAlchemy passes on as they are."""
    try:
        return dialect.connect(*arguments, **options)
    except OSError as error:
        raise DatabaseUnavailable(Reason.UNREACHABLE, str(error) or type(error).__name__) from error


def _tune_sqlite(pragmas: Iterable[str], connection: Any, _record: object) -> None:
    try:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    except BaseException:
        connection.close()  # the pool does not know it yet
        raise


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once; a lock taken later can lose updates."""
    read_only = bool(connection.get_execution_options().get("read_only"))
    if connection.info.get("query_only", False) != read_only:
        connection.exec_driver_sql(f"PRAGMA query_only={int(read_only)}")
        connection.info["query_only"] = read_only
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _release_lock(connection: Any, _record: object, _error: object) -> None:
    """End the transaction of a task that was cancelled in the middle of a statement.

    SQLite closes a connection only when its last statement is forgotten; until then the lock is held by
    whatever keeps the traceback.
    """
    with suppress(asyncio.CancelledError):  # again; the rollback happens in its thread all the same
        connection.rollback()
