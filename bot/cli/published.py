"""Which version of a flow was in use before a change: as git has it, where the files are kept in git."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from bot.files.findings import FileBroken
from bot.files.source import parse
from bot.intake.check import digest
from bot.intake.model import Flow


def published(folder: Path, revision: str) -> Mapping[str, tuple[int, str]]:
    """Version and digest, at a revision, of each flow that was changed since; new files are left out."""
    before = (_before(folder, path, revision) for path in sorted(folder.glob("*.y*ml")))
    return {flow.id: (flow.version, digest(flow)) for flow in before if flow}


def _before(folder: Path, path: Path, revision: str) -> Flow | None:
    text = _text(folder, path.name, revision)
    try:
        if text is None or text == path.read_text("utf-8"):
            return None
        return Flow.model_validate(parse(path, text).data)
    except (OSError, ValueError, FileBroken):  # ValidationError is a ValueError
        return None


def _text(folder: Path, name: str, revision: str) -> str | None:
    """The content of a file at a revision; None without git, or if it is new."""
    command = ["git", "-C", str(folder), "show", "--end-of-options", f"{revision}:./{name}"]
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=10)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", errors="replace")
