"""What waiting and finished jobs hold about a person: posts to them, and posts with their words."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Account
from bot.db.unit_of_work import Unit
from bot.jobs.tables import Job
from bot.people.tables import AccountRow


class PostTraces:
    """Jobs as a feature that stores something about people (`records.Traces`)."""

    async def export(self, session: AsyncSession, people: Sequence[int]) -> dict[str, Any]:
        """The posts that were not cleaned up yet."""
        columns = ("kind", "payload", "created_at", "run_at", "done_at")
        jobs = await _about(session, people)
        return {"posts": [job.model_dump(mode="json", include=set(columns)) for job in jobs]}

    async def forget(self, unit: Unit, people: Sequence[int]) -> None:
        """Delete them: what was posted already stands in the channel, not here."""
        numbers = [job.number for job in await _about(unit.session, people)]
        await unit.session.exec(delete(Job).where(col(Job.id).in_(numbers)))


async def _about(session: AsyncSession, people: Sequence[int]) -> list[Job]:
    rows = select(AccountRow).where(col(AccountRow.person).in_(people))
    accounts = {Account(row.channel, row.external) for row in (await session.exec(rows)).all()}
    jobs = (await session.exec(select(Job).order_by(col(Job.id)))).all()
    told = {job.number for job in jobs if job.payload.get("about") in people}
    return [job for job in jobs if job.number in told or _is_for(job, accounts) or _came_of(job, told)]


def _is_for(job: Job, accounts: Collection[Account]) -> bool:
    return any(account in accounts for account in _addressed(job.payload))


def _addressed(payload: dict[str, Any]) -> Iterator[Account]:
    """The account that a job of the outbox or of a first contact names."""
    channel = payload.get("channel") or payload.get("place", {}).get("channel")
    if channel and payload.get("account"):
        yield Account(str(channel), str(payload["account"]))


def _came_of(job: Job, told: Collection[int]) -> bool:
    """`tell` makes a post for each person who hears it."""
    first, _, rest = (job.dedupe_key or "").removeprefix("direct:").partition(":")
    number = rest.partition(":")[0]
    return first == "tell" and number.isdecimal() and int(number) in told
