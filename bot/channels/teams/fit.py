"""Makes a card small enough: Teams refuses messages above a limit, and half an answer beats none. Pure."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from bot.chat.ui import (
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    Element,
    Expandable,
    Facts,
    Table,
    Text,
)

LIMIT = 28_000  # bytes; older pages of Microsoft name 28 KB, the newest 100 KB of UTF-16
_STEPS = ((4_000, 100), (1_000, 40), (300, 20), (100, 10), (40, 5))  # characters of a text, lines of a list
_FEWER = (32, 16, 8, 4, 2, 1)  # elements, when shorter ones are not enough
_MORE = "…"

T = TypeVar("T")


def size(drawn: Any) -> int:
    """Bytes on the wire, where everything beyond ASCII is written as an escape."""
    return len(json.dumps(drawn))


def fitted(card: Card, draw: Callable[[Card], dict[str, Any]], limit: int = LIMIT) -> dict[str, Any]:
    """The card as `draw` draws it: with shorter texts, then with fewer elements, until it fits."""
    return next(drawn for drawn in map(draw, _candidates(card)) if size(drawn) <= limit)


def _candidates(card: Card) -> Iterator[Card]:
    yield card
    summary = cut(card.summary, _STEPS[1][0])
    for most, lines in _STEPS:
        yield Card(summary, shortened(card.elements, most, lines))
    for count in _FEWER:
        elements = shortened(card.elements[:count], *_STEPS[-1])
        yield Card(summary, (*elements, Text(_MORE, "subtle")))
    yield Card(summary, (Text(summary),))


def shortened(elements: Sequence[Element], most: int, lines: int) -> tuple[Element, ...]:
    """The elements with texts and lists of at most so many characters and lines."""
    return tuple(_shortened(element, most, lines) for element in elements)


def cut(text: str, most: int) -> str:
    """The beginning of a text, with a sign that something is missing."""
    return text if len(text) <= most else text[: most - 1].rstrip() + _MORE


def _shortened(element: Element, most: int, lines: int) -> Element:
    match element:
        case Text(text, style):
            return Text(cut(text, most), style)
        case Bullets(items):
            return Bullets(_fewer(tuple(cut(item, most) for item in items[:lines]), items, _MORE))
        case Facts(rows):
            pairs = tuple((cut(name, most), cut(value, most)) for name, value in rows[:lines])
            return Facts(_fewer(pairs, rows, (_MORE, "")))
        case Table(columns, rows):
            cells = tuple(_cells(row, most, lines) for row in rows[:lines])
            return Table(_cells(columns, most, lines), _fewer(cells, rows, (_MORE,)))
        case Divider():
            return element
        case Expandable(title, inner):
            return Expandable(cut(title, most), shortened(inner[:lines], most, lines))
        case Buttons(buttons, overflow):
            shown = (tuple(_button(button, most) for button in row[:lines]) for row in (buttons, overflow))
            return Buttons(*shown)


def _button(button: Button, most: int) -> Button:
    confirm = cut(button.confirm, most) if button.confirm else None
    return replace(button, label=cut(button.label, most), confirm=confirm)


def _cells(row: Sequence[str], most: int, lines: int) -> tuple[str, ...]:
    return tuple(cut(cell, most) for cell in row[:lines])


def _fewer(kept: tuple[T, ...], given: Sequence[T], sign: T) -> tuple[T, ...]:
    return kept if len(kept) == len(given) else (*kept, sign)
