"""Hints of the coach on a page: which are new, and which do not fit.

What was heard is remembered with the draft. What does not fit is counted by rule, without the person and
without the text.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from sqlmodel import col

from bot.db.rows import insert
from bot.db.unit_of_work import Unit
from bot.intake.coach import Coach, Placed, Seen, chosen, placed, sentence
from bot.intake.coaching.fields import kind_of
from bot.intake.flow import Ask
from bot.intake.model import CoachRule
from bot.intake.pages import Tip
from bot.intake.state import told
from bot.intake.tables import Draft, HintMark
from bot.intake.texts import Address


@dataclass(frozen=True, slots=True)
class Tips:
    """What the coach says to a page."""

    coach: Coach

    def new(self, draft: Draft, asked: Ask, language: str) -> tuple[Placed, ...]:
        """The hints that were not heard yet: at most two, the most helpful first."""
        seen = [_seen(key, digest) for key, digest in draft.tips.items()]
        muted = cast(list[CoachRule], draft.muted)
        return chosen(self._all(asked, language), muted=muted, seen=seen)

    def left(self, asked: Ask, language: str, names: Collection[str]) -> tuple[Placed, ...]:
        """Of the hints that stood on the page, by name, those that still apply."""
        found = self._all(asked, language) if names else ()
        return chosen(one for one in found if name_of(one) in names)

    def heard(self, unit: Unit, draft: Draft, asked: Ask, language: str) -> None:
        """Remember what could be said to these texts: whoever goes on now is not held up again."""
        found = {f"{one.question}:{one.hint.rule}": one.digest for one in self._all(asked, language)}
        draft.tips = {**draft.tips, **found}
        unit.session.add(draft)

    async def refuse(self, unit: Unit, draft: Draft, rule: str, language: str) -> None:
        """ "Passt nicht": not again in this draft, and counted. Only for a hint that was really shown."""
        if rule in draft.muted or not any(key.endswith(f":{rule}") for key in draft.tips):
            return
        draft.muted = [*draft.muted, rule]
        unit.session.add(draft)
        first = insert(unit.session, HintMark).values(rule=rule, language=language, refused=1)
        more = {"refused": col(HintMark.refused) + 1}
        await unit.session.exec(first.on_conflict_do_update(index_elements=["rule", "language"], set_=more))

    def _all(self, asked: Ask, language: str) -> Iterator[Placed]:
        answers = asked.standing.answers
        questions = (one for page in asked.standing.pages for one in page.asked if kind_of(one) == "goal")
        goal = "\n".join(told(next((answers.get(one.id) for one in questions), None)))
        for posed in asked.posed:
            text = "\n".join(told(posed.answer))
            hints = self.coach.question(posed.question, posed.answer, language=language, goal=goal)
            yield from placed(posed.question.id, text, hints)


def shown(
    tips: tuple[Placed, ...], asked: Ask, language: str, address: Address
) -> Mapping[str, tuple[Tip, ...]]:
    """The hints as they are said, by question, from top to bottom of the page."""
    found: dict[str, tuple[Tip, ...]] = {}
    for question in (posed.question.id for posed in asked.posed):
        here = (one for one in tips if one.question == question)
        if said := tuple(Tip(name_of(one), sentence(one.hint, language, address)) for one in here):
            found[question] = said
    return found


def name_of(one: Placed) -> str:
    """By which a form and its buttons name a hint: the question and the rule."""
    return f"{one.question}.{one.hint.rule}"


def _seen(key: str, digest: str) -> Seen:
    question, _, rule = key.rpartition(":")
    return Seen(question, cast(CoachRule, rule), digest)
