"""Writes and finds requests. Every change is an event of the history and lets the card be drawn anew.

Nothing here asks who may do it: `may` says that, and handlers ask it first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col, delete, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.rows import insert
from bot.db.unit_of_work import Unit
from bot.jobs.queue import enqueue
from bot.requests import changes
from bot.requests.states import OPEN, State, is_still_mine
from bot.requests.tables import Request, RequestEvent, RequestWord, Supporter
from bot.requests.words import found_by

HAPPENED = "requests.happened"  # inside the unit, with the request: whoever joins may add jobs to it
SHOW_CARD = "requests.card"  # the job that draws the card of a request anew
JOINABLE = (*OPEN, State.DELIVERED)
_ANSWERED = (State.DELIVERED, State.CONFIRMED, State.DECLINED)
_RECENT = timedelta(days=365)  # how long a delivered request is offered as "the same"


class RequestNotFound(Exception):
    """There is no such request, or not for this person. Do not say which."""


class NotChangeable(Exception):
    """Somebody has accepted or ended it. Offer to propose a change."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.state)
        self.request = request


@dataclass(frozen=True, slots=True)
class Submission:
    """What a draft has become. `requester` may be a colleague for whom `by` filled it in."""

    draft: int
    flow: str
    flow_version: int
    queue: str
    place: str
    team: str
    title: str
    language: str
    requester: int
    by: int
    department: str | None
    confidential: bool
    use_case: Mapping[str, Any]
    answers: Mapping[str, Any]
    sections: Mapping[str, Any]


async def submit(unit: Unit, new: Submission, channel: str) -> tuple[Request, bool]:
    """The request of a draft, and whether it is new: a draft becomes one however often it is sent."""
    if (known := await of_draft(unit.session, new.draft)) is not None:
        return known, False
    at = unit.database.clock()
    request = Request(
        draft=new.draft,
        flow=new.flow,
        flow_version=new.flow_version,
        queue=new.queue,
        place=new.place,
        team=new.team,
        title=new.title,
        language=new.language,
        requester=new.requester,
        submitted_by=new.by,
        department=new.department,
        confidential=new.confidential,
        use_case=dict(new.use_case),
        answers=dict(new.answers),
        sections=dict(new.sections),
        created_at=at,
        changed_at=at,
    )
    unit.session.add(request)
    await unit.session.flush()
    request.use_case = {**request.use_case, "id": request.label}
    await record(unit, request, "submitted", new.by, channel)
    return request, True


async def change(unit: Unit, request: Request, person: int, channel: str, **values: Any) -> None:
    """New answers of the requester, as long as nobody has accepted. Raises NotChangeable."""
    if not is_still_mine(request.state, request.before):
        raise NotChangeable(request)
    before_and_after = changes.kept(request, values)
    for name, value in values.items():
        setattr(request, name, value)
    await record(unit, request, changes.CHANGED, person, channel, before_and_after)


async def propose(unit: Unit, request: Request, person: int, channel: str, **values: Any) -> None:
    """A change that the team decides on: kept in the history, the request stays as it is."""
    data = {**values, **changes.kept(request, values)}
    await record(unit, request, changes.PROPOSED, person, channel, data)


async def join(unit: Unit, request: Request, person: int, channel: str) -> bool:
    """Somebody wants the same; whether that is news."""
    if not await support(unit, request, person):
        return False
    await record(unit, request, "joined", person, channel)
    return True


async def support(unit: Unit, request: Request, person: int) -> bool:
    """Somebody is with it from now on; whether that is news."""
    if person in {request.requester, request.submitted_by}:
        return False
    row = insert(unit.session, Supporter).values(
        request=request.number, person=person, at=unit.database.clock()
    )
    row = row.on_conflict_do_nothing(index_elements=["request", "person"])
    return bool((await unit.session.exec(row)).rowcount)


async def record(
    unit: Unit,
    request: Request,
    kind: str,
    person: int | None,
    channel: str,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write into the history what has happened, and let the card be drawn anew."""
    request.changed_at = unit.database.clock()
    flag_modified(request, "changed_at")  # a new version also if the clock stands still
    unit.session.add(request)
    if _says_something_else(request):
        await _remember_words(unit, request)
    await unit.session.flush()
    event = RequestEvent(
        request=request.number,
        kind=kind,
        person=person,
        channel=channel,
        data=dict(data or {}),
        version=request.version,
        at=request.changed_at,
    )
    unit.session.add(event)
    await unit.session.flush()
    await enqueue(unit, SHOW_CARD, {"request": request.number}, key=f"request:{request.number}")
    await unit.happen(HAPPENED, request)


async def of_draft(session: AsyncSession, draft: int) -> Request | None:
    """What a draft has become."""
    return (await session.exec(select(Request).where(Request.draft == draft))).first()


async def find(session: AsyncSession, number: int, *, for_update: bool = False) -> Request:
    """A request by its number. Raises RequestNotFound."""
    found = await session.get(Request, number, with_for_update=True if for_update else None)
    if found is None:
        raise RequestNotFound(number)
    return found


async def of_person(session: AsyncSession, person: int, most: int = 20) -> Sequence[Request]:
    """What somebody asked for, filled in for others or joined, the newest first."""
    joined = select(Supporter.request).where(Supporter.person == person)
    theirs = or_(
        col(Request.requester) == person,
        col(Request.submitted_by) == person,
        col(Request.id).in_(joined),
    )
    return (
        await session.exec(select(Request).where(theirs).order_by(col(Request.id).desc()).limit(most))
    ).all()


def may_be_repeated(request: Request) -> bool:
    """Whether somebody may find their own wish in it: open, or ended with a result; not confidential."""
    return not request.confidential and (request.state in OPEN or request.state in _ANSWERED)


def is_recent(state: str, changed_at: datetime, at: datetime) -> bool:
    """Whether it is open, or ended within a year."""
    return state in OPEN or changed_at >= at - _RECENT


async def supporters(session: AsyncSession, number: int) -> Sequence[int]:
    """Who joined a request, in order."""
    rows = select(Supporter.person).where(Supporter.request == number).order_by(col(Supporter.id))
    return (await session.exec(rows)).all()


async def history(session: AsyncSession, number: int) -> Sequence[RequestEvent]:
    """What happened to a request, oldest first."""
    rows = select(RequestEvent).where(RequestEvent.request == number).order_by(col(RequestEvent.id))
    return (await session.exec(rows)).all()


def _says_something_else(request: Request) -> bool:
    attributes = inspect(request).attrs
    return any(attributes[name].history.has_changes() for name in ("title", "use_case"))


async def _remember_words(unit: Unit, request: Request) -> None:
    """From now on the request is found by these words, and by no others."""
    await unit.session.exec(delete(RequestWord).where(col(RequestWord.request) == request.number))
    words = found_by(request.title, request.use_case)
    rows = [{"team": request.team, "word": word, "request": request.number} for word in words]
    if rows:
        await unit.session.exec(insert(unit.session, RequestWord).values(rows))
