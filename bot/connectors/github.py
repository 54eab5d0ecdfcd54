"""The issues of a GitHub repository. The key stands in the body, as a comment that nobody sees.

GitHub's search lags behind and hides what it pleases; the list of issues does not, so that is looked at.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from bot.connectors.model import GitHub
from bot.connectors.ports import Found, Rejected, Remote, Ticket, Unclear, Unreached
from bot.connectors.text import shortened
from bot.connectors.wire import Answer, Wire, object_of
from bot.i18n import say
from bot.requests.states import OPEN

VERSION = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_TITLE, _BODY = 256, 65_000  # characters; GitHub's limit for a body is 65,536
_PAGES, _PER_PAGE, _READS = 20, 100, 3
_CLOCKS = timedelta(minutes=10)  # how far GitHub's clock and ours may be apart
_STATES: dict[str, dict[str, str]] = {
    "open": {},  # who closed it there meant something by it
    "done": {"state": "closed", "state_reason": "completed"},
    "dropped": {"state": "closed", "state_reason": "not_planned"},
}


class GitHubTarget:
    """The issues of one repository."""

    settle: float | None = 20.0

    def __init__(self, wire: Wire, settings: GitHub) -> None:
        self._wire = wire
        self._issues = f"/repos/{settings.repository}/issues"
        self._settings = settings

    async def create(self, ticket: Ticket) -> Remote:
        """A new issue."""
        body = {**_words(ticket), "labels": self._settings.labels}
        return _remote(object_of(await self._wire.call("POST", self._issues, body)))

    async def update(self, remote: Remote, ticket: Ticket, before: str, event: str) -> None:  # noqa: ARG002
        """The words only if they have changed, the state only if it has ended."""
        words = _words(ticket) if ticket.says_more_than(before) else {}
        again = {"state": "open"} if ticket.course == "open" and _had_ended(before) else {}
        if body := {**words, **again, **_STATES[ticket.course]}:
            await self._wire.call("PATCH", f"{self._issues}/{remote.id}", body)

    async def find_by_key(self, key: str, since: datetime) -> Remote | None:
        """The issue with this key in its body, the oldest if somebody has copied it."""
        async for issue in self._changed(since):
            if _marker(key) in str(issue.get("body")):
                return _remote(issue)
        return None

    async def check(self) -> Found:
        """Login, repository, and whether it takes issues and labels from us."""
        name = self._settings.repository
        try:
            found = object_of(await self._wire.call("GET", f"/repos/{name}"))
        except Rejected as no:
            if no.reason != "not_there":
                raise
            raise Rejected("no_repository", detail=name) from no
        if found.get("archived") or found.get("has_issues") is False:
            return Found("github_closed", {"repository": name}, wrong=True)
        may = found.get("permissions")
        if isinstance(may, dict) and not (may.get("push") or may.get("triage")):
            return Found("github_permissions", {"repository": name}, wrong=True)
        return Found("github", {"repository": found.get("full_name", name)})

    async def close(self) -> None:
        """Close connections."""
        await self._wire.close()

    async def _changed(self, since: datetime) -> AsyncIterator[dict[str, Any]]:
        """All issues that changed since then, oldest first. Raises Unclear if they are too many."""
        at = f"{since - _CLOCKS:%Y-%m-%dT%H:%M:%SZ}"
        asked = {"state": "all", "since": at, "per_page": _PER_PAGE, "sort": "created", "direction": "asc"}
        for page in range(1, _PAGES + 1):
            found = (await self._page({**asked, "page": page})).data
            if not isinstance(found, list):
                raise Unclear("bad_answer")
            for issue in found:
                yield issue
            if len(found) < _PER_PAGE:
                return
        raise Unclear("too_many")

    async def _page(self, asked: dict[str, Any]) -> Answer:
        """One page; reading changes nothing, so it is tried again at once: all pages or none are of use."""
        for _ in range(_READS - 1):
            with suppress(Unclear, Unreached):
                return await self._wire.call("GET", self._issues, params=asked)
        return await self._wire.call("GET", self._issues, params=asked)


def _words(ticket: Ticket) -> dict[str, Any]:
    note = say(ticket.language, "connectors.shortened", label=ticket.label)
    body = f"{shortened(ticket.markdown, _BODY, note).rstrip()}\n\n{_marker(ticket.key)}\n"
    return {"title": " ".join(f"{ticket.label} {ticket.title}".split())[:_TITLE], "body": body}


def _had_ended(digest: str) -> bool:
    return digest.partition("-")[2] not in {*map(str, OPEN), ""}


def _marker(key: str) -> str:
    return f"<!-- {key} -->"


def _number(issue: dict[str, Any]) -> int:
    number = issue.get("number")
    return number if isinstance(number, int) else 0


def _remote(issue: dict[str, Any] | Any) -> Remote:
    number = _number(issue) if isinstance(issue, dict) else 0
    if number < 1:
        raise Unclear("bad_answer")
    return Remote(str(number), str(issue.get("html_url") or ""))
