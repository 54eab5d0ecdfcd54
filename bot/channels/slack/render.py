"""Cards as Block Kit. Pure.

Every string is literal: it stands in `plain_text` or in a `text` element of `rich_text`, where Slack reads
no markup, no mention and no link. Where Slack knows only mrkdwn (the text of a notification) it is escaped.
What is longer than a limit is split; what is more than a message holds ends in "and more".
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from bot.channels.slack import limits
from bot.channels.slack.limits import clean, cut, head, pieces, units
from bot.channels.slack.sheet import Sheet
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
from bot.i18n import LANGUAGES, say

Block = dict[str, Any]
Where = Literal["message", "modal", "home"]

CARD = "klartext.card"  # the callback_id of a modal that shows a card
MENU = "klartext.menu"  # the action_id of an overflow menu
NAME = "Klartext"
_NOTHING = "–"
_KEPT_ROWS = 5  # rows of buttons at the end of a card, which are kept when it is too long


def message(card: Card, language: str | None = None) -> dict[str, Any]:
    """A card as a message: the blocks, and the text of its notification.

    `language` is that of the few words of our own (the buttons of a question); None says them in both.
    """
    return {"text": escaped(card.summary), "blocks": card_blocks(card, "message", language)}


def card_view(card: Card, sheet: Sheet, language: str | None = None) -> dict[str, Any]:
    """A card in a modal."""
    return {
        "type": "modal",
        "callback_id": CARD,
        "private_metadata": sheet.written(),
        "title": plain(NAME, limits.TITLE),
        "close": plain(said(language, "slack.close"), limits.TITLE),
        "blocks": card_blocks(card, "modal", language),
    }


def preview(card: Card) -> str:
    """A card as Slack's Block Kit Builder takes it."""
    return json.dumps({"blocks": card_blocks(card, "message", None)}, ensure_ascii=False, indent=2)


def card_blocks(card: Card, where: Where, language: str | None) -> list[Block]:
    """The blocks of a card; a strong text at its head is its heading."""
    elements = card.elements
    blocks: list[Block] = []
    if elements and isinstance(elements[0], Text) and elements[0].style == "strong":
        title = clean(elements[0].text)
        if title and units(title) <= limits.HEADER:
            blocks = [{"type": "header", "text": plain(title, limits.HEADER)}]
            elements = elements[1:]
    blocks += element_blocks(elements, where, language)
    return fitting(blocks or [_section(clean(card.summary) or NAME)], where, language)


def element_blocks(elements: Iterable[Element], where: Where, language: str | None) -> Iterator[Block]:
    """Elements, one below the other. Slack takes one table per message, and none elsewhere."""
    tables = where == "message"
    for element in elements:
        for block in _blocks(element, where, language, tables):
            tables = tables and block["type"] != "table"
            yield block


def fitting(blocks: list[Block], where: Where, language: str | None) -> list[Block]:
    """As many blocks as Slack takes, "and more", and the buttons at the end."""
    most = limits.MESSAGE_BLOCKS if where == "message" else limits.VIEW_BLOCKS
    if len(blocks) <= most and (where != "message" or weight(blocks) <= limits.MESSAGE_CHARACTERS):
        return blocks
    tail = _trailing_buttons(blocks)
    body, kept = blocks[: len(blocks) - len(tail)], []
    left = limits.MESSAGE_CHARACTERS - weight(tail) - limits.CONTEXT
    for block in body[: most - len(tail) - 1]:
        left -= weight([block])
        if where == "message" and left < 0:
            break
        kept.append(block)
    more = [_context(said(language, "slack.more"))] if len(kept) < len(body) else []
    return kept + more + tail


def weight(blocks: Iterable[Block]) -> int:
    """The characters of all texts in these blocks."""
    return sum(units(text) for block in blocks for text in texts(block))


def texts(part: Any) -> Iterator[str]:
    """Every text in a part of a message that a person may see."""
    if isinstance(part, list):
        for inner in part:
            yield from texts(inner)
    elif isinstance(part, dict):
        for name, inner in part.items():
            if name == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from texts(inner)


def plain(text: str, most: int) -> dict[str, Any]:
    """A text object without markup; empty ones are refused by Slack."""
    return {"type": "plain_text", "text": cut(clean(text), most) or _NOTHING, "emoji": False}


def escaped(text: str) -> str:
    """A text as mrkdwn that mentions nobody and links nothing by name."""
    shown = cut(clean(text), limits.MESSAGE_TEXT) or NAME
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def said(language: str | None, key: str) -> str:
    """One of our own words; in every language if we do not know which one is read."""
    languages = LANGUAGES if language is None else (language,)
    return " / ".join(dict.fromkeys(say(name, key) for name in languages))


def _blocks(element: Element, where: Where, language: str | None, tables: bool) -> Iterator[Block]:
    match element:
        case Text(text, style):
            yield from _paragraph(clean(text), style)
        case Bullets(items):
            yield from _bullets(items)
        case Facts(rows):
            yield from _facts(rows)
        case Table():
            yield from _table(element, tables)
        case Divider():
            yield {"type": "divider"}
        case Expandable(title, inner):
            yield from _paragraph(clean(title), "strong")
            yield from element_blocks(inner, where if tables else "modal", language)
        case Buttons(buttons, overflow):
            yield from actions(buttons, overflow, language)


def _paragraph(text: str, style: str) -> Iterator[Block]:
    for piece in pieces(text, limits.CONTEXT if style == "subtle" else limits.SECTION):
        match style:
            case "strong":
                yield _rich([_line([_run(piece, bold=True)])])
            case "subtle":
                yield _context(piece)
            case _:
                yield _section(piece)


def _bullets(items: Sequence[str]) -> Iterator[Block]:
    lines = (_line([_run(cut(text, limits.SECTION))]) for text in map(clean, items) if text)
    for chunk in _chunks(lines):
        yield _rich([{"type": "rich_text_list", "style": "bullet", "elements": chunk}])


def _facts(rows: Sequence[tuple[str, str]]) -> Iterator[Block]:
    named = ((clean(name), clean(value) or _NOTHING) for name, value in rows)
    lines = (_line(_named(name, value)) for name, value in named)
    for chunk in _chunks(lines):
        for line in chunk[:-1]:
            line["elements"].append(_run("\n"))
        yield _rich(chunk)


def _table(table: Table, tables: bool) -> Iterator[Block]:
    rows = [table.columns, *table.rows]
    cells = [[clean(cell) or _NOTHING for cell in row] for row in rows if row]
    width = max(map(len, cells), default=0)
    lengths = [units(cell) for row in cells for cell in row]
    small = len(cells) <= limits.TABLE_ROWS and width <= limits.TABLE_COLUMNS
    short = max(lengths, default=0) <= limits.SECTION and sum(lengths) <= limits.TABLE_CHARACTERS
    if tables and cells and small and short:
        yield {
            "type": "table",
            "column_settings": [{"is_wrapped": True}] * width,
            "rows": [
                [{"type": "raw_text", "text": text} for text in (*row, *[_NOTHING] * (width - len(row)))]
                for row in cells
            ],
        }
    else:
        yield from _listed(table)


def _listed(table: Table) -> Iterator[Block]:
    """Where there is no table: each row is a heading with a line for each column."""
    for row in table.rows:
        name, *cells = map(clean, row or ("",))
        yield from _paragraph(name or _NOTHING, "strong")
        names = [*map(clean, table.columns[1:]), *[""] * len(cells)]
        lines = (_line(_named(name, cell or _NOTHING)) for name, cell in zip(names, cells, strict=False))
        for chunk in _chunks(lines):
            yield _rich([{"type": "rich_text_list", "style": "bullet", "elements": chunk}])


def actions(buttons: Sequence[Button], overflow: Sequence[Button], language: str | None) -> Iterator[Block]:
    """Buttons in rows; the rarer ones in a menu as far as it holds them."""
    one_each = {_menu_value(button): button for button in reversed(overflow)}
    in_menu = [button for button in reversed(one_each.values()) if _fits_menu(button)][: limits.MENU]
    beside = [button for button in reversed(one_each.values()) if button not in in_menu]
    elements = [
        _button(button, number, language) for number, button in enumerate((*buttons, *beside), start=1)
    ]
    if in_menu:
        elements.append(_menu(in_menu))
    for start in range(0, len(elements), limits.ACTIONS):
        yield {"type": "actions", "elements": elements[start : start + limits.ACTIONS]}


def action_of(action_id: str) -> str:
    """The action of a button; its number only tells it from the others of the same row."""
    return action_id.rpartition(":")[0] or action_id


def menu_choice(value: str) -> tuple[str, str]:
    """The action and value that an option of a menu stands for."""
    action, _, rest = value.partition(" ")
    return action, rest


def _button(button: Button, number: int, language: str | None) -> Block:
    block: Block = {
        "type": "button",
        "action_id": f"{button.action}:{number}"[: limits.ID],
        "text": plain(button.label, limits.BUTTON),
    }
    if button.value:
        block["value"] = head(
            button.value, limits.BUTTON_VALUE
        )  # an id that is cut is refused by its handler
    if button.style != "plain":
        block["style"] = button.style
    if button.confirm:
        block["confirm"] = {
            "title": plain(button.label, limits.CONFIRM_TITLE),
            "text": plain(button.confirm, limits.CONFIRM_TEXT),
            "confirm": plain(button.label, limits.CONFIRM_BUTTON),
            "deny": plain(said(language, "slack.deny"), limits.CONFIRM_BUTTON),
        }
    return block


def _fits_menu(button: Button) -> bool:
    return not button.confirm and units(_menu_value(button)) <= limits.OPTION_VALUE


def _menu_value(button: Button) -> str:
    whole = f"{button.action} {button.value}" if button.value else button.action
    return head(whole, limits.BUTTON_VALUE)


def _menu(buttons: Sequence[Button]) -> Block:
    options = [
        {"text": plain(button.label, limits.OPTION), "value": _menu_value(button)} for button in buttons
    ]
    return {"type": "overflow", "action_id": MENU, "options": options}


def _trailing_buttons(blocks: Sequence[Block]) -> list[Block]:
    start = len(blocks)
    while start and len(blocks) - start < _KEPT_ROWS and blocks[start - 1]["type"] == "actions":
        start -= 1
    return list(blocks[start:])


def _chunks(lines: Iterable[Block]) -> Iterator[list[Block]]:
    """Lines in groups that are not longer than one section."""
    chunk: list[Block] = []
    length = 0
    for line in lines:
        more = weight([line])
        if chunk and length + more > limits.SECTION:
            yield chunk
            chunk, length = [], 0
        chunk.append(line)
        length += more
    if chunk:
        yield chunk


def _named(name: str, value: str) -> list[Block]:
    most = limits.SECTION // 2
    bold = [_run(f"{cut(name, most)}: ", bold=True)] if name else []
    return [*bold, _run(cut(value, most))]


def _run(text: str, *, bold: bool = False) -> Block:
    run: Block = {"type": "text", "text": text}
    return run | {"style": {"bold": True}} if bold else run


def _line(runs: list[Block]) -> Block:
    return {"type": "rich_text_section", "elements": runs}


def _rich(elements: list[Block]) -> Block:
    return {"type": "rich_text", "elements": elements}


def _section(text: str) -> Block:
    return {"type": "section", "text": plain(text, limits.SECTION)}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [plain(text, limits.CONTEXT)]}
