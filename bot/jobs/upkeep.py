"""What people do about jobs: look at them, send them again, give them up. All of them or none."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.unit_of_work import Unit
from bot.jobs.tables import Job


class Standing(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"  # until it is due, for an earlier one, or for its next attempt
    RUNNING = "running"  # in the hands of a process, until its lease ends
    DEAD = "dead"  # given up by us: somebody has to look
    DONE = "done"
    DISCARDED = "discarded"  # given up by somebody


UNFINISHED = (Standing.WAITING, Standing.RUNNING, Standing.DEAD)


class NoSuchJob(Exception):
    """A number that no job has (any more): finished ones are forgotten after some days."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class NotNow(Exception):
    """A job that runs or has ended is left alone."""

    def __init__(self, number: int, standing: Standing) -> None:
        super().__init__(number, standing)
        self.number = number
        self.standing = standing


def standing(job: Job, at: datetime) -> Standing:
    """Where a job stands at this moment."""
    if job.dead_at is not None:
        return Standing.DISCARDED if job.done_at is not None else Standing.DEAD
    if job.done_at is not None:
        return Standing.DONE
    return Standing.RUNNING if job.claimed_by is not None and job.run_at > at else Standing.WAITING


async def listed(
    session: AsyncSession, which: Collection[Standing], at: datetime, most: int
) -> Sequence[Job]:
    """Jobs that stand like this, the newest first."""
    wanted = select(Job).where(or_(*(_stands(one, at) for one in which)))
    return (await session.exec(wanted.order_by(col(Job.id).desc()).limit(most))).all()


async def dead_since(session: AsyncSession, kind: str, since: datetime) -> int:
    """How many of a kind have died from then on."""
    died = select(func.count()).select_from(Job).where(col(Job.dead_at) >= since, Job.kind == kind)
    return (await session.exec(died)).one()


async def dead(session: AsyncSession) -> Sequence[int]:
    """The numbers of all dead jobs, the oldest first."""
    numbers = select(Job.id).where(col(Job.dead_at).is_not(None), col(Job.done_at).is_(None))
    return [number for number in (await session.exec(numbers.order_by(col(Job.id)))).all() if number]


async def retry(unit: Unit, numbers: Collection[int]) -> None:
    """Dead and waiting jobs are due now, with all attempts before them. Raises NoSuchJob and NotNow.

    A dead one runs behind what has happened since: that is why handlers look at the current state.
    """
    at = unit.database.clock()
    for job in await _idle(unit, numbers, at):
        job.run_at, job.dead_at, job.attempts, job.claimed_by = at, None, 0, None


async def discard(unit: Unit, numbers: Collection[int]) -> None:
    """Dead and waiting jobs are never done. Raises NoSuchJob and NotNow.

    The row stays as long as those of finished jobs: what caused it is not enqueued again.
    """
    at = unit.database.clock()
    for job in await _idle(unit, numbers, at):
        job.done_at, job.dead_at, job.claimed_by = at, job.dead_at or at, None


async def _idle(unit: Unit, numbers: Collection[int], at: datetime) -> Sequence[Job]:
    rows = select(Job).where(col(Job.id).in_(numbers)).order_by(col(Job.id)).with_for_update()
    found = {job.number: job for job in (await unit.session.exec(rows)).all()}
    for number in numbers:
        if number not in found:
            raise NoSuchJob(number)
        if (now := standing(found[number], at)) not in {Standing.DEAD, Standing.WAITING}:
            raise NotNow(number, now)
    return list(found.values())


def _stands(how: Standing, at: datetime) -> ColumnElement[bool]:
    """`standing` as a condition."""
    dead, done = col(Job.dead_at).is_not(None), col(Job.done_at).is_not(None)
    running = and_(col(Job.claimed_by).is_not(None), col(Job.run_at) > at)
    match how:
        case Standing.DEAD:
            return and_(dead, ~done)
        case Standing.DONE:
            return and_(done, ~dead)
        case Standing.DISCARDED:
            return and_(done, dead)
        case Standing.RUNNING:
            return and_(~dead, ~done, running)
        case Standing.WAITING:
            return and_(~dead, ~done, ~running)
