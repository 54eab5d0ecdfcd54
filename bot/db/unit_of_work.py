"""One event, one unit of work, one commit.

    async with database.unit() as unit:
        ticket = await unit.session.get(Ticket, number, with_for_update=True)
        …
        await unit.commit()

Leaving without a commit rolls back. Nothing that waits for the network happens inside: in SQLite
everybody else waits with it. What is read, changed and written is read with `with_for_update=True`:
PostgreSQL loses updates without it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.engine import connect, reader
from bot.db.failures import DatabaseUnavailable, Reason
from bot.db.rows import Clock, now

Callback = Callable[[], object]
Joined = Callable[["Unit", Any], Awaitable[None]]

_log = logging.getLogger(__name__)
_PATIENCE = 30.0  # seconds in the queue of writers, as long as SQLAlchemy waits for a connection


class UnitInsideUnit(RuntimeError):
    """A task opened a unit inside a unit; in SQLite it would wait for itself. Pass the unit on instead."""


class CommittedTwice(RuntimeError):
    """A unit commits once. What comes later belongs into a unit of its own."""


class Unit:
    """A session with one commit and with callbacks for afterwards."""

    def __init__(self, database: "Database", session: AsyncSession) -> None:
        self.database = database
        self.session = session
        self._callbacks: list[Callback] = []
        self._committed = False

    def after_commit(self, callback: Callback) -> None:
        """Call this once everything is safely stored, and never if it is not."""
        self._callbacks.append(callback)

    def announce(self, topic: str) -> None:
        """Tell the listeners of a topic in this process, after the commit."""
        self.after_commit(lambda: self.database.tell(topic))

    async def happen(self, topic: str, about: Any) -> None:
        """Let whoever joined the topic add to this unit: it is stored with the rest, or not at all."""
        for step in self.database.joined(topic):
            await step(self, about)

    async def commit(self) -> None:
        """Store everything and close the session; rows stay readable."""
        if self._committed:
            raise CommittedTwice
        self._committed = True
        await self.session.commit()
        await self.session.close()
        for callback in self._callbacks:
            _call(callback)


class Database:
    """An engine, the queue of its writers and the clock. One per process and event loop."""

    def __init__(self, engine: AsyncEngine, clock: Clock = now) -> None:
        self.engine = engine
        self.clock = clock
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._reader = reader(engine)
        self._turn = asyncio.Lock()  # waiting here is fair and free; SQLite itself polls for its lock
        self._writing: set[asyncio.Task[Any] | None] = set()
        self._listeners: dict[str, dict[object, Callback]] = {}
        self._joined: dict[str, list[Joined]] = {}

    @classmethod
    def at(cls, url: str, clock: Clock = now) -> "Database":
        """The database at a URL. Raises WrongDatabaseUrl; nothing is opened yet."""
        return cls(connect(url), clock)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """Open a unit of work. Raises DatabaseUnavailable."""
        async with self._in_turn(), _session(self.engine) as session:
            yield Unit(self, session)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the database, waits for no writer and cannot write."""
        async with _session(self._reader) as session:
            yield session

    def listen(self, topic: str, callback: Callback) -> Callback:
        """Be called after each commit that announces the topic; returns what ends it."""
        listeners, ticket = self._listeners.setdefault(topic, {}), object()
        listeners[ticket] = callback
        return lambda: listeners.pop(ticket, None)

    def join(self, topic: str, step: Joined) -> None:
        """Take part in every unit in which the topic happens, before its commit; no network call."""
        self._joined.setdefault(topic, []).append(step)

    def joined(self, topic: str) -> tuple[Joined, ...]:
        """Who takes part, in the order in which they joined."""
        return tuple(self._joined.get(topic, ()))

    def tell(self, topic: str) -> None:
        """Call the listeners of a topic."""
        for callback in tuple(self._listeners.get(topic, {}).values()):
            _call(callback)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        task = asyncio.current_task()
        if task in self._writing:
            raise UnitInsideUnit
        if self.is_sqlite:
            await self._wait_for_turn()
        self._writing.add(task)
        try:
            yield
        finally:
            self._writing.discard(task)
            if self.is_sqlite:
                self._turn.release()

    async def _wait_for_turn(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._turn.acquire()
        except TimeoutError as error:
            raise DatabaseUnavailable(Reason.BUSY, "the queue of writers does not move") from error


@asynccontextmanager
async def _session(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """A session whose rows outlive it, and that cannot be used again after it was closed."""
    try:
        async with AsyncSession(engine, expire_on_commit=False, close_resets_only=False) as session:
            yield session
    except NoConnectionFree as error:
        raise DatabaseUnavailable(Reason.BUSY, "no connection is free") from error


def _call(callback: Callback) -> None:
    """The commit has happened: no callback may make it look as if it had not."""
    try:
        callback()
    except Exception:
        _log.exception("a callback after a commit failed")
