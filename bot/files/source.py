"""One YAML file as plain data, with the line of every key.

YAML 1.2: `no` and `on` stay words; dates, `012` and `1.10` stay as typed. Duplicate keys are refused
because they hide a mistake, anchors because they let a file grow without end. A file without a mistake is
read the quick way (`bot.files.quick`); the careful reader finds and names what is wrong with the others.
"""

import io
import re
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.files.findings import FileBroken, Finding
from bot.files.quick import quickly
from bot.files.values import Keys

MAX_BYTES = 20_000_000  # a glossary of 10,000 terms has 8 MB
_HASHED = re.compile(r"\s*(- +)*[^\s#\"':]+:\s+#")


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says (`data`) and where it says it; `digest` is that of the bytes that were read.

    `hashed`: lines on which a `#` stands where a value could be (`channel: #help` says nothing).
    """

    path: Path
    data: Any
    lines: dict[Keys, int]
    hashed: frozenset[int] = frozenset()
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
    text, digest = _text(path)
    return replace(parse(path, text), digest=digest)


def parse(path: Path, text: str) -> Source:
    """The content of a text that stands in a file. Raises FileBroken if it is no YAML."""
    source, findings = _understood(path, text)
    if findings or source is None:
        raise FileBroken(findings)
    return source


def survey(path: Path) -> tuple[Source | None, list[Finding]]:
    """As much of a file as can be understood, and what cannot: one slip hides no other mistake."""
    try:
        return _understood(path, _text(path)[0])
    except FileBroken as broken:
        return None, list(broken.findings)


def _text(path: Path) -> tuple[str, str]:
    """What stands in a file, with `\\n` at the end of lines, and the digest of its bytes."""
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
    return io.StringIO(text, newline=None).read(), sha256(content).hexdigest()


def _understood(path: Path, text: str) -> tuple[Source | None, list[Finding]]:
    """What a text says once its slips are mended, and the slips."""
    findings: list[Finding] = []
    found = quickly(text)
    if found is None:
        from bot.files.careful import carefully  # noqa: PLC0415  (most files have no mistake)

        text, found, findings = carefully(path, text)
    if found is None:
        return None, findings
    hashed = frozenset(at for at, line in enumerate(text.split("\n"), 1) if _HASHED.match(line))
    return Source(path, *found, hashed), findings
