"""Does what somebody wants with a request: one lock, one look at the table, one commit of everything.

State, clocks, history and the jobs that follow stand in the same transaction. Nothing that a card says is
believed: the request is read again, and so is who asks.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Asker
from bot.db.unit_of_work import Unit
from bot.jobs.queue import enqueue
from bot.people.absence import stand_in
from bot.people.access import ADMIN
from bot.requests import may, store
from bot.requests.tables import Request, RequestEvent
from bot.requests.traces import NOBODY
from bot.triage import effects, promises
from bot.triage.promises import Promise, Terms
from bot.triage.tables import PromiseRow
from bot.triage.workflow import CLOCKS_OF, RULES, Action, Side, Standing, Step, step, turn

TOLD, REMIND, DELIVERED = "triage.told", "triage.remind", "triage.delivered"
# overtake nobody
_HARMLESS = ("joined", effects.MERGED, Action.JOIN, Action.WATCH, Action.COMMENT, Action.WRITE)
# how the team organises itself overtakes no requester who writes an answer
_INTERNAL = (Action.TAKE, Action.ASSIGN, Action.PRIORITISE)
_REVERSIBLE = (Action.WATCH, Action.ASSIGN, Action.PRIORITISE)  # there and back, from one card
_REQUESTER: frozenset[Side] = frozenset({"requester"})
TermsOf = Callable[[Request], Terms | None]


class Overtaken(Exception):
    """Somebody was faster: `event` is the first thing that they did. Show the fresh card and who it was."""

    def __init__(self, request: Request, event: RequestEvent) -> None:
        super().__init__(request.label)
        self.request = request
        self.event = event


class Repeated(Overtaken):
    """The same person has done just this since: a double click, or a press that saw no answer."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody wants to do. `seen` is the version of the request that they looked at; None: whatever
    has happened, do it. `beside` is what their message had that does not travel (`TextReceived.beside`).

    `given` is what the action asks for; it is kept in the history as it is. ASSIGN: `assignee` (a person).
    ASK, ANSWER, REOPEN, COMMENT, WRITE: `text`. ACCEPT: `next_step`, `date`. PLAN: `date`. DELIVER:
    `effect`, `kpi`, `before`, `after`, `helpers` (people), `named` (whether they may be named). DECLINE:
    `reason`, `detail`, `would_change`. MERGE: `target` (a number). PRIORITISE: `priority`, `reason`.
    WATCH: `on`. TAKE_OVER, REFUSE: `proposal` (the number of its event); REFUSE also `reason`.
    """

    action: Action
    given: Mapping[str, Any]
    channel: str
    seen: int | None = None
    beside: Sequence[str] = ()


async def act(unit: Unit, number: int, asker: Asker, deed: Deed, terms_of: TermsOf) -> tuple[Request, Step]:
    """Do it. Raises RequestNotFound, Overtaken, NotYours, NotPossible, Missing, and of `effects` NoTarget
    and NoProposal; then nothing changed.
    """
    await effects.lock(unit, number, deed.action, deed.given)
    request = await store.find(unit.session, number, for_update=True)
    if not may.see(request, asker, await store.supporters(unit.session, number)):
        raise store.RequestNotFound(number)
    await _not_overtaken(unit.session, request, asker, deed)
    standing, at = Standing(request.state, request.before), unit.database.clock()
    known = voices if deed.action is Action.WRITE else sides
    on = await known(unit.session, request, asker, at.date())
    done = step(standing, deed.action, on, deed.given)
    await effects.happen(unit, request, asker, deed.action, deed.given, deed.channel)
    request.state, request.before = done.state, done.before
    if (terms := terms_of(request)) is not None:
        await _turn_clocks(unit, request, terms, done, at, _day(deed.given))
    await store.record(unit, request, deed.action, asker.person, deed.channel, deed.given)
    if done.tells:
        await tell(unit, request, asker, deed, on)
    if done.action is Action.DELIVER:
        await enqueue(unit, DELIVERED, {"request": number})
    return request, done


async def tell(
    unit: Unit, request: Request, asker: Asker, deed: Deed, on: frozenset[Side] = _REQUESTER
) -> None:
    """Let those read of it whom it concerns; `on` are the sides that the asker is on."""
    side = {"side": "requester"} if on == _REQUESTER else {}
    payload = {
        "request": request.number,
        "action": deed.action,
        "by": asker.person,
        "tool": asker.name if asker.person == NOBODY else "",
        "given": {**side, **deed.given},
        "beside": list(deed.beside),
    }
    await enqueue(unit, TOLD, payload, key=f"told:{request.number}")


async def begin_clocks(unit: Unit, request: Request, terms: Terms) -> None:
    """A request was submitted: from now on the team has promised something."""
    await _keep(unit, request, terms, [], promises.begun(terms, unit.database.clock()))


async def clocks(session: AsyncSession, numbers: Iterable[int]) -> dict[int, tuple[Promise, ...]]:
    """The promises of requests, oldest first."""
    rows = select(PromiseRow).where(col(PromiseRow.request).in_(list(numbers)))
    found: dict[int, tuple[Promise, ...]] = {}
    for row in (await session.exec(rows.order_by(col(PromiseRow.id)))).all():
        found[row.request] = (*found.get(row.request, ()), promise_of(row))
    return found


async def sides(session: AsyncSession, request: Request, asker: Asker, today: dt.date) -> frozenset[Side]:
    """Which sides somebody is on: the team of the queue (and admins), the requester (and who stands in)."""
    found: set[Side] = set()
    if asker.roles & working_on(request):
        found.add("team")
    if await _is_requester(session, request, asker, today):
        found.add("requester")
    return frozenset(found)


async def voices(session: AsyncSession, request: Request, asker: Asker, today: dt.date) -> frozenset[Side]:
    """For which sides somebody may write: their own. Who asked for what was merged into it keeps their
    word, and has nothing else that is the requester's.
    """
    on = await sides(session, request, asker, today)
    came = await effects.sources(session, request) if "requester" not in on else ()
    theirs = [one for one in came if await _is_requester(session, one, asker, today)]
    return on | {"requester"} if theirs else on


async def _is_requester(session: AsyncSession, request: Request, asker: Asker, today: dt.date) -> bool:
    return may.change(request, asker) or await deputises(session, request, asker, today)


def working_on(request: Request) -> frozenset[str]:
    """The roles that may do what the team may."""
    return frozenset({request.team.removeprefix("role:"), ADMIN})


async def deputises(session: AsyncSession, request: Request, asker: Asker, today: dt.date) -> bool:
    """Whether somebody does the requester's work today. What is confidential nobody does for them."""
    return not request.confidential and await stand_in(session, request.requester, today) == asker.person


async def _not_overtaken(session: AsyncSession, request: Request, asker: Asker, deed: Deed) -> None:
    """Raises Overtaken if somebody else has done something since that version that one should know, and
    Repeated if they have done the same since, whatever came after it; where one may go there and back,
    if it is the last that they have done of its kind.
    """
    if deed.seen is None or deed.seen >= request.version:
        return
    since = select(RequestEvent).where(
        RequestEvent.request == request.number, col(RequestEvent.version) > deed.seen
    )
    events = (await session.exec(since.order_by(col(RequestEvent.id)))).all()
    theirs = [event for event in events if event.person != asker.person and _matters(event, deed.action)]
    if theirs:
        raise Overtaken(request, theirs[0])
    own = [event for event in events if (event.person, event.kind) == (asker.person, deed.action)]
    for event in own[-1:] if deed.action in _REVERSIBLE else own:
        if event.data == dict(deed.given):
            raise Repeated(request, event)


def _matters(event: RequestEvent, to: Action) -> bool:
    """Whether what somebody else has done makes this too late. Who only joins or watches is never late."""
    match RULES[to].side:
        case "anybody":
            return False
        case "requester":
            return event.kind not in (*_HARMLESS, *_INTERNAL)
        case _:
            return event.kind not in _HARMLESS


async def _turn_clocks(
    unit: Unit, request: Request, terms: Terms, done: Step, at: dt.datetime, day: dt.date | None
) -> None:
    rows = await _rows(unit.session, request.number)
    before = [promise_of(row) for row in rows]
    await _keep(unit, request, terms, rows, promises.after(terms, before, done, at, day))


def _day(given: Mapping[str, Any]) -> dt.date | None:
    """Until when the team says that it delivers; ACCEPT and PLAN ask for it."""
    return dt.date.fromisoformat(given["date"]) if given.get("date") else None


async def _keep(
    unit: Unit, request: Request, terms: Terms, rows: Sequence[PromiseRow], now: Sequence[Promise]
) -> None:
    """Write the promises; whatever runs from now on, or to another day, is reminded of."""
    request.due_at = _due(request, now)
    unit.session.add(request)
    for at, promise in enumerate(now):
        row = rows[at] if at < len(rows) else PromiseRow(request=request.number, **_values(promise))
        is_news = at >= len(rows) or promise_of(row) != promise
        if not is_news:
            continue
        for name, value in _values(promise).items():
            setattr(row, name, value)
        unit.session.add(row)
        await unit.session.flush()
        if promise.runs:
            await _remind(unit, row, terms, promise)


def _due(request: Request, now: Sequence[Promise]) -> dt.datetime | None:
    """When whoever's turn it is has to act; nobody is late because the other side was."""
    side = turn(request.state)
    theirs = promises.next_due(one for one in now if CLOCKS_OF[one.clock] == side)
    first = theirs or promises.next_due(now)
    return first.due if first else None


async def _remind(unit: Unit, row: PromiseRow, terms: Terms, promise: Promise) -> None:
    """A job before and at the deadline; it looks then whether the promise still stands like this."""
    for early, at in ((True, promises.remind_at(terms, promise)), (False, promise.due)):
        payload = {"promise": row.number, "due": promise.due.isoformat(), "early": early}
        once = f"remind:{row.number}:{payload['due']}:{early}"
        await enqueue(unit, REMIND, payload, run_at=at, dedupe_key=once)


async def _rows(session: AsyncSession, number: int) -> Sequence[PromiseRow]:
    rows = select(PromiseRow).where(PromiseRow.request == number).order_by(col(PromiseRow.id))
    return (await session.exec(rows.with_for_update())).all()


def promise_of(row: PromiseRow) -> Promise:
    """A promise as it is kept."""
    left = None if row.left_seconds is None else dt.timedelta(seconds=row.left_seconds)
    return Promise(row.clock, row.begun_at, row.due_at, left, row.ended_at)


def _values(promise: Promise) -> dict[str, Any]:
    return {
        "clock": promise.clock,
        "begun_at": promise.begun,
        "due_at": promise.due,
        "left_seconds": None if promise.left is None else promise.left.total_seconds(),
        "ended_at": promise.ended,
    }
