"""Cards as HTML. Pure: every text is escaped where it is put in, style comes from the element alone.

A button is a small form of its own, so that it works with the keyboard, without a script and twice at most:
each drawing of it carries a fresh key.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

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
        heading = Markup('<h2 dir="auto">{}</h2>').format(first[0].text)
        return heading + elements_html(card.elements[1:], frame)
    return elements_html(card.elements, frame)


def elements_html(elements: Iterable[Element], frame: Frame) -> Markup:
    """Elements, one below the other."""
    return _EMPTY.join(element_html(element, frame) for element in elements)


def element_html(element: Element, frame: Frame) -> Markup:
    """One element in the browser's own."""
    match element:
        case Text(text, style):
            return Markup('<p class="text {}" dir="auto">{}</p>').format(style, text)
        case Bullets(items):
            lines = _EMPTY.join(Markup('<li dir="auto">{}</li>').format(item) for item in items)
            return Markup('<ul class="bullets">{}</ul>').format(lines)
        case Facts(rows):
            pairs = (
                Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in rows
            )
            return Markup('<dl class="facts">{}</dl>').format(_EMPTY.join(pairs))
        case Table():
            return _table(element)
        case Divider():
            return Markup("<hr>")
        case Expandable(title, inner):
            return Markup('<details class="more"><summary>{}</summary><div>{}</div></details>').format(
                title, elements_html(inner, frame)
            )
        case Buttons(buttons, overflow):
            return _buttons(buttons, overflow, frame)


def _table(table: Table) -> Markup:
    """On a phone each row is a block, and the column's name stands at the cell."""
    heads = _EMPTY.join(_head("col", name) for name in table.columns)
    rows = _EMPTY.join(_row(table.columns, row) for row in table.rows)
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(heads, rows)


def _row(columns: tuple[str, ...], row: tuple[str, ...]) -> Markup:
    names = columns + ("",) * (len(row) - len(columns))
    cells = _EMPTY.join(_cell(name, cell) for name, cell in zip(names[1:], row[1:], strict=False))
    return Markup("<tr>{}{}</tr>").format(_head("row", row[0] if row else ""), cells)


def _head(scope: str, name: str) -> Markup:
    """A head without a word would be read out as one."""
    return Markup('<th scope="{}">{}</th>').format(scope, name) if name else Markup("<td></td>")


def _cell(column: str, text: str) -> Markup:
    nothing = Markup(' class="nothing"') if text in {"", "–"} else _EMPTY
    return Markup('<td data-column="{}"{}>{}</td>').format(column, nothing, text)


def _buttons(buttons: tuple[Button, ...], overflow: tuple[Button, ...], frame: Frame) -> Markup:
    if not frame.url:
        return _EMPTY
    shown = _EMPTY.join(_button(button, frame) for button in buttons)
    if overflow:
        inner = _EMPTY.join(_button(button, frame) for button in overflow)
        shown += menu_html(say(frame.language, "playground.more"), inner)
    return Markup('<div class="buttons">{}</div>').format(shown)


def menu_html(name: str, inner: Markup) -> Markup:
    """Rarer things to do, behind three dots."""
    return Markup(
        '<details class="menu"><summary aria-label="{0}" title="{0}">…</summary>'
        '<div class="menu-items">{1}</div></details>'
    ).format(name, inner)


def _button(button: Button, frame: Frame) -> Markup:
    key = new_key()
    shown = submit_html(button)
    if button.confirm:
        shown = confirmed_html(button, shown, key, frame.language)
    return Markup(
        '<form method="post" action="{url}/press" class="press">'
        '<input type="hidden" name="key" value="{key}">'
        '<input type="hidden" name="message" value="{message}">'
        '<input type="hidden" name="action" value="{action}">'
        '<input type="hidden" name="value" value="{value}">'
        "{shown}</form>"
    ).format(
        url=frame.url,
        key=key,
        message=frame.message,
        action=button.action,
        value=button.value,
        shown=shown,
    )


def submit_html(button: Button, name: str = "") -> Markup:
    """The button itself; with a `name` it says which one of a form it was."""
    given = Markup(' name="{}" value="{}"').format(name, button.action) if name else _EMPTY
    return Markup('<button type="submit" class="button {}"{}>{}</button>').format(
        button.style, given, button.label
    )


def confirmed_html(button: Button, sure: Markup, key: str, language: str) -> Markup:
    """The question comes first, in a window of the browser's own; `sure` is the button that does it."""
    return Markup(
        '<button type="button" class="button {style}" popovertarget="sure-{key}">{label}</button>'
        '<div class="sure" id="sure-{key}" popover role="alertdialog" aria-label="{question}">'
        '<p dir="auto">{question}</p><div class="buttons">{sure}'
        '<button type="button" class="button plain" popovertarget="sure-{key}" popovertargetaction="hide">'
        "{cancel}</button></div></div>"
    ).format(
        style=button.style,
        key=key,
        label=button.label,
        question=button.confirm,
        sure=sure,
        cancel=say(language, "playground.cancel"),
    )


def new_key() -> str:
    """Tells one drawing of a button or form from the next: a double click carries the same one."""
    return secrets.token_hex(12)
