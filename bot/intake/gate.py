"""The gate before the sending: what a flow wants of a request that is far from ready. Pure.

`none`, the default, never asks. `soft` asks once, and whoever sends again is through. `hard` is the
explicit choice of whoever owns the flow: nothing is sent below `min_score`; a word with IT is possible all
the same.
"""

from collections.abc import Iterator

from bot.i18n import say
from bot.intake.model import Criterion, Rubric
from bot.intake.standing import Standing
from bot.intake.usecase import Readiness
from bot.intake.wording import Wording

ASKED = "gate"  # stands among the hints of a draft when its gate has asked


class NotReady(Exception):
    """The flow wants more before this is sent. Show the review with the sentence, which says what."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def question(words: Wording, now: Standing, found: Readiness | None, *, asked: bool) -> str:
    """What to say instead of sending, "" if it may be sent. `asked`: the gate has said it before."""
    rubric = words.flow.review.readiness
    if rubric is None or found is None or found.score >= rubric.min_score:
        return ""
    if rubric.gate == "none" or (rubric.gate == "soft" and asked):
        return ""
    labels = ", ".join(words.text(one.label) for one in _missing(rubric, now, found))
    wanted = labels or say(words.language, "request.gate_words")
    return say(words.language, f"request.gate_{rubric.gate}", wanted=wanted)


def _missing(rubric: Rubric, now: Standing, found: Readiness) -> Iterator[Criterion]:
    """What lifts it to `min_score`, the most helpful first; nothing that nobody is asked for."""
    asked = {*now.answers, *(question.id for page in now.pages for question in page.asked)}
    by_id = {criterion.id: criterion for criterion in rubric.criteria if asked & {*criterion.answered}}
    score = found.score
    for id_ in found.open:
        if id_ in by_id and score < rubric.min_score:
            score += by_id[id_].points
            yield by_id[id_]
