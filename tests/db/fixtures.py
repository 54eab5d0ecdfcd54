"""A fresh, empty or migrated database per test, once on SQLite and once on PostgreSQL.

    from tests.db.fixtures import *  # in a conftest.py

SQLite is a file: one in memory cannot be opened twice. Databases are copies of one that was migrated once.
"""

import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.db.migrate import upgrade
from bot.db.rows import now
from bot.db.unit_of_work import Database
from tests.db.servers import PostgresServer, apart, running_server

__all__ = ["clock", "database", "empty_url", "engine_name", "migrated_file", "migrated_url", "postgres"]


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = now()

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for all tests."""
    with running_server() as url:
        server = PostgresServer(url)
        apart(server.prepare())
        yield server
        apart(server.drop(server.template))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "klartext.db"
    apart(upgrade(f"sqlite:///{file}"))
    return file


@pytest.fixture(params=["sqlite", "postgres"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Every test that asks for a database runs once per engine."""
    return str(request.param)


@pytest.fixture
async def empty_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A database without tables."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = await server.create("template1")
    yield server.url(name)
    await server.drop(name)


@pytest.fixture
async def migrated_url(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[str]:
    """A database with all tables."""
    if engine_name == "sqlite":
        file = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "klartext.db")
        yield f"sqlite:///{file}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = await server.create(server.template)
    yield server.url(name)
    await server.drop(name)


@pytest.fixture
def clock() -> MovableClock:
    """The clock of `database`."""
    return MovableClock()


@pytest.fixture
async def database(migrated_url: str, clock: MovableClock) -> AsyncIterator[Database]:
    """A database with all tables, open, with a clock that stands still."""
    database = Database.at(migrated_url, clock)
    yield database
    await database.close()
