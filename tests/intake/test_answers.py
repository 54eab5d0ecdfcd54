"""Answers one by one: what is right, what is told, and in which form it is sent."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.answers import day, kept, normal, number, problem
from bot.intake.conditions import UNKNOWN
from bot.intake.model import Choice, Question
from bot.intake.state import Surroundings

AROUND = Surroundings(
    dt.date(2026, 11, 20), "person:7", knows_person=lambda one: one in {"person:7", "role:it"}
)
A, B, NONE = (
    Choice("a", {"de": "Alpha", "en": "Alpha"}),
    Choice("b", {"de": "Beta", "en": "Bravo"}),
    Choice("none_known", {"de": "Keine bekannt", "en": "None"}, exclusive=True),
)


def question(type_: str, **more: Any) -> Question:
    return Question.model_validate({"id": "q1", "type": type_, "label": {"de": "Frage"}} | more)


def choice(type_: str = "multiselect", **more: Any) -> Question:
    return question(type_, options=[{"value": "a", "label": {"de": "Alpha"}}], **more)


def wrong(of: Question, answer: Any, **values: str) -> str | None:
    """The key of the problem."""
    found = problem(of, answer, (A, B, NONE), values, AROUND)
    return found.key if found else None


LONG = "x" * 3_001
UNKNOWABLE = {"required": True, "allow_unknown": True}


@pytest.mark.parametrize(
    ("of", "answer", "key"),
    [
        (question("input", required=True), None, "required"),
        (question("input", required=True), " \u200b\n", "required"),
        (question("input", required=True), UNKNOWN, "required"),
        (question("input", **UNKNOWABLE), "", None),
        (question("input", **UNKNOWABLE), UNKNOWN, None),
        (question("input"), "", None),
        (question("input"), "x" * 300, None),
        (question("input"), "x" * 301, "too_long"),
        (question("textarea"), LONG, "too_long"),
        (question("textarea", max_length=2), "abc", "too_long"),
        (question("textarea", max_length=3), "  abc  ", None),
        (question("input"), ("a", "b"), "one_option"),
        (question("number"), "zwölf", "number"),
        (question("number"), "NaN", "number"),
        (question("number"), "1e9", "number"),
        (question("number"), "12,5", None),
        (question("number", min=1, max=5), "0", "number_min"),
        (question("number", min=1, max=5), "5.1", "number_max"),
        (question("number", min=0), "-1", "number_min"),
        (question("date"), "2026-02-29", "date"),
        (question("date"), "bald", "date"),
        (question("date"), "0001-01-01", "date"),
        (question("date"), "31.12.2027", None),
        (question("date", min="today"), "2026-11-19", "date_past"),
        (question("date", min="today"), "2026-11-20", None),
        (question("date", min="2027-01-01"), "2026-12-31", "date_min"),
        (question("date", max="today"), "2026-11-21", "date_max"),
        (question("date", max="2027-01-01"), "2027-01-02", "date_max"),
        (question("url"), "https://example.com/a?b=c", None),
        (question("url"), "example.com", None),
        (question("url"), "javascript:alert(1)", "url"),
        (question("url"), "https://example com", "url"),
        (question("url"), "https://[", "url"),
        (question("url"), "irgendwo", "url"),
        (question("email"), "a@example.com", None),
        (question("email"), "a@example", "email"),
        (question("email"), "<a@example.com>", "email"),
        (question("email"), "a@b@example.com", "email"),
        (question("user"), "person:7", None),
        (question("user"), "person:8", "person"),
        (question("user"), "U012345", "person"),
        (question("users"), ("person:7", "role:it"), None),
        (question("users"), ("person:7", "role:unknown"), "person"),
        (question("user"), ("person:7", "role:it"), "one_option"),
        (choice(required=True), (), "required"),
        (choice(), ("a", "b"), None),
        (choice(), ("z",), "unknown_option"),
        (choice(), (UNKNOWN,), "unknown_option"),
        (choice(allow_unknown=True), (UNKNOWN,), None),
        (choice(allow_unknown=True), (UNKNOWN, "a"), "exclusive"),
        (choice(), ("none_known", "a"), "exclusive"),
        (choice(), ("none_known",), None),
        (choice(), ("other:x",), "unknown_option"),
        (choice(allow_other=True), ("other:x", "a"), None),
        (choice(allow_other=True), ("other:", "a"), "other_empty"),
        (choice(allow_other=True), ("other",), "other_empty"),
        (choice(allow_other=True), ("other:" + "x" * 301,), "too_long"),
        (choice("dropdown"), ("a", "b"), "one_option"),
        (choice("dropdown", allow_other=True), ("a", "other:x"), "one_option"),
        (question("multiselect", options_from="landscape.systems"), ("gone",), "vanished_option"),
    ],
)
def test_what_is_wrong(of: Question, answer: Any, key: str | None) -> None:
    assert wrong(of, answer) == key


def test_a_day_after_another_one() -> None:
    until = question("date", min="period_from")
    assert wrong(until, "2026-01-01", period_from="2026-02-01") == "date_order"
    assert wrong(until, "2026-02-01", period_from="2026-02-01") is None
    assert wrong(until, "2026-01-01") is None


@pytest.mark.parametrize(
    ("of", "answer", "sent"),
    [
        (question("input"), "  ein\n Satz\u200b ", "ein Satz"),
        (question("textarea"), " eine\r\nZeile ", "eine\nZeile"),
        (question("input"), UNKNOWN, None),
        (question("number"), "1'000,50", "1000.50"),
        (question("date"), "3.5.2027", "2027-05-03"),
        (question("url"), "example.com/x", "https://example.com/x"),
        (question("users"), ("person:7", "person:7"), ("person:7",)),
        (choice(), ("b", "z", "a", "b"), ("b", "a")),
        (choice(allow_other=True), ("other: bravo ",), ("b",)),
        (choice(allow_other=True), ("other:Neu",), ("other:Neu",)),
        (choice(), ("other:Neu",), None),
        (choice("dropdown"), "a", "a"),
        (choice("dropdown"), UNKNOWN, None),
    ],
)
def test_the_form_in_which_it_is_sent(of: Question, answer: Any, sent: Any) -> None:
    assert normal(of, answer, (A, B, NONE)) == sent


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        ("-3,5", "-3.5"),
        ("1.000,50", "1000.50"),
        ("1,000.50", "1000.50"),
        ("1 000", "1000"),
        ("1’000’000", "1000000"),
        ("+7", "7"),
    ],
)
def test_numbers_as_people_type_them(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@given(st.text("0123456789.,-+' eE", max_size=12))
def test_a_number_is_a_number_or_none(text: str) -> None:
    found = number(text)
    assert found is None or number(f"{found:f}") == found


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)))
def test_every_day_can_be_typed_in_two_ways(date: dt.date) -> None:
    assert day(date.isoformat()) == date == day(f"{date.day}.{date.month}.{date.year}")


SYSTEMS = question("multiselect", options_from="landscape.systems", allow_other=True)
SINGLE = choice("dropdown", allow_other=True)


@pytest.mark.parametrize(
    ("of", "form", "before", "after"),
    [
        (SYSTEMS, {}, ("a",), None),
        (SYSTEMS, {"q1": ("a",)}, (), ("a",)),
        (SYSTEMS, {"q1": "a"}, (), ("a",)),
        (SYSTEMS, {"q1": ("a",), "q1-other": "X, Y\nZ"}, (), ("a", "other:X", "other:Y", "other:Z")),
        (SYSTEMS, {"q1-other": "X"}, ("a", "other:Y"), ("a", "other:X")),
        (SYSTEMS, {"q1": ("a", "other"), "q1-other": " "}, (), ("a", "other:")),
        (SINGLE, {"q1": ("a",)}, None, "a"),
        (SINGLE, {"q1": "other", "q1-other": "X, Y"}, None, "other:X, Y"),
        (SINGLE, {"q1": "", "q1-other": "X"}, None, "other:X"),
        (SINGLE, {"q1": "a", "q1-other": "X"}, None, ("a", "other:X")),  # both are kept, and told
        (SINGLE, {"q1": "a", "q1-other": "X"}, "other:X", "a"),
        (SINGLE, {"q1": "a", "q1-other": "X"}, ("a", "other:X"), ("a", "other:X")),
        (choice("dropdown"), {"q1": "a", "q1-other": "X"}, None, "a"),
    ],
)
def test_how_a_form_is_kept(of: Question, form: Any, before: Any, after: Any) -> None:
    assert kept(of, form, before) == after
