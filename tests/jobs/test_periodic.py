"""Chores go on, whatever one of them does, until they are stopped."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.chat.ports import JobInfo
from bot.db.failures import DatabaseUnavailable, Reason
from bot.db.unit_of_work import Database
from bot.jobs.periodic import Every, Periodic, Regular, Schedule, each
from bot.jobs.queue import forget_done
from bot.jobs.worker import Worker
from tests.db.fixtures import MovableClock
from tests.jobs.test_queue import all_jobs, finish, take, take_jobs


async def test_a_chore_is_done_again_and_again(caplog: pytest.LogCaptureFixture) -> None:
    failures = [DatabaseUnavailable(Reason.BUSY), RuntimeError("unexpected")]
    done, enough = [], asyncio.Event()

    async def chore() -> None:
        done.append(1)
        if failures:
            raise failures.pop(0)
        if len(done) == 5:
            enough.set()

    periodic = Periodic(Every(0, chore))
    periodic.start()
    await enough.wait()
    await periodic.stop()
    count = len(done)
    await asyncio.sleep(0)
    assert len(done) == count
    assert "the database is away: busy" in caplog.text
    assert "a periodic chore failed" in caplog.text


async def test_one_that_waits_does_not_stop_another() -> None:
    other = asyncio.Event()

    async def wait() -> None:
        await asyncio.Event().wait()

    async def work() -> None:
        other.set()

    periodic = Periodic(Every(0, wait), Every(0, work))
    periodic.start()
    await other.wait()
    await periodic.stop()


async def test_a_stop_before_the_start_is_fine() -> None:
    await Periodic(Every(1, asyncio.Event().wait)).stop()


# --- once among all processes ---


def weekly(after: datetime) -> datetime:
    """Mondays at nine, in UTC."""
    monday = (after - timedelta(days=after.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    return monday if monday > after else monday + timedelta(days=7)


AGENDA = Regular("agenda", weekly, "it")


def replica(database: Database, *wanted: Regular) -> Schedule:
    """A process that has just started."""
    return Schedule(database, lambda: wanted or (AGENDA,))


async def test_many_processes_keep_one_job_for_the_next_moment(
    database: Database, clock: MovableClock
) -> None:
    await asyncio.gather(*(replica(database).look() for _ in range(5)))
    (job,) = await all_jobs(database)
    moment = weekly(clock.at)
    assert (job.kind, job.run_at) == ("agenda", moment)
    assert job.payload == {"name": "it", "at": moment.isoformat()}


async def test_it_is_done_once_a_week_however_often_processes_start(
    database: Database, clock: MovableClock
) -> None:
    done: list[str] = []

    async def handler(payload: dict[str, Any], _job: JobInfo) -> None:
        done.append(payload["at"])

    clock.at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    for _hour in range(3 * 7 * 24):
        await replica(database).look()
        await Worker(database, {"agenda": handler}, "w").run_due()
        async with database.unit() as unit:
            await forget_done(unit.session, clock.at - timedelta(hours=1))
            await unit.commit()
        clock.move(3_600)
    assert done == [f"2026-{day}T09:00:00+00:00" for day in ("11-30", "12-07", "12-14")]


async def test_what_passed_while_nobody_ran_is_made_up_for_once(
    database: Database, clock: MovableClock
) -> None:
    schedule = replica(database)
    await schedule.look()
    clock.move(5 * 7 * 86_400)
    await schedule.look()
    assert await take(database, "w") == ["agenda"]
    jobs = await all_jobs(database)
    assert [job.run_at > clock.at for job in jobs] == [True, True]  # one in hands, one for next week


async def test_a_look_that_finds_nothing_new_writes_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = replica(database)
    await schedule.look()
    monkeypatch.setattr(database, "unit", None)
    await schedule.look()


async def test_another_calendar_moves_the_job_that_has_not_begun(
    database: Database, clock: MovableClock
) -> None:
    def late(after: datetime) -> datetime:
        return weekly(after) + timedelta(hours=6)

    other = Regular("agenda", weekly, "hr")
    await replica(database, AGENDA, other).look()
    await replica(database, Regular("agenda", late, "it")).look()
    jobs = {job.payload["name"]: job.run_at for job in await all_jobs(database)}
    assert jobs == {"hr": weekly(clock.at), "it": late(clock.at)}
    assert len(await all_jobs(database)) == 2


async def test_one_that_failed_and_waits_is_not_moved(database: Database, clock: MovableClock) -> None:
    await replica(database).look()
    clock.at = weekly(clock.at)
    (job,) = await take_jobs(database, "w")
    again = {"claimed_by": None, "error": "away", "attempts": 0, "run_at": clock.at + timedelta(hours=1)}
    await finish(database, job.number, "w", **again)
    await replica(database).look()
    assert [job.error for job in await all_jobs(database)] == ["away", None]


async def test_never_is_fine(database: Database) -> None:
    await replica(database, Regular("agenda", lambda _after: None)).look()
    assert await all_jobs(database) == []


def test_each_period_begins_at_the_same_moments_everywhere() -> None:
    hourly = each(timedelta(hours=1))
    assert hourly(datetime(2026, 11, 25, 12, 59, 59, tzinfo=UTC)) == datetime(2026, 11, 25, 13, tzinfo=UTC)
    assert hourly(datetime(2026, 11, 25, 13, tzinfo=UTC)) == datetime(2026, 11, 25, 14, tzinfo=UTC)
