"""What is marked confidential is shown to nobody who could not open the request."""

import json

import pytest

from bot.chat.events import Place
from bot.db.unit_of_work import Database
from bot.intake.desk import EARLY
from bot.jobs.outbox import POST
from bot.jobs.worker import Worker
from bot.people.places import bind
from bot.people.tell import TELL
from tests.intake.office import GOOD, House, shipped

PRIVATE = "Mahnungen an Frau Keller wegen Kündigung"


@pytest.fixture
async def house(database: Database) -> House:
    """The flows that are shipped."""
    return await shipped(database)


async def all_of(house: House, kind: str) -> str:
    """Everything that jobs of a kind say."""
    return json.dumps([job.payload for job in await house.jobs(kind)], ensure_ascii=False)


@pytest.mark.parametrize("confidential", [True, False])
async def test_an_early_word_in_the_channel_shows_no_confidential_draft(
    house: House, confidential: bool
) -> None:
    async with house.database.unit() as unit:
        await bind(unit, "#it-anfragen", Place("playground", "it", "public"))
        await unit.commit()
    mara = house.person("mara")
    await mara.reviews(str(GOOD["wish"]), benefit=PRIVATE)
    await mara.fills("Früh mit IT sprechen", is__confidential=("yes",) if confidential else ())
    await Worker(house.database, {EARLY: house.router.jobs[EARLY]}, "test").run_due()
    posted = await all_of(house, POST)
    assert "Mara möchte früh mit euch sprechen" in posted
    assert ("vertraulich" in posted) == confidential
    assert (PRIVATE in posted) != confidential
    assert (str(GOOD["wish"]) in posted) != confidential


@pytest.mark.parametrize("confidential", [True, False])
async def test_who_is_told_of_a_confidential_request_reads_its_number_alone(
    house: House, confidential: bool
) -> None:
    mara = house.person("mara")
    await mara.reviews("Wir brauchen Marketo", tool_preference="decided", requirement=PRIVATE)
    await mara.fills(is__confidential=("yes",) if confidential else ())
    told = await all_of(house, TELL)
    assert "role:it_lead" in told
    assert "REQ-1" in told
    assert (PRIVATE in told) != confidential
