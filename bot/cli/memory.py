"""What commands share that work with the database, also beside a running server."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.cli.failures import explained, settings_or_end
from bot.config import Settings
from bot.db.migrate import require_newest, upgrade
from bot.db.unit_of_work import Database

T = TypeVar("T")


def settings_of(language: str) -> Settings:
    """The settings of this terminal; ends with what is wrong about them."""
    return settings_or_end(dict(os.environ), language)


def with_database(
    settings: Settings, language: str, work: Callable[[Database], Awaitable[T]], *, make: bool = False
) -> T:
    """What the work returns; ends with the sentence for an expected failure.

    `make`: bring the database to the newest shape first, and make it if there is none.
    """
    with explained(language):
        return asyncio.run(_done(settings.database_url, work, make))
    raise AssertionError("explained() ends or returns")


async def _done(url: str, work: Callable[[Database], Awaitable[T]], make: bool) -> T:
    await (upgrade(url) if make else require_newest(url))
    database = Database.at(url)
    try:
        return await work(database)
    finally:
        await database.close()
