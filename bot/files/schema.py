"""A model of a file as JSON Schema (draft 2020-12), for editors.

An editor completes the keys and shows under each what it is for.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel

_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
Explain = Callable[[str], str]


def schema_text(model: type[BaseModel], explain: Explain) -> str:
    """The text of a schema file; `explain` says what a key is for ("Class.key")."""
    schema = model.model_json_schema(by_alias=True)
    parts = schema.pop("$defs")
    for owner, part in {model.__name__: schema, **parts}.items():
        _describe(owner, part, explain)
    schema["$defs"] = parts
    for part in _parts(schema):
        part.pop("title", None)  # pydantic's own, made from the name of the field
        if "patternProperties" in part:  # pydantic forgets that no other keys are allowed
            part.setdefault("additionalProperties", False)
    return json.dumps(_DIALECT | schema, ensure_ascii=False, indent=1) + "\n"


def _describe(owner: str, schema: dict[str, Any], explain: Explain) -> None:
    """Under each key of a class what it is for, instead of what programmers are told."""
    for part in list(_parts(schema)):
        part.pop("description", None)
    for part in list(_parts(schema)):
        for key, field in part.get("properties", {}).items():
            _without_nothing(field)
            field["description"] = explain(f"{owner}.{key}")


def _without_nothing(field: dict[str, Any]) -> None:
    """A key is left out rather than left empty."""
    kinds = field.get("anyOf", [])
    if {"type": "null"} in kinds:
        kinds.remove({"type": "null"})
        del field["default"]
    if len(kinds) == 1:
        del field["anyOf"]
        field.update(kinds[0])


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema: names of keys are no schemas."""
    if isinstance(schema, list):
        for part in schema:
            yield from _parts(part)
    if not isinstance(schema, dict):
        return
    yield schema
    for key, value in schema.items():
        named = key in {"properties", "patternProperties", "$defs"}
        for part in value.values() if named else [value]:
            yield from _parts(part)
