"""Glossaries that many tests ask. They are immutable, so one of each serves all."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.glossary.book import Book
from bot.glossary.file import load
from tests.db.fixtures import *  # noqa: F403  (both databases, for every test that asks for one)
from tests.db.fixtures import MovableClock
from tests.db.servers import PostgresServer, apart
from tests.world import World, begun

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data"

# The same examples on every run, else a change lands or not by luck; `poe fuzz` looks for new ones.
settings.register_profile("klartext", derandomize=True, deadline=None)
settings.register_profile("fuzz", deadline=None)
settings.load_profile("klartext")


@pytest.fixture(scope="session")
def example() -> Book:
    """The customer's example glossary."""
    return Book(load(DATA / "examples" / "glossary.yaml"))


@pytest.fixture(scope="session")
def shipped() -> Book:
    """The glossary of this repository."""
    return Book(load(ROOT / "glossary.yaml"))


@pytest.fixture(scope="session")
def lively_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file in which the small world has begun, to copy."""
    folder = tmp_path_factory.mktemp("world")
    file = Path(shutil.copy(migrated_file, folder / "klartext.db"))
    apart(begun(f"sqlite:///{file}", folder))
    return file


@pytest.fixture(scope="session")
def lively_template(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same on PostgreSQL."""
    name = f"{postgres.template}_world"
    apart(postgres.run(f"CREATE DATABASE {name} TEMPLATE {postgres.template}"))
    apart(begun(postgres.url(name), tmp_path_factory.mktemp("world")))
    return name


@pytest.fixture
async def world(
    engine_name: str, request: pytest.FixtureRequest, clock: MovableClock, tmp_path: Path
) -> AsyncIterator[World]:
    """All of Klartext on a database of its own, with the small glossary and four people."""
    if engine_name == "sqlite":
        file = shutil.copy(request.getfixturevalue("lively_file"), tmp_path / "klartext.db")
        world = World(f"sqlite:///{file}", tmp_path, clock)
        await world.klartext.living.refresh()
        yield world
        await world.klartext.database.close()
        return
    template = request.getfixturevalue("lively_template")
    server: PostgresServer = request.getfixturevalue("postgres")
    name = await server.create(template)
    world = World(server.url(name), tmp_path, clock)
    await world.klartext.living.refresh()
    yield world
    await world.klartext.database.close()
    await server.drop(name)
