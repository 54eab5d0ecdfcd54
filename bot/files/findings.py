"""A mistake in a file that somebody edits: where it is, what is wrong, and how to mend it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rapidfuzz import process, utils

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` names a sentence under `check.` in the locale files, `values` fill it."""

    file: Path
    line: int
    code: str
    values: Mapping[str, str] = field(default_factory=dict)
    severity: Severity = "error"


class FileBroken(Exception):
    """A file cannot be used as it is. Show the findings; keep what was loaded before."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{f.file}:{f.line} {f.code} {dict(f.values)}" for f in findings))
        self.findings = tuple(findings)


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word that was probably meant, or "" if none is near."""
    hit = process.extractOne(word, known, processor=utils.default_process, score_cutoff=70)
    return hit[0] if hit else ""
