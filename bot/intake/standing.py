"""What of a draft counts: which steps and questions are shown, which answers are meant, which facts hold.

Read from top to bottom: a condition sees the answers above it and the facts about them, nothing else.
An answer that is hidden counts nowhere; it only stays in the draft.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from bot.intake.answers import Problem, normal, problem
from bot.intake.conditions import Answer, Fact, holds
from bot.intake.model import REQUESTER, Choice, Flow, Question, Step
from bot.intake.state import Answers, Facts, State, Surroundings, told

Subject = Literal["detected", "interfaces", "glossary"]
# the first part of a fact's name, and what it is a fact about: the wish, the systems or terms chosen
_SUBJECTS: Mapping[str, Subject] = {
    "detected": "detected",
    "interfaces": "interfaces",
    "landscape": "interfaces",
    "glossary": "glossary",
}


_KEPT = 4  # beginnings: versions of a flow, facts that were settled


@dataclass(frozen=True, slots=True)
class Page:
    """A step that is shown, with its questions that are shown (`markdown` among them)."""

    step: Step
    questions: tuple[Question, ...]

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that have an answer."""
        return tuple(question for question in self.questions if question.type != "markdown")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a draft stands. `answers` are cleaned: shown, not empty, not "I do not know", in normal form;
    a hidden question with `fallback` has the answer of that one. `unknown` are the shown questions that
    become open questions. `suggestions` is what stands in a field that nobody has touched; `open` are
    those of the page that is open: they decide what is shown there, and are no answers before Next.
    """

    pages: tuple[Page, ...]
    answers: Answers
    facts: Facts
    unknown: tuple[Question, ...]
    suggestions: Answers
    open: Answers = field(default_factory=dict)

    @property
    def values(self) -> Mapping[str, Answer | Fact]:
        """Answers and facts by name: what conditions and placeholders see."""
        return {**self.facts, **self.answers, **self.open}

    def page(self, step: str | None) -> Page | None:
        """The page of a step, None if it is not shown."""
        return next((page for page in self.pages if page.step.id == step), None)


def standing(flow: Flow, state: State, around: Surroundings) -> Standing:
    """How the draft stands now, with the page of `state.step` open.

    One event asks for the same few standings again and again, most of them with the same first pages: what
    was read of them is kept for it.
    """
    walk = _beginning(flow, state, around)
    for step in flow.steps:
        closed = walk.on(step, state, is_open=False)
        walk = walk.on(step, state, is_open=True) if closed.opens(step, state) else closed
    return Standing(walk.pages, walk.answers, walk.facts, tuple(walk.unknown), walk.suggestions, walk.open)


def problems(page: Page, state: State, now: Standing, around: Surroundings) -> dict[str, Problem]:
    """What is wrong with the answers of a page, by question."""
    values = now.values
    found = {
        question.id: problem(
            question, field_of(question, state, now), choices(question, around), values, around
        )
        for question in page.asked
    }
    return {id_: wrong for id_, wrong in found.items() if wrong}


def field_of(question: Question, state: State, now: Standing) -> Answer | None:
    """What stands in the field of a question: as typed, or suggested."""
    return state.answers.get(question.id, now.suggestions.get(question.id))


def is_suggested(question: Question, state: State, now: Standing) -> bool:
    """Whether our words stand in the field, found by `prefill`, as they were found."""
    found = now.suggestions.get(question.id) if question.prefill else None
    return found is not None and field_of(question, state, now) == found


def choices(question: Question, around: Surroundings) -> tuple[Choice, ...]:
    """What can be chosen."""
    if question.options_from:
        return around.choices(question.options_from)
    return question.choices


def subject_of_fact(name: str) -> Subject | None:
    """What a fact is about, None if it is none."""
    return _SUBJECTS.get(name.partition(".")[0]) if "." in name else None


def subject_of(question: Question) -> Subject | None:
    """What the answer is analysed as."""
    if question.prefill == "command_text" or question.maps_to == "original_wish":
        return "detected"
    return "interfaces" if question.maps_to == "landscape.systems" else question.show_analysis


def _beginning(flow: Flow, state: State, around: Surroundings) -> "_Walk":
    for known_flow, walk in around.remembered:
        if known_flow is flow and walk.settled == state.settled:
            return cast(_Walk, walk)
    walk = _Walk(around, state.settled, facts=dict(state.settled), values=dict(state.settled))
    around.remembered[_KEPT - 1 :] = []
    around.remembered.insert(0, (flow, walk))
    return walk


@dataclass(slots=True, eq=False)
class _Walk:
    """From the first question down to a page; `then` are the ways that went on from here."""

    around: Surroundings
    settled: Facts
    pages: tuple[Page, ...] = ()
    answers: dict[str, Answer] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    unknown: list[Question] = field(default_factory=list)
    suggestions: dict[str, Answer] = field(default_factory=dict)
    open: dict[str, Answer] = field(default_factory=dict)
    values: dict[str, Answer | Fact] = field(default_factory=dict)
    subjects: dict[str, tuple[str, ...]] = field(default_factory=dict)
    then: dict[tuple[object, ...], "_Walk"] = field(default_factory=dict)

    def on(self, step: Step, state: State, *, is_open: bool) -> "_Walk":
        """The way to the next page. What it reads of the state is all that makes it another way."""
        ids = [question.id for question in step.questions]
        key = (is_open, *((state.answers.get(id_), id_ in state.sent) for id_ in ids))
        if key not in self.then:
            self.then[key] = way = self.copy()
            way.read(step, state, is_open=is_open)
        return self.then[key]

    def opens(self, step: Step, state: State) -> bool:
        """Whether it is the open page, and a suggestion stands in a field that nobody has touched."""
        if step.id != state.step or not self.pages or self.pages[-1].step is not step:
            return False
        untouched = (one.id for one in self.pages[-1].asked if one.id not in state.answers)
        return any(id_ in self.suggestions and id_ not in state.sent for id_ in untouched)

    def copy(self) -> "_Walk":
        """What can go on without changing this one."""
        return _Walk(
            self.around,
            self.settled,
            self.pages,
            dict(self.answers),
            dict(self.facts),
            list(self.unknown),
            dict(self.suggestions),
            dict(self.open),
            dict(self.values),
            dict(self.subjects),
        )

    def read(self, step: Step, state: State, *, is_open: bool) -> None:
        """Read the next page."""
        if not holds(step.show_if, self.values):
            for question in step.questions:
                self._hide(question)
            return
        shown = tuple(question for question in step.questions if self._shows(question, state, is_open))
        self.pages += (Page(step, shown),) if shown else ()

    def _shows(self, question: Question, state: State, is_open: bool) -> bool:
        if not holds(question.show_if, self.values):
            self._hide(question)
            return False
        if question.type != "markdown":
            self._answer(question, state, is_open)
        return True

    def _hide(self, question: Question) -> None:
        if question.fallback in self.answers:
            self._set(question.id, self.answers[str(question.fallback)])

    def _answer(self, question: Question, state: State, is_open: bool) -> None:
        typed, suggestion = state.answers.get(question.id), self._suggestion(question)
        if typed is None and suggestion is None:
            self.unknown += [question] if question.allow_unknown else []
            return
        options = choices(question, self.around)
        suggested = normal(question, suggestion, options)
        if suggested is not None:
            self.suggestions[question.id] = suggested
        if typed is None and question.id in state.sent:
            typed = suggested
        elif typed is None and is_open and suggested is not None:
            self.open[question.id] = self.values[question.id] = suggested
        answer = normal(question, typed, options)
        if answer is None:
            self.unknown += [question] if question.allow_unknown else []
            return
        self._set(question.id, answer)
        if group := subject_of(question):
            self._analyse(group, answer)

    def _suggestion(self, question: Question) -> Answer | None:
        fact = self.facts.get(question.prefill or "")
        if isinstance(fact, str) and fact:
            return fact
        if question.default == REQUESTER:
            return self.around.requester
        return None if question.default is None else str(question.default)

    def _set(self, name: str, answer: Answer) -> None:
        self.answers[name] = self.values[name] = answer

    def _analyse(self, group: Subject, answer: Answer) -> None:
        self.subjects[group] = (*self.subjects.get(group, ()), *told(answer))
        analyses: Mapping[Subject, Callable[[tuple[str, ...]], Facts]] = {
            "detected": self.around.detected,
            "interfaces": self.around.interfaces,
            "glossary": self.around.glossary,
        }
        self.facts.update(analyses[group](self.subjects[group]))
        self.facts.update(self.settled)
        self.values.update(self.facts)
