"""`klartext slack check`, against a fake Slack."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner, Result

from bot.channels.slack.calls import OPTIONAL, REQUIRED
from bot.cli import app
from tests.channels.slack.fake import APP_TOKEN, BOT_TOKEN, SECRET, TEAM, FakeSlack


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    """In a thread of its own: the command has an event loop, too."""
    fake, ready, loop = FakeSlack(), threading.Event(), asyncio.new_event_loop()
    fake.scopes = {*REQUIRED, *OPTIONAL}

    async def serve() -> None:
        await fake.start()
        ready.set()

    def run() -> None:
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait()
    yield fake
    asyncio.run_coroutine_threadsafe(fake.stop(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def check(slack: FakeSlack | None, *arguments: str, **given: str) -> Result:
    """Run the command with these settings."""
    environ = {f"KLARTEXT_SLACK_{name.upper()}": value for name, value in given.items()}
    if slack:
        environ["KLARTEXT_SLACK_API_URL"] = slack.api_url
    return CliRunner().invoke(app, ["slack", "check", *arguments], env=environ)


def test_everything_is_there(slack: FakeSlack) -> None:
    result = check(slack, "-l", "en", bot_token=BOT_TOKEN, signing_secret=SECRET, app_token=APP_TOKEN)
    assert result.output.splitlines() == [
        f"Signed in as U00FAKEBOT01 in Acme ({TEAM}).",
        "All scopes that are needed are there.",
        "Slack calls Klartext over HTTP: POST /slack/events",
        "Socket Mode: the connection is allowed.",
    ]
    assert result.exit_code == 0


def test_missing_optional_and_spare_scopes_are_named(slack: FakeSlack) -> None:
    slack.scopes = {"commands", "chat:write", "im:history", "users:read", "files:write", "usergroups:read"}
    result = check(slack, "-l", "de", bot_token=BOT_TOKEN, signing_secret=SECRET)
    assert "Es fehlen Berechtigungen: app_mentions:read." in result.output
    assert (
        "freiwilligen Berechtigungen geht es auch: users.profile:read, users:read.email." in result.output
    )
    assert "braucht Klartext nicht: files:write." in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"bot_token": "xoxb-wrong", "signing_secret": SECRET}, "Slack refuses: invalid_auth (auth.test)."),
        ({"bot_token": BOT_TOKEN, "app_token": "xapp-wrong"}, "Socket Mode does not work: invalid_auth."),
        (
            {"bot_token": BOT_TOKEN, "signing_secret": SECRET, "team_id": "T0OTHER"},
            f"KLARTEXT_SLACK_TEAM_ID is T0OTHER, but the token belongs to {TEAM}.",
        ),
    ],
)
def test_what_is_wrong_is_said(slack: FakeSlack, given: dict[str, str], said: str) -> None:
    result = check(slack, "-l", "en", **given)
    assert said in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Slack is not set up"),
        ({"bot_token": BOT_TOKEN}, "KLARTEXT_SLACK_SIGNING_SECRET (for HTTP) or KLARTEXT_SLACK_APP_TOKEN"),
        ({"signing_secret": SECRET}, "KLARTEXT_SLACK_BOT_TOKEN is missing"),
        (
            {"bot_token": BOT_TOKEN, "signing_secret": SECRET, "api_url": "http://127.0.0.1:9/api/"},
            "Slack cannot be reached",
        ),
    ],
)
def test_without_slack_it_says_what_is_missing(given: dict[str, str], said: str) -> None:
    result = check(None, "-l", "en", **given)
    assert said in result.output
    assert result.exit_code == 1
    assert BOT_TOKEN not in result.output
