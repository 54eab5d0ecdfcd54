"""The clocks of a request, as they are kept."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from bot.db.rows import Row, stored_as_value
from bot.triage.workflow import Clock


class PromiseRow(Row, table=True):
    """One promise (`promises.Promise`). `left_seconds`: the business time that remains while it rests."""

    __tablename__: ClassVar[str] = "promise"
    __table_args__ = (Index("ix_promise_running", "ended_at", "due_at"),)

    request: int = Field(foreign_key="request.id", index=True)
    clock: Clock = Field(sa_type=stored_as_value(Clock))
    begun_at: datetime
    due_at: datetime
    left_seconds: float | None = None
    ended_at: datetime | None = None
