"""Markdown as a document of Jira (Atlassian Document Format), in which nothing of a person's words acts.

`marklassian` makes the document; links and mentions in it become words, and boxes to tick get ids that
stay the same, so that an update resets no tick.
"""

import json
import uuid
from typing import Any

from marklassian import markdown_to_adf

from bot.connectors.text import shortened, without_pictures

MOST = 32_000  # characters of the whole document; Jira's limit for a text field is 32,767
_SPACE = uuid.UUID("6f3ed3ac-8d57-4b7c-8f3f-0f3c2b8f6c55")  # any, the same in all versions
_JOINER = "\u2060"


def document(markdown: str, key: str, note: str) -> dict[str, Any]:
    """The document; what is too long ends with the note. `key` tells its boxes from others'."""
    text = without_pictures(markdown)
    most = MOST
    while True:
        made = _Literal(key).node(markdown_to_adf(shortened(text, most, note)))
        if len(json.dumps(made, ensure_ascii=False)) <= MOST:
            return made
        most = most * 3 // 4


class _Literal:
    """Takes from a document what acts, and numbers its boxes."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._boxes = 0

    def node(self, node: Any) -> dict[str, Any]:
        """The same node, harmless."""
        match node.get("type"):
            case "mention":
                return {"type": "text", "text": f"@{node['attrs']['id']}"}
            case "mediaSingle" | "media":
                return {"type": "paragraph"}
            case _:
                pass
        made = dict(node)
        if "text" in made:
            made["text"] = str(made["text"]).replace(_JOINER, "")
        if marks := [mark for mark in made.pop("marks", []) if mark["type"] != "link"]:
            made["marks"] = marks
        if "localId" in made.get("attrs", {}):
            self._boxes += 1
            made["attrs"] = {
                **made["attrs"],
                "localId": str(uuid.uuid5(_SPACE, f"{self._key} {self._boxes}")),
            }
        if "content" in made:
            made["content"] = [part for one in made["content"] if not _is_nothing(part := self.node(one))]
        return made


def _is_nothing(node: dict[str, Any]) -> bool:
    """Jira refuses a text without a character."""
    return node.get("type") == "text" and not node.get("text")
