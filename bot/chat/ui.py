"""The closed vocabulary of what Klartext shows. Each channel draws it in its own native elements.

Every string is literal: style comes from the element, never from markup inside a text. A new element
is one class here and one `case` per renderer; mypy names the renderer that lacks it.
"""

from dataclasses import dataclass
from typing import Literal

Style = Literal["plain", "subtle", "strong"]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short lines of equal rank."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and a value."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Things side by side: the first column names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two things."""


@dataclass(frozen=True, slots=True)
class Expandable:
    """Something that is shown on demand."""

    title: str
    elements: "tuple[Element, ...]"


Element = Text | Bullets | Facts | Table | Divider | Expandable


@dataclass(frozen=True, slots=True)
class Card:
    """One answer, the important things first. `summary` says it in one line, for a notification."""

    summary: str
    elements: tuple[Element, ...]
