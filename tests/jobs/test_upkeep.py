"""Somebody looks at jobs, sends them again or gives them up: all that were named, or none."""

from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta

import pytest

from bot.db.unit_of_work import Database, Unit
from bot.jobs.queue import forget_done
from bot.jobs.upkeep import (
    UNFINISHED,
    NoSuchJob,
    NotNow,
    Standing,
    dead,
    dead_since,
    discard,
    listed,
    retry,
    standing,
)
from tests.db.fixtures import MovableClock
from tests.jobs.test_queue import all_jobs, finish, put, take, take_jobs

Change = Callable[[Unit, Collection[int]], Awaitable[None]]


@pytest.fixture
async def each(database: Database, clock: MovableClock) -> dict[Standing, int]:
    """A job in every standing, by its number."""
    numbers = {}
    for how in (Standing.DONE, Standing.DEAD, Standing.DISCARDED, Standing.RUNNING):
        numbers[how] = await put(database, how) or 0
        await take(database, "w")
    ended = {"done_at": clock.at}
    await finish(database, numbers[Standing.DONE], "w", **ended)
    await finish(database, numbers[Standing.DEAD], "w", dead_at=clock.at, error="away", attempts=15)
    await finish(database, numbers[Standing.DISCARDED], "w", dead_at=clock.at, **ended)
    later = clock.at + timedelta(hours=1)
    numbers[Standing.WAITING] = await put(database, "waiting", run_at=later, dedupe_key="once") or 0
    return numbers


async def change(database: Database, how: Change, *numbers: int) -> None:
    async with database.unit() as unit:
        await how(unit, numbers)
        await unit.commit()


async def test_the_standing_and_the_lists_say_the_same(
    database: Database, clock: MovableClock, each: dict[Standing, int]
) -> None:
    async with database.reading() as session:
        for how in Standing:
            found = await listed(session, [how], clock.at, 10)
            assert [(job.number, standing(job, clock.at)) for job in found] == [(each[how], how)]
        unfinished = await listed(session, UNFINISHED, clock.at, 10)
        assert [job.kind for job in unfinished] == ["waiting", "running", "dead"]
        assert len(await listed(session, list(Standing), clock.at, 2)) == 2
        assert await dead(session) == [each[Standing.DEAD]]
        assert await dead_since(session, "dead", clock.at) == 1
        assert await dead_since(session, "dead", clock.at + timedelta(seconds=1)) == 0


async def test_a_lease_that_has_ended_is_waiting(
    database: Database, clock: MovableClock, each: dict[Standing, int]
) -> None:
    clock.move(60)
    async with database.reading() as session:
        found = await listed(session, [Standing.WAITING], clock.at, 10)
    assert [job.kind for job in found] == ["waiting", "running"]


async def test_retried_jobs_are_due_with_all_attempts_before_them(
    database: Database, each: dict[Standing, int]
) -> None:
    await change(database, retry, each[Standing.DEAD], each[Standing.WAITING])
    jobs = await take_jobs(database, "w")
    assert sorted((job.kind, job.attempts) for job in jobs) == [("dead", 1), ("waiting", 1)]


async def test_discarded_jobs_are_not_done_and_not_caused_again(
    database: Database, clock: MovableClock, each: dict[Standing, int]
) -> None:
    await change(database, discard, each[Standing.DEAD], each[Standing.WAITING])
    clock.move(30)
    assert await take(database, "w") == []
    assert await put(database, dedupe_key="once") is None
    async with database.unit() as unit:
        await forget_done(unit.session, clock.at)
        await unit.commit()
    assert [job.kind for job in await all_jobs(database)] == ["running"]


@pytest.mark.parametrize("how", [retry, discard])
@pytest.mark.parametrize("left_alone", [Standing.RUNNING, Standing.DONE, Standing.DISCARDED])
async def test_one_that_runs_or_has_ended_leaves_all_as_they_were(
    database: Database, each: dict[Standing, int], how: Change, left_alone: Standing
) -> None:
    before = [job.model_dump() for job in await all_jobs(database)]
    with pytest.raises(NotNow) as refused:
        await change(database, how, each[Standing.DEAD], each[left_alone])
    assert (refused.value.number, refused.value.standing) == (each[left_alone], left_alone)
    assert [job.model_dump() for job in await all_jobs(database)] == before


@pytest.mark.parametrize("how", [retry, discard])
async def test_a_number_that_nobody_has(database: Database, each: dict[Standing, int], how: Change) -> None:
    with pytest.raises(NoSuchJob):
        await change(database, how, each[Standing.DEAD], 999)
    async with database.reading() as session:
        assert await dead(session) == [each[Standing.DEAD]]


async def test_who_finishes_late_cannot_undo_it(
    database: Database, clock: MovableClock, each: dict[Standing, int]
) -> None:
    """The lease has ended, somebody gives the job up, and then its worker comes back."""
    clock.move(60)
    await change(database, discard, each[Standing.RUNNING])
    assert not await finish(database, each[Standing.RUNNING], "w")
