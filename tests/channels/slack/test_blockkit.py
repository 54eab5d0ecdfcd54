"""The checks themselves: each finds what it is there for."""

import copy
from typing import Any

import pytest

from tests.channels.slack.blockkit import mistakes_in_blocks, mistakes_in_message, mistakes_in_view

SECTION: dict[str, Any] = {"type": "section", "text": {"type": "plain_text", "text": "a"}}
BUTTON: dict[str, Any] = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "a"}}
OPTION: dict[str, Any] = {"text": {"type": "plain_text", "text": "a"}, "value": "a"}
INPUT: dict[str, Any] = {
    "type": "input",
    "block_id": "q",
    "label": {"type": "plain_text", "text": "a"},
    "element": {"type": "static_select", "action_id": "a", "options": [OPTION]},
}
WORD = {"type": "plain_text", "text": "a"}
MODAL: dict[str, Any] = {"type": "modal", "title": WORD, "submit": WORD, "close": WORD, "blocks": [INPUT]}


def test_what_is_right_is_not_complained_about() -> None:
    assert (
        mistakes_in_message({"text": "a", "blocks": [SECTION, {"type": "actions", "elements": [BUTTON]}]})
        == []
    )
    assert mistakes_in_view(MODAL) == []


@pytest.mark.parametrize(
    "block",
    [
        {"type": "sektion", "text": WORD},
        {"type": "section", "text": WORD, "colour": "red"},
        {"type": "section", "text": {"type": "plain_text", "text": ""}},
        {"type": "section", "text": {"type": "plain_text", "text": "a" * 3_001}},
        {"type": "header", "text": {"type": "plain_text", "text": "a" * 151}},
        {"type": "header", "text": {"type": "mrkdwn", "text": "a"}},
        {"type": "context", "elements": [{"type": "plain_text", "text": "a" * 2_001}]},
        {"type": "actions", "elements": []},
        {"type": "actions", "elements": [BUTTON] * 2},
        {"type": "actions", "elements": [{**BUTTON, "text": {"type": "plain_text", "text": "😀" * 38}}]},
        {"type": "actions", "elements": [{"type": "overflow", "action_id": "a", "options": [OPTION] * 6}]},
        {"type": "alert", "text": WORD},
        {"type": "table", "rows": []},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a" * 10_001}]]},
    ],
)
def test_a_wrong_block_is_found(block: dict[str, Any]) -> None:
    assert mistakes_in_blocks([block], "message")


@pytest.mark.parametrize("number", [0, 51])
def test_the_number_of_blocks_is_limited(number: int) -> None:
    assert mistakes_in_blocks([SECTION] * number, "message")


def test_a_message_is_not_too_long_altogether() -> None:
    block = {"type": "section", "text": {"type": "plain_text", "text": "a" * 2_900}}
    assert mistakes_in_blocks([block] * 4, "message") == []
    assert mistakes_in_blocks([block] * 5, "message") == ["msg_blocks_too_long"]


def test_a_modal_with_inputs_can_be_sent() -> None:
    view = {name: part for name, part in MODAL.items() if name != "submit"}
    assert "inputs and nothing to send them with" in mistakes_in_view(view)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("title", "text"), "a" * 25),
        (("blocks", 0, "label", "text"), ""),
        (("blocks", 0, "element", "options", 0, "text", "text"), "a" * 76),
        (("blocks", 0, "element", "options", 0, "value"), "a" * 151),
        (("blocks", 0, "element", "options"), [OPTION, OPTION]),
        (("blocks", 0, "element", "options"), []),
        (("blocks", 0, "element", "initial_option"), {**OPTION, "value": "b"}),
        (("blocks",), [INPUT, INPUT]),
        (("private_metadata",), "a" * 3_001),
    ],
)
def test_a_wrong_modal_is_found(path: tuple[str | int, ...], value: object) -> None:
    view: Any = copy.deepcopy(MODAL)
    part = view
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert mistakes_in_view(view)
