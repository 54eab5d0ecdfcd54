"""emulate: what only a strict server shows, which are triggers, hashes, stacks and scopes."""

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import httpx
from ruamel.yaml import YAML
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import Klartext
from bot.app.channels import add_slack
from bot.channels.slack import app as composed
from bot.channels.slack.calls import OPTIONAL, REQUIRED
from bot.channels.slack.errors import SlackRefused
from bot.channels.slack.render import card_view
from bot.channels.slack.sheet import Sheet, direct
from bot.chat.events import Place
from bot.chat.ui import Card, Text
from bot.config import load_settings
from bot.db.migrate import upgrade
from bot.glossary.living import import_file
from tests.channels.slack.fake import BOT_TOKEN, MARA, SECRET
from tests.channels.slack.wire import Http
from tests.channels.slack.workspace import recorded
from tests.e2e.steps import EMULATE, GLOSSARY, NODE, running, step, until

STRICT = 4003  # its port
API = f"http://127.0.0.1:{STRICT}/api/"


class Recorded(AsyncWebClient):
    """Keeps how emulate answers each call."""

    calls: ClassVar[list[tuple[str, str]]] = []

    async def api_call(self, api_method: str, **given: Any) -> Any:
        """As slack_sdk does."""
        try:
            answer = await super().api_call(api_method, **given)
        except SlackApiError as error:
            self.calls.append((api_method, str(error.response.get("error"))))
            raise
        self.calls.append((api_method, "ok"))
        return answer


def took(method: str) -> list[str]:
    """How the calls of a method ended since the last look."""
    ended = [end for name, end in Recorded.calls if name == method]
    Recorded.calls.clear()
    return ended


@asynccontextmanager
async def strict(scopes: frozenset[str]) -> AsyncIterator[tuple[Klartext, Any, Http, str]]:
    """emulate, and Klartext in this process, with a token that has exactly these scopes."""
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder) / "seed.yaml"
        token = {
            "token": BOT_TOKEN,
            "type": "bot",
            "scopes": sorted(scopes),
            "app_id": "A1",
            "bot_id": "B1",
            "user": "klartext",
        }
        people = [
            {"name": "mara", "real_name": "Mara Marketing"},
            {"name": "klartext", "real_name": "Klartext"},
        ]
        config = {
            "users": people,
            "channels": [{"name": "marketing"}],
            "tokens": [token],
            "strict_scopes": True,
        }
        YAML(typ="safe").dump({"slack": config}, seed)
        start = (
            str(NODE),
            str(EMULATE),
            "start",
            "--service",
            "slack",
            "--port",
            str(STRICT),
            "--seed",
            str(seed),
        )
        url = f"sqlite:///{folder}/klartext.db"
        await upgrade(url)
        with running(*start):
            await until(lambda: _listens(STRICT))
            settings = load_settings(
                {
                    "KLARTEXT_DATABASE_URL": url,
                    "KLARTEXT_GLOSSARY": str(GLOSSARY),
                    "KLARTEXT_SLACK_BOT_TOKEN": BOT_TOKEN,
                    "KLARTEXT_SLACK_SIGNING_SECRET": SECRET,
                    "KLARTEXT_SLACK_API_URL": API,
                }
            )
            klartext = Klartext(settings)
            channel = add_slack(klartext, settings)
            assert channel is not None
            await import_file(klartext.database, GLOSSARY)
            await klartext.living.refresh()
            await channel.service.start()
            transport = httpx.ASGITransport(klartext.asgi())
            async with httpx.AsyncClient(transport=transport, base_url="http://klartext.test") as client:
                yield klartext, channel, Http(client), await _mara()
            await channel.service.stop()
            await klartext.database.close()


def _listens(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


async def _mara() -> str:
    users = (await AsyncWebClient(BOT_TOKEN, base_url=API).api_call("users.list"))["members"]
    return next(str(user["id"]) for user in users if user["name"] == "mara")


async def emulate() -> None:
    """What only a strict server shows: triggers, hashes, stacks, scopes."""
    composed.AsyncWebClient = Recorded  # type: ignore[attr-defined]
    async with strict(REQUIRED | OPTIONAL) as (klartext, channel, http, mara):
        step("the token is known", took("auth.test") == ["ok"])
        client = AsyncWebClient(BOT_TOKEN, base_url=API)
        team = str((await client.auth_test())["team_id"])

        async def trigger(**given: str) -> str:
            return str(
                (await client.api_call("views.generateTriggerId", json={"user_id": mara, **given}))[
                    "trigger_id"
                ]
            )

        def at(view: dict[str, Any] | None = None) -> dict[str, Any]:
            who = {"user": {"id": mara, "team_id": team}, "team": {"id": team}, "enterprise": None}
            return who | ({"view": view} if view else {})

        async def shortcut(with_: str) -> None:
            payload = recorded("shortcut_global") | at() | {"callback_id": "ask", "trigger_id": with_}
            await http.send("payload", payload)

        first = await trigger()
        await shortcut(first)
        step("a fresh trigger opens a form", (ended := took("views.open")) == ["ok"], ended)
        await shortcut(first)
        step("the same again is refused", (ended := took("views.open")) == ["exchanged_trigger_id"], ended)
        await asyncio.gather(klartext.worker.run_due())
        step("… and answered by a direct message", "ok" in took("chat.postMessage"))
        await _stack(http, client, trigger, at)
        payload = recorded("app_home_opened_home") | {"team_id": team}
        payload["event"]["user"] = mara
        await http.send("json", payload)
        await channel.background.finish(5)
        step("the Home tab is published", (ended := took("views.publish")) == ["ok"], ended)
        profile = await channel.profiles.profile(mara)
        step("a profile is read", profile and profile.name == "Mara Marketing", profile)
    async with strict(REQUIRED - {"chat:write"}) as (_, channel, _, mara):
        try:
            await channel.sender.post(Place("slack", mara, "direct"), Card("x", (Text("x"),)), "k")
            refused = ""
        except SlackRefused as no:
            refused = no.code
        step("without chat:write nothing is posted", refused == "missing_scope", refused)


async def _stack(http: Http, client: AsyncWebClient, trigger: Any, at: Any) -> None:
    """Windows on top of each other, and a change that came too late."""
    opening = {"trigger_id": await trigger(), "view": _window()}
    view = (await client.views_open(**opening))["view"]
    button = {"type": "button", "action_id": "glossary.list:1", "block_id": "b", "action_ts": "1.1"}

    async def press(on: dict[str, Any], action: dict[str, Any] = button) -> None:
        with_ = await trigger(view_id=on["id"])
        await http.send(
            "payload", recorded("actions_home_button") | at(on) | {"trigger_id": with_, "actions": [action]}
        )

    await press(view)
    step("a card lies on top of another", (ended := took("views.push")) == ["ok"], ended)
    more = {**button, "action_id": "glossary.show:1", "value": "define - - - lead"}
    await press(view, more)
    step("a card is changed in place", (ended := took("views.update")) == ["ok"], ended)
    await press(view, more)  # with the hash of before
    step(
        "a change that came too late is dropped",
        (ended := took("views.update")) == ["hash_conflict"],
        ended,
    )


def _window() -> dict[str, Any]:
    """A card in a modal, as we draw it."""
    return card_view(Card("x", (Text("x"),)), Sheet(direct(MARA)), "de")
