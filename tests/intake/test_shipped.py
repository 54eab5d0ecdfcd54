"""The files in `intake_flows/`: right, in both languages and addresses, and better than the examples."""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.files.source import read
from bot.glossary.book import Book
from bot.intake.answers import Problem, problem
from bot.intake.check import Known, check
from bot.intake.choose import chosen
from bot.intake.conditions import Answer, Fact, holds
from bot.intake.file import Intake, load
from bot.intake.model import Flow, Question, Rule
from bot.intake.outline import texts
from bot.intake.state import Surroundings
from bot.people.roles import load_roles
from tests.conftest import ROOT
from tests.intake.folders import TODAY

FOLDER = ROOT / "intake_flows"
FLOWS = ("marketing_request", "data_request")
Values = Mapping[str, Answer | Fact]


@pytest.fixture(scope="module")
def intake() -> Intake:
    """What is shipped."""
    return load(FOLDER)


@pytest.fixture(scope="module")
def marketing(intake: Intake) -> Flow:
    return intake.flows["marketing_request"]


@pytest.fixture(scope="module")
def data(intake: Intake) -> Flow:
    return intake.flows["data_request"]


def question(flow: Flow, id_: str) -> Question:
    """A question that must be there."""
    found = flow.question(id_)
    assert found is not None
    return found


def values_of(flow: Flow, id_: str) -> set[str]:
    """What can be chosen."""
    return {option.value for option in question(flow, id_).options or ()}


def label(flow: Flow, id_: str, value: str) -> Mapping[str, str]:
    """The texts of an option."""
    return next(option.label for option in question(flow, id_).options or () if option.value == value)


def asked(flow: Flow, values: Values) -> list[str]:
    """The questions that are shown for answers and facts."""
    return [
        one.id
        for step in flow.steps
        if holds(step.show_if, values)
        for one in step.questions
        if holds(one.show_if, values)
    ]


def following(flow: Flow, values: Values) -> list[Rule]:
    """The rules that apply."""
    return [rule for rule in flow.rules if holds(rule.when, values)]


def labels(flow: Flow, values: Values) -> set[str | None]:
    return {rule.do.add_label for rule in following(flow, values)} - {None}


def stakeholders(flow: Flow, values: Values) -> set[str | None]:
    return {rule.do.add_stakeholder for rule in following(flow, values)} - {None}


def test_they_are_right(shipped: Book) -> None:
    terms = shipped.glossary.terms
    kpis = [id_ for id_, term in terms.items() if term.kind == "kpi"]
    known = Known({"departments": list(shipped.glossary.glossary.departments), "glossary.kpis": kpis})
    assert kpis
    assert check(FOLDER, TODAY, known) == []


@pytest.mark.parametrize("name", FLOWS)
def test_they_can_be_switched_to_a_neutral_address(tmp_path: Path, name: str) -> None:
    for file in FOLDER.glob("*.yaml"):
        text = file.read_text("utf-8")
        (tmp_path / file.name).write_text(re.sub(r"address: du\b", "address: neutral", text), "utf-8")
    assert load(tmp_path).flows[name].address == "neutral"
    assert check(tmp_path, TODAY) == []


@pytest.mark.parametrize("file", [*(f"{name}.yaml" for name in FLOWS), "landscape.yaml"])
def test_the_spelling_is_swiss(file: str) -> None:
    names = frozenset({"label", "hint", "placeholder", "title", "intro", "description", "text", "data"})
    german = [node.text(key) for node in texts(read(FOLDER / file).data, (), names) for key in node.data]
    assert [text for text in german if re.search("ß", text)] == []
    assert not re.search("[ß„]", (FOLDER / file).read_text("utf-8"))


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.name)
def test_every_file_begins_with_what_it_is_for_in_both_languages(file: Path) -> None:
    head = [line for line in file.read_text("utf-8").splitlines()[:45] if line.startswith("#")]
    assert any("Prüfen:" in line for line in head)
    assert any("Check:" in line for line in head)


def test_somebody_stands_behind_every_role() -> None:
    roles = load_roles(FOLDER / "roles.yaml")
    named = set(re.findall(r"role:([a-z_]+)", "".join(f.read_text("utf-8") for f in FOLDER.glob("*.yaml"))))
    assert {"works_council", "privacy", "security", "it_lead"} <= named
    assert [name for name in named - {"name"} if not roles.emails(f"role:{name}")] == []


def test_the_command_alone_offers_both_and_free_text_is_a_wish(intake: Intake) -> None:
    flows = list(intake.flows.values())
    picked = {
        text: flow and flow.id
        for text in ("", "daten", "Report: Wie viele?", "Daten ins CRM bringen", "Wir brauchen HubSpot")
        for flow, _ in [chosen(flows, "/request", text)]
    }
    assert list(picked.values()) == [None, "data_request", "data_request", *["marketing_request"] * 2]


# --- what the examples got wrong


def test_the_first_wish_is_never_too_short(marketing: Flow, data: Flow) -> None:
    assert "too_short" not in question(marketing, "wish").coach
    assert "too_short" not in question(data, "question").coach


@pytest.mark.parametrize("name", FLOWS)
def test_business_contacts_are_personal_data(intake: Intake, name: str) -> None:
    flow = intake.flows[name]
    assert label(flow, "data_class", "business")["de"] == "Berufliche Kontaktdaten (auch Personendaten)"
    values: Values = {"data_class": ("business",), "person_level": "people"}
    assert "datenschutz" in labels(flow, values)
    assert "role:privacy" in stakeholders(flow, values)
    assert "legal_basis" in asked(flow, values)


def test_no_personal_data_needs_no_basis(marketing: Flow) -> None:
    values = {"data_class": ("none",)}
    assert not {"legal_basis", "sensitive_basis", "data_location"} & set(asked(marketing, values))
    assert labels(marketing, values) == set()
    assert {one.value for one in question(marketing, "data_class").options or () if one.exclusive} == {
        "none"
    }


@pytest.mark.parametrize("name", FLOWS)
def test_data_of_employees_concern_the_works_council(intake: Intake, name: str) -> None:
    values = {"data_class": ("business", "employees")}
    assert "role:works_council" in stakeholders(intake.flows[name], values)
    assert "role:works_council" not in stakeholders(intake.flows[name], {"data_class": ("business",)})


@pytest.mark.parametrize("name", FLOWS)
def test_sensitive_data_have_a_basis_of_their_own(intake: Intake, name: str) -> None:
    flow = intake.flows[name]
    shown = asked(flow, {"data_class": ("business", "sensitive")})
    assert "sensitive_basis" in shown
    assert "legal_basis" not in shown
    assert values_of(flow, "sensitive_basis") == {"explicit_consent", "legal_duty", "processor"}
    assert {"interest", "contract", "legal_duty", "processor"} < values_of(flow, "legal_basis")


def test_the_place_of_the_data(marketing: Flow) -> None:
    assert label(marketing, "data_location", "eea_ch")["de"] == "EU/EWR oder Schweiz"
    assert label(marketing, "data_location", "third_country")["de"].startswith("Drittland")
    assert "drittland" in labels(marketing, {"data_class": ("business",), "data_location": "third_country"})


def test_the_place_of_the_data_comes_from_the_landscape_too(intake: Intake, marketing: Flow) -> None:
    webinar = intake.landscape.system("gotowebinar")
    assert webinar is not None
    assert webinar.third_country
    abroad: dict[str, Answer | Fact] = {"landscape.third_country": (webinar.name,)}
    assert "drittland" in labels(marketing, {**abroad, "data_class": ("business",)})
    assert "drittland" not in labels(marketing, {**abroad, "data_class": ("none",)})
    both = {**abroad, "data_class": ("business",), "data_location": "third_country"}
    questions = [rule.do.add_open_question for rule in following(marketing, both)]
    assert len([one for one in questions if one and "Drittland" in one.text["de"]]) == 1


def test_who_needs_no_new_tool_skips_the_needless_pages(marketing: Flow) -> None:
    values: Values = {"detected.tool_wish": True, "detected.existing_system": True, "existing_fit": "fits"}
    assert [one for one in asked(marketing, values) if not one.endswith("note")] == [
        "wish",
        "requirement",
        "existing_fit",
        "deadline",
        "impact",
        "owner",
        "stakeholders",
    ]
    assert marketing.review.readiness
    assert not holds(marketing.review.readiness.show_if, values)
    assert [rule.do.route for rule in following(marketing, values)] == ["enablement"]


@pytest.mark.parametrize("fit", ["gap", None, "__unknown__"])
def test_everybody_else_sees_all_pages(marketing: Flow, fit: str | None) -> None:
    values: Values = {"detected.tool_wish": True, "detected.existing_system": True, "existing_fit": fit}
    assert {"trigger", "systems", "kpi", "shared_goal", "tool_preference"} <= set(asked(marketing, values))
    assert marketing.review.readiness
    assert holds(marketing.review.readiness.show_if, values)


def test_a_tool_in_use_is_an_answer(marketing: Flow) -> None:
    assert values_of(marketing, "tool_preference") == {"idea", "favourite", "decided", "in_use"}
    assert labels(marketing, {"tool_preference": "decided"}) == {"tool-steht-fest"}
    assert "role:security" in stakeholders(marketing, {"tool_preference": "in_use"})


def test_more_people_need_access(marketing: Flow) -> None:
    assert {"it", "service", "partner", "agency", "customers"} <= values_of(marketing, "access")
    for outside in ("agency", "partner", "customers"):
        assert stakeholders(marketing, {"access": ("marketing", outside)}) == {"role:security"}


@pytest.mark.parametrize("name", FLOWS)
def test_the_kpi_comes_from_the_glossary(intake: Intake, name: str) -> None:
    assert question(intake.flows[name], "kpi").options_from == "glossary.kpis"


def test_what_it_gets_out_of_it(marketing: Flow) -> None:
    assert question(marketing, "shared_goal").label["de"] == "Was hat die IT davon?"
    assert label(marketing, "shared_goal", "fewer_tools")["de"] == "Weniger Schatten-IT"


def test_a_period_ends_after_it_begins(data: Flow) -> None:
    assert question(data, "period_to").min == "period_from"
    assert "current_year" in values_of(data, "period")
    assert [one.value for one in question(data, "known_limits").options or () if one.exclusive] == [
        "none_known"
    ]


@pytest.mark.parametrize("id_", ["period_from", "period_to"])
def test_only_what_was_can_be_counted(data: Flow, id_: str) -> None:
    asked, around = question(data, id_), Surroundings(TODAY, "person:1")
    tomorrow = (TODAY + dt.timedelta(days=1)).isoformat()
    assert problem(asked, TODAY.isoformat(), (), {}, around) is None
    assert problem(asked, tomorrow, (), {}, around) == Problem("date_max", {"date": TODAY.isoformat()})


def test_everything_leads_out_of_the_house_only_on_purpose(intake: Intake) -> None:
    assert [flow.ticket.connectors for flow in intake.flows.values()] == [[], []]
    assert read(FOLDER / "connectors.yaml").data == {"schema": 1, "connectors": None}
