"""What a person in a department gets."""

import pytest

from bot.glossary.book import Book, UnknownDepartment
from bot.glossary.model import Glossary

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
