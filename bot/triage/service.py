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
from bot.people.access import ADMIN
from bot.requests import may, store
from bot.requests.tables import Request
from bot.triage import promises
from bot.triage.promises import Promise, Terms
from bot.triage.tables import PromiseRow
from bot.triage.workflow import Action, Side, Standing, Step, step

TOLD, REMIND = "triage.told", "triage.remind"
TermsOf = Callable[[Request], Terms | None]


class Overtaken(Exception):
    """Somebody was faster. Show the fresh card and who it was."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.label)
        self.request = request


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody wants to do. `seen` is the version of the request that they looked at."""

    action: Action
    given: Mapping[str, Any]
    channel: str
    seen: int | None = None


async def act(unit: Unit, number: int, asker: Asker, deed: Deed, terms_of: TermsOf) -> tuple[Request, Step]:
    """Do it. Raises RequestNotFound, Overtaken, NotYours, NotPossible and Missing; then nothing changed."""
    request = await store.find(unit.session, number, for_update=True)
    if not may.see(request, asker, await store.supporters(unit.session, number)):
        raise store.RequestNotFound(number)
    if deed.seen is not None and deed.seen != request.version:
        raise Overtaken(request)
    standing = Standing(request.state, request.before)
    done = step(standing, deed.action, sides(request, asker), deed.given)
    request.state, request.before = done.state, done.before
    _assign(request, asker, deed)
    at = unit.database.clock()
    if (terms := terms_of(request)) is not None:
        await _turn_clocks(unit, request, terms, done, at)
    await store.record(unit, request, deed.action, asker.person, deed.channel, deed.given)
    if done.tells:
        payload = {"request": number, "action": deed.action, "by": asker.person, "given": dict(deed.given)}
        await enqueue(unit, TOLD, payload, key=f"told:{number}")
    return request, done


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


def sides(request: Request, asker: Asker) -> frozenset[Side]:
    """Which sides somebody is on: the team of the queue (and admins), the requester."""
    found: set[Side] = set()
    if asker.roles & {request.team.removeprefix("role:"), ADMIN}:
        found.add("team")
    if may.change(request, asker):
        found.add("requester")
    return frozenset(found)


def _assign(request: Request, asker: Asker, deed: Deed) -> None:
    """What an action writes into the request itself, beside its state."""
    given = deed.given
    match deed.action:
        case Action.TAKE:
            request.assignee = asker.person
        case Action.ASSIGN:
            request.assignee = int(given["assignee"])
        case Action.PRIORITISE:
            request.priority = str(given["priority"])
        case Action.MERGE:
            request.merged_into = int(given["target"])
        case _:
            pass


async def _turn_clocks(unit: Unit, request: Request, terms: Terms, done: Step, at: dt.datetime) -> None:
    rows = await _rows(unit.session, request.number)
    before = [promise_of(row) for row in rows]
    await _keep(unit, request, terms, rows, promises.after(terms, before, done, at))


async def _keep(
    unit: Unit, request: Request, terms: Terms, rows: Sequence[PromiseRow], now: Sequence[Promise]
) -> None:
    """Write the promises; whatever runs from now on, or to another day, is reminded of."""
    first = promises.next_due(now)
    request.due_at = first.due if first else None
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
