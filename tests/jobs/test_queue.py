"""A job exists if and only if its cause does; it is in one pair of hands, and in order of its key."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from sqlmodel import col, select

from bot.db.unit_of_work import Database
from bot.jobs.queue import TOPIC, claim, enqueue, forget_done, settle
from bot.jobs.tables import Job
from tests.db.fixtures import MovableClock

LEASE = timedelta(seconds=60)


async def put(database: Database, kind: str = "post", **options: Any) -> int | None:
    async with database.unit() as unit:
        number = await enqueue(unit, kind, {"kind": kind}, **options)
        await unit.commit()
        return number


async def take(database: Database, worker: str, limit: int = 10) -> list[str]:
    """The kinds of the jobs that a worker gets."""
    return [job.kind for job in await take_jobs(database, worker, limit)]


async def take_jobs(database: Database, worker: str, limit: int = 10) -> Sequence[Job]:
    async with database.unit() as unit:
        jobs = await claim(unit, worker, limit, LEASE)
        await unit.commit()
        return jobs


async def finish(database: Database, number: int, worker: str, **values: Any) -> bool:
    async with database.unit() as unit:
        mine = await settle(unit.session, worker, [number], **(values or {"done_at": database.clock()}))
        await unit.commit()
        return mine == 1


async def all_jobs(database: Database) -> Sequence[Job]:
    async with database.reading() as session:
        return (await session.exec(select(Job).order_by(col(Job.id)))).all()


async def test_a_job_keeps_what_it_was_given(database: Database, clock: MovableClock) -> None:
    later = clock.at + timedelta(days=3)
    payload = {"text": "Grüße \0 \ud83d 👋", "list": [1, 2.5, None, {"a": True}]}
    async with database.unit() as unit:
        await enqueue(unit, "post", payload, run_at=later, key="request:7", dedupe_key="once")
        await unit.commit()
    (job,) = await all_jobs(database)
    assert (job.kind, job.payload, job.run_at, job.key) == ("post", payload, later, "request:7")
    assert (job.dedupe_key, job.attempts, job.created_at) == ("once", 0, clock.at)


async def test_a_rollback_takes_the_job_along(database: Database) -> None:
    woken: list[str] = []
    database.listen(TOPIC, lambda: woken.append("woken"))
    async with database.unit() as unit:
        await enqueue(unit, "post", {})
    assert await all_jobs(database) == []
    assert woken == []


async def test_the_commit_wakes_whoever_listens_if_the_job_is_due(
    database: Database, clock: MovableClock
) -> None:
    woken: list[str] = []
    database.listen(TOPIC, lambda: woken.append("woken"))
    await put(database, run_at=clock.at + LEASE)
    assert woken == []
    await put(database)
    assert woken == ["woken"]


async def test_a_dedupe_key_exists_once(database: Database) -> None:
    numbers = await asyncio.gather(*(put(database, dedupe_key="digest:2026-W47") for _ in range(8)))
    assert sum(number is not None for number in numbers) == 1
    assert len(await all_jobs(database)) == 1
    assert await put(database, dedupe_key="digest:2026-W48") is not None


async def test_jobs_without_a_dedupe_key_are_all_different(database: Database) -> None:
    assert None not in [await put(database), await put(database)]


async def test_what_is_due_first_comes_first(database: Database, clock: MovableClock) -> None:
    for kind, seconds in (("c", 3), ("a", 1), ("b", 2), ("later", 100)):
        await put(database, kind, run_at=clock.at + timedelta(seconds=seconds))
    assert await take(database, "w1") == []
    clock.move(10)
    assert await take(database, "w1", limit=2) == ["a", "b"]
    assert await take(database, "w1") == ["c"]


async def test_each_job_is_handed_over_once(database: Database) -> None:
    for number in range(60):
        await put(database, str(number))

    async def work(worker: str) -> list[str]:
        taken: list[str] = []
        while kinds := await take(database, worker, limit=4):
            taken += kinds
        return taken

    taken = await asyncio.gather(*(work(f"w{number}") for number in range(6)))
    assert sorted(chain(*taken), key=int) == [str(number) for number in range(60)]


async def test_a_lease_that_ends_hands_the_job_over(database: Database, clock: MovableClock) -> None:
    await put(database)
    assert await take(database, "w1") == ["post"]
    clock.move(59)
    assert await take(database, "w2") == []
    clock.move(1)
    assert await take(database, "w2") == ["post"]
    (job,) = await all_jobs(database)
    assert (job.claimed_by, job.attempts) == ("w2", 2)


async def test_only_the_holder_may_settle(database: Database, clock: MovableClock) -> None:
    number = await put(database) or 0
    await take(database, "w1")
    clock.move(60)
    await take(database, "w2")
    assert not await finish(database, number, "w1")
    assert (await all_jobs(database))[0].done_at is None
    assert await finish(database, number, "w2")
    assert not await finish(database, number, "w2", error="again")
    (job,) = await all_jobs(database)
    assert (job.done_at, job.error) == (clock.at, None)


async def test_jobs_of_a_key_run_one_after_the_other(database: Database) -> None:
    for kind in ("created", "updated", "closed"):
        await put(database, kind, key="request:7")
    await put(database, "other", key="request:8")
    first = await take_jobs(database, "w1")
    assert [job.kind for job in first] == ["created", "other"]
    assert await take(database, "w2") == []
    await finish(database, first[0].number, "w1")
    second = await take_jobs(database, "w2")
    assert [job.kind for job in second] == ["updated"]
    await finish(database, second[0].number, "w2", dead_at=database.clock())
    assert await take(database, "w1") == ["closed"]


async def test_a_job_that_is_tried_again_keeps_its_place(database: Database, clock: MovableClock) -> None:
    for kind in ("created", "updated"):
        await put(database, kind, key="request:7")
    (created,) = await take_jobs(database, "w1")
    await finish(database, created.number, "w1", claimed_by=None, run_at=clock.at + LEASE)
    assert await take(database, "w1") == []
    clock.move(60)
    assert await take(database, "w1") == ["created"]


async def test_one_that_was_planned_for_later_holds_nobody_up(
    database: Database, clock: MovableClock
) -> None:
    await put(database, "reminder", key="request:7", run_at=clock.at + LEASE / 2)
    for kind in ("created", "updated"):
        await put(database, kind, key="request:7")
    (created,) = await take_jobs(database, "w1")
    assert created.kind == "created"
    clock.move(30)  # now it is the first of those that are due; one in hands is waited for all the same
    assert await take(database, "w2") == []
    await finish(database, created.number, "w1")
    (reminder,) = await take_jobs(database, "w1")
    assert reminder.kind == "reminder"
    await finish(database, reminder.number, "w1")
    assert await take(database, "w1") == ["updated"]


async def test_one_that_was_asked_for_patience_holds_its_place(
    database: Database, clock: MovableClock
) -> None:
    for kind in ("created", "updated"):
        await put(database, kind, key="request:7")
    (created,) = await take_jobs(database, "w1")
    later = {"claimed_by": None, "attempts": 0, "error": "RetryLater", "run_at": clock.at + LEASE}
    await finish(database, created.number, "w1", **later)
    assert await take(database, "w1") == []


async def test_a_clock_that_is_ahead_puts_nobody_behind(database: Database, clock: MovableClock) -> None:
    """The first job comes from a replica whose clock is two seconds ahead."""
    clock.move(2)
    await put(database, "created", key="request:7")
    clock.move(-2)
    await put(database, "updated", key="request:7")
    assert await take(database, "w1") == []
    clock.move(2)
    assert await take(database, "w1") == ["created"]


async def test_many_workers_keep_the_order_of_each_key(database: Database) -> None:
    for number in range(30):
        await put(database, str(number), key=f"request:{number % 3}")
    ended: list[int] = []
    in_hands: set[str | None] = set()

    async def work(worker: str) -> None:
        while len(ended) < 30:
            for job in await take_jobs(database, worker, limit=3):
                assert job.key not in in_hands
                in_hands.add(job.key)
                await asyncio.sleep(0)
                ended.append(int(job.kind))
                in_hands.discard(job.key)
                await finish(database, job.number, worker)

    await asyncio.gather(*(work(f"w{number}") for number in range(5)))
    for key in range(3):
        assert [number for number in ended if number % 3 == key] == list(range(key, 30, 3))


async def test_an_earlier_job_that_was_committed_later_waits(
    database: Database, clock: MovableClock, engine_name: str
) -> None:
    """On PostgreSQL two transactions may commit in another order than they got their ids."""
    if engine_name == "sqlite":
        return
    async with database.unit() as unit:
        await enqueue(unit, "slow", {}, key="request:7")
        await asyncio.create_task(put(database, "fast", key="request:7"))
        (fast,) = await take_jobs_elsewhere(database, "w1")
        await unit.commit()
    assert fast.kind == "fast"
    assert await take(database, "w2") == []
    clock.move(60)  # its worker died: now the order of ids counts again
    (slow,) = await take_jobs(database, "w2")
    assert slow.kind == "slow"
    await finish(database, slow.number, "w2")
    assert await take(database, "w2") == ["fast"]


async def take_jobs_elsewhere(database: Database, worker: str) -> Sequence[Job]:
    """In a task of its own, as a unit may not be opened inside a unit."""
    return await asyncio.create_task(take_jobs(database, worker))


async def test_jobs_that_are_held_are_not_taken_twice(database: Database, clock: MovableClock) -> None:
    number = await put(database) or 0
    await take(database, "w1")
    clock.move(60)
    async with database.unit() as unit:
        assert await claim(unit, "w1", 10, LEASE, running=[number]) == []


async def test_done_jobs_are_forgotten_dead_ones_are_not(database: Database, clock: MovableClock) -> None:
    for kind in ("done", "dead", "open"):
        await put(database, kind, run_at=clock.at + (LEASE if kind == "open" else timedelta()))
    done, dead = await take_jobs(database, "w1")
    await finish(database, done.number, "w1")
    await finish(database, dead.number, "w1", dead_at=clock.at)
    async with database.unit() as unit:
        assert await forget_done(unit.session, clock.at) == 0
        assert await forget_done(unit.session, clock.at + LEASE) == 1
        await unit.commit()
    assert [job.kind for job in await all_jobs(database)] == ["dead", "open"]


async def test_a_payload_that_is_no_json_is_refused_at_once(database: Database) -> None:
    async with database.unit() as unit:
        with pytest.raises(Exception, match="not JSON serializable"):
            await enqueue(unit, "post", {"when": database})
