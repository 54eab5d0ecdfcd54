"""What requests store about people (`people.records.Traces`)."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.unit_of_work import Unit
from bot.requests.changes import CHANGED, PROPOSED
from bot.requests.tables import Request, RequestEvent, Supporter

NOBODY = 0  # stands where a person who was forgotten has stood


class RequestTraces:
    """A request belongs to the company: it stays when its author is forgotten, without their name."""

    async def export(self, session: AsyncSession, people: Sequence[int]) -> dict[str, Any]:
        """The requests that somebody wrote or asked for, and what they did with any."""
        theirs = or_(col(Request.requester).in_(people), col(Request.submitted_by).in_(people))
        requests = (await session.exec(select(Request).where(theirs).order_by(col(Request.id)))).all()
        events = select(RequestEvent).where(col(RequestEvent.person).in_(people))
        joined = select(Supporter.request).where(col(Supporter.person).in_(people))
        return {
            "requests": [row.model_dump(mode="json") for row in requests],
            "request_events": [row.model_dump(mode="json") for row in (await session.exec(events)).all()],
            "joined": sorted((await session.exec(joined)).all()),
        }

    async def forget(self, unit: Unit, people: Sequence[int]) -> None:
        """Take the name out of use cases, histories and counts; what the team works on stays."""
        session = unit.session
        for request in (await session.exec(select(Request).with_for_update())).all():
            names = request.use_case.get("people") or {}
            gone = {f"person:{person}" for person in people} & set(names)
            if gone:
                left = {who: name for who, name in names.items() if who not in gone}
                request.use_case = {**request.use_case, "people": left}
                request.sections = _without({names[who] for who in gone}, request.sections)
                session.add(request)
        changed = select(RequestEvent).where(col(RequestEvent.kind).in_((CHANGED, PROPOSED)))
        for event in (await session.exec(changed.with_for_update())).all():
            names = event.data.get("people") or {}
            if gone := {names[who] for who in (f"person:{person}" for person in people) if who in names}:
                event.data = _without(gone, event.data)
                session.add(event)
        await session.flush()
        for column in ("requester", "submitted_by"):
            theirs = update(Request).where(col(getattr(Request, column)).in_(people))
            await session.exec(theirs.values({column: NOBODY}))
        assigned = update(Request).where(col(Request.assignee).in_(people))
        await session.exec(assigned.values(assignee=None))
        events = update(RequestEvent).where(col(RequestEvent.person).in_(people))
        await session.exec(events.values(person=None))
        await session.exec(delete(Supporter).where(col(Supporter.person).in_(people)))


def _without(names: set[str], data: Any) -> Any:
    """What was kept without these names; an answer that was only a name becomes a dash."""
    if isinstance(data, dict):
        return {key: _without(names, part) for key, part in data.items()}
    if isinstance(data, list):
        return [_without(names, part) for part in data]
    if isinstance(data, str) and any(name in data for name in names):
        left = [part for part in data.split(", ") if part not in names]
        return ", ".join(left) or "–"
    return data
