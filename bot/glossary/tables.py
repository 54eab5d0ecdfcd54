"""The living glossary, what was looked up, and what people say about terms."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field

from bot.db.rows import Row, now, stored_as_value


class TermRevision(Row, table=True):
    """One state of a term, as JSON; None: it was taken out. The newest row of a term counts.

    The term "" is the head of the glossary: languages and departments. `origin` is "file" or who changed
    it elsewhere.
    """

    __tablename__: ClassVar[str] = "term_revision"
    __table_args__ = (Index("ix_term_revision_newest", "term", "id"),)

    term: str
    content: str | None = Field(default=None, sa_type=Text)
    origin: str = "file"
    created_at: datetime = Field(default_factory=now)


class GlossaryFile(Row, table=True):
    """A state of a file (its whole path) that was brought in. `patterns` are the files that it includes."""

    __tablename__: ClassVar[str] = "glossary_file"

    path: str = ""
    digest: str
    patterns: list[str] = Field(default_factory=list, sa_type=JSON)
    imported_at: datetime = Field(default_factory=now)


class LookUp(Row, table=True):
    """A look-up, without the person and without the message: `slot` is the word that was asked for."""

    __tablename__: ClassVar[str] = "look_up"

    slot: str
    outcome: str
    term: str | None = Field(default=None, index=True)
    department: str | None = None
    channel_kind: str
    at: datetime = Field(index=True)


class Said(StrEnum):
    """What somebody says about an answer."""

    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    DIFFERS = "differs"  # "bei uns heisst das anders"


class Remark(Row, table=True):
    """What somebody says about a term. A mark has no `text`, and a `key`: one for each person and term."""

    __tablename__: ClassVar[str] = "remark"
    __table_args__ = (UniqueConstraint("key"),)

    term: str = Field(index=True)
    said: Said = Field(sa_type=stored_as_value(Said))
    text: str = Field(default="", sa_type=Text)
    department: str | None = None
    person: int | None = Field(default=None, index=True)
    key: str | None = None
    created_at: datetime = Field(default_factory=now, index=True)


class Proposal(Row, table=True):
    """A word that somebody wants in the glossary, with what it means to them."""

    __tablename__: ClassVar[str] = "proposal"

    word: str
    text: str = Field(default="", sa_type=Text)
    language: str
    department: str | None = None
    person: int | None = Field(default=None, index=True)
    created_at: datetime = Field(default_factory=now, index=True)
