"""Whom files refer to (`user:…`, `group:…`, `role:…`), from `intake_flows/roles.yaml`.

Files name a role, never a person: when somebody leaves, one line changes.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.files.findings import FileBroken
from bot.files.form import complaints
from bot.files.source import read

ROLES_FILE = Path("intake_flows") / "roles.yaml"
Email = Annotated[str, StringConstraints(pattern=r"^[^@*\s]+@[^@*\s]+\.[^@*\s]+$")]
Domain = Annotated[str, StringConstraints(pattern=r"^[\w-]+(\.[\w-]+)+$")]
RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Group(BaseModel):
    """Several people: by e-mail, by its domain, or as a group that Slack or Entra keeps."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    emails: list[Email] = []
    domains: list[Domain] = []
    slack: str | None = Field(default=None, description="id of a Slack user group")
    entra: str | None = Field(default=None, description="id of a Microsoft Entra group")

    @property
    def vendors(self) -> frozenset[str]:
        """The ids of the vendors' groups."""
        return frozenset(filter(None, (self.slack, self.entra)))

    def has(self, email: str) -> bool:
        """Whether it names this address (in lower case) or its domain; `x.example.com` is another one."""
        domain = email.rpartition("@")[2]
        return email in map(str.casefold, self.emails) or domain in map(str.casefold, self.domains)


class Roles(BaseModel):
    """Who stands behind `user:NAME`, `group:NAME` and `role:NAME`. A role lists users and groups."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    users: dict[str, Email] = {}
    groups: dict[str, Group] = {}
    roles: dict[RoleName, list[str]] = {}

    @property
    def entra(self) -> frozenset[str]:
        """The ids of Entra's groups."""
        return frozenset(group.entra for group in self.groups.values() if group.entra)

    def actors(self) -> frozenset[str]:
        """Every user and group that a file may name."""
        return frozenset(
            {f"user:{name}" for name in self.users} | {f"group:{name}" for name in self.groups}
        )

    def held_by(self, email: str | None, groups: Collection[str] = ()) -> frozenset[str]:
        """The roles, groups (`group:…`) and users (`user:…`) that somebody is."""
        actors = set(self._actors_of((email or "").casefold(), frozenset(groups)))
        return frozenset(actors | {name for name, members in self.roles.items() if actors & set(members)})

    def _actors_of(self, email: str, groups: frozenset[str]) -> Iterator[str]:
        for name, address in self.users.items():
            if email and address.casefold() == email:
                yield f"user:{name}"
        for name, group in self.groups.items():
            if groups & group.vendors or group.has(email):
                yield f"group:{name}"

    def emails(self, name: str) -> frozenset[str]:
        """The e-mails behind `user:…`, `group:…`, or a role with or without `role:`; empty if unknown."""
        kind, _, rest = name.rpartition(":")
        if kind == "user":
            return frozenset(filter(None, [self.users.get(rest)]))
        if kind == "group":
            return frozenset(self.groups[rest].emails if rest in self.groups else ())
        return frozenset(email for member in self.roles.get(rest, ()) for email in self.emails(member))


def load_roles(path: Path) -> Roles:
    """The roles of a file. Raises FileBroken with the line of each mistake."""
    source = read(path)
    try:
        return Roles.model_validate(source.data)
    except ValidationError as errors:
        raise FileBroken(list(complaints(source, (), errors, Roles))) from None
