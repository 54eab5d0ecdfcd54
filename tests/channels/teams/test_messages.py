"""Messages: what is asked in Teams is answered there, once, and before the right people."""

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.teams.turns import TYPING_AFTER
from bot.chat.events import TextReceived
from bot.chat.replies import Reply, Tell
from bot.chat.ui import Card, Text
from bot.i18n import say
from bot.people.addresses import AddressBook
from tests.channels.teams.kit import BOT, CHANNEL_ID, Site, Teammate, actions, running, settings, texts
from tests.channels.teams.microsoft import ISSUER, SERVICE, FakeMicrosoft
from tests.db.fixtures import MovableClock

THREAD = "1766459963017"


@pytest.fixture
def in_channel(mara: Teammate) -> Teammate:
    """Mara in a thread of a channel."""
    return replace(mara, kind="channel", thread=THREAD)


@pytest.mark.parametrize(
    "text",
    ["define lead", "/define lead", "Define Lead", "was heisst Lead bei uns?", "Was ist ein&nbsp;Lead?"],
)
async def test_a_question_in_the_chat(text: str, mara: Teammate, microsoft: FakeMicrosoft) -> None:
    response = await mara.say(text)
    assert (response.status_code, response.content) == (202, b"")
    [call] = microsoft.said()
    assert call.path == "/v3/conversations/a:1-mara/activities"
    assert call.token == f"token for {ISSUER}/.default"
    assert texts(call.card).startswith("Lead · ")
    assert call.body["summary"]
    assert call.body["from"] == {"id": BOT["id"]}


async def test_the_first_answer_is_in_the_language_of_the_client(mara: Teammate) -> None:
    english = replace(mara, name="Joe", locale="en-US")
    await english.say("define lead")
    assert "Helpful" in actions(english.card)
    await replace(mara, name="Chloé", locale="fr-CH").say("define lead")
    assert "Hilfreich" in actions(mara.card)


async def test_a_question_in_a_channel_is_answered_in_its_thread(
    in_channel: Teammate, microsoft: FakeMicrosoft
) -> None:
    await in_channel.mention("was heisst Lead?")
    [call] = microsoft.said()
    assert call.path == f"/v3/conversations/{CHANNEL_ID};messageid={THREAD}/activities"
    assert call.query == {}
    assert "Lead" in texts(call.card)


async def test_a_command_in_a_channel_is_for_the_asker_alone(
    in_channel: Teammate, microsoft: FakeMicrosoft
) -> None:
    await in_channel.mention("/define lead")
    [call] = microsoft.said()
    assert call.query == {"isTargetedActivity": "true"}
    assert call.body["recipient"] == {"id": "29:Mara"}
    assert "replyToId" not in call.body


@pytest.mark.parametrize("text", ["define lead", "was heisst Lead?", "/define lead"])
async def test_a_targeted_question_gets_a_targeted_answer(
    text: str, in_channel: Teammate, microsoft: FakeMicrosoft
) -> None:
    await in_channel.pick(text)
    [call] = microsoft.said()
    assert call.query == {"isTargetedActivity": "true"}
    assert "Lead" in texts(call.card)


async def test_where_targeted_messages_are_refused_the_answer_goes_to_the_chat(
    mara: Teammate, in_channel: Teammate, microsoft: FakeMicrosoft
) -> None:
    await mara.say("define lead")
    microsoft.refuse("post", "activities", 400, query="isTargetedActivity")
    await in_channel.pick("define mql")
    last = microsoft.said()[-1]
    assert last.path == "/v3/conversations/a:1-mara/activities"
    assert "MQL" in texts(last.card)


async def test_a_chat_is_opened_where_there_was_none(
    in_channel: Teammate, microsoft: FakeMicrosoft
) -> None:
    microsoft.refuse("post", "activities", 403, query="isTargetedActivity")
    await in_channel.pick("define lead")
    opened, answer = microsoft.said()[-2:]
    assert opened.path == "/v3/conversations"
    assert opened.body["members"] == [{"id": "29:Mara"}]
    assert opened.body["tenantId"]
    assert answer.path.startswith("/v3/conversations/a:opened-")
    await in_channel.pick("define mql")
    assert microsoft.said()[-1].path == answer.path


async def test_who_cannot_be_told_alone_gets_a_hint_without_the_answer(
    in_channel: Teammate, microsoft: FakeMicrosoft
) -> None:
    microsoft.refuse("post", "activities", 403, query="isTargetedActivity")
    microsoft.refuse("post", "/v3/conversations$", 403)
    await in_channel.pick("define lead")
    last = microsoft.said()[-1]
    assert last.path == f"/v3/conversations/{CHANNEL_ID};messageid={THREAD}/activities"
    assert texts(last.card) == say("de", "teams.not_here")


async def test_a_group_chat_has_no_threads(mara: Teammate, microsoft: FakeMicrosoft) -> None:
    await replace(mara, kind="groupChat").mention("was heisst Lead?")
    [call] = microsoft.said()
    assert call.path == "/v3/conversations/19:group@thread.v2/activities"


async def test_chatter_beside_klartext_is_left_alone(
    in_channel: Teammate, microsoft: FakeMicrosoft
) -> None:
    """With the permission to read along: only a clear question is answered."""
    for text in ("Guten Morgen zusammen", "der Lead ist da", "ok", ""):
        await in_channel.say(text)
    assert microsoft.said() == []


async def test_only_klartext_is_taken_out_of_the_text(mara: Teammate) -> None:
    """The term may be called like the bot, and others who are mentioned stay."""
    entities = [
        {"type": "mention", "text": "<at>Klartext</at>", "mentioned": dict(BOT)},
        {"type": "mention", "text": "<at>Ines</at>", "mentioned": {"id": "29:Ines", "name": "Ines"}},
    ]
    text = "<at>Klartext</at> define Klartext"
    await replace(mara, kind="channel").say(text, entities=entities)
    assert "«Klartext»" in texts(mara.card)


@pytest.mark.parametrize("sender", [{"id": "28:another-bot"}, {"id": "29:x", "role": "bot"}, dict(BOT)])
async def test_a_bot_is_never_answered(sender: Any, mara: Teammate, microsoft: FakeMicrosoft) -> None:
    body = mara.activity("message", text="define lead") | {"from": sender}
    assert (await mara.send(body)).status_code == 202
    assert microsoft.said() == []


INSERTED = """
<span class="inline-compose-card" itemid="0" itemtype="http://schema.skype.com/InputExtension">
  <span content="0" itemprop="cardId"></span>
</span>
"""


@pytest.mark.parametrize("text", ["", INSERTED])
async def test_a_card_that_somebody_inserts_is_no_question(
    text: str, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": {}}
    await mara.say(text, attachments=[{"contentType": "text/html", "content": text}, card])
    assert microsoft.said() == []
    await mara.say(f"{text} define lead", attachments=[card])
    assert len(microsoft.said()) == 1


async def test_a_redelivery_is_answered_once(mara: Teammate, microsoft: FakeMicrosoft) -> None:
    body = mara.activity("message", text="define lead")
    for _ in range(3):
        assert (await mara.send(body)).status_code == 202
    await asyncio.gather(*(mara.send(body) for _ in range(3)))
    assert len(microsoft.said()) == 1


async def test_another_process_knows_what_was_answered(
    mara: Teammate, microsoft: FakeMicrosoft, clock: MovableClock
) -> None:
    body = mara.activity("message", text="define lead")
    await mara.send(body)
    async with running(settings(mara.site.klartext.settings.database_url), clock) as other:
        await replace(mara, site=other).send(body)
    assert len(microsoft.said()) == 1


async def test_an_unknown_command_is_said(mara: Teammate) -> None:
    await mara.say("/tanzen jetzt")
    assert texts(mara.card) == say("de", "teams.unknown_command", name="tanzen")


@pytest.mark.parametrize("text", ["hilfe", "/klartext", "/klartext hilfe", "help"])
async def test_help(text: str, mara: Teammate) -> None:
    await mara.say(text)
    assert "Alle Begriffe" in actions(mara.card)


async def test_home_is_a_card_in_the_chat(mara: Teammate) -> None:
    await mara.say("home")
    assert say("de", "glossary.home_newest") in texts(mara.card)


async def test_a_form_that_a_text_asks_for_is_behind_a_button(mara: Teammate) -> None:
    await mara.say("/ask")
    [action] = actions(mara.card).values()
    assert action["type"] == "Action.Submit"
    assert action["data"]["msteams"] == {"type": "task/fetch"}
    answer = await mara.press(action)
    assert answer["task"]["type"] == "continue"


async def test_whoever_adds_klartext_is_greeted_once(mara: Teammate, microsoft: FakeMicrosoft) -> None:
    for _ in range(2):
        await mara.send(mara.activity("installationUpdate", action="add"))
    [call] = microsoft.said()
    assert "Klartext" in texts(call.card)


async def test_a_team_is_not_greeted_and_who_removes_klartext_hears_nothing(
    mara: Teammate, in_channel: Teammate, microsoft: FakeMicrosoft
) -> None:
    await in_channel.send(in_channel.activity("installationUpdate", action="add"))
    await mara.send(mara.activity("installationUpdate", action="remove"))
    assert microsoft.said() == []


async def test_typing_is_shown_only_when_it_takes_long(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    waited: list[float] = []
    go_on = asyncio.Event()

    async def slowly(_event: TextReceived) -> Reply:
        await go_on.wait()
        return Tell(Card("Endlich", (Text("Endlich"),)))

    async def impatient(_task: asyncio.Task[Any], seconds: float) -> None:
        waited.append(seconds)

    site.klartext.router._texts.insert(0, (lambda event: event.text == "langsam", slowly))
    site.endpoint._turns = replace(site.turns, wait=impatient)
    sending = asyncio.create_task(mara.say("langsam"))
    await microsoft.typed.wait()
    assert [call.body["type"] for call in microsoft.said()] == ["typing"]
    go_on.set()
    await sending
    assert [call.body["type"] for call in microsoft.said()] == ["typing", "message"]
    assert waited == [TYPING_AFTER]


async def test_a_quick_answer_needs_no_typing(mara: Teammate, microsoft: FakeMicrosoft) -> None:
    await mara.say("define lead")
    assert [call.body["type"] for call in microsoft.said()] == ["message"]


async def test_patience_is_kept_and_the_answer_comes_later(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft, clock: MovableClock
) -> None:
    microsoft.refuse("post", "activities", 429, Retry_After="30")
    assert (await mara.say("define lead")).status_code == 202
    assert len(microsoft.said()) == 1
    await site.work()
    assert len(microsoft.said()) == 2  # the outbox tries, and hears the same
    microsoft.refusals.clear()
    clock.move(29)
    await site.work()
    assert len(microsoft.said()) == 2
    clock.move(2)
    await site.work()
    assert "Lead" in texts(microsoft.said()[-1].card)
    assert len(microsoft.said()) == 3


@pytest.mark.parametrize("status", [403, 404, 500, 502])
async def test_an_answer_that_is_refused_is_not_repeated(
    status: int, site: Site, mara: Teammate, microsoft: FakeMicrosoft, caplog: pytest.LogCaptureFixture
) -> None:
    """It may have been delivered all the same."""
    microsoft.refuse("post", "activities", status)
    with caplog.at_level(logging.WARNING):
        assert (await mara.say("define lead")).status_code == 202
    await site.work()
    assert len(microsoft.said()) == 1
    assert "an answer could not be given" in caplog.text


async def test_microsoft_is_down(
    mara: Teammate, microsoft: FakeMicrosoft, caplog: pytest.LogCaptureFixture
) -> None:
    """Tokens that we know are still checked; what cannot be said is logged."""
    await mara.say("define lead")
    microsoft.is_down = True
    assert (await mara.say("define mql")).status_code == 202
    assert "an answer could not be given" in caplog.text


async def test_a_broken_handler_is_said_with_an_id(site: Site, mara: Teammate) -> None:
    async def broken(_event: TextReceived) -> Reply:
        raise RuntimeError("on purpose")

    site.klartext.router._texts.insert(0, (lambda event: event.text == "kaputt", broken))
    await mara.say("kaputt")
    assert "Da ist etwas schiefgegangen" in texts(mara.card)


async def test_the_address_of_the_service_follows_every_event(
    mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    await mara.say("define lead")
    moved = SERVICE.replace("/amer/", "/emea/")
    body = mara.activity("conversationUpdate") | {"serviceUrl": moved}
    await mara.site.post(body, microsoft.token(serviceurl=moved))
    found = await AddressBook(mara.site.klartext.database).find("teams", "a:1-mara")
    assert found is not None
    assert found.service == moved
