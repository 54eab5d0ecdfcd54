"""Cards as HTML. Pure: every text is escaped where it is put in, style comes from the element alone.

A button is a small form of its own, so that it works with the keyboard, without a script and twice at most:
each drawing of it carries a fresh key.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

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
from bot.i18n import say

_EMPTY = Markup("")


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a card stands: buttons are sent to `url` with the id of the card's `message`.

    Without a `url` there is nothing to press (inside a form, which HTML allows no other form in).
    """

    language: str
    url: str = ""
    message: str = ""


def card_html(card: Card, frame: Frame) -> Markup:
    """A card of Klartext; a strong text at its head is its heading."""
    first = card.elements[:1]
    if first and isinstance(first[0], Text) and first[0].style == "strong":
        heading = filled('<h2 dir="auto">{}</h2>', first[0].text)
        return heading + elements_html(card.elements[1:], frame)
    return elements_html(card.elements, frame)


def elements_html(elements: Iterable[Element], frame: Frame) -> Markup:
    """Elements, one below the other."""
    return _EMPTY.join(element_html(element, frame) for element in elements)


def element_html(element: Element, frame: Frame) -> Markup:
    """One element in the browser's own."""
    match element:
        case Text(text, style):
            return filled('<p class="text {}" dir="auto">{}</p>', style, text)
        case Bullets(items):
            lines = _EMPTY.join(filled('<li dir="auto">{}</li>', item) for item in items)
            return filled('<ul class="bullets">{}</ul>', lines)
        case Facts(rows):
            pairs = (filled("<div><dt>{}</dt><dd>{}</dd></div>", name, value) for name, value in rows)
            return filled('<dl class="facts">{}</dl>', _EMPTY.join(pairs))
        case Table():
            return _table(element)
        case Divider():
            return Markup("<hr>")
        case Expandable(title, inner):
            return filled(
                '<details class="more"><summary>{}</summary><div>{}</div></details>',
                title,
                elements_html(inner, frame),
            )
        case Buttons(buttons, overflow):
            return _buttons(buttons, overflow, frame)


def _table(table: Table) -> Markup:
    """On a phone each row is a block, and the column's name stands at the cell."""
    heads = _EMPTY.join(_head("col", name) for name in table.columns)
    rows = _EMPTY.join(_row(table.columns, row) for row in table.rows)
    return filled("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", heads, rows)


def _row(columns: tuple[str, ...], row: tuple[str, ...]) -> Markup:
    names = columns + ("",) * (len(row) - len(columns))
    cells = _EMPTY.join(_cell(name, cell) for name, cell in zip(names[1:], row[1:], strict=False))
    return filled("<tr>{}{}</tr>", _head("row", row[0] if row else ""), cells)


def _head(scope: str, name: str) -> Markup:
    """A head without a word would be read out as one."""
    return filled('<th scope="{}">{}</th>', scope, name) if name else Markup("<td></td>")


def _cell(column: str, text: str) -> Markup:
    nothing = Markup(' class="nothing"') if text in {"", "–"} else _EMPTY
    return filled('<td data-column="{}"{}>{}</td>', column, nothing, text)


def _buttons(buttons: tuple[Button, ...], overflow: tuple[Button, ...], frame: Frame) -> Markup:
    if not frame.url:
        return _EMPTY
    shown = _EMPTY.join(_button(button, frame) for button in buttons)
    if overflow:
        inner = _EMPTY.join(_button(button, frame) for button in overflow)
        shown += menu_html(say(frame.language, "playground.more"), inner)
    return filled('<div class="buttons">{}</div>', shown)


def menu_html(name: str, inner: Markup) -> Markup:
    """Rarer things to do, behind three dots."""
    return filled(
        '<details class="menu"><summary aria-label="{0}" title="{0}">…</summary>'
        '<div class="menu-items">{1}</div></details>',
        name,
        inner,
    )


def _button(button: Button, frame: Frame) -> Markup:
    key = new_key()
    shown = submit_html(button)
    if button.confirm:
        shown = confirmed_html(button, shown, key, frame.language)
    return filled(
        '<form method="post" action="{}/press" class="press">'
        '<input type="hidden" name="key" value="{}">'
        '<input type="hidden" name="message" value="{}">'
        '<input type="hidden" name="action" value="{}">'
        '<input type="hidden" name="value" value="{}">'
        "{}</form>",
        *(frame.url, key, frame.message, button.action, button.value, shown),
    )


def submit_html(button: Button, name: str = "") -> Markup:
    """The button itself; with a `name` it says which one of a form it was."""
    given = filled(' name="{}" value="{}"', name, button.action) if name else _EMPTY
    return filled(
        '<button type="submit" class="button {}"{}>{}</button>', button.style, given, button.label
    )


def confirmed_html(button: Button, sure: Markup, key: str, language: str) -> Markup:
    """The question comes first, in a window of the browser's own; `sure` is the button that does it."""
    return filled(
        '<button type="button" class="button {0}" popovertarget="sure-{1}">{2}</button>'
        '<div class="sure" id="sure-{1}" popover role="alertdialog" aria-label="{3}">'
        '<p dir="auto">{3}</p><div class="buttons">{4}'
        '<button type="button" class="button plain" popovertarget="sure-{1}" popovertargetaction="hide">'
        "{5}</button></div></div>",
        *(button.style, key, button.label, button.confirm, sure, say(language, "playground.cancel")),
    )


def filled(template: str, *values: object) -> Markup:
    """A template of ours with its places filled, each value escaped unless it is markup already.

    Markup.format does the same in Python alone, at eight times the cost.
    """
    return Markup(template.format(*map(escape, values)))  # noqa: S704


def new_key() -> str:
    """Tells one drawing of a button or form from the next: a double click carries the same one."""
    return secrets.token_hex(12)
