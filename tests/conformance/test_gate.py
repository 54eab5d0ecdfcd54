"""The gate of a flow in every channel: it asks on the review, and what was typed is still there."""

from dataclasses import replace

import pytest

from tests.conformance.building import Building
from tests.conformance.conftest import Open
from tests.conformance.people import CHANNELS, Channel, talker
from tests.conformance.shown import Talker

WEAK = {"action": "wird gemacht", "benefit": "besser", "impact": "team"}
FLOW = "marketing_request"


def gated(building: Building, gate: str) -> None:
    """The shipped flow, with a gate."""
    shelf = building.klartext.shelf
    flow = shelf.now.flows[FLOW]
    assert flow.review.readiness
    rubric = flow.review.readiness.model_copy(update={"gate": gate})
    review = flow.review.model_copy(update={"readiness": rubric})
    flows = {**shelf.now.flows, FLOW: flow.model_copy(update={"review": review})}
    shelf._now = replace(shelf.now, flows=flows)


async def weak_review(building: Building, channel: Channel) -> Talker:
    """The last page, with the least that pages take; the coach may hold a page once."""
    mara = talker(building, channel, "mara", "direct")
    await mara.say("Hilfe")
    await mara.command("request", "Leads sollen ankommen")
    while mara.shown.title != "Übersicht":
        asked = {question.id for question in mara.shown.questions}
        await mara.fill({id_: given for id_, given in WEAK.items() if id_ in asked})
    return mara


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_soft_gate_asks_once(open_one: Open, channel: Channel) -> None:
    building = await open_one()
    gated(building, "soft")
    mara = await weak_review(building, channel)
    await mara.fill({})
    assert "Das würde der IT noch helfen Auslöser" in mara.shown.words
    await mara.fill({})
    assert "REQ-1" in mara.shown.words


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_hard_gate_opens_when_there_is_enough(open_one: Open, channel: Channel) -> None:
    building = await open_one()
    gated(building, "hard")
    mara = await weak_review(building, channel)
    for _ in range(2):
        await mara.fill({})
        assert "Das fehlt noch, dann geht es an die IT Auslöser" in mara.shown.words
        assert await building.requests() == []
    await mara.fill({}, "Ändern: Use Case")
    assert mara.shown.question("benefit").value == ("besser",)
    await mara.fill({"trigger": "Sobald sich jemand anmeldet", "action": "Das CRM legt eine Aufgabe an"})
    await mara.fill({})
    assert "REQ-1" in mara.shown.words
