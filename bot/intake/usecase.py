"""What a request says, once it is sent: `intake.usecase/1`. Tickets, cards and exports are drawn from it.

It is built from the flow, the cleaned answers and what was found out about them, by `maps_to`: the same
input, the same bytes. Nothing in it comes from a channel: people are `person:7` or `role:it_lead`, their
names stand under `people`. What a question maps to and the format has no place for (`data.decision`) is
kept under that name, in the order of the flow.
"""

import json
import sys
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)

from bot.intake.landscape import Interfaces
from bot.intake.priority import Priority, Urgency

SCHEMA: Literal["intake.usecase/1"] = "intake.usecase/1"
# What the answers may not overwrite: `flows check` refuses a `maps_to` that names one of these.
COMPUTED = frozenset(
    {
        "schema",
        "id",
        "flow",
        "flow_version",
        "language",
        "status",
        "capability",
        "landscape.existing_system",
        "landscape.interfaces",
        "priority.urgency",
        "priority.suggested",
        "open_questions",
        "labels",
        "stakeholders_added",
        "terms",
        "readiness",
        "routing",
        "requester",
        "people",
        "links",
        "confidential",
    }
)

Band = Literal["idea", "discuss", "ready"]


class UseCaseUnreadable(Exception):
    """A newer Klartext has written this use case. Start the newer one."""


def _joined(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list | tuple) else value


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _section(value: Any) -> Any:
    return value if isinstance(value, Mapping | BaseModel) else {"text": value}


# A flow may map any question anywhere; one text, several texts and a section fit into one another.
Text = Annotated[str, BeforeValidator(_joined)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]
Chosen = str | tuple[str, ...]  # one value, or several where several can be chosen


class Part(BaseModel):
    """A part of the use case whose keys are all known."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


class Section(BaseModel):
    """A part of the use case that a flow may add keys to."""

    model_config = ConfigDict(frozen=True, extra="allow", serialize_by_alias=True)
    __pydantic_extra__: dict[str, JsonValue]

    @model_validator(mode="before")
    @classmethod
    def _text_alone(cls, value: Any) -> Any:
        return _section(value)


class SolutionHint(Section):
    """The tool that was named: an idea, whatever its status. `category` is a capability."""

    product: Text | None = None
    category: Text | None = None
    status: Text | None = None


class Steps(Section):
    """Trigger → action → goal → benefit."""

    trigger: Text | None = None
    action: Text | None = None
    goal: Text | None = None
    benefit: Text | None = None


class Systems(Section):
    """Systems by id (or by a name that the landscape lacks), and what connects them. `existing_system` is
    the one of which somebody said whether it fits.
    """

    existing_system: Text | None = None
    existing_fit: Chosen | None = None
    fit_gap: Text | None = None
    systems: Texts | None = None
    data_flow: Text | None = None
    interfaces: Interfaces | None = None


class Privacy(Section):
    """Data protection: values as the flow names them."""

    data_class: Chosen | None = None
    legal_basis: Chosen | None = None
    sensitive_basis: Chosen | None = None
    location: Chosen | None = None


class Security(Section):
    """Who needs access."""

    access: Texts | None = None


class KeyFigure(Section):
    """The KPI: terms of the glossary, and from which value to which."""

    terms: Texts | None = None
    text: Text | None = None


class Deadline(Section):
    """A day (ISO), and what happens on it."""

    date: Text | None = None
    reason: Text | None = None


class Weight(Section):
    """Impact as answered, urgency as found, and the priority that IT may take or change."""

    impact: Text | None = None
    urgency: Urgency | None = None
    suggested: Priority | None = None


class OpenQuestion(Part):
    """What is still open, and whom to ask. `question` is the one of the flow that nobody could answer."""

    question: str | None = None
    text: str
    ask: str
    source: Literal["unknown", "rule"]


class Term(Part):
    """A word of the answers that the glossary knows. `sense`: "agreed", or the department that is meant."""

    text: str
    term: str
    sense: str
    in_: str = Field(validation_alias=AliasChoices("in", "in_"), serialization_alias="in")


class Readiness(Part):
    """0–100, and the criteria that would still add points."""

    score: int = Field(ge=0, le=100)
    band: Band
    open: tuple[str, ...] = ()


class Routing(Part):
    """The queue. `channel` is our own name of a place."""

    route: str
    queue: str
    channel: str
    assignee: str


class UseCase(Section):
    """One request, as structured data."""

    schema_: Literal["intake.usecase/1"] = Field(
        default=SCHEMA, validation_alias=AliasChoices("schema", "schema_"), serialization_alias="schema"
    )
    id: str
    flow: str
    flow_version: int
    language: str
    status: str
    original_wish: Text | None = None
    requirement: Text | None = None
    solution_hint: SolutionHint | None = None
    capability: Text | None = Field(default=None, description="what it is about, if no tool was wished for")
    use_case: Steps | None = None
    landscape: Systems | None = None
    privacy: Privacy | None = None
    security: Security | None = None
    kpi: KeyFigure | None = None
    deadline: Deadline | None = None
    priority: Weight | None = None
    owner: Text | None = None
    stakeholders: Texts | None = None
    shared_goal: Texts | None = None
    open_questions: tuple[OpenQuestion, ...] = ()
    labels: tuple[str, ...] = ()
    stakeholders_added: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    readiness: Readiness | None = None
    routing: Routing
    requester: str | None = None
    people: dict[str, str] | None = None
    links: tuple[str, ...] | None = None
    confidential: bool | None = None

    def text(self) -> str:
        """The use case as JSON, the same bytes for the same request."""
        return json.dumps(self.data(), ensure_ascii=False, indent=2) + "\n"

    def data(self) -> dict[str, JsonValue]:
        """The use case as plain data, without what is not there."""
        return self.model_dump(mode="json", exclude_none=True)


def at(data: JsonValue, path: str) -> JsonValue:
    """What stands at a path ("kpi.text") of a use case's data, None if nothing does."""
    for key in path.split("."):
        data = data.get(key) if isinstance(data, dict) else None
    return data


def read(text: str) -> UseCase:
    """The use case of a JSON text. Raises UseCaseUnreadable."""
    try:
        return UseCase.model_validate_json(text)
    except ValidationError as errors:
        raise UseCaseUnreadable(str(errors)) from errors


def kept(data: Mapping[str, Any]) -> UseCase:
    """The use case as a request keeps it. Raises UseCaseUnreadable."""
    try:
        return UseCase.model_validate(data)
    except ValidationError as errors:
        raise UseCaseUnreadable(str(errors)) from errors


def schema_text() -> str:
    """The format as JSON Schema (draft 2020-12), as it stands in `usecase.schema.json`."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | UseCase.model_json_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":  # python -m bot.intake.usecase > bot/intake/usecase.schema.json
    sys.stdout.write(schema_text())
