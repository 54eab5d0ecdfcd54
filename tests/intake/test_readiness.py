"""The readiness score: the customer's six sets of answers, and what earns no points."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from bot.intake.coach import Coach
from bot.intake.conditions import UNKNOWN, Answer, Fact, holds
from bot.intake.file import load
from bot.intake.model import Flow
from bot.intake.readiness import Fired, Readiness, band_of, readiness
from tests.intake.coaching import EXAMPLES, coach_for_tests

FLOWS = load(EXAMPLES / "intake_flows").flows
CASES: dict[str, Any] = json.loads((EXAMPLES / "intake_answers.json").read_text("utf-8"))["cases"]
FLOW = FLOWS["marketing_request"]
# what the landscape says about the systems of a set of answers: only the worked example misses an interface
MISSING = {"worked_de": ("gotowebinar-evalanche",), "worked_en": ("gotowebinar-evalanche",)}


@pytest.fixture(scope="module")
def coach() -> Coach:
    return coach_for_tests()


def facts_of(name: str) -> dict[str, Fact]:
    """The facts of a case by their full names."""
    facts = {
        f"{subject}.{key}": tuple(value) if isinstance(value, list) else value
        for subject, entries in CASES[name]["facts"].items()
        for key, value in entries.items()
    }
    return facts | {"interfaces.missing": MISSING.get(name, ())}


def stands(
    flow: Flow, given: Mapping[str, Any], facts: Mapping[str, Fact]
) -> tuple[set[str], dict[str, Answer]]:
    """Which questions are shown, and the answers that count, read from top to bottom."""
    shown: set[str] = set()
    values: dict[str, Answer | Fact] = dict(facts)
    answers: dict[str, Answer] = {}
    for step in flow.steps:
        step_shown = holds(step.show_if, values)
        for question in step.questions:
            answer = given.get(question.id)
            if step_shown and holds(question.show_if, values):
                shown.add(question.id)
            elif question.fallback:
                answer = given.get(question.fallback)
            else:
                continue
            if answer and answer != UNKNOWN:
                answers[question.id] = tuple(answer) if isinstance(answer, list) else answer
                values[question.id] = answers[question.id]
    return shown, answers


def score(coach: Coach, name: str, **changed: Any) -> Readiness:
    """The readiness of a case, some of its answers replaced."""
    case = CASES[name]
    flow = FLOWS[case["flow"]]
    shown, answers = stands(flow, case["answers"] | changed, facts_of(name))
    found = readiness(flow, shown, answers, coach.fired(flow, answers, language=case["language"]))
    assert found is not None
    return found


@pytest.mark.parametrize("name", CASES)
def test_the_customers_cases_have_the_expected_score(coach: Coach, name: str) -> None:
    found, expected = score(coach, name), CASES[name]["expect"]
    assert (found.score, found.band) == (expected["readiness"], expected["band"])


def test_an_owner_adds_its_points_to_a_bare_wish(coach: Coach) -> None:
    assert score(coach, "bare_de", owner="person:1").score == 5


def test_nothing_missing_between_no_systems_earns_nothing(coach: Coach) -> None:
    open_ids = {criterion.id for criterion in score(coach, "bare_de").open}
    assert {"systems_named", "data_flow_clear"} <= open_ids


def test_what_is_open_would_add_up_to_a_hundred(coach: Coach) -> None:
    for name in CASES:
        found = score(coach, name)
        assert found.score + found.deducted + sum(one.points for one in found.open) == 100


def test_the_most_helpful_criterion_comes_first(coach: Coach) -> None:
    points = [criterion.points for criterion in score(coach, "bare_de").open]
    assert points == sorted(points, reverse=True)
    assert points[0] == 15


def test_a_clear_sentence_brings_points_back(coach: Coach) -> None:
    weak = score(coach, "weak_de")
    better = score(
        coach,
        "weak_de",
        requirement="Der Vertrieb sieht neue Leads am selben Tag.",
        action="Das CRM legt Leads an.",
    )
    assert weak.deducted == 4
    assert (better.deducted, better.score) == (0, weak.score + 4 + 10)


def test_unknown_is_no_answer() -> None:
    shown = {question.id for question in FLOW.questions}
    assert scored({"owner": UNKNOWN, "systems": (UNKNOWN,)}, shown).score == 0
    assert scored({"owner": "  "}, shown).score == 0


def test_no_more_is_taken_than_was_earned() -> None:
    shown = {question.id for question in FLOW.questions}
    rules: Fired = {
        "action": {"passive", "vague_word", "compound", "open_list"},
        "wish": {"vague_word", "compound"},
    }
    found = scored({"action": "wird gemacht", "wish": "besser", "owner": "person:1"}, shown, rules)
    assert (found.score, found.deducted) == (0, 5)


def test_at_most_ten_points_are_taken(coach: Coach) -> None:
    hints: Fired = {
        "wish": {"vague_word", "compound"},
        "requirement": {"vague_word", "compound", "open_list"},
        "action": {"passive", "compound", "vague_word", "open_list"},
    }
    case = CASES["worked_de"]
    shown, answers = stands(FLOW, case["answers"], facts_of("worked_de"))
    found = readiness(FLOW, shown, answers, hints)
    assert found is not None
    assert found.deducted == 10
    assert found.score == 95 - 10 - 10  # the action does not say who acts


def test_a_hint_that_the_question_does_not_list_costs_nothing() -> None:
    shown = {question.id for question in FLOW.questions}
    fired: Fired = {"benefit": {"universal"}}
    assert scored({"owner": "person:1", "benefit": "x"}, shown, fired).score == 15


def test_a_flow_without_a_rubric_has_no_score() -> None:
    bare = FLOW.model_copy(update={"review": FLOW.review.model_copy(update={"readiness": None})})
    assert readiness(bare, set(), {}, {}) is None


@pytest.mark.parametrize(
    ("points", "band"),
    [(0, "idea"), (39, "idea"), (40, "discuss"), (69, "discuss"), (70, "ready"), (100, "ready")],
)
def test_bands(points: int, band: str) -> None:
    assert band_of(points) == band


def scored(answers: Mapping[str, Answer], shown: set[str], fired: Fired | None = None) -> Readiness:
    found = readiness(FLOW, shown, answers, fired or {})
    assert found is not None
    return found
