"""Clicks on messages and shortcuts: answered through their address, else by a job."""

from typing import Any

import pytest

from bot.chat.events import (
    ButtonPressed,
    FormSubmitted,
    MessageChosen,
    MessageRef,
    Place,
)
from bot.chat.replies import Close, Open, Tell, Update
from bot.chat.ui import (
    Button,
    Buttons,
    Card,
    Text,
)
from tests.channels.slack.fake import BOT_USER, MARA, MARKETING, STRANGE, SVEN, Failure
from tests.channels.slack.feature import AGAIN, BUTTON, CARD, FORM, Feature, top
from tests.channels.slack.wire import Answer
from tests.channels.slack.workspace import Workspace, recorded


@pytest.mark.parametrize(
    ("to", "type_", "thread"),
    [("private", "ephemeral", "1.2"), ("thread", "in_channel", "1.2"), ("public", "in_channel", None)],
)
async def test_a_click_is_answered_beside_the_message(
    workspace: Workspace, feature: Feature, to: Any, type_: str, thread: str | None
) -> None:
    feature.reply = Tell(CARD, to)
    container = {"type": "message", "message_ts": "1.3", "channel_id": MARKETING, "thread_ts": "1.2"}
    assert await workspace.press(BUTTON, "Do", container=container) == Answer(200, "")
    ((_, body),) = workspace.slack.replies
    assert (body["response_type"], body.get("thread_ts"), body["replace_original"]) == (
        type_,
        thread,
        False,
    )
    place = Place("slack", MARKETING, "public", "1.2")
    assert isinstance(feature.last, ButtonPressed)
    assert (feature.last.action, feature.last.value) == ("do", "7")
    assert feature.last.message == MessageRef(place, "1.3")


async def test_the_thread_of_a_message_begins_below_it(workspace: Workspace, feature: Feature) -> None:
    feature.reply = Tell(CARD, "thread")
    container = {"type": "message", "message_ts": "1.3", "channel_id": MARKETING}
    await workspace.press(BUTTON, "Do", container=container)
    assert workspace.slack.replies[0][1]["thread_ts"] == "1.3"


async def test_a_post_is_replaced_for_everybody(workspace: Workspace, feature: Feature) -> None:
    feature.reply = Tell(CARD, "thread")
    await workspace.direct("do")
    await workspace.jobs()
    feature.reply = Update(Card("new", (Text("new"),)))
    await workspace.press_post(workspace.slack.messages[0], "Do")
    assert workspace.slack.replies[0][1] == {
        "replace_original": True,
        "text": "new",
        "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "new", "emoji": False}}],
    }


@pytest.mark.parametrize("to", ["private", "thread", "public"])
async def test_an_answer_that_is_not_taken_is_posted_by_a_job(
    workspace: Workspace, feature: Feature, to: Any
) -> None:
    feature.reply = Tell(CARD, to)
    workspace.slack.fail("reply", Failure(500, text="away"))
    await workspace.press(BUTTON, "Do")
    await workspace.jobs()
    (message,) = workspace.slack.messages
    assert (message.channel, message.only) == (MARKETING, MARA if to == "private" else None)


async def test_in_a_channel_without_us_the_private_answer_comes_as_a_direct_message(
    workspace: Workspace, feature: Feature
) -> None:
    workspace.slack.members[STRANGE].discard(BOT_USER)
    feature.reply = Tell(CARD)
    workspace.slack.fail("reply", Failure(404, text="used_url"))
    await workspace.press(BUTTON, "Do", place=STRANGE)
    await workspace.jobs()
    (message,) = workspace.slack.messages
    assert message.channel == "D00FAKEUSER1"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://hooks.slack.com.evil.example/x",
        "http://evil.example/reply/1",
        "file:///etc/passwd",
        "x",
    ],
)
async def test_no_other_host_is_ever_called(workspace: Workspace, feature: Feature, url: str) -> None:
    feature.reply = Tell(CARD)
    await workspace.press(BUTTON, "Do", response_url=url)
    await workspace.jobs()
    assert workspace.slack.replies == []
    assert [message.only for message in workspace.slack.messages] == [MARA]


async def test_a_card_that_cannot_be_replaced_is_told(workspace: Workspace, feature: Feature) -> None:
    feature.reply = Update(CARD)
    workspace.slack.fail("reply", Failure(500, text="away"))
    await workspace.press(BUTTON, "Do")
    assert workspace.slack.replies[0][1]["replace_original"] is False


async def test_a_click_opens_a_form_that_knows_where_it_was_opened(
    workspace: Workspace, feature: Feature
) -> None:
    container = {"type": "message", "message_ts": "1.3", "channel_id": MARKETING, "thread_ts": "1.2"}
    feature.reply = Open(FORM)
    await workspace.press(BUTTON, "Do", container=container)
    feature.reply = Close()
    await workspace.submit({"what": "y", "which": "b", "who": [SVEN], "term": "lead"})
    event = feature.last
    assert isinstance(event, FormSubmitted)
    assert event.place == Place("slack", MARKETING, "public", "1.2")
    assert event.answers == {"what": "y", "which": "b", "who": (SVEN,), "term": "lead"}
    assert (event.action, event.state, event.revision, event.button) == ("do", {"draft": "7"}, 3, None)
    assert workspace.slack.windows[MARA] == []


async def test_a_choice_in_a_menu_is_a_click(workspace: Workspace, feature: Feature) -> None:
    rare = Buttons((), overflow=(Button("Rare", "do", "9 and more"),))
    feature.reply = Tell(Card("x", (rare,)))
    blocks = (await workspace.slash("x", command="/do")).body["blocks"]
    await workspace.press(blocks, "Rare")
    assert (feature.last.action, feature.last.value) == ("do", "9 and more")


async def test_a_message_is_chosen(workspace: Workspace, feature: Feature) -> None:
    feature.reply = Open(FORM)
    text = "Ein &lt;Lead&gt; von <@U1|Mara> in <#C1|sales>: <https://x.example|hier> &amp; <!here>"
    await workspace.shortcut("do", text)
    assert isinstance(feature.last, MessageChosen)
    assert feature.last.text == "Ein <Lead> von @Mara in #sales: hier & @here"
    assert feature.last.message == MessageRef(
        Place("slack", MARKETING, "public"), recorded("shortcut_message")["message_ts"]
    )
    assert workspace.slack.top(MARA).shown["callback_id"] == "do"


async def test_what_replaces_a_message_of_others_is_told(workspace: Workspace, feature: Feature) -> None:
    feature.reply = Update(CARD)
    await workspace.shortcut("do", "x")
    assert workspace.slack.replies[0][1]["replace_original"] is False


async def test_a_global_shortcut_is_answered_in_a_modal(workspace: Workspace, feature: Feature) -> None:
    feature.reply = Tell(CARD)
    await workspace.shortcut("do")
    assert feature.last.place == Place("slack", MARA, "direct")
    assert top(workspace) == "told\nDo"
    feature.reply = Tell(Card("more", (Text("more"),)))
    await workspace.press_modal("Do")
    assert [len(workspace.slack.windows[MARA]), top(workspace)] == [2, "more"]


async def test_a_shortcut_that_came_too_late_is_answered_directly(
    workspace: Workspace, feature: Feature
) -> None:
    for trigger, reply in (("gone", Tell(CARD)), ("gone, too", Open(FORM, AGAIN))):
        feature.reply = reply
        await workspace.shortcut("do", trigger_id=trigger)
        await workspace.jobs()
    assert [message.channel for message in workspace.slack.messages] == ["D00FAKEUSER1"] * 2
