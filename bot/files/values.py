"""What a value in a file is: YAML 1.2 without its surprises. `no` and dates stay words."""

import re
from typing import Any

Keys = tuple[str | int, ...]  # where a value stands: the keys and places that lead to it
Content = tuple[Any, dict[Keys, int]]  # what a text says, and the line of every value
MAX_DEPTH = 40

_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_QUOTED = frozenset({"'", '"', "|", ">"})


def scalar(text: str, style: str | None) -> str | int | bool | None:
    """Truth values, nothing and whole numbers; all else stays the text that was typed (1.10, dates)."""
    if style in _QUOTED:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return _WORDS.get(text.lower(), text)


def is_more_than_text(text: str) -> bool:
    """Typed without quotes, this would be read as a truth value, a number or nothing."""
    return text.lower() in _WORDS or _INTEGER.fullmatch(text) is not None
