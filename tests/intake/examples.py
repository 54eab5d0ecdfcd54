"""The customer's example flows, landscape and answers."""

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.intake.file import Intake, load
from bot.intake.landscape import choices
from bot.intake.model import Choice, OptionSource
from bot.intake.state import State, Surroundings

EXAMPLES = Path(__file__).parents[1] / "data" / "examples"
TODAY = dt.date(2026, 11, 20)
KPIS = (
    Choice("conversion-rate", {"de": "Konversionsrate", "en": "Conversion rate"}),
    Choice("lead-response-time", {"de": "Lead-Reaktionszeit", "en": "Lead response time"}),
)


@cache
def intake() -> Intake:
    """The example folder."""
    return load(EXAMPLES / "intake_flows")


@cache
def shipped() -> Intake:
    """The folder of this repository."""
    return load(Path(__file__).parents[2] / "intake_flows")


def cases() -> Mapping[str, Any]:
    """The six sets of answers."""
    cases: Mapping[str, Any] = json.loads((EXAMPLES / "intake_answers.json").read_text())["cases"]
    return cases


def chosen_from(source: OptionSource) -> tuple[Choice, ...]:
    """The systems of the example landscape and two KPIs."""
    match source:
        case "landscape.systems":
            return choices(intake().landscape)
        case "glossary.kpis":
            return KPIS
        case _:
            return ()


def facts(case: Mapping[str, Any], group: str) -> dict[str, Any]:
    """The facts of one group that a case gives."""
    given = case["facts"].get(group, {})
    return {f"{group}.{name}": tuple(one) if isinstance(one, list) else one for name, one in given.items()}


def around(case: Mapping[str, Any]) -> Surroundings:
    """The world of a case."""
    return Surroundings(
        TODAY,
        "person:7",
        detected=lambda _: facts(case, "detected"),
        glossary=lambda _: facts(case, "glossary"),
        choices=chosen_from,
    )


def answers(case: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """The answers of a case."""
    return {
        id_: tuple(answer) if isinstance(answer, list) else answer
        for id_, answer in case["answers"].items()
    }


def draft(case: Mapping[str, Any]) -> State:
    """The draft with the answers of a case, as if they had been typed and never sent."""
    flow = intake().flows[case["flow"]]
    return State(flow.id, flow.version, flow.steps[0].id, answers(case))
