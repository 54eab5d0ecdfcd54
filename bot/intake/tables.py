"""Drafts: what somebody has typed so far, safe from the first page on."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field

from bot.db.rows import Row, now


class Draft(Row, table=True):
    """A request that is being written. It belongs to `person`, whatever the channel.

    `revision` counts pages that were sent: a window that shows an older one is told so. `flow_version` is
    the one that it began with. `edits` is the request whose answers it changes. `ended` says how it ended.
    `state` is text that only the engine reads, `tips` the hints that were shown, by question and rule
    (`gate`: it has asked), `muted` the rules that did not fit. `asides` is what the review asks beside the
    flow. `channel` is where somebody wrote on it last.
    """

    __tablename__: ClassVar[str] = "draft"
    __table_args__ = (Index("ix_draft_open", "person", "ended_at"),)

    person: int
    flow: str
    flow_version: int
    revision: int = 1
    state: dict[str, Any] = Field(sa_type=JSON)
    tips: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    muted: list[str] = Field(default_factory=list, sa_type=JSON)
    asides: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    language: str
    department: str | None = None
    channel: str = ""
    edits: int | None = None
    created_at: datetime = Field(default_factory=now)
    changed_at: datetime = Field(default_factory=now)
    offered_at: datetime | None = None
    early_at: datetime | None = None
    ended_at: datetime | None = None
    ended: str | None = None


class PublishedFlow(Row, table=True):
    """A version of a flow as people have seen it: an open draft finishes on it."""

    __tablename__: ClassVar[str] = "published_flow"
    __table_args__ = (UniqueConstraint("flow", "version"),)

    flow: str
    version: int
    digest: str
    content: str = Field(sa_type=Text)
    at: datetime = Field(default_factory=now)


class HintMark(Row, table=True):
    """ "Hinweis passt nicht": how often a rule was refused; without the person and without the text."""

    __tablename__: ClassVar[str] = "hint_mark"
    __table_args__ = (UniqueConstraint("rule", "language"),)

    rule: str
    language: str
    refused: int = 0
