"""Brings a request to a tool: exists there once, whatever is lost on the way.

What is about to be done is written down first. Whoever comes after a crash or an unclear answer finds that
note, looks at the tool for the key, and creates only what is not there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.chat.ports import RetryLater
from bot.connectors.ports import Busy, Failed, Rejected, Remote, Target, Ticket, Unclear, Unreached


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written down. `tried_at`: a creation began then, and nobody knows how it ended.

    `digest` is that of the content that arrived or may have; `count` how often something arrived.
    """

    remote: Remote | None = None
    tried_at: datetime | None = None
    digest: str = ""
    count: int = 0


class Ledger(Protocol):
    """Keeps notes on one request and one tool; each is stored before the method ends."""

    async def begun(self, digest: str) -> Kept:
        """A creation begins now."""
        ...

    async def nothing_arrived(self) -> None:
        """It is sure that nothing was created."""
        ...

    async def arrived(self, remote: Remote, digest: str) -> Kept:
        """This content is there."""
        ...


@dataclass(frozen=True, slots=True)
class Courier:
    """One tool and one ledger. Everything that it raises lets the job run again, but Rejected."""

    target: Target
    ledger: Ledger
    clock: Callable[[], datetime]

    async def bring(self, ticket: Ticket, kept: Kept) -> None:
        """Create it or bring it up to date; nothing if the tool has it like this.

        Raises Rejected, Unreached, Unclear, Busy, and RetryLater while one must wait before one may look.
        """
        if kept.remote is None:
            kept = await self._created(ticket, kept)
        if kept.remote and kept.digest != ticket.digest:
            event = f"{ticket.key}-{kept.count}-{ticket.digest}"
            await self.target.update(kept.remote, ticket, kept.digest, event)
            await self.ledger.arrived(kept.remote, ticket.digest)

    async def _created(self, ticket: Ticket, kept: Kept) -> Kept:
        if kept.tried_at is not None and (found := await self._found(ticket, kept.tried_at)):
            return await self.ledger.arrived(found, kept.digest)
        # without a look, the tool may already have the content of the first attempt: that one counts
        may_be_there = kept.digest if kept.tried_at and self.target.settle is None else ""
        kept = await self.ledger.begun(may_be_there or ticket.digest)
        try:
            remote = await self.target.create(ticket)
        except (Rejected, Unreached, Busy):
            if not may_be_there:
                await self.ledger.nothing_arrived()
            raise
        return await self.ledger.arrived(remote, kept.digest)

    async def _found(self, ticket: Ticket, tried_at: datetime) -> Remote | None:
        """What an earlier attempt has created, once it can be found."""
        if self.target.settle is None:
            return None
        wait = (tried_at + timedelta(seconds=self.target.settle) - self.clock()).total_seconds()
        if wait > 0:
            raise RetryLater(wait)
        return await self.target.find_by_key(ticket.key, tried_at)


def wait_of(failed: Failed) -> float | None:
    """The seconds that a tool has asked for; None if it did not."""
    match failed:
        case Busy():
            return failed.seconds
        case Unclear():
            return failed.after
        case _:
            return None
