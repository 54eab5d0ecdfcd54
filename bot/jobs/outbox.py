"""Posts as jobs: what a feature or a channel wants said elsewhere or later survives a crash.

Each post is a job of its own; the worker gives it to the Sender of the channel. Posts to one place keep
their order.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.chat.events import Account, Place
from bot.chat.ports import JobInfo, Sender
from bot.chat.router import Router
from bot.chat.stored import restored, stored
from bot.chat.ui import Card
from bot.db.unit_of_work import Database, Unit
from bot.jobs.queue import enqueue

POST, DIRECT, WHISPER = "chat.post", "chat.direct", "chat.whisper"


class UnknownChannel(Exception):
    """A post is for a channel that this process does not serve. It waits for one that does."""


async def post(unit: Unit, place: Place, card: Card, key: str, account: str | None = None) -> None:
    """Post to a place once this unit has committed; the same key posts nothing again.

    `account` caused it: what the job keeps of the card is theirs, too (`people.posts`).
    """
    payload = {"place": asdict(place), "card": stored(card), **({"account": account} if account else {})}
    order = f"{place.channel}:{place.id}"
    await enqueue(unit, POST, payload, key=order, dedupe_key=f"post:{key}")


async def direct(unit: Unit, account: Account, card: Card, key: str) -> None:
    """Post to one person alone once this unit has committed."""
    payload = {"channel": account.channel, "account": account.id, "card": stored(card)}
    order = f"{account.channel}:{account.id}"
    await enqueue(unit, DIRECT, payload, key=order, dedupe_key=f"direct:{key}")


async def whisper(unit: Unit, place: Place, account: str, card: Card, key: str) -> None:
    """Post in a place for one person alone once this unit has committed."""
    payload = {"place": asdict(place), "account": account, "card": stored(card)}
    order = f"{place.channel}:{place.id}:{account}"
    await enqueue(unit, WHISPER, payload, key=order, dedupe_key=f"whisper:{key}")


class JobOutbox:
    """`ports.Outbox`: every post in a unit of its own, for whoever has none."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def post(self, place: Place, card: Card, key: str, account: str | None = None) -> None:
        """Post to a place (in the thread if the place has one)."""
        async with self._database.unit() as unit:
            await post(unit, place, card, key, account)
            await unit.commit()

    async def direct(self, account: Account, card: Card, key: str) -> None:
        """Post to one person alone."""
        async with self._database.unit() as unit:
            await direct(unit, account, card, key)
            await unit.commit()

    async def whisper(self, place: Place, account: str, card: Card, key: str) -> None:
        """Post in a place so that only one person sees it."""
        async with self._database.unit() as unit:
            await whisper(unit, place, account, card, key)
            await unit.commit()


class Posting:
    """The handlers of these jobs, for the channels of this process."""

    def __init__(self, senders: Mapping[str, Sender]) -> None:
        self._senders = senders

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_job(POST, self.post)
        router.on_job(DIRECT, self.direct)
        router.on_job(WHISPER, self.whisper)

    async def post(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Post to a place."""
        place = Place(**payload["place"])
        await self._sender(place.channel).post(place, restored(payload["card"], Card), f"job-{job.id}")

    async def direct(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Post to a person."""
        card = restored(payload["card"], Card)
        sender = self._sender(str(payload["channel"]))
        await sender.direct(str(payload["account"]), card, f"job-{job.id}")

    async def whisper(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Post in a place for one person alone."""
        place, card = Place(**payload["place"]), restored(payload["card"], Card)
        await self._sender(place.channel).whisper(place, str(payload["account"]), card, f"job-{job.id}")

    def _sender(self, channel: str) -> Sender:
        sender = self._senders.get(channel)
        if sender is None:
            raise UnknownChannel(channel)
        return sender
