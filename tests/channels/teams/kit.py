"""A Klartext with its Teams channel, and a person who talks to it through the real HTTP edge."""

import copy
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx

from bot.app import Klartext
from bot.app.channels import add_teams
from bot.channels.teams.app import Teams
from bot.channels.teams.endpoint import Endpoint
from bot.channels.teams.render import OURS
from bot.channels.teams.turns import Turns
from bot.config import Settings
from bot.db.rows import Clock
from tests.channels.teams.microsoft import APP_ID, PASSWORD, SERVICE, TENANT, FakeMicrosoft, Json
from tests.conftest import DATA

GLOSSARY = DATA / "examples" / "glossary.yaml"
BOT = {"id": f"28:{APP_ID}", "name": "Klartext"}
CHANNEL_ID = "19:marketing@thread.tacv2"
CHAT_ID = "a:1-mara"
_numbers = itertools.count(1)


def settings(url: str, **more: Any) -> Settings:
    """Teams set up as for a real tenant."""
    given: dict[str, Any] = {
        "env": "development",
        "database_url": url,
        "glossary": GLOSSARY,
        "flows": Path("no-flows"),
        "teams_app_id": APP_ID,
        "teams_app_password": PASSWORD,
        "teams_tenant_id": TENANT,
    }
    return Settings(**(given | more))


@asynccontextmanager
async def running(config: Settings, clock: Clock, *, reads: bool = True) -> AsyncIterator["Site"]:
    """Klartext without loops of its own: a test says when jobs are done. `reads` its glossary, or not."""
    klartext = Klartext(config, clock)
    channel = add_teams(klartext, config)
    assert channel is not None
    if reads:
        await klartext._watch.bring_in()
        await klartext._poller.poll()
    transport = httpx.ASGITransport(app=klartext.asgi())
    async with httpx.AsyncClient(transport=transport, base_url="http://klartext") as http:
        yield Site(klartext, channel, http)
    await channel.stop()
    await klartext.lookups.stop()
    await klartext.database.close()


@dataclass
class Site:
    """What a test holds in its hands."""

    klartext: Klartext
    teams: Teams
    http: httpx.AsyncClient

    async def post(self, body: Any, token: str | None, **headers: str) -> httpx.Response:
        """Post an activity and wait for what goes on behind the answer."""
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        all_headers = {"content-type": "application/json; charset=utf-8"} | headers
        response = await self.http.post("/api/messages", content=content, headers=all_headers)
        await self.teams.background.drain(30)
        return response

    @property
    def endpoint(self) -> Endpoint:
        """What the route leads to."""
        found: Endpoint = self.teams.routes[0].endpoint.__self__  # type: ignore[attr-defined]
        return found

    @property
    def turns(self) -> Turns:
        """What is behind the endpoint."""
        return self.endpoint._turns

    async def work(self) -> None:
        """Do the jobs that are due."""
        await self.klartext.worker.run_due()


@dataclass
class Teammate:
    """Somebody in Teams, in their 1:1 chat with Klartext, a channel or a group."""

    site: Site
    microsoft: FakeMicrosoft
    name: str = "Mara"
    kind: str = "personal"
    locale: str = "de-DE"
    thread: str = ""
    email: str = ""
    extra: Json = field(default_factory=dict)
    channel: str = CHANNEL_ID

    @property
    def account(self) -> str:
        """The Entra object id."""
        return str(uuid5(NAMESPACE_URL, self.name))

    @property
    def conversation(self) -> Json:
        """Where they are."""
        ids = {"personal": f"a:1-{self.name.casefold()}", "groupChat": "19:group@thread.v2"}
        id_ = ids.get(self.kind, self.channel) + (f";messageid={self.thread}" if self.thread else "")
        return {
            "id": id_,
            "conversationType": self.kind,
            "tenantId": TENANT,
            "isGroup": self.kind != "personal",
        }

    def activity(self, type_: str, **more: Any) -> Json:
        """Something that they did."""
        place = {"team": {"id": "19:team@thread.tacv2"}, "channel": {"id": self.channel}}
        return {
            "type": type_,
            "id": f"activity-{next(_numbers)}",
            "channelId": "msteams",
            "serviceUrl": SERVICE,
            "timestamp": "2026-11-20T10:00:00.000Z",
            "from": {"id": f"29:{self.name}", "name": self.name, "aadObjectId": self.account},
            "conversation": self.conversation,
            "recipient": dict(BOT),
            "channelData": {"tenant": {"id": TENANT}} | (place if self.kind == "channel" else {}),
            "locale": self.locale,
            **copy.deepcopy(self.extra),
            **more,
        }

    async def say(self, text: str, **more: Any) -> httpx.Response:
        """Write something."""
        return await self.send(self.activity("message", text=text, textFormat="plain", **more))

    async def mention(self, text: str, **more: Any) -> httpx.Response:
        """Write something to Klartext in a channel."""
        entity = {"type": "mention", "text": "<at>Klartext</at>", "mentioned": dict(BOT)}
        return await self.say(f"<at>Klartext</at>&nbsp;{text}", entities=[entity], **more)

    async def pick(self, text: str) -> httpx.Response:
        """Pick a command from the slash menu: a message that only Klartext can see."""
        return await self.say(text, recipient=BOT | {"isTargeted": True})

    async def invoke(self, name: str, value: Any, **more: Any) -> httpx.Response:
        """Something that Teams shows at once."""
        return await self.send(self.activity("invoke", name=name, value=value, **more))

    async def press(self, action: Mapping[str, Any], of: str = "m1", **inputs: str) -> Json:
        """Press an action of a card, as a client does; the answer of Klartext."""
        if action["type"] == "Action.Execute":
            value = {"action": dict(action), "trigger": "manual"}
            return _ok(await self.invoke("adaptiveCard/action", value, replyToId=of))
        data = {**action["data"], **inputs}
        opens = data.pop("msteams", None)
        value = {"data": data, "context": {"theme": "default"}}
        return _ok(await self.invoke("task/fetch" if opens else "task/submit", value, replyToId=of))

    async def send(self, body: Json) -> httpx.Response:
        """Post an activity with a good token."""
        return await self.site.post(body, self.microsoft.token())

    @property
    def card(self) -> Json:
        """The newest card that Klartext posted."""
        return next(
            call.card for call in reversed(self.microsoft.said()) if "attachments" in json.dumps(call.body)
        )


def _ok(response: httpx.Response) -> Json:
    assert response.status_code == 200, (response.status_code, response.text)
    found: Json = response.json() if response.content else {}
    return found


def texts(drawn: Any) -> str:
    """Everything that can be read in a card, one piece a line."""
    return "\n".join(_texts(drawn))


def _texts(drawn: Any) -> list[str]:
    if isinstance(drawn, list):
        return [text for part in drawn for text in _texts(part)]
    if not isinstance(drawn, dict):
        return []
    own = [drawn[name] for name in ("text", "title", "label") if isinstance(drawn.get(name), str)]
    return own + [text for name, part in drawn.items() if name != "data" for text in _texts(part)]


def actions(drawn: Any) -> dict[str, Json]:
    """The actions of a card by their titles, also the folded ones."""
    found: dict[str, Json] = {}
    parts = drawn.values() if isinstance(drawn, dict) else drawn if isinstance(drawn, list) else ()
    if isinstance(drawn, dict) and str(drawn.get("type", "")).startswith("Action."):
        found[drawn["title"]] = drawn
    for part in parts:
        if isinstance(part, dict | list):
            for title, action in actions(part).items():
                if found.get(title, {}).get("type") in {None, "Action.ToggleVisibility"}:
                    found[title] = action
    return found


def inputs(drawn: Any) -> dict[str, Json]:
    """The inputs of a card by their ids."""
    found: dict[str, Json] = {}
    parts = drawn.values() if isinstance(drawn, dict) else drawn if isinstance(drawn, list) else ()
    if isinstance(drawn, dict) and str(drawn.get("type", "")).startswith("Input."):
        found[drawn["id"]] = drawn
    for part in parts:
        if isinstance(part, dict | list):
            found |= inputs(part)
    return found


def in_dialog(answer: Json) -> Json:
    """The card that a dialog shows."""
    content: Json = answer["task"]["value"]["card"]["content"]
    return content


def payload(name: str) -> Json:
    """A recorded body."""
    found: Json = json.loads((Path(DATA) / "payloads" / "teams" / f"{name}.json").read_text("utf-8"))
    return found


__all__ = ["BOT", "CHANNEL_ID", "OURS"]
