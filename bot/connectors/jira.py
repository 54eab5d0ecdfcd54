"""A project in Jira Cloud: REST v3. The key is a label, and so is the state of the request.

Its search lags behind by seconds to minutes, so after an unclear answer one waits before one looks
(developer.atlassian.com, "Issue search": eventually consistent).
"""

import logging
from datetime import datetime
from typing import Any

from bot.connectors.adf import document
from bot.connectors.model import Jira
from bot.connectors.ports import Found, Rejected, Remote, Ticket, Unclear
from bot.connectors.wire import Wire, object_of
from bot.i18n import say
from bot.requests.states import State

_log = logging.getLogger(__name__)

_TITLE = 255  # characters of a summary
_LABEL = "klartext"
_KNOWN = frozenset({"summary", "description", "project", "issuetype", "labels", "reporter"})


class JiraTarget:
    """The issues of one project."""

    settle: float | None = 120.0

    def __init__(self, wire: Wire, settings: Jira) -> None:
        self._wire = wire
        self._settings = settings
        self._site = settings.url.rstrip("/")

    async def create(self, ticket: Ticket) -> Remote:
        """A new issue."""
        fields = {
            **_words(ticket),
            "project": {"key": self._settings.project},
            "issuetype": {"name": self._settings.issue_type},
            "labels": [_LABEL, ticket.key, _state_label(ticket.state)],
        }
        made = object_of(await self._wire.call("POST", "/rest/api/3/issue", {"fields": fields}))
        return self._remote(made)

    async def update(self, remote: Remote, ticket: Ticket, before: str, event: str) -> None:  # noqa: ARG002
        """The words only if they have changed: somebody may have added to them there."""
        others = [{"remove": _state_label(state)} for state in State if state != ticket.state]
        labels = [*others, {"add": _state_label(ticket.state)}]
        body: dict[str, Any] = {"update": {"labels": labels}}
        if ticket.says_more_than(before):
            body["fields"] = _words(ticket)
        await self._wire.call("PUT", f"/rest/api/3/issue/{remote.id}", body)

    async def find_by_key(self, key: str, since: datetime) -> Remote | None:  # noqa: ARG002
        """The issue with this label, the oldest if somebody has copied it."""
        query = f'project = "{self._settings.project}" AND labels = "{key}" ORDER BY created ASC'
        body = {"jql": query, "fields": ["created"], "maxResults": 2}
        found = object_of(await self._wire.call("POST", "/rest/api/3/search/jql", body)).get("issues")
        if not isinstance(found, list):
            raise Unclear("bad_answer")
        if len(found) > 1:
            _log.warning("%s stands more than once in Jira: the oldest counts", key)
        return self._remote(found[0]) if found else None

    async def check(self) -> Found:
        """Login, project, permissions, issue type, and fields that nobody could fill."""
        settings = self._settings
        me = object_of(await self._wire.call("GET", "/rest/api/3/myself"))
        kind = await self._kind()
        if kind is None:
            known = {"project": settings.project, "issue_type": settings.issue_type}
            return Found("jira_type", known, wrong=True)
        wanted = ["CREATE_ISSUES", "EDIT_ISSUES", "BROWSE_PROJECTS"]
        asked = {"projectKey": settings.project, "permissions": ",".join(wanted)}
        may = object_of(await self._wire.call("GET", "/rest/api/3/mypermissions", params=asked))
        had = may.get("permissions", {})
        if lacking := [name for name in wanted if not had.get(name, {}).get("havePermission")]:
            return Found("jira_permissions", {"lacking": ", ".join(lacking)}, wrong=True)
        fields = await self._fields(str(kind.get("id")))
        if not any(field.get("fieldId") == "labels" for field in fields):
            return Found("jira_labels", {"issue_type": settings.issue_type}, wrong=True)
        if unknown := [_name(field) for field in fields if _is_needed(field)]:
            return Found("jira_fields", {"fields": ", ".join(unknown)}, wrong=True)
        return Found("jira", {"name": me.get("displayName", ""), "project": settings.project})

    async def close(self) -> None:
        """Close connections."""
        await self._wire.close()

    async def _kind(self) -> dict[str, Any] | None:
        path = f"/rest/api/3/issue/createmeta/{self._settings.project}/issuetypes"
        try:
            found = object_of(await self._wire.call("GET", path, params={"maxResults": 200}))
        except Rejected as no:
            if no.reason != "not_there":
                raise
            raise Rejected("no_project", detail=self._settings.project) from no
        kinds = found.get("issueTypes") or found.get("values") or []
        return next((kind for kind in kinds if kind.get("name") == self._settings.issue_type), None)

    async def _fields(self, kind: str) -> list[dict[str, Any]]:
        """What can be filled in when an issue of this type is created."""
        path = f"/rest/api/3/issue/createmeta/{self._settings.project}/issuetypes/{kind}"
        found = object_of(await self._wire.call("GET", path, params={"maxResults": 200}))
        fields = found.get("fields") or found.get("values") or []
        return [field for field in fields if isinstance(field, dict)]

    def _remote(self, issue: Any) -> Remote:
        """By its id: the key of an issue changes when somebody moves it to another project."""
        id_, key = (issue.get(name) for name in ("id", "key")) if isinstance(issue, dict) else (None, None)
        if not isinstance(key, str) or not key.replace("-", "").replace("_", "").isalnum():
            raise Unclear("bad_answer")
        if not isinstance(id_, str) or not id_.isalnum():
            raise Unclear("bad_answer")
        return Remote(id_, f"{self._site}/browse/{key}")


def _words(ticket: Ticket) -> dict[str, Any]:
    note = say(ticket.language, "connectors.shortened", label=ticket.label)
    title = " ".join(f"{ticket.label} {ticket.title}".split())[:_TITLE]
    return {"summary": title, "description": document(ticket.markdown, ticket.key, note)}


def _is_needed(field: dict[str, Any]) -> bool:
    """Whether the issue type wants it and Klartext does not know it."""
    is_open = field.get("required") and not field.get("hasDefaultValue")
    return bool(is_open) and field.get("fieldId") not in _KNOWN


def _name(field: dict[str, Any]) -> str:
    return str(field.get("name") or field.get("fieldId"))


def _state_label(state: str) -> str:
    return f"klartext-{str(state).replace('_', '-')}"
