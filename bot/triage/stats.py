"""How both sides kept their promises, by queue and kind of promise; nothing here reads a person."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import and_, case, or_
from sqlmodel import col, func
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.ui import Card, Table, Text
from bot.i18n import say
from bot.requests.states import OPEN, State
from bot.requests.tables import Request
from bot.triage.tables import PromiseRow
from bot.triage.workflow import CLOCKS_OF, Clock, Side

_GOING_ON = (*OPEN, State.DELIVERED)  # in other states what is not ended was left behind


@dataclass(frozen=True, slots=True)
class Kept:
    """The promises of one kind in one queue. `running` are in time so far, or rest."""

    queue: str
    clock: Clock
    kept: int
    late: int
    running: int

    @property
    def side(self) -> Side:
        """Who has promised it."""
        return CLOCKS_OF[self.clock]

    @property
    def share(self) -> float | None:
        """How many were kept, of those that are decided; None if none is."""
        decided = self.kept + self.late
        return self.kept / decided if decided else None


async def kept(session: AsyncSession, since: dt.datetime, at: dt.datetime) -> Sequence[Kept]:
    """The promises that began since then, by queue and in the order in which clocks run."""
    ended, due = col(PromiseRow.ended_at), col(PromiseRow.due_at)
    rests = col(PromiseRow.left_seconds).is_not(None)
    in_time = and_(ended.is_not(None), ended <= due)
    is_late = or_(ended > due, and_(ended.is_(None), ~rests, due < at))
    left_behind = and_(ended.is_(None), col(Request.state).not_in(_GOING_ON))
    runs = and_(ended.is_(None), or_(rests, due >= at))
    rows: Any = (
        sa.select(col(Request.queue), col(PromiseRow.clock), *map(_count, (in_time, is_late, runs)))
        .join(Request, col(Request.id) == col(PromiseRow.request))
        .where(col(PromiseRow.begun_at) >= since, ~left_behind)
        .group_by(col(Request.queue), col(PromiseRow.clock))
    )
    found = [Kept(*row) for row in (await session.exec(rows)).all()]
    order = list(Clock)
    return sorted(found, key=lambda one: (one.queue, order.index(one.clock)))


def card(found: Iterable[Kept], days: int, language: str) -> Card:
    """The same as a table. Pure."""
    title = say(language, "queue.stats.title", days=days)
    rows = tuple(_row(one, language) for one in found)
    if not rows:
        return Card(title, (Text(title, "strong"), Text(say(language, "queue.stats.nothing"))))
    names = ("promise", "side", "kept", "late", "running", "share")
    columns = tuple(say(language, f"queue.stats.{name}") for name in names)
    return Card(title, (Text(title, "strong"), Table(columns, rows)))


def record(one: Kept) -> dict[str, object]:
    """The same for programs."""
    counts = {"kept": one.kept, "late": one.late, "running": one.running}
    return {"queue": one.queue, "clock": str(one.clock), "side": one.side, **counts}


def _count(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _row(one: Kept, language: str) -> tuple[str, ...]:
    share = "–" if one.share is None else f"{one.share:.0%}"
    name = f"{one.queue}: {say(language, f'queue.stats.clock.{one.clock}')}"
    side = say(language, f"queue.stats.side_{one.side}")
    return (name, side, str(one.kept), str(one.late), str(one.running), share)
