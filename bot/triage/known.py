"""Reads what cards say about a request beside its own words: names, clocks, history."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.people.accounts import names
from bot.requests import store
from bot.requests.tables import Request
from bot.triage.clocks import Clocks
from bot.triage.promises import Promise, Terms, next_due
from bot.triage.service import clocks
from bot.triage.story import Story, story
from bot.triage.terms import moment_text
from bot.triage.views import Known
from bot.triage.workflow import CLOCKS_OF, Clock, turn


@dataclass(frozen=True, slots=True)
class Reader:
    """`department` and `term` name a department and a term of the glossary in a language."""

    department: Callable[[str | None, str], str]
    clocks: Clocks
    term: Callable[[str, str], str] = lambda _id, _language: ""

    async def known(self, session: AsyncSession, request: Request, language: str, at: dt.datetime) -> Known:
        """Everything that a card of the request says, in a language."""
        people = {request.requester, *([request.assignee] if request.assignee else [])}
        found = await names(session, people)
        running = (await clocks(session, [request.number])).get(request.number, ())
        terms = self.clocks.terms(request)
        due, late = _due(request, terms, running, language, at)
        told = story(await store.history(session, request.number))
        return Known(
            requester=found.get(request.requester, ""),
            assignee=found.get(request.assignee or 0, ""),
            department=self.department(request.department, language),
            supporters=len(await store.supporters(session, request.number)),
            due=due,
            late=late,
            rests=bool(terms and terms.may_rest),
            figure=self._figure(request, language),
            story=_moved(told, terms, running),
        )

    def today(self, request: Request, at: dt.datetime) -> dt.date:
        """The day where the team works."""
        terms = self.clocks.terms(request)
        return at.astimezone(terms.calendar.zone).date() if terms else at.date()

    def _figure(self, request: Request, language: str) -> str:
        """The figures that the request wants to move, by their names in the glossary."""
        wanted = (request.use_case.get("kpi") or {}).get("terms") or ()
        return ", ".join(filter(None, (self.term(str(id_), language) for id_ in wanted)))


def _due(
    request: Request, terms: Terms | None, promises: Sequence[Promise], language: str, at: dt.datetime
) -> tuple[str, bool]:
    """When the side whose turn it is has to act, in words, and whether that is over."""
    side = turn(request.state)
    promise = next_due(one for one in promises if CLOCKS_OF[one.clock] == side)
    if terms is None or promise is None:
        return "", False
    return moment_text(promise.due, terms.calendar.zone, language), promise.late(at)


def _moved(told: Story, terms: Terms | None, promises: Sequence[Promise]) -> Story:
    """The day that was promised is the one on which the clock ends: nobody reads two."""
    deliveries = [one for one in promises if one.clock is Clock.DELIVERY]
    if terms is None or not told.day or not deliveries:
        return told
    day = deliveries[-1].due.astimezone(terms.calendar.zone).date()
    return replace(told, moved=day.isoformat())
