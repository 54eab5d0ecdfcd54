"""What people typed, as Markdown that shows exactly that: no link, mention, picture or HTML of theirs.

A backslash takes the meaning from a character. Where it cannot (GitHub, GitLab and others look for
`@name`, `#12`, `GH-12` and `:smile:` in the text that is already drawn), an invisible word joiner parts
the two.
"""

import re

from bot.text.clean import visible

JOINER = "\u2060"

_MEANINGFUL = re.compile(r"[\\`*_\[\]<>|~$]|&(?=#?\w+;)|(?<=:)//|(?<=www)\.|#+$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}[.)](?=\s|$)")
_SUMMONS = re.compile(r"@(?=\w)|[#!](?=\d)|(?<=\bGH)-(?=\d)|:(?=[a-z_+-][\w+-]*:)", re.IGNORECASE)
_LINES = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")


def literal(text: str) -> str:
    """One line that shows the text as it was typed; a line break becomes " / "."""
    line = _LINES.sub(" / ", visible(text).strip())
    line = " ".join(line.split())
    line = _MEANINGFUL.sub(lambda found: "\\" + found[0], line)
    return _SUMMONS.sub(lambda found: found[0] + JOINER, _start(line))


def _start(line: str) -> str:
    """A line that begins no list, quotation or heading."""
    if number := _NUMBER.match(line):
        return f"{line[: number.end() - 1]}\\{line[number.end() - 1 :]}"
    return f"\\{line}" if line[:1] in set("-+=#>") else line
