"""One Chromium for all tests, one Klartext for each."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.channels.playground.browser.windows import ARGUMENTS, CHROMIUM, House, Served, Started


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all: the browser lives in it."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A real browser without a screen."""
    if not CHROMIUM.exists():
        pytest.skip(
            f"{CHROMIUM} is missing: install chromium, or set KLARTEXT_TEST_CHROMIUM to another one"
        )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def used_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a Klartext that was started once and has read its glossary, to copy."""
    folder = tmp_path_factory.mktemp("used")
    served = Served(folder)
    await served.start()
    await served.stop()
    return folder / "klartext.db"


@pytest_asyncio.fixture(loop_scope="session")
async def served(used_before: Path, tmp_path: Path) -> AsyncIterator[Served]:
    """Klartext, serving."""
    shutil.copy(used_before, tmp_path)
    served = Served(tmp_path)
    await served.start()
    yield served
    await served.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def house(chromium: Browser, served: Served) -> AsyncIterator[House]:
    """Windows on it."""
    house = House(chromium, served.base)
    yield house
    await house.close()


@pytest_asyncio.fixture(loop_scope="session")
async def started(tmp_path: Path) -> AsyncIterator[Started]:
    """The command as a process of its own; not started yet."""
    started = Started(tmp_path)
    yield started
    if started.process:
        await started.kill()
