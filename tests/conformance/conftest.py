"""Each test gets Klartext with all channels on a database of its own, as often as it asks."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import bot.app
from bot.config import load_settings
from bot.db.unit_of_work import Database
from bot.glossary.living import import_file
from tests.channels.slack.conftest import slack  # noqa: F401  (fixtures)
from tests.channels.slack.fake import FakeSlack
from tests.channels.teams.conftest import microsoft, signing_key  # noqa: F401
from tests.channels.teams.kit import CHANNEL_ID
from tests.channels.teams.microsoft import FakeMicrosoft
from tests.conformance.building import Building, Vendors, open_building
from tests.conformance.people import known_in_slack, known_in_teams
from tests.conftest import ROOT
from tests.db.fixtures import MovableClock
from tests.db.servers import PostgresServer, apart

TERMS = (
    "lead",
    "marketing-qualified-lead",
    "sales-qualified-lead",
    "prospect",
    "opportunity",
    "conversion-rate",
    "lead-response-time",
)
Open = Callable[[], Awaitable[Building]]


@pytest.fixture(scope="module", autouse=True)  # what runs after these tests reads its own files
def read_once() -> Iterator[None]:
    """Reading the lists takes most of a start, and the files stay the same."""
    settings = load_settings({}, flows=ROOT / "intake_flows")
    coach, analyst, roles = (
        bot.app.coach_of(settings),
        bot.app.analyst_of(settings),
        bot.app.roles_of(settings),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.app.coach_of", lambda _: coach)
        patch.setattr("bot.app.analyst_of", lambda _: analyst)
        patch.setattr("bot.app.roles_of", lambda _: roles)
        yield


@pytest.fixture(scope="session")
def few_terms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some terms of the shipped glossary, in which marketing has a channel of the Teams of the tests."""
    yaml = YAML(typ="safe", pure=True)
    whole = yaml.load(ROOT / "glossary.yaml")
    whole["glossary"]["departments"]["marketing"]["channels"]["teams"] = [CHANNEL_ID]
    file = tmp_path_factory.mktemp("few") / "glossary.yaml"
    yaml.dump({**whole, "terms": {id_: whole["terms"][id_] for id_ in TERMS}}, file)
    return file


@pytest.fixture(scope="session")
def filled_sqlite(migrated_file: Path, few_terms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with that glossary."""
    file = Path(shutil.copy(migrated_file, tmp_path_factory.mktemp("filled") / "klartext.db"))
    apart(_import(f"sqlite:///{file}", few_terms))
    return file


@pytest.fixture(scope="session")
def filled_postgres(postgres: PostgresServer, few_terms: Path) -> str:
    """The same on PostgreSQL."""
    name = f"{postgres.template}_few"
    apart(postgres.run(f"CREATE DATABASE {name} TEMPLATE {postgres.template}"))
    apart(_import(postgres.url(name), few_terms))
    return name


async def _import(url: str, glossary: Path) -> None:
    database = Database.at(url)
    await import_file(database, glossary)
    await database.close()


@pytest.fixture
async def new_url(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Callable[[], Awaitable[str]]]:
    """Makes a database with that glossary."""
    names, numbers = [], count()

    async def new() -> str:
        if engine_name == "sqlite":
            file = tmp_path / f"klartext-{next(numbers)}.db"
            shutil.copy(request.getfixturevalue("filled_sqlite"), file)
            return f"sqlite:///{file}"
        server: PostgresServer = request.getfixturevalue("postgres")
        names.append(await server.create(request.getfixturevalue("filled_postgres")))
        return server.url(names[-1])

    yield new
    for name in names:
        await request.getfixturevalue("postgres").drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Both databases."""
    return str(request.param)


@pytest.fixture
def vendors(slack: FakeSlack, microsoft: FakeMicrosoft) -> Vendors:  # noqa: F811  (so pytest hands it)
    """Both know the same people."""
    known_in_slack(slack)
    known_in_teams(microsoft)
    return Vendors(slack, microsoft)


@pytest.fixture
async def open_one(
    new_url: Callable[[], Awaitable[str]], few_terms: Path, tmp_path: Path, vendors: Vendors
) -> AsyncIterator[Open]:
    """Opens a new Klartext at the same moment of the same day, also if it is the third one."""
    async with AsyncExitStack() as stack:
        numbers = count()

        async def opened() -> Building:
            clock = MovableClock()
            clock.at = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
            folder = tmp_path / f"building-{next(numbers)}"
            building = open_building(await new_url(), few_terms, folder, vendors, clock)
            return await stack.enter_async_context(building)

        yield opened
