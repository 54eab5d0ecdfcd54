"""One person in three channels: what was begun in one goes on in the next, and is sent once."""

from tests.conformance.building import Building
from tests.conformance.conftest import Open
from tests.conformance.conversations import PLAN, SYSTEMS, USE_CASE
from tests.conformance.people import Channel, talker
from tests.conformance.shown import Talker
from tests.conformance.test_conversations import read

ALONE = 30 * 60 + 1  # seconds


async def met(building: Building, channel: Channel) -> Talker:
    """Mara, known there by her verified e-mail."""
    mara = talker(building, channel, "mara", "direct")
    await mara.say("Hilfe")
    return mara


async def go_on(mara: Talker) -> None:
    """The draft as her list offers it."""
    await mara.say("meine Anfragen")
    assert "Entwurf: Wir brauchen HubSpot" in read(mara.shown).replace("Entwurf Wir", "Entwurf: Wir")
    await mara.press("Weitermachen")


async def test_begun_in_slack_gone_on_in_teams_sent_in_the_playground(open_one: Open) -> None:
    building = await open_one()
    ines = talker(building, "slack", "ines", "it")
    await ines.say("Hilfe")
    await ines.command("klartext", "bind #it-anfragen")

    mara = await met(building, "slack")
    await mara.command("request", "Wir brauchen HubSpot")
    await mara.fill({})
    await mara.fill({"tool_preference": "favourite"})
    await mara.fill({"trigger": "halb getippt"}, "Entwurf speichern")

    mara = await met(building, "teams")
    await go_on(mara)
    assert mara.shown.question("trigger").value == ("halb getippt",)
    await mara.fill(USE_CASE)
    await mara.change("systems", SYSTEMS)
    await mara.fill({"legal_basis": "consent"})

    mara = await met(building, "playground")
    await go_on(mara)
    assert mara.shown.title == "Termin und Beteiligte"
    assert mara.shown.question("owner").value == ("@mara",)
    await mara.change("deadline", PLAN)
    await mara.fill({"deadline_reason": "Die Fachmesse beginnt."})
    assert USE_CASE["trigger"] in mara.shown.words
    await mara.fill({})
    assert "REQ-1" in mara.shown.words

    (request,) = await building.requests()
    assert request.use_case["people"] == {f"person:{request.requester}": "Mara Marketing"}
    await ines.wait()
    assert "REQ-1" in ines.shown.words


async def test_a_draft_that_was_left_alone_is_offered_once_and_goes_on_elsewhere(open_one: Open) -> None:
    building = await open_one()
    everywhere = [await met(building, channel) for channel in ("slack", "teams", "playground")]
    in_slack, in_teams, _ = everywhere
    await in_teams.command("request", "Wir brauchen HubSpot")
    await in_teams.fill({})
    await in_teams.say("Danke")
    building.clock.move(ALONE)
    offered = 0
    for mara in everywhere:
        await mara.wait()
        offered += "Dein Entwurf «Wir brauchen HubSpot» wartet." in mara.shown.words
    assert offered == 1
    await go_on(in_slack)
    assert in_slack.shown.title == "Vom Tool zum Bedarf"
    building.clock.move(ALONE)
    await in_slack.wait()
