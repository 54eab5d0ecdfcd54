"""People and what they do not want to say twice; places, and the names that we have for them."""

import datetime as dt
from datetime import datetime
from typing import ClassVar

from sqlalchemy import JSON, Index
from sqlmodel import Field, UniqueConstraint

from bot.db.rows import Row, now


class Person(Row, table=True):
    """One human being, whatever the channels.

    `language` and `department` are their own choice or what their profile says; `settled`: they chose
    the language. `email` is verified by a vendor. `greeted_at`: asked for the department. `same_as`: it
    turned out that this is somebody whom we knew.
    """

    __tablename__: ClassVar[str] = "person"

    name: str = ""
    email: str | None = Field(default=None, index=True)
    language: str | None = None
    department: str | None = None
    settled: bool = False
    greeted_at: datetime | None = None
    same_as: int | None = Field(default=None, foreign_key="person.id", index=True)
    created_at: datetime = Field(default_factory=now)


class AccountRow(Row, table=True):
    """A person in a channel; `groups` are the vendor's."""

    __tablename__: ClassVar[str] = "account"
    __table_args__ = (UniqueConstraint("channel", "external"),)

    channel: str
    external: str
    person: int = Field(foreign_key="person.id", index=True)
    groups: list[str] = Field(default_factory=list, sa_type=JSON)
    profile_at: datetime | None = None
    created_at: datetime = Field(default_factory=now)


class AddressRow(Row, table=True):
    """How a place or an account is reached (`ports.Address`), as the last event said."""

    __tablename__: ClassVar[str] = "address"
    __table_args__ = (UniqueConstraint("channel", "external"),)

    channel: str
    external: str
    service: str
    bot: str = ""
    tenant: str = ""
    team: str = ""
    member: str = ""
    chat: str = ""
    language: str = ""
    seen_at: datetime = Field(default_factory=now)


class Binding(Row, table=True):
    """Our own name for a place (`#it-anfragen`), given by an admin inside the place."""

    __tablename__: ClassVar[str] = "binding"
    __table_args__ = (Index("ix_binding_place", "channel", "external"),)

    name: str = Field(unique=True)
    channel: str
    external: str
    kind: str = "public"
    bound_at: datetime = Field(default_factory=now)


class Absence(Row, table=True):
    """Somebody is away, up to the end of that day (UTC); `deputy` does their work meanwhile."""

    __tablename__: ClassVar[str] = "absence"

    person: int = Field(unique=True)
    until: dt.date
    deputy: int | None = Field(default=None, index=True)
