"""How a request reaches us: signed over HTTP, or as an envelope of Socket Mode."""

import hashlib
import hmac
import json
import logging
import time
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

import httpx
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from tests.channels.slack.fake import SECRET

Transport = Literal["form", "payload", "json"]
PATH = "/slack/events"


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack hears: `body` is JSON, or a text. A socket knows only an acknowledgement (200) or none."""

    status: int
    body: Any = ""


class Wire(Protocol):
    """Brings a payload to us."""

    async def send(self, transport: Transport, payload: dict[str, Any], **headers: str) -> Answer:
        """The answer to a payload."""
        ...


def encoded(transport: Transport, payload: dict[str, Any]) -> tuple[bytes, str]:
    """A payload as the body of a request, and its type."""
    match transport:
        case "json":
            return json.dumps(payload).encode(), "application/json"
        case "form":
            return urlencode(payload).encode(), "application/x-www-form-urlencoded"
        case "payload":
            body = urlencode({"payload": json.dumps(payload)})
            return body.encode(), "application/x-www-form-urlencoded"


def signature(body: bytes, at: float | str | None = None, secret: str = SECRET) -> dict[str, str]:
    """The two headers with which Slack signs."""
    stamp = str(int(time.time()) if at is None else at)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest.hexdigest()}"}


class Http:
    """Signed, through the whole ASGI application."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def send(self, transport: Transport, payload: dict[str, Any], **headers: str) -> Answer:
        """Encode, sign, post."""
        body, kind = encoded(transport, payload)
        return await self.post(body, {"Content-Type": kind, **signature(body), **headers})

    async def post(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Bytes as they are."""
        return read(await self._client.post(PATH, content=body, headers=headers))


def read(response: httpx.Response) -> Answer:
    """What stands in a response."""
    is_json = response.headers.get("content-type", "").startswith("application/json")
    return Answer(response.status_code, response.json() if is_json else response.text)


class Socket:
    """The two functions with which bolt's handler serves an envelope."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app

    async def send(self, transport: Transport, payload: dict[str, Any], **headers: str) -> Answer:
        """As one envelope."""
        kind = {"form": "slash_commands", "payload": "interactive", "json": "events_api"}[transport]
        number = headers.get("X-Slack-Retry-Num")
        request = SocketModeRequest(
            type=kind,
            envelope_id="e1",
            payload=payload,
            accepts_response_payload=transport != "json",
            retry_attempt=int(number) if number else None,
            retry_reason=headers.get("X-Slack-Retry-Reason"),
        )
        heard = _Heard()
        response = await run_async_bolt_app(self._app, request)
        await send_async_response(heard, request, response, 0)  # type: ignore[arg-type]
        if heard.response is None:
            return Answer(response.status)
        return Answer(200, heard.response.payload if heard.response.payload is not None else "")


class _Heard:
    """In the place of the connection: keeps what is sent back."""

    logger = logging.getLogger(__name__)

    def __init__(self) -> None:
        self.response: SocketModeResponse | None = None

    async def send_socket_mode_response(self, response: SocketModeResponse) -> None:
        """Keep it."""
        self.response = response
