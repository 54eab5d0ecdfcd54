"""The use case: built from answers, byte for byte the same, readable, and nothing hidden in it."""

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from bot.intake.conditions import UNKNOWN
from bot.intake.landscape import facts as landscape_facts
from bot.intake.landscape import interfaces
from bot.intake.result import build, sought
from bot.intake.rules import consequences
from bot.intake.similar import wanted
from bot.intake.standing import Standing, standing
from bot.intake.state import State
from bot.intake.usecase import (
    COMPUTED,
    Readiness,
    Term,
    UseCase,
    UseCaseUnreadable,
    at,
    read,
    schema_text,
)
from bot.intake.wording import Wording
from tests.intake.examples import EXAMPLES, answers, around, cases, draft, intake
from tests.intake.small import flow
from tests.intake.test_flow import AROUND

EXAMPLE = json.loads((EXAMPLES / "usecase.json").read_text())
TERMS = [
    Term(text="Lead-Reaktionszeit", term="lead-response-time", sense="agreed", in_="kpi.text"),
    Term(text="MQL", term="marketing-qualified-lead", sense="agreed", in_="kpi.text"),
]


def built(name: str, **changed: Any) -> UseCase:
    """The use case of one of the six examples, with some answers changed."""
    case = cases()[name]
    landscape = intake().landscape

    def analyse(texts: tuple[str, ...]) -> Any:
        return landscape_facts(landscape, texts, interfaces(landscape, texts))

    of = intake().flows[case["flow"]]
    state = replace(draft(case), answers=answers(case) | changed)
    now = standing(of, state, replace(around(case), interfaces=analyse))
    systems = now.answers.get("systems", ())
    return build(
        Wording(of, case["language"]),
        now,
        number="REQ-42",
        requester="person:7",
        interfaces=interfaces(landscape, systems) if isinstance(systems, tuple) and systems else None,
        terms=TERMS if name == "worked_de" else (),
        readiness=Readiness(score=95, band="ready", open=("access_place",)),
    )


@pytest.mark.parametrize("name", list(cases()))
def test_what_a_draft_wants_is_what_its_use_case_wants(name: str) -> None:
    case = cases()[name]
    of = intake().flows[case["flow"]]
    now = standing(of, draft(case), around(case))
    assert sought(of, now) == replace(wanted(built(name)), id="")


def test_the_worked_example_is_built_exactly() -> None:
    made = built("worked_de").data()
    assert made.pop("requester") == "person:7"
    assert made == EXAMPLE
    assert list(made) == list(EXAMPLE)


def test_the_example_can_be_read_and_follows_the_schema() -> None:
    assert read(json.dumps(EXAMPLE)).data() == EXAMPLE
    jsonschema.validate(EXAMPLE, json.loads(schema_text()))


def test_the_published_schema_is_the_one_of_the_code() -> None:
    published = EXAMPLES.parents[2] / "bot" / "intake" / "usecase.schema.json"
    assert published.read_text(encoding="utf-8") == schema_text(), (
        "python -m bot.intake.usecase > bot/intake/usecase.schema.json"
    )


@pytest.mark.parametrize("name", cases())
def test_the_same_bytes_again_and_after_reading(name: str) -> None:
    text = built(name).text()
    assert built(name).text() == text
    assert read(text).text() == text
    jsonschema.validate(json.loads(text), json.loads(schema_text()))


def test_the_order_of_answers_does_not_matter() -> None:
    case = cases()["worked_de"]
    reordered = dict(reversed(answers(case).items()))
    of = intake().flows[case["flow"]]
    made = [
        build(
            Wording(of, "de"),
            standing(of, State(of.id, 3, None, given), around(case)),
            number="REQ-1",
            requester="person:1",
        ).text()
        for given in (answers(case), reordered)
    ]
    assert made[0] == made[1]


def test_wish_requirement_and_idea_are_three_fields() -> None:
    made = built("worked_en")
    assert made.original_wish == "We need HubSpot"
    assert made.requirement == cases()["worked_en"]["answers"]["requirement"]
    assert made.solution_hint
    assert made.solution_hint.product == "HubSpot"


def test_without_a_tool_wish_the_requirement_is_the_wish() -> None:
    made = built("no_wish_de")
    assert made.requirement == made.original_wish
    assert made.solution_hint is None


def test_what_a_flow_maps_elsewhere_is_kept_in_its_order() -> None:
    made = built("data_request_de", period="custom", period_from="2026-01-01", period_to="2026-06-30")
    data = at(made.data(), "data")
    assert isinstance(data, dict)
    assert data["kpis"] == ["conversion-rate"]
    assert data["period"] == {"kind": "custom", "from": "2026-01-01", "to": "2026-06-30"}
    assert list(data)[:2] == ["decision", "consequence"]
    assert at(made.data(), "privacy.level") == "totals"
    assert at(made.data(), "data.kpis.x") is None


def test_nothing_hidden_and_nothing_unknown_is_in_it() -> None:
    made = built("worked_de")
    assert "fit_gap" not in made.text()
    assert UNKNOWN not in made.text()
    assert at(made.data(), "privacy.location") is None


def test_open_questions_go_to_whom_the_flow_says() -> None:
    made = built("weak_de", trigger="", data_class=UNKNOWN)
    asked = {one.question: one.ask for one in made.open_questions}
    assert asked["trigger"] == "role:campaign_lead"  # the owner
    assert asked["data_class"] == "role:privacy"
    nobody = {one.question: one.ask for one in built("bare_de").open_questions}
    assert nobody["trigger"] == "person:7"  # the requester, as long as there is no owner


def test_rules_add_labels_stakeholders_questions_and_a_route() -> None:
    made = built(
        "worked_de",
        data_location="other",
        access=("agency",),
        tool_preference="decided",
        existing_fit="fits",
        stakeholders=("role:privacy",),
    )
    assert made.labels == ("datenschutz", "drittland", "it-spaet-eingebunden")
    assert made.stakeholders_added == ("role:security",)  # privacy was named already
    assert [(one.text, one.source) for one in made.open_questions if one.source == "rule"] == [
        ("Auf welcher Grundlage dürfen die Daten ins Ausland?", "rule")
    ]
    assert (made.routing.route, made.routing.queue) == ("enablement", "enablement")


def test_rules_see_no_hidden_answer() -> None:
    """The place of the data is hidden without personal data, so its rule has no say."""
    made = built("worked_de", data_class="none", data_location="other")
    assert made.labels == ()


def test_consequences_carry_the_promises_and_each_thing_once() -> None:
    of = intake().flows["marketing_request"]
    found = consequences(of, Standing((), {"tool_preference": "decided"}, {}, (), {}))
    assert found.notify == ("role:it_lead",)
    assert found.promises is of.sla
    doubled = of.model_copy(update={"rules": [*of.rules, *of.rules]})
    assert consequences(doubled, Standing((), {"tool_preference": "decided"}, {}, (), {})) == found


@pytest.mark.parametrize(
    ("impact", "date", "reason", "urgency", "suggested"),
    [
        ("company", "2027-01-01", "Neue Gesetzesänderung gilt", "obligation", "P1"),
        ("company", "2027-01-01", "Messe", "date_with_reason", "P2"),
        ("department", "2027-01-01", "Audit by the authority", "obligation", "P2"),
        ("department", "2027-01-01", "Messe", "date_with_reason", "P3"),
        ("department", "2027-01-01", "Fix the flaw before the fair", "date_with_reason", "P3"),
        ("department", "2027-01-01", "Die Mietverträge laufen aus", "obligation", "P2"),
        ("department", "2027-01-01", "DSGVO-Frist", "obligation", "P2"),
        ("company", "", "", "none", "P3"),
        ("team", "2027-01-01", "Messe", "date_with_reason", "P4"),
        ("team", "", "", "none", "P4"),
    ],
)
def test_the_priority_that_is_suggested(
    impact: str, date: str, reason: str, urgency: str, suggested: str
) -> None:
    made = built("worked_de", impact=impact, deadline=date, deadline_reason=reason).priority
    assert made
    assert (made.urgency, made.suggested) == (urgency, suggested)


def test_a_flow_that_maps_oddly_still_makes_a_use_case() -> None:
    """Such a file is refused by the check; a draft on it must not be lost all the same."""
    ours = [{"id": f"c{at}", "maps_to": path} for at, path in enumerate(sorted(COMPUTED))]
    odd = flow(
        [
            {"id": "q1", "maps_to": "privacy"},
            {"id": "q2", "maps_to": "privacy.location"},
            {"id": "q3", "type": "multiselect", "options": ["a", "b"], "maps_to": "requirement"},
            {"id": "q4", "maps_to": "stakeholders"},
            {"id": "q5", "maps_to": "kpi"},
        ],
        ours[:10],
        ours[10:],
    )
    given: dict[str, Any] = {f"q{at}": "x" for at in (1, 2, 4, 5)} | {"q3": ("a", "b")}
    given |= {f"c{at}": "mine" for at in range(len(COMPUTED))}
    now = standing(odd, State("small", 1, None, given), AROUND)
    made = build(Wording(odd, "de"), now, number="REQ-1", requester="person:7")
    assert at(made.data(), "privacy") == {"location": "x", "text": "x"}
    assert made.requirement == "a, b"
    assert made.stakeholders == ("x",)
    assert at(made.data(), "kpi.text") == "x"
    assert at(made.data(), "more") == {f"c{at}": "mine" for at in range(len(COMPUTED))}
    assert made.text().count("mine") == len(COMPUTED)


def test_something_else_is_sent_bare() -> None:
    made = built("worked_de", access=("marketing",), systems=("evalanche", "other:Neues Ding"))
    assert made.landscape
    assert made.landscape.systems == ("evalanche", "Neues Ding")


def test_a_use_case_of_the_future_is_not_guessed_at() -> None:
    with pytest.raises(UseCaseUnreadable):
        read(json.dumps(EXAMPLE | {"schema": "intake.usecase/2"}))
