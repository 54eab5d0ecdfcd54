"""What a glossary says. The classes are the format of `glossary.yaml`; the JSON Schema is made from them.

One entry has one agreed definition; `senses` say what a department means instead and how that relates
to the agreed text. The same word for unrelated things is two terms that name each other in
`confused_with`. An id never changes; labels may.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError


def _real_date(text: str) -> str:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("bad_date", "no such day") from None
    return text


LANGUAGE = r"^[a-z]{2}(-[A-Z]{2})?$"
SLUG = r"^[a-z0-9][a-z0-9-]{0,62}$"
Slug = Annotated[str, StringConstraints(pattern=SLUG)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE)]
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Texts = Annotated[dict[Language, Text], Field(min_length=1)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"\w")]
Actor = Annotated[str, StringConstraints(pattern=r"^(user|group):[\w.@-]+$")]
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_real_date)]
Url = Annotated[str, StringConstraints(pattern=r"^(https?|mailto):\S+$")]
Status = Literal["proposed", "in_review", "agreed", "disputed", "deprecated"]
Relation = Literal["same", "broader", "narrower", "overlaps", "different"]

# pydantic copies an empty list deeply for every term that leaves it out, which costs more than reading it
MANY: Any = Field(default_factory=list, json_schema_extra={"default": []})
NAMED: Any = Field(default_factory=dict, json_schema_extra={"default": {}})


class Entry(BaseModel):
    """A mapping in the file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _languages_beside_keys(schema: dict[str, Any]) -> None:
    schema["patternProperties"] = {LANGUAGE: {"type": "string", "minLength": 1}}
    schema["additionalProperties"] = False


class Spoken(BaseModel):
    """A mapping with its sentence in each language beside its other keys (`id: …`, `de: …`, `en: …`)."""

    model_config = ConfigDict(extra="allow", frozen=True, json_schema_extra=_languages_beside_keys)
    __pydantic_extra__: dict[str, Text] = Field(init=False)

    @model_validator(mode="before")
    @classmethod
    def _extras_are_languages(cls, data: Any) -> Any:
        """A misspelt key is told before its value is taken for a sentence."""
        known = cls._own_keys()
        for key in data if isinstance(data, dict) else ():
            if key not in known and not re.fullmatch(LANGUAGE, key):
                raise PydanticCustomError("unknown_key", "unknown key {key}", {"key": key})
        return data

    @classmethod
    @cache
    def _own_keys(cls) -> frozenset[str]:
        return frozenset(info.alias or name for name, info in cls.model_fields.items())

    @property
    def text(self) -> dict[str, str]:
        """The sentence per language."""
        return self.model_extra or {}


class Department(Entry):
    """A team whose view of a term may differ. `channels` are the places that belong to it."""

    label: Texts
    aliases: list[Name] = MANY
    channels: dict[Literal["slack", "teams", "playground"], list[str]] = NAMED
    approvers: list[Actor] = MANY
    parent: Slug | None = None


class Avoided(Entry):
    """A word that should not be used for this term."""

    label: Name
    use: Slug | None = None
    why: str | None = None


class Labels(Entry):
    """The names of a term in one language. `hidden` are known misspellings: found, never shown."""

    pref: Name
    plural: Name | None = None
    gender: Literal["m", "f", "n", "pl"] | None = None
    alt: list[Name] = MANY
    abbr: list[Name] = MANY
    hidden: list[Name] = MANY
    avoid: list[Avoided] = MANY


class Criterion(Spoken):
    """One condition under which the thing counts; `check` is its machine-readable form."""

    id: Slug
    check: str | None = None
    required: bool = True


class Reference(Entry):
    """Where the thing lives in a system."""

    system: Text
    ref: str | None = None
    url: Url | None = None


class Objection(Spoken):
    """Who disagrees, since when, and why. The agreed definition stays valid meanwhile."""

    raised_by: Actor
    date: Date


class Sense(Entry):
    """What one department means by the word; `relation` is seen from the agreed definition."""

    department: Slug
    relation: Relation | None = None
    definition: Texts
    criteria: list[Criterion] = MANY
    examples: list[Texts] = MANY
    counter_examples: list[Texts] = MANY
    owner: Actor | None = None
    status: Status = "agreed"
    objection: Objection | None = None


class Kpi(Entry):
    """How a figure is calculated, and what it cannot say (`limits`)."""

    formula: Texts
    unit: Text
    source: Reference
    owner: Actor
    expression: str | None = None
    numerator: Slug | None = None
    denominator: Slug | None = None
    direction: Literal["up", "down", "neutral"] | None = None
    grain: Literal["event", "day", "week", "month", "quarter", "year"] | None = None
    window: str | None = None
    filters: list[str] = MANY
    refresh: str | None = None
    target: str | None = None
    limits: list[Texts] = MANY


class Sla(Spoken):
    """What one department promises to another."""

    id: Slug
    from_: Slug = Field(alias="from")
    to: Slug
    threshold: Text
    metric: Slug | None = None


class Confused(Spoken):
    """Another term that is taken for this one, and the sentence that says the difference."""

    term: Slug


class Relations(Entry):
    """How a term stands to other terms."""

    broader: list[Slug] = MANY
    narrower: list[Slug] = MANY
    related: list[Slug] = MANY
    opposite: list[Slug] = MANY
    part_of: list[Slug] = MANY
    has_part: list[Slug] = MANY
    precedes: list[Slug] = MANY
    follows: list[Slug] = MANY
    confused_with: list[Confused] = MANY


class Approval(Entry):
    """A department has agreed to the definition."""

    by: Actor
    date: Date
    version: Annotated[int, Field(ge=1)] | None = None


class Document(Entry):
    """Where a definition was agreed or comes from."""

    title: Text
    url: Url | None = None


class Term(Entry):
    """One concept with its names, its agreed definition, and what departments mean instead."""

    kind: Literal["concept", "kpi", "process", "role", "system", "status"] = "concept"
    labels: Annotated[dict[Language, Labels], Field(min_length=1)]
    departments: list[Slug] = MANY
    status: Status
    replaced_by: Slug | None = None
    definition: Texts
    criteria: list[Criterion] = MANY
    examples: list[Texts] = MANY
    counter_examples: list[Texts] = MANY
    senses: list[Sense] = MANY
    relations: Relations = Field(
        default_factory=Relations, json_schema_extra={"default": Relations().model_dump()}
    )
    kpi: Kpi | None = None
    sla: list[Sla] = MANY
    owner: Actor
    approved: dict[Slug, Approval] = NAMED
    review_by: Date | None = None
    sources: list[Document] = MANY
    links: list[Reference] = MANY
    tags: list[Name] = MANY
    visibility: list[Slug] = MANY
    version: Annotated[int, Field(ge=1)] | None = None
    external: dict[str, str] = NAMED

    def names(self, language: str) -> Labels:
        """The labels in this language, else in the first language that has any."""
        return self.labels.get(language) or next(iter(self.labels.values()))

    def sense(self, department: str | None) -> Sense | None:
        """What this very department means, if it differs from the agreed text."""
        return next((sense for sense in self.senses if sense.department == department), None)


class Head(Entry):
    """Whose glossary this is: its languages (the first is the default) and departments.

    `owners` is what people read instead of `user:sales-owner`.
    """

    id: Slug
    title: Texts | None = None
    languages: Annotated[list[Language], Field(min_length=1)]
    departments: Annotated[dict[Slug, Department], Field(min_length=1)]
    owners: dict[Actor, Texts] = NAMED

    def lineage(self, department: str | None) -> tuple[str, ...]:
        """The department and those that it is a part of, the nearest first; a circle ends."""
        found: list[str] = []
        while department in self.departments and department not in found:
            found.append(department)
            department = self.departments[department].parent
        return tuple(found)


class Glossary(Entry):
    """Klartext glossary: one file, or a file that includes others (`include: [terms/*.yaml]`)."""

    version: Literal[1]
    include: list[str] = MANY
    glossary: Head
    terms: dict[Slug, Term] = NAMED

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        """The format as JSON Schema; a key that fits no pattern is a mistake there, too."""
        schema = super().model_json_schema(*args, **options)
        _close(schema)
        return schema

    def in_order(self, ids: Iterable[str], department: str | None) -> tuple[str, ...]:
        """Homonyms as this department wants them: its own word first, foreign words last.

        Terms that share no word stay in the order in which they were asked for.
        """
        asked = list(ids)
        if len(asked) == 1:
            return tuple(asked)
        firsts: dict[str, int] = {}
        places: dict[str, int] = {}
        for at, id_ in enumerate(asked):
            words = {text.casefold() for _, _, text in labels_of(self.terms[id_])}
            places[id_] = min((firsts[word] for word in words if word in firsts), default=at)
            firsts.update(dict.fromkeys(words, places[id_]))
        lineage = self.glossary.lineage(department)
        return tuple(sorted(asked, key=lambda id_: (places[id_], _distance(self.terms[id_], lineage))))

    def sense(self, term: Term, department: str | None) -> Sense | None:
        """What counts in a department: its own sense, else that of the department that it is a part of."""
        senses = (term.sense(name) for name in self.glossary.lineage(department))
        return next(filter(None, senses), None)

    def confusions(self, ids: Iterable[str]) -> Iterator[tuple[str, Confused]]:
        """The sentences that tell these terms apart, one for each pair, with the term that says it."""
        wanted = tuple(ids)
        told: set[frozenset[str]] = set()
        for id_ in wanted:
            for other in self.terms[id_].relations.confused_with:
                pair = frozenset((id_, other.term))
                if other.term in wanted and pair not in told:
                    told.add(pair)
                    yield id_, other


def _close(schema: Any) -> None:
    """pydantic lists the patterns of keys and forgets to exclude all others."""
    if isinstance(schema, dict):
        if "patternProperties" in schema:
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            _close(part)
    elif isinstance(schema, list):
        for part in schema:
            _close(part)


def _distance(term: Term, lineage: Sequence[str]) -> int:
    """How far a term is from a department: its own word, one that it uses, everybody's, others'."""
    if any(name in term.departments for name in lineage):
        return 0
    if any(map(term.sense, lineage)):
        return 1
    return 3 if term.departments else 2


LabelKind = Literal["pref", "plural", "alt", "abbr", "hidden", "avoid"]


def labels_of(term: Term) -> Iterator[tuple[tuple[str | int, ...], LabelKind, str]]:
    """Place, kind and text of every name by which a term is found."""
    for language, labels in term.labels.items():
        kind: LabelKind = "abbr" if labels.pref in labels.abbr else "pref"
        yield ("labels", language, "pref"), kind, labels.pref
        if labels.plural:
            yield ("labels", language, "plural"), "plural", labels.plural
        others: tuple[tuple[LabelKind, list[str]], ...] = (
            ("alt", labels.alt),
            ("abbr", labels.abbr),
            ("hidden", labels.hidden),
        )
        for kind, texts in others:
            for at, text in enumerate(texts):
                yield ("labels", language, kind, at), kind, text


def schema_text() -> str:
    """The format as JSON Schema (draft 2020-12), as it stands in `glossary.schema.json`."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema = Glossary.model_json_schema(by_alias=True)
    return json.dumps(dialect | schema, ensure_ascii=False, indent=1) + "\n"


def localised(texts: dict[str, str], language: str) -> str:
    """The text in this language, else in whatever language there is, else nothing."""
    return texts.get(language) or next(iter(texts.values()), "")
