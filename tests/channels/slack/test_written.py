"""What was written is answered by jobs; what breaks is said, or comes again."""

from typing import Any

import pytest

from bot.chat.replies import Open, Reply, Tell, Update
from bot.db.failures import DatabaseUnavailable, Reason
from tests.channels.slack.conftest import WAYS
from tests.channels.slack.fake import MARA, MARKETING
from tests.channels.slack.feature import AGAIN, BUTTON, CARD, FORM, Feature
from tests.channels.slack.workspace import Workspace, seen


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Everything here is tested both ways."""
    return str(request.param)


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


async def test_a_database_that_is_away_loses_nothing(
    workspace: Workspace, feature: Feature, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Any:
        raise DatabaseUnavailable(Reason.UNREACHABLE, "gone")

    feature.reply = Tell(CARD)
    question = workspace.event("message_dm_first", text="do", channel="D00FAKEUSER1", user=MARA)
    with monkeypatch.context() as patched:
        patched.setattr(workspace.klartext.database, "unit", away)
        patched.setattr(workspace.klartext.database, "reading", away)
        assert (await workspace.slash("x", command="/do")).status == 200
        await workspace.press(BUTTON, "Do")
        assert "nichts ist verloren" in seen(workspace.slack.replies[0][1]["blocks"])
        assert (await workspace.wire.send("json", question)).status == 500
    assert workspace.slack.messages == []
    assert (await workspace.wire.send("json", question)).status == 200  # as Slack does after a minute
    await workspace.jobs()
    assert [message.body["text"] for message in workspace.slack.messages] == ["told"]


@pytest.mark.parametrize(
    "body", [{"actions": []}, {"user": None}, {"user": {}}, {"view": {"type": "modal"}}]
)
async def test_signed_nonsense_breaks_nothing(
    workspace: Workspace, feature: Feature, body: dict[str, Any]
) -> None:
    await workspace.press(BUTTON, "Do", **body)
    feature.reply = Tell(CARD)
    assert (await workspace.slash("x", command="/do")).status == 200
