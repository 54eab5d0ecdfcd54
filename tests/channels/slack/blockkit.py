"""Block Kit, checked in three layers, because none of them knows everything (see notes in PROVENANCE.md).

1. the JSON Schema of `@slack/types`: unknown types and keys, elements in the wrong block; knows no lengths;
2. the models of slack_sdk: lengths and counts; drop unknown keys silently;
3. our own rules, from Slack's documentation, which neither knows.
"""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.channels.slack.render import texts
from tests.conftest import DATA

_SCHEMA = json.loads((DATA / "schemas" / "blockkit.strict.json").read_text("utf-8"))
_REGISTRY: Registry[Any] = Registry().with_resource("kit", Resource.from_contents(_SCHEMA, DRAFT7))
_VIEWS = {"modal": "ModalView", "home": "HomeView"}
_DEFINITIONS = _SCHEMA["definitions"]
_KNOWN = [part["$ref"].rpartition("/")[2] for part in _DEFINITIONS["KnownBlock"]["anyOf"]]
_BLOCKS = {  # by type: the schema's own way, "any of these twenty", takes ten times as long
    _DEFINITIONS[name]["properties"]["type"]["const"]: name
    for name in _KNOWN
    if "properties" in _DEFINITIONS[name]  # all but images
}
_ONLY_IN_MESSAGES = {"table", "context_actions", "markdown"}
_ONLY_IN_MODALS = {"alert"}
_TEXT_LIMITS = {"header": 150, "button": 75}


def mistakes_in_message(message: dict[str, Any]) -> list[str]:
    """What Slack would not take of a message."""
    found = []
    if not message.get("text", "").strip():
        found.append("no text for the notification")
    if _length(message.get("text", "")) > 4_000:
        found.append("the text for the notification is too long")
    return found + mistakes_in_blocks(message["blocks"], "message")


def mistakes_in_view(view: dict[str, Any]) -> list[str]:
    """What Slack would not take of a modal or a Home tab."""
    found = _schema(_VIEWS[view["type"]], {**view, "blocks": []})
    found += _model(lambda: View(**view).validate_json(), "view")
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    if view["type"] == "modal" and inputs and not view.get("submit"):
        found.append("inputs and nothing to send them with")
    if not all(view.get(part, {"text": "x"})["text"].strip() for part in ("title", "submit", "close")):
        found.append("an empty word in the frame")
    found += [
        f"{part} too long" for part in ("title", "submit", "close") if _length(_text(view, part)) > 24
    ]
    if _length(view.get("private_metadata", "")) > 3_000 or len(view.get("callback_id", "")) > 255:
        found.append("too much metadata")
    return found + mistakes_in_blocks(view["blocks"], view["type"])


def mistakes_in_blocks(blocks: list[dict[str, Any]], where: str) -> list[str]:
    """What Slack would not take of blocks that stand in a message, a modal or on a Home tab."""
    found = [mistake for block in blocks for mistake in _in_block(json.dumps(block))]
    return found + list(_own(blocks, where))


@cache
def _in_block(text: str) -> tuple[str, ...]:
    """The first two layers; the same block stands in many cards."""
    block = json.loads(text)
    kind, parsed = _BLOCKS.get(block["type"]), Block.parse(block)
    if kind is None or parsed is None:
        return (f"unknown block {block['type']}",)
    return (*_schema(kind, block), *_model(parsed.validate_json, block["type"]))


@cache
def _validator(name: str) -> Draft7Validator:
    return Draft7Validator({"$ref": f"kit#/definitions/{name}"}, registry=_REGISTRY)


def _schema(name: str, part: dict[str, Any]) -> list[str]:
    errors = _validator(name).iter_errors(part)
    return [f"schema: {error.json_path} {error.message[:200]}" for error in errors]


def _own(blocks: list[dict[str, Any]], where: str) -> Iterator[str]:
    if not 1 <= len(blocks) <= (50 if where == "message" else 100):
        yield f"{len(blocks)} blocks"
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    yield from (f"block_id twice: {id_}" for id_, times in ids.items() if times > 1)
    kinds = Counter(block["type"] for block in blocks)
    if kinds["table"] > 1:
        yield "more than one table"
    elsewhere = {"message": _ONLY_IN_MODALS, "modal": _ONLY_IN_MESSAGES}
    wrong = elsewhere.get(where, _ONLY_IN_MODALS | _ONLY_IN_MESSAGES)
    yield from (f"{kind} in a {where}" for kind in kinds if kind in wrong)
    if where == "message" and sum(_length(text) for text in texts(blocks)) > 13_000:
        yield "msg_blocks_too_long"
    if kinds["input"] and where == "message":
        yield "an input in a message"
    for block in blocks:
        yield from (f"{block['type']}: {found}" for found in _block(block))


def _block(block: dict[str, Any]) -> Iterator[str]:
    for text in texts(block):
        if not text:
            yield "empty text"
        if _length(text) > _TEXT_LIMITS.get(block["type"], 3_000):
            yield f"text of {_length(text)}"
    if len(block.get("block_id", "")) > 255:
        yield "block_id too long"
    match block["type"]:
        case "context":
            yield from (
                f"text of {_length(e['text'])}" for e in block["elements"] if _length(e["text"]) > 2_000
            )
        case "actions":
            yield from _actions(block["elements"])
        case "input":
            yield from _input(block)
        case "table":
            yield from _table(block["rows"])
        case _:
            pass


def _actions(elements: list[dict[str, Any]]) -> Iterator[str]:
    if not 1 <= len(elements) <= 25:
        yield f"{len(elements)} elements"
    ids = Counter(element["action_id"] for element in elements)
    yield from (f"action_id twice: {id_}" for id_, times in ids.items() if times > 1)
    for element in elements:
        if element["type"] == "button":
            if (
                not 1 <= _length(element["text"]["text"]) <= 75
                or _length(element.get("value", "x")) > 2_000
            ):
                yield "button too long"
            confirm = element.get("confirm")
            if confirm and not (
                _length(confirm["title"]["text"]) <= 100
                and _length(confirm["text"]["text"]) <= 300
                and max(_length(confirm[part]["text"]) for part in ("confirm", "deny")) <= 30
            ):
                yield "confirm too long"
        else:
            yield from _options(element["options"], 5)


def _input(block: dict[str, Any]) -> Iterator[str]:
    element = block["element"]
    if _length(block["label"]["text"]) > 2_000 or _length(_text(block, "hint")) > 2_000:
        yield "label or hint too long"
    if _length(_text(element, "placeholder")) > 150:
        yield "placeholder too long"
    initial, most = element.get("initial_value"), element.get("max_length", 3_000)
    if initial is not None and not 1 <= _length(initial) <= most:
        yield "initial value too long"
    offered = element.get("options")
    if "option_groups" in element:
        groups = element["option_groups"]
        if len(groups) > 100 or any(_length(group["label"]["text"]) > 75 for group in groups):
            yield "groups"
        offered = [option for group in groups for option in group["options"]]
        if any(not 1 <= len(group["options"]) <= 100 for group in groups):
            yield "a group of the wrong size"
        yield from _options(offered, 10_000)
    elif offered is not None:
        yield from _options(offered, 10 if element["type"] in {"radio_buttons", "checkboxes"} else 100)
    chosen = element.get("initial_options") or [element.get("initial_option")]
    if offered is not None and any(option not in offered for option in chosen if option):
        yield "an initial option that is not offered"


def _options(options: list[dict[str, Any]], most: int) -> Iterator[str]:
    if not 1 <= len(options) <= most:
        yield f"{len(options)} options"
    values = Counter(option["value"] for option in options)
    yield from (f"value twice: {value}" for value, times in values.items() if times > 1)
    for option in options:
        if not 1 <= _length(option["text"]["text"]) <= 75 or not 1 <= _length(option["value"]) <= 150:
            yield "option too long"
        if _length(_text(option, "description")) > 75:
            yield "description too long"


def _table(rows: list[list[dict[str, Any]]]) -> Iterator[str]:
    if not 1 <= len(rows) <= 100 or any(not 1 <= len(row) <= 20 for row in rows):
        yield "table of the wrong size"
    if len({len(row) for row in rows}) > 1:
        yield "rows of different lengths"
    if sum(_length(cell["text"]) for row in rows for cell in row) > 10_000:
        yield "too many characters"


def _model(validate: Any, name: str) -> list[str]:
    try:
        validate()
    except SlackObjectFormationError as error:
        return [f"slack_sdk: {name}: {error}"]
    return []


def _text(part: dict[str, Any], name: str) -> str:
    return str((part.get(name) or {}).get("text", ""))


def _length(text: str) -> int:
    """As JavaScript counts, which is never less than Python does."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
