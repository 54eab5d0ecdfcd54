"""The schemas for editors say what the models say, and the files name them."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from bot.i18n import LANGUAGES, sentences
from bot.intake.schemas import FORMATS, schema_text
from tests.conftest import DATA, ROOT
from tests.intake.folders import CLEAN, changed
from tests.intake.mistakes import FORM, LIMITS

SHIPPED = ROOT / "intake_flows"
EXAMPLES = DATA / "examples" / "intake_flows"
SCHEMA_OF = {
    "marketing_request.yaml": "intake_flow.schema.json",
    "data_request.yaml": "intake_flow.schema.json",
    "landscape.yaml": "landscape.schema.json",
    "capabilities.yaml": "capabilities.schema.json",
}


def complaints(name: str, data: Any) -> list[str]:
    """What the schema has against the content of a file."""
    validator = jsonschema.Draft202012Validator(json.loads(schema_text(name)))
    return [error.json_path for error in validator.iter_errors(data)]


def content(text: str) -> Any:
    """What an editor reads."""
    return YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize("name", FORMATS)
def test_the_file_for_editors_is_up_to_date(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text(name)))
    file = ROOT / "bot" / "intake" / name
    assert file.read_text("utf-8") == schema_text(name), "run: uv run poe schema"


@pytest.mark.parametrize("folder", [SHIPPED, EXAMPLES])
@pytest.mark.parametrize("file", SCHEMA_OF)
def test_the_files_follow_it(folder: Path, file: str) -> None:
    assert complaints(SCHEMA_OF[file], content((folder / file).read_text("utf-8"))) == []


@pytest.mark.parametrize("file", SCHEMA_OF)
def test_the_first_line_names_it(file: str) -> None:
    first = (SHIPPED / file).read_text("utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema=../bot/intake/{SCHEMA_OF[file]}"
    assert (SHIPPED / first.partition("=")[2]).exists()


@pytest.mark.parametrize("name", ["wish.yaml", "data.yaml"])
def test_a_clean_flow_follows_it(name: str) -> None:
    assert complaints("intake_flow.schema.json", content(CLEAN[name])) == []


UNTOLD = {"a version of nothing", "a channel without quotes", "a similarity of 2"}
SEEN = {name: row for name, row in (FORM | LIMITS).items() if name not in UNTOLD}
BEYOND = {"not_one_of", "too_many", "not_truth"}  # what only the check knows: boxes, prefill, the word yes


@pytest.mark.parametrize(("code", "old", "new"), SEEN.values(), ids=SEEN.keys())
def test_what_the_editor_marks_is_a_mistake_for_the_check_too(code: str, old: str, new: str) -> None:
    text = changed(CLEAN["wish.yaml"], old, new).replace("§", "")
    assert complaints("intake_flow.schema.json", content(text)) or code in BEYOND


def test_every_help_text_belongs_to_a_key() -> None:
    used = {key.removeprefix("flow_help.") for key in sentences("de") if key.startswith("flow_help.")}
    named = set()
    for model in FORMATS.values():
        schema = model.model_json_schema(by_alias=True)
        for owner, part in {model.__name__: schema, **schema["$defs"]}.items():
            named |= {f"{owner}.{key}" for key in part.get("properties", {})}
            for other in part.get("anyOf", []):
                named |= {f"{owner}.{key}" for key in other.get("properties", {})}
    assert used == named


def test_an_editor_shows_both_languages() -> None:
    text = schema_text("intake_flow.schema.json")
    for language in LANGUAGES:
        assert sentences(language)["flow_help.Question.maps_to"] in text


def test_nothing_is_said_to_programmers() -> None:
    assert "pydantic" not in schema_text("intake_flow.schema.json")
    assert '"title": "Id"' not in schema_text("intake_flow.schema.json")
