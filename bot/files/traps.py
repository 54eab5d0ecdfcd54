"""What somebody probably meant where YAML gives up: the traps that people fall into, each by its name.

The messages of a parser are for programmers; a `Trap` names a sentence under `check.` that says the mend.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ruamel.yaml.error import MarkedYAMLError

_ENTRY = re.compile(r"\s*(?P<dash>- +)*(?:(?P<key>[^\s:#\"'{\[][^:#]*):(?:\s+|$))?(?P<value>.*)")
_OPEN_QUOTE = re.compile(r"""(?:: +|- +)("(?:[^"\\]|\\.)*|'(?:[^']|'')*)$""")
_NO_COLON = re.compile(r"\s*(?:- +)*(?P<key>[A-Za-z_][\w.-]*)(?::\S.*)?\s*")
_SIGNS = "*&@%`|>!{["  # YAML reads something else in a text that begins like this


@dataclass(frozen=True, slots=True)
class Trap:
    """What is wrong, on which line (from 1)."""

    line: int
    code: str
    values: dict[str, str] = field(default_factory=dict)


def trap(text: str, error: MarkedYAMLError) -> Trap:
    """The likely mistake behind an error of the parser."""
    lines = text.split("\n")  # like the parser, not like str.splitlines
    mark = error.problem_mark or error.context_mark
    line = min(mark.line + 1 if mark else 1, len(lines))
    begun = error.context_mark.line + 1 if error.context_mark else line
    problem, context = str(error.problem), str(error.context)
    if "single document" in f"{context} {problem}":
        return Trap(line, "two_documents")
    if "quoted scalar" in context and "end of stream" in problem:
        return Trap(begun, "open_quote")
    if "flow " in context:
        bracket = next((at for at in range(begun, 0, -1) if set("[{") & set(lines[at - 1])), begun)
        return Trap(bracket, "open_bracket")
    if "escape" in problem:
        return Trap(line, "backslash")
    if "simple key" in context and (found := _NO_COLON.fullmatch(lines[begun - 1])):
        return Trap(begun, "missing_colon", {"key": found["key"]})
    return _typed(lines, line, begun, problem)


def _typed(lines: Sequence[str], line: int, begun: int, problem: str) -> Trap:
    """What the typed line itself tells."""
    typed = lines[line - 1]
    if "\t" in typed[: len(typed) - len(typed.lstrip())]:
        return Trap(line, "tab")
    entry = _ENTRY.match(typed)
    value = entry["value"] if entry and (entry["key"] or entry["dash"]) else ""
    if value.startswith((*_SIGNS, "- ")):
        return Trap(line, "quote_start", {"sign": value[0]})
    if opened := _opened(lines, begun, line):
        return Trap(opened, "open_quote")
    if value[:1] in {'"', "'"} and "<scalar>" in problem:
        return Trap(line, "inner_quote")
    if "mapping values" in problem:
        return _colon(lines, line, value)
    if "<block" in problem:
        return Trap(line, "indent")
    return Trap(line, "syntax", {"problem": problem})


def _opened(lines: Sequence[str], begun: int, line: int) -> int | None:
    """The line before this one on which a quoted text begins that only a later text's quote ends."""
    for at in range(line - 1, begun - 1, -1):
        if found := _OPEN_QUOTE.search(lines[at - 1]):
            between = lines[at : line - 1]
            return None if any(found[1][0] in one for one in between) else at
    return None


def _colon(lines: Sequence[str], line: int, value: str) -> Trap:
    if re.search(r":(\s|$)", value):
        return Trap(line, "quote_colon")
    before = next((at for at in range(line - 1, 0, -1) if lines[at - 1].strip()), line)
    if found := _NO_COLON.fullmatch(lines[before - 1]):
        return Trap(before, "missing_colon", {"key": found["key"]})
    return Trap(line, "indent")


def mend(text: str, found: Trap) -> str | None:
    """The text with this one line as it was probably meant; None if that cannot be told."""
    lines = text.split("\n")
    typed = lines[found.line - 1]
    match found.code:
        case "quote_start" | "quote_colon" | "inner_quote" | "open_quote":
            entry = _ENTRY.match(typed)
            start = entry.start("value") if entry else 0
            meant = typed[:start] + json.dumps(typed[start:].strip().strip("\"'"), ensure_ascii=False)
        case "tab":
            meant = _indentation(lines[: found.line - 1]) + typed.lstrip()
        case "missing_colon":
            meant = re.sub(r"([\w.-]+):?(\S*)\s*$", r"\1: \2", typed, count=1)
        case "backslash":
            meant = typed.replace("\\", "\\\\")
        case _:
            return None
    return "\n".join([*lines[: found.line - 1], meant, *lines[found.line :]])


def _indentation(before: Sequence[str]) -> str:
    """Where the next line begins after these."""
    last = next((line for line in reversed(before) if line.strip()), "")
    inner = last.lstrip(" -")
    return " " * (len(last) - len(inner) + (2 if inner.endswith(":") else 0))
