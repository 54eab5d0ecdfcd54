"""What Klartext asks of Teams: post, edit, take back, open a conversation, look up a member."""

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import quote

from bot.channels.teams.render import Json
from bot.chat.ports import MessageGone, RetryLater, Unreachable

_PATIENCE = 2.0  # seconds, if Teams says "too many" without saying for how long
_MOST_PATIENCE = 3_600.0  # seconds
_TOO_MANY, _FORBIDDEN, _GONE = 429, 403, 404


class NotInvited(Unreachable):
    """Klartext is not there, or what it speaks of is gone. Invite it to the team, chat or person again."""

    def __init__(self, reason: str, status: int = _FORBIDDEN) -> None:
        super().__init__(reason)
        self.status = status


class NoSuchMessage(NotInvited, MessageGone):
    """The message that should change is not there any more."""


class CallFailed(Exception):
    """The service could not be asked, so it is unknown whether it did anything."""


@dataclass(frozen=True, slots=True)
class Response:
    """What a service of Microsoft said."""

    status: int
    headers: Mapping[str, str]
    body: Json


class Calls(Protocol):
    """What sends a request to a service, with our token."""

    async def call(
        self, service: str, method: str, path: str, body: Json | None = None, **query: str
    ) -> Response:
        """Raises CallFailed if there is no answer."""
        ...

    async def token(self, scope: str) -> str:
        """A token for another service of Microsoft; empty if there is none. Raises CallFailed."""
        ...


class Connector:
    """Bot Framework's REST interface. Everything raises RetryLater, NotInvited and CallFailed.

    Only 429 may be repeated without a doubt: of anything else nobody knows whether it was delivered.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def post(self, service: str, conversation: str, activity: Json, *, targeted: bool = False) -> str:
        """Post and say the message's id. `targeted`: only the recipient sees it, for 24 hours."""
        said = await self._call(service, "post", _activities(conversation), activity, **_only(targeted))
        return str(said.get("id", ""))

    async def edit(
        self, service: str, conversation: str, message: str, activity: Json, *, targeted: bool = False
    ) -> None:
        """Put something else in the place of a message."""
        path = _activities(conversation, message)
        try:
            await self._call(service, "put", path, activity | {"id": message}, **_only(targeted))
        except NotInvited as refused:
            if refused.status != _GONE:
                raise
            raise NoSuchMessage(str(refused), refused.status) from refused

    async def delete(self, service: str, conversation: str, message: str) -> None:
        """Take a message back."""
        await self._call(service, "delete", _activities(conversation, message))

    async def begin(self, service: str, parameters: Json) -> tuple[str, str]:
        """Open a conversation; its id, and that of its first message."""
        said = await self._call(service, "post", "/v3/conversations", parameters)
        return str(said.get("id", "")), str(said.get("activityId", ""))

    async def member(self, service: str, conversation: str, member: str) -> Json:
        """Who somebody is, as Teams knows it from Entra."""
        path = f"/v3/conversations/{_quoted(conversation)}/members/{_quoted(member)}"
        return await self._call(service, "get", path)

    async def _call(
        self, service: str, method: str, path: str, body: Json | None = None, **query: str
    ) -> Json:
        response = await self._calls.call(service, method, path, body, **query)
        if response.status == _TOO_MANY:
            raise RetryLater(patience(response.headers))
        if response.status in {_FORBIDDEN, _GONE}:
            reason = f"{response.status} {_code(response.body)}: {method} {path}"
            raise NotInvited(reason, response.status)
        if response.status >= 400:  # noqa: PLR2004
            raise CallFailed(f"{response.status} {_code(response.body)}: {method} {path}")
        return response.body


def patience(headers: Mapping[str, str], now: datetime | None = None) -> float:
    """How many seconds Retry-After asks for; it may be a number or a date."""
    asked = next((value for name, value in headers.items() if name.casefold() == "retry-after"), "")
    try:
        seconds = float(asked)
    except ValueError:
        seconds = _until(asked, now or datetime.now(UTC))
    return min(_MOST_PATIENCE, seconds)


def _until(asked: str, now: datetime) -> float:
    try:
        moment = email.utils.parsedate_to_datetime(asked)
    except ValueError:
        return _PATIENCE
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()


def _activities(conversation: str, message: str = "") -> str:
    path = f"/v3/conversations/{_quoted(conversation)}/activities"
    return f"{path}/{_quoted(message)}" if message else path


def _quoted(part: str) -> str:
    return quote(part, safe="")


def _only(targeted: bool) -> dict[str, str]:
    return {"isTargetedActivity": "true"} if targeted else {}


def _code(body: Json) -> Any:
    error = body.get("error")
    return error.get("code") if isinstance(error, dict) else None
