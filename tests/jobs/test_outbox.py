"""Posts that survive: each once for its cause, in order of their place, for the channel that they name."""

import asyncio

import pytest

from bot.chat.events import Account, MessageRef, Place
from bot.chat.ports import JobInfo, Sender
from bot.chat.router import Router
from bot.chat.ui import Button, Buttons, Card, Text
from bot.db.unit_of_work import Database
from bot.jobs.outbox import DIRECT, POST, WHISPER, JobOutbox, Posting, UnknownChannel, post
from bot.jobs.worker import Policy, Worker
from tests.db.fixtures import MovableClock
from tests.jobs.test_queue import all_jobs
from tests.world import Channel

HERE = Place("slack", "C1", "public", "thread-7")
CARD = Card("Hallo {0} <!here>", (Text("*fett*", "strong"), Buttons((Button("Ja", "yes", "1"),))))


def worker(database: Database, senders: dict[str, Sender]) -> Worker:
    router = Router()
    Posting(senders).register(router)
    return Worker(database, router.jobs, "test", policy=Policy(attempts=2, base=1))


async def test_each_kind_of_post_arrives_as_it_was(database: Database) -> None:
    outbox, channel = JobOutbox(database), Channel()
    await outbox.post(HERE, CARD, "a")
    await outbox.direct(Account("slack", "U1"), CARD, "a")
    await outbox.whisper(HERE, "U1", CARD, "a")
    assert await worker(database, {"slack": channel}).run_due() == 3
    assert sorted((posted.place, posted.to or "") for posted in channel.posts) == [
        ("@U1", "U1"),
        ("C1", ""),
        ("C1", "U1"),
    ]
    assert all(posted.card == CARD for posted in channel.posts)


async def test_the_same_cause_posts_once(database: Database) -> None:
    outbox, channel = JobOutbox(database), Channel()
    await asyncio.gather(*(outbox.post(HERE, CARD, "event-1") for _ in range(4)))
    await outbox.post(HERE, CARD, "event-2")
    await worker(database, {"slack": channel}).run_due()
    assert len(channel.posts) == 2
    assert len({posted.key for posted in channel.posts}) == 2


async def test_a_post_belongs_to_its_unit(database: Database) -> None:
    async with database.unit() as unit:
        await post(unit, HERE, CARD, "never")
    assert await all_jobs(database) == []


async def test_posts_to_a_place_keep_their_order_even_if_one_has_to_wait(
    database: Database, clock: MovableClock
) -> None:
    class Stumbling(Channel):
        """Fails at the first post."""

        tried: int = 0

        async def post(self, place: Place, card: Card, key: str) -> MessageRef:
            Stumbling.tried += 1
            if Stumbling.tried == 1:
                raise ConnectionError
            return await super().post(place, card, key)

    outbox, channel = JobOutbox(database), Stumbling()
    for number in range(3):
        await outbox.post(HERE, Card(str(number), ()), str(number))
    works = worker(database, {"slack": channel})
    await works.run_due()
    assert channel.posts == []
    clock.move(10)
    await works.run_due()
    assert [posted.card.summary for posted in channel.posts] == ["0", "1", "2"]


async def test_a_repeated_post_carries_the_same_key(database: Database) -> None:
    channel = Channel()
    posting = Posting({"slack": channel})
    await JobOutbox(database).post(HERE, CARD, "a")
    (job,) = await all_jobs(database)
    for attempt in (1, 2):
        info = JobInfo(job.number, POST, attempt, job.key, job.dedupe_key, job.created_at)
        await posting.post(job.payload, info)
    assert len({posted.key for posted in channel.posts}) == 1


@pytest.mark.parametrize("kind", [POST, DIRECT, WHISPER])
async def test_a_channel_that_is_not_served_here_is_a_failure_that_is_tried_again(
    database: Database, kind: str, clock: MovableClock
) -> None:
    outbox = JobOutbox(database)
    match kind:
        case "chat.post":
            await outbox.post(HERE, CARD, "a")
        case "chat.direct":
            await outbox.direct(Account("slack", "U1"), CARD, "a")
        case _:
            await outbox.whisper(HERE, "U1", CARD, "a")
    await worker(database, {"teams": Channel()}).run_due()
    (job,) = await all_jobs(database)
    assert job.error == f"{UnknownChannel.__name__}: slack"
    assert job.dead_at is None
    clock.move(10)
    channel = Channel()
    await worker(database, {"slack": channel}).run_due()
    assert len(channel.posts) == 1
