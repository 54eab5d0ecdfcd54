"""Cards and forms in Teams: valid, small, literal, whatever stands in them."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.teams.fit import LIMIT, fitted, size
from bot.channels.teams.forms import Page, complaints, form_json, literal, read_answers, taken
from bot.channels.teams.render import FOR_ONE, IN_DIALOG, Frame, card_json, preview
from bot.channels.teams.sealed import OpenForm, Seal
from bot.chat.answers import initial, questions
from bot.chat.events import Asker
from bot.chat.ui import (
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceInput,
    DateInput,
    Divider,
    Element,
    Expandable,
    Facts,
    Form,
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
from bot.people.views import settings_card, settings_form
from tests.channels.teams.kit import actions, inputs, texts
from tests.channels.teams.microsoft import Json
from tests.channels.teams.rules import mistakes, parts

TODAY = dt.date(2026, 11, 22)
HOSTILE = (
    "**fett** _kursiv_ [Link](https://evil.example) ![Bild](https://evil.example/x.png)\n"
    "<at>alle</at> <script>alert(1)</script> {{DATE(2020-01-01T00:00:00Z, SHORT)}} ${data} `code`\n"
    "# Titel\n- Punkt\n1. Zahl\n> Zitat \\*x\\* \u202egnihtemos\u200b \x00\x1b[31m \ud800 &nbsp;&lt;"
)
SEAL = Seal("a secret")


def drawn(card: Card, frame: Frame = FOR_ONE) -> Json:
    """A card as it is sent."""
    return fitted(card, lambda shorter: card_json(shorter, frame))


def page(form: Form, **more: Any) -> Json:
    """A form as it is sent."""
    shown = Page(form, **more)
    return form_json(shown, SEAL.close(OpenForm(form), "mara"), "de")


def _asker(language: str, department: str | None) -> Asker:
    return Asker(1, "Mara *Muster*", language, department, department)


def _of_the_glossary(book: Book, language: str) -> Iterator[Card]:
    questions_ = ("list", "list a", "xyzzy", "", "MQL vs SQL", "Lede", HOSTILE)
    for text in (*(book.label(id_, language) for id_ in book.glossary.terms), *questions_):
        for department in (None, "marketing"):
            answer = book.define(text, department, language)
            yield cards.answer(book, answer, TODAY, "private")
            yield cards.answer(book, answer, TODAY, "private", more=True)
            yield cards.inserted(book, answer, TODAY)
    answer = book.define("lead", None, language)
    yield cards.shared(book, answer, TODAY, HOSTILE)
    yield cards.which_department(book, Shown(("lead",)), language)
    asker, ids = _asker(language, "marketing"), list(book.glossary.terms)
    asked = [(id_, 3) for id_ in ids[:10]]
    yield cards.help_card(language)
    yield cards.hint(language)
    yield cards.popular(book, asker, asked, language)
    yield cards.popular(book, asker, [], language)
    yield cards.home(book, asker, asked, cards.Beside())
    yield cards.explained(book, asker, ids)
    yield cards.explained(book, asker, [])
    yield cards.noted(language, "glossary.propose_thanks", word=HOSTILE)
    for department in ("", HOSTILE):
        yield settings_card(asker, department)
        yield settings_card(asker, department, "Gespeichert.")


def _forms(book: Book, language: str) -> Iterator[Form]:
    asker = _asker(language, "marketing")
    yield cards.ask_form(language)
    yield cards.proposal_form(HOSTILE, language)
    yield cards.remark_form(book, Shown(("lead",)), asker)
    yield cards.remark_form(book, Shown(tuple(book.glossary.terms)[:2], compared=True), asker)
    yield settings_form(asker, cards.departments(book, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("frame", [FOR_ONE, IN_DIALOG], ids=["chat", "dialog"])
def test_every_card_of_every_feature_may_be_sent(example: Book, language: str, frame: Frame) -> None:
    for card in _of_the_glossary(example, language):
        assert mistakes(drawn(card, frame)) == [], card.summary


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_of_every_feature_may_be_sent(example: Book, language: str) -> None:
    for form in _forms(example, language):
        errors = {question.id: HOSTILE for question in questions(form)}
        for more in ({}, {"errors": errors | {"": HOSTILE}, "note": HOSTILE}):
            assert mistakes(page(form, **more)) == [], form.title


EVERYTHING = Card(
    "Alles",
    (
        Text(HOSTILE),
        Text(HOSTILE, "subtle"),
        Text(HOSTILE, "strong"),
        Bullets((HOSTILE, "zwei")),
        Divider(),
        Facts(((HOSTILE, HOSTILE), ("b", ""))),
        Table(("", HOSTILE), (("a", HOSTILE), ("b",), ("c", "d", "e"))),
        Expandable(HOSTILE, (Text(HOSTILE), Buttons((Button("Knopf", "a", confirm="Sicher?"),)))),
        Divider(),
        Buttons(
            (
                Button(HOSTILE, "a", HOSTILE, "primary"),
                Button("b", "b", style="danger", confirm=HOSTILE),
                Button("c", "c", opens=True),
            ),
            (Button("d", "d"), Button("e", "e", confirm="Sicher?")),
        ),
        Divider(),
    ),
)


@pytest.mark.parametrize("frame", [FOR_ONE, IN_DIALOG], ids=["chat", "dialog"])
def test_every_element_is_drawn(frame: Frame) -> None:
    card = drawn(EVERYTHING, frame)
    assert mistakes(card) == []
    kinds = {part.get("type") for part in parts(card)}
    assert {"RichTextBlock", "Table", "Container", "ActionSet", "Action.ToggleVisibility"} <= kinds
    assert sum(bool(part.get("separator")) for part in parts(card)) == 2
    assert {action["title"] for action in parts(card) if action.get("mode") == "secondary"} == {"d", "e"}
    confirmed = actions(card)["b"]
    assert (confirmed["style"], "mode" in confirmed) == ("destructive", False)


def test_a_persons_text_is_literal() -> None:
    """It stands in runs, which know no markup, character by character."""
    card = drawn(Card("x", (Text(HOSTILE), Facts((("a", HOSTILE),)), Bullets((HOSTILE,)))))
    runs = [part["text"] for part in parts(card) if part.get("type") == "TextRun"]
    assert "**fett** _kursiv_ [Link](https://evil.example) ![Bild](https://evil.example/x.png)" in runs
    assert not any(character in text for text in runs for character in "\x00\x1b\ud800\n")
    json.dumps(card).encode("ascii")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Lead", "Lead"),
        ("snake_case", "snake_case"),
        ("*fett*", "∗fett∗"),
        ("_kursiv_", "＿kursiv＿"),
        ("[x](https://y)", "［x］(https://y)"),
        ("1. Zahl", "\u200b1. Zahl"),
        ("- Punkt", "\u200b- Punkt"),
        ("# Titel", "\u200b# Titel"),
        ("C#", "C#"),
        ("a\\*b", "a＼∗b"),
    ],
)
def test_a_choice_is_literal_where_clients_read_markdown(title: str, shown: str) -> None:
    assert literal(title) == shown


def test_an_action_in_a_chat_is_done_in_place_and_in_a_dialog_sent() -> None:
    buttons = Buttons((Button("Los", "do", "it", opens=True), Button("Und", "so")))
    chat = actions(drawn(Card("x", (buttons,))))
    dialog = actions(drawn(Card("x", (buttons,)), IN_DIALOG))
    assert chat["Los"]["data"] == {
        "msteams": {"type": "task/fetch"},
        "klartext": {"action": "do", "value": "it", "only": True},
    }
    assert (chat["Und"]["type"], chat["Und"]["verb"]) == ("Action.Execute", "so")
    assert {action["type"] for action in dialog.values()} == {"Action.Submit"}
    assert dialog["Los"]["data"] == {"klartext": {"action": "do", "value": "it"}}


def test_many_buttons_stand_in_rows() -> None:
    row = Buttons(tuple(Button(f"b{n}", "a") for n in range(14)))
    card = drawn(Card("x", (row,)))
    assert [len(part["actions"]) for part in parts(card) if part.get("type") == "ActionSet"] == [6, 6, 2]


@pytest.mark.parametrize(
    "element",
    [
        Text(""),
        Text(" \n\n "),
        Bullets(()),
        Facts(()),
        Table((), ()),
        Table(("a",), ()),
        Divider(),
        Expandable("x", ()),
        Buttons(()),
        Text("\x00"),
    ],
    ids=lambda element: type(element).__name__ + str(len(repr(element))),
)
def test_nothing_to_show_is_not_shown(element: Element) -> None:
    card = drawn(Card("x", (Divider(), element)))
    assert card["body"] == []
    assert mistakes(card) == []


@pytest.mark.parametrize(
    "element",
    [
        Text("ü" * 100_000),
        Text("wort " * 20_001),
        Bullets(tuple(f"Punkt {n} " + "ü" * 300 for n in range(500))),
        Facts(tuple((f"Name {n}", "x" * 900) for n in range(500))),
        Table(tuple("abcdef"), tuple(("x" * 200,) * 6 for _ in range(500))),
        Expandable("mehr", tuple(Text("x" * 900) for _ in range(100))),
        Buttons(tuple(Button("k" * 300, "a", "v" * 50) for _ in range(500))),
        Buttons((Button("k", "a", "v" * 100_000),)),
    ],
    ids=lambda element: type(element).__name__ + str(len(repr(element))),
)
def test_what_is_too_big_is_shortened(element: Element) -> None:
    end = Buttons((Button("Weiter", "next"),))
    card = drawn(Card("Titel", (Text("Titel", "strong"), element, end)))
    assert size(card) <= LIMIT
    assert mistakes(card) == []
    assert "Titel" in texts(card)
    assert texts(card) != texts(card_json(Card("Titel", (element, end))))


def test_many_elements_are_cut_at_the_end() -> None:
    card = drawn(Card("Titel", tuple(Text(f"Absatz {n} " + "x" * 2_000) for n in range(1_000))))
    assert mistakes(card) == []
    assert "Absatz 0" in texts(card)
    assert texts(card).endswith("…")


def test_a_summary_that_is_too_long_still_fits() -> None:
    assert mistakes(drawn(Card("x" * 100_000, (Text("x"),)))) == []


def test_a_form_keeps_its_questions_when_it_is_too_big() -> None:
    form = Form(
        "f",
        "Titel",
        (Text("x" * 40_000), *(TextInput(f"q{n}", f"Frage {n}", hint="h" * 200) for n in range(10))),
        "Senden",
        "Abbrechen",
    )
    shown = page(form)
    assert size(shown) <= LIMIT + size(SEAL.close(OpenForm(form), "mara")) * 2
    assert len(inputs(shown)) == 10
    assert texts(shown).count("…") == 1


def test_the_preview_is_what_is_sent() -> None:
    assert json.loads(preview(EVERYTHING)) == card_json(EVERYTHING)
    assert "ü" in preview(Card("ü", (Text("ü"),)))


WORDS = st.text(
    st.one_of(st.sampled_from("aä ,|%*_[]()`#->.\n\\<&🙂\u202e"), st.characters(max_codepoint=0x2FFF)),
    max_size=60,
)
LONG = st.builds(lambda text, times: text * times, WORDS, st.sampled_from([0, 1, 1, 1, 400]))
BUTTON = st.builds(
    Button,
    LONG.filter(lambda text: bool(text.replace("\x00", "").strip())).map(lambda text: f"k{text}"),
    WORDS,
    WORDS,
    st.sampled_from(["plain", "primary", "danger"]),
    st.none() | LONG.map(lambda text: f"f{text}"),
    st.booleans(),
)
SIMPLE: st.SearchStrategy[Element] = st.one_of(
    st.builds(Text, LONG, st.sampled_from(["plain", "subtle", "strong"])),
    st.builds(Bullets, st.lists(LONG, max_size=5).map(tuple)),
    st.builds(Facts, st.lists(st.tuples(LONG, LONG), max_size=4).map(tuple)),
    st.builds(
        Table,
        st.lists(WORDS, max_size=3).map(tuple),
        st.lists(st.lists(LONG, max_size=4).map(tuple), max_size=4).map(tuple),
    ),
    st.just(Divider()),
    st.builds(Buttons, st.lists(BUTTON, max_size=8).map(tuple), st.lists(BUTTON, max_size=3).map(tuple)),
)
ELEMENTS = st.one_of(
    SIMPLE,
    st.builds(Expandable, LONG.map(lambda text: f"e{text}"), st.lists(SIMPLE, max_size=3).map(tuple)),
)
CARDS = st.builds(Card, LONG.map(lambda text: f"s{text}"), st.lists(ELEMENTS, max_size=8).map(tuple))
TESTED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@TESTED
@given(CARDS, st.sampled_from([FOR_ONE, IN_DIALOG]))
def test_any_card_may_be_sent(card: Card, frame: Frame) -> None:
    assert mistakes(drawn(card, frame)) == []


OPTIONS = st.lists(
    st.builds(Option, WORDS.filter(bool), WORDS.map(lambda text: f"o{text}")),
    min_size=1,
    max_size=9,
    unique_by=lambda option: option.value,
).map(tuple)
LABEL = WORDS.map(lambda text: f"l{text}")


def plain(element: Element) -> tuple[Text | Bullets | Facts | Table | Divider, ...]:
    """What may stand in a form, too."""
    return (element,) if isinstance(element, Text | Bullets | Facts | Table | Divider) else ()


@st.composite
def forms(draw: st.DrawFn) -> tuple[Form, dict[str, str | tuple[str, ...]]]:
    """A form of any questions, with an answer to each that may be given."""
    options, several = draw(OPTIONS), draw(st.booleans())
    chosen = draw(st.lists(st.sampled_from([option.value for option in options]), unique=True, max_size=4))
    answer = tuple(chosen) if several else "".join(chosen[:1])
    text = draw(WORDS)
    required = draw(st.booleans())
    elements = (
        *plain(draw(SIMPLE)),
        TextInput("text", draw(LABEL), required, draw(WORDS), initial=draw(WORDS), placeholder=draw(WORDS)),
        LinesInput("lines", draw(LABEL), required, initial=draw(WORDS)),
        ChoiceInput("choice", draw(LABEL), required, options=options, several=several),
        SearchInput("search", draw(LABEL), required, initial=options, several=several),
        DateInput("day", draw(LABEL), required),
        PersonInput("person", draw(LABEL), required, several=several),
    )
    given = {
        "text": " ".join(text.split()),
        "lines": text.strip(),
        "choice": answer,
        "search": answer,
        "day": "2026-12-31",
        "person": ("0-1", "0-2") if several else "0-1",
    }
    buttons = tuple(draw(st.lists(BUTTON, max_size=3)))
    return Form(
        "f", draw(LABEL), elements, draw(LABEL), draw(LABEL), {"id": draw(WORDS)}, 2, buttons
    ), given


@TESTED
@given(forms(), WORDS)
def test_any_form_may_be_sent_and_comes_back(
    made: tuple[Form, dict[str, str | tuple[str, ...]]], error: str
) -> None:
    """Drawn with answers, and sent as it stands: the same answers come back."""
    form, given = made
    labels = {option.value: option.label for option in _found(form)}
    errors = {question.id: error for question in questions(form)}
    shown = page(form, given=given, errors=errors, labels=labels)
    assert mistakes(shown) == []
    sent = {id_: part.get("value", "") for id_, part in inputs(shown).items()}
    back = read_answers(form, sent)
    for id_ in ("choice", "search", "day", "person"):
        assert back.given[id_] == given[id_]
    token = shown["actions"][0]["data"]["klartext"]["form"]
    assert SEAL.open(token, "mara").form == form
    complaints(form, back.given, "de")
    assert set(taken(form, back.given)) == {question.id for question in questions(form)}


def _found(form: Form) -> tuple[Option, ...]:
    """What the search field was drawn with."""
    return next(question.initial for question in questions(form) if isinstance(question, SearchInput))


@TESTED
@given(forms(), st.dictionaries(st.sampled_from(["text", "choice", "search", "person", "day"]), WORDS))
def test_any_answer_can_be_read(
    made: tuple[Form, dict[str, str | tuple[str, ...]]], sent: dict[str, str]
) -> None:
    form, _ = made
    back = read_answers(form, {f"answer.{id_}": value for id_, value in sent.items()})
    complaints(form, back.given, "de")
    again = page(form, given=back.given, labels=back.labels)
    assert mistakes(again) == []
    assert taken(form, back.given)["choice"] in {"", (), *_possible(form)} or isinstance(
        back.given["choice"], tuple
    )


def _possible(form: Form) -> set[str]:
    choice = next(question for question in questions(form) if isinstance(question, ChoiceInput))
    assert initial(choice) in {"", ()}
    return {option.value for option in choice.options}
