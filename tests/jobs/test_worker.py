"""A worker finishes each job, tries again, gives up with a reason, and stops in time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.chat.ports import JobHandler, JobInfo, RetryLater
from bot.db.failures import DatabaseUnavailable, Reason
from bot.db.unit_of_work import Database, Unit
from bot.jobs.queue import TOPIC, enqueue
from bot.jobs.tables import Job
from bot.jobs.worker import Policy, Report, Worker, keep_quiet, wait_for
from tests.db.fixtures import MovableClock
from tests.jobs.test_queue import all_jobs, put, take_jobs

POLICY = Policy(base=2, cap=100, attempts=4)


class Unreachable(Exception):
    """What a handler hears from the other side."""


def worker(
    database: Database,
    handler: JobHandler,
    policy: Policy = POLICY,
    luck: float = 0.5,
    wait: Callable[[asyncio.Event, float], Awaitable[None]] = wait_for,
    report: Report = keep_quiet,
) -> Worker:
    """A worker for jobs of the kind "post"; with this luck the jitter is × 1."""
    handlers: Mapping[str, JobHandler] = {"post": handler}
    return Worker(database, handlers, "test", policy=policy, report=report, random=lambda: luck, wait=wait)


async def nothing(_payload: dict[str, Any], _job: JobInfo) -> None:
    """A handler that succeeds."""


async def fail(_payload: dict[str, Any], _job: JobInfo) -> None:
    """A handler that never succeeds."""
    raise Unreachable("null\0byte and half a \ud83d")


async def one(database: Database) -> Job:
    """The only job."""
    (job,) = await all_jobs(database)
    return job


async def test_a_handler_gets_payload_and_job(database: Database, clock: MovableClock) -> None:
    seen: list[tuple[dict[str, Any], JobInfo]] = []

    async def handler(payload: dict[str, Any], job: JobInfo) -> None:
        seen.append((payload, job))

    number = await put(database, key="k", dedupe_key="d") or 0
    assert await worker(database, handler).run_due() == 1
    assert seen == [({"kind": "post"}, JobInfo(number, "post", 1, "k", "d", clock.at))]
    job = await one(database)
    assert (job.done_at, job.error, job.attempts) == (clock.at, None, 1)
    assert await worker(database, handler).run_due() == 0


async def test_a_handler_may_cause_the_next_job(database: Database) -> None:
    async def handler(_payload: dict[str, Any], job: JobInfo) -> None:
        if job.id < 3:
            await put(database)

    await put(database)
    assert await worker(database, handler).run_due() == 3


async def test_jobs_run_at_the_same_time_but_not_too_many(database: Database) -> None:
    running: set[int] = set()
    most = 0

    async def handler(_payload: dict[str, Any], job: JobInfo) -> None:
        nonlocal most
        running.add(job.id)
        most = max(most, len(running))
        await asyncio.sleep(0)
        running.discard(job.id)

    for _ in range(12):
        await put(database)
    assert await worker(database, handler, Policy(parallel=5)).run_due() == 12
    assert most == 5


async def test_a_failed_job_waits_longer_each_time_and_is_kept_when_dead(
    database: Database, clock: MovableClock
) -> None:
    await put(database)
    waits = []
    while (await one(database)).dead_at is None:
        assert await worker(database, fail).run_due() == 1
        job = await one(database)
        assert (job.claimed_by is None) == (job.dead_at is None)
        assert job.error == "Unreachable: nullbyte and half a ?"
        waits.append((job.run_at - clock.at).total_seconds())
        clock.move(waits[-1] - 1)
        assert await worker(database, fail).run_due() == 0
        clock.move(1)
    assert waits[:3] == [2, 4, 8]
    assert (job.attempts, job.dead_at is not None, job.done_at) == (4, True, None)
    clock.move(1e6)
    assert await worker(database, nothing).run_due() == 0


@pytest.mark.parametrize(
    ("attempt", "luck", "delay"),
    [(1, 0.5, 2), (2, 0.5, 4), (6, 0.5, 64), (7, 0.5, 100), (2_000, 0.5, 100), (1, 0, 1), (7, 1, 150)],
)
def test_the_back_off(attempt: int, luck: float, delay: float) -> None:
    assert POLICY.delay(attempt, luck) == delay


def test_by_default_four_hours_of_outage_end_no_job() -> None:
    policy = Policy()
    assert sum(policy.delay(attempt, 0.5) for attempt in range(1, policy.attempts)) > 4 * 3_600
    assert policy.limit < policy.lease


async def test_retry_later_counts_no_attempt(database: Database, clock: MovableClock) -> None:
    async def busy(_payload: dict[str, Any], _job: JobInfo) -> None:
        raise RetryLater(30)

    await put(database)
    for _ in range(10):
        assert await worker(database, busy).run_due() == 1
        job = await one(database)
        assert (job.run_at, job.attempts, job.dead_at) == (clock.at + timedelta(seconds=30), 0, None)
        clock.move(30)
    assert await worker(database, nothing).run_due() == 1
    assert (await one(database)).error is None


def test_retry_later_is_never_at_once() -> None:
    assert RetryLater(0).seconds == RetryLater(-5).seconds == 1


async def test_an_unknown_kind_waits_for_a_process_that_knows_it(
    database: Database, clock: MovableClock
) -> None:
    """During an update the older replicas leave the jobs of the newer ones alone."""
    await put(database, "dance")
    await put(database)
    clock.move(86_399)
    old, danced = worker(database, nothing), asyncio.Event()
    assert await old.run_due() == 1  # the other one

    async def dance(_payload: dict[str, Any], _job: JobInfo) -> None:
        danced.set()

    await Worker(database, {"dance": dance}, "new").run_due()
    assert danced.is_set()


async def test_what_no_process_knew_for_a_day_is_dead_with_a_reason(
    database: Database, clock: MovableClock
) -> None:
    await put(database, "dance")
    clock.move(86_400)
    assert await worker(database, nothing).run_due() == 1
    job = await one(database)
    assert job.dead_at == clock.at
    assert job.error == "for a day no process knew jobs of the kind 'dance'"


class Reports:
    """What was said of dead jobs, and whether it stands."""

    def __init__(self) -> None:
        self.said: list[tuple[int, str | None]] = []

    async def __call__(self, unit: Unit, job: Job) -> None:
        self.said.append((job.number, job.error))
        await enqueue(unit, "told", {"job": job.number})


async def test_a_death_is_reported_once_in_its_transaction(database: Database, clock: MovableClock) -> None:
    await put(database)
    reports = Reports()
    for _ in range(6):
        await worker(database, fail, report=reports).run_due()
        clock.move(1e4)
    job, told = await all_jobs(database)
    assert reports.said == [(job.number, "Unreachable: nullbyte and half a ?")]
    assert (told.kind, told.payload) == ("told", {"job": job.number})


async def test_one_that_killed_its_workers_is_reported(database: Database, clock: MovableClock) -> None:
    await put(database)
    for number in range(4):
        await take_jobs(database, f"dies-{number}")
        clock.move(60)
    reports = Reports()
    await worker(database, nothing, report=reports).run_due()
    assert [error for _, error in reports.said] == ["no worker lived to see its end"]


async def test_who_lost_the_lease_reports_no_death(database: Database, clock: MovableClock) -> None:
    began, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_payload: dict[str, Any], _job: JobInfo) -> None:
        began.set()
        await may_end.wait()
        raise Unreachable

    await put(database)
    reports = Reports()
    running = asyncio.create_task(worker(database, slow, Policy(attempts=1), report=reports).run_due())
    await began.wait()
    clock.move(60)
    await take_jobs(database, "other")
    may_end.set()
    await running
    assert reports.said == []


async def test_a_dead_job_is_stepped_over(database: Database, clock: MovableClock) -> None:
    """A broken post must not silence a conversation for good."""
    handled: list[int] = []

    async def handler(_payload: dict[str, Any], job: JobInfo) -> None:
        if job.id == first:
            raise Unreachable
        handled.append(job.id)

    first = await put(database, key="room")
    second = await put(database, key="room")
    for _ in range(4):
        assert handled == []
        await worker(database, handler).run_due()
        clock.move(100)
    assert handled == [second]


async def test_a_handler_that_hangs_is_a_failed_attempt(database: Database) -> None:
    async def hang(_payload: dict[str, Any], _job: JobInfo) -> None:
        await asyncio.Event().wait()

    await put(database)
    assert await worker(database, hang, Policy(limit=0)).run_due() == 1
    job = await one(database)
    assert (job.attempts, job.claimed_by, job.error) == (1, None, "TimeoutError: ")


async def test_a_job_that_kills_its_workers_is_given_up(database: Database, clock: MovableClock) -> None:
    await put(database)
    for number in range(4):
        assert len(await take_jobs(database, f"dies-{number}")) == 1
        clock.move(60)
    assert await worker(database, nothing).run_due() == 0
    job = await one(database)
    assert (job.dead_at, job.error) == (clock.at, "no worker lived to see its end")


async def test_the_next_worker_takes_over_when_the_lease_ends(
    database: Database, clock: MovableClock
) -> None:
    """The first one still thinks that the job is its own; what it writes down no longer counts."""
    began, first_may_end = asyncio.Event(), asyncio.Event()

    async def slow(_payload: dict[str, Any], _job: JobInfo) -> None:
        began.set()
        await first_may_end.wait()

    await put(database)
    running = asyncio.create_task(worker(database, slow).run_due())
    await began.wait()
    clock.move(60)
    assert await worker(database, fail).run_due() == 1
    first_may_end.set()
    await running
    job = await one(database)
    assert (job.done_at, job.attempts) == (None, 2)


async def test_names_of_workers_are_unique(database: Database) -> None:
    assert worker(database, nothing).name != worker(database, nothing).name


class Loop:
    """Waits of a worker's loop, made visible: a test lets each of them end."""

    def __init__(self) -> None:
        self.waiting = asyncio.Event()
        self.seconds = 0.0
        self._polled = asyncio.Event()

    async def wait(self, wake: asyncio.Event, seconds: float) -> None:
        """Until woken, or until the test says that the time is over."""
        self.seconds = seconds
        self.waiting.set()
        ends = [asyncio.create_task(event.wait()) for event in (wake, self._polled)]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        self._polled.clear()

    async def idle(self) -> None:
        """Until the worker waits."""
        self.waiting.clear()
        await self.waiting.wait()

    def poll(self) -> None:
        """The time is over."""
        self._polled.set()


async def test_a_commit_wakes_the_worker_and_time_does(database: Database, clock: MovableClock) -> None:
    handled: asyncio.Queue[int] = asyncio.Queue()
    loop = Loop()

    async def handler(_payload: dict[str, Any], job: JobInfo) -> None:
        handled.put_nowait(job.id)

    busy = worker(database, handler, wait=loop.wait)
    busy.start()
    await loop.idle()
    now = await put(database)
    later = await put(database, run_at=clock.at + timedelta(seconds=5))
    assert await handled.get() == now
    clock.move(5)
    loop.poll()
    assert await handled.get() == later
    assert loop.seconds == 2
    await busy.stop()
    assert [job.done_at is not None for job in await all_jobs(database)] == [True, True]


async def test_a_worker_survives_an_outage_and_forgets_no_outcome(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    loop = Loop()
    settled: list[bool] = []

    async def handler(_payload: dict[str, Any], _job: JobInfo) -> None:
        monkeypatch.setattr(database, "unit", outage)

    def outage() -> None:
        settled.append(False)
        if len(settled) == 3:
            monkeypatch.undo()
        raise DatabaseUnavailable(Reason.FULL)

    await put(database)
    stubborn = worker(database, handler, wait=loop.wait)
    stubborn.start()
    while (await one(database)).done_at is None:
        loop.poll()
        await asyncio.sleep(0)
    await stubborn.stop()
    assert settled == [False] * 3
    assert "full" in caplog.text


async def test_stop_waits_for_what_ends_in_time(database: Database) -> None:
    began, may_end = asyncio.Event(), asyncio.Event()

    async def handler(_payload: dict[str, Any], _job: JobInfo) -> None:
        began.set()
        await may_end.wait()

    await put(database)
    stopping = worker(database, handler)
    stopping.start()
    await began.wait()
    stop = asyncio.create_task(stopping.stop())
    await asyncio.sleep(0)
    await put(database)  # after the stop nobody takes it
    may_end.set()
    await stop
    assert [job.attempts for job in await all_jobs(database)] == [1, 0]
    assert (await all_jobs(database))[0].done_at is not None


async def test_stop_releases_what_does_not_end(database: Database, clock: MovableClock) -> None:
    began = asyncio.Event()

    async def hang(_payload: dict[str, Any], _job: JobInfo) -> None:
        async with database.unit() as unit:
            await enqueue(unit, "never", {})
            began.set()
            await asyncio.Event().wait()

    await put(database)
    stopping = worker(database, hang, Policy(finish=0))
    stopping.start()
    await began.wait()
    started = time.monotonic()
    await stopping.stop()
    assert time.monotonic() - started < 5
    job = await one(database)
    assert (job.claimed_by, job.attempts, job.run_at, job.done_at) == (None, 0, clock.at, None)
    assert await worker(database, nothing).run_due() == 1


async def test_stop_leaves_a_stubborn_handler_to_the_lease(database: Database) -> None:
    began, end = asyncio.Event(), asyncio.Event()

    async def stubborn(_payload: dict[str, Any], _job: JobInfo) -> None:
        while not end.is_set():
            began.set()
            try:
                await end.wait()
            except asyncio.CancelledError:
                continue

    await put(database)
    stopping = worker(database, stubborn, Policy(finish=0))
    stopping.start()
    await began.wait()
    await stopping.stop()
    assert (await one(database)).claimed_by == stopping.name
    end.set()
    await asyncio.gather(*stopping._running.values())


def test_the_default_stop_fits_into_ten_seconds() -> None:
    from bot.jobs import worker as module  # noqa: PLC0415

    assert Policy().finish + 2 * module._TO_WRITE + 2 * module._TO_CLEAN_UP < 10


async def test_stop_without_a_start_and_twice(database: Database) -> None:
    idle = worker(database, nothing)
    await idle.stop()
    await idle.stop()
    assert not database._listeners.get(TOPIC)


async def test_a_worker_starts_once(database: Database) -> None:
    twice = worker(database, nothing)
    twice.start()
    with pytest.raises(RuntimeError):
        twice.start()
    await twice.stop()
    await twice.stop()
    assert not database._listeners[TOPIC]


async def test_several_workers_hand_each_job_over_once_and_keep_the_order(database: Database) -> None:
    handled: list[int] = []

    async def handler(_payload: dict[str, Any], job: JobInfo) -> None:
        await asyncio.sleep(0)
        handled.append(job.id)

    for number in range(40):
        await put(database, key=f"request:{number % 4}")
    await asyncio.gather(*(worker(database, handler).run_due() for _ in range(4)))
    while any(job.done_at is None for job in await all_jobs(database)):
        await worker(database, handler).run_due()
    assert sorted(handled) == sorted({job.number for job in await all_jobs(database)})
    for key in range(4):
        numbers = [job.number for job in await all_jobs(database) if job.key == f"request:{key}"]
        assert [number for number in handled if number in numbers] == numbers
