"""Answers one by one: how a form's answer is kept, its normal form, and what is wrong with it."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal
from urllib.parse import urlsplit

from bot.intake.conditions import UNKNOWN, Answer, Fact, Scalar
from bot.intake.model import CHOICES, Choice, Question
from bot.intake.state import (
    OTHER,
    OTHER_CHOICE,
    Answers,
    Surroundings,
    fitting,
    listed,
    other_field,
)
from bot.text.clean import visible

ProblemKey = Literal[
    "required",
    "too_long",
    "number",
    "number_min",
    "number_max",
    "date",
    "date_past",
    "date_min",
    "date_max",
    "date_order",
    "unknown_option",
    "vanished_option",
    "one_option",
    "exclusive",
    "other_empty",
    "url",
    "email",
    "person",
]

_YEARS = range(1900, 2201)
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_THOUSANDS = re.compile(r"(?<=\d)['’\s](?=\d{3}\b)")
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?")
_EMAIL = re.compile(r"[^@\s<>\"(),:;\\]{1,64}@[^@\s<>\"(),:;\\]{1,190}\.[^@\s<>\"(),:;\\.]{2,63}")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_NAMES = re.compile(r"[,;\n]")
_PERSON = re.compile(r"person:[1-9]\d{0,17}|role:[a-z][a-z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an answer: `intake.error.KEY`, and what is filled in there (days as ISO text)."""

    key: ProblemKey
    values: Mapping[str, str] = field(default_factory=dict)


def kept(question: Question, form: Answers, before: Answer | None) -> Answer | None:
    """A question's answer of a form as the draft keeps it, None if the form says nothing about it.

    "Something else" comes from a field of its own (`other_field`).
    """
    own_field = other_field(question.id)
    if not question.allow_other or own_field not in form:
        return fitting(question, form[question.id]) if question.id in form else None
    entries, stood = listed(form.get(question.id, before)), listed(before)
    chosen = tuple(one for one in entries if one != OTHER_CHOICE and not one.startswith(OTHER))
    own = _own(question, "\n".join(listed(form[own_field])))
    if not question.several and chosen and set(own) == set(stood):
        own = ()  # the old words still stood in their field when an option was chosen instead
    if OTHER_CHOICE in entries and not own:
        own = (OTHER,)
    return fitting(question, chosen + own)


def _own(question: Question, typed: str) -> tuple[str, ...]:
    """What was typed as "something else"; of a list of names it may be several."""
    names = _NAMES.split(typed) if question.several and question.options_from else [typed]
    return tuple(OTHER + name.strip() for name in names if name.strip())


def normal(question: Question, answer: Answer | None, choices: Iterable[Choice]) -> Answer | None:
    """The answer in the form in which it is compared and sent; None if nothing of it can be understood."""
    if question.type in CHOICES:
        known = list(choices)
        entries = dict.fromkeys(_chosen(question, entry, known) for entry in listed(answer))
    else:
        entries = dict.fromkeys(_normal_text(question, entry) for entry in listed(answer))
    valid = tuple(entry for entry in entries if entry)
    return (valid if question.several else valid[0]) if valid else None


def problem(
    question: Question,
    answer: Answer | None,
    choices: tuple[Choice, ...],
    values: Mapping[str, Answer | Fact],
    around: Surroundings,
) -> Problem | None:
    """What is wrong with an answer. `values` are the other answers, for a date that follows another."""
    entries = [one for one in listed(answer) if one != UNKNOWN or question.type in CHOICES]
    if not [entry for entry in entries if visible(entry).strip()]:
        return Problem("required") if question.drawn_required else None
    if question.type in CHOICES:
        return _problem_of_choice(question, entries, choices)
    if len(entries) > 1 and not question.several:
        return Problem("one_option")
    problems = (_problem_of_text(question, entry, values, around) for entry in entries)
    return next(filter(None, problems), None)


def number(text: str) -> Decimal | None:
    """A number as people type it (1'000, 12,5), None if it is none."""
    text = _THOUSANDS.sub("", text.strip())
    if "," in text and "." in text:
        thousands = "," if text.rindex(".") > text.rindex(",") else "."
        text = text.replace(thousands, "")
    text = text.replace(",", ".").replace("−", "-")
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def day(text: str) -> dt.date | None:
    """A day, as ISO text or as 31.12.2027; None if there is no such day."""
    text = text.strip()
    if german := _GERMAN_DAY.fullmatch(text):
        text = f"{german[3]}-{german[2]:0>2}-{german[1]:0>2}"
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _chosen(question: Question, entry: str, choices: list[Choice]) -> str | None:
    """The value that is meant: what is typed in one's own words may be one of the choices after all."""
    if not (question.allow_other and entry.startswith(OTHER)):
        return entry if any(entry == choice.value for choice in choices) else None
    own = _line(entry.removeprefix(OTHER))
    same = own.casefold()
    for choice in choices:
        if same == choice.value or same in (label.casefold() for label in choice.label.values()):
            return choice.value
    return OTHER + own if own else None


def _normal_text(question: Question, entry: str) -> str | None:
    if entry == UNKNOWN:
        return None
    match question.type:
        case "textarea":
            return visible(entry).replace("\r\n", "\n").replace("\r", "\n").strip()
        case "number":
            return f"{found:f}" if (found := number(entry)) is not None else None
        case "date":
            return found_day.isoformat() if (found_day := day(entry)) else None
        case "url":
            return _address(entry)
        case _:
            return _line(entry)


def _line(text: str) -> str:
    return " ".join(visible(text).split())


def _address(text: str) -> str | None:
    """A web address, `https://` in front if nobody typed it."""
    text = visible(text).strip()
    if not _SCHEME.match(text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    fine = parts.scheme.lower() in {"http", "https"} and "." in (parts.hostname or "").strip(".")
    return text if fine and not re.search(r"\s", text) else None


def _problem_of_choice(
    question: Question, entries: list[str], choices: tuple[Choice, ...]
) -> Problem | None:
    unknown = question.allow_unknown and UNKNOWN in entries
    for entry in entries:
        if found := _problem_of_entry(question, entry, choices):
            return found
    if len(set(entries)) > 1 and not question.several:
        return Problem("one_option")
    exclusive = [choice.value for choice in choices if choice.exclusive and choice.value in entries]
    if len(set(entries)) > 1 and (unknown or exclusive):
        return Problem("exclusive", {"option": UNKNOWN if unknown else exclusive[0]})
    return None


def _problem_of_entry(question: Question, entry: str, choices: tuple[Choice, ...]) -> Problem | None:
    if entry.startswith(OTHER) and question.allow_other:
        text = _line(entry.removeprefix(OTHER))
        return _too_long(question, text) if text else Problem("other_empty")
    if entry == OTHER_CHOICE and question.allow_other:
        return Problem("other_empty")
    if (entry == UNKNOWN and question.allow_unknown) or any(entry == choice.value for choice in choices):
        return None
    if question.options_from and entry != UNKNOWN:
        return Problem("vanished_option", {"name": _line(entry)[: question.limit]})
    return Problem("unknown_option")


def _problem_of_text(
    question: Question, entry: str, values: Mapping[str, Answer | Fact], around: Surroundings
) -> Problem | None:
    match question.type:
        case "number":
            return _problem_of_number(question, entry)
        case "date":
            return _problem_of_day(question, entry, values, around.today)
        case "user" | "users":
            known = _PERSON.fullmatch(entry) and around.knows_person(entry)
            return None if known else Problem("person")
        case "email" if not _EMAIL.fullmatch(_line(entry)):
            return Problem("email")
        case "url" if _address(entry) is None:
            return Problem("url")
        case _:
            return _too_long(question, visible(entry).strip())


def _too_long(question: Question, text: str) -> Problem | None:
    if len(text) <= question.limit:
        return None
    return Problem("too_long", {"limit": str(question.limit), "length": str(len(text))})


def _problem_of_number(question: Question, entry: str) -> Problem | None:
    found = number(entry)
    if found is None:
        return Problem("number")
    least, most = (None if bound is None else number(str(bound)) for bound in (question.min, question.max))
    if least is not None and found < least:
        return Problem("number_min", {"min": str(question.min)})
    if most is not None and found > most:
        return Problem("number_max", {"max": str(question.max)})
    return None


def _problem_of_day(
    question: Question, entry: str, values: Mapping[str, Answer | Fact], today: dt.date
) -> Problem | None:
    found = day(entry)
    if found is None:
        return Problem("date")
    least, most = _bound(question.min, values, today), _bound(question.max, values, today)
    if least and found < least:
        key: ProblemKey = "date_past" if question.min == "today" else "date_min"
        return Problem("date_order" if question.min in values else key, {"date": least.isoformat()})
    if most and found > most:
        return Problem("date_max", {"date": most.isoformat()})
    return None


def _bound(bound: Scalar | None, values: Mapping[str, Answer | Fact], today: dt.date) -> dt.date | None:
    """A day of the file, today, or the answer to an earlier question (no bound if that has none)."""
    if bound is None or bound == "today":
        return today if bound else None
    return day(str(values.get(str(bound), bound)))
