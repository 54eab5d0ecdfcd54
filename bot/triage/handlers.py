"""What people do with a request: a button does it, or opens the form that asks for what it needs.

Whatever comes from a client is a number and a version. Request, state, role and answers are read and
checked again on every event; what cannot be done is said, with the card as it stands now.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Account, Asker, ButtonPressed, Event, FormSubmitted
from bot.chat.replies import WHOLE_FORM, Close, Errors, Open, Reply, Tell, Update
from bot.chat.router import OLD_CARD, Refused, Router
from bot.chat.ui import Card, Option
from bot.db.keys import first_time
from bot.db.unit_of_work import Database
from bot.i18n import say
from bot.people.accounts import holders, names, persons_behind
from bot.people.directory import Directory
from bot.requests import may, store
from bot.requests.store import RequestNotFound
from bot.requests.tables import Request
from bot.triage import buttons, forms, views
from bot.triage.buttons import PREFIX, Target
from bot.triage.effects import NoProposal, NoTarget
from bot.triage.forms import ASKS, Answered, Subject
from bot.triage.known import Reader
from bot.triage.service import Deed, Overtaken, Repeated, act, sides
from bot.triage.views import Known
from bot.triage.workflow import RULES, Action, Missing, NotPossible, NotYours, Side, Standing, possible

# what has a button; the others belong to the guided dialog or to threads
ACTIONS = tuple(action for action in Action if action not in {Action.CHANGE, Action.PROPOSE, Action.WRITE})


_REMEMBERED = timedelta(days=3)  # how long a repeated event is known


Candidates = Callable[[AsyncSession, Request, str], Awaitable[Sequence[Option]]]


@dataclass(frozen=True, slots=True)
class Now:
    """A request as it stands, for whoever asks, and the sides that they are on."""

    request: Request
    known: Known
    subject: Subject
    on: frozenset[Side]


@dataclass(frozen=True, slots=True)
class Triage:
    """The handlers. `similar` finds the requests that may be the same as one."""

    database: Database
    directory: Directory
    reader: Reader
    similar: Candidates

    def register(self, router: Router) -> None:
        """Into the one table."""
        for action in ACTIONS:
            router.on_action(PREFIX + action, self.press)
            if action in ASKS:
                router.on_form(PREFIX + action, self.submit)
        router.on_action(buttons.DIFF, self.proposal)

    async def press(self, event: ButtonPressed) -> Reply:
        """A button: do it, or ask."""
        action, target = _action(event.action), _target(event.value)
        async with self.database.reading() as session:
            now = await self._now(session, target.number, event.asker, action)
        if action in ASKS:
            return self._asked(action, now, event.asker)
        given: dict[str, Any] = {}
        if action is Action.WATCH:
            given = {"on": event.asker.person not in now.known.story.watchers}
        if action is Action.TAKE_OVER:
            given = {"proposal": now.known.story.proposal.event if now.known.story.proposal else 0}
        return await self._do(event, target, action, Answered(given), now)

    async def submit(self, event: FormSubmitted) -> Reply:
        """A form: check the answers against the questions as they are now, and do it."""
        action = _action(event.action)
        state = event.state
        target = _target(f"{state.get('request', '')} {state.get('version', '')}")
        async with self.database.reading() as session:
            now = await self._now(session, target.number, event.asker, action)
            people = await self._people(session, event, action, now)
            team = await self._team(session, now, action)
        answered = forms.read(action, now.subject, event.answers, people)
        if answered.mistakes:
            return Errors(answered.mistakes)
        if action is Action.ASSIGN and answered.given["assignee"] not in team:
            return Errors({"assignee": now.subject.word("not_in_team")})
        if action is Action.REFUSE:
            proposal = now.known.story.proposal
            answered = Answered({**answered.given, "proposal": proposal.event if proposal else 0})
        return await self._do(event, target, action, answered, now)

    async def proposal(self, event: ButtonPressed) -> Reply:
        """What the requester would like to change; whoever decides on it sees how."""
        async with self.database.reading() as session:
            now = await self._now(session, _target(event.value).number, event.asker)
        if now.known.story.proposal is None:
            raise Refused("triage.no_proposal", label=now.request.label)
        decides = "team" in now.on
        return Tell(views.proposal(now.request, now.known, event.asker.language, decides=decides))

    async def card(self, event: Event, number: int) -> Card:
        """The request as it stands, for one person. Raises Refused."""
        async with self.database.reading() as session:
            now = await self._now(session, number, event.asker)
        return self._fresh(now, event.asker, "")

    async def _now(
        self, session: AsyncSession, number: int, asker: Asker, action: Action | None = None
    ) -> Now:
        """Raises Refused: the same for what is not there and for what is not for them."""
        try:
            request = await store.find(session, number)
        except RequestNotFound as missing:
            raise Refused("request.not_found") from missing
        if not may.see(request, asker, await store.supporters(session, number)):
            raise Refused("request.not_found")
        at = self.database.clock()
        known = await self.reader.known(session, request, asker.language, at)
        today = self.reader.today(request, at)
        subject = Subject(request, known.story, today, asker.language, known.figure)
        if action is Action.MERGE:
            found = await self.similar(session, request, asker.language)
            subject = replace(subject, similar=tuple(found))
        return Now(request, known, subject, await sides(session, request, asker, at.date()))

    def _asked(self, action: Action, now: Now, asker: Asker) -> Reply:
        """The form; who may not do it, or cannot now, hears so before they have typed anything."""
        if not _allowed(action, now.on):
            raise _not_yours(action)
        if action not in possible(Standing(now.request.state, now.request.before), now.on):
            return Tell(self._fresh(now, asker, self._not_possible(now, asker)))
        return Open(forms.form(action, now.subject), buttons.button(action, now.request, asker.language))

    async def _do(
        self, event: Event, target: Target, action: Action, answered: Answered, now: Now
    ) -> Reply:
        """One unit: it happens with all that follows, or nothing has changed."""
        asker = event.asker
        deed = Deed(action, answered.given, event.place.channel, target.version)
        try:
            async with self.database.unit() as unit:
                request, once = now.request, f"triage:{event.key}"
                if await first_time(unit.session, once, _REMEMBERED, clock=unit.database.clock):
                    request, _ = await act(unit, target.number, asker, deed, self.reader.clocks.terms)
                    await unit.commit()
        except RequestNotFound as missing:
            raise Refused("request.not_found") from missing
        except NotYours as others:
            raise _not_yours(action) from others
        except NoTarget:
            return _wrong(event, {"target": now.subject.word("no_target")})
        except Missing as missing:
            missed = say(asker.language, "chat.form.missing")
            return _wrong(event, dict.fromkeys(missing.fields, missed))
        except (NotPossible, NoProposal, Overtaken) as late:
            return await self._too_late(event, action, answered, late)
        key = f"triage.done.{'unwatch' if answered.given.get('on') is False else action}"
        card = views.note(say(asker.language, key, label=request.label))
        return Close(card) if isinstance(event, FormSubmitted) else Tell(card)

    async def _too_late(self, event: Event, action: Action, answered: Answered, late: Exception) -> Reply:
        """The fresh card and why. What was typed is not lost: the form asks again if it still can and stays
        if not, and an answer that nobody waits for any more is a message to the team.
        """
        asker = event.asker
        async with self.database.reading() as session:
            number = _target_of(event).number
            now = await self._now(session, number, asker)
            why = self._not_possible(now, asker)
            if isinstance(late, Overtaken):
                why = await self._faster(session, late, asker)
        may_still = action in possible(Standing(now.request.state, now.request.before), now.on)
        if isinstance(event, FormSubmitted):
            if may_still and isinstance(late, Overtaken) and not isinstance(late, Repeated):
                return Update(forms.form(action, now.subject, answered.typed, why))
            if action is Action.ANSWER and not isinstance(late, Repeated):
                message = Answered({**answered.given, "side": "requester"})
                return await self._do(event, Target(number), Action.WRITE, message, now)
            if not isinstance(late, Repeated):
                return Errors({WHOLE_FORM: why})
            return Close(self._fresh(now, asker, why))
        return Tell(self._fresh(now, asker, why))

    async def _faster(self, session: AsyncSession, late: Overtaken, asker: Asker) -> str:
        """Who was faster, and with what; oneself, with the same."""
        if isinstance(late, Repeated):
            return say(asker.language, "triage.repeated", label=late.request.label)
        person = late.event.person or 0
        name = (await names(session, [person])).get(person) or say(asker.language, "triage.somebody")
        what = say(asker.language, f"triage.was.{_kind(late.event.kind)}")
        return say(asker.language, "triage.faster", name=name, what=what, label=late.request.label)

    def _not_possible(self, now: Now, asker: Asker) -> str:
        state = say(asker.language, f"request.state.{now.request.state}")
        return say(asker.language, "triage.not_possible", label=now.request.label, state=state)

    def _fresh(self, now: Now, asker: Asker, note: str) -> Card:
        """The card of the side that they are on."""
        if "requester" in now.on and "team" not in now.on:
            changes = may.change(now.request, asker)
            return views.own(now.request, now.known, asker.language, note, changes=changes)
        return views.fresh(now.request, now.known, asker.language, note)

    async def _people(
        self, session: AsyncSession, event: FormSubmitted, action: Action, now: Now
    ) -> Mapping[str, int]:
        chosen = forms.chosen_people(action, now.subject, event.answers)
        accounts = [Account(event.place.channel, one) for one in sorted(chosen)]
        return {one.id: person for one, person in (await persons_behind(session, accounts)).items()}

    async def _team(self, session: AsyncSession, now: Now, action: Action) -> frozenset[int]:
        if action is not Action.ASSIGN:
            return frozenset()
        found = await holders(session, self.directory.roles, now.request.team)
        return frozenset(person.number for person in found)


def _action(name: str) -> Action:
    return Action(name.removeprefix(PREFIX))


def _target(value: str) -> Target:
    found = buttons.target(value)
    if found is None:
        raise Refused(OLD_CARD)
    return found


def _target_of(event: Event) -> Target:
    if isinstance(event, FormSubmitted):
        return _target(event.state.get("request", ""))
    return _target(event.value if isinstance(event, ButtonPressed) else "")


def _allowed(action: Action, on: frozenset[Any]) -> bool:
    return any(action in possible(Standing(state), on) for state in RULES[action].when)


def _not_yours(action: Action) -> Refused:
    return Refused(f"triage.not_yours.{RULES[action].side}")


def _wrong(event: Event, sentences: Mapping[str, str]) -> Reply:
    """At the questions; whoever pressed a button has none."""
    if isinstance(event, FormSubmitted):
        return Errors(sentences)
    return Tell(views.note(next(iter(sentences.values()))))


def _kind(kind: str) -> str:
    return kind if kind in {*Action, "changed", "proposed", "withdrawn"} else "other"
