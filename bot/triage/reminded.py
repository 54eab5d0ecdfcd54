"""Reminds the requester, or who stands in, with what they can do: a button, or a sentence below it."""

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.ports import JobInfo, Unreachable
from bot.chat.router import Router
from bot.chat.ui import Buttons, Card, Text
from bot.db.unit_of_work import Database
from bot.i18n import say
from bot.people.accounts import languages
from bot.requests import store
from bot.requests.tables import Request
from bot.triage import buttons, posts
from bot.triage.promises import Promise, Terms
from bot.triage.reach import Reach
from bot.triage.reminders import REMINDED, Stage, stands, what
from bot.triage.service import promise_of
from bot.triage.tables import PromiseRow
from bot.triage.terms import moment_text
from bot.triage.workflow import Action, Clock

# what the clocks of the requester wait for
_NEXT: Mapping[Clock, tuple[Action, ...]] = {
    Clock.ANSWER: (Action.ANSWER,),
    Clock.ACCEPTANCE: (Action.CONFIRM, Action.REOPEN),
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reminded:
    """The handler of these jobs. `terms` says what counts for a request."""

    database: Database
    terms: Callable[[Request], Terms | None]
    reach: Reach

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_job(REMINDED, self)

    async def __call__(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Post it, if the promise still waits. What is written below it belongs to the request."""
        person, stage = int(payload["person"]), Stage(payload["stage"])
        due, purpose = dt.datetime.fromisoformat(str(payload["due"])), f"reminded:{job.id}"
        async with self.database.reading() as session:
            row = await session.get(PromiseRow, int(payload["promise"]))
            if row is None or not stands(promise_of(row), due, stage, self.database.clock()):
                return
            request = await store.find(session, row.request)
            terms = self.terms(request)
            if terms is None or await posts.find(session, request.number, purpose) is not None:
                return
            account = await self.reach.account(session, person, await store.history(session, row.request))
            language = (await languages(session, [person])).get(person) or request.language
        if account is None:
            _log.warning("%s: person %d is reached nowhere", request.label, person)
            return
        card = _card(request, promise_of(row), stage, terms, language)
        try:
            sent = await self.reach.senders[account.channel].direct(account.id, card, f"reminded-{job.id}")
        except Unreachable as refused:
            _log.warning("%s: person %d was not reminded: %s", request.label, person, refused)
            return
        async with self.database.unit() as unit:
            await posts.keep(unit, request.number, purpose, sent)
            await unit.commit()


def _card(request: Request, promise: Promise, stage: Stage, terms: Terms, language: str) -> Card:
    due = moment_text(promise.due, terms.calendar.zone, language)
    key = f"queue.remind.{promise.clock}.{stage}"
    sentence = say(language, key, label=request.label, what=what(request, language), due=due)
    row = [
        buttons.button(action, request, language, primary=at == 0)
        for at, action in enumerate(_NEXT[promise.clock])
    ]
    return Card(sentence, (Text(sentence), Buttons((*row, buttons.show(request, language)))))
