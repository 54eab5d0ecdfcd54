"""What the dialog asks of parts that it does not know; `app.py` hands them in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.intake.model import Flow
from bot.intake.state import Choice

AGREED = "agreed"  # the sense that all departments share


@dataclass(frozen=True, slots=True)
class Word:
    """A glossary term in somebody's words. `senses` are the departments that mean something of their own.

    `meant` is what this department means by it: itself, or AGREED.
    """

    text: str
    term: str
    label: Mapping[str, str]
    meant: str
    senses: Mapping[str, Mapping[str, str]]

    def differs_for(self, other: str | None) -> bool:
        """Whether another department understands something else by it."""
        return self.meant != (other if other in self.senses else AGREED)


class Words(Protocol):
    """The glossary, as far as a request needs it."""

    def found(self, text: str, department: str | None) -> tuple[Word, ...]:
        """The terms in a text, as somebody of this department may see them."""
        ...

    def kpis(self, department: str | None) -> tuple[Choice, ...]:
        """The agreed figures."""
        ...

    def terms(self, department: str | None) -> tuple[Choice, ...]:
        """All terms."""
        ...

    def departments(self) -> tuple[Choice, ...]:
        """All departments."""
        ...


Due = Callable[[Flow, datetime], datetime | None]
"""When the team has promised the first answer to a request that is sent at this moment."""
