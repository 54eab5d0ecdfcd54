"""Forms as modals: every kind of question as Slack's own element, whatever stands in it."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.slack.forms import NONE, block_id, form_view, options, question_of
from bot.channels.slack.render import texts
from bot.channels.slack.sheet import Sheet, direct, read_sheet
from bot.chat.events import Asker, Place
from bot.chat.ui import (
    AnyInput,
    Bullets,
    Button,
    ChoiceInput,
    DateInput,
    Divider,
    Expandable,
    Facts,
    Form,
    FormElement,
    LinesInput,
    Option,
    PersonInput,
    SearchInput,
    Table,
    Text,
    TextInput,
)
from bot.glossary import cards
from bot.glossary.book import Book
from bot.glossary.shown import Shown
from bot.i18n import LANGUAGES
from bot.people.views import settings_form
from tests.channels.slack.blockkit import mistakes_in_view
from tests.channels.slack.test_render import HOSTILE, TEXTS

SHEET = Sheet(Place("slack", "C02MKT", "public", "1.2"), {"draft": "7"}, 3, 2)
AB = (Option("a", "A"), Option("b", "B"))


def view(*elements: FormElement, **parts: Any) -> dict[str, Any]:
    """A form with these elements, which Slack takes."""
    form = Form("do", "Title", elements, "Send", "Cancel", {"draft": "7"}, 3, **parts)
    drawn = form_view(form, SHEET, "en")
    assert mistakes_in_view(drawn) == []
    return drawn


def element(question: AnyInput) -> dict[str, Any]:
    """How one question is drawn."""
    drawn: dict[str, Any] = view(question)["blocks"][0]["element"]
    return drawn


def test_a_form_is_a_modal_that_carries_ids_only() -> None:
    drawn = view(TextInput("what", "What?", hint="A word"), Text("A note", "subtle"))
    assert drawn["callback_id"] == "do"
    assert [drawn[part]["text"] for part in ("title", "submit", "close")] == ["Title", "Send", "Cancel"]
    assert drawn["notify_on_close"] is True
    assert read_sheet(drawn, "U00FAKEUSER1") == SHEET
    first, second = drawn["blocks"]
    assert (first["block_id"], first["optional"], first["dispatch_action"]) == ("what:2", False, False)
    assert (first["label"]["text"], first["hint"]["text"]) == ("What?", "A word")
    assert second["type"] == "context"


def test_a_state_that_is_content_is_refused() -> None:
    with pytest.raises(ValueError, match="ids"):
        form_view(Form("do", "T", (), "S", "C"), Sheet(direct("U1"), {"draft": "a" * 3_000}), "en")


@pytest.mark.parametrize(
    "written", ["", "x", "[]", '{"p":1}', '{"p":["a","b"]}', '{"p":["C","x",""],"s":[]}']
)
@pytest.mark.parametrize("type_", ["modal", "home"])
def test_what_another_version_wrote_is_nowhere_in_particular(written: str, type_: str) -> None:
    read = read_sheet({"private_metadata": written, "type": type_}, "U00FAKEUSER1")
    assert read == Sheet(direct("U00FAKEUSER1"), at_home=type_ == "home")


def test_an_unknown_kind_of_place_is_taken_as_private() -> None:
    read = read_sheet({"private_metadata": '{"p":["C1","secret",""],"s":{},"r":1,"d":1}'}, "U00FAKEUSER1")
    assert read.place.kind == "direct"


@pytest.mark.parametrize(
    ("question", "kind", "action"),
    [
        (TextInput("q", "Q"), "plain_text_input", "text"),
        (TextInput("q", "Q", kind="number"), "number_input", "number"),
        (TextInput("q", "Q", kind="number", initial="-12.5"), "number_input", "number"),
        (TextInput("q", "Q", kind="number", initial="zwölf"), "plain_text_input", "number"),
        (TextInput("q", "Q", kind="email"), "email_text_input", "email"),
        (TextInput("q", "Q", kind="url"), "url_text_input", "url"),
        (LinesInput("q", "Q"), "plain_text_input", "lines"),
        (DateInput("q", "Q"), "datepicker", "date"),
        (PersonInput("q", "Q"), "users_select", "person"),
        (PersonInput("q", "Q", several=True), "multi_users_select", "person"),
        (SearchInput("q", "Q"), "external_select", "search"),
        (SearchInput("q", "Q", several=True), "multi_external_select", "search"),
        (ChoiceInput("q", "Q", options=AB), "radio_buttons", "choice"),
        (ChoiceInput("q", "Q", options=AB, several=True), "checkboxes", "choice"),
    ],
)
def test_every_question_has_its_own_element(question: AnyInput, kind: str, action: str) -> None:
    drawn = element(question)
    assert (drawn["type"], drawn["action_id"]) == (kind, action)


@pytest.mark.parametrize(("number", "several"), [(11, False), (100, False), (11, True)])
def test_more_than_a_few_options_are_a_menu(number: int, several: bool) -> None:
    many = tuple(Option(str(at), f"O{at}") for at in range(number))
    drawn = element(ChoiceInput("q", "Q", options=many, several=several, initial=("3",)))
    assert drawn["type"] == ("multi_static_select" if several else "static_select")
    assert len(drawn["options"]) == number
    assert (drawn.get("initial_options") or [drawn["initial_option"]])[0]["value"] == "3"


def test_more_than_a_hundred_options_stand_in_groups() -> None:
    many = tuple(Option(str(at), f"O{at}") for at in range(250))
    drawn = element(ChoiceInput("q", "Q", options=many))
    assert [group["label"]["text"] for group in drawn["option_groups"]] == ["1–100", "101–200", "201–250"]


def test_a_choice_that_need_not_be_made_can_be_taken_back() -> None:
    drawn = element(ChoiceInput("q", "Q", required=False, options=AB, initial=("b",)))
    assert [option["value"] for option in drawn["options"]] == [NONE, "a", "b"]
    assert drawn["initial_option"]["value"] == "b"


def test_a_choice_without_options_says_so() -> None:
    assert "There is nothing to choose from at the moment." in [
        *texts(view(ChoiceInput("q", "Q"))["blocks"])
    ]


def test_an_option_goes_on_below_when_its_name_is_long() -> None:
    name = "Berufliche Kontaktdaten von Kundinnen und Kunden, auch wenn sie nur aus dem Impressum stammen"
    (option,) = options([Option("a", name)])
    assert f"{option['text']['text']} {option['description']['text']}" == name


def test_options_without_a_value_or_with_one_twice_are_left_out() -> None:
    drawn = options([Option("", "none"), Option("a", "A"), Option("a", "B"), Option("a" * 151, "long")])
    assert [(option["value"], option["text"]["text"]) for option in drawn] == [("a", "A")]


def test_a_live_question_is_told_as_soon_as_it_is_answered() -> None:
    blocks = view(TextInput("a", "A", live=True), ChoiceInput("b", "B", options=AB, live=True))["blocks"]
    assert [block["dispatch_action"] for block in blocks] == [True, True]
    assert blocks[0]["element"]["dispatch_action_config"] == {"trigger_actions_on": ["on_enter_pressed"]}


def test_buttons_of_a_form_stand_at_its_end() -> None:
    blocks = view(TextInput("a", "A"), buttons=(Button("Back", "back"), Button("Save", "save")))["blocks"]
    assert [button["action_id"] for button in blocks[-1]["elements"]] == ["back:1", "save:2"]


def test_initial_values_that_slack_would_refuse_are_left_out() -> None:
    assert "initial_date" not in element(DateInput("q", "Q", initial="31.3.2027"))
    assert element(DateInput("q", "Q", initial="2027-03-31"))["initial_date"] == "2027-03-31"
    assert (
        element(PersonInput("q", "Q", initial=("mara", "U00FAKEUSER1")))["initial_user"] == "U00FAKEUSER1"
    )
    several = element(PersonInput("q", "Q", initial=("W01", "mara", "W01"), several=True))
    assert several["initial_users"] == ["W01"]
    assert len(element(TextInput("q", "Q", initial="a" * 300))["initial_value"]) == 200


def test_a_block_names_its_question_even_if_that_holds_a_colon() -> None:
    assert question_of(block_id("a:b", 12)) == "a:b"
    assert question_of("another_version") == "another_version"


@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_takes_every_form(example: Book, language: str) -> None:
    asker = Asker(1, HOSTILE, language, "marketing", "marketing")
    ids = tuple(example.glossary.terms)
    for form in (
        cards.remark_form(example, Shown(ids[:1]), asker),
        cards.remark_form(example, Shown(ids[:8]), asker),
        cards.proposal_form(HOSTILE, language),
        cards.ask_form(language),
        settings_form(asker, cards.departments(example, language)),
        settings_form(asker, ()),
    ):
        assert mistakes_in_view(form_view(form, SHEET, language)) == []


IDS = st.text("abcdefghij_", min_size=1, max_size=40)
BASE = {"label": TEXTS, "required": st.booleans(), "hint": TEXTS, "live": st.booleans()}
OPTIONS = st.lists(st.builds(Option, TEXTS, TEXTS), max_size=14).map(tuple)
CHOSEN = st.lists(TEXTS, max_size=3).map(tuple)
QUESTIONS: st.SearchStrategy[FormElement] = st.one_of(
    st.builds(
        TextInput,
        id=IDS,
        kind=st.sampled_from(["text", "number", "email", "url"]),
        initial=TEXTS,
        placeholder=TEXTS,
        max_length=st.sampled_from([0, 1, 200, 9_000]),
        **BASE,
    ),
    st.builds(LinesInput, id=IDS, initial=TEXTS, placeholder=TEXTS, **BASE),
    st.builds(ChoiceInput, id=IDS, options=OPTIONS, initial=CHOSEN, several=st.booleans(), **BASE),
    st.builds(SearchInput, id=IDS, initial=OPTIONS, several=st.booleans(), **BASE),
    st.builds(DateInput, id=IDS, initial=TEXTS, **BASE),
    st.builds(PersonInput, id=IDS, initial=CHOSEN, several=st.booleans(), **BASE),
)
WORDS: st.SearchStrategy[FormElement] = st.one_of(
    st.builds(Text, TEXTS),
    st.builds(Bullets, CHOSEN),
    st.builds(Facts, st.lists(st.tuples(TEXTS, TEXTS), max_size=4).map(tuple)),
    st.builds(Table, CHOSEN, st.lists(CHOSEN, max_size=4).map(tuple)),
    st.just(Divider()),
    st.builds(Expandable, TEXTS, st.lists(st.builds(Text, TEXTS), max_size=2).map(tuple)),
)
FORMS = st.builds(
    Form,
    st.just("do"),
    TEXTS,
    st.lists(
        QUESTIONS | WORDS,
        max_size=6,
        unique_by=lambda part: part.id if isinstance(part, AnyInput) else object(),
    ).map(tuple),
    TEXTS,
    TEXTS,
)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(FORMS, st.sampled_from(LANGUAGES))
def test_slack_takes_any_form(form: Form, language: str) -> None:
    assert mistakes_in_view(form_view(form, SHEET, language)) == []
