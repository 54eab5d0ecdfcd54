"""Whoever holds a role hears of it in their language, once, where they can be reached."""

import pytest

from bot.chat.events import Account, Place
from bot.chat.ports import JobInfo, Profile
from bot.people.tell import Values, in_each, tell
from tests.world import World, words

VALUES: Values = {
    "word": "Churn {0}",
    "text": "x",
    "department": in_each(lambda language: {"de": "Vertrieb", "en": "Sales"}[language]),
}


async def say(world: World, to: str, dedupe: str | None = None) -> None:
    async with world.klartext.database.unit() as unit:
        await tell(unit, to, "glossary.told_proposal", VALUES, dedupe)
        await unit.commit()


@pytest.mark.parametrize(
    "to", ["glossary_steward", "role:glossary_steward", "user:lead-owner", "group:chiefs"]
)
async def test_the_holders_are_told_in_their_language(world: World, to: str) -> None:
    await say(world, to)
    (post,) = await world.work()
    assert post.to == "lena"
    assert words(post.card) == "Proposal for the glossary from Sales: “Churn {0}”. x"
    await say(world, "admin")
    (post,) = await world.work()
    assert words(post.card) == "Vorschlag fürs Glossar aus Vertrieb: «Churn {0}». x"


async def test_once_for_one_cause(world: World) -> None:
    for _ in range(3):
        await say(world, "admin", "the same")
    assert len(await world.work()) == 1


async def test_nobody_known_is_no_failure_but_said(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await say(world, "user:sales-owner-who-left")
    assert await world.work() == []
    assert "nobody of them is known here" in caplog.text


async def test_one_account_of_a_person_that_this_process_serves(world: World) -> None:
    """Ines was last seen in a channel that is not served any more."""
    account = Account("gone", "i1")
    await world.klartext.directory.asker(account, Place("gone", "x"))
    async with world.klartext.database.unit() as unit:
        await world.klartext.directory.learn(unit, account, Profile("Ines", "ines@example.com"), None)
        await unit.commit()
    await say(world, "admin")
    assert [post.to for post in await world.work()] == ["ines"]


async def test_a_second_run_of_the_job_posts_nothing_again(world: World) -> None:
    await say(world, "admin")
    await world.work()
    handler = world.klartext.router.jobs["people.tell"]
    first = world.channel.posts[0].key
    number = int(first.removeprefix("job-")) - 1
    payload = {"to": "admin", "key": "glossary.told_proposal", "values": VALUES}
    info = JobInfo(number, "people.tell", 2, None, None, world.klartext.database.clock())
    await handler(payload, info)
    assert await world.work() == []
