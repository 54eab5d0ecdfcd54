"""The shape of the database: numbered files in `migrations/versions`, applied at start-up.

Many processes may start at once: on PostgreSQL an advisory lock, on SQLite BEGIN IMMEDIATE lets one
work and the others find everything done. There is no way back but a backup.
"""

import asyncio
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.db.engine import connect, reader

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


def revision(message: str) -> Path:
    """Write the next migration: the difference between all imported tables and those that exist.

    For developers, who import every module with tables before, read the result and mend it.
    """
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/compared.db"
        _upgrade_alone(url)
        script = asyncio.run(_connected(url, lambda connection: _compare(connection, message)))
    _revisions.cache_clear()
    return Path(script.path)


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
    _position(_current(connection) or _revisions()[0])
    command.upgrade(_config(connection), "head")
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))  # may we?
    if connection.dialect.name == "sqlite":
        _check_foreign_keys(connection)


def _check_foreign_keys(connection: Connection) -> None:
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise MigrationBroken({str(row[0]) for row in broken})


def _compare(connection: Connection, message: str) -> Script:
    number = f"{int(_revisions()[-1]) + 1:04d}"
    script = command.revision(_config(connection), message, autogenerate=True, rev_id=number)
    if not isinstance(script, Script):
        raise TypeError("one revision was expected")
    return script


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _position(revision: str) -> int:
    try:
        return _revisions().index(revision)
    except ValueError:
        raise NewerDatabase(revision) from None


@cache
def _revisions() -> tuple[str, ...]:
    """All that this version knows, from the first to the newest."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(script.revision for script in scripts)[::-1]


def _config(connection: Connection | None = None) -> Config:
    config = Config()  # no alembic.ini
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
