"""Tells open pages what changed: server-sent events, one stream for each page.

A stream asks the store what changed since a revision, so nothing is lost while a page was away or the
server was down: the browser comes back with the last revision that it saw.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress

from bot.channels.playground.people import Seat, room_of
from bot.channels.playground.store import Message, Store, StoreUnavailable, whole

_SIGN_OF_LIFE = 15.0  # seconds; a page that is gone is noticed when something is sent to it
_HELLO = "retry: 400\n\n"  # milliseconds until a page comes back


class Live:
    """Wakes all streams when something was posted, and ends them when the server stops."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._bells: set[asyncio.Event] = set()
        self._stopped = False
        store.on_change(self._ring)

    def stop(self) -> None:
        """End all streams: a server waits for open answers before it stops."""
        self._stopped = True
        self._ring()

    def _ring(self) -> None:
        for bell in self._bells:
            bell.set()

    @contextmanager
    def _bell(self) -> Iterator[asyncio.Event]:
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)

    async def stream(self, seat: Seat, seen: str, draw: Callable[[Message], str]) -> AsyncIterator[str]:
        """The events for one page, until it goes or the server stops. `seen` is the last id that it saw."""
        yield _HELLO
        born, _, revision = seen.partition(".")
        if whole(born) != self._store.id:
            yield _event("afresh", {})  # the page shows what was before `--reset`
            return
        since = whole(revision)
        shown: list[str] | None = None
        with self._bell() as bell:
            while not self._stopped:
                bell.clear()
                changes = self._changes(seat, since)
                for message in changes:
                    since = message.revision
                    yield _event("message", _told(message, draw), f"{born}.{since}")
                rooms = self._unseen(seat)
                if rooms != shown:
                    shown = rooms
                    yield _event("unseen", {"rooms": rooms})
                if changes:
                    continue  # there may be more than one round of them
                try:
                    await asyncio.wait_for(bell.wait(), _SIGN_OF_LIFE)
                except TimeoutError:
                    yield ": still here\n\n"

    def _changes(self, seat: Seat, since: int) -> list[Message]:
        with suppress(StoreUnavailable):  # the page says so when one does something; it may come back
            if found := self._store.changes(seat.place.id, seat.person.id, since):
                self._store.saw(seat.person.id, seat.place.id)
            return found
        return []

    def _unseen(self, seat: Seat) -> list[str]:
        with suppress(StoreUnavailable):
            rooms = (room_of(place, seat.person.id) for place in self._store.unseen(seat.person.id))
            return sorted(room for room in rooms if room and room != seat.room)
        return []


def _told(message: Message, draw: Callable[[Message], str]) -> dict[str, object]:
    html = "" if message.deleted else draw(message)
    return {"number": message.number, "thread": message.thread, "html": html}


def _event(name: str, data: dict[str, object], id_: str = "") -> str:
    head = f"id: {id_}\n" if id_ else ""
    return f"{head}event: {name}\ndata: {json.dumps(data)}\n\n"
