"""Put a job into the transaction that causes it; take what is due; write down how it ended.

Delivery is at least once: a handler may run again after a crash, so it looks at the current state first.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.ports import JobInfo
from bot.db.rows import insert_into
from bot.db.unit_of_work import Unit
from bot.jobs.tables import Job

TOPIC = "jobs"  # announced when a job was committed that is due at once
_CLAIM_LOCK = 7002  # any number, the same in all processes


async def enqueue(
    unit: Unit,
    kind: str,
    payload: dict[str, Any],
    *,
    run_at: datetime | None = None,
    key: str | None = None,
    dedupe_key: str | None = None,
) -> int | None:
    """Add a job to the unit; it exists once the unit commits. None: a job with this dedupe_key exists.

    A job waits for the earlier ones with its `key` that are due or have begun, and for one that waits for
    its next attempt; not for one that was planned for later, nor for a dead one: handlers look at the
    current state, and one broken post must not silence a conversation for good.
    """
    at = unit.database.clock()
    values: dict[str, Any] = {
        "kind": kind,
        "payload": payload,
        "key": key,
        "dedupe_key": dedupe_key,
        "attempts": 0,
    }
    values |= {"created_at": at, "run_at": run_at or at}
    number = await unit.session.run_sync(_added, values)
    if number is not None and (run_at is None or run_at <= at):
        unit.announce(TOPIC)
    return number


@dataclass(frozen=True, slots=True)
class Able:
    """The kinds of jobs that a process knows, and for how long it leaves others to those who know them.

    While replicas of two versions run, the older one would take jobs that it cannot do.
    """

    kinds: Collection[str]
    patience: timedelta

    def may_take(self, at: datetime) -> ColumnElement[bool]:
        """Jobs of its kinds, and those that nobody wanted for so long."""
        return or_(col(Job.kind).in_(self.kinds), col(Job.run_at) <= at - self.patience)


async def claim(
    unit: Unit,
    worker: str,
    limit: int,
    lease: timedelta,
    *,
    able: Able | None = None,
    running: Collection[int] = (),
) -> Sequence[Job]:
    """What is due, now in the hands of `worker` until the lease ends; `running` it holds already.

    `able` None: of all kinds. One claim at a time: two that overlap could not see that they take jobs of
    the same key.
    """
    if not unit.database.is_sqlite:
        await unit.session.exec(select(func.pg_advisory_xact_lock(_CLAIM_LOCK)))
    at = unit.database.clock()
    is_due = and_(_unfinished(Job), col(Job.run_at) <= at, ~_blocked(at), col(Job.id).not_in(running))
    due = (
        select(Job)
        .where(is_due, able.may_take(at) if able else true())
        .order_by(col(Job.run_at), col(Job.id))
        .limit(limit)
        .with_for_update(skip_locked=True)  # left out by the compiler on SQLite; BEGIN IMMEDIATE covers it
    )
    jobs = (await unit.session.exec(due)).all()
    for job in jobs:
        job.run_at, job.claimed_by = at + lease, worker  # crash: due again after the lease
        job.attempts += 1
    return jobs


async def settle(session: AsyncSession, holder: str, jobs: Collection[int], **values: Any) -> int:
    """Write down how jobs ended; returns how many of them were still the holder's to say so."""
    mine = and_(col(Job.id).in_(jobs), col(Job.claimed_by) == holder, _unfinished(Job))
    unloaded = {"synchronize_session": False}  # no row of this session is compared
    return (
        await session.exec(update(Job).where(mine).values(**values), execution_options=unloaded)
    ).rowcount


async def overtaken(session: AsyncSession, job: JobInfo, at: datetime) -> bool:
    """Whether a later job with its key is due, too: what draws the state of now can leave it to that."""
    later = and_(col(Job.key) == job.key, col(Job.id) > job.id, col(Job.run_at) <= at, _unfinished(Job))
    return (await session.exec(select(Job.id).where(later).limit(1))).first() is not None


async def forget_done(session: AsyncSession, before: datetime) -> int:
    """Delete jobs that were done before; dead ones stay until somebody has looked. Returns how many."""
    return (await session.exec(delete(Job).where(col(Job.done_at) < before))).rowcount


def untouched(job: type[Job], at: datetime) -> ColumnElement[bool]:
    """It was planned for later, and nobody has begun it.

    What was due at once is not, also if the clock that wrote it was ahead of ours; what waits for its next
    attempt has an error.
    """
    later = and_(col(job.run_at) > at, col(job.run_at) > col(job.created_at))
    new = and_(col(job.attempts) == 0, col(job.error).is_(None), col(job.claimed_by).is_(None))
    return and_(_unfinished(job), later, new)


def _added(session: Session, values: dict[str, Any]) -> int | None:
    """Past the ORM, which takes three times as long: the statement is built once, only values differ."""
    connection = session.connection()
    return connection.execute(_addition(connection.dialect.name), values).scalar_one_or_none()


@cache
def _addition(dialect: str) -> ReturningInsert[int | None]:
    new = insert_into(dialect, Job).on_conflict_do_nothing(index_elements=["dedupe_key"])
    return new.returning(col(Job.id))


def _unfinished(job: type[Job]) -> ColumnElement[bool]:
    return and_(col(job.done_at).is_(None), col(job.dead_at).is_(None))


def _blocked(at: datetime) -> ColumnElement[bool]:
    """Another unfinished job of the same key is earlier, or is in somebody's hands.

    A later one can be in hands if the transaction with the earlier id was committed after it.
    """
    other = aliased(Job)
    in_hands = and_(col(other.claimed_by).is_not(None), col(other.run_at) > at)
    earlier = and_(col(other.id) < col(Job.id), ~untouched(other, at))
    ahead = or_(earlier, and_(col(other.id) != col(Job.id), in_hands))
    return select(other.id).where(col(other.key) == col(Job.key), _unfinished(other), ahead).exists()
