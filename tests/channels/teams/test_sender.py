"""Posts for the jobs: later, in the right place, with patience; also after a restart."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.channels.teams.connector import CallFailed, NotInvited, patience
from bot.chat.events import Account, MessageRef, Place
from bot.chat.ports import RetryLater
from bot.chat.ui import Card, Text
from tests.channels.teams.kit import CHANNEL_ID, Site, Teammate, running, settings, texts
from tests.channels.teams.microsoft import SERVICE, FakeMicrosoft
from tests.db.fixtures import MovableClock

CARD = Card("Neu", (Text("Neu"),))
CHANNEL = Place("teams", CHANNEL_ID)
THREAD = replace(CHANNEL, thread="m1")
CHAT = Place("teams", "a:1-mara", "direct")


@pytest.fixture
async def met(site: Site, mara: Teammate, microsoft: FakeMicrosoft) -> Teammate:
    """Mara, whom Klartext knows from her chat and from a channel."""
    await mara.say("hilfe")
    await replace(mara, kind="channel", thread="m1").mention("hilfe")
    microsoft.calls.clear()
    return mara


async def test_a_post_in_a_channel_begins_a_thread(
    site: Site, met: Teammate, microsoft: FakeMicrosoft
) -> None:
    posted = await site.teams.sender.post(CHANNEL, CARD, "key")
    [call] = microsoft.said()
    assert call.path == "/v3/conversations"
    assert call.body["channelData"] == {"channel": {"id": CHANNEL_ID}}
    assert call.body["isGroup"] is True
    assert texts(call.card) == "Neu"
    assert posted == MessageRef(replace(CHANNEL, thread=posted.id), posted.id)
    await site.teams.sender.edit(posted, CARD)
    [edit] = microsoft.said("put")
    assert edit.path == f"/v3/conversations/{CHANNEL_ID};messageid={posted.id}/activities/{posted.id}"


async def test_a_post_in_a_thread_and_in_a_chat(
    site: Site, met: Teammate, microsoft: FakeMicrosoft
) -> None:
    await site.teams.sender.post(THREAD, CARD, "key")
    await site.teams.sender.post(CHAT, CARD, "key")
    assert [call.path for call in microsoft.said()] == [
        f"/v3/conversations/{CHANNEL_ID};messageid=m1/activities",
        "/v3/conversations/a:1-mara/activities",
    ]


async def test_to_one_person(site: Site, met: Teammate, microsoft: FakeMicrosoft) -> None:
    await site.teams.sender.direct(met.account, CARD, "key")
    await site.teams.sender.whisper(THREAD, met.account, CARD, "key")
    direct, whispered = microsoft.said()
    assert direct.path == "/v3/conversations/a:1-mara/activities"
    assert whispered.query == {"isTargetedActivity": "true"}
    assert whispered.body["recipient"] == {"id": "29:Mara"}


async def test_a_message_is_taken_back_also_twice(
    site: Site, met: Teammate, microsoft: FakeMicrosoft
) -> None:
    message = MessageRef(CHAT, "m9")
    await site.teams.sender.delete(message)
    microsoft.refuse("delete", "activities", 404)
    await site.teams.sender.delete(message)
    assert [call.path for call in microsoft.said("delete")] == [
        "/v3/conversations/a:1-mara/activities/m9"
    ] * 2


async def test_a_post_after_a_restart(
    site_on_both: Site, microsoft: FakeMicrosoft, clock: MovableClock
) -> None:
    """The addresses are columns of ours: a process that has never heard anything knows them."""
    site, met = site_on_both, Teammate(site_on_both, microsoft)
    await met.say("hilfe")
    await replace(met, kind="channel", thread="m1").mention("hilfe")
    url = site.klartext.settings.database_url
    async with running(settings(url), clock) as other:
        await other.klartext.outbox.post(CHANNEL, CARD, "a")
        await other.klartext.outbox.direct(Account("teams", met.account), CARD, "b")
        await other.klartext.outbox.whisper(THREAD, met.account, CARD, "c")
        await other.work()
    assert len([call for call in microsoft.said() if texts(call.card) == "Neu"]) == 3


async def test_a_service_that_moved_is_called_at_its_new_address(
    site: Site, met: Teammate, microsoft: FakeMicrosoft
) -> None:
    moved = SERVICE.replace("/amer/", "/emea/")
    body = met.activity("message", text="hilfe") | {"serviceUrl": moved}
    await site.post(body, microsoft.token(serviceurl=moved))
    await site.teams.sender.post(CHAT, CARD, "key")
    assert microsoft.urls[-1].startswith(moved)


async def test_too_many_posts_wait_and_lose_no_attempt(
    site: Site, met: Teammate, microsoft: FakeMicrosoft, clock: MovableClock
) -> None:
    microsoft.refuse("post", "activities", 429, Retry_After="7")
    with pytest.raises(RetryLater) as later:
        await site.teams.sender.post(CHAT, CARD, "key")
    assert later.value.seconds == 7
    assert len(microsoft.said()) == 1
    await site.klartext.outbox.post(CHAT, CARD, "key")
    await site.work()
    microsoft.refusals.clear()
    clock.move(8)
    await site.work()
    assert len(microsoft.said()) == 3


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ({"Retry-After": "12"}, 12),
        ({"retry-after": "0.5"}, 0.5),
        ({}, 2),
        ({"Retry-After": "soon"}, 2),
        ({"Retry-After": "Fri, 20 Nov 2026 10:00:30 GMT"}, 30),
        ({"Retry-After": "Fri, 20 Nov 2026 10:00:30 -0000"}, 30),
        ({"Retry-After": "1e99"}, 3600),
        ({"Retry-After": "inf"}, 3600),
        ({"Retry-After": "nan"}, 3600),
        ({"Retry-After": "-5"}, -5),
    ],
)
def test_how_long_to_wait(header: dict[str, str], seconds: float) -> None:
    assert patience(header, datetime(2026, 11, 20, 10, tzinfo=UTC)) == seconds


@pytest.mark.parametrize(("status", "raised"), [(403, NotInvited), (404, NotInvited), (500, CallFailed)])
async def test_what_is_refused_is_raised(
    status: int, raised: type[Exception], site: Site, met: Teammate, microsoft: FakeMicrosoft
) -> None:
    microsoft.refuse("post", "", status)
    for sending in (
        site.teams.sender.post(CHAT, CARD, "key"),
        site.teams.sender.post(CHANNEL, CARD, "key"),
        site.teams.sender.direct(met.account, CARD, "key"),
    ):
        with pytest.raises(raised):
            await sending


async def test_a_place_that_was_never_heard_of(site: Site) -> None:
    for sending in (
        site.teams.sender.post(Place("teams", "19:elsewhere"), CARD, "key"),
        site.teams.sender.whisper(CHAT, "nobody", CARD, "key"),
        site.teams.sender.edit(MessageRef(Place("teams", "x"), "m"), CARD),
        site.teams.sender.delete(MessageRef(Place("teams", "x"), "m")),
    ):
        with pytest.raises(NotInvited):
            await sending
    with pytest.raises(NotInvited):
        await site.teams.sender.direct("nobody", CARD, "key")
