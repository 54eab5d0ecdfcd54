"""Gathers what a queue has to talk about, and posts it once a week. Counts nobody's work."""

import datetime as dt
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.ports import JobInfo
from bot.chat.router import Router
from bot.db.unit_of_work import Database
from bot.jobs.periodic import Regular
from bot.jobs.queue import overtaken
from bot.people.places import bound
from bot.requests.states import OPEN, STILL_MINE, State
from bot.requests.tables import Request, RequestEvent
from bot.triage.agenda_cards import Agenda, Point, Wish, card
from bot.triage.queues import Queue
from bot.triage.reach import Reach
from bot.triage.success_cards import MEASURED, effect_words, measured_words
from bot.triage.tables import PromiseRow
from bot.triage.workflow import CLOCKS_OF, Action, Clock

POST = "triage.agenda"  # the job
WEEK = dt.timedelta(days=7)
WEAK = 40  # points of readiness below which an idea wants a talk
_WANTED_BY = 2  # requests that make a missing interface a matter for all
_MOST_READ = 2_000  # open requests in which interfaces are looked for, the newest
_MOST = 100  # points that are gathered for a section


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What others know: the name of a system, and the terms in dispute that everybody may see, the most
    important first.
    """

    system: Callable[[str], str]
    disputed: Callable[[AsyncSession, dt.datetime, str], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Agendas:
    """The weekly post of every queue, once among all processes."""

    database: Database
    queues: Callable[[], Iterable[Queue]]
    around: Surroundings
    reach: Reach

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_job(POST, self)

    def regular(self) -> list[Regular]:
        """When each queue has its agenda."""
        return [Regular(POST, queue.weekly.after, queue.id) for queue in self.queues()]

    async def __call__(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Post it into the channel of the queue; nothing if there is nothing to say, or no channel yet.
        While there is no way there it waits, and is the agenda of the day on which there is one.
        """
        queue = next((one for one in self.queues() if one.id == payload["name"]), None)
        if queue is None:
            return
        at = self.database.clock()
        async with self.database.reading() as session:
            if await bound(session, queue.place) is None or await overtaken(session, job, at):
                return
            agenda = await gather(session, queue, self.around, at, queue.language)
        if agenda:
            key = f"{POST}:{queue.id}:{payload['at']}"
            await self.reach.post(queue.place, card(agenda, queue.language), key, job)


async def gather(
    session: AsyncSession, queue: Queue, around: Surroundings, at: dt.datetime, language: str
) -> Agenda:
    """What there is to talk about now; `language` is that of the words of others."""
    done = await _events(session, queue, at - WEEK)
    promises = await _running(session, queue, at + WEEK)
    return Agenda(
        name=queue.place,
        zone=queue.weekly.zone,
        at=at,
        delivered=[
            Point(request.number, request.title, words=effect_words(event.data))
            for request, event in done
            if event.kind == Action.DELIVER and request.state in {State.DELIVERED, State.CONFIRMED}
        ],
        measured=[
            Point(request.number, request.title, words=measured_words(event.data, language))
            for request, event in done
            if event.kind == MEASURED
        ],
        decisions=[_promised(*pair) for pair in promises if pair[1].clock is Clock.DECISION],
        overdue=[
            _promised(*pair)
            for pair in promises
            if pair[1].clock in {Clock.ANSWER, Clock.RESPONSE, Clock.ACCEPTANCE} and pair[1].due_at < at
        ],
        weak=await _weak(session, queue),
        missing=await _missing(session, queue, around.system),
        disputed=await around.disputed(session, at, language),
    )


async def _events(
    session: AsyncSession, queue: Queue, since: dt.datetime
) -> Sequence[tuple[Request, RequestEvent]]:
    """What was delivered and what it brought; whatever happened to a request since then changed it."""
    told = col(RequestEvent.kind).in_([Action.DELIVER.value, MEASURED])
    rows = (
        select(Request, RequestEvent)
        .join(RequestEvent, col(RequestEvent.request) == col(Request.id))
        .where(Request.queue == queue.id, col(Request.changed_at) >= since)
        .where(told, col(RequestEvent.at) >= since, col(Request.confidential).is_(False))
        .order_by(col(RequestEvent.id))
    )
    newest = {(event.request, event.kind): (request, event) for request, event in await session.exec(rows)}
    return list(newest.values())[:_MOST]


async def _running(
    session: AsyncSession, queue: Queue, until: dt.datetime
) -> Sequence[tuple[Request, PromiseRow]]:
    """Promises that run and end until then, the oldest first."""
    runs = (col(PromiseRow.ended_at).is_(None), col(PromiseRow.left_seconds).is_(None))
    rows = (
        select(Request, PromiseRow)
        .join(PromiseRow, col(PromiseRow.request) == col(Request.id))
        .where(*runs, PromiseRow.due_at <= until, Request.queue == queue.id)
        .where(col(Request.state).in_([*OPEN, State.DELIVERED]))
        .order_by(col(PromiseRow.due_at), col(PromiseRow.id))
        .limit(_MOST)
    )
    return (await session.exec(rows)).all()


async def _weak(session: AsyncSession, queue: Queue) -> list[Point]:
    """Ideas that nobody has decided on and that a talk would help, the oldest first."""
    score = col(Request.use_case)["readiness"]["score"].as_integer()
    rows = (
        select(Request)
        .where(Request.queue == queue.id, col(Request.state).in_(STILL_MINE), score < WEAK)
        .where(or_(col(Request.before).is_(None), col(Request.before).in_(STILL_MINE)))
        .where(col(Request.confidential).is_(False))
        .order_by(col(Request.id))
        .limit(_MOST)
    )
    found = (await session.exec(rows)).all()
    return [Point(one.number, one.title, score=one.use_case["readiness"]["score"]) for one in found]


async def _missing(session: AsyncSession, queue: Queue, system: Callable[[str], str]) -> list[Wish]:
    """Interfaces that several open requests miss, those that most of them want first."""
    rows = (
        select(Request.id, Request.use_case)
        .where(Request.queue == queue.id, col(Request.state).in_(OPEN))
        .where(col(Request.confidential).is_(False))
        .order_by(col(Request.id).desc())
        .limit(_MOST_READ)
    )
    wanted: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    for number, case in (await session.exec(rows)).all():
        found = ((case.get("landscape") or {}).get("interfaces") or {}).get("missing") or ()
        for link in found:
            wanted[tuple(sorted((link["from"], link["to"])))].add(number or 0)
    several = [(pair, sorted(who)) for pair, who in wanted.items() if len(who) >= _WANTED_BY]
    several.sort(key=lambda one: (-len(one[1]), one[0]))
    return [Wish((system(one), system(other)), tuple(who)) for (one, other), who in several]


def _promised(request: Request, promise: PromiseRow) -> Point:
    title = None if request.confidential else request.title
    return Point(request.number, title, promise.due_at, CLOCKS_OF[promise.clock])
