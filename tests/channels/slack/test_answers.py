"""What comes back from a form: read from what Slack keeps, checked as if a client had typed it."""

from typing import Any

import pytest

from bot.channels.slack.answers import complaints, read
from bot.channels.slack.forms import NONE, form_view
from bot.channels.slack.sheet import Sheet, direct
from bot.chat.ui import (
    AnyInput,
    ChoiceInput,
    DateInput,
    Form,
    LinesInput,
    Option,
    PersonInput,
    SearchInput,
    TextInput,
)

MANY = tuple(Option(str(at), f"O{at}") for at in range(150))


def sent(question: AnyInput, **given: Any) -> dict[str, Any]:
    """A view as it comes back, with one answer in it."""
    view = form_view(Form("do", "T", (question,), "S", "C"), Sheet(direct("U1")), "de")
    block = view["blocks"][0]
    element = block["element"]
    answer = {"type": element["type"], **given}
    return {**view, "state": {"values": {block["block_id"]: {element["action_id"]: answer}}}}


@pytest.mark.parametrize(
    ("question", "given", "wanted"),
    [
        (TextInput("q", "Q"), {"value": " a \n b\u200b "}, "a b"),
        (TextInput("q", "Q"), {"value": None}, ""),
        (TextInput("q", "Q", kind="number"), {"value": "12,5"}, "12.5"),
        (LinesInput("q", "Q"), {"value": "a\r\nb\rc\x00"}, "a\nb\nc"),
        (DateInput("q", "Q"), {"selected_date": "2027-03-31"}, "2027-03-31"),
        (DateInput("q", "Q"), {"selected_date": None}, ""),
        (ChoiceInput("q", "Q", options=MANY[:3]), {"selected_option": {"value": "1"}}, "1"),
        (ChoiceInput("q", "Q", options=MANY[:3]), {"selected_option": {"value": "9"}}, ""),
        (ChoiceInput("q", "Q", options=MANY[:3]), {"selected_option": None}, ""),
        (ChoiceInput("q", "Q", options=MANY), {"selected_option": {"value": "149"}}, "149"),
        (ChoiceInput("q", "Q", options=MANY), {"selected_option": {"value": "150"}}, ""),
        (ChoiceInput("q", "Q", required=False, options=MANY[:3]), {"selected_option": {"value": NONE}}, ""),
        (
            ChoiceInput("q", "Q", options=MANY[:3], several=True),
            {"selected_options": [{"value": "1"}, {"value": "9"}, {"value": "2"}, {"value": "1"}]},
            ("1", "2"),
        ),
        (ChoiceInput("q", "Q", options=MANY[:3], several=True), {"selected_options": []}, ()),
        (SearchInput("q", "Q"), {"selected_option": {"value": "lead"}}, "lead"),
        (SearchInput("q", "Q", several=True), {"selected_options": [{"value": "lead"}]}, ("lead",)),
        (PersonInput("q", "Q"), {"selected_user": "U00FAKEUSER1"}, "U00FAKEUSER1"),
        (PersonInput("q", "Q"), {"selected_user": "<!channel>"}, ""),
        (PersonInput("q", "Q", several=True), {"selected_users": ["U01", "x", "W02"]}, ("U01", "W02")),
        (PersonInput("q", "Q", several=True), {"selected_users": None}, ()),
    ],
)
def test_an_answer_is_read_as_the_kind_of_its_question(
    question: AnyInput, given: dict[str, Any], wanted: object
) -> None:
    assert read(sent(question, **given)) == {"q": wanted}


def test_a_view_without_state_or_questions_has_no_answers() -> None:
    assert read({}) == {}
    assert read({"blocks": None, "state": None}) == {}
    view = form_view(Form("do", "T", (TextInput("q", "Q"),), "S", "C"), Sheet(direct("U1")), "de")
    assert read(view) == {"q": ""}
    assert read({**view, "state": {"values": {"other:1": {"text": {"value": "x"}}}}}) == {"q": ""}


@pytest.mark.parametrize(
    ("question", "given", "wanted"),
    [
        (TextInput("q", "Q"), {"value": "  "}, "Das fehlt noch."),
        (ChoiceInput("q", "Q", options=MANY[:3]), {"selected_option": {"value": "9"}}, "Das fehlt noch."),
        (
            TextInput("q", "Q", max_length=3),
            {"value": "abcd"},
            "Das ist zu lang: 4 Zeichen, höchstens 3 haben Platz.",
        ),
        (
            TextInput("q", "Q", kind="number"),
            {"value": "viel"},
            "Schreib hier bitte eine Zahl, zum Beispiel 12 oder 12,5.",
        ),
        (
            TextInput("q", "Q", kind="email"),
            {"value": "mara"},
            "Das ist keine E-Mail-Adresse. Sie sieht so aus: name@firma.ch",
        ),
        (
            TextInput("q", "Q", kind="url"),
            {"value": "javascript:alert(1)"},
            "Das ist keine Web-Adresse. Sie beginnt mit https://",
        ),
        (
            DateInput("q", "Q"),
            {"selected_date": "2027-02-30"},
            "Das ist kein Datum. Es sieht so aus: 2026-12-31",
        ),
    ],
)
def test_an_answer_that_cannot_be_taken_gets_a_sentence(
    question: AnyInput, given: dict[str, Any], wanted: str
) -> None:
    view = sent(question, **given)
    assert complaints(view, read(view), "de") == {"q": wanted}


@pytest.mark.parametrize(
    ("question", "given"),
    [
        (TextInput("q", "Q", required=False), {"value": None}),
        (TextInput("q", "Q", kind="number"), {"value": "-12,5"}),
        (TextInput("q", "Q", kind="email"), {"value": "mara@example.com"}),
        (TextInput("q", "Q", kind="url"), {"value": "HTTPS://example.com/a?b"}),
        (DateInput("q", "Q"), {"selected_date": "2027-03-31"}),
        (SearchInput("q", "Q", several=True), {"selected_options": [{"value": "lead"}]}),
    ],
)
def test_a_good_answer_gets_none(question: AnyInput, given: dict[str, Any]) -> None:
    view = sent(question, **given)
    assert complaints(view, read(view), "de") == {}
