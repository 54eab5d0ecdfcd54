"""What a person in a department gets."""

import datetime as dt

import pytest

from bot.chat.ui import Buttons, Text
from bot.cli.terminal import plain_lines
from bot.glossary import cards, views
from bot.glossary.book import Book, UnknownDepartment
from bot.glossary.model import Glossary
from bot.i18n import say
from tests.conftest import ROOT

SMALL = {
    "version": 1,
    "glossary": {
        "id": "small",
        "languages": ["de", "en"],
        "departments": {
            "sales": {
                "label": {"de": "Vertrieb", "en": "Sales"},
                "channels": {"playground": ["#vertrieb"]},
            },
            "it": {"label": {"de": "IT", "en": "IT"}},
        },
    },
    "terms": {
        "margin": {
            "labels": {"de": {"pref": "Marge"}, "en": {"pref": "Margin"}},
            "status": "agreed",
            "definition": {"de": "Was bleibt.", "en": "What remains."},
            "owner": "user:a",
            "visibility": ["sales"],
            "relations": {"related": ["ticket"]},
        },
        "ticket": {
            "labels": {
                "de": {"pref": "Ticket", "avoid": [{"label": "Störungsmeldung"}]},
                "en": {"pref": "Ticket"},
            },
            "status": "agreed",
            "definition": {"de": "Eine Meldung.", "en": "A report."},
            "owner": "user:a",
            "tags": ["service"],
            "relations": {
                "related": ["margin"],
                "confused_with": [{"term": "margin", "de": "Marge ist Geld.", "en": "Margin is money."}],
            },
        },
    },
}


@pytest.fixture(scope="module")
def small() -> Book:
    return Book(Glossary.model_validate(SMALL))


def test_the_own_homonym_comes_first(example: Book) -> None:
    own = {name: example.define("SQL", name).terms[0] for name in ("sales", "it")}
    assert own == {"sales": "sales-qualified-lead", "it": "structured-query-language"}


def test_a_department_named_in_the_question_beats_the_asker(example: Book) -> None:
    assert example.ask("Was bedeutet SQL in der IT?", "sales").terms[0] == "structured-query-language"


def test_a_term_for_one_department_is_hidden_from_others(small: Book) -> None:
    assert small.define("Marge", "sales").outcome == "answer"
    assert small.define("Marge", "it").outcome == "unknown"
    assert "margin" not in small.define("list", "it").listed


def test_a_word_to_avoid_finds_the_term_to_use(small: Book) -> None:
    assert small.define("Störungsmeldung").terms == ("ticket",)


@pytest.mark.parametrize("name", ["sales", "Vertrieb", "SALES", "vertrieb"])
def test_a_department_is_known_by_id_label_and_alias(small: Book, name: str) -> None:
    assert small.department(name) == "sales"


def test_an_unknown_department_names_the_known_ones(small: Book) -> None:
    with pytest.raises(UnknownDepartment) as caught:
        small.department("Einkauf")
    assert caught.value.known == ("sales", "it")


def test_a_channel_belongs_to_its_department(small: Book) -> None:
    assert small.place("playground", "#vertrieb") == "sales"
    assert small.place("slack", "#vertrieb") is None


@pytest.mark.parametrize(
    ("topic", "listed"),
    [
        ("", {"margin", "ticket"}),
        ("T", {"ticket"}),
        ("service", {"ticket"}),
        ("mar", {"margin"}),
        ("zzz", set()),
    ],
)
def test_lists_by_letter_tag_and_word(small: Book, topic: str, listed: set[str]) -> None:
    assert set(small.define(f"list {topic}", "sales").listed) == listed


def test_a_list_of_a_department_holds_its_senses(example: Book) -> None:
    given = example.define("list Vertrieb")
    assert given.reading.department == "sales"
    assert "lead" in given.listed


def test_the_answer_speaks_the_language_of_the_question(example: Book) -> None:
    assert example.ask("what does lead mean here?").language == "en"
    assert example.ask("was heisst Lead bei uns?").language == "de"
    assert example.ask("Lead").language == "de"
    assert example.ask("was heisst Lead?", language="en").language == "en"


@pytest.mark.parametrize(
    "text", ["ticket", "Marge", "ticket vs Marge", "list", "list Marge", "Margen", "marg", ""]
)
def test_nothing_beside_an_answer_names_a_hidden_term(small: Book, text: str) -> None:
    given = small.define(text, "it", "de")
    shown = plain_lines(views.answer(small, given, dt.date(2026, 11, 22)), "de", more=True)
    assert "Marge ist Geld." not in "".join(shown)
    assert "margin" not in {*given.terms, *given.suggestions, *given.listed}
    assert "Marge ist Geld." in str(
        views.answer(small, small.define("ticket", "sales", "de"), dt.date(2026, 11, 22))
    )


@pytest.mark.parametrize(
    ("question", "topic", "department"),
    [
        ("welche Begriffe gibt es?", "", None),
        ("list all terms", "", None),
        ("zeig mir alle Begriffe aus dem Vertrieb", "", "sales"),
        ("define list sales", "", "sales"),
        ("welche Begriffe hast du zu Datenschutz?", "Datenschutz", None),
    ],
)
def test_a_list_is_asked_for_in_words(
    example: Book, question: str, topic: str, department: str | None
) -> None:
    given = example.ask(question)
    assert (given.intent, given.reading.understood, given.reading.department) == ("list", topic, department)


def test_letters_count_in_the_language_of_the_answer(example: Book) -> None:
    for id_ in example.define("list C", None, "de").listed:
        assert example.label(id_, "de").startswith("C")


@pytest.mark.parametrize("text", ["define", "Hilfe!", "was kannst du?", "hi"])
def test_help_is_for_those_who_ask_for_it(example: Book, text: str) -> None:
    assert example.ask(text).reading.help
    assert not example.ask(text, addressed=False).reading.help


def test_a_compared_name_that_nobody_knows_is_said(example: Book) -> None:
    given = example.define("MQL vs Foobar")
    assert given.reading.missing == ("Foobar",)
    card = views.answer(example, given, dt.date(2026, 11, 22))
    assert card.summary == say("de", "compare.only", label=example.label("marketing-qualified-lead", "de"))
    assert "«Foobar» kenne ich nicht." in plain_lines(card, "de", more=True)


@pytest.mark.parametrize(
    ("question", "unknown", "said"),
    [
        ("Unterschied Lead und Quatsch", ("Quatsch",), "«Quatsch» kenne ich nicht."),
        ("difference between lead and nonsense?", ("nonsense",), "I don’t know “nonsense”."),
        ("Wie trennt ihr Lead, Prospect und Quatsch?", ("Quatsch",), "«Quatsch» kenne ich nicht."),
    ],
)
def test_a_comparison_in_a_sentence_says_what_it_does_not_know(
    example: Book, question: str, unknown: tuple[str, ...], said: str
) -> None:
    for given in (example.ask(question), example.define(question)):
        assert given.reading.missing == unknown
        assert "lead" in given.terms
        lines = plain_lines(views.answer(example, given, dt.date(2026, 11, 22)), given.language, more=True)
        assert said in lines


def test_a_comparison_suggests_what_may_have_been_meant(example: Book) -> None:
    given = example.ask("Worin unterscheiden sich Lead und Opportunität?")
    assert (given.terms, given.suggestions) == (("lead",), ("opportunity",))
    card = cards.answer(example, given, dt.date(2026, 11, 22), "private")
    assert Text("Meintest du vielleicht: Verkaufschance?", "subtle") in card.elements
    labels = [
        button.label for part in card.elements if isinstance(part, Buttons) for button in part.buttons
    ]
    assert labels.count("Vergleichen mit Verkaufschance") == 1


def test_a_comparison_with_departments_misses_no_department(example: Book) -> None:
    assert example.ask("Unterschied Lead Marketing und Lead Vertrieb").reading.missing == ()


@pytest.mark.parametrize("text", ["heisser Lead", "Heißer Lead", "heiße Leads", "heisse leads"])
def test_both_spellings_of_a_word_are_found(shipped: Book, text: str) -> None:
    assert shipped.define(text).terms == shipped.define("Heisser Lead").terms != ()


@pytest.mark.parametrize("folder", ["glossary.yaml", "intake_flows", "bot/locales/de"])
def test_what_we_ship_writes_ss_as_in_switzerland(folder: str) -> None:
    place = ROOT / folder
    files = list(place.glob("*.*")) if place.is_dir() else [place]
    assert [file.name for file in files if "ß" in file.read_text("utf-8")] == []


def test_an_overheard_task_is_no_command(example: Book) -> None:
    assert example.ask("Define the campaign goals by Friday please", addressed=False).outcome == "silent"
    assert example.ask("/define campaign", addressed=False).outcome == "answer"


@pytest.mark.parametrize("text", ["SAL / SQL", "SAL/SQL", "SAL vs SQL"])
def test_an_abbreviation_is_no_department(example: Book, text: str) -> None:
    assert "sales-accepted-lead" in example.define(text).terms


@pytest.mark.parametrize("text", ["Data Lake", "Sales Report", "IT"])
def test_an_unknown_name_is_repeated_whole(example: Book, text: str) -> None:
    given = example.define(text)
    assert (given.reading.understood, given.reading.department) == (text, None)


def test_half_a_comparison_is_the_term(example: Book) -> None:
    card = views.answer(example, example.define("MQL vs"), dt.date(2026, 11, 22))
    assert card.summary.startswith("Marketing Qualified Lead:")


def test_a_known_word_is_never_called_unknown(example: Book) -> None:
    given = example.ask("Wann ist ein Lead kein Lead mehr?")
    assert views.answer(example, given, dt.date(2026, 11, 22)).summary != say(
        "de", "suggest.title", typed="Lead"
    )


def test_a_word_for_the_aspect_settles_a_doubt(example: Book) -> None:
    given = example.ask("what are the criteria for an MQL")
    assert (given.outcome, given.reading.aspect) == ("answer", "criteria")


def with_parts(**terms: dict[str, object]) -> Book:
    """A glossary in which "dach" is a part of sales, and two departments are parts of each other."""
    name = {"label": {"de": "x"}}
    departments = {
        "sales": name,
        "dach": {**name, "parent": "sales"},
        "it": name,
        "a": {**name, "parent": "b"},
        "b": {**name, "parent": "a"},
    }
    head = {"id": "g", "languages": ["de"], "departments": departments}
    return Book(Glossary.model_validate({"version": 1, "glossary": head, "terms": terms}))


def a_term(**fields: object) -> dict[str, object]:
    return {
        "labels": {"de": {"pref": "Marge"}},
        "status": "agreed",
        "definition": {"de": "Was bleibt."},
        "owner": "user:a",
        **fields,
    }


@pytest.mark.parametrize(
    ("visibility", "department", "visible"),
    [
        ([], None, True),
        ([], "it", True),
        (["it"], "it", True),
        (["sales", "it"], "it", True),
        (["sales"], "it", False),
        (["sales"], None, False),
        (["sales"], "dach", True),
        (["dach"], "sales", False),
        (["sales"], "a", False),
        (["b"], "a", True),
        (["sales"], "nobody knows", False),
    ],
)
def test_who_sees_a_term(visibility: list[str], department: str | None, visible: bool) -> None:
    book = with_parts(margin=a_term(visibility=visibility))
    assert ("margin" in book.seen_by(department).glossary.terms) is visible
    assert (book.define("Marge", department).outcome == "answer") is visible


def test_departments_that_see_the_same_share_a_book() -> None:
    book = with_parts(margin=a_term(visibility=["sales"]), other=a_term(labels={"de": {"pref": "Ticket"}}))
    book.prepare()
    assert book.seen_by("it") is book.seen_by(None) is book.seen_by("a")
    assert book.seen_by("sales") is book.seen_by("dach") is book


def test_a_part_of_a_department_means_the_same_as_the_whole_unless_it_says_so() -> None:
    own = {"department": "sales", "definition": {"de": "Vertriebssinn."}}
    book = with_parts(margin=a_term(senses=[own]))
    term = book.glossary.terms["margin"]
    assert book.glossary.sense(term, "dach") == term.senses[0]
    assert book.glossary.sense(term, "it") is None
    assert book.glossary.sense(term, "a") is None
    shown = "\n".join(
        plain_lines(
            views.answer(book, book.define("Marge", "dach"), dt.date(2026, 11, 21)), "de", more=True
        )
    )
    assert shown.index("Vertriebssinn.") < shown.index("Was bleibt.")
    assert shown.count("Vertriebssinn.") == 1
    assert book.define("list", "it").listed == ("margin",)
    assert book.define("list dach").listed == book.define("list sales").listed == ("margin",)
    assert book.define("list IT").listed == ()


def test_a_long_list_is_cut_where_it_is_drawn(example: Book) -> None:
    given = example.define("list")
    card = views.answer(example, given, dt.date(2026, 11, 21), most=3)
    lines = plain_lines(card, given.language, more=True)
    assert len([line for line in lines if line.startswith("  •")]) == 3
    assert str(len(given.listed) - 3) in lines[-1]
