"""What a tool tells us: `POST /hooks/NAME`, signed. Whatever is not signed, fresh and ours changes nothing.

Each kind signs in its vendor's own way. A repeat is known by what is signed, never by a header that is not.
"""

import asyncio
import datetime as dt
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from standardwebhooks.webhooks import WebhookVerificationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.connectors.model import AnyConnector, GitHub, Hook, Jira, Webhook, hook_of
from bot.connectors.webhook import signature

MOST = 1_000_000  # bytes; an issue of GitHub with a full body has less
_SECONDS = 15.0  # for the whole message
_AHEAD = dt.timedelta(minutes=5)  # how far a tool's clock may be before ours
# How old a message may be. Standard Webhooks: its library says five minutes. Jira tries five times, up to
# 15 minutes apart (developer.atlassian.com, "Webhooks"); GitHub lets people send again for three days.
WINDOWS: Mapping[str, dt.timedelta] = {
    "webhook": dt.timedelta(minutes=5),
    "jira": dt.timedelta(hours=2),
    "github": dt.timedelta(days=3),
}

_log = logging.getLogger(__name__)


class NotSigned(Exception):
    """Not from the tool, or changed on the way."""


class Stale(Exception):
    """Too old, or of tomorrow."""


class Unreadable(Exception):
    """Signed, and not what the tool's documentation says."""


@dataclass(frozen=True, slots=True)
class Report:
    """A state at the tool. `id` is the same for a repeat; `remote` the tool's id, or `key` ours.

    `date` is the day (ISO) by which it is to be ready, "" if the tool knows none.
    """

    id: str
    state: str
    remote: str = ""
    key: str = ""
    date: str = ""


Outcome = Literal["done", "nothing", "known", "unknown", "away"]
Receive = Callable[[str, Report], Awaitable[Outcome]]
_STATUS: Mapping[Outcome, int] = {"done": 200, "nothing": 200, "known": 200, "unknown": 404, "away": 503}


def read(
    connector: AnyConnector, secret: str, headers: Mapping[str, str], body: bytes, at: dt.datetime
) -> Report | None:
    """What a message says; None for one that is about something else.

    Raises NotSigned, Stale and Unreadable.
    """
    match connector:
        case Webhook():
            return _webhook(secret, headers, body)
        case Jira():
            _signed(secret, headers.get("x-hub-signature", ""), body)
            return _jira(_object(body), body, at)
        case GitHub():
            _signed(secret, headers.get("x-hub-signature-256", ""), body)
            return _github(connector, headers.get("x-github-event", ""), _object(body), body, at)
        case _:
            raise NotSigned


class Hooks:
    """The way in. `secrets` are those of the hooks, by the name of the connector."""

    def __init__(
        self,
        connectors: Mapping[str, AnyConnector],
        secrets: Mapping[str, str],
        receive: Receive,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._connectors = {name: one for name, one in connectors.items() if hook_of(one)}
        self._secrets = secrets
        self._receive = receive
        self._clock = clock

    @property
    def routes(self) -> list[Route]:
        """One address for each connector with a hook."""
        return [Route("/hooks/{name}", self.answer, methods=["POST"])] if self._connectors else []

    async def answer(self, request: Request) -> Response:
        """What became of a message; why not stands in the log."""
        name = str(request.path_params["name"])
        connector = self._connectors.get(name)
        if connector is None:
            return _said("unknown", 404)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return _said("gone", 400)
        except TimeoutError:
            return _refused(name, "too slow", 408)
        if body is None:
            return _refused(name, "too large", 413)
        try:
            report = read(connector, self._secrets[name], request.headers, body, self._clock())
        except NotSigned:
            return _refused(name, "not signed", 401)
        except Stale:
            return _refused(name, "stale", 400)
        except Unreadable:
            return _refused(name, "unreadable", 400)
        return await self._received(name, connector, report)

    async def _received(self, name: str, connector: AnyConnector, report: Report | None) -> Response:
        if report is None:
            return _said("ignored", 202)
        outcome = await self._receive(name, report)
        about = report.remote or report.key
        _log.info("hook %s: %r is %r there: %s", name, about[:80], report.state[:80], outcome)
        if outcome == "unknown" and not isinstance(connector, Webhook):
            return _said("ignored", 202)  # these tell of everything in their project, also what is not ours
        return _said(outcome, _STATUS[outcome])


def deed(hook: Hook, state: str) -> str | None:
    """What a state of the tool does here; None if nothing."""
    said = {name.casefold(): action for name, action in hook.states.items()}
    return said.get(state.casefold())


def _said(outcome: str, status: int) -> Response:
    headers = {"retry-after": "30"} if status == 503 else None  # noqa: PLR2004
    return JSONResponse({"result": outcome}, status, headers)


def _refused(name: str, why: str, status: int) -> Response:
    _log.warning("hook %s: refused, %s; nothing changed", name, why)
    return _said(why, status)


async def _body(request: Request) -> bytes | None:
    """All of it, None if it is too large: nobody has proved anything yet."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said[:20]) > MOST:
        return None
    read_so_far = bytearray()
    async with asyncio.timeout(_SECONDS):
        async for part in request.stream():
            read_so_far += part
            if len(read_so_far) > MOST:
                return None
    return bytes(read_so_far)


def _webhook(secret: str, headers: Mapping[str, str], body: bytes) -> Report:
    try:
        signature(secret).verify(body, dict(headers), json_parse=False)
    except WebhookVerificationError as error:
        raise (Stale if "timestamp too" in str(error) else NotSigned) from error
    except ValueError as error:  # half a signature, a body that is no text
        raise NotSigned from error
    data = _object(body)
    if "specversion" in data:  # a CloudEvent
        data = _part(data, "data")
    state, key = data.get("state"), data.get("key")
    if not isinstance(state, str) or not isinstance(key, str):
        raise Unreadable
    return Report(f"{headers['webhook-id']}", state, key=key, date=_day(data.get("date")))


def _jira(data: Mapping[str, Any], body: bytes, at: dt.datetime) -> Report | None:
    """Jira tells of every change; only one of the status is ours (`changelog`)."""
    if data.get("webhookEvent") != "jira:issue_updated":
        return None
    sent = data.get("timestamp")
    if not isinstance(sent, int) or not 0 < sent < 10**14:
        raise Unreadable
    _fresh(dt.datetime.fromtimestamp(sent / 1000, dt.UTC), at, WINDOWS["jira"])
    items = _part(data, "changelog").get("items") if "changelog" in data else []
    changed = [one for one in items or [] if isinstance(one, dict) and one.get("field") == "status"]
    if not changed:
        return None
    issue = _part(data, "issue")
    state, id_ = changed[-1].get("toString"), issue.get("id")
    if not isinstance(state, str) or not isinstance(id_, str):
        raise Unreadable
    return Report(_digest(body), state, remote=id_, date=_day(_part(issue, "fields").get("duedate")))


def _github(
    connector: GitHub, event: str, data: Mapping[str, Any], body: bytes, at: dt.datetime
) -> Report | None:
    """States of GitHub: `completed`, `not_planned`, `duplicate`, `reopened`, and `label: NAME`."""
    if event != "issues":
        return None
    issue, action = _part(data, "issue"), data.get("action")
    if str(_part(data, "repository").get("full_name")).casefold() != connector.repository.casefold():
        return None
    try:
        changed = dt.datetime.fromisoformat(str(issue.get("updated_at")))
    except ValueError:
        raise Unreadable from None
    _fresh(changed if changed.tzinfo else changed.replace(tzinfo=dt.UTC), at, WINDOWS["github"])
    match action:
        case "closed":
            state = str(issue.get("state_reason") or "completed")
        case "reopened":
            state = "reopened"
        case "labeled":
            state = f"label: {_part(data, 'label').get('name')}"
        case _:
            return None
    milestone = issue.get("milestone")
    due = milestone.get("due_on") if isinstance(milestone, dict) else None
    number = issue.get("number")
    if not isinstance(number, int):
        raise Unreadable
    return Report(_digest(body), state, remote=str(number), date=_day(due))


def _signed(secret: str, said: str, body: bytes) -> None:
    """`sha256=` and the HMAC of the body, as GitHub and Jira write it. Raises NotSigned."""
    wanted = "sha256=" + hmac.new(secret.strip().encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), said.encode("utf-8", "replace")):
        raise NotSigned


def _fresh(sent: dt.datetime, at: dt.datetime, window: dt.timedelta) -> None:
    if not at - window <= sent <= at + _AHEAD:
        raise Stale


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(data, dict):
        raise Unreadable
    return data


def _part(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = data.get(name)
    if not isinstance(part, dict):
        raise Unreadable
    return part


def _day(value: object) -> str:
    """A day as ISO text; "" if it is none."""
    try:
        return dt.date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        return ""


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
