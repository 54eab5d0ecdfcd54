"""`POST /api/messages`: who is let in, and with which status everything is answered.

| status | when |
|---|---|
| 202 | a message or another event: the work goes on behind it |
| 200, 501 | an invoke, and one that we do not know |
| 400 | no activity of Teams |
| 401 | no token of the Bot Connector for us |
| 403 | another tenant; in anonymous mode another machine |
| 413, 415 | more than a megabyte, no JSON |
"""

import json
import logging
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.teams.activity import read, tenant_of, usable
from bot.channels.teams.adapter import Adapter, Caller, Malformed, NotMicrosoft
from bot.channels.teams.background import Background
from bot.channels.teams.credentials import Entrance, from_connector
from bot.channels.teams.invokes import Answer
from bot.channels.teams.turns import Turns

MAX_BODY = 1_000_000  # bytes

_log = logging.getLogger(__name__)


class _Refused(Exception):
    """Answer with this status and nothing else."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Endpoint:
    """The one address that Teams calls."""

    def __init__(self, entrance: Entrance, adapter: Adapter, turns: Turns, background: Background) -> None:
        self._entrance = entrance
        self._adapter = adapter
        self._turns = turns
        self._background = background

    async def answer(self, request: Request) -> Response:
        """Answer an activity."""
        try:
            body = await self._checked(request)
            caller = await self._caller(body, request.headers.get("authorization", ""))
        except _Refused as refused:
            return Response(status_code=refused.status)
        incoming = read(body)
        if incoming.type == "invoke":
            return _answered(await caller.turn(lambda: self._turns.invoke(incoming)))

        async def work() -> None:
            await self._turns.event(incoming, body)

        self._background.run(caller.turn(work), incoming.type)
        return Response(status_code=202)

    async def _checked(self, request: Request) -> dict[str, Any]:
        """The body, if it is worth asking who sent it."""
        kind = request.headers.get("content-type", "").partition(";")[0]
        if kind.strip().casefold() != "application/json":
            raise _Refused(415)
        if not self._entrance.serves(request.client.host if request.client else ""):
            raise _Refused(403)
        header = request.headers.get("authorization", "")
        if not self._entrance.anonymous and not from_connector(header):
            raise _Refused(401)
        body = _activity(await _read(request))
        if not self._entrance.calls(body["serviceUrl"]):
            raise _Refused(400)
        return body

    async def _caller(self, body: dict[str, Any], header: str) -> Caller:
        try:
            caller = await self._adapter.let_in(body, "" if self._entrance.anonymous else header)
        except Malformed as malformed:
            raise _Refused(400) from malformed
        except NotMicrosoft as forged:
            _log.warning("a caller was refused: %s", forged)
            raise _Refused(401) from forged
        if not self._entrance.lets_in(tenant_of(body)):
            raise _Refused(403)
        return caller


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise _Refused(413)
    return bytes(body)


def _activity(text: bytes) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _Refused(400) from error
    if not usable(body):
        raise _Refused(400)
    found: dict[str, Any] = body
    return found


def _answered(answer: Answer | None) -> Response:
    if answer is None or answer.body is None:
        return Response(status_code=answer.status if answer else 501)
    return JSONResponse(answer.body, answer.status)
