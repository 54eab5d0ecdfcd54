"""Cards as Adaptive Cards 1.5. Pure, and literal: text stands in TextRuns, which know no markup.

TextBlock and FactSet would read a person's text as Markdown, so neither is used. What Teams lacks:
a question before a button is done (it is unfolded below the button) and a menu (secondary actions).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.channels.teams.fit import cut
from bot.chat.ui import (
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    Element,
    Expandable,
    Facts,
    Style,
    Table,
    Text,
)

Json = dict[str, Any]
E = TypeVar("E")
CARD = "application/vnd.microsoft.card.adaptive"
OURS = "klartext"  # the one key under which our data stand in what a client sends back
_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
_TITLE = 100  # characters on a button
_QUESTION = 500  # characters of a question before something is done
_MORE = "…"
_ROW = 6  # actions that Teams shows in a row
_STYLES: Mapping[Style, Json] = {
    "plain": {},
    "subtle": {"isSubtle": True},
    "strong": {"weight": "Bolder"},
}
_ACTION_STYLES = {"primary": {"style": "positive"}, "danger": {"style": "destructive"}, "plain": {}}
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # JSON carries them, clients break


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a card stands. In a dialog every button is sent as a form; `only`: one person sees it."""

    in_dialog: bool = False
    only: bool = False


IN_CHAT, IN_DIALOG, FOR_ONE = Frame(), Frame(in_dialog=True), Frame(only=True)


def card_json(card: Card, frame: Frame = IN_CHAT) -> Json:
    """A card of Klartext."""
    return adaptive(elements_json(card.elements, frame), card.summary)


def preview(card: Card) -> str:
    """The Adaptive Card as people read it."""
    return json.dumps(card_json(card), ensure_ascii=False, indent=2)


def adaptive(body: Sequence[Json], summary: str, actions: Sequence[Json] = ()) -> Json:
    """The envelope; `summary` is for clients that cannot draw cards."""
    card: Json = {"type": "AdaptiveCard", "$schema": _SCHEMA, "version": "1.5", "body": list(body)}
    card |= {"actions": list(actions)} if actions else {}
    return card | {"fallbackText": safe(summary)}


def attachment(content: Json) -> Json:
    """A card as a message, dialog or search result carries it."""
    return {"contentType": CARD, "content": content}


def elements_json(elements: Sequence[Element], frame: Frame, path: str = "e") -> list[Json]:
    """Elements, one below the other."""
    return stacked(elements, lambda element, at: element_json(element, frame, f"{path}{at}"))


def stacked(elements: Sequence[E], draw: Callable[[E, int], Iterator[Json]]) -> list[Json]:
    """What `draw` makes of each element; a divider is the line above what follows it."""
    drawn: list[Json] = []
    is_divided = False
    for at, element in enumerate(elements):
        parts = list(draw(element, at))
        if parts and is_divided:
            parts[0] |= {"separator": True, "spacing": "Medium"}
        is_divided = isinstance(element, Divider) or (is_divided and not parts)
        drawn += parts
    return drawn


def element_json(element: Element, frame: Frame, path: str) -> Iterator[Json]:
    """One element in Teams' own; `path` makes ids that are unique in the card."""
    match element:
        case Text(text, style):
            yield from paragraph(text, style)
        case Bullets(items):
            for at, item in enumerate(items):
                yield from paragraph(f"• {item}", spacing="Default" if at == 0 else "Small")
        case Facts(rows):
            yield from _table((), rows, strong_first=True)
        case Table(columns, rows):
            yield from _table(columns, rows)
        case Divider():
            pass
        case Expandable(heading, inner):
            yield from _folded(heading, elements_json(inner, frame, f"{path}-"), path)
        case Buttons(buttons, overflow):
            yield from _buttons(buttons, overflow, frame, path)


def paragraph(text: str, style: Style = "plain", **look: str) -> Iterator[Json]:
    """Text, a block per line: clients differ in what they make of a line break inside."""
    lines = [line for line in safe(text).split("\n") if line.strip()]
    for at, line in enumerate(lines):
        spacing = {"spacing": "None"} if at else {}
        yield {"type": "RichTextBlock", "inlines": [run(line, style)], **look, **spacing}


def run(text: str, style: Style = "plain", **look: str) -> Json:
    """Literal text."""
    return {"type": "TextRun", "text": text, **_STYLES[style], **look}


def action_data(button: Button, frame: Frame) -> Json:
    """What comes back when a button is pressed."""
    own: Json = {"action": button.action, "value": button.value}
    return {OURS: own | {"only": True} if frame.only else own}


def action_json(button: Button, frame: Frame) -> Json:
    """A button as an action: in place, or as the opening of a dialog."""
    data = action_data(button, frame)
    look = {"title": title(button.label), **_ACTION_STYLES[button.style]}
    if frame.in_dialog:
        return {"type": "Action.Submit", "data": data, **look}
    if button.opens:
        return {"type": "Action.Submit", "data": {"msteams": {"type": "task/fetch"}, **data}, **look}
    return {"type": "Action.Execute", "verb": button.action, "data": data, **look}


def action_rows(actions: Sequence[Json]) -> Iterator[Json]:
    """Actions in rows that Teams shows as a whole."""
    for start in range(0, len(actions), _ROW):
        yield {"type": "ActionSet", "actions": list(actions[start : start + _ROW])}


def asking_first(question: str, action: Json, path: str) -> tuple[Json, Json]:
    """The button that unfolds a question, and the question with the button that does it."""
    asked = cut(" ".join(question.split()), _QUESTION)
    inside = [*paragraph(asked, "strong"), {"type": "ActionSet", "actions": [action]}]
    look: Json = {name: action[name] for name in ("title", "style", "mode") if name in action}
    action.pop("mode", None)
    return {**_toggle(look["title"], path), **look}, _hidden(inside, path)


def title(label: str) -> str:
    """What stands on a button: short, and never nothing."""
    return cut(safe(label), _TITLE) or _MORE


def safe(text: str) -> str:
    """The text without what no client can draw."""
    return _UNSAFE.sub("", text)


def _buttons(
    buttons: Sequence[Button], overflow: Sequence[Button], frame: Frame, path: str
) -> Iterator[Json]:
    actions, questions = [], []
    for at, button in enumerate((*buttons, *overflow)):
        action = action_json(button, frame)
        if at >= len(buttons):
            action["mode"] = "secondary"
        if button.confirm:
            action, question = asking_first(button.confirm, action, f"{path}-{at}")
            questions.append(question)
        actions.append(action)
    yield from action_rows(actions)
    yield from questions


def _folded(heading: str, inside: list[Json], path: str) -> Iterator[Json]:
    if inside:
        yield {"type": "ActionSet", "actions": [_toggle(heading, path)]}
        yield _hidden(inside, path)


def _toggle(label: str, path: str) -> Json:
    return {"type": "Action.ToggleVisibility", "title": title(label), "targetElements": [path]}


def _hidden(inside: list[Json], path: str) -> Json:
    return {"type": "Container", "id": path, "isVisible": False, "style": "emphasis", "items": inside}


def _table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, strong_first: bool = False
) -> Iterator[Json]:
    """Rows of different lengths are filled up; without a row there is nothing to show."""
    width = max(map(len, (columns, *rows)), default=0)
    if not rows or not width:
        return
    first: Style = "strong" if strong_first else "plain"
    head = [_row(columns, width, "strong", "strong")] if any(columns) else []
    yield {
        "type": "Table",
        "columns": [{"width": 1 if at == 0 and width > 1 else 2} for at in range(width)],
        "firstRowAsHeader": bool(head),
        "showGridLines": bool(head),
        "rows": [*head, *(_row(row, width, first, "plain") for row in rows)],
    }


def _row(cells: Sequence[str], width: int, first: Style, rest: Style) -> Json:
    filled = (*cells, *("",) * (width - len(cells)))
    items = (list(paragraph(cell, rest if at else first)) for at, cell in enumerate(filled))
    return {"type": "TableRow", "cells": [{"type": "TableCell", "items": cell} for cell in items]}
