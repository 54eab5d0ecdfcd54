"""Requests, what happened to each, who joined, and where its cards stand."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from bot.db.rows import Row, now, stored_as_value
from bot.requests.states import Passing, State

# the migration says the same to PostgreSQL; here it would load that dialect at every start
_UNASSIGNED, _DUE = text("assignee IS NULL"), text("due_at IS NOT NULL")


class Request(Row, table=True):
    """A request. `use_case` is the truth that cards, tickets and exports are drawn from.

    `draft` makes a second submission of the same draft find the first one. `place` is our own name of the
    queue's place. `answers` are those that were sent, so that they can be edited; `sections` the same in
    words, by language. `version` counts changes:
    whoever saves an older one hears that somebody was faster. `before` is the state in which the team
    asked back; `merged_into` the request that it goes on in. `due_at` is when whoever's turn it is has to
    act; None if nothing was promised. The indexes are those of the queue: each of its lists reads the page
    that it shows and nothing else.
    """

    __tablename__: ClassVar[str] = "request"
    __table_args__ = (
        Index("ix_request_queue", "queue", "state", "id"),
        Index("ix_request_state", "state", "id"),
        Index("ix_request_requester", "requester", "id"),
        Index("ix_request_team", "team", "state", "id"),
        Index("ix_request_assigned", "assignee", "state", "id"),
        Index("ix_request_unassigned", "team", "state", "id", sqlite_where=_UNASSIGNED),
        Index("ix_request_due", "team", "due_at", "id", sqlite_where=_DUE),
    )

    draft: int | None = Field(default=None, unique=True)
    version: int = Field(default=None, nullable=False)
    state: State = Field(default=State.SUBMITTED, sa_type=stored_as_value(State))
    flow: str
    flow_version: int
    queue: str
    place: str
    team: str
    title: str = Field(sa_type=Text)
    language: str
    requester: int
    submitted_by: int
    department: str | None = None
    confidential: bool = False
    assignee: int | None = None
    priority: str | None = None
    before: State | None = Field(default=None, sa_type=stored_as_value(State))
    merged_into: int | None = Field(default=None, foreign_key="request.id")
    use_case: dict[str, Any] = Field(sa_type=JSON)
    answers: dict[str, Any] = Field(sa_type=JSON)
    sections: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(default_factory=now, index=True)
    changed_at: datetime = Field(default_factory=now, index=True)
    due_at: datetime | None = None

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  (a class attribute that SQLAlchemy asks for)
        return {"version_id_col": cls.version}

    @property
    def label(self) -> str:
        """How people call it."""
        return f"REQ-{self.number}"


class RequestWord(SQLModel, table=True):
    """A word by which a request is found (`words.found_by`), for the team that may look for it."""

    __tablename__: ClassVar[str] = "request_word"

    team: str = Field(primary_key=True)
    word: str = Field(primary_key=True)
    request: int = Field(primary_key=True, foreign_key="request.id", index=True)


class RequestEvent(Row, table=True):
    """Something that happened to a request. `channel` is where from, `data` what it was about, `version`
    the version of the request that it made.
    """

    __tablename__: ClassVar[str] = "request_event"

    request: int = Field(foreign_key="request.id", index=True)
    kind: str
    person: int | None = Field(default=None, index=True)
    channel: str = ""
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    version: int = 0
    at: datetime = Field(default_factory=now)


class Supporter(Row, table=True):
    """Somebody who wants the same."""

    __tablename__: ClassVar[str] = "request_supporter"
    __table_args__ = (UniqueConstraint("request", "person"),)

    request: int = Field(foreign_key="request.id")
    person: int = Field(index=True)
    at: datetime = Field(default_factory=now)


class CardPost(Row, table=True):
    """Where a card of a request stands, by the channel's own ids. `purpose`: which of its cards it is."""

    __tablename__: ClassVar[str] = "request_card"
    __table_args__ = (
        UniqueConstraint("request", "purpose"),
        Index("ix_request_card_message", "channel", "place", "message"),
    )

    request: int = Field(foreign_key="request.id")
    purpose: str
    channel: str
    place: str
    kind: str
    message: str
    at: datetime = Field(default_factory=now)


class Delivery(Row, table=True):
    """A request on its way to another tool, and what that tool has of it.

    `remote` is its id there, `url` where people see it. `digest` is that of the content that arrived, or
    that may have; `count` how often something arrived; `tried_at` when it was last sent without a clear
    answer. `error` is the name of a sentence, never a word of the request.
    """

    __tablename__: ClassVar[str] = "delivery"
    __table_args__ = (
        UniqueConstraint("request", "connector"),
        Index("ix_delivery_remote", "connector", "remote"),
    )

    request: int = Field(foreign_key="request.id")
    connector: str
    state: Passing = Field(default=Passing.WAITING, sa_type=stored_as_value(Passing))
    remote: str | None = None
    url: str | None = None
    digest: str | None = None
    count: int = 0
    tried_at: datetime | None = None
    error: str | None = None
    created_at: datetime = Field(default_factory=now)
    changed_at: datetime = Field(default_factory=now)
