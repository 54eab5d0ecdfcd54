"""What of a draft counts: which steps and questions are shown, which answers are meant, which facts hold.

Read from top to bottom: a condition sees the answers above it and the facts about them, nothing else.
An answer that is hidden counts nowhere; it only stays in the draft.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.intake.conditions import Answer, Fact
from bot.intake.model import Flow, Question, Step
from bot.intake.state import Answers, Facts, State, Surroundings


@dataclass(frozen=True, slots=True)
class Page:
    """A step that is shown, with its questions that are shown (`markdown` among them)."""

    step: Step
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a draft stands. `answers` are cleaned: shown, not empty, not "I do not know", in normal form;
    a hidden question with `fallback` has the answer of that one. `unknown` are the shown questions that
    become open questions. `values` is what conditions and placeholders see: answers and facts.
    """

    pages: tuple[Page, ...]
    answers: Answers
    facts: Facts
    unknown: tuple[Question, ...]
    suggestions: Answers

    @property
    def values(self) -> Mapping[str, Answer | Fact]:
        """Answers and facts by name."""
        return {**self.facts, **self.answers}

    def page(self, step: str | None) -> Page | None:
        """The page of a step, None if it is not shown."""
        return next((page for page in self.pages if page.step.id == step), None)


def standing(flow: Flow, state: State, around: Surroundings) -> Standing:
    """How the draft stands now."""
    raise NotImplementedError
