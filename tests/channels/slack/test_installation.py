"""Whose bot we are: asked once, checked against the settings, and what stops the start."""

from pathlib import Path
from typing import Any

import pytest

from bot.app import Klartext
from bot.app.channels import add_slack
from bot.channels.slack.connection import Connection
from bot.channels.slack.errors import SlackRefused, WrongWorkspace
from bot.channels.slack.switch import Switch
from bot.config import Settings, WrongSettings, load_settings
from tests.channels.slack.fake import (
    APP_TOKEN,
    BOT_TOKEN,
    MARA,
    MARKETING,
    SECRET,
    TEAM,
    Failure,
    FakeSlack,
)
from tests.channels.slack.workspace import Workspace, recorded, seen


async def start(settings: Settings, **changes: Any) -> Any:
    """Start the channel of these settings, and stop it."""
    klartext = Klartext(settings.model_copy(update=changes))
    channel = add_slack(klartext, klartext.settings)
    assert channel
    try:
        await channel.service.start()
        await channel.service.stop()
    finally:
        await klartext.database.close()
    return channel


async def test_slack_is_asked_once(workspace: Workspace) -> None:
    for _ in range(3):
        await workspace.slash("lead")
    assert len(workspace.slack.calls_of("auth.test")) == 1


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_revoked"])
async def test_a_wrong_token_stops_the_start(settings: Settings, slack: FakeSlack, code: str) -> None:
    slack.dead = code
    with pytest.raises(SlackRefused, match=code):
        await start(settings)


@pytest.mark.parametrize("wanted", [TEAM, "E00FAKE0001"])
async def test_the_workspace_of_the_settings_is_ours(
    settings: Settings, slack: FakeSlack, wanted: str
) -> None:
    slack.enterprise = "E00FAKE0001"
    await start(settings, slack_team_id=wanted)


async def test_another_workspace_stops_the_start(settings: Settings, slack: FakeSlack) -> None:
    with pytest.raises(WrongWorkspace) as wrong:
        await start(settings, slack_team_id="T00OTHER")
    assert (wrong.value.wanted, wrong.value.found) == ("T00OTHER", TEAM)


@pytest.mark.parametrize("failure", [Failure(503, text="away"), Failure(429, "ratelimited", 5)])
async def test_a_slack_that_is_away_does_not_stop_the_start(
    settings: Settings, slack: FakeSlack, failure: Failure, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fail("auth.test", failure)
    await start(settings)
    assert "Slack cannot be reached yet" in caplog.text


async def test_until_slack_is_back_one_is_asked_to_try_again(workspace: Workspace) -> None:
    await workspace.reinstall()
    workspace.slack.fail("auth.test", Failure(503, text="away"), Failure(503, text="away"))
    answer = await workspace.slash("lead")
    assert answer.status == 200
    assert "nicht erreichbar" in str(answer.body)
    assert (await workspace.direct("was heisst Lead?")).status == 503  # Slack sends it again
    assert (await workspace.slash("lead")).body["response_type"] == "ephemeral"


async def test_people_of_other_companies_are_refused_by_default(workspace: Workspace) -> None:
    shared = workspace.event("mention_slack_connect", text="was heisst Lead?", user_team="T00OTHER")
    shared["event"]["channel"] = MARKETING
    assert (await workspace.wire.send("json", shared | {"is_ext_shared_channel": True})).status == 200
    payload = recorded("actions_button_ephemeral") | {"response_url": workspace.slack.reply_url()}
    payload |= {"user": {"id": "U00STRANGER1", "team_id": "T00OTHER"}, "team": {"id": TEAM}}
    await workspace.wire.send("payload", payload)
    assert "eigenen Unternehmen" in seen(workspace.slack.replies[0][1]["blocks"])
    assert await workspace.jobs() == 0


async def test_a_form_of_a_stranger_is_refused(workspace: Workspace) -> None:
    payload = recorded("view_submission_slack_connect")
    payload["view"]["app_installed_team_id"] = TEAM
    answer = await workspace.wire.send("payload", payload)
    assert "eigenen Unternehmen" in seen(answer.body["view"]["blocks"])


async def test_an_admin_may_let_them_in(settings: Settings) -> None:
    channel = await start(settings, slack_connect=True)
    switch = channel.app._async_middleware_list[-1]
    assert isinstance(switch, Switch)
    assert switch.listener.strangers is True


def settings_with(**given: str) -> Settings:
    """Settings with nothing but these."""
    return load_settings({f"KLARTEXT_SLACK_{name.upper()}": value for name, value in given.items()})


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"signing_secret": SECRET}, "slack.half"),
        ({"app_token": APP_TOKEN}, "slack.half"),
        ({"team_id": TEAM}, "slack.half"),
        ({"bot_token": BOT_TOKEN}, "slack.half_way"),
        ({"bot_token": BOT_TOKEN, "team_id": TEAM}, "slack.half_way"),
        ({"bot_token": "xoxp-1", "signing_secret": SECRET}, "settings.wrong"),
        ({"bot_token": APP_TOKEN, "signing_secret": SECRET}, "settings.wrong"),
        ({"bot_token": BOT_TOKEN, "app_token": BOT_TOKEN}, "settings.wrong"),
        ({"bot_token": BOT_TOKEN, "signing_secret": SECRET, "team_id": "acme"}, "settings.wrong"),
        ({"bot_token": BOT_TOKEN, "signing_secret": SECRET, "api_url": "slack.com"}, "settings.wrong"),
    ],
)
def test_half_a_configuration_stops_the_start_with_one_sentence(given: dict[str, str], key: str) -> None:
    with pytest.raises(WrongSettings) as wrong:
        settings_with(**given)
    assert [problem.key for problem in wrong.value.problems] == [key]


def test_a_whole_one_does_not() -> None:
    for way in ({"signing_secret": SECRET}, {"app_token": APP_TOKEN}):
        settings = settings_with(bot_token=BOT_TOKEN, **way)
        assert BOT_TOKEN not in repr(settings)
        assert SECRET not in repr(settings)
        assert APP_TOKEN not in repr(settings)


def test_without_slack_there_is_no_slack(tmp_path: Path) -> None:
    klartext = Klartext(load_settings({"KLARTEXT_DATABASE_URL": f"sqlite:///{tmp_path / 'k.db'}"}))
    assert add_slack(klartext, klartext.settings) is None
    assert klartext.services == []


async def test_socket_mode_opens_a_connection_and_answers_over_it(workspace: Workspace) -> None:
    slack, connection = (
        workspace.slack,
        Connection(workspace.channel.app, APP_TOKEN, workspace.slack.api_url),
    )
    await connection.start()
    await slack.connected.wait()
    (socket,) = slack.sockets
    payload = recorded("socket_slash")["payload"] | {
        "team_id": TEAM,
        "user_id": MARA,
        "channel_id": MARKETING,
    }
    envelope = recorded("socket_slash") | {"envelope_id": "e7", "payload": payload}
    await socket.send_json(envelope)
    assert (await slack.acknowledged("e7"))["response_type"] == "ephemeral"
    await connection.stop()
    assert socket.closed


async def test_a_wrong_app_token_stops_the_start(settings: Settings, slack: FakeSlack) -> None:
    with pytest.raises(SlackRefused, match=r"apps\.connections\.open: invalid_auth"):
        await start(settings, slack_app_token=f"{APP_TOKEN}x")


async def test_a_socket_that_cannot_be_opened_yet_is_opened_later(workspace: Workspace) -> None:
    slack = workspace.slack
    slack.fail("apps.connections.open", Failure(503, text="away"))
    connection = Connection(workspace.channel.app, APP_TOKEN, slack.api_url)
    await connection.start()
    await slack.connected.wait()
    assert len(slack.calls_of("apps.connections.open")) == 2
    await connection.stop()


async def test_a_connection_that_never_opened_is_closed(workspace: Workspace) -> None:
    workspace.slack.fail("apps.connections.open", *[Failure(503, text="away")] * 2)
    connection = Connection(workspace.channel.app, APP_TOKEN, workspace.slack.api_url)
    await connection.stop()
    await connection.start()
    await connection.stop()
    assert workspace.slack.sockets == []


async def test_without_a_secret_there_is_no_address(settings: Settings) -> None:
    channel = await start(settings, slack_app_token=APP_TOKEN, slack_signing_secret=None)
    assert channel.routes == []
