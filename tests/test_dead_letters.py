"""A job that dies is told to the admins: once, with what to do, and never in circles."""

from typing import Any

import pytest

from bot.app.dead_letters import SINGLY, kind_name
from bot.chat.events import Account, MessageRef, Place
from bot.chat.ports import JobInfo
from bot.chat.ui import Card, Text
from bot.i18n import LANGUAGES
from bot.jobs.queue import enqueue
from bot.jobs.upkeep import dead, retry
from tests.db.fixtures import MovableClock
from tests.world import CHANNEL, Channel, Posted, World, words


@pytest.fixture
async def broken(world: World) -> World:
    """Every card in the requests channel fails for good."""

    async def fail(_payload: dict[str, Any], _job: JobInfo) -> None:
        raise RuntimeError("channel_not_found " + "x" * 500)

    world.klartext.router.jobs["requests.card"] = fail
    return world


async def put(world: World, kind: str = "requests.card", **payload: Any) -> int:
    async with world.klartext.database.unit() as unit:
        number = await enqueue(unit, kind, payload)
        await unit.commit()
    assert number is not None
    return number


async def until_dead(world: World, clock: MovableClock) -> list[Posted]:
    """What is posted until everything that fails has failed for good."""
    posts = await world.work()
    for _ in range(16):
        clock.move(7_200)
        posts += await world.work()
    return posts


async def test_the_admins_hear_of_it_once_in_their_language(broken: World, clock: MovableClock) -> None:
    number = await put(broken, request=42)
    (post,) = await until_dead(broken, clock)
    assert post.to == "ines"
    said = words(post.card)
    assert f"Karte im Anfragekanal, REQ-42 (Auftrag {number})" in said
    assert "RuntimeError: channel_not_found" in said
    assert f"klartext jobs retry {number}" in said
    assert f"klartext jobs discard {number}" in said
    assert len(said) < 600


async def test_one_that_dies_again_is_told_again(broken: World, clock: MovableClock) -> None:
    number = await put(broken)
    assert len(await until_dead(broken, clock)) == 1
    async with broken.klartext.database.unit() as unit:
        await retry(unit, [number])
        await unit.commit()
    assert len(await until_dead(broken, clock)) == 1


async def test_many_at_once_are_few_messages(broken: World, clock: MovableClock) -> None:
    numbers = [await put(broken, request=number) for number in range(20)]
    posts = await until_dead(broken, clock)
    assert len(posts) == SINGLY + 1
    assert sum("klartext jobs retry --dead" in words(post.card) for post in posts) == 1
    async with broken.klartext.database.reading() as session:
        assert await dead(session) == numbers


async def test_a_notice_that_cannot_be_told_is_not_told_of(
    broken: World, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_channel: Channel, _account: str, _card: Card, _key: str) -> None:
        raise RuntimeError("user_not_found")

    monkeypatch.setattr(Channel, "direct", refuse)
    number = await put(broken)
    assert await until_dead(broken, clock) == []
    assert await until_dead(broken, clock) == []
    async with broken.klartext.database.reading() as session:
        first, post = await dead(session)
    assert first == number
    assert post > number


async def test_another_message_that_cannot_be_told_is(
    world: World, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    direct = Channel.direct

    async def refuse(channel: Channel, account: str, card: Card, key: str) -> MessageRef:
        if account == "gone":
            raise RuntimeError("user_not_found")
        return await direct(channel, account, card, key)

    monkeypatch.setattr(Channel, "direct", refuse)
    await world.klartext.outbox.direct(Account(CHANNEL, "gone"), Card("x", (Text("x"),)), "once")
    (post,) = await until_dead(world, clock)
    assert "Nachricht an eine Person" in words(post.card)


async def test_a_channel_that_is_no_longer_served_is_told_of(world: World, clock: MovableClock) -> None:
    await world.klartext.outbox.post(Place("gone", "#x"), Card("x", (Text("x"),)), "once")
    (post,) = await until_dead(world, clock)
    assert "UnknownChannel: gone" in words(post.card)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kind_of_another_version_is_called_as_it_is(language: str) -> None:
    assert kind_name("next.version", language) == "next.version"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_can_fail_has_a_name(world: World, language: str) -> None:
    """Who reads of it need not know how it is called in the code (`jobs.kinds` in the texts)."""
    nameless = [kind for kind in world.klartext.router.jobs if kind_name(kind, language) == kind]
    assert nameless == []
