"""The guided dialog: one event, one turn of the engine, one write of the draft.

Everything that a client names (draft, step, revision, people) is checked again on every event.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot.chat.events import Account, Answers, Asker, Event, FieldChanged, FormSubmitted
from bot.chat.replies import Close, Errors, Open, Reply, Update
from bot.chat.router import Refused
from bot.chat.ui import Form
from bot.db.unit_of_work import Database, Unit
from bot.i18n import say
from bot.intake import asides, cards, drafts, gate, pages
from bot.intake.coach import Placed
from bot.intake.desk import Desk
from bot.intake.drafts import Begun, DraftNotFound
from bot.intake.flow import (
    Ask,
    Back,
    Begin,
    Change,
    Discard,
    Discarded,
    Done,
    Input,
    Jump,
    Next,
    Result,
    Review,
    Save,
    Saved,
    Submit,
    advance,
)
from bot.intake.model import PEOPLE, Flow
from bot.intake.shelf import Shelf
from bot.intake.state import State, Surroundings, begun, listed, moved
from bot.intake.tables import Draft
from bot.intake.tips import Tips, shown
from bot.intake.wording import Wording
from bot.intake.world import World, people_in
from bot.people.accounts import accounts_in
from bot.people.directory import Directory
from bot.requests.refs import reference

T = TypeVar("T")

_REMEMBERED = 1_000  # drafts


class _OtherFlow(Exception):
    """The draft has moved to another version of its flow, in another process."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One event on one draft."""

    event: Event
    draft: Draft
    flow: Flow
    state: State
    world: World
    around: Surroundings

    def advance(self, given: Input) -> Result:
        """What the engine says."""
        return advance(self.flow, self.state, given, self.around)


@dataclass(frozen=True, slots=True)
class Dialog:
    """Turns pages. What is shown and done at the end is the desk's matter."""

    database: Database
    shelf: Shelf
    directory: Directory
    desk: Desk
    tips: Tips
    make_world: Callable[[Asker, frozenset[int]], World]
    _versions: dict[str, tuple[str, int]] = field(default_factory=dict, init=False)

    async def begin(self, event: Event, flow: Flow, text: str) -> Open:
        """The first page of a new draft; what was typed is its first answer."""
        state = begun(flow, text)
        async with self.database.unit() as unit:
            draft = await drafts.begin(unit, event.asker, Begun(state, event.place.channel))
            form = await self._opened(unit, self._turn_of(event, draft, flow, state, {}))
            await unit.commit()
        self._remember(draft)
        return _open(event, draft, form)

    async def resume(self, event: Event, number: str) -> Open:
        """The page where a draft stands, on the newest version of its flow. Raises Refused."""
        return await self._with_flow(event, number, lambda flow: self._resumed(event, number, flow))

    async def page(self, event: FormSubmitted) -> Reply:
        """A page or the review was sent, or one of its buttons pressed."""
        number = event.state.get(pages.DRAFT, "")
        return await self._with_flow(event, number, lambda flow: self._page(event, number, flow))

    async def changed(self, event: FieldChanged) -> Reply:
        """An answer on the open page has changed, and others may depend on it."""
        number = event.state.get(pages.DRAFT, "")
        return await self._with_flow(event, number, lambda flow: self._changed(event, number, flow))

    async def _resumed(self, event: Event, number: str, flow: Flow) -> Open:
        newest = self.shelf.now.flows.get(flow.id, flow)
        async with self.database.unit() as unit:
            turn = await self._turn(unit, event, number, flow, {})
            if newest.version != flow.version:
                turn = replace(turn, flow=newest, state=moved(turn.state, flow, newest))
            form = await self._opened(unit, turn)
            await unit.commit()
        return _open(event, turn.draft, form)

    async def _opened(self, unit: Unit, turn: Turn) -> Form:
        result = turn.advance(Begin())
        is_watched = drafts.is_watched(turn.draft)
        drafts.keep(unit, turn.draft, result.state, turned=True)
        if not is_watched:
            await drafts.offer_later(unit, turn.draft)
        return await self._form(unit, turn, result)

    async def _page(self, event: FormSubmitted, number: str, flow: Flow) -> Reply:
        answers = await self._answers(event, flow, event.answers)
        async with self.database.unit() as unit:
            turn = await self._turn(unit, event, number, flow, answers)
            is_late = turn.draft.revision != event.revision
            answer = self._late if is_late else self._on_review if _on_review(event) else self._on_page
            reply = await answer(unit, turn, event, answers)
            await unit.commit()
        return reply

    async def _changed(self, event: FieldChanged, number: str, flow: Flow) -> Reply:
        answers = await self._answers(event, flow, event.answers)
        async with self.database.unit() as unit:
            turn = await self._turn(unit, event, number, flow, answers)
            reply = await self._again(unit, turn, event, answers)
            await unit.commit()
        return reply

    async def _on_page(self, unit: Unit, turn: Turn, event: FormSubmitted, answers: Answers) -> Reply:
        step = event.state.get(pages.STEP, "")
        match event.button:
            case None:
                return await self._next(unit, turn, step, answers)
            case pages.BACK:
                return await self._show(unit, turn, turn.advance(Back(step, answers)))
            case pages.DISCARD:
                return await self._show(unit, turn, turn.advance(Discard()))
            case pages.EARLY:
                await self.desk.call_early(unit, turn.draft)
                return await self._again(unit, turn, event, answers, "request.early_done")
            case button if button.startswith(pages.MUTE):
                _, _, rule = button.rpartition(".")
                await self.tips.refuse(unit, turn.draft, rule, event.asker.language)
                return await self._again(unit, turn, event, answers, "request.muted_note")
            case _:
                return await self._show(unit, turn, turn.advance(Save(step, answers)))

    async def _on_review(self, unit: Unit, turn: Turn, event: FormSubmitted, answers: Answers) -> Reply:
        wrong = self.desk.note_asides(unit, turn.draft, answers, turn.event.asker.language)
        match event.button:
            case None if wrong:
                return Errors(wrong)
            case None:
                return await self._show(unit, turn, turn.advance(Submit()))
            case pages.BACK:
                return await self._show(unit, turn, turn.advance(Back(None)))
            case pages.DISCARD:
                return await self._show(unit, turn, turn.advance(Discard()))
            case pages.EARLY:
                await self.desk.call_early(unit, turn.draft)
                return Update(await self._form(unit, turn, turn.advance(Begin()), "request.early_done"))
            case button if button.startswith(pages.JUMP):
                return await self._show(unit, turn, turn.advance(Jump(button.removeprefix(pages.JUMP))))
            case _:
                return await self._show(unit, turn, turn.advance(Save()))

    async def _next(self, unit: Unit, turn: Turn, step: str, answers: Answers) -> Reply:
        """Forwards, unless the coach has a thought that was not heard yet."""
        result = turn.advance(Next(step, answers))
        if isinstance(result, Ask) and result.problems and result.step.id == step:
            drafts.keep(unit, turn.draft, result.state, turned=False)
            if result.problems.keys() <= answers.keys():
                return Errors(_sentences(turn.flow, result, turn.event.asker.language))
            return Update(await self._form(unit, turn, result))
        stayed = turn.advance(Change(step, answers))
        if isinstance(stayed, Ask) and (
            tips := self.tips.new(turn.draft, stayed, turn.event.asker.language)
        ):
            self.tips.heard(unit, turn.draft, stayed, turn.event.asker.language)
            drafts.keep(unit, turn.draft, stayed.state, turned=False)
            return Update(await self._form(unit, turn, stayed, "request.tips_note", tips))
        return await self._show(unit, turn, result)

    async def _again(
        self, unit: Unit, turn: Turn, event: FormSubmitted | FieldChanged, answers: Answers, note: str = ""
    ) -> Reply:
        """The same page, with what was typed and the hints that are still to be thought about."""
        result = turn.advance(Change(event.state.get(pages.STEP, ""), answers))
        drafts.keep(unit, turn.draft, result.state, turned=False)
        return Update(await self._form(unit, turn, result, note, self._left(result, event)))

    def _left(self, result: Result, event: FormSubmitted | FieldChanged) -> tuple[Placed, ...]:
        """The hints that stood on the page, without the one that does not fit."""
        refused = (event.button or "").removeprefix(pages.MUTE) if isinstance(event, FormSubmitted) else ""
        names = {*event.state.get(pages.TIPS, "").split()} - {refused}
        return self.tips.left(result, event.asker.language, names) if isinstance(result, Ask) else ()

    async def _late(self, unit: Unit, turn: Turn, event: FormSubmitted, answers: Answers) -> Reply:
        """Another window went on: add what is still missing, overwrite nothing, show what is; and what was
        not taken, so that nobody has to write it again.
        """
        step = event.state.get(pages.STEP, "")
        new = {id_: answer for id_, answer in answers.items() if not listed(turn.state.answers.get(id_))}
        saved = turn.advance(Save(step, new)).state
        state = replace(turn.state, answers=saved.answers)
        turn = replace(turn, state=state)
        result = turn.advance(Begin())
        drafts.keep(unit, turn.draft, result.state, turned=False)
        form = await self._form(unit, turn, result, "request.changed_elsewhere")
        words = Wording(turn.flow, event.asker.language)
        left_out = pages.left_out(words, answers, state.answers)
        return Update(replace(form, elements=(*left_out, *form.elements)))

    async def _show(self, unit: Unit, turn: Turn, result: Result) -> Reply:
        """Keep where the draft stands now, and show it."""
        language = turn.event.asker.language
        match result:
            case Ask() | Review():
                drafts.keep(unit, turn.draft, result.state, turned=True)
                return Update(await self._form(unit, turn, result))
            case Saved():
                drafts.keep(unit, turn.draft, result.state, turned=False)
                return Close(cards.saved(drafts.line_of(turn.draft), language))
            case Discarded():
                drafts.end(unit, turn.draft, "discarded")
                return Close(cards.note(language, "request.discarded"))
            case Done():
                return await self._send(unit, turn, result)

    async def _send(self, unit: Unit, turn: Turn, done: Done) -> Reply:
        """Send it, or show the review with what the flow wants before."""
        draft = turn.draft
        try:
            return Close(await self.desk.submit(unit, turn.event, draft, turn.flow, done, turn.world))
        except gate.NotReady as wanting:
            draft.tips = {**draft.tips, gate.ASKED: ""}
            drafts.keep(unit, draft, done.state, turned=True)
            review = Review(done.state, done.standing)
            return Update(await self._form(unit, turn, review, said=wanting.sentence))

    async def _form(
        self,
        unit: Unit,
        turn: Turn,
        result: Result,
        note: str = "",
        tips: tuple[Placed, ...] = (),
        said: str = "",
    ) -> Form:
        """A page or the review, as this person sees it in this channel."""
        asker = turn.event.asker
        if not isinstance(result, Ask | Review):
            raise TypeError(f"{type(result).__name__} has no form")
        posed = result.posed if isinstance(result, Ask) else ()
        people = people_in(one.answer for one in posed)
        accounts = await accounts_in(unit.session, people, turn.event.place.channel)
        frame = pages.Frame(
            draft=turn.draft.number,
            revision=turn.draft.revision,
            words=Wording(turn.flow, asker.language, turn.world.names(asker.language)),
            accounts={reference(person): account for person, account in accounts.items()},
            note=say(asker.language, note) if note else said,
        )
        if isinstance(result, Review):
            return await self.desk.review(unit, turn.event, turn.draft, result.standing, frame, turn.world)
        heard = shown(tips, result, asker.language, turn.flow.address)
        return pages.page_form(result, replace(frame, tips=heard, analysis=turn.world.analysis(result)))

    async def _turn(self, unit: Unit, event: Event, number: str, flow: Flow, answers: Answers) -> Turn:
        draft = await _mine(unit, number, event.asker)
        if (draft.flow, draft.flow_version) != (flow.id, flow.version):
            raise _OtherFlow
        draft.channel = event.place.channel
        return self._turn_of(event, draft, flow, drafts.state_of(draft), answers)

    def _turn_of(self, event: Event, draft: Draft, flow: Flow, state: State, answers: Answers) -> Turn:
        people = people_in([*state.answers.values(), *answers.values()]) | {event.asker.person}
        world = self.make_world(event.asker, people)
        return Turn(event, draft, flow, state, world, world.surroundings(draft.person))

    async def _with_flow(self, event: Event, number: str, act: Callable[[Flow], Awaitable[T]]) -> T:
        """Act with the version of the flow that a draft is on. Raises Refused.

        What it was on the last time is remembered: a look into the database costs as much as the page.
        """
        version = self._versions.get(number) or await self._version(event, number)
        try:
            return await act(await self._flow(version))
        except _OtherFlow:
            return await act(await self._flow(await self._version(event, number)))

    async def _version(self, event: Event, number: str) -> tuple[str, int]:
        async with self.database.reading() as session:
            try:
                draft = await drafts.mine(session, number, event.asker)
            except DraftNotFound as missing:
                raise Refused("request.not_open") from missing
        return self._remember(draft)

    def _remember(self, draft: Draft) -> tuple[str, int]:
        if len(self._versions) >= _REMEMBERED:
            self._versions.clear()
        self._versions[str(draft.number)] = version = draft.flow, draft.flow_version
        return version

    async def _flow(self, version: tuple[str, int]) -> Flow:
        flow = await self.shelf.version(*version)
        if flow is None:
            raise Refused("request.flow_gone")
        return flow

    async def _answers(self, event: Event, flow: Flow, given: Answers) -> Answers:
        """The answers with our own references in the place of a channel's accounts."""
        answers = dict(given)
        for question in flow.questions:
            if question.type in PEOPLE and question.id in given:
                people = [await self._person(event, account) for account in listed(given[question.id])]
                answers[question.id] = tuple(people) if question.several else "".join(people[:1])
        if whom := listed(given.get(asides.FOR_WHOM)):
            answers[asides.FOR_WHOM] = await self._person(event, whom[0])
        return answers

    async def _person(self, event: Event, account: str) -> str:
        asker = await self.directory.asker(Account(event.place.channel, account), event.place)
        return reference(asker.person)


def _open(event: Event, draft: Draft, form: Form) -> Open:
    return Open(form, cards.continue_button(draft.number, event.asker.language))


async def _mine(unit: Unit, number: str, asker: Asker) -> Draft:
    try:
        return await drafts.mine(unit.session, number, asker, for_update=True)
    except DraftNotFound as missing:
        raise Refused("request.not_open") from missing


def _on_review(event: FormSubmitted) -> bool:
    return event.action == pages.REVIEW


def _sentences(flow: Flow, result: Ask, language: str) -> Mapping[str, str]:
    words, posed = Wording(flow, language), {one.question.id: one.question for one in result.posed}
    return {id_: words.problem(posed[id_], one) for id_, one in result.problems.items()}
