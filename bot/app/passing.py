"""Requests go on to other tools: a job for each change and tool, in the transaction of the change.

The courier knows how to create something once; here are its notes in the database, the card for what did
not arrive, and the button that sends it again.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import ButtonPressed
from bot.chat.ports import JobInfo, RetryLater
from bot.chat.replies import Reply, Tell
from bot.chat.router import Refused, Router
from bot.chat.ui import Button, Buttons, Card, Text
from bot.connectors.courier import Courier, Kept, wait_of
from bot.connectors.ports import Failed, Rejected, Remote, Target, Ticket
from bot.db.unit_of_work import Database, Unit
from bot.i18n import say
from bot.jobs.outbox import post
from bot.jobs.queue import enqueue
from bot.people.access import ADMIN
from bot.people.places import bound
from bot.people.tell import in_each, tell
from bot.requests import deliveries, store
from bot.requests.refs import number_of
from bot.requests.states import AGREED, OPEN, Passing
from bot.requests.tables import Delivery, Request

DELIVER = "connectors.deliver"
SEND_AGAIN = "connectors.send_again"
_PATIENCE = timedelta(days=1)  # how long a tool may ask for patience

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, what people call it, and whether confidential requests go there."""

    title: str
    target: Target
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a flow says: to which tools its requests go, and from when."""

    connectors: Sequence[str] = ()
    send_when: Literal["accepted", "submitted"] = "accepted"


@dataclass(frozen=True, slots=True)
class PassingOn:
    """`tickets` makes of a request what tools get; `attempts` is how often a job is tried."""

    database: Database
    tools: Mapping[str, Tool]
    plan: Callable[[str], Plan]
    tickets: Callable[[AsyncSession, Request], Awaitable[Ticket]]
    attempts: int

    def register(self, router: Router) -> None:
        """Into the one table, and into every change of a request."""
        router.on_job(DELIVER, self.deliver)
        router.on_action(SEND_AGAIN, self.send_again)
        self.database.join(store.HAPPENED, self.follow)

    async def follow(self, unit: Unit, request: Request) -> None:
        """A request has changed: a job for each tool that has it, or is to have it from now on."""
        plan = self.plan(request.flow)
        if request.state in (OPEN if plan.send_when == "submitted" else AGREED):
            for name in plan.connectors:
                if self._takes(name, request):
                    await deliveries.expect(unit, request.number, name)
        for delivery in await deliveries.of_request(unit.session, request.number):
            if delivery.state is not Passing.FAILED:
                await _send(unit, request.number, delivery.connector)

    async def deliver(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Bring one request to one tool, as it stands now."""
        number, name = int(payload["request"]), str(payload["connector"])
        try:
            await self._bring(number, name)
        except RetryLater:
            raise
        except Rejected as no:
            await self._give_up(number, name, no)
        except Failed as failed:
            await self._tried(number, name, failed, job)
        except Exception:  # a mistake of ours: the team hears of it as of any other failure
            if job.attempt < self.attempts:
                raise
            _log.exception("REQ-%d to %s", number, name)
            await self._give_up(number, name, Rejected("crashed"))

    async def send_again(self, event: ButtonPressed) -> Reply:
        """Somebody of the team has mended what was wrong."""
        label, _, name = event.value.partition(" ")
        async with self.database.unit() as unit:
            request = await self._team_request(unit, event, number_of(label))
            delivery = await deliveries.find(unit.session, request.number, name, for_update=True)
            if delivery is None:
                raise Refused("connectors.not_for_you")
            key = {Passing.FAILED: "sending_again", Passing.ARRIVED: "is_there"}.get(
                delivery.state, "is_on_its_way"
            )
            if delivery.state is Passing.FAILED:
                await again(unit, delivery)
                await unit.commit()
        said = say(event.asker.language, f"connectors.{key}", label=request.label, target=self._title(name))
        return Tell(Card(said, (Text(said),)))

    async def _team_request(self, unit: Unit, event: ButtonPressed, number: int | None) -> Request:
        """The request, if it is for this person to say. Raises Refused: nobody learns which exist."""
        try:
            request = await store.find(unit.session, number or 0)
        except store.RequestNotFound:
            raise Refused("connectors.not_for_you") from None
        if not event.asker.roles & {request.team.removeprefix("role:"), ADMIN}:
            raise Refused("connectors.not_for_you")
        return request

    async def _bring(self, number: int, name: str) -> None:
        async with self.database.reading() as session:
            delivery = await deliveries.find(session, number, name)
            request = await store.find(session, number)
            if delivery is None or delivery.state is Passing.FAILED or _came_to_nothing(delivery, request):
                return
            ticket = await self.tickets(session, request)
        tool = self.tools.get(name)
        if tool is None:
            raise Rejected("unknown")
        notes = Notes(self.database, number, name)
        await Courier(tool.target, notes, self.database.clock).bring(ticket, _kept(delivery))

    async def _tried(self, number: int, name: str, failed: Failed, job: JobInfo) -> None:
        """Again later, as the tool says or as the worker does; not for ever."""
        wait = wait_of(failed)
        is_old = self.database.clock() - job.created_at > _PATIENCE
        if is_old or (wait is None and job.attempt >= self.attempts):
            await self._give_up(number, name, failed)
            return
        if wait is None:
            raise failed  # the worker says so in the log, and when it tries again
        _log.warning("REQ-%d to %s: %s, again in %.0f s", number, name, failed, wait)
        raise RetryLater(wait) from failed

    async def _give_up(self, number: int, name: str, failed: Failed) -> None:
        """Nothing more is tried; the team is told, with a button, and no word of the request."""
        _log.error("REQ-%d has not arrived at %s: %s", number, name, failed)
        async with self.database.unit() as unit:
            delivery = await deliveries.find(unit.session, number, name, for_update=True)
            request = await store.find(unit.session, number)
            if delivery is None:
                return
            await deliveries.note(unit, delivery, state=Passing.FAILED, error=failed.reason)
            key = f"connectors.{'failed_update' if delivery.remote else 'failed_card'}"
            said = {"label": request.label, "target": self._title(name)}
            once = f"undelivered:{delivery.number}:{unit.database.clock().isoformat()}"
            place = await bound(unit.session, request.place)
            if place is None:
                reason = in_each(lambda language: self._reason(failed, name, language))
                await tell(unit, ADMIN, key, {**said, "reason": reason}, once)
            else:
                text = say(
                    request.language, key, reason=self._reason(failed, name, request.language), **said
                )
                label = say(request.language, "connectors.send_again")
                button = Button(label, SEND_AGAIN, f"{request.label} {name}")
                await post(unit, place, Card(text, (Text(text), Buttons((button,)))), once)
            await unit.commit()

    def _reason(self, failed: Failed, name: str, language: str) -> str:
        given = {"target": self._title(name), "status": failed.status or "–", "detail": failed.detail}
        return say(language, f"connectors.failed.{failed.reason}", **given)

    def _title(self, name: str) -> str:
        return self.tools[name].title if name in self.tools else name

    def _takes(self, name: str, request: Request) -> bool:
        tool = self.tools.get(name)
        if tool is None:
            _log.warning("%s names the connector %s, which is not set up", request.flow, name)
        return tool is not None and (tool.confidential or not request.confidential)


@dataclass(frozen=True, slots=True)
class Notes:
    """The courier's ledger (`courier.Ledger`): one request and one tool, a unit for each note."""

    database: Database
    request: int
    connector: str

    async def begun(self, digest: str) -> Kept:
        """A creation begins now."""
        return await self._note(state=Passing.SENDING, tried_at=self.database.clock(), digest=digest)

    async def nothing_arrived(self) -> None:
        """It is sure that nothing was created."""
        await self._note(state=Passing.WAITING, tried_at=None)

    async def arrived(self, remote: Remote, digest: str) -> Kept:
        """This content is there."""
        there = {"remote": remote.id, "url": remote.url or None, "digest": digest}
        return await self._note(state=Passing.ARRIVED, tried_at=None, error=None, more=1, **there)

    async def _note(self, more: int = 0, **values: Any) -> Kept:
        async with self.database.unit() as unit:
            row = await deliveries.find(unit.session, self.request, self.connector, for_update=True)
            if row is None:
                raise store.RequestNotFound(self.request)
            await deliveries.note(unit, row, count=row.count + more, **values)
            kept = _kept(row)
            await unit.commit()
        return kept


async def again(unit: Unit, delivery: Delivery) -> None:
    """Try once more what had failed: from where it was, with the request as it is now."""
    await deliveries.note(unit, delivery, state=_before_failure(delivery), error=None)
    await _send(unit, delivery.request, delivery.connector)


def _kept(row: Delivery) -> Kept:
    remote = Remote(row.remote, row.url or "") if row.remote else None
    return Kept(remote, row.tried_at, row.digest or "", row.count)


def _came_to_nothing(delivery: Delivery, request: Request) -> bool:
    """Declined or withdrawn before it was ever sent."""
    return delivery.remote is None and delivery.tried_at is None and request.state not in (*OPEN, *AGREED)


def _before_failure(delivery: Delivery) -> Passing:
    if delivery.remote:
        return Passing.ARRIVED
    return Passing.SENDING if delivery.tried_at else Passing.WAITING


async def _send(unit: Unit, number: int, connector: str) -> None:
    payload = {"request": number, "connector": connector}
    await enqueue(unit, DELIVER, payload, key=f"deliver:{connector}:{number}")
