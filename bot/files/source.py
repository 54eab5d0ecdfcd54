"""One YAML file as plain data, with the line of every key.

YAML 1.2 by ruamel.yaml's composer: `no` and `on` stay words; dates, `012` and `1.10` stay as typed.
Duplicate keys are refused because they hide a mistake, anchors because they let a file grow without end.
"""

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from bot.files.findings import FileBroken, Finding

MAX_BYTES = 20_000_000  # a glossary of 10,000 terms has 8 MB
_MAX_DEPTH = 40

Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says (`data`) and where it says it; `digest` is that of the bytes that were read."""

    path: Path
    data: Any
    lines: dict[Keys, int]
    digest: str = ""

    def line(self, keys: Keys) -> int:
        """The line of a value, or of the nearest thing around it that exists; lines count from 1."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 1)

    def finding(self, keys: Keys, code: str, **values: str) -> Finding:
        """A mistake at this place of this file."""
        return Finding(self.path, self.line(keys), code, values)


def read(path: Path) -> Source:
    """The content of a file. Raises FileBroken if it is missing, unreadable or no YAML."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileBroken([Finding(path, 1, "too_big", {"limit": f"{MAX_BYTES // 1_000_000} MB"})])
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        raise FileBroken([Finding(path, 1, "missing_file")]) from None
    except IsADirectoryError:
        raise FileBroken([Finding(path, 1, "is_folder")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FileBroken([Finding(path, line, "not_utf8")]) from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        reason = error.strerror if isinstance(error, OSError) else None
        raise FileBroken([Finding(path, 1, "unreadable", {"reason": reason or str(error)})]) from None
    lines = io.StringIO(text, newline=None).read()  # \r\n as \n
    return replace(parse(path, lines), digest=sha256(content).hexdigest())


def parse(path: Path, text: str) -> Source:
    """The content of a text that stands in a file. Raises FileBroken if it is no YAML."""
    try:
        with warnings.catch_warnings(action="ignore", category=ReusedAnchorWarning):  # refused below
            node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise FileBroken([Finding(path, line, "syntax", {"problem": str(error.problem)})]) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problem = f"#x{error.character:04x}" if isinstance(error.character, int) else error.reason
        raise FileBroken([Finding(path, line, "syntax", {"problem": problem})]) from None
    except (YAMLError, ValueError) as error:
        problem = str(error).splitlines()[0]
        raise FileBroken([Finding(path, 1, "syntax", {"problem": problem})]) from None
    except RecursionError:
        raise FileBroken([Finding(path, 1, "too_deep")]) from None
    reader = _Reader(path)
    data = reader.value(node, ()) if node is not None else None
    if reader.findings:
        raise FileBroken(reader.findings)
    return Source(path, data, reader.lines)


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
        if len(keys) > _MAX_DEPTH:
            return self._refuse(line, "too_deep")
        match node:
            case MappingNode():
                return dict(self._pairs(node, keys))
            case SequenceNode():
                return [self.value(item, (*keys, at)) for at, item in enumerate(node.value)]
            case ScalarNode():
                return _scalar(node)
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
            first[key] = self.lines[(*keys, key)] = line
            yield key, self.value(value_node, (*keys, key))

    def _refuse(self, line: int, code: str, **values: str) -> None:
        self.findings.append(Finding(self.path, line, code, values))


_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")


def _scalar(node: ScalarNode) -> str | int | bool | None:
    """Truth values, nothing and whole numbers; all else stays the text that was typed (1.10, dates)."""
    text = str(node.value)
    if node.style in {"'", '"', "|", ">"}:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return _WORDS.get(text.lower(), text)


def is_more_than_text(text: str) -> bool:
    """Typed without quotes, this would be read as a truth value, a number or nothing."""
    return text.lower() in _WORDS or _INTEGER.fullmatch(text) is not None
