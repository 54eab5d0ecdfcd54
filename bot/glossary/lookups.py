"""What was looked up, without the person and without the message: for "most asked" and for what is missing.

A look-up must not wait for the database, so notes are kept in memory and written each second.
"""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.failures import DatabaseUnavailable
from bot.db.unit_of_work import Database
from bot.glossary.book import Answer
from bot.glossary.tables import LookUp
from bot.text.clean import shown

SECOND = 1.0
_TO_WRITE = 2.0  # seconds for a clean stop
_WORDS, _LETTERS = 4, 60  # more is no word that somebody looked up, but a message
_MOST = 10_000  # kept while the database is away
_PERSONAL = re.compile(r"@|\d{5,}|://")  # addresses, numbers of phones and customers

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Note:
    """One look-up."""

    slot: str
    outcome: str
    terms: tuple[str, ...]
    department: str | None
    channel_kind: str
    at: datetime


class Lookups:
    """The buffer of one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._notes: deque[Note] = deque(maxlen=_MOST)
        self._task: asyncio.Task[None] | None = None
        self._end = asyncio.Event()

    def note(self, given: Answer, channel_kind: str) -> None:
        """Remember an answer; what nobody asked and lists are no look-ups."""
        if given.outcome == "silent" or given.intent == "list":
            return
        at, slot = self._database.clock(), _slot(given.reading.understood)
        self._notes.append(Note(slot, given.outcome, given.terms, given.asker, channel_kind, at))

    def start(self) -> None:
        """Write each second until `stop`."""
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Write what is left; a database that is away is not waited for longer than two seconds."""
        self._end.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(_TO_WRITE):
                if self._task:
                    await self._task
                await self.flush()

    async def flush(self) -> None:
        """Write what was noted; if the database is away, keep it for the next time."""
        notes = list(self._notes)
        if not notes:
            return
        self._notes.clear()
        try:
            async with self._database.unit() as unit:
                rows = [row for note in notes for row in _rows(note)]
                await unit.session.exec(insert(LookUp), params=rows)  # objects would cost ten times as much
                await unit.commit()
        except DatabaseUnavailable as unavailable:
            _log.warning("%d look-ups wait for the database: %s", len(notes), unavailable)
            self._notes.extendleft(reversed(notes))
        except Exception:  # a note that no database takes must not come again and again
            _log.exception("%d look-ups are lost", len(notes))

    async def _work(self) -> None:
        while not self._end.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(SECOND):
                    await self._end.wait()
            await self.flush()


async def most_asked(session: AsyncSession, since: datetime, most: int = 10) -> list[tuple[str, int]]:
    """The terms that were looked up most, with how often."""
    count = func.count().label("count")
    asked = select(LookUp.term, count).where(col(LookUp.term).is_not(None), LookUp.at >= since)
    rows = await session.exec(
        asked.group_by(LookUp.term).order_by(count.desc(), col(LookUp.term)).limit(most)
    )
    return [(term, number) for term, number in rows.all() if term]


async def times_asked(session: AsyncSession, since: datetime, terms: Collection[str]) -> dict[str, int]:
    """How often each of these terms was looked up, if it was at all."""
    asked = select(LookUp.term, func.count()).where(col(LookUp.term).in_(terms), LookUp.at >= since)
    rows = await session.exec(asked.group_by(LookUp.term))
    return {term: number for term, number in rows.all() if term}


async def unanswered(session: AsyncSession, since: datetime) -> list[tuple[str, int]]:
    """The words that nobody could explain, with how often they were asked for, the most first."""
    count = func.count().label("count")
    missing = select(LookUp.slot, count).where(col(LookUp.term).is_(None), LookUp.at >= since)
    missing = missing.where(LookUp.slot != "").group_by(LookUp.slot)
    rows = await session.exec(missing.order_by(count.desc(), LookUp.slot))
    return list(rows.all())


async def forget_old(session: AsyncSession, at: datetime, keep: timedelta) -> int:
    """Delete what is older than `keep`; returns how many."""
    return (await session.exec(delete(LookUp).where(col(LookUp.at) < at - keep))).rowcount


def _slot(understood: str) -> str:
    """The word, if it is one: nothing that could be a message or name a person."""
    slot = shown(understood, _LETTERS + 1)
    long = len(slot) > _LETTERS or len(slot.split()) > _WORDS
    return "" if long or _PERSONAL.search(slot) else slot.casefold()


def _rows(note: Note) -> list[dict[str, Any]]:
    same = {
        "slot": note.slot,
        "outcome": note.outcome,
        "department": note.department,
        "channel_kind": note.channel_kind,
        "at": note.at,
    }
    return [{**same, "term": term} for term in note.terms or (None,)]
