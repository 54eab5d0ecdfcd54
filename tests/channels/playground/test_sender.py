"""Posts for the jobs: once per key, to places that exist."""

import pytest

from bot.channels.playground.people import PEOPLE, direct
from bot.channels.playground.sender import PlaygroundProfiles, PlaygroundSender, UnknownPlace
from bot.channels.playground.store import Draft, Store
from bot.chat.events import MessageRef, Place
from tests.channels.playground.kit import card

IT = Place("playground", "#it")


@pytest.fixture
def sender(store: Store) -> PlaygroundSender:
    """The sender of an empty playground."""
    return PlaygroundSender(store)


async def test_a_repeated_post_is_one_message(sender: PlaygroundSender, store: Store) -> None:
    first = await sender.post(IT, card("a"), "job-1")
    assert await sender.post(IT, card("a"), "job-1") == first
    assert await sender.post(IT, card("a"), "job-2") != first
    assert len(store.messages("#it", "mara")) == 2


async def test_edit_and_delete_what_was_posted(sender: PlaygroundSender, store: Store) -> None:
    posted = await sender.post(IT, card("a"), "k")
    await sender.edit(posted, card("b"))
    assert [m.card for m in store.messages("#it", "mara")] == [card("b")]
    await sender.delete(posted)
    await sender.delete(posted)
    assert store.messages("#it", "mara") == []
    with pytest.raises(UnknownPlace):
        await sender.edit(posted, card("c"))


async def test_a_post_to_a_thread_stands_below_its_root(sender: PlaygroundSender, store: Store) -> None:
    root = await sender.post(IT, card("root"), "1")
    reply = await sender.post(Place("playground", "#it", thread=root.id), card("reply"), "2")
    await sender.post(Place("playground", "#it", thread=reply.id), card("deeper"), "3")
    assert [m.thread for m in store.messages("#it", "mara")] == [None, int(root.id), int(root.id)]


async def test_one_person_alone(sender: PlaygroundSender, store: Store) -> None:
    await sender.direct("mara", card("psst"), "1")
    await sender.whisper(IT, "mara", card("here"), "2")
    assert [m.card for m in store.messages("@mara", "mara")] == [card("psst")]
    assert [m.card for m in store.messages("#it", "mara")] == [card("here")]
    assert store.messages("#it", "sven") == []


async def test_what_is_not_there_is_said(sender: PlaygroundSender, store: Store) -> None:
    somewhere = await sender.post(Place("playground", "#marketing"), card("a"), "1")
    by_mara = MessageRef(IT, str(store.post(Draft("#it", "mara", "mine")).number))
    for wrong in (
        Place("playground", "#nowhere"),
        Place("playground", "@eve"),
        Place("playground", "#it", thread=somewhere.id),
    ):
        with pytest.raises(UnknownPlace):
            await sender.post(wrong, card("a"), "2")
    for message in (by_mara, MessageRef(IT, somewhere.id), MessageRef(IT, "x")):
        with pytest.raises(UnknownPlace):
            await sender.edit(message, card("b"))
        with pytest.raises(UnknownPlace):
            await sender.delete(message)
    with pytest.raises(UnknownPlace):
        await sender.direct("eve", card("a"), "3")
    with pytest.raises(UnknownPlace):
        await sender.whisper(IT, "eve", card("a"), "4")


async def test_everybody_has_a_profile() -> None:
    for person in PEOPLE.values():
        profile = await PlaygroundProfiles().profile(person.id)
        assert profile is not None
        assert (profile.name, profile.email, profile.language) == (
            person.name,
            person.email,
            person.language,
        )
    assert await PlaygroundProfiles().profile("eve") is None
    assert direct("mara").kind == "direct"
