"""What the tests of the page start from."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from bot.channels.playground.app import Playground, playground
from bot.channels.playground.listener import Listener
from bot.channels.playground.store import Store
from tests.channels.playground.kit import AT, Script, browsing, context


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty file."""
    store = Store(tmp_path / "chat.db", lambda: AT)
    yield store
    store.close()


@pytest.fixture
def script() -> Script:
    """What the features say."""
    return Script()


@pytest.fixture
def listener(script: Script, store: Store) -> Listener:
    """The listener over that."""
    return Listener(script.router, context, store, ["explain"])


@pytest.fixture
def page(script: Script, store: Store) -> Playground:
    """The pages over that."""
    previews = {"Slack": lambda card: f'{{"text": "{card.summary}"}}'}
    actions = [("explain", "glossary.explain")]
    return playground(script.router, context, store, previews=previews, message_actions=actions)


@pytest.fixture
async def browser(page: Playground) -> AsyncIterator[httpx.AsyncClient]:
    """An English browser without a script."""
    async with browsing(page) as browser:
        yield browser


@pytest.fixture
async def script_browser(page: Playground) -> AsyncIterator[httpx.AsyncClient]:
    """The same with our script: it wants JSON."""
    async with browsing(page, Accept="application/json") as browser:
        yield browser
