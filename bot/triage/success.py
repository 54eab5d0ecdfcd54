"""What a request has brought: the delivered post, and 30 days later the question for the real number."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Asker, ButtonPressed, FormSubmitted
from bot.chat.ports import JobInfo
from bot.chat.replies import Close, Errors, Open, Reply
from bot.chat.router import Refused, Router
from bot.chat.ui import Card
from bot.db.unit_of_work import Database, Unit
from bot.i18n import say
from bot.jobs.queue import enqueue
from bot.people.absence import stand_in
from bot.people.accounts import names
from bot.people.tell import Offer, tell
from bot.requests import may, store
from bot.requests.refs import number_of, reference
from bot.requests.states import State
from bot.requests.tables import Request, RequestEvent
from bot.text.clean import shown as as_typed
from bot.text.clean import typed
from bot.triage import success_cards as cards
from bot.triage.reach import Reach
from bot.triage.service import DELIVERED, deputises
from bot.triage.workflow import Action

LIVE, ASK = "triage.live", "triage.ask_effect"  # the jobs
AFTER = dt.timedelta(days=30)  # between the delivery and the question
_FIGURE = ("kpi", "before", "after")
_TITLE = 80  # characters
_ENDED = frozenset({State.DELIVERED, State.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Success:
    """The handlers. `department` names a department in a language, `team_of` the one of a role."""

    database: Database
    reach: Reach
    department: Callable[[str | None, str], str]
    team_of: Callable[[str], str | None]

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_job(DELIVERED, self.delivered)
        router.on_job(LIVE, self.live)
        router.on_job(ASK, self.ask)
        router.on_action(cards.MEASURE, self.open_form)
        router.on_form(cards.MEASURE, self.keep)

    async def delivered(self, payload: dict[str, Any], _job: JobInfo) -> None:
        """Say it in the channel, and a month later ask: jobs of their own, about this delivery."""
        async with self.database.unit() as unit:
            request = await store.find(unit.session, int(payload["request"]))
            event = await _newest(unit.session, request.number, Action.DELIVER)
            if event is None:
                return
            about = {"request": request.number, "event": event.number}
            for kind, at in ((LIVE, event.at), (ASK, event.at + AFTER)):
                once = f"{kind}:{request.number}:{event.number}"
                await enqueue(unit, kind, about, run_at=at, dedupe_key=once)
            await unit.commit()

    async def live(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Say it in the channel. Raises RetryLater while there is no way there."""
        async with self.database.reading() as session:
            found = await _still_delivered(session, payload)
            if found is None or found[0].confidential:
                return
            request, event = found
            card = await self._post(session, request, event.data)
        await self.reach.post(request.place, card, f"live-{job.id}", job)

    async def ask(self, payload: dict[str, Any], _job: JobInfo) -> None:
        """Has it brought what it should? Not if it was opened again, or is said already."""
        async with self.database.unit() as unit:
            found = await _still_delivered(unit.session, payload)
            if found is None:
                return
            request, event = found
            known = await _newest(unit.session, request.number, cards.MEASURED)
            if known is not None and known.number > event.number:
                return
            today = self.database.clock().date()
            person = await stand_in(unit.session, request.requester, today) or request.requester
            who = request.requester if request.confidential else person
            values = {"label": request.label, "title": as_typed(request.title, _TITLE)}
            offer = Offer("agenda.measure", cards.MEASURE, str(request.number), opens=True)
            once = f"{ASK}:{payload['event']}"
            await tell(unit, reference(who), "agenda.ask", values, once, offers=[offer])
            await unit.commit()

    async def open_form(self, event: ButtonPressed) -> Reply:
        """The form, with what was said before."""
        async with self.database.reading() as session:
            request = await self._theirs(session, event.value, event.asker)
            known = await _newest(session, request.number, cards.MEASURED)
        language = event.asker.language
        form = cards.form(request, known.data if known else {}, language)
        return Open(form, cards.measure_button(request, language))

    async def keep(self, event: FormSubmitted) -> Reply:
        """Into the history and the use case; the agenda tells everybody."""
        language, answers = event.asker.language, event.answers
        benefit = str(answers.get(cards.BENEFIT) or "")
        if benefit not in cards.BENEFITS:
            return Errors({cards.BENEFIT: say(language, "chat.choose_one")})
        texts = ((cards.VALUE, cards.SHORT), (cards.TEXT, cards.LONG))
        given = {cards.BENEFIT: benefit}
        given |= {name: typed(answers.get(name), most) for name, most in texts}
        async with self.database.unit() as unit:
            request = await self._theirs(unit.session, event.state.get("request", ""), event.asker)
            request = await store.find(unit.session, request.number, for_update=True)
            await _keep(unit, request, given, event)
            await unit.commit()
        return Close(cards.thanks(request, benefit, language))

    async def _theirs(self, session: AsyncSession, value: str, asker: Asker) -> Request:
        """Whoever asked for it, or stands in for them, once it is delivered. Raises Refused."""
        try:
            request = await store.find(session, number_of(value) or 0)
        except store.RequestNotFound as missing:
            raise Refused("request.not_found") from missing
        today = self.database.clock().date()
        if not may.change(request, asker) and not await deputises(session, request, asker, today):
            raise Refused("request.not_found" if request.confidential else "request.not_yours")
        if request.state not in _ENDED:
            raise Refused("agenda.not_delivered", label=request.label)
        return request

    async def _post(self, session: AsyncSession, request: Request, given: Mapping[str, Any]) -> Card:
        teams = (request.department, self.team_of(request.team))
        labels = [self.department(team, request.language) for team in teams]
        thanked = list(dict.fromkeys(filter(None, labels)))
        return cards.live(request, cards.effect_words(given), thanked, await _named(session, given))


async def _named(session: AsyncSession, given: Mapping[str, Any]) -> list[str]:
    if given.get("named") is not True:
        return []
    people = [int(one) for one in given.get("helpers") or ()]
    known = await names(session, people)
    return [known[one] for one in people if one in known]


async def _still_delivered(
    session: AsyncSession, payload: Mapping[str, Any]
) -> tuple[Request, RequestEvent] | None:
    """The request and this delivery of it; None if it was opened again since."""
    request = await store.find(session, int(payload["request"]))
    event = await _newest(session, request.number, Action.DELIVER)
    if request.state not in _ENDED or event is None or event.number != payload["event"]:
        return None
    return request, event


async def _newest(session: AsyncSession, number: int, kind: str) -> RequestEvent | None:
    rows = select(RequestEvent).where(RequestEvent.request == number, RequestEvent.kind == kind)
    return (await session.exec(rows.order_by(col(RequestEvent.id).desc()).limit(1))).first()


async def _keep(unit: Unit, request: Request, given: dict[str, str], event: FormSubmitted) -> None:
    delivery = await _newest(unit.session, request.number, Action.DELIVER)
    told = {name: delivery.data.get(name) for name in _FIGURE} if delivery else {}
    effect = {name: value for name, value in (*told.items(), *given.items()) if value}
    request.use_case = {**request.use_case, "effect": effect}
    await store.record(unit, request, cards.MEASURED, event.asker.person, event.place.channel, given)
