"""What Entra says about somebody, through Microsoft Graph: a profile, and which groups they are in.

Sources: learn.microsoft.com/graph/api, `user-get` (application permission User.Read.All) and
`directoryobject-checkmembergroups` (with GroupMember.Read.All). A tenant may well refuse either.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Collection, Sequence
from urllib.parse import quote

import requests

from bot.channels.teams.connector import CallFailed, Calls
from bot.channels.teams.render import Json

_GRAPH = "https://graph.microsoft.com"
_WANTED = "displayName,mail,userType,preferredLanguage,department"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MOST = 20  # groups that one call may ask for
_TIMEOUT = 10  # seconds
_OK = 200
_REFUSED = frozenset({400, 401, 403, 404})  # no permission, nobody of ours: asking again changes nothing

_log = logging.getLogger(__name__)


def is_id(account: str) -> bool:
    """Whether it is an id of Entra; anything else may be an address."""
    return _ID.fullmatch(account) is not None


class Entra:
    """The company's Entra. `groups` are the ids that it is asked for: we learn of no others."""

    def __init__(self, calls: Calls, groups: Callable[[], Collection[str]]) -> None:
        self._calls = calls
        self._groups = groups

    async def user(self, account: str) -> Json:
        """The profile; empty without the permission, or if there is no such person."""
        try:
            token = await self._calls.token(_GRAPH)
            return await asyncio.to_thread(_user, account, token) if token else {}
        except (CallFailed, requests.RequestException, ValueError) as error:
            _log.info("Entra says nothing about an account: %r", error)
            return {}

    async def groups(self, account: str) -> tuple[str, ...]:
        """Those of the groups that somebody is in, also by way of others; none without the permission.

        Raises CallFailed while Entra does not answer: nobody loses a role by that.
        """
        wanted = sorted(filter(is_id, self._groups()))
        if not wanted or not is_id(account):
            return ()
        token = await self._calls.token(_GRAPH)
        found: set[str] = set()
        for at in range(0, len(wanted) if token else 0, _MOST):
            found |= await asyncio.to_thread(_member_of, account, wanted[at : at + _MOST], token)
        return tuple(one for one in wanted if one.casefold() in found)


def _user(account: str, token: str) -> Json:
    response = requests.get(
        _url(account), params={"$select": _WANTED}, headers=_bearer(token), timeout=_TIMEOUT
    )
    found = response.json() if response.status_code == _OK else {}
    return found if isinstance(found, dict) else {}


def _member_of(account: str, groups: Sequence[str], token: str) -> set[str]:
    url, body = f"{_url(account)}/checkMemberGroups", {"groupIds": groups}
    try:
        response = requests.post(url, json=body, headers=_bearer(token), timeout=_TIMEOUT)
        if response.status_code in _REFUSED:
            _log.warning("Entra does not say who is in a group: status %d", response.status_code)
            return set()
        if response.status_code != _OK:
            raise CallFailed(f"groups: status {response.status_code}")
        return {str(one).casefold() for one in response.json().get("value") or ()}
    except (requests.RequestException, ValueError, AttributeError) as error:
        raise CallFailed(f"groups: {error!r}") from error


def _url(account: str) -> str:
    return f"{_GRAPH}/v1.0/users/{quote(account, safe='')}"


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
