"""What `intake_flows/connectors.yaml` says. No secret stands in it: `…_env` names the variable with it."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]+$")]
# plain http only to this machine: a proxy beside Klartext, a test
Url = Annotated[
    str, StringConstraints(pattern=r"^(https://|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/|$))\S*$")
]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:_-]+$")]
Address = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+$", max_length=200)
]
Project = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,9}$")]
Repository = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$")]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=60)]
# what a tool may do with a request: names of the workflow's actions
Deed = Literal["accept", "plan", "start", "deliver", "decline"]


class Entry(BaseModel):
    """A mapping in the file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Hook(Entry):
    """What the tool tells us: signed with a secret, its states as actions."""

    secret_env: Variable
    states: Annotated[dict[ShortText, Deed], Field(min_length=1)]


class Connector(Entry):
    """What all have in common.

    `name`: what people call it. `confidential`: such requests go there, too. `inside_network`: its
    address may be one of the company's own network. `ca_file`: who signs its certificate, if not the
    usual authorities.
    """

    name: ShortText | None = None
    confidential: Annotated[bool, Field(strict=True)] = False
    inside_network: Annotated[bool, Field(strict=True)] = False
    ca_file: Path | None = None


class Webhook(Connector):
    """Any tool that takes a signed POST (standardwebhooks.com) with a CloudEvent (cloudevents.io)."""

    type: Literal["webhook"]
    url: Url
    secret_env: Variable
    hook: Hook | None = None


class Mail(Connector):
    """A mailbox of the team, or of the tool. Without `user` nobody logs in."""

    type: Literal["email"]
    host: Host
    port: Annotated[int, Field(ge=1, le=65_535, strict=True)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: ShortText | None = None
    password_env: Variable | None = None
    sender: Address
    to: Annotated[list[Address], Field(min_length=1, max_length=20)]


class Jira(Connector):
    """A project in Jira Cloud (REST v3). `user` is the e-mail of the account whose token it is."""

    type: Literal["jira"]
    url: Url
    user: Address
    token_env: Variable
    project: Project
    issue_type: ShortText = "Task"
    hook: Hook | None = None


class GitHub(Connector):
    """The issues of a repository. `api` is another one for GitHub Enterprise."""

    type: Literal["github"]
    repository: Repository
    token_env: Variable
    api: Url = "https://api.github.com"
    labels: Annotated[list[ShortText], Field(max_length=20)] = []
    hook: Hook | None = None


AnyConnector = Webhook | Mail | Jira | GitHub
KINDS: dict[str, type[AnyConnector]] = {"webhook": Webhook, "email": Mail, "jira": Jira, "github": GitHub}


def _empty(value: Any) -> Any:
    return {} if value is None else value


class Connectors(Entry):
    """All of them, by name. `source` is how this Klartext is called there: one per installation."""

    format: Literal[1] = Field(alias="schema")
    source: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,40}$")] = "klartext"
    connectors: Annotated[
        dict[Name, Annotated[AnyConnector, Field(discriminator="type")]],
        BeforeValidator(_empty),
        Field(json_schema_extra={"type": ["object", "null"]}),
    ] = {}


def title(name: str, connector: AnyConnector) -> str:
    """What people call it."""
    return connector.name or name


def hook_of(connector: AnyConnector) -> Hook | None:
    """How its state comes back; None if it does not."""
    return None if isinstance(connector, Mail) else connector.hook


def variables(connector: AnyConnector) -> dict[str, str]:
    """The environment variables that hold its secrets, by what they are for."""
    found = {
        key: value
        for key in ("secret_env", "token_env", "password_env")
        if (value := getattr(connector, key, None))
    }
    hook = hook_of(connector)
    return found | ({"hook.secret_env": hook.secret_env} if hook else {})
