"""What came back from a form, checked against the form as Slack keeps it. Pure.

The questions, their limits and options are read from the blocks of the view: Slack stores them as we
sent them and signs them when they come back, so a client can only change the answers. What a question asks
for stands in its element (see `forms`). Whether an id that was chosen is one that this person may use is
for the handler to check, as it is for a button.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.slack.forms import NONE, is_account, question_of
from bot.chat.events import Answers
from bot.i18n import say
from bot.text.clean import visible

Given = str | tuple[str, ...]
View = Mapping[str, Any]

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}([.,][0-9]{1,30})?")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_URL = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_SHAPES = {"number": _NUMBER, "email": _EMAIL, "url": _URL}
_SEVERAL = ("checkboxes", "multi_")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a view. `offered` are the values of its options, None if Slack asks us for them."""

    id: str
    kind: str
    block: str
    several: bool
    required: bool
    most: int | None
    offered: frozenset[str] | None


def questions(view: View) -> list[Question]:
    """The questions of a view, in their order."""
    blocks = view.get("blocks") or ()
    return [_question(block) for block in blocks if block.get("type") == "input"]


def read(view: View) -> dict[str, Given]:
    """An answer to every question of the view, empty if there is none; nothing that was never offered."""
    values = (view.get("state") or {}).get("values") or {}
    return {
        question.id: _answer(question, values.get(question.block) or {}) for question in questions(view)
    }


def complaints(view: View, answers: Answers, language: str) -> dict[str, str]:
    """A sentence for each answer that cannot be taken, by question."""
    found = {}
    for question in questions(view):
        given = answers.get(question.id, "")
        if complaint := next(_complaints(question, given, language), None):
            found[question.id] = complaint
    return found


def _question(block: Mapping[str, Any]) -> Question:
    element = block.get("element") or {}
    groups = element.get("option_groups") or [{"options": element.get("options")}]
    offered = [option["value"] for group in groups for option in group.get("options") or ()]
    kind = str(element.get("type", ""))
    return Question(
        id=question_of(str(block["block_id"])),
        kind=str(element.get("action_id", "")),
        block=str(block["block_id"]),
        several=kind.startswith(_SEVERAL),
        required=not block.get("optional", False),
        most=element.get("max_length"),
        offered=frozenset(offered) if offered else None,
    )


def _answer(question: Question, values: Mapping[str, Any]) -> Given:
    given = values.get(question.kind) or {}
    if question.kind in {"choice", "search", "person"}:
        chosen = tuple(value for value in _chosen(given) if _possible(question, value))
        return chosen if question.several else "".join(chosen[:1])
    text = visible(str(given.get("value") or given.get("selected_date") or ""))
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if question.kind == "lines":
        return text
    line = " ".join(text.split())
    return line.replace(",", ".") if question.kind == "number" else line


def _chosen(given: Mapping[str, Any]) -> Iterator[str]:
    """The values in whatever element they were chosen."""
    options = given.get("selected_options") or [given.get("selected_option")]
    people = given.get("selected_users") or [given.get("selected_user")]
    yield from dict.fromkeys(str(option["value"]) for option in options if option)
    yield from dict.fromkeys(str(person) for person in people if person)


def _possible(question: Question, value: str) -> bool:
    if value == NONE:
        return False
    if question.kind == "person":
        return is_account(value)
    return question.offered is None or value in question.offered


def _complaints(question: Question, given: Given, language: str) -> Iterator[str]:
    if not given:
        if question.required:
            yield say(language, "chat.form.missing")
        return
    if question.most and len(given) > question.most:
        yield say(language, "chat.form.too_long", most=question.most, count=len(given))
    if isinstance(given, str) and not _is_kind(question.kind, given):
        yield say(language, f"chat.form.not_{question.kind}")


def _is_kind(kind: str, given: str) -> bool:
    if kind == "date":
        return _is_day(given)
    return kind not in _SHAPES or _SHAPES[kind].fullmatch(given) is not None


def _is_day(given: str) -> bool:
    try:
        return dt.date.fromisoformat(given).isoformat() == given
    except ValueError:
        return False
