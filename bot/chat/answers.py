"""What may be answered to a question of a form, and the sentence for what cannot be taken. Pure.

A client may send anything: texts lose their invisible characters, and nobody can have chosen what was
never offered. `offered` are the values that a question offered, None if that cannot be known.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence

from bot.chat.ui import (
    AnyInput,
    ChoiceInput,
    DateInput,
    Form,
    LinesInput,
    PersonInput,
    SearchInput,
    TextInput,
)
from bot.i18n import say
from bot.text.clean import visible

Given = str | tuple[str, ...]
Offered = Collection[str] | None

_SHAPES = {
    "number": re.compile(r"[+-]?[0-9]{1,30}([.,][0-9]{1,30})?"),
    "email": re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+"),
    "url": re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE),
}


def questions(form: Form) -> tuple[AnyInput, ...]:
    """The questions of a form, in their order."""
    return tuple(element for element in form.elements if isinstance(element, AnyInput))


def initial(question: AnyInput) -> Given:
    """What stands there before anything was typed."""
    match question:
        case TextInput() | LinesInput() | DateInput():
            return question.initial
        case ChoiceInput() | PersonInput():
            chosen = question.initial
        case SearchInput():
            chosen = tuple(option.value for option in question.initial)
    return chosen if question.several else "".join(chosen[:1])


def tidied(question: AnyInput, values: Sequence[str]) -> Given:
    """The answer in what a client sent, in the form in which an event carries it."""
    match question:
        case TextInput(kind=kind):
            line = " ".join(visible(values[0]).split()) if values else ""
            return line.replace(",", ".") if kind == "number" else line
        case LinesInput() | DateInput():
            text = visible(values[0]) if values else ""
            return text.replace("\r\n", "\n").replace("\r", "\n").strip()
        case ChoiceInput(several=several) | SearchInput(several=several) | PersonInput(several=several):
            chosen = tuple(dict.fromkeys(value for value in values if value))  # ids: as they were drawn
            return chosen if several else "".join(chosen[:1])


def possible(given: Given, offered: Offered) -> Given:
    """The answer without what was never offered."""
    if offered is None:
        return given
    if isinstance(given, str):
        return given if given in offered else ""
    return tuple(value for value in given if value in offered)


def complaint(question: AnyInput, given: Given, language: str, offered: Offered = None) -> str | None:
    """Why an answer cannot be taken; None if it can."""
    return next(_complaints(question, given, language, offered), None)


def is_kind(kind: str, text: str) -> bool:
    """Whether a text is a number, an address …; any text is a text."""
    return kind not in _SHAPES or _SHAPES[kind].fullmatch(text) is not None


def is_day(text: Given) -> bool:
    """Whether it is a day as ISO writes it."""
    try:
        return isinstance(text, str) and dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _complaints(question: AnyInput, given: Given, language: str, offered: Offered) -> Iterator[str]:
    if not given:
        if question.required:
            yield say(language, "chat.form.missing")
        return
    match question:
        case TextInput(max_length=most, kind=kind):
            yield from _length(given, most, language)
            if isinstance(given, str) and not is_kind(kind, given):
                yield say(language, f"chat.form.not_{kind}")
        case LinesInput(max_length=most):
            yield from _length(given, most, language)
        case DateInput():
            if not is_day(given):
                yield say(language, "chat.form.not_date")
        case ChoiceInput() | SearchInput() | PersonInput():
            if possible(given, offered) != given:
                yield say(language, "chat.form.not_offered")


def _length(given: Given, most: int, language: str) -> Iterator[str]:
    if len(given) > most:
        yield say(language, "chat.form.too_long", most=most, count=len(given))
