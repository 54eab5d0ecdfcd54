"""Which requests may be the same: the search of `similar` over what the memory holds, kept up to date.

Only what has changed since the last look is read; the first look reads all that may be repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.rows import Clock
from bot.intake import similar, usecase
from bot.intake.asides import Similar
from bot.intake.similar import Wanted, wanted
from bot.intake.usecase import UseCaseUnreadable
from bot.requests import store
from bot.requests.tables import Request

_OVERLAP = timedelta(minutes=2)  # transactions that were longer on their way, and clocks that differ
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Kept:
    wanted: Wanted
    shown: Similar
    version: int
    changed_at: datetime


class Repeats:
    """The requests of one process's memory that a new one may repeat."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[int, _Kept] = {}
        self._index = similar.Requests(())
        self._seen = _BEGINNING

    async def similar(self, session: AsyncSession, to: Wanted, at_least: float) -> Sequence[Similar]:
        """The most similar ones, best first; none that nobody may see or that ended long ago."""
        await self._refresh(session)
        found = self._index.similar(to, at_least)
        kept = (self._kept[int(one.id)] for one in found)
        at = self._clock()
        return [one.shown for one in kept if store.is_recent(one.shown.state, one.changed_at, at)]

    async def _refresh(self, session: AsyncSession) -> None:
        rows = select(Request).where(col(Request.changed_at) >= self._seen - _OVERLAP)
        changed = False
        for row in (await session.exec(rows)).all():
            self._seen = max(self._seen, row.changed_at)
            known = self._kept.get(row.number)
            if known is None or known.version != row.version:
                changed = True
                self._keep(row)
        if changed:
            self._index = similar.Requests(one.wanted for one in self._kept.values())

    def _keep(self, row: Request) -> None:
        if not store.may_be_repeated(row):
            self._kept.pop(row.number, None)
            return
        try:
            one = wanted(usecase.kept(row.use_case))
        except UseCaseUnreadable:  # of another version: it is found by no one, and stops no one
            return
        what = Wanted(str(row.number), one.text, one.systems, one.capability)
        shown = Similar(row.number, row.label, row.state, row.title)
        self._kept[row.number] = _Kept(what, shown, row.version, row.changed_at)
