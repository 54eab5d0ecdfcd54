"""What Slack knows about somebody: name, language, verified e-mail, department, user groups."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.channels.slack.calls import Web
from bot.channels.slack.errors import SlackRefused
from bot.channels.slack.installation import Identity
from bot.chat.ports import Profile

_log = logging.getLogger(__name__)
_KEEP = 600.0  # seconds that the members of the user groups are kept
_UNKNOWN = frozenset({"user_not_found", "users_not_found", "user_not_visible"})


class SlackProfiles:
    """Asks Slack. `ours` is who we are; `field` the id of the profile field that holds the department.

    What a scope is missing for is left out: name and language are enough to work with.
    """

    def __init__(
        self,
        web: Web,
        ours: Callable[[], Awaitable[Identity]],
        field: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._web = web
        self._ours = ours
        self._field = field
        self._clock = clock
        self._groups: Mapping[str, frozenset[str]] = {}
        self._groups_at: float | None = None

    async def profile(self, account: str) -> Profile | None:
        """The profile; None if there is nobody. Raises SlackRefused, SlackAway and RetryLater."""
        try:
            answer = await self._web.call("users.info", {"user": account, "include_locale": "true"})
        except SlackRefused as refused:
            if refused.code in _UNKNOWN:
                return None
            raise
        user = answer.get("user") or {}
        if user.get("deleted") or user.get("is_bot"):
            return None
        said = user.get("profile") or {}
        return Profile(
            name=str(said.get("real_name") or said.get("display_name") or user.get("real_name") or ""),
            email=_email(user, await self._ours()),
            language=str(user.get("locale") or "")[:2].lower() or None,
            department=await self._department(account),
            groups=await self._groups_of(account),
        )

    async def _department(self, account: str) -> str | None:
        if not self._field:
            return None
        answer = await self._if_allowed("users.profile.get", {"user": account})
        fields = (answer.get("profile") or {}).get("fields") or {}
        return str((fields.get(self._field) or {}).get("value") or "") or None

    async def _groups_of(self, account: str) -> tuple[str, ...]:
        now = self._clock()
        if self._groups_at is None or now - self._groups_at > _KEEP:
            answer = await self._if_allowed("usergroups.list", {"include_users": "true"})
            groups = answer.get("usergroups") or ()
            self._groups = {str(group["id"]): frozenset(group.get("users") or ()) for group in groups}
            self._groups_at = now
        return tuple(sorted(id_ for id_, people in self._groups.items() if account in people))

    async def _if_allowed(self, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return await self._web.call(method, arguments)
        except SlackRefused as refused:
            _log.info("without %s: %s", method, refused)
            return {}


def _email(user: Mapping[str, Any], ours: Identity) -> str | None:
    """Only what Slack has verified, of people of this company: it makes two accounts one person, and gives
    roles. Whoever shares a channel with us is no `is_stranger`, but their workspace says their e-mail.
    """
    organisation = (user.get("enterprise_user") or {}).get("enterprise_id")
    is_ours = ours.knows(user.get("team_id"), organisation) and not user.get("is_stranger")
    verified = user.get("is_email_confirmed") and is_ours
    return str((user.get("profile") or {}).get("email") or "") or None if verified else None
