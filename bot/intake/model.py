"""What a flow file says. The classes are the format of `intake_flows/*.yaml` with `steps:`.

One file holds everything about one kind of request: questions, review, rules, routing and deadlines.
What the form allows and the meaning forbids is found by `check`. The JSON Schema is made from this.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.intake.conditions import FACTS, Condition, Number, Scalar
from bot.intake.texts import (
    Address,
    Example,
    Label,
    Paragraph,
    Sentence,
    ShortText,
    Title,
)

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
Role = Annotated[str, StringConstraints(pattern=r"^role:[a-z][a-z0-9_]{1,40}$")]
Actor = Annotated[str, StringConstraints(pattern=r"^(role|group|user):[a-z][a-z0-9_-]{1,40}$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
OwnerOrRole = Annotated[str, StringConstraints(pattern=r"^(owner|role:[a-z][a-z0-9_]{1,40})$")]
Duration = Annotated[str, StringConstraints(pattern=r"^[1-9]\d{0,3}(bd|bh)$")]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,40}$")]
ResultPath = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,4}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Keyword = Annotated[str, StringConstraints(min_length=2, max_length=30, pattern=r"^[^:]*\w[^:]*$")]
Department = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
QuestionType = Literal[
    "input",
    "textarea",
    "number",
    "dropdown",
    "multiselect",
    "checkboxes",
    "date",
    "user",
    "users",
    "url",
    "email",
    "markdown",
]
OptionSource = Literal["landscape.systems", "glossary.kpis", "glossary.terms", "departments"]
CoachRule = Literal[
    "vague_word",
    "compound",
    "too_short",
    "solution_bias",
    "no_trigger",
    "passive",
    "no_measure",
    "no_baseline",
    "benefit_equals_goal",
    "asap",
    "no_reason",
    "universal",
    "open_list",
    "no_owner",
]
CHOICES = frozenset({"dropdown", "multiselect", "checkboxes"})
SEVERAL = frozenset({"multiselect", "checkboxes", "users"})
TYPED = frozenset({"input", "textarea"})  # the answers are one's own words
PEOPLE = frozenset({"user", "users"})
COMMAND_TEXT = "command_text"  # as a prefill: what was typed after the command
PREFILLS = (COMMAND_TEXT, *(name for name in FACTS if name.startswith("detected.")))
COMMANDS = ("/request",)
EVERYONE = "everyone"
REQUESTER = "requester"  # as a default: whoever asks
MAX_ANSWER = 3_000  # Slack's limit for a text input (docs.slack.dev, plain_text_input)
_MAX_PLACE = 80  # an admin binds no longer name (bot.people.handlers)
_MAX_LINE = 300


class Entry(BaseModel):
    """A mapping in the file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(Entry):
    """One of the answers to choose from. `exclusive`: nothing else can be chosen with it ("none known")."""

    value: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,60}$")]
    label: ShortText
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen: an option of the file, a system of the landscape, a term …"""

    value: str
    label: Mapping[str, str]
    exclusive: bool = False


class Question(Entry):
    """One question. `required` with `allow_unknown`: may stay empty, and becomes an open question.

    `min` of a date is a day, `today`, or the id of an earlier date (from ≤ to). `fallback`: if this
    question is not shown, the answer to that one counts.
    """

    id: Id
    type: QuestionType
    label: Label
    hint: Label | None = None
    placeholder: Example | None = None
    required: bool = False
    allow_unknown: bool = False
    unknown_goes_to: OwnerOrRole = "owner"
    allow_other: bool = False
    max_length: Annotated[int, Field(ge=1, le=MAX_ANSWER)] | None = None
    min: Scalar | None = None
    max: Scalar | None = None
    options: Annotated[list[Option], Field(min_length=1, max_length=100)] | None = None
    options_from: OptionSource | None = None
    show_if: Condition | None = None
    fallback: Id | None = None
    prefill: str | None = Field(default=None, json_schema_extra={"enum": list(PREFILLS)})
    default: Scalar | None = None
    coach: list[CoachRule] = []
    maps_to: ResultPath | None = None
    show_analysis: Literal["interfaces", "glossary"] | None = None

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """The options of the file."""
        return tuple(Choice(one.value, one.label, one.exclusive) for one in self.options or ())

    @property
    def several(self) -> bool:
        """Whether an answer is a list."""
        return self.type in SEVERAL

    @property
    def drawn_required(self) -> bool:
        """Whether it must be answered: not if "I do not know yet" is an answer."""
        return self.required and not self.allow_unknown

    @property
    def limit(self) -> int:
        """The most characters that an answer may have."""
        return self.max_length or (MAX_ANSWER if self.type == "textarea" else _MAX_LINE)


class Step(Entry):
    """One page of questions."""

    id: Id
    title: Title
    intro: Paragraph | None = None
    show_if: Condition | None = None
    questions: Annotated[list[Question], Field(min_length=1, max_length=20)]


class Criterion(Entry):
    """What earns points of readiness: all listed questions that are shown are answered, at least one is
    shown, and none of the hints in `without` applies to the first of them.
    """

    id: Id
    points: Annotated[int, Field(ge=1, le=100)]
    label: ShortText
    answered: Annotated[list[Id], Field(min_length=1)]
    without: list[CoachRule] = []


class Deduction(Entry):
    """Points that are taken off per hint that a question itself lists under `coach`."""

    for_: Annotated[list[CoachRule], Field(min_length=1)] = Field(alias="for")
    each: Annotated[int, Field(ge=1)]
    at_most: Annotated[int, Field(ge=1)]


class Rubric(Entry):
    """How ready a request is, 0–100. It shows what would add points and, by default, blocks nothing.

    `show_if` fails: the score makes no sense for these answers, so it is neither shown nor a gate.
    """

    show: bool = True
    show_if: Condition | None = None
    gate: Literal["none", "soft", "hard"] = "none"
    min_score: Annotated[int, Field(ge=0, le=100)] = 40
    below_min: Literal["offer_office_hour", "nothing"] = "offer_office_hour"
    criteria: Annotated[list[Criterion], Field(min_length=1)]
    deduct: Deduction | None = None


class Duplicates(Entry):
    """Whether similar requests are shown before sending. 0.50 found 9 of 9 pairs, 0.72 only 4."""

    check: bool
    min_similarity: Annotated[Number, Field(ge=0, le=1)] = 0.5


class Review(Entry):
    """What happens before sending."""

    preview: bool = True
    readiness: Rubric | None = None
    duplicates: Duplicates | None = None


class RaisedQuestion(Entry):
    """An open question that a rule adds."""

    text: Sentence
    ask: OwnerOrRole = "owner"


class Effects(Entry):
    """What follows when a rule applies."""

    add_stakeholder: Role | None = None
    add_label: Tag | None = None
    add_open_question: RaisedQuestion | None = None
    route: Id | None = None
    notify: Role | None = None


class Rule(Entry):
    """When the condition holds for the answers that are sent, the effects follow."""

    when: Annotated[Condition, Field(min_length=1)]
    do: Effects


class Route(Entry):
    """Where a request goes. `channel` is our own name of a place, bound by an admin."""

    queue: Id
    channel: Annotated[str, StringConstraints(max_length=_MAX_PLACE, pattern=r"^#\S+$")]
    assignee: Role


class Calendar(Entry):
    """When people work."""

    timezone: Annotated[str, StringConstraints(pattern=r"^[^\s/]+/\S+$")]
    hours: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$")]
    days: Annotated[list[Weekday], Field(min_length=1)]
    holidays: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] | None = None


class TeamPromises(Entry):
    """What the queue promises, in business days (bd) or hours (bh)."""

    first_response: Duration | None = None
    decision: Duration | None = None
    delivery: Duration | None = None


class RequesterPromises(Entry):
    """What the requester promises."""

    answer_question: Duration | None = None
    accept_delivery: Duration | None = None


class Escalation(Entry):
    """Who hears of it a working day after a promise was not kept; without it the team of the queue does."""

    team: Actor | None = Field(default=None, description="if the team is late")
    requester: Actor | None = Field(default=None, description="if the requester is late")


class Agenda(Entry):
    """When the agenda of the weekly meeting is posted into the channel of the queue (in `sla.calendar`)."""

    day: Weekday = "thu"
    time: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "15:00"


class Promises(Entry):
    """Deadlines of both sides."""

    calendar: Calendar
    team: TeamPromises
    requester: RequesterPromises
    escalate: Escalation = Escalation()
    pause_when: Literal["waiting_for_requester", "never"] = "waiting_for_requester"


class Ticket(Entry):
    """How the request is called (`{question}` inserts an answer), where it is passed on to, and when."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    connectors: list[Id] = []
    send_when: Literal["accepted", "submitted"] = "accepted"


class Flow(Entry):
    """One kind of request. An open draft finishes on its `version` or moves on by question id."""

    format: Literal[1] = Field(alias="schema")
    id: Id
    version: Annotated[int, Field(ge=1, strict=True)]
    languages: Annotated[list[Language], Field(min_length=1)]
    address: Address = "du"
    title: Title
    description: Sentence | None = None
    command: Annotated[str, StringConstraints(pattern=r"^/[a-z][a-z0-9_-]{0,30}$")]
    keywords: dict[Language, Annotated[list[Keyword], Field(min_length=1)]] = Field(
        default={}, description="a first word that picks this flow; a flow without is the default"
    )
    audience: Annotated[list[Department], Field(min_length=1)] = Field(
        default=[EVERYONE], description="departments that this flow is offered to, or everyone"
    )
    steps: Annotated[list[Step], Field(min_length=1, max_length=12)]
    review: Review = Review()
    rules: list[Rule] = []
    routing: dict[Id, Route]
    sla: Promises | None = None
    agenda: Agenda = Agenda()
    ticket: Ticket

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in their order."""
        return tuple(question for step in self.steps for question in step.questions)

    def question(self, id_: str) -> Question | None:
        """The question of an id, None if there is none."""
        return next((question for question in self.questions if question.id == id_), None)

    def step(self, id_: str) -> Step | None:
        """The step of an id, None if there is none."""
        return next((step for step in self.steps if step.id == id_), None)
