"""The living glossary: revisions in the database, one Book in memory.

The file is its reviewed form. A change of the file becomes revisions; what was changed elsewhere since
stays, unless the file changes the same term. Every process polls the revision `glossary`.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.revisions import bump
from bot.db.unit_of_work import Database, Unit
from bot.glossary.book import Book
from bot.glossary.file import files_of, load
from bot.glossary.model import Glossary, Head, Term
from bot.glossary.models import Models
from bot.glossary.tables import GlossaryFile, TermRevision

REVISION = "glossary"
HEAD = ""  # the id under which the head is kept
FILE = "file"

_log = logging.getLogger(__name__)


class NoGlossary(Exception):
    """Nothing was ever imported. Import the file first."""


class GlossaryUnreadable(Exception):
    """A newer Klartext has written revisions that this one does not understand. Start the newer one."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file has changed; nothing if it was known. `patterns` are the files that it includes."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


async def import_file(database: Database, path: Path) -> Imported:
    """Bring the changes of a file in. The same content again changes nothing, and is not even parsed.

    Raises FileBroken with every mistake of form; then nothing has changed.
    """
    async with database.reading() as session:
        last = await _last_file(session)
    if last and last.digest == digest(path, last.patterns):
        return Imported(patterns=tuple(last.patterns))
    glossary = await asyncio.to_thread(load, path)
    async with database.unit() as unit:
        await bump(unit, REVISION)  # first: two imports at once take turns
        imported = await _write(unit, glossary)
        unit.session.add(GlossaryFile(digest=digest(path, glossary.include), patterns=glossary.include))
        await unit.commit()
    return imported


def digest(path: Path, patterns: Iterable[str]) -> str:
    """A fingerprint of a glossary file and all that it includes."""
    found = sha256()
    for file in (path, *files_of(path, patterns)):
        content = file.read_bytes() if file.is_file() else b""
        found.update(f"{file.relative_to(path.parent)}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()


async def read_glossary(session: AsyncSession) -> Glossary:
    """The glossary as it lives. Raises NoGlossary and GlossaryUnreadable."""
    contents = {term: text for term, text in (await _newest(session)).items() if text is not None}
    head = contents.pop(HEAD, None)
    if head is None:
        raise NoGlossary
    terms = ",".join(f'"{term}":{text}' for term, text in contents.items())
    try:
        return Glossary.model_validate_json(f'{{"version":1,"glossary":{head},"terms":{{{terms}}}}}')
    except ValidationError as errors:
        raise GlossaryUnreadable(str(errors)) from errors


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
        self._book = await asyncio.to_thread(Book, glossary, self._models)
        _log.info("glossary of %d terms is ready", len(glossary.terms))
        for listener in self._listeners:
            listener()


async def _last_file(session: AsyncSession) -> GlossaryFile | None:
    return (await session.exec(select(GlossaryFile).order_by(col(GlossaryFile.id).desc()).limit(1))).first()


async def _newest(session: AsyncSession, origin: str | None = None) -> dict[str, str | None]:
    """The newest content of each term, of one origin if given; in the order in which terms came in."""
    ids = select(
        func.min(col(TermRevision.id)).label("first"), func.max(col(TermRevision.id)).label("last")
    )
    if origin:
        ids = ids.where(TermRevision.origin == origin)
    ends = ids.group_by(col(TermRevision.term)).subquery()
    rows = select(TermRevision.term, TermRevision.content).join(ends, col(TermRevision.id) == ends.c.last)
    return dict((await session.exec(rows.order_by(ends.c.first))).all())


async def _write(unit: Unit, glossary: Glossary) -> Imported:
    """Revisions for what the file changes, seen from its own last state."""
    before = await _newest(unit.session, FILE)
    after = dict(_contents(glossary.glossary, glossary.terms))
    written = [term for term, content in after.items() if before.get(term) != content]
    removed = [term for term, content in before.items() if content is not None and term not in after]
    at = unit.database.clock()
    for term in (*written, *removed):
        unit.session.add(TermRevision(term=term, content=after.get(term), origin=FILE, created_at=at))
    terms = tuple(term for term in written if term != HEAD)
    return Imported(terms, tuple(removed), tuple(glossary.include))


def _contents(head: Head, terms: Mapping[str, Term]) -> Iterable[tuple[str, str]]:
    for term, entry in ((HEAD, head), *terms.items()):
        yield term, entry.model_dump_json(by_alias=True, exclude_defaults=True)
