"""Reminds whoever has promised something, before and at the deadline; a working day later the role behind.

A reminder is planned when a promise begins to run or moves. When its time has come it looks at the promise
first: one that rests, ended or moved reminds nobody, the reminders of its new deadline do. Only who may do
something about it is reminded.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.ports import JobInfo, RetryLater
from bot.chat.router import Router
from bot.db.unit_of_work import Database, Unit
from bot.i18n import say
from bot.jobs.queue import enqueue
from bot.people.absence import stand_in
from bot.people.accounts import accounts_of, roles_of
from bot.people.directory import Directory
from bot.people.tell import Offer, Values, tell
from bot.people.tell import in_each as each
from bot.requests import store
from bot.requests.refs import reference
from bot.requests.tables import Request
from bot.text.clean import shown as as_typed
from bot.triage.buttons import SHOW
from bot.triage.calendar import Span
from bot.triage.promises import Promise, Terms
from bot.triage.service import REMIND, promise_of, working_on
from bot.triage.tables import PromiseRow
from bot.triage.terms import moment_text
from bot.triage.workflow import CLOCKS_OF, turn

REMINDED = "triage.reminded"  # the requester, with a message of its own
_GRACE = Span(1, "bd")  # between a deadline and the word to the role behind
_TITLE = 80  # characters


class Stage(StrEnum):
    """When somebody is reminded."""

    EARLY = "early"  # before the deadline
    DUE = "due"  # at it
    LATE = "late"  # after it, and not the person any more


def stands(promise: Promise, due: dt.datetime, stage: Stage, at: dt.datetime) -> bool:
    """Whether a reminder that was planned for this deadline still has something to say. Pure."""
    if not promise.runs or promise.due != due:
        return False
    return at < due if stage is Stage.EARLY else True


@dataclass(frozen=True, slots=True)
class Reminders:
    """The handler of these jobs. `terms` says what counts for a request."""

    database: Database
    directory: Directory
    terms: Callable[[Request], Terms | None]

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_job(REMIND, self)

    async def __call__(self, payload: dict[str, Any], _job: JobInfo) -> None:
        """Remind, or see that there is nothing to remind of. Raises RetryLater if a clock was set back."""
        due = dt.datetime.fromisoformat(str(payload["due"]))
        stage = Stage(payload.get("stage") or (Stage.EARLY if payload["early"] else Stage.DUE))
        at = self.database.clock()
        if stage is not Stage.EARLY and at < due:
            raise RetryLater((due - at).total_seconds())
        async with self.database.unit() as unit:
            row = await unit.session.get(PromiseRow, int(payload["promise"]), with_for_update=True)
            if row is None or not stands(promise_of(row), due, stage, at):
                return
            request = await store.find(unit.session, row.request)
            terms = self.terms(request)
            if terms is None or turn(request.state) == "nobody":
                return
            await self._remind(unit, request, row, stage, terms)
            await unit.commit()

    async def _remind(
        self, unit: Unit, request: Request, row: PromiseRow, stage: Stage, terms: Terms
    ) -> None:
        side, due = CLOCKS_OF[row.clock], row.due_at.isoformat()
        once = f"{row.number}:{due}"
        if stage is Stage.LATE:
            to = terms.behind.get(side, request.team)
            await _tell(unit, to, request, row, stage, terms)
        elif side == "requester":
            person = await self._requester(unit.session, request)
            post = {"promise": row.number, "due": due, "stage": stage, "person": person}
            key = f"tell:{request.number}:{person}"
            await enqueue(unit, REMINDED, post, key=key, dedupe_key=f"{REMINDED}:{once}:{stage}")
        else:
            to = await self._worker(unit.session, request)
            await _tell(unit, to, request, row, stage, terms)
        if stage is Stage.DUE:
            later = {"promise": row.number, "due": due, "stage": Stage.LATE}
            run_at = terms.calendar.add(row.due_at, _GRACE)
            await enqueue(unit, REMIND, later, run_at=run_at, dedupe_key=f"remind:{once}:{Stage.LATE}")

    async def _requester(self, session: AsyncSession, request: Request) -> int:
        """Who asked for it, or stands in: not in what is confidential."""
        who = await stand_in(session, request.requester, self._today())
        if request.confidential or who is None or not await accounts_of(session, who):
            return request.requester
        return who

    async def _worker(self, session: AsyncSession, request: Request) -> str:
        """Who has taken it, or stands in; the team if nobody has, or they may not do it today."""
        who = await stand_in(session, request.assignee, self._today()) if request.assignee else None
        held = await roles_of(session, self.directory.roles, who) if who else frozenset[str]()
        return reference(who) if who and held & working_on(request) else request.team

    def _today(self) -> dt.date:
        return self.database.clock().date()


async def _tell(unit: Unit, to: str, request: Request, row: PromiseRow, stage: Stage, terms: Terms) -> None:
    values: Values = {
        "label": request.label,
        "what": each(lambda language: what(request, language)),
        "due": each(lambda language: moment_text(row.due_at, terms.calendar.zone, language)),
    }
    once = f"reminded:{row.number}:{row.due_at.isoformat()}:{stage}"
    offers = [Offer("request.open_request", SHOW, str(request.number))]
    await tell(unit, to, f"queue.remind.{row.clock}.{stage}", values, once, offers=offers)


def what(request: Request, language: str) -> str:
    """A confidential one is named by its number alone: who stands in or leads may not read it."""
    if request.confidential:
        return say(language, "request.confidential_title", label=request.label)
    return say(language, "queue.remind.what", label=request.label, title=as_typed(request.title, _TITLE))
