"""The methods of Slack's Web API that we call, the scope that each needs, and what their refusals mean.

This is the one place: the manifest, `klartext slack check` and the tests take the scopes from here.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.errors import NoSuchMessage, NotThere, SlackAway, SlackRefused
from bot.chat.ports import RetryLater

METHODS: Mapping[str, str | None] = {
    "auth.test": None,
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "usergroups.list": "usergroups:read",
    "users.info": "users:read",
    "users.profile.get": "users.profile:read",
    "views.open": None,
    "views.publish": None,
    "views.push": None,
    "views.update": None,
}
FIELDS: Mapping[str, str] = {"users.info profile.email": "users:read.email"}
EVENTS: Mapping[str, str | None] = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "message.im": "im:history",
    "tokens_revoked": None,
}
COMMANDS = "commands"  # slash commands and shortcuts
OPTIONAL = frozenset({"users:read.email", "users.profile:read", "usergroups:read"})
SCOPES = frozenset(filter(None, (*METHODS.values(), *FIELDS.values(), *EVENTS.values(), COMMANDS)))
REQUIRED = SCOPES - OPTIONAL
SOCKET_METHOD, SOCKET_SCOPE = (
    "apps.connections.open",
    "connections:write",
)  # of the app's token, not the bot's

TOKEN_IS_DEAD = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked", "no_permission"}
)
NOT_THERE = frozenset({"not_in_channel", "channel_not_found", "is_archived", "user_not_in_channel"})
_GONE = ("message_not_found", "cant_update_message", "edit_window_closed")
_REFUSALS: Mapping[str, type[SlackRefused]] = {
    **dict.fromkeys((*NOT_THERE, "user_not_found", "user_disabled", "cannot_dm_bot"), NotThere),
    **dict.fromkeys(_GONE, NoSuchMessage),
}
_JSON = ("chat.", "views.")  # the methods that read only take form fields
_PATIENCE = 10.0  # seconds for a call of a job
_PAUSE = 30.0  # seconds to wait when Slack does not say how long


class Web:
    """Calls Slack with the bot's token, through the one session of the process."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def call(
        self, method: str, arguments: Mapping[str, Any], patience: float = _PATIENCE
    ) -> Mapping[str, Any]:
        """The answer of a method of METHODS. Raises SlackRefused, SlackAway and RetryLater."""
        return (await self.response(method, arguments, patience))[0]

    async def response(
        self, method: str, arguments: Mapping[str, Any], patience: float = _PATIENCE
    ) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        """The answer with its headers."""
        given = dict(arguments)
        body: dict[str, Any] = {"json": given} if method.startswith(_JSON) else {"data": given}
        try:
            async with asyncio.timeout(patience):
                answer = await self._client.api_call(method, **body)
        except SlackApiError as error:
            raise _understood(method, error) from error
        except (aiohttp.ClientError, TimeoutError, OSError, AttributeError) as error:
            # AttributeError: slack_sdk 3.47 cannot read an error page that is plain text
            raise SlackAway(f"{method}: {type(error).__name__}") from error
        data = answer.data if isinstance(answer.data, dict) else {}
        return data, {str(name).lower(): str(value) for name, value in answer.headers.items()}


def _understood(method: str, error: SlackApiError) -> Exception:
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    data = getattr(response, "data", None)
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == 429 or code in {"ratelimited", "rate_limited"}:  # noqa: PLR2004
        return RetryLater(_seconds(response))
    is_clear = status < 500 and (code or status >= 400)  # noqa: PLR2004
    if not is_clear or code in {"internal_error", "fatal_error", "service_unavailable"}:
        return SlackAway(f"{method}: {status} {code}".rstrip())
    needed = str(data.get("needed", "")) if isinstance(data, dict) else ""
    kind = _REFUSALS.get(code, SlackRefused)
    return kind(method, code or f"HTTP {status}", needed)


def _seconds(response: Any) -> float:
    headers = {
        str(name).lower(): value for name, value in (getattr(response, "headers", None) or {}).items()
    }
    value = str(headers.get("retry-after", ""))
    return float(value) if value.isdigit() and len(value) < 6 else _PAUSE  # noqa: PLR2004
