"""Klartext as it runs, with a fake Slack around it.

What people do is tested over HTTP on SQLite and over Socket Mode on PostgreSQL (`WAYS`), details over HTTP.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from bot.app import Klartext
from bot.app.channels import add_slack
from bot.config import Settings, load_settings
from bot.glossary.living import import_file
from tests.channels.slack.fake import BOT_TOKEN, INES, MARA, SECRET, SVEN, FakeSlack
from tests.channels.slack.feature import Feature
from tests.channels.slack.wire import Http, Socket
from tests.channels.slack.workspace import Workspace
from tests.conftest import DATA, ROOT
from tests.db.fixtures import MovableClock

WAYS = ("http-sqlite", "socket-postgres")
TERMS = (
    "lead",
    "marketing-qualified-lead",
    "prospect",
    "opportunity",
)
ROLES = """
users: {it-owner: it@example.com, sales-owner: vertrieb@example.com, marketing-owner: marketing@example.com}
roles: {admin: ["user:it-owner"], glossary_steward: ["user:sales-owner"]}
"""
PEOPLE = {
    MARA: ("Mara Marketing", "marketing@example.com", "de-DE"),
    SVEN: ("Sven Vertrieb", "vertrieb@example.com", "de-DE"),
    INES: ("Ines IT", "it@example.com", "en-US"),
}


@pytest.fixture(scope="session")
def small_glossary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few terms of the customer's example: reading all of them takes half a second each time."""
    yaml = YAML(typ="safe", pure=True)
    whole = yaml.load(DATA / "examples" / "glossary.yaml")
    file = tmp_path_factory.mktemp("glossary") / "glossary.yaml"
    yaml.dump({**whole, "terms": {id_: whole["terms"][id_] for id_ in TERMS}}, file)
    return file


@pytest.fixture
def way() -> str:
    """How requests come in, and the database behind."""
    return WAYS[0]


@pytest.fixture
def engine_name(way: str) -> str:
    """For the fixtures of the database."""
    return way.partition("-")[2]


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """The fake, with three people and the scopes of our manifest.

    At the end nothing may have been refused as no Block Kit.
    """
    people = {id_: user(id_, *person) for id_, person in PEOPLE.items()}
    scopes = YAML(typ="safe").load(ROOT / "deploy" / "slack-manifest.yaml")["oauth_config"]["scopes"]
    fake = FakeSlack(users=people, scopes={*scopes["bot"], *scopes["bot_optional"]})
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.mistakes == []


def user(id_: str, name: str, email: str, locale: str, **more: Any) -> dict[str, Any]:
    """Somebody, as `users.info` says it."""
    profile = {"real_name": name, "display_name": name.split(maxsplit=1)[0], "email": email}
    return {"id": id_, "profile": profile, "locale": locale, "is_email_confirmed": True, **more}


@pytest.fixture
def settings(slack: FakeSlack, migrated_url: str, small_glossary: Path, tmp_path: Path) -> Settings:
    """As an admin would set them."""
    (tmp_path / "roles.yaml").write_text(ROLES, "utf-8")
    return load_settings(
        {
            "KLARTEXT_DATABASE_URL": migrated_url,
            "KLARTEXT_GLOSSARY": str(small_glossary),
            "KLARTEXT_FLOWS": str(tmp_path),
            "KLARTEXT_SLACK_BOT_TOKEN": BOT_TOKEN,
            "KLARTEXT_SLACK_SIGNING_SECRET": SECRET,
            "KLARTEXT_SLACK_API_URL": slack.api_url,
        }
    )


@pytest.fixture
async def workspace(
    way: str, settings: Settings, slack: FakeSlack, clock: MovableClock
) -> AsyncIterator[Workspace]:
    """Everything together. Jobs are done when a test says so."""
    klartext = Klartext(settings, clock)
    channel = add_slack(klartext, settings)
    assert channel is not None
    await import_file(klartext.database, settings.glossary)
    await klartext.living.refresh()
    await channel.service.start()
    transport = httpx.ASGITransport(klartext.asgi(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://klartext.test") as client:
        wire = Socket(channel.app) if way.startswith("socket") else Http(client)
        yield Workspace(klartext, slack, channel, wire)
    await channel.service.stop()
    await klartext.database.close()


@pytest.fixture
def feature(workspace: Workspace) -> Feature:
    """In the router of Klartext."""
    return Feature(workspace.klartext.router)
