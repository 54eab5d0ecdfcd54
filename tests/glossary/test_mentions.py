"""All terms of a text."""

from itertools import pairwise

import pytest

from bot.glossary.book import Book


def _texts(book: Book, text: str) -> list[str]:
    return [mention.text for mention in book.reader.terms.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Die Leads brauchen eine Leadübergabe.", ["Leads", "Leadübergabe"]),
        (
            "der Marketing-Qualified Lead im Verkaufstrichter",
            ["Marketing-Qualified Lead", "Verkaufstrichter"],
        ),
        ("MQLs und SQLs", ["MQLs", "SQLs"]),
        ("the lead time is long", []),
        ("we are in the lead", []),
        ("please account for the press release", []),
        ("it is IT", []),
        ("A&B, A/B-Test", ["A/B-Test"]),
        ("Lead. Scoring", ["Lead"]),
        ("", []),
    ],
)
def test_longest_names_inflected_forms_and_no_false_friends(
    example: Book, text: str, found: list[str]
) -> None:
    assert _texts(example, text) == found


def test_places_are_exact_and_do_not_overlap(example: Book) -> None:
    text = "Ist ein Lead (MQL) schon eine Verkaufschance? Lead-Scoring sagt: ja."
    mentions = example.reader.terms.find(text)
    assert [text[m.start : m.end] for m in mentions] == [m.text for m in mentions]
    assert all(a.end <= b.start for a, b in pairwise(mentions))


def test_a_homonym_is_found_with_all_its_terms(example: Book) -> None:
    (mention,) = example.reader.terms.find("mein GTM klemmt")
    assert set(mention.terms) == {"go-to-market", "google-tag-manager"}
