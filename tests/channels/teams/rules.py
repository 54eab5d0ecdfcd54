"""What every card must keep: Microsoft's schema, and what the schema does not know."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft6Validator
from jsonschema.exceptions import best_match

from bot.channels.teams.fit import LIMIT, size
from tests.channels.teams.microsoft import PASSWORD, Json
from tests.conftest import DATA

_DATA_QUERY = {"type", "dataset"}
_INTERPRETED = {"TextBlock", "FactSet"}  # clients read Markdown in them
_FREE = {
    "text",
    "title",
    "label",
    "value",
    "placeholder",
    "fallbackText",
    "id",
    "verb",
    "data",
    "targetElements",
}
_SHOWN = 6  # actions in a row


def mistakes(card: Json) -> list[str]:
    """Everything that is wrong with a card; empty if it may be sent."""
    return [*_by_schema(card), *_by_size(card), *_by_part(card), *_by_ids(card)]


def _by_schema(card: Json) -> Iterator[str]:
    """The shape alone is validated: thousands of cards have a few dozen shapes."""
    yield from _wrong_shape(json.dumps(_shape(card)))


@cache
def _validator() -> Draft6Validator:
    schema = json.loads((DATA / "schemas" / "adaptive-card-1.5.json").read_text("utf-8"))
    return Draft6Validator(schema)


@cache
def _wrong_shape(shape: str) -> tuple[str, ...]:
    error = best_match(_validator().iter_errors(json.loads(shape)))
    return (f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}",) if error else ()


def _shape(drawn: Any) -> Any:
    """The card with short texts, and once what is there many times.

    Searching is Teams' own and younger than the schema; it is looked at in `_by_part`.
    """
    if isinstance(drawn, dict):
        own = {"choices.data", "style"} if "choices.data" in drawn else set()
        kept = {name: value for name, value in drawn.items() if name not in own}
        return {name: _text(value) if name in _FREE else _shape(value) for name, value in kept.items()}
    if isinstance(drawn, list):
        shapes = {json.dumps(shape): shape for shape in map(_shape, drawn)}
        return list(shapes.values())
    return drawn


def _text(value: Any) -> Any:
    return "x" if isinstance(value, str) else ["x"] if isinstance(value, list) else {}


def _by_size(card: Json) -> Iterator[str]:
    if size(card) > LIMIT:
        yield f"{size(card)} bytes"


def _by_part(card: Json) -> Iterator[str]:
    for part in parts(card):
        kind = str(part.get("type", ""))
        if kind in _INTERPRETED:
            yield f"{kind} reads Markdown"
        if part.get("isRequired") or "regex" in part:
            yield f"{part.get('id')} would block Back"
        if kind.startswith("Input.") and not (part.get("id") and str(part.get("label", "")).strip()):
            yield f"an input without id or label: {part}"
        if kind == "ActionSet" and not 0 < len(part["actions"]) <= _SHOWN:
            yield f"{len(part['actions'])} actions in a row"
        if kind.startswith("Action.") and not str(part.get("title", "")).strip():
            yield "a button without a word"
        if "choices.data" in part and (set(part["choices.data"]), part["style"]) != (
            _DATA_QUERY,
            "filtered",
        ):
            yield "a search field of another kind"
        if PASSWORD in json.dumps(part.get("data", "")):
            yield "a secret in what a client gets"
    if card.get("version") != "1.5" or not card.get("fallbackText", "").strip():
        yield "version or fallback"


def _by_ids(card: Json) -> Iterator[str]:
    ids = Counter(str(part["id"]) for part in parts(card) if "id" in part)
    yield from (f"{id_} is there {count} times" for id_, count in ids.items() if count > 1)
    targets = [target for part in parts(card) for target in part.get("targetElements", ())]
    yield from (f"{target} is toggled and not there" for target in targets if target not in ids)


def parts(drawn: Any) -> Iterator[Json]:
    """Every object of a card, but not what is inside `data`."""
    if isinstance(drawn, dict):
        yield drawn
        for name, value in drawn.items():
            if name != "data":
                yield from parts(value)
    elif isinstance(drawn, list):
        for value in drawn:
            yield from parts(value)
