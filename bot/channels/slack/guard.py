"""What every request over HTTP passes first: its signature, over the bytes as they came.

Bolt parses before it verifies and has no limit of size; so nothing reaches it that Slack has not signed
within the last five minutes.
"""

import hashlib
import hmac
import logging
import time
from collections.abc import Callable, Sequence

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

MAX_BODY = 1_000_000  # bytes
WINDOW = 300  # seconds between Slack's clock and ours
_DIGITS = 13
# never x-slack-bolt-lazy-*: the signature does not cover headers
_FORWARDED = (b"content-type", b"x-slack-retry-num", b"x-slack-retry-reason")

_log = logging.getLogger(__name__)


def signed(secret: bytes, headers: dict[bytes, bytes], body: bytes, now: float) -> bool:
    """Whether Slack has signed this body just now."""
    stamp = headers.get(b"x-slack-request-timestamp", b"")
    given = headers.get(b"x-slack-signature", b"")
    if not (stamp.isdigit() and len(stamp) < _DIGITS) or abs(now - int(stamp)) > WINDOW:
        return False
    wanted = hmac.new(secret, b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(
        b"v0=" + wanted.encode(), given
    )  # bytes: a str may hold what cannot be compared


class TooBig(Exception):
    """The body has more bytes than any request of Slack's."""


class Guard:
    """The ASGI application behind `POST /slack/events`."""

    def __init__(self, app: AsyncApp, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._app = app
        self._secret = secret.encode()
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """401 for what Slack has not signed, 413 for what is too big, 400 for what is no request."""
        headers = dict(scope["headers"])
        try:
            body = await _body(headers, receive)
        except TooBig:
            await Response(status_code=413)(scope, receive, send)
            return
        if body is not None:
            answer = await self._answer(headers, body)
            await answer(scope, receive, send)

    async def _answer(self, headers: dict[bytes, bytes], body: bytes) -> Response:
        if not signed(self._secret, headers, body, self._clock()):
            return Response(status_code=401)
        request = _request(headers, body)
        if request is None:
            return Response(status_code=400)
        if request.body.get("type") == "app_rate_limited":
            _log.warning("Slack holds back events: more than 30,000 came within an hour")
            return Response(status_code=200)
        answer = await self._app.async_dispatch(request)
        return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())


async def _body(headers: dict[bytes, bytes], receive: Receive) -> bytes | None:
    """The body; None if the sender went away. Raises TooBig as soon as that is known."""
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and int(announced[:_DIGITS]) > MAX_BODY:
        raise TooBig
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise TooBig
        if not message.get("more_body"):
            return bytes(body)


def _request(headers: dict[bytes, bytes], body: bytes) -> AsyncBoltRequest | None:
    """What bolt reads; None if it cannot."""
    forwarded: dict[str, str | Sequence[str]] = {
        name.decode(): headers[name].decode("latin-1") for name in _FORWARDED if name in headers
    }
    try:
        request = AsyncBoltRequest(body=body.decode(), headers=forwarded)
    except (ValueError, AttributeError, TypeError, LookupError, RecursionError):
        return None
    return request if isinstance(request.body, dict) and request.body else None
