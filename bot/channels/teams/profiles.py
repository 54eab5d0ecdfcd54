"""Who somebody is: the connector says name and e-mail, Entra (if we may ask) language and department.

The connector knows only whom we have met; a colleague whom somebody names is looked up in Entra alone.
"""

from collections.abc import Callable, Collection

from bot.channels.teams.activity import CHANNEL, text_at
from bot.channels.teams.connector import Calls, Connector, NotInvited
from bot.channels.teams.entra import Entra, is_id
from bot.channels.teams.render import Json
from bot.chat.ports import Address, Addresses, Profile


class TeamsProfiles:
    """Profiles of Entra. An e-mail counts for people of our tenant: a guest's is not ours to vouch for."""

    def __init__(
        self,
        calls: Calls,
        connector: Connector,
        addresses: Addresses,
        groups: Callable[[], Collection[str]] = tuple,
    ) -> None:
        self._entra = Entra(calls, groups)
        self._connector = connector
        self._addresses = addresses

    async def profile(self, account: str) -> Profile | None:
        """The profile, None if there is no such member (any more). Raises RetryLater and CallFailed."""
        address = await self._addresses.find(CHANNEL, account)
        if address is None:
            return _of_entra(await self._entra.user(account)) if is_id(account) else None
        member = await self._member(address)
        if member is None:
            return None
        entra = await self._entra.user(account)
        return Profile(
            name=text_at(member, "name"),
            email=_email(member, address.tenant),
            language=_language(entra) or address.language or None,
            department=text_at(entra, "department") or None,
            groups=await self._entra.groups(account),
        )

    async def _member(self, address: Address) -> Json | None:
        where = address.chat or address.team
        try:
            return await self._connector.member(address.service, where, address.member)
        except NotInvited:
            return None


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
