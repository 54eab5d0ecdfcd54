"""The four tools on this machine, with what they keep: Jira, GitHub, a webhook's receiver, a mailbox.

They behave as their documentation says, also where that is a nuisance: Jira's search finds an issue later
than it exists.
"""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from standardwebhooks.webhooks import Webhook as Signature

from tests.connectors.servers import Breaks, Called, Post, Reaction, Says, Web, post, web

WEBHOOK_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
HOOK_SECRET = "whsec_dGhlIHdheSBiYWNrIGhhcyBhIGtleSBvZiBpdHMgb3du"
ENVIRON = {
    "TOOL_SECRET": WEBHOOK_SECRET,
    "TOOL_HOOK_SECRET": HOOK_SECRET,
    "JIRA_TOKEN": "jira-secret",
    "JIRA_HOOK_SECRET": "jira-hook-secret",
    "GITHUB_ISSUES_TOKEN": "github-secret",
    "GITHUB_HOOK_SECRET": "github-hook-secret",
}
CONNECTORS = """\
schema: 1
source: klartext
connectors:
  jira:
    type: jira
    name: Jira
    url: {url}
    user: klartext@example.com
    token_env: JIRA_TOKEN
    project: IT
    hook:
      secret_env: JIRA_HOOK_SECRET
      states: {{"In Arbeit": start, "Fertig": deliver, "Nein": decline}}
  github:
    type: github
    name: GitHub
    repository: example/it
    api: {url}
    token_env: GITHUB_ISSUES_TOKEN
    hook: {{secret_env: GITHUB_HOOK_SECRET, states: {{completed: deliver, "label: doing": start}}}}
  mail:
    type: email
    host: 127.0.0.1
    port: {port}
    security: none
    sender: klartext@example.com
    to: [it@example.com]
    inside_network: true
  tool:
    type: webhook
    name: Werkzeug
    url: {url}/in
    secret_env: TOOL_SECRET
    confidential: true
    hook: {{secret_env: TOOL_HOOK_SECRET, states: {{accepted: accept, planned: plan, done: deliver}}}}
"""
_FIRST = 10_000
Fault = Literal["fails", "loses"]


@dataclass
class Tools:
    """What the tools have. `fault`: what goes wrong with a call; `hidden`: what Jira's search lacks yet."""

    jira: dict[str, dict[str, Any]] = field(default_factory=dict)
    github: dict[int, dict[str, Any]] = field(default_factory=dict)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    repeated: Counter[str] = field(default_factory=Counter)
    hidden: set[str] = field(default_factory=set)
    fault: Callable[[Called], Fault | Reaction | None] = lambda _: None
    web: Web = field(default_factory=lambda: Web(lambda _: Says()))
    post: Post = field(default_factory=Post)

    @property
    def file(self) -> str:
        """`connectors.yaml` that names all four."""
        return CONNECTORS.format(url=self.web.url, port=self.post.port)

    @property
    def subjects(self) -> list[str]:
        """What stands above the mails."""
        return [str(message_from_bytes(mail)["Message-ID"]) for mail in self.post.mails]

    @property
    def created(self) -> dict[str, int]:
        """How many requests each tool has, however often it was told."""
        made = [event for event in self.events.values() if event["type"] == "klartext.request.created"]
        return {"jira": len(self.jira), "github": len(self.github), "tool": len(made)}

    def answer(self, called: Called) -> Reaction:
        """What a tool does with a call."""
        fault = self.fault(called)
        if fault == "fails":
            return Says(500, {"message": "oops"})
        if isinstance(fault, Says | Breaks):
            return fault
        done = self._done(called)
        return Breaks() if fault == "loses" else done

    def _done(self, called: Called) -> Reaction:
        path = urlsplit(called.path).path
        match called.method, path.strip("/").split("/"):
            case "POST", ["rest", "api", "3", "issue"]:
                key = f"IT-{len(self.jira) + 1}"
                self.jira[key] = called.json["fields"]
                return Says(201, {"id": _id(key), "key": key})
            case "PUT", ["rest", "api", "3", "issue", id_]:
                return self._changed(f"IT-{int(id_) - _FIRST}", called.json)
            case "POST", ["rest", "api", "3", "search", "jql"]:
                return self._searched(called.json["jql"])
            case "POST", ["repos", "example", "it", "issues"]:
                number = len(self.github) + 1
                self.github[number] = {**called.json, "number": number, "html_url": f"https://x/{number}"}
                return Says(201, self.github[number])
            case "PATCH", ["repos", "example", "it", "issues", number]:
                self.github[int(number)] |= called.json
                return Says(200, self.github[int(number)])
            case "GET", ["repos", "example", "it", "issues"]:
                return self._listed(parse_qs(urlsplit(called.path).query))
            case "POST", ["in"]:
                return self._told(called)
            case _:
                return Says(404, {})

    def _changed(self, key: str, data: Mapping[str, Any]) -> Reaction:
        issue = self.jira[key]
        issue |= data.get("fields", {})
        for change in data["update"]["labels"]:
            if "add" in change:
                issue["labels"] = [*issue["labels"], change["add"]]
            else:
                issue["labels"] = [label for label in issue["labels"] if label != change["remove"]]
        return Says(204)

    def _searched(self, query: str) -> Reaction:
        wanted = query.partition('labels = "')[2].partition('"')[0]
        keys = [key for key, issue in self.jira.items() if wanted in issue["labels"]]
        return Says(
            200, {"issues": [{"id": _id(key), "key": key} for key in keys if key not in self.hidden]}
        )

    def _listed(self, asked: Mapping[str, list[str]]) -> Reaction:
        first = (int(asked["page"][0]) - 1) * 100
        return Says(
            200, sorted(self.github.values(), key=lambda one: int(one["number"]))[first : first + 100]
        )

    def _told(self, called: Called) -> Reaction:
        event, at = called.headers["webhook-id"], int(called.headers["webhook-timestamp"])
        signed = Signature(WEBHOOK_SECRET).sign(
            event, datetime.fromtimestamp(at, UTC), called.body.decode()
        )
        if signed != called.headers["webhook-signature"]:
            return Says(401)
        self.repeated[event] += 1
        self.events.setdefault(event, called.json)
        return Says(202)


@asynccontextmanager
async def tools() -> AsyncIterator[Tools]:
    """All four while they are needed."""
    made = Tools()
    async with web(made.answer) as made.web, post() as made.post:
        yield made


def from_jira(key: str, state: str, at: float, **fields: Any) -> tuple[bytes, dict[str, str]]:
    """What Jira sends when somebody moves an issue there, and its headers."""
    data = {
        "timestamp": int(at * 1000),
        "webhookEvent": "jira:issue_updated",
        "issue": {"id": _id(key), "key": key, "fields": {"status": {"name": state}, **fields}},
        "changelog": {"items": [{"field": "status", "fromString": "Offen", "toString": state}]},
    }
    body = json.dumps(data).encode()
    return body, {"x-hub-signature": _hmac(ENVIRON["JIRA_HOOK_SECRET"], body)}


def from_github(number: int, at: str, action: str = "closed", **more: Any) -> tuple[bytes, dict[str, str]]:
    """What GitHub sends when somebody does something with an issue."""
    issue = {"number": number, "state_reason": "completed", "updated_at": at, "milestone": None}
    data = {"action": action, "issue": issue, "repository": {"full_name": "example/it"}, **more}
    body = json.dumps(data).encode()
    signed = _hmac(ENVIRON["GITHUB_HOOK_SECRET"], body)
    return body, {"x-hub-signature-256": signed, "x-github-event": "issues", "x-github-delivery": "d-1"}


def from_tool(
    data: Mapping[str, Any], id_: str, at: Any, secret: str = HOOK_SECRET
) -> tuple[bytes, dict[str, str]]:
    """What another tool sends, signed as Standard Webhooks say."""
    body = json.dumps(data).encode()
    headers = {
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Signature(secret).sign(id_, at, body.decode()),
    }
    return body, headers


def _id(key: str) -> str:
    """Jira's own number of an issue, which is not its key."""
    return str(_FIRST + int(key.partition("-")[2]))


def _hmac(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
