"""One process serves a SQLite database: whoever does holds a lock beside the file as long as it lives.

The lock is SQLite's own, on an empty file. So it works wherever the database does, it ends with the
process however that ends, and the database itself stays free for commands and backups.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL

from bot.db.engine import async_url
from bot.db.failures import AlreadyServed, DatabaseUnavailable, Reason, sqlite_reason

_BESIDE = "-lock"
_PATIENCE = 2.0  # seconds for a process before us to end


@contextmanager
def alone(url: str, patience: float = _PATIENCE) -> Iterator[None]:
    """Serve the database as the only process; PostgreSQL is for as many as wanted.

    Raises AlreadyServed, DatabaseUnavailable and WrongDatabaseUrl.
    """
    address = async_url(url)
    if address.get_backend_name() != "sqlite":
        yield
        return
    with closing(_locked(address, patience)):
        yield


def _locked(address: URL, patience: float) -> sqlite3.Connection:
    """The connection that holds the lock; the same for every way to write where the file is."""
    file = Path(str(address.database).removeprefix("file:")).resolve()
    lock = None
    try:
        lock = sqlite3.connect(file.with_name(file.name + _BESIDE), timeout=patience, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        if lock is not None:
            lock.close()
        reason = sqlite_reason(error, address)
        if reason is Reason.BUSY:
            raise AlreadyServed(str(address.database)) from error
        if reason is None:
            raise
        raise DatabaseUnavailable(reason, str(error)) from error
    return lock
