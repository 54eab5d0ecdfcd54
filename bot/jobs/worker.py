"""Handles jobs: claims what is due, runs handlers at the same time, writes down how they ended.

What a handler changes in the database is a unit of its own. Nothing is lost when the process dies: the
lease ends, and another worker takes over.
"""

import asyncio
import logging
import random as chance
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from bot.chat.ports import JobHandler, JobInfo, RetryLater
from bot.db.failures import DatabaseUnavailable
from bot.db.unit_of_work import Database, Unit
from bot.jobs.queue import TOPIC, Able, claim, settle
from bot.jobs.tables import Job

_log = logging.getLogger(__name__)
_ERROR_LENGTH = 1_000
_TO_CLEAN_UP = 0.5  # seconds for what was cancelled
_TO_WRITE = 1.5  # seconds for a round while the worker stops


Wait = Callable[[asyncio.Event, float], Awaitable[None]]
Report = Callable[[Unit, Job], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Policy:
    """Times in seconds. With these an outage of about four hours ends no job."""

    lease: float = 60.0
    limit: float = 45.0  # for one run of a handler; well below the lease, or two workers would run it
    base: float = 2.0
    cap: float = 3_600.0
    attempts: int = 15
    parallel: int = 10
    poll: float = 2.0
    unknown: float = 86_400.0  # until a job of a kind that no process knows is dead
    finish: float = 5.0  # for running handlers while the worker stops; all in all below 10

    def delay(self, attempt: int, luck: float) -> float:
        """How long to wait after a failed attempt; `luck` from 0 to 1 keeps many jobs apart."""
        doubled = self.base * 2.0 ** min(attempt - 1, 60)
        return min(doubled, self.cap) * (0.5 + luck)


DEFAULT = Policy()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the run of a job ended: what to write into its row, None if it is done."""

    job: Job
    values: dict[str, Any] | None

    @property
    def number(self) -> int:
        """The number of the job."""
        return self.job.number


async def wait_for(event: asyncio.Event, seconds: float) -> None:
    """Until the event, at most so long."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


async def keep_quiet(_unit: Unit, _job: Job) -> None:
    """Nobody is told of a job that died; the log has it."""


class Worker:
    """Runs the handlers of one process. `name` is for people who read the table.

    `report` is told of every job that dies, with its error, in the transaction that writes it down.
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, JobHandler],
        name: str,
        *,
        policy: Policy = DEFAULT,
        report: Report = keep_quiet,
        random: Callable[[], float] = chance.random,
        wait: Wait = wait_for,
    ) -> None:
        self.name = f"{name}:{uuid4().hex[:8]}"  # two containers may have the same name and process id
        self._database = database
        self._handlers = handlers
        self._policy = policy
        self._report = report
        self._random = random
        self._wait = wait
        self._wake = asyncio.Event()
        self._stopping = False
        self._loop: asyncio.Task[None] | None = None
        self._end_listening: Callable[[], object] = lambda: None
        self._running: dict[int, asyncio.Task[None]] = {}
        self._outcomes: list[Outcome] = []

    def start(self) -> None:
        """Work in the background until `stop`."""
        if self._loop is not None:
            raise RuntimeError("a worker starts once")
        self._end_listening = self._database.listen(TOPIC, self._wake.set)
        self._loop = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Take nothing new, finish what runs or release it for the next worker; within 10 seconds."""
        self._stopping = True
        self._end_listening()
        self._wake.set()
        await _end([self._loop] if self._loop else [], _TO_WRITE)
        await _end(self._running.values(), self._policy.finish)
        with suppress(TimeoutError):  # then the leases end by themselves
            async with asyncio.timeout(_TO_WRITE):
                await self._guarded_round()

    async def run_due(self) -> int:
        """Handle what is due, and what becomes due by it; returns how many runs that were."""
        runs = await self._round()
        while self._running or self._outcomes:
            await asyncio.gather(*self._running.values())
            runs += await self._round()
        return runs

    async def _work(self) -> None:
        while not self._stopping:
            self._wake.clear()
            await self._guarded_round()
            await self._wait(self._wake, self._policy.poll)

    async def _guarded_round(self) -> None:
        """A round that fails is repeated; what has ended is kept for it."""
        try:
            await self._round()
        except DatabaseUnavailable as unavailable:
            _log.warning("jobs wait for the database: %s", unavailable)
        except Exception:
            _log.exception("jobs cannot be taken")

    async def _round(self) -> int:
        """In one transaction, write down what has ended and take what is due. Returns how many began."""
        ended = tuple(self._outcomes)
        free = 0 if self._stopping else self._policy.parallel - len(self._running)
        if not ended and not free:
            return 0
        async with self._database.unit() as unit:
            await self._settle(unit, ended)
            jobs = await self._claim(unit, free) if free else []
            await unit.commit()
        del self._outcomes[: len(ended)]
        for job in jobs:
            self._running[job.number] = asyncio.create_task(self._run(job))
        return len(jobs)

    async def _settle(self, unit: Unit, ended: Collection[Outcome]) -> None:
        done = [outcome.number for outcome in ended if outcome.values is None]
        settled = 0
        if done:
            at = self._database.clock()
            settled += await settle(unit.session, self.name, done, done_at=at, error=None)
        for outcome in ended:
            if outcome.values is not None:
                settled += await self._settle_one(unit, outcome.job, outcome.values)
        if settled < len(ended):
            _log.warning("%d jobs took longer than their lease", len(ended) - settled)

    async def _settle_one(self, unit: Unit, job: Job, values: dict[str, Any]) -> int:
        """Write down how a job ended that is not done; a death is reported by whoever held it last."""
        settled = await settle(unit.session, self.name, [job.number], **values)
        if settled and "dead_at" in values:
            job.error, job.dead_at = values["error"], values["dead_at"]
            await self._report(unit, job)
        return settled

    async def _claim(self, unit: Unit, free: int) -> list[Job]:
        """Jobs to run. One that was taken so often without an end has probably killed its workers."""
        ours = [*self._running, *(outcome.number for outcome in self._outcomes)]
        lease = timedelta(seconds=self._policy.lease)
        able = Able(self._handlers, timedelta(seconds=self._policy.unknown))
        jobs = await claim(unit, self.name, free, lease, able=able, running=ours)
        for job in jobs:
            if job.attempts > self._policy.attempts:
                job.dead_at, job.error = self._database.clock(), "no worker lived to see its end"
                _log.error("job %d (%s) is dead: %s", job.number, job.kind, job.error)
                await unit.session.flush()
                await self._report(unit, job)
        return [job for job in jobs if job.dead_at is None]

    async def _run(self, job: Job) -> None:
        try:
            self._outcomes.append(Outcome(job, await self._values(job)))
        finally:
            del self._running[job.number]
            self._wake.set()

    async def _values(self, job: Job) -> dict[str, Any] | None:
        """Run the handler; what to write if the job is not done."""
        handler = self._handlers.get(job.kind)
        if handler is None:
            return self._dead(job, f"for a day no process knew jobs of the kind {job.kind!r}")
        try:
            async with asyncio.timeout(self._policy.limit):
                await handler(job.payload, _info(job))
        except RetryLater as later:
            return self._again(later.seconds, attempts=job.attempts - 1, error=_text(later))
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            return self._again(0, attempts=job.attempts - 1)
        except Exception as error:  # whatever a handler raises, the job must not be lost
            return self._failed(job, error)
        return None

    def _failed(self, job: Job, error: Exception) -> dict[str, Any]:
        if job.attempts >= self._policy.attempts:
            return self._dead(job, _text(error), error)
        _log.warning("job %d (%s) failed at attempt %d", job.number, job.kind, job.attempts, exc_info=error)
        return self._again(self._policy.delay(job.attempts, self._random()), error=_text(error))

    def _dead(self, job: Job, text: str, error: Exception | None = None) -> dict[str, Any]:
        _log.error("job %d (%s) is dead: %s", job.number, job.kind, text, exc_info=error)
        return {"dead_at": self._database.clock(), "error": text}

    def _again(self, seconds: float, **values: Any) -> dict[str, Any]:
        return {"run_at": self._database.clock() + timedelta(seconds=seconds), "claimed_by": None, **values}


def _info(job: Job) -> JobInfo:
    return JobInfo(job.number, job.kind, job.attempts, job.key, job.dedupe_key, job.created_at)


def _text(error: Exception) -> str:
    """What the table can hold: PostgreSQL stores neither a zero byte nor half a character."""
    text = f"{type(error).__name__}: {error}".replace("\0", "")
    return text.encode("utf-8", "replace").decode()[:_ERROR_LENGTH]


async def _end(tasks: Iterable[asyncio.Task[None]], seconds: float) -> None:
    """Let tasks end, then cancel those that have not."""
    late = set(tasks)
    if late:
        _, late = await asyncio.wait(late, timeout=seconds)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=_TO_CLEAN_UP)
