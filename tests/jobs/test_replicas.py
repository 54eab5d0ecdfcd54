"""Several processes on one database: each job in one pair of hands, in order, and none with a dead one.

On PostgreSQL every replica has connections of its own; SQLite serves one process, whose workers they are.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.chat.ports import JobHandler, JobInfo, RetryLater
from bot.db.unit_of_work import Database
from bot.jobs.queue import enqueue
from bot.jobs.worker import Policy, Worker
from tests.db.fixtures import MovableClock
from tests.jobs.test_queue import all_jobs, put

Start = Callable[..., Worker]


@pytest.fixture
async def start(
    database: Database, migrated_url: str, clock: MovableClock
) -> AsyncIterator[Callable[..., Worker]]:
    """One more replica, which does not run by itself."""
    opened: list[Database] = []

    def replica(handler: JobHandler, policy: Policy | None = None) -> Worker:
        own = database if database.is_sqlite else Database.at(migrated_url, clock)
        opened.append(own)
        return Worker(
            own, {"post": handler}, f"replica-{len(opened)}", policy=policy or Policy(), random=lambda: 0.5
        )

    yield replica
    for one in opened:
        await one.close()


async def killed_at(worker: Worker) -> None:
    """A replica that takes what is due and dies in the middle of it."""
    async with worker._database.unit() as unit:
        await worker._claim(unit, 10)
        await unit.commit()


async def test_each_job_is_done_once(database: Database, start: Start) -> None:
    done: list[int] = []

    async def handler(_payload: dict[str, Any], job: JobInfo) -> None:
        await asyncio.sleep(0)
        done.append(job.id)

    numbers = [await put(database) for _ in range(30)]
    await asyncio.gather(*(start(handler, Policy(parallel=3)).run_due() for _ in range(3)))
    assert sorted(done) == numbers


async def test_a_dead_replica_s_jobs_are_taken_over_after_the_lease_in_their_order(
    database: Database, start: Start, clock: MovableClock
) -> None:
    done: list[int] = []

    async def handler(_payload: dict[str, Any], job: JobInfo) -> None:
        done.append(job.id)

    created, updated = [await put(database, key="request:7") for _ in range(2)]
    other = await put(database, key="request:8")
    await killed_at(start(handler))
    clock.move(59)
    last = await put(database, key="request:9")
    for _ in range(2):
        await start(handler).run_due()
    assert done == [last]
    clock.move(1)
    await start(handler).run_due()
    assert [number for number in done if number in {created, updated}] == [created, updated]
    assert set(done) == {created, updated, other, last}
    assert [job.attempts for job in await all_jobs(database)] == [2, 1, 2, 1]


async def test_who_is_asked_for_patience_asks_it_of_all(
    database: Database, start: Start, clock: MovableClock
) -> None:
    """`Retry-After` is kept by every replica, and by what comes behind in the same conversation."""
    calls: list[tuple[int, float]] = []
    begin = clock.at

    async def handler(_payload: dict[str, Any], job: JobInfo) -> None:
        calls.append((job.id, (clock.at - begin).total_seconds()))
        if len(calls) == 1:
            raise RetryLater(30)

    first, second = [await put(database, key="room") for _ in range(2)]
    replicas = [start(handler) for _ in range(3)]
    for _ in range(35):
        for replica in replicas:
            await replica.run_due()
        clock.move(1)
    assert calls == [(first, 0), (first, 30), (second, 30)]


async def test_a_replica_that_stops_hands_on_what_it_has_not_finished(
    database: Database, start: Start
) -> None:
    begun, done = asyncio.Event(), []

    async def hang(_payload: dict[str, Any], _job: JobInfo) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def handler(_payload: dict[str, Any], job: JobInfo) -> None:
        done.append(job.id)

    numbers = [await put(database, key="request:7") for _ in range(2)]
    stopping = start(hang, Policy(finish=0))
    stopping.start()
    await begun.wait()
    await stopping.stop()
    await start(handler).run_due()
    assert done == numbers
    assert [job.attempts for job in await all_jobs(database)] == [1, 1]


async def test_a_replica_that_comes_back_after_its_lease_changes_nothing(
    database: Database, start: Start, clock: MovableClock
) -> None:
    """It was away (a machine that slept): another one has done the job, and the history says so."""
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_payload: dict[str, Any], job: JobInfo) -> None:
        begun.set()
        await may_end.wait()
        raise RetryLater(3_600)

    async def handler(_payload: dict[str, Any], _job: JobInfo) -> None:
        return

    await put(database)
    sleeping = asyncio.create_task(start(slow).run_due())
    await begun.wait()
    clock.move(60)
    await start(handler).run_due()
    (before,) = await all_jobs(database)
    may_end.set()
    await sleeping
    (after,) = await all_jobs(database)
    assert before == after
    assert after.done_at == clock.at


async def test_a_job_of_a_transaction_that_is_still_open_is_nobody_s(
    database: Database, start: Start, clock: MovableClock
) -> None:
    if database.is_sqlite:
        return  # there is one transaction at a time
    done: list[int] = []

    async def handler(_payload: dict[str, Any], job: JobInfo) -> None:
        done.append(job.id)

    async with database.unit() as unit:
        number = await enqueue(unit, "post", {}, run_at=clock.at - timedelta(seconds=1))
        await asyncio.create_task(start(handler).run_due())
        assert done == []
        await unit.commit()
    await start(handler).run_due()
    assert done == [number]
