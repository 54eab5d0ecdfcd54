"""Every element has its HTML, and no text of anybody becomes an element."""

from typing import get_args

import pytest

from bot.channels.playground.render import Frame, card_html, element_html
from bot.chat.ui import Bullets, Button, Buttons, Card, Divider, Element, Expandable, Facts, Table, Text
from tests.channels.playground.html import read
from tests.channels.playground.kit import HOSTILE

FRAME = Frame("de", "/mara/it", "7")
ALL: tuple[Element, ...] = (
    Text("plain"),
    Bullets(("one", "two")),
    Facts((("name", "value"),)),
    Table(("", "a", "b"), (("row", "1", "–"), ("short", "2"), ("long", "1", "2", "3"), ())),
    Divider(),
    Expandable("more", (Text("inside"),)),
    Buttons((Button("Press", "act", "v"),), (Button("Rare", "act", "w", "danger", "Sure?"),)),
)


def hostile(text: str) -> tuple[Element, ...]:
    """The text in every place where a text can stand."""
    buttons = Buttons(
        (Button(text, text, text), Button(text, text, text, "danger", text)), (Button(text, text),)
    )
    return (
        Text(text, "strong"),
        Text(text),
        Bullets((text,)),
        Facts(((text, text),)),
        Table((text, text), ((text, text),)),
        Expandable(text, (Text(text),)),
        buttons,
    )


def test_the_example_has_every_element() -> None:
    assert {type(element) for element in ALL} == set(get_args(Element))


@pytest.mark.parametrize("element", ALL, ids=lambda element: type(element).__name__)
def test_every_element_is_drawn_and_closed(element: Element) -> None:
    assert read(element_html(element, FRAME)).children


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text: str) -> None:
    plain = read(card_html(Card("", hostile("word")), FRAME))
    drawn = read(card_html(Card("", hostile(text)), FRAME))
    assert [tag.name for tag in drawn._inside()] == [tag.name for tag in plain._inside()]
    assert drawn.text == plain.text.replace("word", text)
    assert drawn.one("tbody").one("td").attributes["data-column"] == text
    assert drawn.all("form")[0].fields()["value"] == text


def test_a_strong_text_at_the_head_is_the_heading() -> None:
    drawn = read(card_html(Card("", (Text("Lead", "strong"), Text("more", "strong"))), FRAME))
    assert drawn.one("h2").text == "Lead"
    assert drawn.one("p", class_="text strong").text == "more"
    assert not read(card_html(Card("", (Text("Lead"),)), FRAME)).all("h2")
    assert card_html(Card("", ()), FRAME) == ""


def test_a_cell_knows_its_column_and_whether_it_says_nothing() -> None:
    rows = read(element_html(ALL[3], FRAME)).one("tbody").all("tr")
    assert [cell.attributes for cell in rows[0].all("td")] == [
        {"data-column": "a"},
        {"data-column": "b", "class": "nothing"},
    ]
    assert [row.one("th").text for row in rows[:3]] == ["row", "short", "long"]
    assert rows[3].all("th") == []  # a head without a word would be read out as one
    assert [cell.attributes["data-column"] for cell in rows[2].all("td")] == ["a", "b", ""]


def test_a_button_is_a_form_with_a_key_of_its_own() -> None:
    first, second = (read(element_html(ALL[6], FRAME)).all("form") for _ in range(2))
    assert first[0].attributes["action"] == "/mara/it/press"
    fields = first[0].fields()
    assert fields.pop("key") not in {form.fields()["key"] for form in (*second, first[1])}
    assert fields == {"message": "7", "action": "act", "value": "v"}
    assert first[0].one("button").text == "Press"


def test_a_rarer_button_stands_in_a_named_menu() -> None:
    menu = read(element_html(ALL[6], FRAME)).one("details", class_="menu")
    assert menu.one("summary").attributes["aria-label"] == "Mehr"
    assert len(menu.all("form")) == 1


def test_a_question_comes_before_what_cannot_be_undone() -> None:
    form = read(element_html(Buttons((Button("Delete", "act", confirm="Really?"),)), FRAME)).one("form")
    ask, sure, cancel = form.all("button")
    popover = form.one("div", role="alertdialog")
    assert ask.attributes["type"] == cancel.attributes["type"] == "button"
    assert ask.attributes["popovertarget"] == popover.attributes["id"] == cancel.attributes["popovertarget"]
    assert popover.attributes["aria-label"] == "Really?"
    assert sure.attributes["type"] == "submit"
    assert popover.all("button") == [sure, cancel]


def test_inside_a_form_nothing_can_be_pressed() -> None:
    assert element_html(ALL[6], Frame("de")) == ""
