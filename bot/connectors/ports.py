"""What every tool is to Klartext: it takes a request under a key, and says how that went.

A failure says what may be believed afterwards: that nothing arrived, or that nobody knows.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

Course = Literal["open", "done", "dropped"]


class Failed(Exception):
    """It did not work. `reason` names a sentence (`connectors.failed.…`).

    `status` is the number that the tool answered with, 0 if none; `detail` what of the file it is about.
    """

    def __init__(self, reason: str, status: int = 0, detail: str = "") -> None:
        super().__init__(" ".join(filter(None, [reason, str(status or ""), detail])))
        self.reason = reason
        self.status = status
        self.detail = detail


class Rejected(Failed):
    """The tool will not take it, now or later: a person has to mend something."""


class Unreached(Failed):
    """Nothing arrived. Try again."""


class Unclear(Failed):
    """It may have arrived: look for it before it is sent again. `after`: not before so many seconds."""

    def __init__(self, reason: str, status: int = 0, after: float | None = None) -> None:
        super().__init__(reason, status)
        self.after = after


class Busy(Failed):
    """Nothing was taken; the tool wants to be asked again in so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__("busy")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request as a tool gets it. `key` is the same for ever, and no other request has it.

    `markdown` shows what people typed literally. `course`: is it worked on, done, or given up?
    """

    number: int
    label: str
    key: str
    title: str
    language: str
    state: str
    state_text: str
    course: Course
    markdown: str
    use_case: Mapping[str, Any]
    changed_at: datetime

    @property
    def digest(self) -> str:
        """What tells one content or state from another: `CONTENT-STATE`."""
        case = {key: value for key, value in self.use_case.items() if key != "status"}
        text = json.dumps([self.title, self.markdown, case], sort_keys=True, ensure_ascii=False)
        return f"{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}-{self.state}"

    def says_more_than(self, digest: str) -> bool:
        """Whether the words have changed, and not the state alone."""
        return digest.partition("-")[0] != self.digest.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Remote:
    """What the tool calls it, and where people see it ("" if nowhere)."""

    id: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What `check` found: a sentence (`connectors.check.…`) and what fills it."""

    key: str
    values: Mapping[str, object]
    wrong: bool = False


class Target(Protocol):
    """A tool that takes requests. Nothing here repeats a call by itself.

    `settle`: seconds until what was created is surely found by its key. None: the tool itself recognises
    a repeat by the key, and there is nothing to look for.
    """

    settle: float | None

    async def create(self, ticket: Ticket) -> Remote:
        """Create it, once. Raises Rejected, Unreached, Unclear and Busy."""
        ...

    async def update(self, remote: Remote, ticket: Ticket, before: str, event: str) -> None:
        """Bring it to what the ticket says; harmless to repeat with the same `event`.

        `before` is the digest of what the tool has. Raises the same.
        """
        ...

    async def find_by_key(self, key: str, since: datetime) -> Remote | None:
        """What was created under the key since then. Raises the same."""
        ...

    async def check(self) -> Found:
        """Try everything without creating anything. Raises the same."""
        ...

    async def close(self) -> None:
        """Close connections."""
        ...
