"""The living glossary: revisions in the database, one Book in memory.

The file is its reviewed form. A change of the file becomes revisions; what was changed elsewhere since
stays, unless the file changes the same term. Every process polls the revision `glossary`.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapped
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.revisions import bump, hold
from bot.db.rows import as_utf8, insert
from bot.db.unit_of_work import Database, Unit
from bot.glossary.book import Book
from bot.glossary.file import digest_of, load_with_digest
from bot.glossary.model import Glossary, Head, Term
from bot.glossary.models import Models
from bot.glossary.stored import GlossaryUnreadable, StoredTerms
from bot.glossary.tables import GlossaryFile, TermRevision

REVISION = "glossary"
HEAD = ""  # the id under which the head is kept
FILE = "file"

_Text = TypeVar("_Text")
_log = logging.getLogger(__name__)


class NoGlossary(Exception):
    """Nothing was ever imported. Import the file first."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file has changed; nothing if it was known. `patterns` are the files that it includes.

    `head`: languages or departments have changed.
    """

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    head: bool = False
    patterns: tuple[str, ...] = ()


async def import_file(
    database: Database, path: Path, *, watched: bool = False, again: bool = False
) -> Imported:
    """Bring the changes of a file in. The same content again changes nothing, and is not even parsed.

    `watched`: nobody asks for it, so that a file that has not changed itself does not take back what came
    in from another one. `again`: note it also if it is known. Raises FileBroken with every mistake of
    form; then nothing has changed.
    """
    of = _whole(path)
    async with database.reading() as session:
        last = await last_file(session, of if watched else None)
    if last and not again and last.digest == await asyncio.to_thread(digest_of, path, last.patterns):
        return Imported(patterns=tuple(last.patterns))
    glossary, digest = await asyncio.to_thread(load_with_digest, path)
    return await import_glossary(database, glossary, digest, of)


async def import_glossary(database: Database, glossary: Glossary, digest: str, path: str = "") -> Imported:
    """Bring in what changes a glossary that was read from a file with this fingerprint."""
    async with database.unit() as unit:
        await hold(unit, REVISION)  # two imports at once take turns
        written, removed = await _write(unit, glossary)
        if written or removed:
            await bump(unit, REVISION)
        at = database.clock()
        file = GlossaryFile(path=path, digest=digest, patterns=glossary.include, imported_at=at)
        unit.session.add(file)
        await unit.commit()
    terms = tuple(term for term in written if term != HEAD)
    return Imported(terms, removed, HEAD in written, tuple(glossary.include))


async def read_glossary(session: AsyncSession) -> Glossary:
    """The glossary as it lives. Raises NoGlossary and GlossaryUnreadable."""
    rows = await _newest(session, as_utf8(session, col(TermRevision.content)))
    contents = {term: text for term, text in rows if text is not None}
    head = contents.pop(HEAD, None)
    if head is None:
        raise NoGlossary
    try:
        glossary = Glossary(version=1, glossary=Head.model_validate_json(head))
    except ValidationError as errors:
        raise GlossaryUnreadable(str(errors)) from errors
    return glossary.model_copy(update={"terms": StoredTerms(contents)})


class Living:
    """The Book of now. `book` is replaced when the glossary changes; whoever has one keeps it."""

    def __init__(self, database: Database, models: Models | None = None) -> None:
        self._database = database
        self._models = models
        self._book: Book | None = None
        self._listeners: list[Callable[[], None]] = []

    @property
    def ready(self) -> bool:
        """Whether there is a Book."""
        return self._book is not None

    @property
    def book(self) -> Book:
        """Raises NoGlossary before the first `refresh`."""
        if self._book is None:
            raise NoGlossary
        return self._book

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call this whenever there is a new Book."""
        self._listeners.append(listener)

    async def refresh(self) -> None:
        """Read the glossary again. Raises NoGlossary, GlossaryUnreadable and DatabaseUnavailable."""
        async with self._database.reading() as session:
            glossary = await read_glossary(session)
        self._book = await asyncio.to_thread(_prepared, glossary, self._models)
        _log.info("glossary of %d terms is ready", len(glossary.terms))
        for listener in self._listeners:
            listener()


def _prepared(glossary: Glossary, models: Models | None) -> Book:
    book = Book(glossary, models)
    book.prepare()
    return book


def _whole(path: Path) -> str:
    return str(path.absolute())


async def last_file(session: AsyncSession, path: str | None = None) -> GlossaryFile | None:
    """The state that was brought in last: of this file, or of one whose path nobody noted; else of any."""
    rows = select(GlossaryFile).order_by(col(GlossaryFile.id).desc()).limit(1)
    if path is not None:
        rows = rows.where(col(GlossaryFile.path).in_({path, ""}))
    return (await session.exec(rows)).first()


async def _newest(
    session: AsyncSession, content: ColumnElement[_Text] | Mapped[_Text], origin: str | None = None
) -> Iterator[tuple[str, _Text]]:
    """The newest content of each term, of one origin if given; in the order in which terms came in."""
    ids = select(
        func.min(col(TermRevision.id)).label("first"), func.max(col(TermRevision.id)).label("last")
    )
    if origin:
        ids = ids.where(TermRevision.origin == origin)
    ends = ids.group_by(col(TermRevision.term)).subquery()
    rows = select(TermRevision.term, content).join(ends, col(TermRevision.id) == ends.c.last)
    return iter(await session.exec(rows.order_by(ends.c.first)))


async def _write(unit: Unit, glossary: Glossary) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Revisions for what the file changes, seen from its own last state; what was written and removed."""
    before = dict(await _newest(unit.session, col(TermRevision.content), FILE))
    after = dict(_contents(glossary.glossary, glossary.terms))
    written = tuple(term for term, content in after.items() if before.get(term) != content)
    removed = tuple(term for term, content in before.items() if content is not None and term not in after)
    at = unit.database.clock()
    rows = [
        {"term": term, "content": after.get(term), "origin": FILE, "created_at": at}
        for term in (*written, *removed)
    ]
    if rows:  # in one go: as objects 10,000 terms would be 10,000 round trips
        await unit.session.exec(insert(unit.session, TermRevision), params=rows)
    return written, removed


def _contents(head: Head, terms: Mapping[str, Term]) -> Iterator[tuple[str, str]]:
    for term, entry in ((HEAD, head), *terms.items()):
        yield term, entry.model_dump_json(by_alias=True, exclude_defaults=True)
