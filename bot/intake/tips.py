"""Hints of the coach on a page: which are new, which were heard already, which do not fit.

A hint is shown once for a text, at most two on a page. What does not fit is counted by rule, without the
person and without the text.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from bot.db.unit_of_work import Unit
from bot.intake.flow import Ask
from bot.intake.pages import Tip
from bot.intake.state import told
from bot.intake.tables import Draft, HintMark

MOST = 2  # hints of a page (notes on coaching: more are not read)
Coach = Callable[[Ask, str, Collection[str]], Mapping[str, tuple[Tip, ...]]]


@dataclass(frozen=True, slots=True)
class Tips:
    """`coach` says the hints of a page in a language, the most useful first, without the muted rules."""

    coach: Coach

    def new(self, draft: Draft, asked: Ask, language: str) -> Mapping[str, tuple[Tip, ...]]:
        """The hints that were not heard yet, by question."""
        found: dict[str, tuple[Tip, ...]] = {}
        for question, tip in list(self._unheard(draft, asked, language))[:MOST]:
            found[question] = (*found.get(question, ()), tip)
        return found

    def heard(self, unit: Unit, draft: Draft, asked: Ask, tips: Mapping[str, tuple[Tip, ...]]) -> None:
        """Remember what is shown now, with the text that it was about."""
        texts = _texts(asked)
        shown = {
            f"{question}:{tip.rule}": _digest(texts.get(question, ""))
            for question, those in tips.items()
            for tip in those
        }
        draft.tips = {**draft.tips, **shown}
        unit.session.add(draft)

    async def refuse(self, unit: Unit, draft: Draft, rule: str, language: str) -> None:
        """ "Passt nicht": not again in this draft, and counted. Only for a hint that was really shown."""
        if rule in draft.muted or not any(key.endswith(f":{rule}") for key in draft.tips):
            return
        draft.muted = [*draft.muted, rule]
        unit.session.add(draft)
        kind = sqlite if unit.database.is_sqlite else postgresql
        first = kind.insert(HintMark).values(rule=rule, language=language, refused=1)
        more = {"refused": col(HintMark.refused) + 1}
        await unit.session.exec(first.on_conflict_do_update(index_elements=["rule", "language"], set_=more))

    def _unheard(self, draft: Draft, asked: Ask, language: str) -> Iterator[tuple[str, Tip]]:
        texts = _texts(asked)
        for question, tips in self.coach(asked, language, draft.muted).items():
            for tip in tips:
                if draft.tips.get(f"{question}:{tip.rule}") != _digest(texts.get(question, "")):
                    yield question, tip


def _texts(asked: Ask) -> Mapping[str, str]:
    return {posed.question.id: "\n".join(told(posed.answer)) for posed in asked.posed}


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
