"""What was said in the playground and which form is open: a SQLite file of its own, as Slack has its own.

Small and on this machine, so it is read and written in the event loop: a call takes well below a
millisecond. Nothing is ever lost by a restart; whoever watches asks for what changed since a revision.
"""

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.channels.playground.people import KLARTEXT
from bot.chat.events import Answers
from bot.chat.stored import restored, stored
from bot.chat.ui import Card, Form

_VERSION = 1
_SHOWN = 300  # messages of a place that a page draws
_PATIENCE = 2.0  # seconds for a process before us to end
_DIGITS = 18  # of a number that SQLite can hold
_TABLES = """
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    place TEXT NOT NULL,
    thread INTEGER,
    author TEXT NOT NULL,
    audience TEXT,
    asked TEXT NOT NULL,
    text TEXT NOT NULL,
    card TEXT,
    at TEXT NOT NULL,
    edited INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL,
    key TEXT UNIQUE
);
CREATE INDEX IF NOT EXISTS by_place ON messages (place, revision);
CREATE INDEX IF NOT EXISTS by_revision ON messages (revision);
CREATE TABLE IF NOT EXISTS forms (person TEXT PRIMARY KEY, id TEXT NOT NULL, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS homes (person TEXT PRIMARY KEY, card TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS done (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (
    person TEXT NOT NULL, place TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (person, place)
);
"""


class StoreUnavailable(Exception):
    """The file cannot be opened, read or written (disk full, in use). Say so, go on living."""


class StoreBroken(StoreUnavailable):
    """The file is no playground of this version. `--reset` begins a new one."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it is posted. `audience`: the only person who sees it; None: everybody there.

    `asked` is the slash command that it answers, `key` tells a repetition from a new message.
    """

    place: str
    author: str
    text: str = ""
    card: Card | None = None
    thread: int | None = None
    audience: str | None = None
    asked: str = ""
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What stands in a place. `card` is None for what people wrote, or if it cannot be read any more."""

    number: int
    place: str
    thread: int | None
    author: str
    audience: str | None
    asked: str
    text: str
    card: Card | None
    at: datetime
    edited: bool
    deleted: bool
    revision: int

    def seen_by(self, person: str, place: str) -> bool:
        """Whether this person sees it in this place."""
        return not self.deleted and self.place == place and self.audience in {None, person}


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The form that a person has before them. `drawing` changes with every new drawing of it.

    `answers` is what was typed, `offered` the options that a search field has shown so far, `message`
    the card whose button opened it.
    """

    id: str
    drawing: str
    room: str
    form: Form
    answers: Answers = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    message: int | None = None


class Store:
    """The playground's memory. Raises StoreUnavailable wherever the file cannot be used."""

    def __init__(
        self,
        path: Path | str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        patience: float = _PATIENCE,
    ) -> None:
        self.clock = clock
        self._listeners: list[Callable[[], None]] = []
        with _understood():
            self._database = sqlite3.connect(path, isolation_level=None, timeout=patience)
        try:
            self._prepare()
        except StoreUnavailable:
            self._database.close()
            raise

    def _prepare(self) -> None:
        with _understood():
            self._database.execute(
                "PRAGMA locking_mode = EXCLUSIVE"
            )  # two processes do not hear each other
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
            if version not in {0, _VERSION}:
                raise StoreBroken(f"written by another version ({version})")
            if not version:
                self._database.execute("PRAGMA journal_mode = WAL")
                born = f"PRAGMA application_id = {secrets.randbelow(2**31)};"
                self._database.executescript(f"{_TABLES} {born} PRAGMA user_version = {_VERSION};")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.executescript("BEGIN IMMEDIATE; COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every change of messages."""
        self._listeners.append(listener)

    def post(self, draft: Draft) -> Message:
        """The message; one with the same key is not posted again."""
        sql = (
            "INSERT INTO messages (place, thread, author, audience, asked, text, card, at, key, revision) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT COALESCE(MAX(revision), 0) + 1 FROM messages)) "
            "ON CONFLICT (key) DO NOTHING RETURNING *"
        )
        card = _json(draft.card) if draft.card else None
        at = self.clock().isoformat()
        rows = self._write(
            sql,
            draft.place,
            draft.thread,
            draft.author,
            draft.audience,
            draft.asked,
            draft.text,
            card,
            at,
            draft.key,
        )
        if rows:
            self._announce()
            return _message(rows[0])
        return _message(self._read("SELECT * FROM messages WHERE key = ?", draft.key)[0])

    def edit(self, number: int, card: Card) -> bool:
        """Put another card into a message; False if it is gone."""
        sql = "UPDATE messages SET card = ?, text = '', edited = 1, {next} WHERE number = ? AND NOT deleted"
        return self._changed(sql, _json(card), number)

    def delete(self, number: int) -> bool:
        """Take a message and its words back; its number stays, so that open pages hear of it."""
        sql = "UPDATE messages SET card = NULL, text = '', asked = '', deleted = 1, {next} WHERE number = ?"
        return self._changed(sql, number)

    def _changed(self, sql: str, *values: object) -> bool:
        following = "revision = (SELECT MAX(revision) + 1 FROM messages)"
        rows = self._write(sql.format(next=following) + " RETURNING number", *values)
        if rows:
            self._announce()
        return bool(rows)

    def message(self, number: int) -> Message | None:
        """A message by its number, also one that was taken back."""
        rows = self._read("SELECT * FROM messages WHERE number = ?", number)
        return _message(rows[0]) if rows else None

    def messages(self, place: str, person: str) -> list[Message]:
        """What a person sees in a place, oldest first: the newest few hundred."""
        sql = (
            "SELECT * FROM (SELECT * FROM messages WHERE place = ? AND NOT deleted "
            "AND (audience IS NULL OR audience = ?) ORDER BY number DESC LIMIT ?) ORDER BY number"
        )
        return [_message(row) for row in self._read(sql, place, person, _SHOWN)]

    def changes(self, place: str, person: str, since: int) -> list[Message]:
        """What was posted, edited or taken back there since a revision, as far as the person sees it."""
        sql = (
            "SELECT * FROM messages WHERE place = ? AND revision > ? "
            "AND (audience IS NULL OR audience = ?) ORDER BY revision LIMIT ?"
        )
        return [_message(row) for row in self._read(sql, place, min(since, 2**62), person, _SHOWN)]

    @property
    def id(self) -> int:
        """Tells this file from one that was begun afresh."""
        return int(self._read("PRAGMA application_id")[0][0])

    def revision(self) -> int:
        """Counts up with every change of any message."""
        return int(self._read("SELECT COALESCE(MAX(revision), 0) FROM messages")[0][0])

    def is_new(self, person: str) -> bool:
        """Whether this person has never said anything."""
        sql = "SELECT 1 FROM messages WHERE author = ? OR audience = ? LIMIT 1"
        return not self._read(sql, person, person)

    def saw(self, person: str, place: str) -> None:
        """Everything in this place was before the eyes of this person."""
        sql = (
            "INSERT INTO seen SELECT ?, ?, COALESCE(MAX(number), 0) FROM messages WHERE place = ? "
            "ON CONFLICT (person, place) DO UPDATE SET number = excluded.number "
            "WHERE excluded.number > seen.number"
        )
        self._write(sql, person, place, place)

    def unseen(self, person: str) -> set[str]:
        """The places where others said something that this person has not seen yet."""
        sql = (
            "SELECT DISTINCT m.place FROM messages m "
            "LEFT JOIN seen s ON s.place = m.place AND s.person = ? "
            "WHERE (m.audience IS NULL OR m.audience = ?) AND m.author <> ? AND NOT m.deleted "
            "AND m.number > COALESCE(s.number, 0)"
        )
        return {row[0] for row in self._read(sql, person, person, person)}

    def is_done(self, key: str) -> bool:
        """Whether what this key stands for was done to the end."""
        return bool(self._read("SELECT 1 FROM done WHERE key = ?", key))

    def set_done(self, key: str) -> None:
        """From now on a repetition of this key is one."""
        self._write("INSERT INTO done VALUES (?) ON CONFLICT DO NOTHING", key)

    def form(self, person: str) -> OpenForm | None:
        """The form that the person has open. One that cannot be read any more counts as closed."""
        rows = self._read("SELECT data FROM forms WHERE person = ?", person)
        return _open_form(rows[0][0]) if rows else None

    def open(self, person: str, form: OpenForm) -> None:
        """Show a form to a person, in the place of the one that was open."""
        data = json.dumps(
            {
                "id": form.id,
                "drawing": form.drawing,
                "room": form.room,
                "form": stored(form.form),
                "answers": stored(dict(form.answers)),
                "errors": dict(form.errors),
                "offered": {name: dict(options) for name, options in form.offered.items()},
                "message": form.message,
            }
        )
        sql = (
            "INSERT INTO forms VALUES (?, ?, ?) "
            "ON CONFLICT (person) DO UPDATE SET id = excluded.id, data = excluded.data"
        )
        self._write(sql, person, form.id, data)

    def shut(self, person: str, form: str) -> None:
        """The form with this id is no longer open."""
        self._write("DELETE FROM forms WHERE person = ? AND id = ?", person, form)

    def home(self, person: str) -> Card | None:
        """What the home page of the person showed last."""
        rows = self._read("SELECT card FROM homes WHERE person = ?", person)
        return _card(rows[0][0]) if rows else None

    def set_home(self, person: str, card: Card) -> None:
        """Show another card on the home page of the person."""
        sql = "INSERT INTO homes VALUES (?, ?) ON CONFLICT (person) DO UPDATE SET card = excluded.card"
        self._write(sql, person, _json(card))

    def _announce(self) -> None:
        for listener in self._listeners:
            listener()

    def _read(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with _understood():
            return self._database.execute(sql, values).fetchall()

    _write = _read  # one statement is one transaction


def whole(text: str) -> int:
    """The number of a message as a client names it; 0, which no message has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0


@contextmanager
def _understood() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
            raise StoreBroken(str(error)) from error
        raise StoreUnavailable(str(error)) from error


def _json(card: Card) -> str:
    return json.dumps(stored(card))


def _card(data: str | None) -> Card | None:
    try:
        return restored(json.loads(data), Card) if data else None
    except ValueError:  # written by another version
        return None


def _message(row: tuple[Any, ...]) -> Message:
    number, place, thread, author, audience, asked, text, card, at, edited, deleted, revision, _key = row
    return Message(
        number,
        place,
        thread,
        author,
        audience,
        asked,
        text,
        _card(card) if author == KLARTEXT else None,
        datetime.fromisoformat(at),
        bool(edited),
        bool(deleted),
        revision,
    )


def _open_form(data: str) -> OpenForm | None:
    values = json.loads(data)
    try:
        form = restored(values["form"], Form)
    except ValueError:  # written by another version
        return None
    answers = {id_: tuple(a) if isinstance(a, list) else a for id_, a in values["answers"].items()}
    return replace(OpenForm(**values), form=form, answers=answers)
