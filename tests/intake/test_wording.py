"""What the engine says by key, in words."""

from typing import get_args

import pytest

from bot.i18n import LANGUAGES, sentences
from bot.intake.answers import Problem, ProblemKey
from bot.intake.conditions import UNKNOWN
from bot.intake.names import Names
from bot.intake.wording import Wording
from tests.intake.examples import intake
from tests.intake.small import flow

MARKETING = intake().flows["marketing_request"]
NAMES = Names(
    person=lambda one: {"person:7": "Anna"}.get(one, one),
    system=lambda one: {"evalanche": "Evalanche"}.get(one, one),
    term=lambda one: {"conversion-rate": "Konversionsrate"}.get(one, one),
    department=str.upper,
)
GERMAN = Wording(MARKETING, "de", NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", get_args(ProblemKey))
def test_every_problem_has_a_sentence(key: ProblemKey, language: str) -> None:
    values = {"limit": "3", "length": "4", "min": "1", "max": "2", "date": "2027-03-12", "name": "X"}
    data_class = MARKETING.question("data_class")
    assert data_class
    said = Wording(MARKETING, language).problem(data_class, Problem(key, values | {"option": "none"}))
    assert said.strip()
    assert "{" not in said


def test_no_sentence_about_problems_is_left_over() -> None:
    known = {
        key.removeprefix("intake.error.") for key in sentences("de") if key.startswith("intake.error.")
    }
    assert known == set(get_args(ProblemKey))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("data_class", "business", "Geschäftliche Kontaktdaten"),
        ("data_class", UNKNOWN, "Weiss ich noch nicht"),
        ("data_class", "gone", "gone"),
        ("systems", ("evalanche", "other:Neu"), "Evalanche, Neu"),
        ("access", ("sales", "customers"), "Vertrieb, Kundinnen und Kunden"),
        ("deadline", "2027-03-12", "12.03.2027"),
        ("owner", "person:7", "Anna"),
        ("action", "{wish} {0}", "{wish} {0}"),
        ("detected.product", "HubSpot", "HubSpot"),
        ("interfaces.missing", ("a → b", "c → d"), "a → b, c → d"),
        ("detected.tool_wish", True, ""),
        ("nothing", None, ""),
    ],
)
def test_answers_and_facts_in_words(name: str, value: str | tuple[str, ...] | None, said: str) -> None:
    assert GERMAN.value(name, value) == said


def test_terms_and_departments_have_names() -> None:
    of = flow(
        [
            {"id": "q1", "type": "multiselect", "options_from": "glossary.kpis"},
            {"id": "q2", "type": "dropdown", "options_from": "departments"},
        ]
    )
    words = Wording(of, "de", NAMES)
    assert words.value("q1", ("conversion-rate",)) == "Konversionsrate"
    assert words.value("q2", "it") == "IT"


def test_a_text_is_filled_once_and_in_the_address_of_the_flow() -> None:
    texts = {"de": "Du: {wish}", "de_neutral": "Neutral: {wish}", "en": "You: {wish}"}
    assert GERMAN.text(texts, {"wish": "{owner} {wish}"}) == "Du: {owner} {wish}"
    neutral = MARKETING.model_copy(update={"address": "neutral"})
    assert Wording(neutral, "de").text(texts) == "Neutral: "
    assert Wording(neutral, "en").text(texts, {"wish": "x"}) == "You: x"


def test_a_problem_names_what_was_chosen_and_the_day() -> None:
    data_class = MARKETING.question("data_class")
    assert data_class
    assert GERMAN.problem(data_class, Problem("exclusive", {"option": "none"})).startswith(
        "«Keine Personendaten» geht nur allein."
    )
    assert GERMAN.problem(data_class, Problem("date_max", {"date": "2027-03-12"})) == (
        "Bitte spätestens 12.03.2027."
    )
