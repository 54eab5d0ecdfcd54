"""Who somebody is: the connector says name and e-mail, Entra (if we may ask) language and department.

The connector knows only whom we have met; a colleague whom somebody names is looked up in Entra alone.
"""

import asyncio
import logging
import re
from urllib.parse import quote

import requests

from bot.channels.teams.activity import CHANNEL, text_at
from bot.channels.teams.connector import CallFailed, Calls, Connector, NotInvited
from bot.channels.teams.render import Json
from bot.chat.ports import Address, Addresses, Profile

_GRAPH = "https://graph.microsoft.com"
_WANTED = "displayName,mail,userType,preferredLanguage,department"
_ID = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)  # anything else may be an address
_TIMEOUT = 10  # seconds
_OK = 200

_log = logging.getLogger(__name__)


class TeamsProfiles:
    """Profiles of Entra. An e-mail counts for people of our tenant: a guest's is not ours to vouch for."""

    def __init__(self, calls: Calls, connector: Connector, addresses: Addresses) -> None:
        self._calls = calls
        self._connector = connector
        self._addresses = addresses

    async def profile(self, account: str) -> Profile | None:
        """The profile, None if there is no such member (any more). Raises RetryLater and CallFailed."""
        address = await self._addresses.find(CHANNEL, account)
        if address is None:
            return _of_entra(await self._entra(account)) if _ID.fullmatch(account) else None
        member = await self._member(address)
        if member is None:
            return None
        entra = await self._entra(account)
        return Profile(
            name=text_at(member, "name"),
            email=_email(member, address.tenant),
            language=_language(entra) or address.language or None,
            department=text_at(entra, "department") or None,
        )

    async def _member(self, address: Address) -> Json | None:
        where = address.chat or address.team
        try:
            return await self._connector.member(address.service, where, address.member)
        except NotInvited:
            return None

    async def _entra(self, account: str) -> Json:
        """Empty without the permission User.Read.All, which a tenant may well refuse."""
        try:
            token = await self._calls.token(_GRAPH)
            return await asyncio.to_thread(_ask, account, token) if token else {}
        except (CallFailed, requests.RequestException, ValueError) as error:
            _log.info("Entra says nothing about an account: %r", error)
            return {}


def _ask(account: str, token: str) -> Json:
    response = requests.get(
        f"{_GRAPH}/v1.0/users/{quote(account, safe='')}",
        params={"$select": _WANTED},
        headers={"Authorization": f"Bearer {token}"},
        timeout=_TIMEOUT,
    )
    found = response.json() if response.status_code == _OK else {}
    return found if isinstance(found, dict) else {}


def _of_entra(entra: Json) -> Profile | None:
    """A colleague whom we have not met; None without the permission to ask, or for somebody unknown."""
    if not text_at(entra, "displayName"):
        return None
    is_ours = text_at(entra, "userType").casefold() == "member"
    return Profile(
        name=text_at(entra, "displayName"),
        email=text_at(entra, "mail") or None if is_ours else None,
        language=_language(entra) or None,
        department=text_at(entra, "department") or None,
    )


def _language(entra: Json) -> str:
    return text_at(entra, "preferredLanguage").partition("-")[0].casefold()


def _email(member: Json, tenant: str) -> str | None:
    """The e-mail that Entra has verified; none of a guest, or of somebody from elsewhere."""
    is_guest = text_at(member, "userRole").casefold() in {"guest", "anonymous"}
    is_ours = text_at(member, "tenantId").casefold() in {"", tenant.casefold()}
    return text_at(member, "email") or None if is_ours and not is_guest else None
