"""What a conversation leaves in the database, without what tells one channel from another."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.app import Klartext
from bot.glossary.tables import LookUp, Proposal, Remark
from bot.intake.tables import Draft, HintMark
from bot.jobs.outbox import DIRECT, POST, WHISPER
from bot.jobs.tables import Job
from bot.people.tables import Person
from bot.requests.tables import Request, RequestEvent, Supporter
from bot.triage.tables import PromiseRow

TABLES: Sequence[type[SQLModel]] = (
    LookUp,
    Remark,
    Proposal,
    Person,
    Draft,
    HintMark,
    Request,
    RequestEvent,
    Supporter,
    PromiseRow,
)
# where it happened, the vendor's number of the event, how often a page was opened (Teams: a click more)
_BY_CHANNEL = {"channel", "key", "revision"}
_OUTBOX = (POST, DIRECT, WHISPER)


async def left(klartext: Klartext) -> dict[str, list[Any]]:
    """Rows by table; jobs by what they are about, without the posts of the outbox."""
    await klartext.lookups.flush()
    async with klartext.database.reading() as session:
        found: dict[str, list[Any]] = {table.__name__: await _rows(session, table) for table in TABLES}
        jobs = (await session.exec(select(Job).order_by(col(Job.id)))).all()
    found["Job"] = list(_jobs(jobs))
    return found


async def _rows(session: AsyncSession, table: type[SQLModel]) -> list[dict[str, Any]]:
    rows = (await session.exec(select(table).order_by(table.id))).all()  # type: ignore[attr-defined]
    return [row.model_dump(mode="json", exclude=_BY_CHANNEL) for row in rows]


def _jobs(jobs: Sequence[Job]) -> Iterator[tuple[str, dict[str, Any]]]:
    for job in jobs:
        if job.kind not in _OUTBOX and "account" not in job.payload:
            yield job.kind, job.payload
