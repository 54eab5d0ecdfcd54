"""What all tables share. Import it before the first table: the names of constraints are set here."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from importlib import import_module
from typing import cast

from sqlalchemy import ColumnElement, Enum, LargeBinary, func
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.orm import Mapped
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

Clock = Callable[[], datetime]

SQLModel.metadata.naming_convention = {  # without names SQLite's migrations cannot drop a constraint
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """A row with a number of its own. No relationships: ids and explicit queries."""

    id: int | None = Field(default=None, primary_key=True)

    @property
    def number(self) -> int:
        """The id of a row that is in the database."""
        if self.id is None:
            raise RuntimeError("no id yet: flush first")
        return self.id


def now() -> datetime:
    """The clock, unless a test has another."""
    return datetime.now(UTC)


def insert(session: AsyncSession, table: type[SQLModel]) -> Insert:
    """An INSERT that may say `on_conflict_…`, which both databases spell alike."""
    return insert_into(session.get_bind().dialect.name, table)


def insert_into(dialect: str, table: type[SQLModel]) -> Insert:
    """The same by the name of the dialect.

    PostgreSQL's part of SQLAlchemy is loaded where it is used: SQLite starts without it.
    """
    return cast(Insert, import_module(f"sqlalchemy.dialects.{dialect}").insert(table))


def as_utf8(session: AsyncSession, text: Mapped[str | None]) -> ColumnElement[bytes | None]:
    """A text as UTF-8, which is how the database has it: large ones are not decoded to be encoded again."""
    if session.get_bind().dialect.name == "sqlite":
        return sql_cast(text, LargeBinary)
    return func.convert_to(text, "UTF8", type_=LargeBinary)


def stored_as_value(members: type[StrEnum]) -> Enum:
    """Keep the enum's value, not its Python name, in a plain VARCHAR."""
    return Enum(
        members,
        native_enum=False,
        length=20,
        values_callable=lambda enum: [member.value for member in enum],
    )
