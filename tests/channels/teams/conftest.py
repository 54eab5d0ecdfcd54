"""Teams as tests meet it: everything real but Microsoft."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import requests
import requests.adapters
from botframework.connector.auth import JwtTokenExtractor
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.channels.teams.kit import Site, Teammate, running, settings
from tests.channels.teams.microsoft import FakeMicrosoft, new_key
from tests.db.fixtures import MovableClock
from tests.db.servers import apart


@pytest.fixture(scope="session")
def signing_key() -> rsa.RSAPrivateKey:
    """Making one takes a while, so one serves all tests."""
    return new_key()


@pytest.fixture
async def microsoft(
    signing_key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FakeMicrosoft]:
    """Microsoft, on this machine."""
    fake = FakeMicrosoft(signing_key)

    def send(adapter: object, request: requests.PreparedRequest, **options: object) -> requests.Response:
        return fake.send(adapter, request, **options)

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    yield fake
    JwtTokenExtractor.metadataCache.clear()


@pytest.fixture(scope="session")
def filled_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that has the example glossary."""
    file = Path(shutil.copy(migrated_file, tmp_path_factory.mktemp("filled") / "klartext.db"))

    async def fill() -> None:
        async with running(settings(f"sqlite:///{file}"), MovableClock()):
            pass

    apart(fill())
    return file


@pytest.fixture
async def site(
    filled_file: Path, tmp_path: Path, microsoft: FakeMicrosoft, clock: MovableClock
) -> AsyncIterator[Site]:
    """Klartext with Teams."""
    file = shutil.copy(filled_file, tmp_path / "klartext.db")
    async with running(settings(f"sqlite:///{file}"), clock) as site:
        yield site


@pytest.fixture
def mara(site: Site, microsoft: FakeMicrosoft) -> Teammate:
    """Somebody who speaks German, in their 1:1 chat."""
    return Teammate(site, microsoft)


@pytest.fixture
async def site_on_both(
    migrated_url: str, microsoft: FakeMicrosoft, clock: MovableClock
) -> AsyncIterator[Site]:
    """The same, once on SQLite and once on PostgreSQL."""
    async with running(settings(migrated_url), clock) as site:
        yield site
