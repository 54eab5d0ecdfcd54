"""What a request says, in words, as it was when it was sent: cards are drawn from it without the flow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.ui import Element, Facts, Text


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and what was answered below it: label and answer."""

    title: str
    rows: tuple[tuple[str, str], ...]


def kept(sections: Iterable[Section]) -> list[Any]:
    """As JSON can hold it."""
    return [[section.title, [list(row) for row in section.rows]] for section in sections]


def read(data: Mapping[str, Any], language: str) -> tuple[Section, ...]:
    """The sections in this language, else in the first one."""
    found: list[Any] = data.get(language) or next(iter(data.values()), [])
    return tuple(Section(title, tuple((name, value) for name, value in rows)) for title, rows in found)


def elements(sections: Sequence[Section], most: int = 0) -> tuple[Element, ...]:
    """The sections as elements of a card; `most`: only so many rows of each."""
    parts: list[Element] = []
    for section in sections:
        parts += [Text(section.title, "strong"), Facts(section.rows[: most or None])]
    return tuple(parts)
