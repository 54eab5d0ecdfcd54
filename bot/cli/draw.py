"""Draws a card in a terminal, with rich."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text as Styled

from bot.chat.ui import Bullets, Buttons, Divider, Element, Expandable, Facts, Table, Text

_STYLES = {"subtle": "dim", "strong": "bold"}


def draw_card(elements: Iterable[Element], console: Console | None = None) -> None:
    """With colours and at the width of the terminal."""
    console = console or Console(highlight=False)
    for element in elements:
        for renderable in _renderables(element):
            console.print(renderable)


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
