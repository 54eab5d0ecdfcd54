"""A URL leads to a database, or to one clear reason why it does not."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, func, select

from bot.db.engine import async_url, connect, one_process
from bot.db.failures import DatabaseUnavailable, OneProcessOnly, Reason, UrlReason, WrongDatabaseUrl
from bot.db.keys import ProcessedKey
from bot.db.migrate import upgrade
from bot.db.rows import now
from bot.db.unit_of_work import Database


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///x.db", "sqlite+aiosqlite:///x.db"),
        ("sqlite:////data/x.db", "sqlite+aiosqlite:////data/x.db"),
        ("sqlite+aiosqlite:///x.db", "sqlite+aiosqlite:///x.db"),
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u:p@h:5433/d", "postgresql+asyncpg://u:p@h:5433/d"),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgresql://u@h/d?sslmode=require", "postgresql+asyncpg://u@h/d?ssl=require"),
        ("postgresql://u@/d?host=/run/postgresql", "postgresql+asyncpg://u@/d?host=%2Frun%2Fpostgresql"),
    ],
)
def test_urls_are_written_as_everywhere(url: str, driver: str) -> None:
    assert async_url(url).render_as_string(hide_password=False) == driver


@pytest.mark.parametrize(
    ("url", "reason", "detail"),
    [
        ("", UrlReason.UNREADABLE, ""),
        ("klartext.db", UrlReason.UNREADABLE, ""),
        ("postgresql://u:secret@h:port/d", UrlReason.UNREADABLE, ""),
        ("mysql://u:secret@h/d", UrlReason.KIND, "mysql"),
        ("postgresql+psycopg://u:secret@h/d", UrlReason.KIND, "postgresql+psycopg"),
        ("sqlite://", UrlReason.IN_MEMORY, ""),
        ("sqlite:///:memory:", UrlReason.IN_MEMORY, ""),
        ("sqlite:///file:x?mode=memory&uri=true", UrlReason.IN_MEMORY, ""),
        ("sqlite:///file::memory:?cache=shared&uri=true", UrlReason.IN_MEMORY, ""),
        ("postgresql://u:secret@h/d?channel_binding=require", UrlReason.OPTION, "channel_binding"),
    ],
)
def test_wrong_urls_are_refused_without_their_password(url: str, reason: UrlReason, detail: str) -> None:
    with pytest.raises(WrongDatabaseUrl) as refused:
        connect(url)
    assert (refused.value.reason, refused.value.detail) == (reason, detail)
    assert "secret" not in str(refused.value)


def test_sqlite_is_for_one_process() -> None:
    one_process("sqlite:///x.db", 1)
    one_process("postgresql://u@h/d", 2)
    with pytest.raises(OneProcessOnly) as refused:
        one_process("sqlite:///x.db", 2)
    assert refused.value.processes == 2


async def unavailable(url: str) -> DatabaseUnavailable:
    """How writing into a database fails."""
    database = Database.at(url)
    try:
        with pytest.raises(DatabaseUnavailable) as refused:
            await write(database, 1)
    finally:
        await database.close()
    assert refused.value.__cause__ is not None
    return refused.value


async def write(database: Database, rows: int) -> None:
    async with database.unit() as unit:
        keys = (f"{rows}-{number}-{'k' * 1_000}" for number in range(rows))
        unit.session.add_all(ProcessedKey(key=key, expires_at=now()) for key in keys)
        await unit.commit()


async def written(database: Database) -> int:
    async with database.reading() as session:
        return (await session.exec(select(func.count(col(ProcessedKey.key))))).one()


async def test_a_missing_folder(tmp_path: Path) -> None:
    assert (await unavailable(f"sqlite:///{tmp_path}/missing/x.db")).reason is Reason.MISSING_FOLDER


async def test_a_file_as_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert (await unavailable(f"sqlite:///{tmp_path}/file/x.db")).reason is Reason.MISSING_FOLDER


async def test_a_folder_as_file(tmp_path: Path) -> None:
    assert (await unavailable(f"sqlite:///{tmp_path}")).reason is Reason.IS_FOLDER


async def test_another_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("terms:\n" * 1_000)
    assert (await unavailable(f"sqlite:///{tmp_path}/x.db")).reason is Reason.NO_DATABASE
    assert (tmp_path / "x.db").read_text() == "terms:\n" * 1_000


@pytest.fixture
def damaged_file(migrated_file: Path, tmp_path: Path) -> Path:
    """Its first page is right, the others are not."""
    content = migrated_file.read_bytes()
    (tmp_path / "x.db").write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    return tmp_path / "x.db"


async def test_a_damaged_file(damaged_file: Path) -> None:
    assert (await unavailable(f"sqlite:///{damaged_file}")).reason is Reason.DAMAGED


async def test_a_read_only_file_can_be_read(migrated_file: Path) -> None:
    """Opened read-only: what its permissions say is nothing to the root user, who may run the tests."""
    url = f"sqlite:///file:{migrated_file}?mode=ro&uri=true"
    assert (await unavailable(url)).reason is Reason.READ_ONLY
    with pytest.raises(DatabaseUnavailable):
        await upgrade(url)
    database = Database.at(url)
    assert await written(database) == 0
    await database.close()


async def test_a_file_that_another_program_has_locked(migrated_file: Path) -> None:
    database = Database.at(f"sqlite:///{migrated_file}")

    @event.listens_for(database.engine.sync_engine, "connect")
    def impatient(connection: sqlite3.Connection, _record: object) -> None:
        connection.cursor().execute("PRAGMA busy_timeout=0")

    other = sqlite3.connect(migrated_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable) as refused:
        await write(database, 1)
    assert refused.value.reason is Reason.BUSY
    assert await written(database) == 0  # who only reads does not wait
    other.close()
    await database.close()


async def test_a_full_disk_loses_nothing_that_was_stored(migrated_url: str, engine_name: str) -> None:
    """SQLite with a limit of pages; PostgreSQL has no such limit and is asked to say so itself."""
    database = Database.at(migrated_url)
    await write(database, 1)
    if engine_name == "postgres":
        with pytest.raises(DatabaseUnavailable) as refused:
            async with database.engine.connect() as connection:
                await connection.exec_driver_sql("DO $$BEGIN RAISE SQLSTATE '53100'; END$$")
    else:

        @event.listens_for(database.engine.sync_engine, "begin")
        def limited(connection: object) -> None:
            connection.exec_driver_sql("PRAGMA max_page_count=30")  # type: ignore[attr-defined]

        with pytest.raises(DatabaseUnavailable) as refused:
            await write(database, 200)
    assert refused.value.reason is Reason.FULL
    assert await written(database) == 1
    await database.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:secret@127.0.0.1:1/d",  # nobody listens
        "postgresql://u:secret@/d?host=/nowhere",
    ],
)
async def test_no_server(url: str) -> None:
    error = await unavailable(url)
    assert error.reason is Reason.UNREACHABLE
    assert "secret" not in f"{error} {error.__cause__}"


async def test_a_server_without_this_database(migrated_url: str, engine_name: str) -> None:
    if engine_name == "postgres":
        assert (
            await unavailable(f"{migrated_url}".replace("/kt_", "/none_"))
        ).reason is Reason.UNKNOWN_NAME


async def test_values_stay_out_of_messages(database: Database) -> None:
    await write(database, 1)
    with pytest.raises(DBAPIError, match="hidden") as failed:
        await write(database, 1)
    assert "kkk" not in f"{failed.value} {failed.value.__cause__}"
