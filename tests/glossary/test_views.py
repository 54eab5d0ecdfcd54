"""Cards: the important things first, in both languages, user text literal."""

import datetime as dt

import pytest

from bot.chat.ui import Bullets, Card, Element, Expandable, Facts, Table, Text
from bot.cli.terminal import plain_lines
from bot.glossary import views
from bot.glossary.book import Book
from bot.i18n import say

TODAY = dt.date(2026, 11, 22)


def _card(book: Book, text: str, department: str | None = None, language: str = "de") -> Card:
    return views.answer(book, book.define(text, department, language), TODAY)


def _all(card: Card, language: str = "de") -> str:
    return "\n".join(plain_lines(card, language, more=True))


def _titles(elements: tuple[Element, ...]) -> list[str]:
    return [element.title for element in elements if isinstance(element, Expandable)]


def test_marketing_and_sales_read_different_meanings_first(example: Book) -> None:
    lead = example.glossary.terms["lead"]
    for department in ("marketing", "sales"):
        sense = lead.sense(department)
        assert sense is not None
        texts = [
            element.text
            for element in _card(example, "lead", department).elements
            if isinstance(element, Text)
        ]
        assert texts.index(sense.definition["de"]) < texts.index(lead.definition["de"])


def test_without_a_department_the_agreed_meaning_comes_first(example: Book) -> None:
    plain = [e for e in _card(example, "lead").elements if isinstance(e, Text) and e.style == "plain"]
    assert plain[0].text == example.glossary.terms["lead"].definition["de"]


def test_an_open_objection_names_who_and_since_when(example: Book) -> None:
    assert "(Vertrieb, sales owner, seit 02.10.2026)" in _all(_card(example, "lead"))
    assert "(Sales, sales owner, since 2 October 2026)" in _all(_card(example, "lead", language="en"), "en")


@pytest.mark.parametrize(("language", "owner"), [("de", "Verantwortung Vertrieb"), ("en", "Sales owner")])
def test_an_owner_is_called_by_a_name_not_by_an_id(shipped: Book, language: str, owner: str) -> None:
    assert f", {owner}, " in _all(_card(shipped, "lead", language=language), language)


def test_no_card_shows_the_id_of_an_owner(shipped: Book) -> None:
    names = {actor.partition(":")[2] for actor in shipped.glossary.glossary.owners}
    for id_ in shipped.glossary.terms:
        said = _all(_card(shipped, id_))
        assert not [name for name in names if name in said], id_


def test_a_kpi_shows_formula_unit_source_and_limits_on_demand(example: Book) -> None:
    card = _card(example, "Konversionsrate")
    kpi = next(e for e in card.elements if isinstance(e, Expandable) and e.title == say("de", "answer.kpi"))
    facts = next(e for e in kpi.elements if isinstance(e, Facts))
    assert [name for name, _ in facts.rows][:3] == ["Formel", "Einheit", "Quelle"]


def test_what_was_asked_for_is_not_hidden(example: Book) -> None:
    given = example.ask("wie berechnen wir die Konversionsrate?")
    card = views.answer(example, given, TODAY)
    assert say("de", "answer.kpi") not in _titles(card.elements)
    assert any(isinstance(element, Facts) for element in card.elements[:5])


def test_an_aspect_that_nobody_recorded_is_said(example: Book) -> None:
    given = example.ask("wie berechnen wir einen Interessenten?")
    assert given.terms == ("prospect",)
    assert say("de", "answer.none_of_this", label="Interessent") in _all(
        views.answer(example, given, TODAY)
    )


def test_an_overdue_review_is_said(example: Book) -> None:
    assert "überfällig" in _all(_card(example, "Konversionsrate"))
    assert "überfällig" not in _all(_card(example, "lead"))


def test_a_correction_is_always_said(example: Book) -> None:
    lines = _all(_card(example, "markting qualified led"))
    assert "(für «markting qualified led»)" in lines


def test_a_deprecated_term_names_its_heir(example: Book) -> None:
    heir = example.glossary.terms["hot-lead"].replaced_by
    assert heir
    assert example.label(heir, "de") in _all(_card(example, "Hot Lead")).split("Gemeinsam")[0]


def test_homonyms_are_all_answered(example: Book) -> None:
    lines = _all(_card(example, "SQL", "it"))
    assert lines.index("Structured Query Language") < lines.index("Sales Qualified Lead")


def test_a_comparison_stands_side_by_side_with_the_difference_once(example: Book) -> None:
    card = _card(example, "MQL vs SAL", "sales")
    table = next(element for element in card.elements if isinstance(element, Table))
    assert table.columns[1:] == ("Marketing Qualified Lead", "Sales Accepted Lead")
    card = _card(example, "lead vs prospect")
    told = next(element for element in card.elements if isinstance(element, Bullets))
    assert len(told.items) == len(set(told.items)) == 1


def test_many_compared_terms_stand_below_each_other(example: Book) -> None:
    card = _card(example, "Lead vs MQL vs SAL vs Prospect vs Account")
    assert not any(isinstance(element, Table) for element in card.elements)
    facts = [element for element in card.elements if isinstance(element, Facts)]
    strong = [e.text for e in card.elements if isinstance(e, Text) and e.style == "strong"]
    labels = ["Lead", "Marketing Qualified Lead", "Sales Accepted Lead", "Prospect", "Account"]
    assert strong[1:] == [example.label(example.define(name).terms[0], "de") for name in labels]
    assert all(each.rows[0][0] == say("de", "compare.definition") for each in facts)
    assert "–" not in {value for each in facts for _, value in each.rows}


def test_two_names_of_one_thing_are_said_to_be_one(example: Book) -> None:
    assert _card(example, "CPM vs TKP").summary == say(
        "de", "compare.same", label=example.label("cost-per-mille", "de")
    )


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_unknown_repeats_what_was_understood_and_suggests(example: Book, language: str) -> None:
    card = _card(example, "lead magnet", language=language)
    assert "lead magnet" in card.summary
    assert any(isinstance(element, Bullets) for element in card.elements)
    assert "Quorx" in _card(example, "Quorx", language=language).summary


@pytest.mark.parametrize(
    "hostile", ["<!channel>", "@everyone {0} %s", "<script>x</script>y", "*bold*", "\u202elead\u202c x"]
)
def test_what_a_person_typed_stays_literal_and_short(example: Book, hostile: str) -> None:
    lines = _all(_card(example, f"Quorx {hostile}" * 20))
    assert "\u202e" not in lines
    assert len(lines) < 600


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_term_makes_a_card_in_every_language_and_department(
    example: Book, shipped: Book, language: str
) -> None:
    for book in (example, shipped):
        for id_ in book.glossary.terms:
            for department in (None, *book.glossary.glossary.departments):
                given = book.define(book.label(id_, language), department, language)
                assert id_ in given.terms
                assert views.answer(book, given, TODAY).summary


def test_help_names_the_newest_terms(shipped: Book) -> None:
    assert shipped.label(shipped.newest()[0], "de") in _all(views.help_card(shipped, "de"))
