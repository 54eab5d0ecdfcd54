"""What a database can refuse, in our words.

Drivers fail in dozens of ways, people need to hear which of a few things to mend. `reason` names the
sentence, the driver's error stays attached as the cause.
"""

from enum import StrEnum
from pathlib import Path
from typing import cast

from sqlalchemy import URL, make_url
from sqlalchemy.engine import ExceptionContext


class Reason(StrEnum):
    """Why a database cannot be used."""

    MISSING_FOLDER = "missing_folder"
    IS_FOLDER = "is_folder"
    NO_PERMISSION = "no_permission"
    READ_ONLY = "read_only"
    FULL = "full"
    NO_DATABASE = "no_database"  # the file is something else
    DAMAGED = "damaged"
    BUSY = "busy"  # somebody else holds the lock, or all connections
    UNREACHABLE = "unreachable"
    LOGIN = "login"
    UNKNOWN_NAME = "unknown_name"  # the server has no database of this name


class UrlReason(StrEnum):
    """Why a database URL cannot be used."""

    UNREADABLE = "unreadable"
    KIND = "kind"  # neither SQLite nor PostgreSQL
    IN_MEMORY = "in_memory"  # two sessions at once would share one transaction
    OPTION = "option"  # something after the "?" that the driver does not know


class DatabaseUnavailable(Exception):
    """The database cannot be opened, read or written. Say why, keep what is in memory, try again later."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


class WrongDatabaseUrl(Exception):
    """The setting names no database that we can use. Stop the start; `detail` holds no password."""

    def __init__(self, reason: UrlReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


class OneProcessOnly(Exception):
    """SQLite is for one process. Stop the start; more than one needs PostgreSQL."""

    def __init__(self, processes: int) -> None:
        super().__init__(f"SQLite with {processes} processes")
        self.processes = processes


class AlreadyServed(Exception):
    """Another process serves this SQLite file. Stop it first."""

    def __init__(self, file: str) -> None:
        super().__init__(f"{file} is served already")
        self.file = file


_SQLITE = {  # primary result codes, https://sqlite.org/rescode.html
    3: Reason.NO_PERMISSION,  # PERM
    5: Reason.BUSY,
    6: Reason.BUSY,  # LOCKED
    8: Reason.READ_ONLY,
    10: Reason.DAMAGED,  # IOERR
    11: Reason.DAMAGED,  # CORRUPT
    13: Reason.FULL,
    23: Reason.NO_PERMISSION,  # AUTH
    26: Reason.NO_DATABASE,
}
_SQLITE_CANNOT_OPEN = 14
_POSTGRES = {  # SQLSTATE or its class, https://www.postgresql.org/docs/current/errcodes-appendix.html
    "08": Reason.UNREACHABLE,
    "25006": Reason.READ_ONLY,
    "28": Reason.LOGIN,
    "3D": Reason.UNKNOWN_NAME,
    "42501": Reason.NO_PERMISSION,
    "53": Reason.BUSY,
    "53100": Reason.FULL,
    "57P": Reason.UNREACHABLE,
    "58": Reason.DAMAGED,
    "XX": Reason.DAMAGED,
}


def translated(context: ExceptionContext) -> DatabaseUnavailable | None:
    """SQLAlchemy's hook for errors: what it returns is raised, with the driver's error as the cause."""
    error = context.original_exception
    reason = _reason(error, context) if isinstance(error, Exception) else None  # else: cancelled
    if reason is None or (reason is Reason.READ_ONLY and _was_reading(context)):
        return None
    return DatabaseUnavailable(reason, str(error).splitlines()[0] if str(error) else type(error).__name__)


def _was_reading(context: ExceptionContext) -> bool:
    """Writing while reading is our mistake; the database is well."""
    connection = context.connection
    return connection is not None and bool(connection.get_execution_options().get("read_only"))


def _reason(error: Exception, context: ExceptionContext) -> Reason | None:
    if isinstance(error, OSError):
        return Reason.UNREACHABLE
    if hasattr(error, "sqlite_errorcode"):
        return sqlite_reason(error, context.engine.url if context.engine else make_url("sqlite://"))
    if state := cast("str | None", getattr(error, "sqlstate", None)):
        return next((_POSTGRES[state[:n]] for n in (5, 3, 2) if state[:n] in _POSTGRES), None)
    return Reason.UNREACHABLE if context.is_disconnect else None


def sqlite_reason(error: Exception, url: URL) -> Reason | None:
    """Why SQLite refuses; None for what is a mistake of ours."""
    primary = int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
    return _why_not_opened(url) if primary == _SQLITE_CANNOT_OPEN else _SQLITE.get(primary)


def _why_not_opened(url: URL) -> Reason:
    """SQLite says "unable to open database file" for all of these."""
    file = Path((url.database or "").removeprefix("file:"))
    if file.is_dir():
        return Reason.IS_FOLDER
    return Reason.NO_PERMISSION if file.parent.is_dir() else Reason.MISSING_FOLDER
