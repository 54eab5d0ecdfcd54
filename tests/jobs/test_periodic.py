"""Chores go on, whatever one of them does, until they are stopped."""

import asyncio

import pytest

from bot.db.failures import DatabaseUnavailable, Reason
from bot.jobs.periodic import Every, Periodic


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
