"""What may be answered to a question, and what is said about what may not."""

import pytest

from bot.chat.answers import complaint, initial, is_day, is_kind, possible, questions, tidied
from bot.chat.ui import (
    AnyInput,
    ChoiceInput,
    DateInput,
    Form,
    LinesInput,
    Option,
    PersonInput,
    SearchInput,
    Text,
    TextInput,
)
from bot.i18n import LANGUAGES, say

OPTIONS = (Option("a", "A"), Option("b", "B"))


def test_the_questions_of_a_form_in_their_order() -> None:
    form = Form("f", "x", (TextInput("one", "1"), Text("y"), DateInput("two", "2")), "ok", "no")
    assert [question.id for question in questions(form)] == ["one", "two"]


@pytest.mark.parametrize(
    ("question", "sent", "read"),
    [
        (TextInput("q", "Q"), ("  a \u202e b\n c ",), "a b c"),
        (TextInput("q", "Q", kind="number"), ("12,5",), "12.5"),
        (TextInput("q", "Q"), (), ""),
        (LinesInput("q", "Q"), (" a\r\nb\rc\x00 ",), "a\nb\nc"),
        (DateInput("q", "Q"), (" 2026-12-31 ",), "2026-12-31"),
        (ChoiceInput("q", "Q"), ("", "b", "a"), "b"),
        (ChoiceInput("q", "Q", several=True), ("b", "", "a", "b"), ("b", "a")),
        (SearchInput("q", "Q"), (), ""),
        (PersonInput("q", "Q", several=True), (), ()),
    ],
)
def test_an_answer_is_read_as_an_event_carries_it(
    question: AnyInput, sent: tuple[str, ...], read: str | tuple[str, ...]
) -> None:
    assert tidied(question, sent) == read


@pytest.mark.parametrize(
    ("question", "given", "key"),
    [
        (TextInput("q", "Q"), "", "missing"),
        (TextInput("q", "Q", required=False), "", None),
        (TextInput("q", "Q"), "a", None),
        (TextInput("q", "Q", kind="number"), "12.5", None),
        (TextInput("q", "Q", kind="number"), "12.5.1", "not_number"),
        (TextInput("q", "Q", kind="email"), "a@b.ch", None),
        (TextInput("q", "Q", kind="email"), "a@b", "not_email"),
        (TextInput("q", "Q", kind="url"), "HTTPS://b.ch/x", None),
        (TextInput("q", "Q", kind="url"), "javascript:alert(1)", "not_url"),
        (DateInput("q", "Q"), "2026-02-30", "not_date"),
        (DateInput("q", "Q"), "2026-02-28", None),
        (ChoiceInput("q", "Q", options=OPTIONS), "c", "not_offered"),
        (ChoiceInput("q", "Q", options=OPTIONS, several=True), ("a", "c"), "not_offered"),
        (ChoiceInput("q", "Q", options=OPTIONS, several=True), ("a", "b"), None),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_taken_is_said(
    question: AnyInput, given: str | tuple[str, ...], key: str | None, language: str
) -> None:
    offered = {option.value for option in OPTIONS}
    expected = say(language, f"chat.form.{key}") if key else None
    assert complaint(question, given, language, offered) == expected


def test_what_is_too_long_is_said_with_both_figures() -> None:
    said = say("de", "chat.form.too_long", most=3, count=4)
    assert complaint(LinesInput("q", "Q", max_length=3), "abcd", "de") == said


def test_only_what_was_offered_can_be_chosen() -> None:
    assert possible("c", {"a", "b"}) == ""
    assert possible(("a", "c"), {"a", "b"}) == ("a",)
    assert possible("c", None) == "c"


def test_what_stands_there_at_first() -> None:
    assert initial(TextInput("q", "Q", initial="x")) == "x"
    assert initial(ChoiceInput("q", "Q", initial=("a", "b"))) == "a"
    assert initial(SearchInput("q", "Q", initial=OPTIONS, several=True)) == ("a", "b")
    assert initial(PersonInput("q", "Q")) == ""


def test_kinds_and_days() -> None:
    assert is_kind("text", "anything")
    assert not is_day(("2026-12-31",))
    assert not is_day("20261231")
