"""The formats of the files in `intake_flows/` as JSON Schema (draft 2020-12), for editors.

An editor completes the keys and shows under each what it is for, in both languages.
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from bot.i18n import LANGUAGES, say
from bot.intake.model import Flow
from bot.intake.systems import Capabilities, Landscape

# the file beside this one that holds the schema, and what it describes
FORMATS: dict[str, type[BaseModel]] = {
    "intake_flow.schema.json": Flow,
    "landscape.schema.json": Landscape,
    "capabilities.schema.json": Capabilities,
}
_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def schema_text(name: str) -> str:
    """The text of a schema file. Raises KeyError for another name than those of `FORMATS`."""
    model = FORMATS[name]
    schema = model.model_json_schema(by_alias=True)
    parts = schema.pop("$defs")
    for owner, part in {model.__name__: schema, **parts}.items():
        _describe(owner, part)
    schema["$defs"] = parts
    for part in _parts(schema):
        part.pop("title", None)  # pydantic's own, made from the name of the field
        if "patternProperties" in part:  # pydantic forgets that no other keys are allowed
            part.setdefault("additionalProperties", False)
    return json.dumps(_DIALECT | schema, ensure_ascii=False, indent=1) + "\n"


def _describe(owner: str, schema: dict[str, Any]) -> None:
    """Under each key of a class what it is for, instead of what programmers are told."""
    for part in list(_parts(schema)):
        part.pop("description", None)
    for part in list(_parts(schema)):
        for key, field in part.get("properties", {}).items():
            _without_nothing(field)
            texts = (say(language, f"flow_help.{owner}.{key}") for language in LANGUAGES)
            field["description"] = " / ".join(texts)


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
