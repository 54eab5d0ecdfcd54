"""The people and groups that files refer to (`user:…`, `group:…`), from `intake_flows/roles.yaml`.

Files name a role, never a person: when somebody leaves, one line changes.
"""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.files.findings import FileBroken
from bot.files.form import complaints
from bot.files.source import read

ROLES_FILE = Path("intake_flows") / "roles.yaml"
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class Group(BaseModel):
    """Several people: by e-mail, or as a group that Slack or Entra keeps."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    emails: list[Email] = []
    slack: str | None = Field(default=None, description="id of a Slack user group")
    entra: str | None = Field(default=None, description="id of a Microsoft Entra group")


class Roles(BaseModel):
    """Who stands behind `user:NAME` and `group:NAME`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    users: dict[str, Email] = {}
    groups: dict[str, Group] = {}

    def actors(self) -> frozenset[str]:
        """Every name that a file may use."""
        return frozenset(
            {f"user:{name}" for name in self.users} | {f"group:{name}" for name in self.groups}
        )


def load_roles(path: Path) -> Roles:
    """The roles of a file. Raises FileBroken with the line of each mistake."""
    source = read(path)
    try:
        return Roles.model_validate(source.data)
    except ValidationError as errors:
        raise FileBroken(list(complaints(source, (), errors, Roles))) from None
