"""What came back from a form, read against the form that was shown: a client may send anything. Pure."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from bot.channels.playground.people import PEOPLE
from bot.channels.playground.store import OpenForm
from bot.chat.events import Answers
from bot.chat.ui import AnyInput, ChoiceInput, DateInput, LinesInput, PersonInput, SearchInput, TextInput
from bot.i18n import say
from bot.text.clean import visible

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}([.,][0-9]{1,30})?")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_URL = re.compile(r"https?://[^\s/]+\S*")


def read(shown: OpenForm, posted: Mapping[str, Sequence[str]]) -> dict[str, str | tuple[str, ...]]:
    """The answers to the questions of this form, and to no others, without invisible characters."""
    return {question.id: _read(question, posted.get(question.id, ())) for question in questions(shown)}


def complaints(shown: OpenForm, answers: Answers, language: str) -> dict[str, str]:
    """A sentence for each answer that cannot be taken."""
    found = {}
    for question in questions(shown):
        given = answers.get(question.id, "")
        if complaint := next(_complaints(question, given, shown, language), None):
            found[question.id] = complaint
    return found


def possible(shown: OpenForm, answers: Answers) -> dict[str, str | tuple[str, ...]]:
    """The answers without options that were never offered: nobody can have chosen those."""
    return {question.id: _possible(question, answers[question.id], shown) for question in questions(shown)}


def questions(shown: OpenForm) -> Iterator[AnyInput]:
    """The questions of the form."""
    return (element for element in shown.form.elements if isinstance(element, AnyInput))


def _read(question: AnyInput, values: Sequence[str]) -> str | tuple[str, ...]:
    texts = [visible(value).replace("\r\n", "\n").replace("\r", "\n").strip() for value in values]
    match question:
        case TextInput(kind=kind):
            line = " ".join(texts[0].split()) if texts else ""
            return line.replace(",", ".") if kind == "number" else line
        case LinesInput() | DateInput():
            return texts[0] if texts else ""
        case ChoiceInput(several=several) | SearchInput(several=several) | PersonInput(several=several):
            chosen = tuple(dict.fromkeys(value for value in values if value))  # ids: as they were drawn
            # without the script the new choice stands below the old one
            return chosen if several else "".join(chosen[-1:])


def _complaints(
    question: AnyInput, given: str | tuple[str, ...], shown: OpenForm, language: str
) -> Iterator[str]:
    if not given:
        if question.required:
            yield say(language, "playground.form.missing")
        return
    match question:
        case TextInput(max_length=most, kind=kind):
            yield from _length(given, most, language)
            if isinstance(given, str) and not _is_kind(kind, given):
                yield say(language, f"playground.form.not_{kind}")
        case LinesInput(max_length=most):
            yield from _length(given, most, language)
        case DateInput():
            if not _is_day(given):
                yield say(language, "playground.form.not_date")
        case ChoiceInput() | SearchInput() | PersonInput():
            if _possible(question, given, shown) != given:
                yield say(language, "playground.form.not_offered")


def _length(given: str | tuple[str, ...], most: int, language: str) -> Iterator[str]:
    if len(given) > most:
        yield say(language, "playground.form.too_long", most=most, count=len(given))


def _is_kind(kind: str, given: str) -> bool:
    shapes = {"number": _NUMBER, "email": _EMAIL, "url": _URL}
    return kind not in shapes or shapes[kind].fullmatch(given) is not None


def _is_day(given: str | tuple[str, ...]) -> bool:
    try:
        return isinstance(given, str) and dt.date.fromisoformat(given).isoformat() == given
    except ValueError:
        return False


def _possible(question: AnyInput, given: str | tuple[str, ...], shown: OpenForm) -> str | tuple[str, ...]:
    match question:
        case ChoiceInput(options=options):
            known = {option.value for option in options}
        case SearchInput(initial=initial):
            known = {option.value for option in initial} | set(shown.offered.get(question.id, {}))
        case PersonInput():
            known = set(PEOPLE)
        case TextInput() | LinesInput() | DateInput():
            return given
    if isinstance(given, str):
        return given if given in known else ""
    return tuple(value for value in given if value in known)
