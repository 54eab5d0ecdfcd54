"""Draws a card in a terminal (rich) or as plain lines where the output goes elsewhere."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text as Styled

from bot.chat.ui import Bullets, Card, Divider, Element, Expandable, Facts, Table, Text
from bot.i18n import say

_STYLES = {"plain": "", "subtle": "dim", "strong": "bold"}


def show(card: Card, language: str, *, more: bool = False) -> None:
    """Print a card; what is on demand only with `more`, else its titles."""
    console = Console(highlight=False)
    if not console.is_terminal:
        for line in plain_lines(card, language, more=more):
            print(line)  # noqa: T201  (a command line prints)
        return
    draw_card(console, card, language, more=more)


def draw_card(console: Console, card: Card, language: str, *, more: bool = False) -> None:
    """Draw a card with colours and at the width of the terminal."""
    for element in _wanted(card.elements, language, more):
        _draw(console, element)


def plain_lines(card: Card, language: str, *, more: bool) -> list[str]:
    """The card as lines of text."""
    return [line for element in _wanted(card.elements, language, more) for line in _lines(element)]


def _wanted(elements: Sequence[Element], language: str, more: bool) -> Iterator[Element]:
    hidden = []
    for element in elements:
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


def _draw(console: Console, element: Element) -> None:
    match element:
        case Text(text, style):
            indent = 2 if style == "plain" else 0
            console.print(Padding(Styled(text, style=_STYLES[style]), (0, 0, 0, indent)))
        case Bullets(items):
            for item in items:
                grid = Grid.grid(padding=(0, 1))
                grid.add_row(Styled("  •"), Styled(item))
                console.print(grid)
        case Facts(rows):
            grid = Grid.grid(padding=(0, 2))
            for name, value in rows:
                grid.add_row(Styled(f"  {name}", style="dim"), Styled(value))
            console.print(grid)
        case Table(columns, rows):
            table = Grid(show_lines=True)
            for column in columns:
                table.add_column(Styled(column, style="bold"), ratio=1)
            for row in rows:
                table.add_row(*(Styled(cell) for cell in row))
            console.print(table)
        case Divider():
            console.print(Rule(style="dim"))
        case Expandable(title, elements):
            console.print(Styled(title, style="dim"))
            for inner in elements:
                _draw(console, inner)


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
        case Expandable(title, elements):
            yield title
            for inner in elements:
                yield from _lines(inner)
