"""A card on the standard output: in colours where that is a terminal, else as plain lines."""

import sys
from collections.abc import Iterator, Sequence

from bot.chat.ui import Bullets, Buttons, Card, Divider, Element, Expandable, Facts, Table, Text
from bot.i18n import say


def show(card: Card, language: str, *, more: bool = False) -> None:
    """Print a card; what is on demand only with `more`, else its titles."""
    if sys.stdout.isatty():
        from bot.cli.draw import draw_card  # noqa: PLC0415  (rich is loaded where it draws)

        draw_card(wanted(card, language, more=more))
        return
    for line in plain_lines(card, language, more=more):
        print(line)  # noqa: T201  (a command line prints)


def plain_lines(card: Card, language: str, *, more: bool) -> list[str]:
    """The card as lines of text."""
    return [line for element in wanted(card, language, more=more) for line in _lines(element)]


def wanted(card: Card, language: str, *, more: bool) -> Iterator[Element]:
    """What is shown: all with `more`, else a hint to the rest."""
    hidden: list[str] = []
    for element in card.elements:
        if isinstance(element, Expandable) and not more:
            hidden.append(element.title)
            continue
        if isinstance(element, Divider) and hidden:
            yield _hint(hidden, language)
            hidden = []
        yield element
    if hidden:
        yield _hint(hidden, language)


def _hint(titles: Sequence[str], language: str) -> Text:
    return Text(say(language, "answer.more", titles=" · ".join(titles)) + "  (--more)", "subtle")


def _lines(element: Element) -> Iterator[str]:
    match element:
        case Text(text, style):
            yield text if style != "plain" else f"  {text}"
        case Bullets(items):
            yield from (f"  • {item}" for item in items)
        case Facts(rows):
            yield from (f"  {name}: {value}" for name, value in rows)
        case Table(columns, rows):
            for row in rows:
                yield f"{row[0]}"
                yield from (f"  {name}: {cell}" for name, cell in zip(columns[1:], row[1:], strict=True))
        case Divider():
            yield "---"
        case Buttons():
            pass
        case Expandable(title, elements):
            yield title
            for inner in elements:
                yield from _lines(inner)
