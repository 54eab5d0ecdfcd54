"""Slash commands: every reply in the acknowledgement, and what it can open."""

from typing import Any

import pytest

from bot.chat.events import (
    Place,
    TextReceived,
)
from bot.chat.replies import Close, Errors, Home, Open, Reply, Results, Tell, Update
from tests.channels.slack.fake import MARA, MARKETING, Failure
from tests.channels.slack.feature import AGAIN, CARD, FORM, Feature
from tests.channels.slack.wire import Answer
from tests.channels.slack.workspace import Workspace, seen


@pytest.mark.parametrize(
    ("to", "type_"), [("private", "ephemeral"), ("thread", "ephemeral"), ("public", "in_channel")]
)
async def test_a_command_is_answered_in_its_body(
    workspace: Workspace, feature: Feature, to: Any, type_: str
) -> None:
    feature.reply = Tell(CARD, to)
    answer = await workspace.slash("x", command="/do")
    assert (answer.body["response_type"], answer.body["text"]) == (type_, "told")
    assert isinstance(feature.last, TextReceived)
    assert feature.last.place == Place("slack", MARKETING, "public")
    assert feature.last.command == "do"


@pytest.mark.parametrize(
    ("channel", "name", "kind"),
    [
        ("D1", "directmessage", "direct"),
        ("G1", "privategroup", "group"),
        ("C1", "privategroup", "group"),
        ("C1", "x", "public"),
    ],
)
async def test_the_kind_of_a_conversation_is_known(
    workspace: Workspace, feature: Feature, channel: str, name: str, kind: str
) -> None:
    await workspace.slash("x", command="/do", place=channel, channel_name=name)
    assert feature.last.place.kind == kind


@pytest.mark.parametrize("reply", [Open(FORM), Update(FORM)])
async def test_a_command_opens_a_form(workspace: Workspace, feature: Feature, reply: Reply) -> None:
    feature.reply = reply
    assert await workspace.slash("x", command="/do") == Answer(200, "")
    assert workspace.slack.top(MARA).shown["callback_id"] == "do"


@pytest.mark.parametrize("reply", [Update(CARD), Close(CARD), Home(CARD)])
async def test_whatever_a_command_cannot_do_is_told(
    workspace: Workspace, feature: Feature, reply: Reply
) -> None:
    feature.reply = reply
    assert (await workspace.slash("x", command="/do")).body["text"] == "told"


async def test_errors_of_a_command_are_told(workspace: Workspace, feature: Feature) -> None:
    feature.reply = Errors({"a": "one", "b": "two"})
    assert seen((await workspace.slash("x", command="/do")).body["blocks"]) == "one\ntwo"


@pytest.mark.parametrize("reply", [Close(), Results(())])
async def test_a_command_without_a_word_is_acknowledged(
    workspace: Workspace, feature: Feature, reply: Reply
) -> None:
    feature.reply = reply
    assert await workspace.slash("x", command="/do") == Answer(200, "")


async def test_a_trigger_that_is_too_old_is_answered_with_a_button(
    workspace: Workspace, feature: Feature
) -> None:
    feature.reply = Open(FORM, AGAIN)
    trigger = workspace.slack.trigger(MARA)
    workspace.slack.expire(trigger)
    answer = await workspace.slash("x", command="/do", trigger_id=trigger)
    assert "zu lange" in seen(answer.body["blocks"])
    await workspace.press(answer.body["blocks"], "Open")
    assert workspace.slack.top(MARA).shown["callback_id"] == "do"


@pytest.mark.parametrize(
    "failure", [Failure(503, text="away"), Failure(429, "ratelimited", retry_after=30)]
)
async def test_without_a_button_one_is_asked_to_try_again(
    workspace: Workspace, feature: Feature, failure: Failure
) -> None:
    feature.reply = Open(FORM)
    workspace.slack.fail("views.open", failure)
    answer = await workspace.slash("x", command="/do")
    assert "Versuch es bitte noch einmal" in seen(answer.body["blocks"])
