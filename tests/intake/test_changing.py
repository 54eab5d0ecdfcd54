"""A request that was sent is changed: what nobody touches stays, and it stays with its team."""

import json
from typing import Any

import pytest

from bot.chat.ports import AGREED, Word
from bot.db.unit_of_work import Database
from bot.requests import store
from bot.requests.states import State
from bot.requests.tables import Request
from tests.intake.office import GOOD, House, NoWords, Someone, shipped, texts

IN_CONFIDENCE: dict[str, Any] = {
    "for__whom": "sven",
    "the__links": "https://a.example/x",
    "is__confidential": ("yes",),
}


class Disputed(NoWords):
    """Marketing and all the others mean something else by "Webinar"."""

    def found(self, text: str, _department: str | None) -> tuple[Word, ...]:
        """The one word."""
        senses = {AGREED: {"de": "Seminar"}, "marketing": {"de": "Verkaufsgespräch"}}
        word = Word("Webinar", "webinar", {"de": "Webinar", "en": "webinar"}, "marketing", senses)
        return (word,) if "Webinar" in text else ()


@pytest.fixture
async def house(database: Database) -> House:
    """The flows that are shipped."""
    return await shipped(database, Disputed())


async def opens_change(someone: Someone, button: str = "Ändern") -> None:
    """The first request, to change it."""
    await someone.says("REQ-1", command="request")
    await someone.presses(button)


async def the_request(house: House) -> Request:
    """The only one."""
    (request,) = await house.requests()
    return request


def content(request: Request) -> str:
    """The use case as it is kept, to the letter."""
    return json.dumps(request.use_case)


@pytest.mark.parametrize("who", ["mara", "sven"])
async def test_a_change_without_a_change_changes_nothing(house: House, who: str) -> None:
    mara = house.person("mara")
    await mara.reviews(str(GOOD["wish"]))
    await mara.fills(**IN_CONFIDENCE, sense__webinar=AGREED)
    before = await the_request(house)
    assert before.use_case["terms"][0]["sense"] == AGREED
    someone = house.person(who)
    await opens_change(someone)
    await someone.fills()
    assert "geändert" in texts(someone.card)
    after = await the_request(house)
    assert content(after) == content(before)
    assert after.confidential
    assert (after.title, after.sections) == (before.title, before.sections)
    stranger = house.person("fremder")
    await stranger.says("REQ-1", command="request")
    assert "gibt es nicht" in texts(stranger.card)


async def test_whose_request_it_is_does_not_change(house: House) -> None:
    mara = house.person("mara")
    await mara.reviews(str(GOOD["wish"]))
    await mara.fills(for__whom="sven")
    before = await the_request(house)
    await opens_change(mara)
    assert "for-whom" not in mara.asked
    await mara.fills(for__whom="ines")
    assert (await the_request(house)).use_case["requester"] == before.use_case["requester"]


async def test_a_proposal_stays_confidential(house: House) -> None:
    mara = house.person("mara")
    await mara.reviews(str(GOOD["wish"]))
    await mara.fills(**IN_CONFIDENCE)
    async with house.database.unit() as unit:
        (await store.find(unit.session, 1)).state = State.ACCEPTED
        await unit.commit()
    await opens_change(mara, "Änderung vorschlagen")
    await mara.fills()
    async with house.database.reading() as session:
        proposal = (await store.history(session, 1))[-1]
    assert proposal.data["confidential"] is True
    assert proposal.data["use_case"]["links"] == ["https://a.example/x"]


async def test_a_change_goes_to_the_team_that_has_the_request(house: House) -> None:
    mara = house.person("mara")
    await mara.reviews("Wir brauchen Marketo", tool_preference="idea")
    await mara.fills()
    before = await the_request(house)
    await opens_change(mara)
    await mara.fills("Ändern: Vom Tool zum Bedarf")
    await mara.fills(existing_fit="fits")
    await mara.goes_on(existing_fit="fits")
    await mara.fills()
    after = await the_request(house)
    assert after.use_case["landscape"]["existing_fit"] == "fits"
    assert after.use_case["routing"] == before.use_case["routing"]
    assert after.use_case["routing"]["assignee"] == after.team
