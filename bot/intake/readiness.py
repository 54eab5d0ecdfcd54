"""How ready a request is, 0–100, by the rubric of its flow. Pure. It shows what would add points.

A criterion counts if all of its questions that are shown are answered, at least one is shown, and none of
its hints applies to the first of them. "Nothing is missing" earns nothing where nothing was said: else a
bare wish would have points for a clear flow of data between no systems at all.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.intake.conditions import UNKNOWN, Answer
from bot.intake.model import CoachRule, Criterion, Flow, Rubric

Band = Literal["idea", "discuss", "ready"]
Fired = Mapping[str, Collection[CoachRule]]

FULL = 100
_READY = 70
_DISCUSS = 40


@dataclass(frozen=True, slots=True)
class Readiness:
    """The score and its band; `open` are the criteria that would add points, the most first.

    `deducted` are the points that hints cost, which a clearer wording would bring back.
    """

    score: int
    band: Band
    open: tuple[Criterion, ...] = ()
    deducted: int = 0


def readiness(
    flow: Flow, shown: Collection[str], answers: Mapping[str, Answer], fired: Fired
) -> Readiness | None:
    """How ready a request is; None if the flow has no rubric.

    `shown` are the ids of the questions that are shown; `answers` those that count, with the answer that a
    hidden question takes over (`fallback`); `fired` the rules that apply to each answer (`Coach.fired`).
    """
    rubric = flow.review.readiness
    if rubric is None:
        return None
    visible = {*shown, *answers}
    earned = {one.id for one in rubric.criteria if _earned(one, visible, answers, fired)}
    points = sum(one.points for one in rubric.criteria if one.id in earned)
    deducted = min(_deducted(flow, rubric, shown, answers, fired), points)
    missing = sorted((one for one in rubric.criteria if one.id not in earned), key=lambda one: -one.points)
    score = min(points - deducted, FULL)
    return Readiness(score, band_of(score), tuple(missing), deducted)


def band_of(score: int) -> Band:
    """0–39 an idea, 40–69 good to discuss, 70–100 ready to start (notes, section 5)."""
    return "ready" if score >= _READY else "discuss" if score >= _DISCUSS else "idea"


def _earned(
    criterion: Criterion, visible: Collection[str], answers: Mapping[str, Answer], fired: Fired
) -> bool:
    asked = [id_ for id_ in criterion.answered if id_ in visible]
    first = criterion.answered[0]
    return (
        bool(asked)
        and all(_answered(answers.get(id_)) for id_ in asked)
        and not set(criterion.without) & set(fired.get(first, ()))
    )


def _answered(answer: Answer | None) -> bool:
    entries = (answer,) if isinstance(answer, str) else answer or ()
    return any(entry.strip() and entry != UNKNOWN for entry in entries)


def _deducted(
    flow: Flow, rubric: Rubric, shown: Collection[str], answers: Mapping[str, Answer], fired: Fired
) -> int:
    """Points off per hint that a shown question itself lists. A hint counts once per question."""
    if rubric.deduct is None:
        return 0
    hints = sum(
        len({*rubric.deduct.for_} & {*question.coach} & {*fired.get(question.id, ())})
        for question in flow.questions
        if question.id in shown and question.id in answers
    )
    return min(hints * rubric.deduct.each, rubric.deduct.at_most)
