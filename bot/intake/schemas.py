"""The formats of the files in `intake_flows/` as JSON Schema; each key is explained in both languages."""

from pydantic import BaseModel

from bot.files import schema
from bot.i18n import LANGUAGES, say
from bot.intake.model import Flow
from bot.intake.systems import Capabilities, Landscape

# the file beside this one that holds the schema, and what it describes
FORMATS: dict[str, type[BaseModel]] = {
    "intake_flow.schema.json": Flow,
    "landscape.schema.json": Landscape,
    "capabilities.schema.json": Capabilities,
}


def schema_text(name: str) -> str:
    """The text of a schema file. Raises KeyError for another name than those of `FORMATS`."""
    return schema.schema_text(FORMATS[name], _explained)


def _explained(key: str) -> str:
    return " / ".join(say(language, f"flow_help.{key}") for language in LANGUAGES)
