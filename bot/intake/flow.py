"""The flow engine: `advance(flow, state, input, around)` says what comes next. Pure.

Input and result are closed unions. Nothing is an error: a page that cannot be left is asked again, with
a problem per question. A problem is a key; the view says the sentence (`intake.error.KEY`). An input
names the step that its form was drawn for: the same input twice leads to the same place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.intake.answers import Problem
from bot.intake.conditions import Answer
from bot.intake.model import Flow, Question, Step
from bot.intake.standing import Standing
from bot.intake.state import Answers, Choice, State, Surroundings

# ------------------------------------------------------------------------------------------ what comes in


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

# ----------------------------------------------------------------------------------------- what comes out


@dataclass(frozen=True, slots=True)
class Posed:
    """A question as it is shown now.

    `answer` is as typed, or what is suggested, None if nothing stands there. `choices` are the options of
    a choice; "I do not know yet" and "something else" are added by the view (`allow_unknown`,
    `allow_other`). `live`: others of the page depend on the answer, tell us as soon as it changes.
    """

    question: Question
    answer: Answer | None = None
    problem: Problem | None = None
    choices: tuple[Choice, ...] = ()
    live: bool = False

    @property
    def chosen(self) -> tuple[str, ...]:
        """The answer as values that can be chosen (UNKNOWN among them): what has vanished is left out."""
        raise NotImplementedError

    @property
    def own(self) -> str:
        """What was typed as "something else", "" if nothing was."""
        raise NotImplementedError


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
    raise NotImplementedError


def live(step: Step) -> frozenset[str]:
    """The questions of a step that others of the same step depend on: in a condition, directly or by a
    fact about them, or in a placeholder; and those whose analysis is shown.
    """
    raise NotImplementedError
