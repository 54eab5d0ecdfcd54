"""The recorded requests of Slack pass through without an error: as ours, and as a foreign workspace's."""

import json
from typing import Any

import pytest

from tests.channels.slack.conftest import WAYS, user
from tests.channels.slack.fake import BOT_TOKEN, BOT_USER, INES, MARA, FakeSlack
from tests.channels.slack.wire import Transport
from tests.channels.slack.workspace import Workspace, recorded
from tests.conftest import DATA

INDEX = json.loads((DATA / "payloads" / "index.json").read_text("utf-8"))
RECORDED: list[tuple[str, str]] = [
    (entry["file"].removeprefix("slack/").removesuffix(".json"), entry["transport"])
    for entry in INDEX
    if entry["file"].startswith("slack/")
]
FROM_SOMEWHERE = [entry for entry in RECORDED if entry[0] != "url_verification"]
ANSWERED_LATER = {  # by a job: what was written, and what came with an address or trigger of the real Slack
    "mention_en",
    "mention_de",
    "mention_slack_connect",
    "mention_twin_message",  # the twin itself is the same post
    "message_dm_first",
    "workspace_1_mention",
    "workspace_2_mention",
    "socket_event_retry",
    "shortcut_message",
    "actions_button_message",
    "actions_button_ephemeral",
    "actions_home_button",
    "shortcut_global",
    "shortcut_global_org",
}
ENDED = [
    ("app_uninstalled", {}, 1),
    ("tokens_revoked", {"bot": [BOT_USER]}, 1),
    ("tokens_revoked", {"oauth": [MARA], "bot": []}, 0),
]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Everything here is tested both ways."""
    return str(request.param)


def test_all_forty_are_here() -> None:
    files = {path.stem for path in (DATA / "payloads" / "slack").glob("*.json")}
    assert {name for name, _ in RECORDED} == files
    assert len(files) == 40


def opened(name: str, transport: str) -> tuple[Transport, dict[str, Any]]:
    """The payload, and how it comes; an envelope of a socket holds one."""
    payload = recorded(name)
    if transport == "socket":
        inner: Transport = "form" if payload["type"] == "slash_commands" else "json"
        return inner, payload["payload"]
    known: dict[str, Transport] = {"form": "form", "payload": "payload", "json": "json"}
    return known[transport], payload


def installed(payload: dict[str, Any]) -> dict[str, Any]:
    """Where somebody is installed who gets this payload, as fields of the fake."""
    view = payload.get("view") or {}
    granted = (payload.get("authorizations") or [{}])[0]
    team, enterprise = payload.get("team") or {}, payload.get("enterprise") or {}
    ids = (
        view.get("app_installed_team_id"),
        granted.get("team_id"),
        payload.get("team_id"),
        team.get("id"),
    )
    sender = (payload.get("event") or {}).get("user")
    return {
        "team": next(filter(None, ids), None) or payload["user"]["team_id"],
        "enterprise": enterprise.get("id") or payload.get("enterprise_id"),
        "organisation": payload.get("team", "") is None,
        "bot_user": granted["user_id"] if granted.get("user_id") not in {None, sender} else BOT_USER,
    }


def meet(slack: FakeSlack, payload: dict[str, Any]) -> None:
    """Whoever and wherever this is, they are in the workspace."""
    event, who, where = payload.get("event") or {}, payload.get("user"), payload.get("channel")
    person = payload.get("user_id") or event.get("user") or (who or {}).get("id")
    place = payload.get("channel_id") or event.get("channel") or (where or {}).get("id")
    if person:
        slack.users[person] = user(person, "Alice", "alice@example.com", "en-US")
    if place:
        slack.members[place] = {slack.bot_user, str(person)}


async def test_recorded_requests_are_taken(workspace: Workspace, subtests: pytest.Subtests) -> None:
    for name, transport in FROM_SOMEWHERE:
        with subtests.test(name):
            kind, payload = opened(name, transport)
            await workspace.reinstall(**installed(payload))
            meet(workspace.slack, payload)
            workspace.slack.calls.clear()
            assert (await workspace.wire.send(kind, payload)).status == 200
            await workspace.settle()
            await workspace.jobs()
            said = [call for call in workspace.slack.calls if call.method.startswith("chat.")]
            aside = [call for call in said if "glossary.department" in str(call.given)]
            answers = [call for call in said if call not in aside or call.method == "chat.postMessage"]
            assert len(answers) == (1 if name in ANSWERED_LATER else 0)


async def test_the_same_from_elsewhere_is_refused(workspace: Workspace, subtests: pytest.Subtests) -> None:
    await workspace.reinstall(team="T00ELSEWHERE", enterprise="E00ELSEWHERE")
    workspace.slack.calls.clear()
    for name, transport in FROM_SOMEWHERE:
        with subtests.test(name):
            assert (await workspace.wire.send(*opened(name, transport))).status == 403
    await workspace.settle()
    assert await workspace.jobs() == 0
    assert {call.method for call in workspace.slack.calls} == {"auth.test"}


@pytest.mark.parametrize(("name", "tokens", "alarms"), ENDED)
async def test_the_end_of_the_installation_is_noted(
    workspace: Workspace, name: str, tokens: dict[str, list[str]], alarms: int
) -> None:
    await workspace.slash("lead", user=INES)
    await workspace.jobs()  # an admin has to be known
    workspace.slack.calls.clear()
    assert (await workspace.wire.send("json", workspace.event(name, tokens=tokens))).status == 200
    await workspace.jobs()
    told = workspace.slack.calls_of("chat.postMessage")
    assert [name in post["text"] for post in told] == [True] * alarms
    workspace.slack.dead = "account_inactive"
    assert (await workspace.slash("lead")).status == 403
    assert len(workspace.slack.calls_of("auth.test")) == 1


async def test_tokens_are_never_logged(workspace: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await workspace.slash("lead")
    await workspace.direct("was heisst Lead?")
    workspace.slack.dead = "token_revoked"
    await workspace.jobs()
    assert "token_revoked" in caplog.text
    assert BOT_TOKEN not in caplog.text
    assert "fake-verification-token" not in caplog.text
