"""Where a draft becomes a request: the review, the sending, and the early word with the team.

What the team sees is built here once, from the flow, the cleaned answers and what was found out.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Answers, Asker, Event
from bot.chat.router import Refused
from bot.chat.ui import Card, Form
from bot.db.unit_of_work import Unit
from bot.i18n import LANGUAGES, say
from bot.intake import asides, cards, drafts, gate, result, review, summary, ticket
from bot.intake.asides import Similar
from bot.intake.flow import Done
from bot.intake.matter import Matter, matter_of
from bot.intake.model import Flow
from bot.intake.pages import Frame
from bot.intake.repeats import Repeats
from bot.intake.standing import Standing
from bot.intake.state import State, dumped
from bot.intake.tables import Draft
from bot.intake.team import Team
from bot.intake.usecase import Readiness, UseCase
from bot.intake.world import World
from bot.jobs.queue import enqueue
from bot.people.accounts import accounts_in
from bot.people.tell import tell
from bot.requests import store
from bot.requests.refs import person_number, reference
from bot.requests.sections import kept
from bot.requests.states import OPEN, is_still_mine
from bot.requests.store import Submission
from bot.requests.tables import Request

EARLY = "request.early_word"  # the job that tells the team about a draft
_STAYS = ("id", "routing")  # a change goes to the team that has the request, and its card

Ready = Callable[[Flow, Standing, str], Readiness | None]
OnlyHasty = Callable[[str, str], bool]
Due = Callable[[str, datetime, str], str]
Submitted = Callable[[Unit, Request], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Desk:
    """`ready` scores a draft, `only_hasty` says whether the reason for a date is haste and nothing else,
    `repeats` finds what may be the same, `due` says when the flow promises an answer, in words, "" if it
    does not.

    `submitted` is called in the transaction in which a request begins, `team` hears of its changes.
    """

    ready: Ready
    only_hasty: OnlyHasty
    repeats: Repeats
    due: Due
    team_department: Callable[[str], str | None]
    submitted: Submitted
    team: Team

    async def review(
        self, unit: Unit, event: Event, draft: Draft, now: Standing, frame: Frame, world: World
    ) -> Form:
        """The last page."""
        matter = await matter_of(unit.session, draft, frame.words.flow, now, world)
        language = frame.language
        words = matter.words(language)
        similar = await self._similar(unit.session, matter)
        team = self.team_department(matter.consequences.routing.assignee)
        in_question = asides.in_question([word for _, word in matter.found_words], team)
        whom = person_number(matter.asides.for_whom)
        accounts = await accounts_in(unit.session, {whom} if whom else (), event.place.channel)
        questions = asides.inputs(
            matter.asides,
            in_question,
            similar,
            world.words.departments(),
            accounts.get(whom or 0, "") if draft.edits is None else None,
            language,
        )
        readiness = self.ready(matter.flow, now, language)
        sections = summary.sections(now, words)
        return review.form(now, frame, sections, readiness, tuple(questions), edits=draft.edits is not None)

    def note_asides(self, unit: Unit, draft: Draft, answers: Answers, language: str) -> dict[str, str]:
        """Keep the answers of a review; a sentence for each that cannot be taken. Whose request it is does
        not change once it was sent.
        """
        settled = (asides.FOR_WHOM,) if draft.edits is not None else ()
        answers = {id_: answer for id_, answer in answers.items() if id_ not in settled}
        said = asides.merged(asides.read(draft.asides), answers)
        draft.asides = said.kept()
        unit.session.add(draft)
        return asides.complaints(said, language)

    async def submit(
        self, unit: Unit, event: Event, draft: Draft, flow: Flow, done: Done, world: World
    ) -> Card:
        """Send it: once, however often it is sent. Raises NotReady if the flow wants more before."""
        matter = await matter_of(unit.session, draft, flow, done.standing, world)
        if (card := await self._join(unit, event, matter)) is not None:
            return card
        if draft.edits is None and (sentence := self._asks(matter, event.asker.language)):
            raise gate.NotReady(sentence)
        use_case = self._use_case(matter)
        new = self._submission(matter, use_case, _named(matter, done.state))
        drafts.end(unit, draft, "sent")
        if draft.edits is not None:
            return await self._changed(unit, event, draft.edits, new)
        request, is_new = await store.submit(unit, new, event.place.channel)
        if is_new:
            await self.submitted(unit, request)
            await self._tell_others(unit, event.asker, matter, request)
        due = self.due(flow.id, request.created_at, event.asker.language)
        return cards.sent(request, due, event.asker.language, is_new=is_new)

    async def call_early(self, unit: Unit, draft: Draft) -> None:
        """Let the team know of a draft, once a day at most: they see it as it is then."""
        at = unit.database.clock()
        once = f"early:{draft.number}:{at:%Y-%m-%d}"
        await enqueue(unit, EARLY, {"draft": draft.number}, dedupe_key=once)
        draft.early_at = at
        unit.session.add(draft)

    def _asks(self, matter: Matter, language: str) -> str:
        found = self.ready(matter.flow, matter.now, language)
        asked = gate.ASKED in matter.draft.tips
        return gate.question(matter.words(language), matter.now, found, asked=asked)

    def _use_case(self, matter: Matter) -> UseCase:
        words = matter.words(matter.draft.language)
        said = matter.asides
        return result.build(
            words,
            matter.now,
            number="REQ",
            requester=reference(matter.requester),
            interfaces=matter.interfaces(),
            terms=matter.terms(),
            readiness=self.ready(matter.flow, matter.now, matter.draft.language),
            people=matter.names,
            links=said.links,
            confidential=said.confidential,
            only_hasty=lambda reason: self.only_hasty(reason, matter.draft.language),
        )

    def _submission(self, matter: Matter, use_case: UseCase, state: State) -> Submission:
        draft, routing = matter.draft, matter.consequences.routing
        by_language = {lang: kept(summary.sections(matter.now, matter.words(lang))) for lang in LANGUAGES}
        return Submission(
            draft=draft.number,
            flow=matter.flow.id,
            flow_version=matter.flow.version,
            queue=routing.queue,
            place=routing.channel,
            team=routing.assignee,
            title=ticket.title(use_case, matter.words(draft.language)),
            language=draft.language,
            requester=matter.requester,
            by=draft.person,
            department=draft.department,
            confidential=matter.asides.confidential,
            use_case=use_case.data(),
            answers={"state": dumped(state)},
            sections=by_language,
        )

    async def _similar(self, session: AsyncSession, matter: Matter) -> Sequence[Similar]:
        """What may be the same; nothing for a change of what was sent already."""
        wanted = matter.flow.review.duplicates
        if matter.draft.edits is not None or wanted is None or not wanted.check:
            return ()
        return await self.repeats.similar(
            session, result.sought(matter.flow, matter.now), wanted.min_similarity
        )

    async def _join(self, unit: Unit, event: Event, matter: Matter) -> Card | None:
        """Somebody found their wish among the requests. None if not, or if that one has gone meanwhile."""
        if matter.asides.same is None or matter.draft.edits is not None:
            return None
        try:
            request = await store.find(unit.session, matter.asides.same, for_update=True)
        except store.RequestNotFound:
            return None
        if request.confidential or request.state not in store.JOINABLE:
            return None
        await store.join(unit, request, matter.requester, event.place.channel)
        drafts.end(unit, matter.draft, "joined")
        return cards.joined(request, event.asker.language)

    async def _changed(self, unit: Unit, event: Event, number: int, new: Submission) -> Card:
        """Change the request, or propose it. Raises Refused if it has ended: then the draft stays open."""
        request = await store.find(unit.session, number, for_update=True)
        values = {
            "title": new.title,
            "use_case": {
                **new.use_case,
                **{key: request.use_case[key] for key in _STAYS if key in request.use_case},
            },
            "answers": new.answers,
            "sections": new.sections,
            "confidential": new.confidential,
        }
        language = event.asker.language
        if request.state not in OPEN:
            state = say(language, f"request.state.{request.state}")
            raise Refused("request.change_too_late", label=request.label, state=state)
        if is_still_mine(request.state, request.before):
            await store.change(unit, request, event.asker.person, event.place.channel, **values)
            await self.team.changed(unit, request, event)
            return cards.note(language, "request.sent_change", label=request.label)
        await store.propose(unit, request, event.asker.person, event.place.channel, **values)
        await self.team.proposed(unit, request, event)
        return cards.note(language, "request.sent_proposal", label=request.label)

    async def _tell_others(self, unit: Unit, asker: Asker, matter: Matter, request: Request) -> None:
        values = {"label": request.label, "name": asker.name, "title": request.title}
        if matter.requester != asker.person:
            await tell(unit, reference(matter.requester), "request.on_behalf", values)
        key = "request.told_notify"
        if request.confidential:  # whoever leads may not read it
            key, values = "request.told_confidential", {"label": request.label}
        for role in matter.consequences.notify:
            await tell(unit, role, key, values)


def _named(matter: Matter, state: State) -> State:
    """The state with the name of the requester typed out where it is the default answer: somebody else who
    may change the request is another one.
    """
    ids = (question.id for question in matter.flow.questions if question.default == "requester")
    names = {id_: matter.now.answers[id_] for id_ in ids if id_ in matter.now.answers}
    return replace(state, answers={**names, **state.answers})
