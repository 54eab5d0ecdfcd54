"""Open pages hear what changed, and nothing that is not for them; they miss nothing while away."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.playground import live as live_module
from bot.channels.playground.live import Live
from bot.channels.playground.store import Draft, Message, Store
from tests.channels.playground.kit import at, card


@pytest.fixture
def live(store: Store) -> Live:
    """The streams of the playground."""
    return Live(store)


def draw(message: Message) -> str:
    """A message as HTML."""
    return message.text or (message.card.summary if message.card else "")


class Window:
    """An open page: what it was told."""

    def __init__(self, stream: AsyncIterator[str]) -> None:
        self._stream = stream

    async def next(self) -> tuple[str, Any, str]:
        """The next event: name, data and id."""
        async with asyncio.timeout(5):
            return _parsed(await anext(self._stream))

    async def end(self) -> None:
        """Close the page."""
        await self._stream.aclose()  # type: ignore[attr-defined]


def _parsed(told: str) -> tuple[str, Any, str]:
    assert told.endswith("\n\n")
    lines = [line.partition(": ") for line in told.rstrip("\n").split("\n")]
    values = {name: value for name, _, value in lines}
    return values.get("event", lines[0][0]), json.loads(values.get("data", "null")), values.get("id", "")


async def window(live: Live, person: str = "mara", room: str = "marketing", since: int = 0) -> Window:
    """A page that has just been opened."""
    opened = Window(live.stream(at(person, room), f"{live._store.id}.{since}", draw))
    assert (await opened.next())[0] == "retry"
    return opened


async def test_a_new_page_hears_what_it_has_not_seen(live: Live, store: Store) -> None:
    store.post(Draft("#marketing", "sven", "old"))
    since = store.revision()
    new = store.post(Draft("#marketing", "sven", "new\n<b>"))
    page = await window(live, since=since)
    assert await page.next() == (
        "message",
        {"number": new.number, "thread": None, "html": "new\n<b>"},
        f"{store.id}.{new.revision}",
    )
    assert await page.next() == ("unseen", {"rooms": []}, "")
    await page.end()


async def test_an_open_page_is_woken(live: Live, store: Store) -> None:
    page = await window(live)
    assert (await page.next())[0] == "unseen"
    waiting = asyncio.create_task(page.next())
    await asyncio.sleep(0)
    number = store.post(Draft("#marketing", "klartext", card=card("a"))).number
    assert (await waiting)[1]["number"] == number
    store.edit(number, card("b"))
    assert (await page.next())[1]["html"] == "b"
    store.delete(number)
    assert (await page.next())[1] == {"number": number, "thread": None, "html": ""}
    await page.end()


async def test_nobody_hears_what_is_not_for_them(live: Live, store: Store) -> None:
    page = await window(live, "sven")
    assert (await page.next())[0] == "unseen"
    store.post(Draft("#marketing", "klartext", card=card("for mara"), audience="mara"))
    store.post(Draft("@mara", "klartext", card=card("for mara alone")))
    store.post(Draft("#marketing", "mara", "for all"))
    assert (await page.next())[1]["html"] == "for all"
    await page.end()


async def test_rooms_with_something_new_are_named(live: Live, store: Store) -> None:
    page = await window(live)
    assert await page.next() == ("unseen", {"rooms": []}, "")
    store.post(Draft("#it", "sven", "psst"))
    store.post(Draft("@mara", "klartext", card=card("hello")))
    store.post(Draft("@sven", "klartext", card=card("not yours")))
    assert await page.next() == ("unseen", {"rooms": ["it", "klartext"]}, "")
    await page.end()


async def test_a_page_that_is_silent_shows_a_sign_of_life(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "_SIGN_OF_LIFE", 0.0)
    page = await window(live)
    assert (await page.next())[0] == "unseen"
    assert (await page.next())[0] == ""  # a comment
    await page.end()


async def test_streams_end_when_the_server_stops(live: Live) -> None:
    page = await window(live)
    assert (await page.next())[0] == "unseen"
    waiting = asyncio.create_task(page.next())
    await asyncio.sleep(0)
    live.stop()
    with pytest.raises(StopAsyncIteration):
        await waiting
    late = await window(live)
    with pytest.raises(StopAsyncIteration):
        await late.next()


async def test_a_page_that_is_gone_is_forgotten(live: Live) -> None:
    page = await window(live)
    await page.next()
    assert len(live._bells) == 1
    await page.end()
    assert live._bells == set()


async def test_while_the_file_is_away_the_page_stays(live: Live, store: Store) -> None:
    page = await window(live)
    await page.next()
    waiting = asyncio.create_task(page.next())
    await asyncio.sleep(0)
    store._database.execute("PRAGMA query_only = ON")  # it cannot be written that one saw it
    live._ring()
    await asyncio.sleep(0)
    store._database.execute("PRAGMA query_only = OFF")
    number = store.post(Draft("#marketing", "sven", "back")).number
    assert (await waiting)[1]["number"] == number
    await page.end()


@pytest.mark.parametrize("seen", ["", "0.0", "1.7", "x.y", "99999999999.1"])
async def test_a_page_from_before_a_reset_begins_afresh(live: Live, store: Store, seen: str) -> None:
    store._database.execute("PRAGMA application_id = 7")
    page = Window(live.stream(at("mara"), seen, draw))
    assert (await page.next())[0] == "retry"
    assert (await page.next())[0] == "afresh"
    with pytest.raises(StopAsyncIteration):
        await page.next()
