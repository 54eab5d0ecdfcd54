"""Draws a card in a terminal (rich) or as plain lines where the output goes elsewhere."""

from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text as Styled

from bot.chat.ui import Bullets, Buttons, Card, Divider, Element, Expandable, Facts, Table, Text
from bot.i18n import say

_STYLES = {"subtle": "dim", "strong": "bold"}


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
        for renderable in _renderables(element):
            console.print(renderable)


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


def _renderables(element: Element) -> Iterator[RenderableType]:
    match element:
        case Text(text, "plain"):
            yield Padding(Styled(text), (0, 0, 0, 2))
        case Text(text, style):
            yield Styled(text, style=_STYLES[style])
        case Bullets(items):
            yield from (_columns(1, ("  •", ""), item) for item in items)
        case Facts(rows):
            yield from (_columns(2, (f"  {name}", "dim"), value) for name, value in rows)
        case Table(columns, rows):
            yield _table(columns, rows)
        case Divider():
            yield Rule(style="dim")
        case Buttons():
            pass  # a terminal has nothing to press
        case Expandable(title, elements):
            yield Styled(title, style="dim")
            for inner in elements:
                yield from _renderables(inner)


def _columns(gap: int, left: tuple[str, str], right: str) -> Grid:
    grid = Grid.grid(padding=(0, gap))
    grid.add_row(Styled(left[0], style=left[1]), Styled(right))
    return grid


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Grid:
    table = Grid(show_lines=True)
    for column in columns:
        table.add_column(Styled(column, style="bold"), ratio=1, overflow="fold")
    for row in rows:
        table.add_row(*(Styled(cell) for cell in row))
    return table


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
