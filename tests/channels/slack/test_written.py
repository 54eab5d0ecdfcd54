"""What was written is answered by jobs; what breaks is said, or comes again."""

from typing import Any

import pytest

from bot.chat.replies import Open, Reply, Tell, Update
from tests.channels.slack.fake import MARA, MARKETING
from tests.channels.slack.feature import AGAIN, BUTTON, CARD, FORM, Feature
from tests.channels.slack.workspace import Workspace, seen


@pytest.mark.parametrize("reply", [Open(FORM, AGAIN), Update(FORM)])
async def test_a_form_for_what_was_written_comes_as_a_button(
    workspace: Workspace, feature: Feature, reply: Reply
) -> None:
    feature.reply = reply
    await workspace.direct("do")
    await workspace.jobs()
    (message,) = workspace.slack.messages
    if isinstance(reply, Open):
        assert seen(message.blocks) == "Title\nOpen"
        await workspace.press_post(message, "Open")
    else:
        assert "noch einmal" in seen(message.blocks)


@pytest.mark.parametrize(
    ("to", "thread", "only"), [("private", None, MARA), ("thread", "1.5", None), ("public", None, None)]
)
async def test_what_was_written_in_a_channel_is_answered_where_the_reply_says(
    workspace: Workspace, feature: Feature, to: Any, thread: str | None, only: str | None
) -> None:
    feature.reply = Tell(CARD, to)
    await workspace.mention("do", ts="1.5")
    await workspace.jobs()
    (message,) = workspace.slack.messages
    assert (message.channel, message.body.get("thread_ts"), message.only) == (MARKETING, thread, only)


async def test_a_database_that_is_away_is_said(workspace: Workspace, feature: Feature) -> None:
    async def away(*_given: object, **_named: object) -> Any:
        raise ConnectionError("the database is away")

    object.__setattr__(_listener(workspace), "context", away)
    answer = await workspace.slash("x", command="/do")
    assert "schiefgegangen" in seen(answer.body["blocks"])
    await workspace.press(BUTTON, "Do")
    assert "schiefgegangen" in seen(workspace.slack.replies[0][1]["blocks"])
    assert (await workspace.direct("do")).status == 500  # Slack will send it again
    assert feature.events == []


def _listener(workspace: Workspace) -> Any:
    """The listener behind bolt."""
    return workspace.channel.app._async_listeners[0].ack_function.__self__  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body", [{"actions": []}, {"user": None}, {"user": {}}, {"view": {"type": "modal"}}]
)
async def test_signed_nonsense_breaks_nothing(
    workspace: Workspace, feature: Feature, body: dict[str, Any]
) -> None:
    await workspace.press(BUTTON, "Do", **body)
    feature.reply = Tell(CARD)
    assert (await workspace.slash("x", command="/do")).status == 200
