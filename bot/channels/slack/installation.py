"""Whose bot we are: asked once (`auth.test`), kept until Slack says that it is over.

One installation serves one workspace, or one organisation. A request from any other is refused before a
listener sees it, whatever its transport.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.channels.slack.calls import Web
from bot.channels.slack.errors import SlackAway, SlackRefused, WrongWorkspace
from bot.channels.slack.render import said
from bot.chat.ports import RetryLater

_log = logging.getLogger(__name__)
_PATIENCE = 2.0  # seconds: a request of Slack's waits for the answer
_OVER = frozenset({"app_uninstalled", "tokens_revoked"})  # the latter also for tokens of people


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot and its workspace. `organisation` if it is installed in all workspaces of one."""

    team: str
    enterprise: str | None
    organisation: bool
    bot: str
    bot_user: str
    scopes: frozenset[str]
    team_name: str = ""

    def serves(self, team: str | None, enterprise: str | None) -> bool:
        """Whether a request comes from where we are installed."""
        return team == self.team or (self.organisation and enterprise == self.enterprise)

    def knows(self, team: str | None, enterprise: str | None) -> bool:
        """Whether a person is of this company; without any id of theirs they are."""
        if team in {None, "", self.team, self.enterprise}:
            return True
        return self.enterprise is not None and enterprise == self.enterprise


class Installation(AsyncAuthorize):
    """The identity, for bolt and for us. `wanted`: the id of the workspace or organisation, if set."""

    def __init__(self, web: Web, token: str, wanted: str | None = None) -> None:
        self._web = web
        self._token = token
        self._wanted = wanted
        self._identity: Identity | None = None
        self._asking = asyncio.Lock()

    async def identity(self) -> Identity:
        """Raises SlackRefused, SlackAway, RetryLater and WrongWorkspace."""
        if self._identity is None:
            async with self._asking:
                self._identity = self._identity or await self._ask()
        return self._identity

    def forget(self) -> None:
        """The token may be dead, or has been replaced."""
        self._identity = None

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,  # noqa: ARG002  (the interface of bolt)
        enterprise_id: str | None,  # noqa: ARG002
        team_id: str | None,  # noqa: ARG002
        user_id: str | None,
        actor_enterprise_id: str | None = None,  # noqa: ARG002
        actor_team_id: str | None = None,  # noqa: ARG002
        actor_user_id: str | None = None,  # noqa: ARG002
    ) -> AuthorizeResult | None:
        """What bolt wants to know for every request, without a call."""
        known = await self.identity()
        return AuthorizeResult(
            enterprise_id=known.enterprise,
            team_id=known.team,
            bot_id=known.bot,
            bot_user_id=known.bot_user,
            bot_token=self._token,
            user_id=user_id,
        )

    async def _ask(self) -> Identity:
        answer, headers = await self._web.response("auth.test", {}, _PATIENCE)
        scopes = headers.get("x-oauth-scopes", "")
        known = Identity(
            team=str(answer.get("team_id") or ""),
            enterprise=answer.get("enterprise_id") or None,
            organisation=bool(answer.get("is_enterprise_install")),
            bot=str(answer.get("bot_id") or ""),
            bot_user=str(answer.get("user_id") or ""),
            scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
            team_name=str(answer.get("team") or ""),
        )
        if self._wanted and self._wanted not in {known.team, known.enterprise}:
            raise WrongWorkspace(self._wanted, known.team)
        return known


class OnlyOurs(AsyncMiddleware):
    """Bolt's first stop: foreign workspaces are refused, and an end of the installation is noted."""

    def __init__(self, installation: Installation, ended: Callable[[str], Awaitable[None]]) -> None:
        self._installation = installation
        self._ended = ended

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002  (the interface of bolt)
        next: Callable[[], Awaitable[Any]],  # noqa: A002
    ) -> BoltResponse | None:
        """Refuse with 403, or go on."""
        if req.body.get("type") == "url_verification":
            await next()
            return None
        context = req.context
        try:
            known = await self._installation.identity()
        except SlackRefused as refused:  # uninstalled: Slack need not try again
            _log.error("Slack refuses our token: %s", refused)
            return BoltResponse(status=403, headers={"X-Slack-No-Retry": "1"})
        except (SlackAway, RetryLater) as away:
            _log.warning("we do not know yet whose bot we are: %s", away)
            sentence = said(None, "slack.away")
            return BoltResponse(status=200 if "command" in req.body else 503, body=sentence)
        if not known.serves(context.team_id, context.enterprise_id):
            _log.warning("refused: workspace %s is not ours (%s)", context.team_id, known.team)
            return BoltResponse(status=403, headers={"X-Slack-No-Retry": "1"})
        event = req.body.get("event")
        if isinstance(event, dict) and event.get("type") in _OVER:
            self._installation.forget()
            if event["type"] == "app_uninstalled" or (event.get("tokens") or {}).get("bot"):
                await self._ended(str(event["type"]))
            return BoltResponse(status=200, body="")
        await next()
        return None
