"""Answer what is certain, suggest what is near, refuse the rest."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.glossary.book import Book
from bot.glossary.index import Index, Label
from tests.conftest import DATA


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("Lead", ("lead",)),
        ("LEADS", ("lead",)),
        ("leaduebergabe", ("lead-handover",)),
        ("Lead Übergabe", ("lead-handover",)),
        ("M.Q.L.", ("marketing-qualified-lead",)),
        ("mqls", ("marketing-qualified-lead",)),
        ("Konversionsraten", ("conversion-rate",)),
        ("rate bounce", ("bounce-rate",)),
        ("Conversation Rate", ("conversion-rate",)),
        ("SQL", ("sales-qualified-lead", "structured-query-language")),
    ],
)
def test_every_spelling_of_a_label_is_answered(example: Book, query: str, terms: tuple[str, ...]) -> None:
    found = example.index.find(query)
    assert (found.outcome, found.terms, found.corrected) == ("answer", terms, None)


@pytest.mark.parametrize(
    ("query", "term"),
    [
        ("markting qualified led", "marketing-qualified-lead"),
        ("Konversionrate", "conversion-rate"),
        ("Kampange", "campaign"),
        ("click trough rate", "click-through-rate"),
        ("Oppurtunity", "opportunity"),
    ],
)
def test_a_slip_is_corrected_and_said(example: Book, query: str, term: str) -> None:
    found = example.index.find(query)
    assert found.terms == (term,)
    assert found.corrected or query == "Kampange"  # a known misspelling is a label


@pytest.mark.parametrize(
    "query", ["MQP", "SAK", "DQS", "APIS", "R&D", "reads", "lead time", "Öffnungszeiten", "Qhjkw", "лead"]
)
def test_other_words_and_unknown_acronyms_are_not_answered(example: Book, query: str) -> None:
    assert example.index.find(query).outcome != "answer"


def test_a_near_word_is_suggested(example: Book) -> None:
    found = example.index.find("lead magnet")
    assert found.outcome == "suggest"
    assert found.suggestions[0] == "lead"


def test_suggestions_are_three_at_most(example: Book) -> None:
    assert len(example.index.find("rate").suggestions) <= 3


def test_the_goals_of_the_notes_hold_on_real_labels() -> None:
    labels = [json.loads(line) for line in (DATA / "labels.jsonl").read_text("utf-8").splitlines()]
    index = Index(Label(row["label"], row["kind"], row["term"]) for row in labels)
    count: Counter[str] = Counter()
    for line in (DATA / "queries_dev.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        found = index.find(row["q"])
        first = (*found.terms, *found.suggestions, "")[0]
        kind = "yes" if row["expect"] else "near" if row["cls"].startswith("neg_near") else "no"
        count[kind] += 1
        count[f"{kind} first"] += first in row["expect"]
        count[f"{kind} wrong"] += found.outcome == "answer" and found.terms[0] not in row["expect"]
    assert count["yes first"] / count["yes"] >= 0.995
    assert count["yes wrong"] / count["yes"] <= 0.003
    assert count["no wrong"] / count["no"] <= 0.005
    assert count["near wrong"] / count["near"] <= 0.05


@pytest.mark.parametrize(
    "query", ["", " ", "?", "\x00", "\ud800", "😀", "a" * 40_000, "(a+)+$", "{}", "%s"]
)
def test_a_query_that_is_none_is_unknown(example: Book, query: str) -> None:
    found = example.index.find(query)
    assert (found.outcome, found.suggestions) == ("unknown", ())


@given(st.text("aelLdDSQqsüß '-&\u202e\u0301\ud800лä", max_size=40))
@settings(max_examples=300)
def test_any_query_gets_an_outcome(query: str) -> None:
    labels = (Label("Lead", "pref", "lead"), Label("SQL", "abbr", "sql"), Label("Deal", "pref", "deal"))
    found = Index(labels, real_word=lambda _: False).find(query)
    assert (found.outcome == "answer") == bool(found.terms)
    assert (found.outcome == "suggest") == bool(found.suggestions)
