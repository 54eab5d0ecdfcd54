"""The same answers give the same use case, byte for byte, whatever the channel: it holds no data of one."""

import asyncio
import json
from collections.abc import Mapping

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.conformance.conftest import Open
from tests.conformance.people import ACCOUNTS, CHANNELS, Channel, talker
from tests.conformance.shown import Given, Talker
from tests.conftest import ROOT

MOST_PAGES = 20
WISH: Mapping[str, Given] = {
    "requirement": "Wir wollen Leads nach ihrem Verhalten an den Vertrieb übergeben <b>&amp; {mehr}</b>",
    "existing_fit": "gap",
    "fit_gap": "Das Verhalten\nauf der Website",
    "tool_preference": "favourite",
    "trigger": "Sobald sich jemand zum *Webinar* anmeldet",
    "action": "Das CRM legt eine Aufgabe für den Innendienst an",
    "goal": "80 % der Anfragen in 24 Stunden (heute 45 %)",
    "benefit": "=2+3 Stunden weniger Handarbeit pro Woche",
    "systems": ("gotowebinar", "salesforce", "other"),
    "systems-other": "Brevo, das neue",
    "data_flow": "E-Mail und Einwilligung: Webinar → CRM",
    "data_class": ("business", "personal"),
    "legal_basis": "consent",
    "data_location": "eea_ch",
    "access": ("marketing", "sales"),
    "kpi": ("lead-response-time", "conversion-rate"),
    "kpi_change": "3 Tage → 24 Stunden",
    "deadline": "2027-03-01",
    "deadline_reason": "Die Fachmesse beginnt.",
    "impact": "department",
    "owner": "@mara",
    "stakeholders": ("@sven", "@ines"),
    "shared_goal": ("less_manual",),
    "sense-lead": "agreed",
    "the-links": "https://example.com/a?b=1&c=2",
}
DATA: Mapping[str, Given] = {
    "question": "Bringen die Webinare mehr Termine als die Messe?",
    "decision": "Ob das Budget für das zweite Halbjahr in Webinare oder in die Messe geht",
    "decide_on": "2027-02-01",
    "decide_event": "Budgetrunde Marketing und Vertrieb",
    "kpi": ("conversion-rate", "other"),
    "kpi-other": "Termine je Webinar",
    "expected": "8 bis 12 %",
    "compare_with": "previous_year",
    "split_by": ("channel", "month"),
    "segment": "Firmen in der Schweiz, nur mit Einwilligung",
    "period": "custom",
    "period_from": "2026-01-01",
    "period_to": "2026-11-30",
    "person_level": "people",
    "data_class": ("business",),
    "legal_basis": "interest",
    "precision": "close",
    "format": "table",
    "repeat": "monthly",
    "impact": "company",
    "owner": "@mara",
    "stakeholders": ("@ines",),
}
SCRIPTS = {"Wir brauchen HubSpot": WISH, "Daten: Webinar oder Messe?": DATA}


async def answered(talker: Talker, answers: Mapping[str, Given]) -> None:
    """Page by page to the end, as people do it: answer what is asked, go on, answer what is asked then."""
    for _ in range(MOST_PAGES):
        asked = {question.id for question in talker.shown.questions}
        await talker.fill({id_: given for id_, given in answers.items() if id_ in asked})
        if not talker.shown.questions:
            return
    raise AssertionError(talker.shown)


async def exported(open_one: Open, channel: Channel, text: str, answers: Mapping[str, Given]) -> str:
    """What `klartext requests export` prints after somebody sent these answers."""
    building = await open_one()
    await talker(building, channel, "sven", "direct").say("Hilfe")  # Ines has never talked to Klartext
    mara = talker(building, channel, "mara", "direct")
    await mara.say("Hilfe")
    await mara.command("request", text)
    await answered(mara, answers)
    (request,) = await building.requests()
    environment = {"KLARTEXT_DATABASE_URL": building.url, "KLARTEXT_FLOWS": str(ROOT / "intake_flows")}
    run = CliRunner(env=environment).invoke
    result = await asyncio.to_thread(run, app, ["requests", "export", "--format", "json"])
    assert result.exit_code == 0, result.output
    (case,) = json.loads(result.stdout)
    assert case == request.use_case | {"status": case["status"]}
    return result.stdout


@pytest.mark.parametrize("text", SCRIPTS)
async def test_the_same_answers_are_the_same_use_case(open_one: Open, text: str) -> None:
    slack, teams, playground = [
        await exported(open_one, channel, text, SCRIPTS[text]) for channel in CHANNELS
    ]
    assert slack.encode() == teams.encode() == playground.encode()
    accounts = [account for channel in ("slack", "teams") for account in ACCOUNTS[channel].by_name.values()]
    for data in (*CHANNELS, *accounts):
        assert data not in slack
