"""Work that goes on after Teams has its answer. Nothing is dropped while the process ends in order."""

import asyncio
import logging
from collections.abc import Awaitable

_log = logging.getLogger(__name__)


class Background:
    """Tasks that nobody waits for, until the end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, work: Awaitable[object], what: str) -> None:
        """Do it now, beside everything else; a failure is logged."""
        task = asyncio.create_task(_guarded(work, what))
        self._tasks.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)

    async def drain(self, seconds: float) -> None:
        """Let everything end, at most so long; then cut it off."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(tuple(self._tasks), timeout=seconds)
        for task in late:
            task.cancel()


async def _guarded(work: Awaitable[object], what: str) -> None:
    try:
        await work
    except Exception:
        _log.exception("%s failed", what)
