"""Events that were already processed: vendors deliver some of them twice, people click twice.

Only a digest of the key is kept, so any text of any length may be one.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar

from sqlmodel import Field, SQLModel, col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.rows import Clock, insert, now
from bot.db.unit_of_work import Database


class ProcessedKey(SQLModel, table=True):
    """`key` is the digest; after `expires_at` the same event counts as new."""

    __tablename__: ClassVar[str] = "processed_key"

    key: str = Field(primary_key=True)
    expires_at: datetime = Field(index=True)


async def first_time(session: AsyncSession, key: str, ttl: timedelta, *, clock: Clock = now) -> bool:
    """Whether nobody has claimed the key within `ttl`; the claim lasts if the session commits.

    Of many at once exactly one hears yes: the others wait for its commit, or hear yes after its rollback.
    """
    at = clock()
    claim = insert(session, ProcessedKey).values(key=_digest(key), expires_at=at + ttl)
    claim = claim.on_conflict_do_update(
        index_elements=["key"],
        set_={"expires_at": claim.excluded.expires_at},
        where=col(ProcessedKey.expires_at) <= at,
    )
    return bool((await session.exec(claim)).rowcount)


async def forget(session: AsyncSession, keys: Iterable[str]) -> None:
    """The next time these count as new."""
    digests = [_digest(key) for key in keys]
    await session.exec(delete(ProcessedKey).where(col(ProcessedKey.key).in_(digests)))


class Keys:
    """`ports.Once`: a claim in a unit of its own, for whoever has none."""

    def __init__(self, database: Database, ttl: timedelta) -> None:
        self._database = database
        self._ttl = ttl

    async def first(self, key: str) -> bool:
        """Whether nobody has claimed the key yet. Raises DatabaseUnavailable."""
        async with self._database.unit() as unit:
            first = await first_time(unit.session, key, self._ttl, clock=self._database.clock)
            await unit.commit()
        return first


async def forget_expired(session: AsyncSession, *, clock: Clock = now) -> int:
    """Delete what has expired; returns how many."""
    expired = delete(ProcessedKey).where(col(ProcessedKey.expires_at) <= clock())
    return (await session.exec(expired)).rowcount


def _digest(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
