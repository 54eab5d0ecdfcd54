"""Draws the picture of the README from the real command line: `uv run poe picture`."""

import io
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

from bot.cli.common import open_book, today
from bot.cli.draw import draw_card
from bot.cli.terminal import wanted
from bot.glossary import views
from bot.glossary.file import DEFAULT_FILE

TARGET = Path(__file__).parents[1] / ".github" / "images" / "ask.svg"
QUESTION = "was heisst Lead bei uns?"
# rich's own frame loads a font from the internet; this one does not
FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px;
  line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def main() -> None:
    """Ask the same question from two departments and keep what the terminal shows."""
    book = open_book(DEFAULT_FILE, "de")
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
    for department in ("marketing", "sales"):
        console.print(Text(f'$ klartext ask "{QUESTION}" --department {department}', style="bold green"))
        given = book.ask(QUESTION, department, "de")
        card = views.answer(book, given, today())
        draw_card(wanted(card, "de", more=False), console)
        console.print()
    svg = console.export_svg(title="Klartext", theme=SVG_EXPORT_THEME, code_format=FRAME, unique_id="ask")
    TARGET.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
