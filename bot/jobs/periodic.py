"""What every process does again and again for itself: poll, look at files, tidy up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from bot.db.failures import DatabaseUnavailable

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Every:
    """Something to do every so many seconds, the first time after the first pause."""

    seconds: float
    do: Callable[[], Awaitable[object]]


class Periodic:
    """Runs these until it is stopped; a failure is logged and the next turn comes all the same."""

    def __init__(self, *chores: Every) -> None:
        self._chores = chores
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin in the background."""
        self._tasks = [asyncio.create_task(self._run(chore)) for chore in self._chores]

    async def stop(self) -> None:
        """End, also in the middle of a turn."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self, chore: Every) -> None:
        while True:
            await asyncio.sleep(chore.seconds)
            try:
                await chore.do()
            except DatabaseUnavailable as unavailable:
                _log.warning("the database is away: %s", unavailable)
            except Exception:
                _log.exception("a periodic chore failed")
