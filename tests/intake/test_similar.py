"""Requests that want the same are found, and searching finds exactly what comparing with each finds."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from bot.intake.similar import Requests, Similar, Wanted, likeness, wanted, words
from bot.intake.usecase import read
from tests.intake.examples import EXAMPLES
from tests.intake.requests import auc, labelled, pairs

WORDS = st.text("ab ", max_size=8)
REQUESTS = st.lists(
    st.builds(
        Wanted,
        st.just(""),
        WORDS,
        st.frozensets(st.sampled_from(["crm", "cms", "erp"])),
        st.sampled_from([None, "x", "y"]),
    ),
    max_size=12,
).map(lambda requests: [replace(one, id=f"R{at}") for at, one in enumerate(requests)])


def naive(requests: list[Wanted], to: Wanted, at_least: float) -> list[Similar]:
    """Compare with each."""
    scored = [Similar(one.id, likeness(to, one)) for one in requests if one.id != to.id]
    return sorted((one for one in scored if one.score >= at_least), key=lambda one: -one.score)[:3]


@settings(max_examples=500, deadline=None)
@given(REQUESTS, REQUESTS, st.sampled_from([0.0, 0.15, 0.4, 0.45, 0.5, 0.72, 1.0]))
def test_the_same_as_comparing_with_each(
    requests: list[Wanted], asked: list[Wanted], at_least: float
) -> None:
    prepared = Requests(requests)
    for to in (replace(one, id="new") for one in asked):
        assert prepared.similar(to, at_least) == naive(requests, to, at_least)


def test_equals_at_the_threshold_are_not_lost() -> None:
    """The ratio of the third is exactly what it needs."""
    requests = [
        Wanted("R0", "aa"),
        Wanted("R1", "aa"),
        Wanted("R2", "aaaaaa", frozenset({"crm"})),
        Wanted("R3", "aa"),
    ]
    to = Wanted("new", "aaaaab")
    assert Requests(requests).similar(to, 0.0) == naive(requests, to, 0.0)


def test_a_request_is_not_similar_to_itself() -> None:
    one = Wanted("R1", "webinar leads", frozenset({"crm"}), "x")
    other = replace(one, id="R2")
    assert [found.id for found in Requests([one, other]).similar(one, 0.5)] == ["R2"]


def test_the_formula() -> None:
    one = Wanted("R1", "webinar leads crm", frozenset({"a", "b"}), "x")
    other = Wanted("R2", "leads webinar crm", frozenset({"b", "c"}), "x")
    assert likeness(one, other) == pytest.approx(0.45 + 0.30 / 3 + 0.25)
    empty = Wanted("R3", "ganz anders")
    assert likeness(empty, Wanted("R4", "")) == pytest.approx(0.15)


def test_ordinary_words_do_not_count() -> None:
    assert (
        words("Wir brauchen dringend ein neues Tool für die <b>Webinare</b>!") == "dringend tool webinare"
    )
    assert words("We would like to have HubSpot, please.") == "hubspot"


def test_what_a_use_case_wants() -> None:
    case = read((EXAMPLES / "usecase.json").read_text())
    asked = wanted(case)
    assert asked.systems == {"evalanche", "typo3", "salesforce", "gotowebinar"}
    assert asked.capability == "marketing_automation"
    assert asked.text.startswith("webinar kaufinteresse")
    other = read(json.dumps(json.loads(case.text()) | {"solution_hint": {}, "capability": "crm"}))
    assert wanted(other).capability == "crm"


def test_guided_fields_tell_what_texts_do_not() -> None:
    """Text alone is hardly better than chance where it is hard to tell; together it is good."""
    near = [pair for pair in pairs() if pair.near]
    assert auc(near, likeness) >= 0.9
    assert auc(near, lambda one, other: fuzz.token_set_ratio(one.text, other.text)) < 0.65
    assert sum(pair.same for pair in near) >= 18


def test_most_requests_find_their_like() -> None:
    needs = {one.id: need for need, one in labelled()}
    prepared = Requests(one for _, one in labelled())
    found = [any(needs[like.id] == need for like in prepared.similar(one, 0.5)) for need, one in labelled()]
    assert sum(found) / len(found) >= 0.75
