"""The flow engine: `advance(flow, state, input, around)` says what comes next. Pure.

Input and result are closed unions. Nothing is an error: a page that cannot be left is asked again, with
a problem per question. A problem is a key; the view says the sentence (`intake.error.KEY`). An input
names the step that its form was drawn for: the same input twice leads to the same place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from bot.intake.answers import Problem, day, kept
from bot.intake.conditions import UNKNOWN, Answer
from bot.intake.model import Choice, Flow, Question, Step
from bot.intake.standing import (
    Page,
    Standing,
    choices,
    field_of,
    is_suggested,
    problems,
    standing,
    subject_of,
    subject_of_fact,
)
from bot.intake.state import OTHER, Answers, State, Surroundings, listed, told
from bot.intake.texts import placeholders


@dataclass(frozen=True, slots=True)
class Begin:
    """Show where the draft stands: at its start, when somebody goes on, on a new version of the flow."""


@dataclass(frozen=True, slots=True)
class Next:
    """Leave a page forwards. `answers` are those of the form, also "something else" (`other_field`).

    What the form does not name stays as it was: a channel may leave out what nobody touched.
    """

    step: str
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Back:
    """Leave a page backwards; nothing is checked, nothing is lost. On the review `step` is None."""

    step: str | None
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """An answer on the open page has changed, and others of the page may depend on it."""

    step: str
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Jump:
    """Change a section, from the review. Next leads back to the review."""

    step: str


@dataclass(frozen=True, slots=True)
class Save:
    """Keep what was typed, and go. On the review `step` is None."""

    step: str | None = None
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submit:
    """Send the request, from the review."""


@dataclass(frozen=True, slots=True)
class Discard:
    """Throw the draft away."""


Input = Begin | Next | Back | Change | Jump | Save | Submit | Discard


@dataclass(frozen=True, slots=True)
class Posed:
    """A question as it is shown now.

    `answer` is as typed (a day as ISO text), or what is suggested, None if nothing stands there.
    `choices` are the options of a choice; "I do not know yet" and "something else" are added by the view
    (`allow_unknown`, `allow_other`). `live`: others of the page depend on it, tell us when it changes.
    `suggested`: what stands there is what we propose, word for word.
    """

    question: Question
    answer: Answer | None = None
    problem: Problem | None = None
    choices: tuple[Choice, ...] = ()
    live: bool = False
    suggested: bool = False

    @property
    def chosen(self) -> tuple[str, ...]:
        """The answer as values that can be chosen (UNKNOWN among them): what has vanished is left out."""
        values = {choice.value for choice in self.choices}
        if self.question.allow_unknown:
            values.add(UNKNOWN)
        return tuple(entry for entry in listed(self.answer) if entry in values)

    @property
    def own(self) -> str:
        """What was typed as "something else", "" if nothing was."""
        typed = (entry for entry in listed(self.answer) if entry.startswith(OTHER))
        return ", ".join(entry.removeprefix(OTHER) for entry in typed)


@dataclass(frozen=True, slots=True)
class Ask:
    """A page to answer. `number` of `total` counts the pages that are shown now, from 1.

    `returning`: Next leads (back) to the review. `standing` has the values for placeholders
    (`standing.values`) and for the analysis below a question.
    """

    state: State
    step: Step
    posed: tuple[Posed, ...]
    number: int
    total: int
    returning: bool
    standing: Standing

    @property
    def problems(self) -> Mapping[str, Problem]:
        """What is wrong, by question."""
        return {one.question.id: one.problem for one in self.posed if one.problem}


@dataclass(frozen=True, slots=True)
class Review:
    """Everything is answered as far as it must be: `standing` is what would be sent."""

    state: State
    standing: Standing


@dataclass(frozen=True, slots=True)
class Done:
    """Send it: `standing` has the cleaned answers, the facts and what is not known yet."""

    state: State
    standing: Standing


@dataclass(frozen=True, slots=True)
class Saved:
    """Keep the draft, close the form."""

    state: State


@dataclass(frozen=True, slots=True)
class Discarded:
    """Forget the draft."""

    state: State


Result = Ask | Review | Done | Saved | Discarded


def advance(flow: Flow, state: State, given: Input, around: Surroundings) -> Result:
    """What comes next. `flow` is the version that the state names (see `state.moved`)."""
    turn = _Turn(flow, _merged(flow, state, given, around), around)
    match given:
        case Begin():
            return turn.resume()
        case Next(step):
            return turn.next(step)
        case Back(step):
            return turn.back(step)
        case Change(step):
            return turn.ask(step)
        case Jump(step):
            return turn.jump(step)
        case Save(step):
            return Saved(replace(turn.state, step=step) if flow.step(step or "") else turn.state)
        case Submit():
            return turn.submit()
        case Discard():
            return Discarded(turn.state)


def live(step: Step) -> frozenset[str]:
    """The questions of a step that others of the same step depend on: in a condition, directly or by a
    fact about them, or in a placeholder; and those whose analysis is shown.
    """
    named = {name for question in step.questions for name in _named(question)}
    subjects = {subject_of_fact(name) for name in named} - {None}
    return frozenset(
        question.id
        for question in step.questions
        if question.id in named or question.show_analysis or subject_of(question) in subjects
    )


def _shown(question: Question, answer: Answer | None) -> Answer | None:
    """The answer as its field can show it: of a date only a day."""
    if question.type != "date":
        return answer
    found = next((day(one) for one in listed(answer)), None)
    return found.isoformat() if found else None


def _named(question: Question) -> Iterator[str]:
    """The answers and facts that decide whether a question is shown, and with which words."""
    yield from question.show_if or ()
    for texts in (question.label, question.hint or {}, question.placeholder or {}):
        for text in texts.values():
            yield from placeholders(text)


def _merged(flow: Flow, state: State, given: Input, around: Surroundings) -> State:
    """The state with the answers of a form. What is exactly as suggested is no answer of one's own, an
    empty field in which nothing stood says nothing, and what was settled about another wish is open again.
    """
    step = flow.step(given.step or "") if isinstance(given, Next | Back | Change | Save) else None
    if step is None or not isinstance(given, Next | Back | Change | Save) or not given.answers:
        return state
    before = standing(flow, state, around)
    answers = dict(state.answers)
    for question in step.questions:
        stood = field_of(question, state, before)
        typed = None if question.type == "markdown" else kept(question, given.answers, stood)
        if typed is not None:
            answers.pop(question.id, None)
            if listed(typed) or stood is not None:
                answers[question.id] = typed
    if _wish(flow, answers) != _wish(flow, state.answers):
        state = replace(state, settled={})
    suggested = standing(flow, replace(state, answers=answers, step=step.id), around).suggestions
    own = {
        id_: answer
        for id_, answer in answers.items()
        if id_ not in given.answers or answer != suggested.get(id_)
    }
    return replace(state, answers=own)


def _wish(flow: Flow, answers: Answers) -> list[str]:
    """The words of the wish, however they are spaced."""
    wishes = (question.id for question in flow.questions if subject_of(question) == "detected")
    return [word for id_ in wishes for part in told(answers.get(id_)) for word in part.split()]


class _Turn:
    """One input, after its answers have been merged. Pages are chosen as if none was open."""

    def __init__(self, flow: Flow, state: State, around: Surroundings) -> None:
        self.state = state
        self._flow = flow
        self._around = around
        self._now = self._standing(None)
        self._order = {step.id: at for at, step in enumerate(flow.steps)}

    def resume(self) -> Result:
        """The page where the draft stands, or the nearest that can be shown."""
        return self._finish() if self.state.step is None else self.ask(self.state.step)

    def ask(self, step: str) -> Result:
        """This page; if it is hidden by now, the one that follows."""
        page = self._now.page(step) or self._after(step)
        return self._ask(page) if page else self._finish()

    def next(self, step: str) -> Result:
        opened = self._standing(step)
        page = opened.page(step)
        if page is None:
            return self._onward(step)
        wrong = problems(page, self.state, opened, self._around)
        unseen = self._unseen(page) if step == self.state.step else frozenset()
        if wrong or unseen:
            return self._ask(page, {id_: one for id_, one in wrong.items() if id_ not in unseen})
        self.state = replace(self.state, sent=self.state.sent | {one.id for one in page.asked})
        self._now = self._standing(None)
        return self._onward(step)

    def back(self, step: str | None) -> Result:
        """The page before; on the first one it stays."""
        place = self._place(step) if step is not None else len(self._order)
        before = [page for page in self._now.pages if self._order[page.step.id] < place]
        if before:
            return self._ask(before[-1])
        return self.ask(step) if step is not None else self._finish()

    def jump(self, step: str) -> Result:
        page = self._now.page(step)
        reached = page and (self.state.reviewed or not self._pending(page))
        return self._ask(page) if page and reached else self.resume()

    def submit(self) -> Result:
        for page in self._now.pages:
            if self._pending(page):
                return self._ask(page, self._problems(page))
        return Done(self._reviewed(), self._now)

    def _onward(self, step: str) -> Result:
        """Forwards from a page; back to the review, once somebody has seen it."""
        following = None if self.state.reviewed else self._after(step)
        reached = self._ask(following) if following else self._finish()
        if isinstance(reached, Review) and not self._flow.review.preview:
            return Done(reached.state, reached.standing)
        return reached

    def _finish(self) -> Result:
        """The review, or the first page that something is missing on."""
        for page in self._now.pages:
            if self._pending(page):
                return self._ask(page, self._problems_seen(page))
        return Review(self._reviewed(), self._now)

    def _reviewed(self) -> State:
        return replace(self.state, step=None, reviewed=True, shown=())

    def _standing(self, step: str | None) -> Standing:
        """How the draft stands with this page open."""
        return standing(self._flow, replace(self.state, step=step), self._around)

    def _after(self, step: str) -> Page | None:
        place = self._place(step)
        return next((page for page in self._now.pages if self._order[page.step.id] > place), None)

    def _place(self, step: str) -> int:
        return self._order.get(step, -1)

    def _pending(self, page: Page) -> bool:
        """Whether a question was never sent, or its answer is (no longer) right."""
        return any(one.id not in self.state.sent for one in page.asked) or bool(self._problems(page))

    def _problems(self, page: Page) -> dict[str, Problem]:
        return problems(page, self.state, self._now, self._around)

    def _problems_seen(self, page: Page) -> dict[str, Problem]:
        """Nobody is blamed for a question that they have not seen."""
        return {id_: one for id_, one in self._problems(page).items() if id_ in self.state.sent}

    def _unseen(self, page: Page) -> frozenset[str]:
        """Questions that appeared with the last answers, where a channel could not show them at once."""
        seen = {*self.state.shown, *self.state.sent, *self.state.answers}
        return frozenset(question.id for question in page.asked if question.id not in seen)

    def _ask(self, page: Page, wrong: Mapping[str, Problem] = MappingProxyType({})) -> Ask:
        step = page.step
        opened = self._standing(step.id)
        questions = next(one.questions for one in opened.pages if one.step.id == step.id)
        shown = tuple(question.id for question in questions)
        watched = live(step)
        posed = tuple(
            Posed(
                question,
                _shown(question, field_of(question, self.state, opened)),
                wrong.get(question.id),
                choices(question, self._around),
                question.id in watched,
                is_suggested(question, self.state, opened),
            )
            for question in questions
        )
        return Ask(
            replace(self.state, step=step.id, shown=shown),
            step,
            posed,
            [one.step.id for one in opened.pages].index(step.id) + 1,
            len(opened.pages),
            self.state.reviewed,
            opened,
        )
