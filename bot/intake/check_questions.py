"""Mistakes in single questions: keys that their type does not have, values that cannot be chosen."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import ValidationError

from bot.files.findings import Finding, nearest
from bot.intake.answers import problem
from bot.intake.model import CHOICES, PEOPLE, PREFILLS, REQUESTER, SEVERAL, Question, QuestionType
from bot.intake.outline import Asked, Outline
from bot.intake.state import Surroundings

_TYPED = frozenset({"input", "textarea"})
_MAX_BOXES = 10  # Slack: options of checkboxes (docs.slack.dev, checkboxes element)
_TYPES = frozenset(get_args(QuestionType))
# a key of a question and the types that have it
_FITS: dict[str, frozenset[str]] = {
    "options": CHOICES,
    "options_from": CHOICES,
    "allow_other": CHOICES,
    "max_length": _TYPED | {"url", "email"},
    "coach": _TYPED,
    "prefill": _TYPED | {"url", "email"},
    "min": frozenset({"number", "date"}),
    "max": frozenset({"number", "date"}),
}
_BAD_DEFAULT = {"user": "bad_default_person", "users": "bad_default_person", "date": "bad_default_date"}
_NOT_FOR_TEXT = ("required", "allow_unknown", "maps_to", "placeholder", "fallback", "default")


def questions(outline: Outline) -> Iterator[Finding]:
    """Every question of the file."""
    for question in outline.questions:
        yield from _form(outline, question)
        yield from _choices(outline, question)
        yield from _values(outline, question)
        yield from _default(outline, question)
        yield from _bounds(outline, question)


def _form(outline: Outline, question: Asked) -> Iterator[Finding]:
    for key, types in _FITS.items():
        if key in question.data and question.type in _TYPES - types:
            keys = (*question.keys, key)
            yield outline.finding(keys, "not_for_type", key=key, type=question.type)
    if question.type == "markdown":
        for key in _NOT_FOR_TEXT:
            if key in question.data:
                yield outline.finding((*question.keys, key), "not_for_type", key=key, type="markdown")
    elif question.type in _TYPES and "maps_to" not in question.data:
        yield outline.finding(question.keys, "not_mapped", name=question.id)
    if "unknown_goes_to" in question.data and question.data.get("allow_unknown") is not True:
        yield outline.finding((*question.keys, "unknown_goes_to"), "unknown_not_allowed", name=question.id)


def _choices(outline: Outline, question: Asked) -> Iterator[Finding]:
    if question.type not in CHOICES:
        return
    given = {"options", "options_from"} & question.data.keys()
    if len(given) != 1:
        yield outline.finding(question.keys, "no_options" if not given else "two_sources", name=question.id)
    if question.type == "checkboxes":
        room = _MAX_BOXES - (question.data.get("allow_unknown") is True)
        if len(question.nodes("options")) > room:
            keys = (*question.keys, "options")
            yield outline.finding(keys, "too_many", key="options", limit=str(room))
        if "options_from" in given:
            yield outline.finding((*question.keys, "options_from"), "source_of_boxes", name=question.id)
    # "I do not know yet" and "something else" are our own answers
    own = {"unknown", "other"} if question.data.get("allow_other") is True else {"unknown"}
    for option in question.nodes("options"):
        if option.text("value") in own:
            yield outline.finding((*option.keys, "value"), "reserved_value", value=option.text("value"))
        if "exclusive" in option.data and question.type not in SEVERAL:
            keys = (*option.keys, "exclusive")
            yield outline.finding(keys, "not_for_type", key="exclusive", type=question.type)


def _values(outline: Outline, question: Asked) -> Iterator[Finding]:
    prefill = question.data.get("prefill")
    if isinstance(prefill, str) and prefill not in PREFILLS:
        keys = (*question.keys, "prefill")
        hint = nearest(prefill, PREFILLS)
        yield outline.finding(
            keys, "not_one_of", key="prefill", value=prefill, allowed=", ".join(PREFILLS), hint=hint
        )
    shows, source = question.text("show_analysis"), question.text("options_from")
    wanted = {"interfaces": "landscape.", "glossary": "glossary."}.get(shows, "")
    if wanted and not source.startswith(wanted):
        yield outline.finding(
            (*question.keys, "show_analysis"), "analysis_source", value=shows, wanted=wanted
        )


def _default(outline: Outline, question: Asked) -> Iterator[Finding]:
    """What stands in a field that nobody has touched is an answer that can be sent, on any day."""
    default, keys = question.data.get("default"), (*question.keys, "default")
    if default is None or isinstance(default, dict | list):
        return
    value, options = str(default), outline.options(question)
    if value == REQUESTER:
        if question.type not in PEOPLE:
            yield outline.finding(keys, "default_person", name=question.id)
    elif question.type in CHOICES:
        if options and value not in options:
            values = {"value": value, "hint": nearest(value, options), "known": ", ".join(options)}
            yield outline.finding(keys, "unknown_option", name=question.id, **values)
    elif not _can_be_sent(question, value):
        code = _BAD_DEFAULT.get(question.type, "bad_default")
        yield outline.finding(keys, code, name=question.id, value=value)


def _can_be_sent(question: Asked, default: str) -> bool:
    """Whether the engine has nothing against it. `min: today` will have something one day."""
    try:
        asked = Question.model_validate(question.data)
    except ValidationError:
        return True  # told by the form
    around = Surroundings(dt.date.max, REQUESTER, knows_person=lambda name: name.startswith("role:"))
    return problem(asked, default, (), {}, around) is None


def _bounds(outline: Outline, question: Asked) -> Iterator[Finding]:
    if question.type not in {"number", "date"}:
        return
    known: dict[str, Any] = {}
    for key in ("min", "max"):
        if key in question.data:
            value = question.data[key]
            bound = _bound(outline, question, value)
            if bound is None:
                code = "bad_bound_number" if question.type == "number" else "bad_bound_date"
                yield outline.finding((*question.keys, key), code, key=key, value=str(value))
            elif not isinstance(bound, str):
                known[key] = bound
    if len(known) == len(("min", "max")) and known["min"] > known["max"]:
        yield outline.finding((*question.keys, "min"), "min_over_max", name=question.id)


def _bound(outline: Outline, question: Asked, value: Any) -> float | dt.date | str | None:
    """A bound that can be understood; a text if it is known only when somebody answers."""
    if question.type == "number":
        try:
            return float(value)
        except (TypeError, ValueError):
            return None
    other = outline.by_id.get(str(value))
    if value == "today" or (other and other.type == "date" and other.number < question.number):
        return str(value)
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None
