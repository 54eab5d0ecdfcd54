"""Asks Slack whether what the settings say works: the token, the workspace, the scopes, Socket Mode."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.app import PATH
from bot.channels.slack.calls import (
    OPTIONAL,
    REQUIRED,
    SCOPES,
    SOCKET_METHOD,
    Web,
)
from bot.channels.slack.errors import SlackAway, SlackRefused, WrongWorkspace
from bot.channels.slack.installation import Identity, Installation
from bot.channels.slack.settings import SlackSettings
from bot.chat.ports import RetryLater

_LIMIT = 10.0  # seconds for all of it


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was looked at: `key` names its sentence; `wrong` if somebody has to mend it."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    wrong: bool = False


async def check(settings: SlackSettings) -> list[Result]:
    """Everything that was found, the important things first. Changes nothing."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_LIMIT)) as session:
        web = Web(AsyncWebClient(settings.bot_token, base_url=settings.api_url, session=session))
        try:
            known = await Installation(web, settings.bot_token, settings.team).identity()
        except (SlackRefused, SlackAway, RetryLater, WrongWorkspace) as problem:
            return [_problem(problem)]
        found = [_bot(known), *_scopes(known.scopes)]
        if settings.signing_secret:
            found.append(Result("slack.check.http", {"path": PATH}))
        if settings.app_token:
            client = AsyncWebClient(settings.app_token, base_url=settings.api_url, session=session)
            found.append(await _socket(Web(client)))
        return found


def _bot(known: Identity) -> Result:
    return Result("slack.check.bot", {"user": known.bot_user, "team": known.team_name, "id": known.team})


def _scopes(granted: frozenset[str]) -> list[Result]:
    missing, optional, spare = REQUIRED - granted, OPTIONAL - granted, granted - SCOPES
    found = [_listed("missing", missing, wrong=True)] if missing else [Result("slack.check.scopes")]
    found += [_listed("optional", optional)] if optional else []
    return found + ([_listed("spare", spare)] if spare else [])


def _listed(name: str, scopes: frozenset[str], *, wrong: bool = False) -> Result:
    return Result(f"slack.check.{name}", {"scopes": ", ".join(sorted(scopes))}, wrong)


async def _socket(web: Web) -> Result:
    """Asking for the address of a connection opens none."""
    try:
        await web.call(SOCKET_METHOD, {})
    except SlackRefused as refused:
        return Result("slack.check.no_socket", {"code": refused.code}, wrong=True)
    except (SlackAway, RetryLater) as away:
        return _problem(away)
    return Result("slack.check.socket")


def _problem(problem: Exception) -> Result:
    match problem:
        case SlackRefused(code=code, method=method):
            return Result("slack.refused", {"code": code, "method": method}, wrong=True)
        case WrongWorkspace(wanted=wanted, found=found):
            return Result("slack.wrong_workspace", {"wanted": wanted, "found": found}, wrong=True)
        case _:
            return Result("slack.check.unreachable", {"problem": str(problem)}, wrong=True)
