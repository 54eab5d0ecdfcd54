"""Klartext with all three channels at once, around it what tests have in the place of the vendors."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, event
from sqlmodel import select

from bot.app import Klartext
from bot.app.channels import add_playground, add_slack, add_teams
from bot.app.connectors import add_connectors
from bot.channels.playground.store import Store
from bot.config import Settings, load_settings
from bot.db.failures import DatabaseUnavailable, Reason
from bot.intake.file import load
from bot.requests.tables import Request
from tests.channels.slack.fake import BOT_TOKEN, SECRET, FakeSlack
from tests.channels.slack.wire import Http
from tests.channels.slack.workspace import Workspace
from tests.channels.teams.kit import Site
from tests.channels.teams.microsoft import APP_ID, PASSWORD, TENANT, FakeMicrosoft
from tests.conftest import ROOT
from tests.db.fixtures import MovableClock

_read = cache(load)  # a folder of a test does not change while it runs
FIELD = "Xf0DEPARTMENT"  # the profile field of Slack that holds the department


@dataclass
class Building:
    """A process that serves everybody, and its doors."""

    url: str
    klartext: Klartext
    workspace: Workspace
    site: Site
    microsoft: FakeMicrosoft
    browser: httpx.AsyncClient
    store: Store
    clock: MovableClock
    is_locked: bool = False  # nobody can write into the database

    def __post_init__(self) -> None:
        event.listen(self.klartext.database.engine.sync_engine, "begin", self._begin, insert=True)

    async def work(self) -> None:
        """Do the jobs that are due, and those that come of them; write down what was looked up."""
        if self.is_locked:
            return
        while await self.klartext.worker.run_due():
            await self.site.teams.background.drain(30)
        await self.klartext.lookups.flush()

    def _begin(self, connection: Connection) -> None:
        if self.is_locked and not connection.get_execution_options().get("read_only"):
            raise DatabaseUnavailable(Reason.BUSY)

    async def requests(self) -> list[Request]:
        """All requests."""
        async with self.klartext.database.reading() as session:
            return list((await session.exec(select(Request).order_by(Request.id))).all())  # type: ignore[arg-type]


@dataclass(frozen=True)
class Vendors:
    """Slack and Microsoft."""

    slack: FakeSlack
    microsoft: FakeMicrosoft


@asynccontextmanager
async def open_building(
    url: str,
    glossary: Path,
    folder: Path,
    vendors: Vendors,
    clock: MovableClock,
    flows: Path = ROOT / "intake_flows",
    environ: Mapping[str, str] | None = None,
) -> AsyncIterator[Building]:
    """Everything joined as `klartext serve` does it, without what runs by itself."""
    settings = _settings(url, glossary, vendors, flows)
    klartext = Klartext(settings, clock)
    slack, teams = add_slack(klartext, settings), add_teams(klartext, settings)
    assert slack is not None
    assert teams is not None
    add_connectors(klartext, settings, environ or {})
    folder.mkdir(exist_ok=True)
    store = Store(folder / "playground.db", clock)
    add_playground(klartext, store, previews={})
    await klartext.living.refresh()
    klartext.shelf._read = _read
    await klartext.shelf.look()
    await slack.service.start()
    app = klartext.asgi()
    async with _client(app, "http://klartext.test") as http, _browser(app) as browser:
        workspace = Workspace(klartext, vendors.slack, slack, Http(http))
        yield Building(
            url, klartext, workspace, Site(klartext, teams, http), vendors.microsoft, browser, store, clock
        )
    await slack.service.stop()
    await teams.stop()
    await klartext.lookups.stop()
    await klartext.database.close()
    store.close()


def _client(app: Any, base: str, **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=base, headers=headers)


def _browser(app: Any) -> httpx.AsyncClient:
    headers = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "de"}
    return _client(app, "http://127.0.0.1:8080", **headers)


def _settings(url: str, glossary: Path, vendors: Vendors, flows: Path) -> Settings:
    """As an admin would set them."""
    given: dict[str, Any] = {
        "slack_bot_token": BOT_TOKEN,
        "slack_signing_secret": SECRET,
        "slack_api_url": vendors.slack.api_url,
        "slack_department_field": FIELD,
        "teams_app_id": APP_ID,
        "teams_app_password": PASSWORD,
        "teams_tenant_id": TENANT,
        "database_url": url,
        "glossary": glossary,
        "flows": flows,
        "env": "development",
    }
    return load_settings({}, **given)
