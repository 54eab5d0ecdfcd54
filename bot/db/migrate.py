"""The shape of the database: numbered files in `migrations/versions`, applied at start-up.

Many processes may start at once: on PostgreSQL an advisory lock, on SQLite BEGIN IMMEDIATE lets one
work and the others find everything done. There is no way back but a backup.
"""

import asyncio
import threading
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.db.engine import async_url, connect, reader

_FOLDER = Path(__file__).parent / "migrations"
_T = TypeVar("_T")
_PATIENCE = 60.0  # seconds for the upgrade of another process
_LOCK = 7001  # any number, the same in all processes
_one_at_a_time = threading.Lock()  # Alembic keeps its context in globals of the process


class NewerDatabase(Exception):
    """A newer Klartext has migrated this database. Start that one; this one must not write here."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"revision {revision} is unknown here")
        self.revision = revision


class NotMigrated(Exception):
    """There is no database yet, or it lacks migrations. Run `klartext db upgrade`."""


class MigrationBroken(Exception):
    """A migration would leave rows that point nowhere. Nothing was changed; report it to the developers."""

    def __init__(self, tables: set[str]) -> None:
        super().__init__(f"foreign keys point nowhere in {', '.join(sorted(tables))}")
        self.tables = tables


async def upgrade(url: str) -> None:
    """Bring the database to the newest shape, and make sure that we may write. Harmless to repeat.

    Raises DatabaseUnavailable, NewerDatabase and MigrationBroken. Runs in a thread with a loop of its own:
    whoever waits for another upgrade must not stop the loop that this other one needs.
    """
    await asyncio.to_thread(_upgrade_alone, url)


async def pending(engine: AsyncEngine) -> tuple[str, ...]:
    """The revisions that the database still lacks. Raises DatabaseUnavailable and NewerDatabase."""
    async with reader(engine).connect() as connection:
        current = await connection.run_sync(_current)
    known = _revisions()
    return known if current is None else known[_position(current) + 1 :]


async def require_newest(url: str) -> None:
    """Raises NotMigrated if the database lacks something or does not exist; makes no file.

    Also raises DatabaseUnavailable and NewerDatabase.
    """
    if not _may_exist(async_url(url)):
        raise NotMigrated
    engine = connect(url)
    try:
        if await pending(engine):
            raise NotMigrated
    finally:
        await engine.dispose()


def newest() -> str:
    """The revision that an upgrade leads to."""
    return _revisions()[-1]


def revision(message: str) -> Path:
    """Write the next migration: the difference between all imported tables and those that exist.

    For developers, who import every module with tables before, read the result and mend it.
    """
    from bot.db import scripts  # noqa: PLC0415

    number = f"{int(newest()) + 1:04d}"
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/compared.db"
        _upgrade_alone(url)
        compare = partial(scripts.compare, folder=_FOLDER, message=message, number=number)
        path = asyncio.run(_connected(url, compare))
    _revisions.cache_clear()
    return path


def _may_exist(address: URL) -> bool:
    """A look at a file that is missing would make it."""
    return address.get_backend_name() != "sqlite" or Path(address.database or "").exists()


def _upgrade_alone(url: str) -> None:
    with _one_at_a_time:
        asyncio.run(_connected(url, _upgrade))


async def _connected(url: str, work: Callable[[Connection], _T]) -> _T:
    """Without foreign keys: SQLite's migrations copy a table, then drop the old one and its children."""
    engine = connect(url, foreign_keys=False, patience=_PATIENCE)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    current = _current(connection)
    if current is None or _position(current) + 1 < len(_revisions()):
        _run_scripts(connection)
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))  # may we?


def _run_scripts(connection: Connection) -> None:
    from bot.db import scripts  # noqa: PLC0415  (Alembic takes 0.3 s, and most starts have nothing to do)

    scripts.run(connection, _FOLDER)
    if connection.dialect.name == "sqlite":
        _check_foreign_keys(connection)


def _check_foreign_keys(connection: Connection) -> None:
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise MigrationBroken({str(row[0]) for row in broken})


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _position(revision: str) -> int:
    try:
        return _revisions().index(revision)
    except ValueError:
        raise NewerDatabase(revision) from None


@cache
def _revisions() -> tuple[str, ...]:
    """All that this version knows, from the first to the newest: the numbers of the files."""
    files = (_FOLDER / "versions").glob("[0-9]*.py")
    return tuple(sorted(file.name.partition("_")[0] for file in files))
