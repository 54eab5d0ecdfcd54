"""Every question has a label, a hint, an error, and what was answered."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from bot.channels.playground.forms import form_html
from bot.channels.playground.store import OpenForm
from bot.chat.ui import (
    AnyInput,
    Button,
    ChoiceInput,
    DateInput,
    Expandable,
    Facts,
    LinesInput,
    Option,
    PersonInput,
    SearchInput,
    Text,
    TextInput,
)
from tests.channels.playground.html import Tag, read
from tests.channels.playground.kit import ALL, COLOURS, HOSTILE, form


def drawn(*questions: Any, language: str = "en", **given: Any) -> Tag:
    """The form as it stands on the page."""
    return read(form_html(OpenForm("f1", "d1", "it", form(*questions), **given), "/mara/it", language))


def test_the_example_has_every_input() -> None:
    assert {type(question) for question in ALL} == set(get_args(AnyInput))


def test_a_form_says_which_it_is() -> None:
    whole = drawn().one("form")
    assert whole.attributes["action"] == "/mara/it/form"
    assert {"form": "f1", "key": "d1"}.items() <= whole.fields().items()
    assert whole.one("h2", id="dialog-title").text == "A form"
    footer = whole.one("footer").all("button")
    assert [button.text for button in footer] == ["Leave it", "Send it"]
    assert footer[0].attributes["formaction"] == "/mara/it/close"


def test_the_enter_key_sends_and_presses_no_other_button() -> None:
    first = drawn().one("form").all("button")[0]
    assert first.attributes == {
        "type": "submit",
        "class": "default",
        "tabindex": "-1",
        "aria-hidden": "true",
    }


def test_every_control_has_a_name_and_says_what_belongs_to_it() -> None:
    whole = drawn(errors={question.id: "Wrong!" for question in ALL})
    ids = {tag.attributes["id"] for tag in whole._inside() if "id" in tag.attributes}
    labelled = {label.attributes.get("for") for label in whole.all("label")}
    controls = [t for name in ("input", "select", "textarea") for t in whole.all(name)]
    for control in controls:
        kind = control.attributes.get("type")
        if kind not in {"hidden", "radio", "checkbox"}:
            assert control.attributes["id"] in labelled, control.attributes
    for tag in [*controls, *whole.all("fieldset")]:
        described = tag.attributes.get("aria-describedby", "").split()
        assert set(described) <= ids
    for group in whole.all("fieldset"):
        assert group.one("legend").text
        assert group.attributes["aria-invalid"] == "true"
    assert len(whole.all("p", class_="error")) == len(ALL)


def test_an_error_without_a_question_stands_above() -> None:
    (error,) = drawn(TextInput("a", "A"), errors={"b": "The flow has changed."}).all("p", class_="error")
    assert (error.text, error.attributes["role"]) == ("The flow has changed.", "alert")


def test_what_was_typed_wins_over_what_was_there() -> None:
    question = TextInput("a", "A", initial="before")
    assert drawn(question).one("input", id="q0").attributes["value"] == "before"
    assert drawn(question, answers={"a": ""}).one("input", id="q0").attributes["value"] == ""


def test_lines_keep_their_first_empty_line() -> None:
    area = drawn(LinesInput("a", "A"), answers={"a": "\n\nx"}).one("textarea")
    assert area.text == "\n" + "\n\nx"  # a browser drops the first one


def test_few_options_are_seen_and_many_are_chosen_from_a_list() -> None:
    few = drawn(ChoiceInput("a", "A", options=COLOURS, initial=("g",)))
    assert [(t.attributes["value"], "checked" in t.attributes) for t in few.all("input", type="radio")] == [
        ("r", False),
        ("g", True),
        ("b", False),
    ]
    many = drawn(
        ChoiceInput("a", "A", options=tuple(Option(str(n), str(n)) for n in range(8)), initial=("3",))
    )
    assert [t.text for t in many.all("option") if "selected" in t.attributes] == ["3"]
    assert not many.all("input", type="radio")


def test_who_need_not_choose_can_choose_nothing() -> None:
    first = drawn(ChoiceInput("a", "A", required=False, options=COLOURS)).all("input", type="radio")[0]
    assert (first.attributes["value"], "checked" in first.attributes) == ("", True)


def test_several_can_be_ticked() -> None:
    boxes = drawn(ChoiceInput("a", "A", options=COLOURS, initial=("r", "b"), several=True)).all(
        "input", type="checkbox"
    )
    assert ["checked" in box.attributes for box in boxes] == [True, False, True]


def test_colleagues_are_the_four() -> None:
    names = [label.text for label in drawn(PersonInput("a", "A")).all("label", class_="tick")]
    assert names == ["Mara Marketing", "Sven Vertrieb", "Ines IT", "Dario Daten"]


def test_what_was_found_can_be_chosen_and_taken_away() -> None:
    question = SearchInput("a", "A", initial=(Option("x", "Ex"),), several=True)
    whole = drawn(question, answers={"a": ("x", "y", "gone")}, offered={"a": {"y": "Why", "z": "Zett"}})
    chosen = whole.one("ul", class_="chosen")
    assert [(box.attributes["value"], "checked" in box.attributes) for box in chosen.all("input")] == [
        ("x", True),
        ("y", True),
    ]
    assert [label.text for label in chosen.all("label")] == ["Ex", "Why"]
    without = whole.one("noscript")
    assert [box.attributes["value"] for box in without.all("input")] == ["z"]
    assert without.one("button").attributes["formaction"] == "/mara/it/look"
    assert (
        whole.one("input", role="combobox").attributes["aria-controls"]
        == whole.one("ul", role="listbox").attributes["id"]
    )


def test_a_day_is_a_day() -> None:
    assert (
        drawn(DateInput("a", "A", initial="2026-12-31")).one("input", type="date").attributes["value"]
        == "2026-12-31"
    )


def test_what_is_optional_says_so_in_both_languages() -> None:
    question = TextInput("a", "A", required=False)
    assert "optional" in drawn(question).one("label").text
    assert "freiwillig" in drawn(question, language="de").one("label").text
    assert "aria-required" not in drawn(question).one("input", id="q0").attributes
    assert (
        drawn(replace(question, required=True)).one("input", id="q0").attributes["aria-required"] == "true"
    )


def test_what_is_only_shown_has_no_button() -> None:
    whole = drawn(Text("Look"), Facts((("a", "b"),)), Expandable("more", (Text("inside"),)))
    assert "inside" in whole.text
    assert len(whole.one("div", class_="page").all("button")) == 0


def test_buttons_of_its_own_say_which_they_are() -> None:
    own = (Button("Back", "back"), Button("Drop", "drop", style="danger", confirm="Sure?"))
    shown = OpenForm("f", "d", "it", form(TextInput("a", "A"), buttons=own))
    footer = read(form_html(shown, "/mara/it", "en")).one("footer")
    assert [b.attributes["value"] for b in footer.all("button", name="button")] == ["back", "drop"]
    assert (
        footer.one("div", role="alertdialog").all("button", name="button")[0].attributes["value"] == "drop"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text: str) -> None:
    def all_over(word: str) -> Tag:
        options = (Option(word, word), Option("x", word))
        questions = (
            Text(word),
            TextInput("a", word, hint=word, initial=word, placeholder=word),
            LinesInput("b", word, initial=word, placeholder=word),
            ChoiceInput("c", word, options=options, initial=(word,)),
            ChoiceInput("d", word, options=options * 5),
            SearchInput("e", word, initial=options, several=True),
        )
        return drawn(*questions, errors={"a": word, "z": word}, offered={"e": {"q": word}})

    plain, hostile = all_over("word"), all_over(text)
    assert [tag.name for tag in hostile._inside()] == [tag.name for tag in plain._inside()]
    assert hostile.text == plain.text.replace("word", text)
    assert hostile.one("input", id="q1").attributes["value"] == text
