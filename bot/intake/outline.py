"""A flow file as it was typed, seen through tolerant eyes: the rules of `check` read this, so that one
mistake of form hides no mistake of content.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.files.findings import Finding
from bot.files.source import Source
from bot.files.values import Keys
from bot.intake.conditions import Comparison

_TEXTS = frozenset({"label", "hint", "placeholder", "title", "intro", "description", "text"})


@dataclass(frozen=True, slots=True)
class Node:
    """A mapping of the file: a step, a question, a rule …, with its place."""

    keys: Keys
    data: Mapping[str, Any]

    def text(self, key: str) -> str:
        """The text under a key, "" if there is none."""
        value = self.data.get(key)
        return value if isinstance(value, str) else ""

    def nodes(self, *keys: str | int) -> list["Node"]:
        """The mappings of the list under a key."""
        return list(nodes(self.data, self.keys, *keys))

    def node(self, key: str) -> "Node":
        """The mapping under a key, an empty one if there is none."""
        value = self.data.get(key)
        return Node((*self.keys, key), value if isinstance(value, dict) else {})

    def items(self, key: str) -> list[tuple[Keys, Any]]:
        """The entries of the list under a key, with their places."""
        value = self.data.get(key)
        return [
            ((*self.keys, key, at), one) for at, one in enumerate(value if isinstance(value, list) else [])
        ]


@dataclass(frozen=True, slots=True)
class Asked(Node):
    """A question, with its number in the order of the flow and the step that it stands in."""

    number: int
    step: Node

    @property
    def id(self) -> str:
        """The id, "" if it has none."""
        return self.text("id")

    @property
    def type(self) -> str:
        """The type as typed."""
        return self.text("type")

    @property
    def options(self) -> list[str]:
        """The values that can be chosen."""
        return [option.text("value") for option in self.nodes("options")]


class Outline:
    """One flow file. `chosen_from` are the values of the sources that options may come from."""

    def __init__(self, source: Source, chosen_from: Mapping[str, list[str]]) -> None:
        self.source = source
        self.root = Node((), source.data if isinstance(source.data, dict) else {})
        self.steps = self.root.nodes("steps")
        self.questions = list(_questions(self.steps))
        self.by_id: dict[str, Asked] = {}
        for question in self.questions:
            self.by_id.setdefault(question.id, question)
        self.chosen_from = chosen_from
        self.id = self.root.text("id")
        languages = self.root.data.get("languages")
        self.languages = (
            [one for one in languages if isinstance(one, str)] if isinstance(languages, list) else []
        )

    def options(self, question: Asked) -> list[str]:
        """The values that can be chosen; empty if they are not known here."""
        return question.options or self.chosen_from.get(question.text("options_from"), [])

    def finding(self, keys: Keys, code: str, **values: str) -> Finding:
        """A mistake at a place of this file."""
        return self.source.finding(keys, code, **values)

    def value(self, keys: Keys) -> Any:
        """What stands at a place, None if there is nothing."""
        value: Any = self.source.data
        for key in keys:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def texts(self, inside: Node | None = None) -> Iterator[Node]:
        """Every place that holds one text per language."""
        node = inside or self.root
        return texts(node.data, node.keys, _TEXTS)


def texts(data: Any, keys: Keys, names: frozenset[str]) -> Iterator[Node]:
    """Every mapping of texts that stands under one of the names."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in names and isinstance(value, dict) and value:
                yield Node((*keys, key), value)
            else:
                yield from texts(value, (*keys, key), names)
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from texts(value, (*keys, at), names)


def nodes(data: Mapping[str, Any], at: Keys, *keys: str | int) -> Iterator[Node]:
    """The mappings of a list that stands in a mapping."""
    value: Any = data
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    for number, one in enumerate(value if isinstance(value, list) else []):
        if isinstance(one, dict):
            yield Node((*at, *keys, number), one)


def comparisons(node: Node, key: str = "show_if") -> dict[str, Comparison]:
    """The lines of a condition that can be understood."""
    understood = {}
    for name, raw in node.node(key).data.items():
        try:
            understood[name] = Comparison.model_validate(raw)
        except ValidationError:
            continue  # told by the form
    return understood


def _questions(steps: list[Node]) -> Iterator[Asked]:
    number = 0
    for step in steps:
        for question in step.nodes("questions"):
            yield Asked(question.keys, question.data, number, step)
            number += 1
