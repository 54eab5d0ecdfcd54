"""What a whole glossary is searched and listed by: the little of each term that is always in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.glossary.model import LabelKind

Named = tuple[LabelKind, str]


@dataclass(frozen=True, slots=True)
class Gist:
    """One term in short. `near` are the terms under whose name it is listed, too; `changed` is an ISO day.

    `departments` are those whose word it is or who mean something else by it.
    """

    names: Mapping[str, str]
    labels: tuple[Named, ...]
    avoided: tuple[tuple[str, str | None], ...]
    kind: str
    status: str
    departments: frozenset[str]
    visibility: frozenset[str]
    approved: frozenset[str]
    near: frozenset[str]
    tags: tuple[str, ...]
    changed: str

    def name(self, language: str) -> str:
        """The name in this language, else in the first that has one."""
        return self.names.get(language) or next(iter(self.names.values()))


@lru_cache(maxsize=2_000)
def _set(*names: str) -> frozenset[str]:
    """One set for all terms with the same departments: each takes 216 bytes, even an empty one."""
    return frozenset(names)


def gist_of(term: Mapping[str, Any]) -> Gist:
    """The gist of a term as JSON has it, without what is left to its default."""
    labels: Mapping[str, Mapping[str, Any]] = term["labels"]
    senses = term.get("senses", ())
    relations = term.get("relations", {})
    listed_under = (relations[name] for name in ("related", "broader", "part_of") if name in relations)
    return Gist(
        names={language: names["pref"] for language, names in labels.items()},
        labels=tuple(label for names in labels.values() for label in _labels(names)),
        avoided=tuple(
            (word["label"], word.get("use")) for names in labels.values() for word in names.get("avoid", ())
        ),
        kind=term.get("kind", "concept"),
        status=term["status"],
        departments=_set(*term.get("departments", ()), *[sense["department"] for sense in senses]),
        visibility=_set(*term.get("visibility", ())),
        approved=_set(*term.get("approved", ())),
        near=_set(*[id_ for ids in listed_under for id_ in ids]),
        tags=tuple(term.get("tags", ())),
        changed=max(_days(term), default=""),
    )


def _labels(names: Mapping[str, Any]) -> Iterator[Named]:
    """As `model.labels_of` gives them."""
    yield "abbr" if names["pref"] in names.get("abbr", ()) else "pref", names["pref"]
    if plural := names.get("plural"):
        yield "plural", plural
    kinds: tuple[LabelKind, ...] = ("alt", "abbr", "hidden")
    for kind in kinds:
        for text in names.get(kind, ()):
            yield kind, text


def _days(term: Mapping[str, Any]) -> Iterator[str]:
    """When somebody agreed or objected."""
    for approval in term.get("approved", {}).values():
        yield approval["date"]
    for sense in term.get("senses", ()):
        if objection := sense.get("objection"):
            yield objection["date"]
