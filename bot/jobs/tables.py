"""The one table of jobs: outbox, retries and clock."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, text
from sqlmodel import Field

from bot.db.rows import Row, now

# the migration says the same to PostgreSQL; here it would load that dialect at every start
_UNFINISHED = text("done_at IS NULL AND dead_at IS NULL")
_DEAD = text("dead_at IS NOT NULL")


class Job(Row, table=True):
    """A job is unfinished until `done_at` or `dead_at` is set; both: somebody has discarded it.

    `run_at` is schedule, back-off and lease in one: a claimed job is due again when its lease ends.
    Jobs with the same `key` run one after the other, in order of their ids. A `dedupe_key` exists once.
    """

    __tablename__: ClassVar[str] = "job"
    __table_args__ = (
        Index("ix_job_due", "run_at", "id", sqlite_where=_UNFINISHED),
        Index("ix_job_order", "key", "id", sqlite_where=_UNFINISHED),
        Index("ix_job_dead", "dead_at", sqlite_where=_DEAD),
    )

    kind: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    key: str | None = None
    dedupe_key: str | None = Field(default=None, unique=True)
    created_at: datetime = Field(default_factory=now)
    run_at: datetime = Field(default_factory=now)
    attempts: int = 0
    claimed_by: str | None = None
    error: str | None = None  # the last one, kept when the job is dead
    done_at: datetime | None = None
    dead_at: datetime | None = None
