"""What `landscape.yaml` and `capabilities.yaml` say: systems, the interfaces between them, and what a
kind of tool makes possible. The classes are the formats of the two files.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.intake.model import Entry, Id, Language
from bot.intake.texts import Paragraph, Sentence, ShortText

Quarter = Annotated[str, StringConstraints(pattern=r"^\d{4}-(Q[1-4]|\d{2}(-\d{2})?)$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=75, pattern=r"\w")]
Location = Literal["CH", "DE", "AT", "EU", "EEA", "UK", "US", "other"]
THIRD_COUNTRIES = frozenset({"UK", "US", "other"})  # outside the EEA and Switzerland
Frequency = Literal["realtime", "every_15_min", "hourly", "daily", "weekly", "monthly", "on_demand"]
Direction = Literal["one_way", "two_way"]


class Hosting(Entry):
    """Who runs a system, and where its data lie."""

    model: Literal["on_premises", "private_cloud", "saas"]
    location: Location


class System(Entry):
    """A system. `replaced_by` names the heir of a retiring one, `master_for` the data that it leads."""

    id: Id
    name: Name
    category: Id
    capabilities: list[Id] = Field(default=[])
    owner: Id
    status: Literal["live", "pilot", "planned", "retiring", "retired"]
    replaced_by: Id | None = None
    personal_data: Literal["none", "business", "personal", "employees", "sensitive"]
    hosting: Hosting
    master_for: Sentence | None = None

    @property
    def third_country(self) -> bool:
        """Whether its data lie outside the EEA and Switzerland."""
        return self.hosting.location in THIRD_COUNTRIES


class Interface(Entry):
    """A connection of two systems. Only `live` and not `manual` counts as connected."""

    id: Id
    from_: Id = Field(alias="from")
    to: Id
    direction: Direction
    data: Sentence
    frequency: Frequency
    method: Literal["api", "native", "webhook", "file", "ipaas", "manual"]
    status: Literal["live", "planned", "retired"]
    planned_for: Quarter | None = None
    retired_on: Day | None = None
    owner: Id

    @property
    def connects(self) -> bool:
        """Whether data flow without anybody's hands."""
        return self.status == "live" and self.method != "manual"


class Landscape(Entry):
    """`landscape.yaml`. `owners` are roles with their names; who holds one stands in `roles.yaml`."""

    format: Literal[1] = Field(alias="schema")
    updated: Day | None = None
    owners: dict[Id, ShortText] = Field(default={})
    systems: list[System] = Field(default=[])
    interfaces: list[Interface] = Field(default=[])

    def system(self, id_: str) -> System | None:
        """The system of an id, None if there is none."""
        return next((system for system in self.systems if system.id == id_), None)


class Capability(Entry):
    """What a kind of tool makes possible, in words without product names. The first of `words` is shown."""

    label: ShortText
    requirement: Sentence | None = None
    question: Paragraph
    words: dict[Language, list[Name]] = Field(default={})
    purposes: dict[Language, list[Name]] = Field(default={})
    neighbours: list[Id] = Field(default=[])
    personal_data: Literal["likely", "possible", "unlikely"]


class Capabilities(Entry):
    """`capabilities.yaml`."""

    format: Literal[1] = Field(alias="schema")
    capabilities: dict[Id, Capability]
