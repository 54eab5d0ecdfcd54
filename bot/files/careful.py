"""The careful reader of YAML: every mistake with its line, and what was probably meant (ruamel.yaml)."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from bot.files.findings import FileBroken, Finding
from bot.files.traps import mend, trap
from bot.files.values import MAX_DEPTH, Content, Keys, scalar

_MAX_SLIPS = 50
_MENDABLE = 1_000_000  # characters: a larger file takes seconds to read, so its first slip ends it


def carefully(path: Path, text: str) -> tuple[str, Content | None, list[Finding]]:
    """A text with its slips mended, what it says then, and the slips."""
    findings: list[Finding] = []
    while True:
        try:
            node = _composed(path, text)
        except MarkedYAMLError as error:
            found = trap(text, error)
            again = any(found.line == other.line for other in findings)
            if not again:
                findings.append(Finding(path, found.line, found.code, found.values))
            hopeless = again or len(findings) >= _MAX_SLIPS or len(text) > _MENDABLE
            mended = None if hopeless else mend(text, found)
            if mended is None:
                return text, None, findings
            text = mended
        except FileBroken as broken:
            return text, None, [*findings, *broken.findings]
        else:
            break
    reader = _Reader(path)
    data = reader.value(node, ()) if node is not None else None
    return text, (data, reader.lines), findings + reader.findings


def _composed(path: Path, text: str) -> Node | None:
    """The tree of a text. Raises MarkedYAMLError for what somebody typed, FileBroken for the rest."""
    try:
        with warnings.catch_warnings(action="ignore", category=ReusedAnchorWarning):  # refused below
            tree: Node | None = YAML(typ="safe", pure=True).compose(text)
            return tree
    except MarkedYAMLError:
        raise
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problem = f"#x{error.character:04x}" if isinstance(error.character, int) else error.reason
        raise FileBroken([Finding(path, line, "syntax", {"problem": problem})]) from None
    except (YAMLError, ValueError) as error:
        problem = str(error).splitlines()[0]
        raise FileBroken([Finding(path, 1, "syntax", {"problem": problem})]) from None
    except RecursionError:
        raise FileBroken([Finding(path, 1, "too_deep")]) from None


class _Reader:
    """Turns the composed nodes into plain data and notes the lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Keys, int] = {(): 1}
        self.findings: list[Finding] = []
        self._seen: set[int] = set()

    def value(self, node: Node, keys: Keys) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(keys, line)
        if id(node) in self._seen:
            return None  # an alias; its anchor is refused
        self._seen.add(id(node))
        if node.anchor:
            return self._refuse(line, "anchor")
        if len(keys) > MAX_DEPTH:
            return self._refuse(line, "too_deep")
        match node:
            case MappingNode():
                return dict(self._pairs(node, keys))
            case SequenceNode():
                return [self.value(item, (*keys, at)) for at, item in enumerate(node.value)]
            case ScalarNode() if str(node.tag).startswith("!"):  # the sign would vanish from the text
                return self._refuse(line, "quote_start", sign="!")
            case ScalarNode():
                return scalar(str(node.value), node.style)
            case _:
                return self._refuse(line, "syntax", problem=str(node.tag))

    def _pairs(self, node: MappingNode, keys: Keys) -> Iterator[tuple[str, Any]]:
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self._refuse(line, "key_not_text")
                continue
            key = str(key_node.value)
            if key in first:
                self._refuse(line, "duplicate_key", key=key, first=str(first[key]))
                continue
            if node.flow_style and key_node.end_mark.index == value_node.start_mark.index:
                self._refuse(line, "bare_word", word=key)  # {de: Yes, please}, or {name} as a text
                continue
            first[key] = self.lines[(*keys, key)] = line
            yield key, self.value(value_node, (*keys, key))

    def _refuse(self, line: int, code: str, **values: str) -> None:
        self.findings.append(Finding(self.path, line, code, values))
