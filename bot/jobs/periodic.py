"""What happens again and again: in every process for itself (`Every`), or once among all (`Regular`).

A weekly agenda, once however many replicas run, wherever and whenever they start:

    def mondays(after: datetime) -> datetime: ...  # the first Monday, 9 o'clock, after this moment
    Schedule(database, lambda: [Regular("triage.agenda", mondays, name=queue) for queue in queues()])

with `Every(60, schedule.look)` in the app and a handler for jobs of the kind "triage.agenda", which gets
`{"name": queue, "at": "2026-11-30T08:00:00+00:00"}`. Nothing is missed while no process runs: the job
waits in the table, and one run makes up for all moments that have passed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import col, delete

from bot.db.failures import DatabaseUnavailable
from bot.db.unit_of_work import Database, Unit
from bot.jobs.queue import enqueue, untouched
from bot.jobs.tables import Job

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Every:
    """Something to do every so many seconds, the first time after the first pause."""

    seconds: float
    do: Callable[[], Awaitable[object]]


class Periodic:
    """Runs these until it is stopped; a failure is logged and the next turn comes all the same."""

    def __init__(self, *chores: Every) -> None:
        self._chores = chores
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin in the background."""
        self._tasks = [asyncio.create_task(self._run(chore)) for chore in self._chores]

    async def stop(self) -> None:
        """End, also in the middle of a turn."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self, chore: Every) -> None:
        while True:
            await asyncio.sleep(chore.seconds)
            try:
                await chore.do()
            except DatabaseUnavailable as unavailable:
                _log.warning("the database is away: %s", unavailable)
            except Exception:
                _log.exception("a periodic chore failed")


@dataclass(frozen=True, slots=True)
class Regular:
    """A job at moments of a calendar, once among all processes.

    `next` is pure: the first moment after the given one, None for never. `name`: which of its kind.
    """

    kind: str
    next: Callable[[datetime], datetime | None]
    name: str = ""

    @property
    def key(self) -> str:
        """What its jobs have in common."""
        return f"{self.kind}:{self.name}"


class Schedule:
    """Keeps the next job of everything regular in the table; `wanted` is asked at every look."""

    def __init__(self, database: Database, wanted: Callable[[], Iterable[Regular]]) -> None:
        self._database = database
        self._wanted = wanted
        self._known: dict[str, datetime] = {}

    async def look(self) -> None:
        """Write down what is not known to be there yet; most looks write nothing."""
        at = self._database.clock()
        due = ((regular, regular.next(at)) for regular in self._wanted())
        news = [(regular, moment) for regular, moment in due if moment and self._is_news(regular, moment)]
        if not news:
            return
        async with self._database.unit() as unit:
            for regular, moment in news:
                await due_once(unit, regular, moment)
            await unit.commit()
        self._known |= {regular.key: moment for regular, moment in news}

    def _is_news(self, regular: Regular, moment: datetime) -> bool:
        return self._known.get(regular.key) != moment


async def due_once(unit: Unit, regular: Regular, moment: datetime) -> int | None:
    """The job for this moment, once whoever says so and however often; None: it exists already.

    `moment` is in the future: a job that was done is forgotten some day, and with it that it was done.
    What was planned for another moment and has not begun is dropped: the calendar has changed.
    """
    same, moved = col(Job.key) == regular.key, col(Job.run_at) != moment
    await unit.session.exec(delete(Job).where(same, moved, untouched(Job, unit.database.clock())))
    once = f"{regular.key}:{moment.isoformat()}"
    payload = {"name": regular.name, "at": moment.isoformat()}
    return await enqueue(unit, regular.kind, payload, run_at=moment, key=regular.key, dedupe_key=once)


def each(period: timedelta) -> Callable[[datetime], datetime]:
    """Moments at full multiples of a period since 1970, the same in all processes."""
    start = datetime(1970, 1, 1, tzinfo=UTC)
    return lambda after: start + ((after - start) // period + 1) * period
