"""Slack's limits (its documentation, Block Kit reference), and text cut or split to fit them.

Slack counts as JavaScript does: a character outside the basic plane, such as most emoji, counts twice.
"""

import re
from collections.abc import Iterator

from bot.text.clean import visible

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_CHARACTERS = 12_000  # all blocks together; from about 13,200 on Slack answers msg_blocks_too_long
MESSAGE_TEXT = 3_000  # the fallback text; above 4,000 Slack cuts it
SECTION, CONTEXT, HEADER = 3_000, 2_000, 150
ACTIONS = 25  # elements of one block
BUTTON, BUTTON_VALUE = 75, 2_000
CONFIRM_TITLE, CONFIRM_TEXT, CONFIRM_BUTTON = 100, 300, 30
MENU = 5  # options of an overflow menu
OPTION, OPTION_VALUE, OPTION_DESCRIPTION = 75, 150, 75
FEW_OPTIONS, MANY_OPTIONS, OPTION_GROUPS = 10, 100, 100
TABLE_ROWS, TABLE_COLUMNS, TABLE_CHARACTERS = 100, 20, 10_000
TITLE = 24  # of a modal, and of its two buttons
LABEL, HINT, PLACEHOLDER, TYPED = 2_000, 2_000, 150, 3_000
METADATA, ID = 3_000, 255

_BREAK = re.compile(r"\s\S*\Z")


def clean(text: str) -> str:
    """The text without what nobody sees; blank text is empty, because Slack refuses it."""
    text = visible(text)
    return text if text.strip() else ""


def units(text: str) -> int:
    """How long a text is for Slack."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The text, with … in the place of what is too much."""
    return text if units(text) <= most else head(text, most - 1).rstrip() + "…"


def pieces(text: str, most: int) -> Iterator[str]:
    """The whole text in parts that fit, broken between words where there are some."""
    text = text.strip()
    while units(text) > most:
        first = head(text, most)
        space = _BREAK.search(first, len(first) // 2)
        end = space.start() if space and not text[len(first)].isspace() else len(first)
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text


def head(text: str, most: int) -> str:
    """The longest beginning of at most so many units, without half characters."""
    first = text[:most]
    if first.isascii():
        return first
    return first.encode("utf-16-le", "ignore")[: 2 * most].decode("utf-16-le", "ignore")
