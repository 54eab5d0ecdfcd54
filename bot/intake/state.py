"""Where somebody is in a flow: what they typed, how far they came, and what the engine asks of the world.

A state is a plain value. `dumped` and `loaded` turn it into text and back, so that a draft can be kept.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from pydantic import PlainSerializer, TypeAdapter, ValidationError

from bot.intake.conditions import UNKNOWN, Answer, Fact
from bot.intake.model import Choice, Flow, OptionSource, Question

# An answer of one's own ("something else") is kept with this in front. No value of an option has a colon.
OTHER = "other:"
# In a form it is typed into a field of its own, and chosen as OTHER_CHOICE.
OTHER_CHOICE = "other"
_OTHER_FIELD = "-other"

Answers = Mapping[str, Answer]
Facts = Mapping[str, Fact]


class StateUnreadable(Exception):
    """A newer Klartext has kept this draft. Start the newer one."""


def _nothing(_: tuple[str, ...]) -> Facts:
    return {}


def _no_choices(_: OptionSource) -> tuple[Choice, ...]:
    return ()


def _anybody(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the engine is told about the world. The functions are pure: the same answers, the same page.

    `requester` and every other person is our own reference (`person:7`, `role:it_lead`), never a vendor's
    id. `detected`, `interfaces` and `glossary` say the facts of that name (`detected.product` …) about
    the wish, the systems chosen and the terms chosen; free text stands among them as it was typed.
    `remembered` is where `standing` keeps what it has read for this event.
    """

    today: dt.date
    requester: str
    detected: Callable[[tuple[str, ...]], Facts] = _nothing
    interfaces: Callable[[tuple[str, ...]], Facts] = _nothing
    glossary: Callable[[tuple[str, ...]], Facts] = _nothing
    choices: Callable[[OptionSource], tuple[Choice, ...]] = _no_choices
    knows_person: Callable[[str], bool] = _anybody
    remembered: list[Any] = field(default_factory=list, init=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class State:
    """A draft. `answers` are as typed, also those of questions that are hidden now: they may come back.

    `step` is None on the review. `sent` are the questions that stood on a page when it was left with Next
    and was right; what was suggested there counts from then on, as long as nobody types something else.
    `reviewed`: they have seen the review, so Next leads back to it. `settled` are facts that the person
    said themselves (a doubt that was cleared up): they win over any analysis. `shown` are the questions
    of the page as it was last asked.
    """

    flow: str
    version: int
    step: str | None
    answers: Answers = field(default_factory=dict)
    sent: Annotated[frozenset[str], PlainSerializer(sorted)] = frozenset()
    reviewed: bool = False
    settled: Facts = field(default_factory=dict)
    shown: tuple[str, ...] = ()


_STATE = TypeAdapter(State)


def dumped(state: State) -> str:
    """The state as JSON."""
    return _STATE.dump_json(state).decode()


def loaded(text: str) -> State:
    """The state that was dumped. Raises StateUnreadable."""
    try:
        return _STATE.validate_json(text)
    except ValidationError as errors:
        raise StateUnreadable(str(errors)) from errors


def begun(flow: Flow, typed: str = "", settled: Facts | None = None) -> State:
    """A new draft. `typed` is what stood behind the command; it is the first answer."""
    wishes = [question.id for question in flow.questions if question.prefill == "command_text"]
    answers: Answers = dict.fromkeys(wishes, typed) if typed.strip() else {}
    return State(flow.id, flow.version, flow.steps[0].id, answers, settled=settled or {})


def moved(state: State, old: Flow, new: Flow) -> State:
    """The draft on another version of its flow: answers stay by question id, new questions are asked.

    The person goes on at the step where they were, or at the one that its questions have moved to.
    """
    known = {question.id: question for question in new.questions}
    return replace(
        state,
        version=new.version,
        step=state.step and _new_step(state.step, old, new),
        answers={id_: fitting(known[id_], answer) for id_, answer in state.answers.items() if id_ in known},
        sent=frozenset(state.sent & known.keys()),
        shown=(),
    )


def other_field(question: str) -> str:
    """The id of the field in which an answer of one's own is typed. No question can have this id."""
    return question + _OTHER_FIELD


def listed(answer: Answer | None) -> tuple[str, ...]:
    """The entries of an answer, without empty ones."""
    entries = answer if isinstance(answer, tuple) else (answer or "",)
    return tuple(entry for entry in entries if entry.strip())


def told(answer: Answer | None) -> tuple[str, ...]:
    """The entries of an answer in words: what is not known is left out, what is one's own is bare."""
    return tuple(entry.removeprefix(OTHER) for entry in listed(answer) if entry != UNKNOWN)


def fitting(question: Question, answer: Answer) -> Answer:
    """The answer as a list if the question has one. Two answers to one question stay two, to be told."""
    if question.several:
        return listed(answer)
    if isinstance(answer, str):
        return answer
    return answer if len(answer) > 1 else "".join(answer)


def _new_step(id_: str, old: Flow, new: Flow) -> str:
    if new.step(id_):
        return id_
    former = old.step(id_)
    questions = {question.id for question in former.questions} if former else set()
    homes = (
        step.id for step in new.steps if questions.intersection(question.id for question in step.questions)
    )
    return next(homes, new.steps[0].id)
