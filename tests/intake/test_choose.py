"""A keyword picks a flow only alone or before a colon."""

from pathlib import Path

import pytest

from bot.intake.choose import chosen, offered
from bot.intake.file import load
from bot.intake.model import Flow
from tests.intake.folders import FLOW, OTHER, written


@pytest.fixture
def flows(tmp_path: Path) -> list[Flow]:
    """One that takes everything, and one for `daten` and `data`."""
    return list(load(written(tmp_path)).flows.values())


def picked(flows: list[Flow], text: str, department: str | None = None) -> tuple[str | None, str]:
    """The id of the chosen flow, and the rest of the text."""
    flow, rest = chosen(flows, "/request", text, department)
    return flow.id if flow else None, rest


@pytest.mark.parametrize("text", ["daten", "Daten", " DATEN ", "data", "Daten?", "daten:", "Data …"])
def test_a_keyword_alone_picks_its_flow(flows: list[Flow], text: str) -> None:
    assert picked(flows, text) == ("data", "")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("daten: Wie viele Leads?", "Wie viele Leads?"),
        ("Data : how many: one or two?", "how many: one or two?"),
        ("daten:https://example.com", "https://example.com"),
    ],
)
def test_a_keyword_before_a_colon_picks_its_flow(flows: list[Flow], text: str, rest: str) -> None:
    assert picked(flows, text) == ("data", rest)


@pytest.mark.parametrize(
    "text",
    [
        "Daten aus dem CRM in den Newsletter bringen",
        "data from the CRM",
        "Wir brauchen HubSpot",
        "Wunsch: daten",
        "https://example.com/data",
        "Datenbank",
        ": daten",
    ],
)
def test_everything_else_is_a_wish(flows: list[Flow], text: str) -> None:
    assert picked(flows, text) == ("wish", text)


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_the_command_alone_offers_all(flows: list[Flow], text: str) -> None:
    assert picked(flows, text) == (None, "")
    assert [flow.id for flow in offered(flows, "/request")] == ["wish", "data"]


def test_one_flow_needs_no_choice(flows: list[Flow]) -> None:
    (data,) = (flow for flow in flows if flow.id == "data")
    assert picked([data], "") == ("data", "")
    assert picked([data], "Wir brauchen HubSpot") == ("data", "Wir brauchen HubSpot")
    assert picked([data], "daten: x") == ("data", "x")


def test_without_a_default_all_are_offered_and_the_text_is_kept(flows: list[Flow]) -> None:
    (data,) = (flow for flow in flows if flow.id == "data")
    other = data.model_copy(update={"id": "other", "keywords": {"de": ["anders"]}})
    assert picked([data, other], "Wir brauchen HubSpot") == (None, "Wir brauchen HubSpot")


def test_a_flow_belongs_to_its_command(flows: list[Flow]) -> None:
    assert chosen(flows, "/other", "daten") == (None, "daten")


def test_a_flow_is_offered_to_its_departments(tmp_path: Path) -> None:
    flow = FLOW.replace("audience: [everyone, sales]", "audience: [sales]")
    flows = list(load(written(tmp_path, wish=flow, data=OTHER)).flows.values())
    assert [flow.id for flow in offered(flows, "/request", "sales")] == ["wish", "data"]
    assert [flow.id for flow in offered(flows, "/request", "it")] == ["data"]
    assert [flow.id for flow in offered(flows, "/request")] == ["data"]
    assert picked(flows, "Wir brauchen HubSpot", "it") == ("data", "Wir brauchen HubSpot")
