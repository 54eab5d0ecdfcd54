"""A small Slack on 127.0.0.1: its Web API and its addresses for answers, with what can go wrong there.

It behaves: triggers work once and not for long, a view has a hash and a stack of three, posts need a
member, scopes are looked at, and what is no valid Block Kit is refused and remembered.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from tests.channels.slack.blockkit import mistakes_in_message, mistakes_in_view

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-fake-1", "xapp-fake-1", "fake-signing-secret"
TEAM, BOT, BOT_USER = "T00FAKE00AA", "B00FAKEBOT01", "U00FAKEBOT01"
MARKETING, SALES, PRIVATE, STRANGE = "C02MKT", "C02SLS", "C02PRV", "C02OUT"
CHANNELS: tuple[str, ...] = (MARKETING, SALES, PRIVATE, STRANGE)
MARA, SVEN, INES = "U00FAKEUSER1", "U00FAKEUSER2", "U00FAKEUSER3"
SCOPES = {  # from Slack's documentation of each method, not from our code
    "auth.test": set[str](),
    "chat.postMessage": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.delete": {"chat:write"},
    "users.info": {"users:read"},
    "users.profile.get": {"users.profile:read"},
    "usergroups.list": {"usergroups:read"},
    "views.open": set[str](),
    "views.push": set[str](),
    "views.update": set[str](),
    "views.publish": set[str](),
}
_DEEPEST = 3
_USES = 5  # of an address for answers


@dataclass(frozen=True, slots=True)
class Call:
    """What we were asked to do."""

    method: str
    given: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """What the next call of a method gets instead of an answer."""

    status: int = 200
    error: str = ""
    retry_after: int | None = None
    text: str | None = None


@dataclass(slots=True)
class View:
    """An open modal: `stack` are the views of its window, from the first to this one."""

    id: str
    user: str
    shown: dict[str, Any]
    number: int = 1

    @property
    def hash(self) -> str:
        """Changes with every change."""
        return f"{self.number}.fakehash"

    def payload(self) -> dict[str, Any]:
        """The view as Slack sends it with a request."""
        return {
            **self.shown,
            "id": self.id,
            "hash": self.hash,
            "team_id": TEAM,
            "app_installed_team_id": TEAM,
        }


@dataclass(slots=True)
class Message:
    """A post; `only` sees it alone."""

    channel: str
    ts: str
    body: dict[str, Any]
    only: str | None = None

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """What it shows."""
        return list(self.body["blocks"])


@dataclass(slots=True)
class FakeSlack:
    """The workspace. Public fields may be changed by a test."""

    team: str = TEAM
    enterprise: str | None = None
    organisation: bool = False
    bot: str = BOT
    bot_user: str = BOT_USER
    scopes: set[str] = field(default_factory=lambda: set().union(*SCOPES.values(), {"commands"}))
    dead: str = ""  # the error that the token gets
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    members: dict[str, set[str]] = field(
        default_factory=lambda: {name: {BOT_USER, MARA, SVEN} for name in CHANNELS}
    )
    archived: set[str] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    replies: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    windows: dict[str, list[View]] = field(default_factory=lambda: defaultdict(list))
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    address: str = ""
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _failures: dict[str, deque[Failure]] = field(default_factory=lambda: defaultdict(deque))
    _triggers: dict[str, str] = field(default_factory=dict)
    _expired: set[str] = field(default_factory=set)
    _uses: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _numbers: Any = field(default_factory=lambda: count(1))
    _acks: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_post("/api/{method}", self._api)
        app.router.add_post("/reply/{number}", self._reply)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """Where the Web API is."""
        return f"{self.address}/api/"

    def fail(self, method: str, *failures: Failure) -> None:
        """The next calls of a method (or "reply") get these instead."""
        self._failures[method].extend(failures)

    def trigger(self, user: str) -> str:
        """What opens one modal."""
        trigger = f"{next(self._numbers)}.fake.trigger"
        self._triggers[trigger] = user
        return trigger

    def expire(self, trigger: str) -> None:
        """Let three seconds pass."""
        self._expired.add(trigger)

    def reply_url(self) -> str:
        """An address for the answers to one click."""
        return f"{self.address}/reply/{next(self._numbers)}"

    def calls_of(self, method: str) -> list[dict[str, Any]]:
        """What a method was called with."""
        return [call.given for call in self.calls if call.method == method]

    def top(self, user: str) -> View:
        """The modal that somebody looks at."""
        return self.windows[user][-1]

    async def acknowledged(self, envelope: str) -> Any:
        """Wait for what comes back for an envelope of the socket."""
        return await self._ack(envelope)

    def _ack(self, envelope: str) -> "asyncio.Future[Any]":
        return self._acks.setdefault(envelope, asyncio.get_running_loop().create_future())

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        given = await _given(request)
        self.calls.append(Call(method, given))
        if failure := self._next_failure(method):
            return _failed(failure)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if method == "apps.connections.open":
            return _json(self._connection(token))
        if token != BOT_TOKEN or self.dead:
            return _json({"ok": False, "error": self.dead or "invalid_auth"})
        if missing := SCOPES[method] - self.scopes:
            needed = ",".join(sorted(missing))
            return _json({"ok": False, "error": "missing_scope", "needed": needed, "provided": ""})
        answer = getattr(self, f"_{method.replace('.', '_')}")(given)
        answer = {"ok": False, "error": answer} if isinstance(answer, str) else {"ok": True, **answer}
        return _json(answer, {"x-oauth-scopes": ",".join(sorted(self.scopes))})

    def _auth_test(self, _given: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "team": "Acme",
            "user": "klartext",
            "team_id": self.team,
            "enterprise_id": self.enterprise,
            "is_enterprise_install": self.organisation,
            "user_id": self.bot_user,
            "bot_id": self.bot,
        }

    def _chat_postMessage(self, given: dict[str, Any]) -> dict[str, Any] | str:  # noqa: N802
        place = self._place(given["channel"])
        if isinstance(place, str) and not place.startswith(("C", "D")):
            return place
        message = self._post(place, given)
        return message if isinstance(message, str) else {"channel": place, "ts": message.ts}

    def _chat_postEphemeral(self, given: dict[str, Any]) -> dict[str, Any] | str:  # noqa: N802
        place = self._place(given["channel"])
        if not place.startswith(("C", "D")):
            return place
        if place.startswith("C") and given["user"] not in self.members[place]:
            return "user_not_in_channel"
        message = self._post(place, given, given["user"])
        return message if isinstance(message, str) else {"message_ts": message.ts}

    def _chat_update(self, given: dict[str, Any]) -> dict[str, Any] | str:
        message = self._message(given)
        if message is None:
            return "message_not_found"
        if wrong := mistakes_in_message(given):
            return self._invalid(wrong)
        message.body = given
        return {"ts": message.ts, "channel": message.channel}

    def _chat_delete(self, given: dict[str, Any]) -> dict[str, Any] | str:
        message = self._message(given)
        if message is None:
            return "message_not_found"
        self.messages.remove(message)
        return {"ts": message.ts}

    def _users_info(self, given: dict[str, Any]) -> dict[str, Any] | str:
        user = self.users.get(given["user"])
        return {"user": user} if user else "user_not_found"

    def _users_profile_get(self, given: dict[str, Any]) -> dict[str, Any] | str:
        return {"profile": {"fields": self.fields.get(given["user"], {})}}

    def _usergroups_list(self, _given: dict[str, Any]) -> dict[str, Any] | str:
        return {"usergroups": [{"id": id_, "users": users} for id_, users in self.groups.items()]}

    def _views_open(self, given: dict[str, Any]) -> dict[str, Any] | str:
        return self._open(given, on_top=False)

    def _views_push(self, given: dict[str, Any]) -> dict[str, Any] | str:
        return self._open(given, on_top=True)

    def _views_update(self, given: dict[str, Any]) -> dict[str, Any] | str:
        view = self.view(given["view_id"])
        if view is None:
            return "not_found"
        if given.get("hash", view.hash) != view.hash:
            return "hash_conflict"
        if wrong := mistakes_in_view(given["view"]):
            return self._invalid(wrong)
        self.change(view, given["view"])
        return {"view": view.payload()}

    def _views_publish(self, given: dict[str, Any]) -> dict[str, Any] | str:
        if wrong := mistakes_in_view(given["view"]):
            return self._invalid(wrong)
        self.homes[given["user_id"]] = given["view"]
        return {"view": given["view"]}

    def _open(self, given: dict[str, Any], *, on_top: bool) -> dict[str, Any] | str:
        trigger = given.get("trigger_id", "")
        if trigger in self._expired:
            return "expired_trigger_id"
        user = self._triggers.pop(trigger, None)
        if user is None:
            return "invalid_trigger_id"
        if wrong := mistakes_in_view(given["view"]):
            return self._invalid(wrong)
        if on_top and len(self.windows[user]) >= _DEEPEST:
            self._triggers[trigger] = user
            return "push_limit_reached"
        view = View(f"V{next(self._numbers)}", user, given["view"])
        self.windows[user] = [*(self.windows[user] if on_top else []), view]
        return {"view": view.payload()}

    def view(self, id_: str) -> View | None:
        """An open view."""
        return next((view for views in self.windows.values() for view in views if view.id == id_), None)

    def change(self, view: View, shown: dict[str, Any]) -> None:
        """Show something else in a view."""
        view.shown = shown
        view.number += 1

    def _place(self, channel: str) -> str:
        """The conversation that is meant, or an error: a person's id is their direct message."""
        if channel.startswith("D"):
            return channel
        if channel.startswith(("U", "W")):
            return f"D{channel[1:]}" if channel in self.users else "channel_not_found"
        if channel not in self.members:
            return "channel_not_found"
        if channel in self.archived:
            return "is_archived"
        return channel if self.bot_user in self.members[channel] else "not_in_channel"

    def _post(self, place: str, given: dict[str, Any], only: str | None = None) -> Message | str:
        if wrong := mistakes_in_message(given):
            return self._invalid(wrong)
        message = Message(place, f"1800000000.{next(self._numbers):06}", given, only)
        self.messages.append(message)
        return message

    def _message(self, given: dict[str, Any]) -> Message | None:
        wanted = (given["channel"], given["ts"])
        return next((m for m in self.messages if (m.channel, m.ts) == wanted), None)

    def _invalid(self, wrong: list[str]) -> str:
        self.mistakes += wrong
        return "invalid_blocks"

    def _next_failure(self, method: str) -> Failure | None:
        waiting = self._failures.get(method)
        return waiting.popleft() if waiting else None

    async def _reply(self, request: web.Request) -> web.Response:
        body = await request.json()
        if failure := self._next_failure("reply"):
            return _failed(failure)
        self._uses[request.path] += 1
        if self._uses[request.path] > _USES:
            return web.Response(status=404, text="used_url")
        if wrong := mistakes_in_message(body):
            self.mistakes += wrong
            return web.Response(status=400, text="invalid_blocks")
        self.replies.append((f"{self.address}{request.path}", body))
        return web.Response(text="ok")

    def _connection(self, token: str) -> dict[str, Any]:
        if token != APP_TOKEN:
            return {"ok": False, "error": "invalid_auth"}
        return {"ok": True, "url": f"{self.address.replace('http', 'ws')}/socket"}

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        self.connected.set()
        await socket.send_json({"type": "hello", "num_connections": 1})
        async for frame in socket:
            if frame.type == WSMsgType.TEXT and frame.data.startswith("{"):
                answer = json.loads(frame.data)
                self._ack(answer["envelope_id"]).set_result(answer.get("payload"))
        return socket


async def _given(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {name: str(value) for name, value in (await request.post()).items()}


def _json(data: dict[str, Any], headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response(data, headers=headers)


def _failed(failure: Failure) -> web.Response:
    headers = {"Retry-After": str(failure.retry_after)} if failure.retry_after is not None else {}
    if failure.text is not None:
        return web.Response(status=failure.status, text=failure.text, headers=headers)
    return web.json_response({"ok": False, "error": failure.error}, status=failure.status, headers=headers)
