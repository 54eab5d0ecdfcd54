"""The way to a channel or to a person; while there is none, what waits and who is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Account, Place
from bot.chat.ports import JobInfo, RetryLater, Sender, Unreachable
from bot.chat.ui import Card
from bot.db.keys import first_time, forget
from bot.db.unit_of_work import Database
from bot.people.access import ADMIN
from bot.people.accounts import accounts_of
from bot.people.places import bound
from bot.people.tell import tell
from bot.requests.tables import RequestEvent

_UNBOUND, _UNREACHABLE = "request.unbound", "triage.unreachable"  # the sentences
_LONGEST = timedelta(days=30)  # after which the admins are told of an outage again
_SOON, _SOONEST, _LATEST = 2.0, 60.0, 900.0  # seconds until it is tried again; later ever rarer


@dataclass(frozen=True, slots=True)
class Reach:
    """The channels of this process."""

    database: Database
    senders: Mapping[str, Sender]

    async def place(self, session: AsyncSession, name: str) -> Place | None:
        """The place with this name, None if it has none that this process serves."""
        found = await bound(session, name)
        return found if found is not None and found.channel in self.senders else None

    async def post(self, name: str, card: Card, key: str, job: JobInfo) -> None:
        """Post to the place that has this name now. Raises RetryLater while there is no way there."""
        async with self.database.reading() as session:
            place = await self.place(session, name)
        if place is None:
            raise await self.wait(name, job)
        try:
            await self.senders[place.channel].post(place, card, key)
        except Unreachable as refused:
            raise await self.wait(name, job, refused) from refused
        await self.arrived(name, job)

    async def account(
        self, session: AsyncSession, person: int, history: Sequence[RequestEvent] = ()
    ) -> Account | None:
        """Where somebody is reached: where they spoke of it last, else where we met them last."""
        accounts = [one for one in await accounts_of(session, person) if one.channel in self.senders]
        spoken = [event.channel for event in reversed(history) if event.person == person]
        return min(
            accounts,
            key=lambda one: spoken.index(one.channel) if one.channel in spoken else len(spoken),
            default=None,
        )

    async def wait(self, place: str, job: JobInfo, refused: Unreachable | None = None) -> RetryLater:
        """Tell the admins, once for each outage; what to raise: the job waits, and loses no attempt.

        `refused` is what the channel said; None: nobody has bound the name of the place.
        """
        key = _UNBOUND if refused is None else _UNREACHABLE
        async with self.database.unit() as unit:
            begins = await first_time(
                unit.session, _outage(key, place), _LONGEST, clock=unit.database.clock
            )
            if begins and not (refused and refused.told):
                await tell(unit, ADMIN, key, {"place": place})
            await unit.commit()
        return self.later(job, _SOONEST)

    async def arrived(self, place: str, job: JobInfo) -> None:
        """A post has arrived. If it had to wait, an outage is over: of the next one the admins are told."""
        if self._waited(job) < _SOONEST / 2:
            return
        async with self.database.unit() as unit:
            await forget(unit.session, [_outage(key, place) for key in (_UNBOUND, _UNREACHABLE)])
            await unit.commit()

    def later(self, job: JobInfo, soonest: float = _SOON) -> RetryLater:
        """What to raise: the job waits, and loses no attempt."""
        return RetryLater(min(max(self._waited(job) / 4, soonest), _LATEST))

    def _waited(self, job: JobInfo) -> float:
        return (self.database.clock() - job.created_at).total_seconds()


def _outage(key: str, place: str) -> str:
    return f"outage:{key}:{place}"
