"""What people say about terms, and what they miss: stored, told to those who keep the glossary."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Asker
from bot.db.keys import first_time
from bot.db.rows import insert
from bot.db.unit_of_work import Unit
from bot.glossary.lookups import unanswered
from bot.glossary.tables import Proposal, Remark, Said
from bot.people.access import STEWARD
from bot.people.tell import Values, tell

_ONCE = timedelta(days=1)  # how long the same form is recognised


async def mark(unit: Unit, term: str, said: Said, person: int, department: str | None) -> None:
    """Helpful or not: one mark for each person and term, the last counts."""
    values = {"said": said, "department": department, "created_at": unit.database.clock()}
    row = insert(unit.session, Remark)
    row = row.values(term=term, text="", person=person, key=f"mark:{person}:{term}", **values)
    await unit.session.exec(row.on_conflict_do_update(index_elements=["key"], set_=values))


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote. `key` tells a second click from a second thought.

    `department` is theirs and `name` what it is called in each language.
    """

    text: str
    asker: Asker
    department: str | None
    name: Mapping[str, str]
    key: str


@dataclass(frozen=True, slots=True)
class About:
    """The term that words are about: its name in each language, and who hears of them."""

    term: str
    label: Mapping[str, str]
    owners: Collection[str]


async def remark(unit: Unit, about: About, words: Words) -> None:
    """ "Bei uns heisst das anders": kept with the department, told to the owners without a name."""
    if await _again(unit, "remark", words):
        return
    unit.session.add(
        Remark(
            term=about.term,
            said=Said.DIFFERS,
            text=words.text,
            department=words.department,
            person=words.asker.person,
            created_at=unit.database.clock(),
        )
    )
    values: Values = {"label": about.label, "text": words.text, "department": words.name}
    for owner in sorted(about.owners):
        await tell(unit, owner, "glossary.told_differs", values, about=words.asker.person)


async def propose(unit: Unit, word: str, words: Words) -> None:
    """A word that is missing: kept, and told to those who keep the glossary."""
    if await _again(unit, "proposal", words):
        return
    unit.session.add(
        Proposal(
            word=word,
            text=words.text,
            language=words.asker.language,
            department=words.department,
            person=words.asker.person,
            created_at=unit.database.clock(),
        )
    )
    values: Values = {"word": word, "text": words.text, "department": words.name}
    await tell(unit, STEWARD, "glossary.told_proposal", values, about=words.asker.person)


async def _again(unit: Unit, kind: str, words: Words) -> bool:
    key = f"{kind}:{words.asker.person}:{words.key}"
    return not await first_time(unit.session, key, _ONCE, clock=unit.database.clock)


@dataclass(slots=True)
class Feedback:
    """What was said about one term."""

    helpful: int = 0
    not_helpful: int = 0
    remarks: list[Remark] = field(default_factory=list)

    @property
    def complaints(self) -> int:
        """How often somebody was not content."""
        return self.not_helpful + len(self.remarks)


@dataclass(frozen=True, slots=True)
class Inbox:
    """What people said since a day: by term, the words that are missing, and what was proposed."""

    terms: dict[str, Feedback]
    proposals: Sequence[Proposal]
    unanswered: Sequence[tuple[str, int]]

    def __bool__(self) -> bool:
        return bool(self.terms or self.proposals or self.unanswered)


async def inbox(session: AsyncSession, since: datetime) -> Inbox:
    """Everything that was said since, the oldest first."""
    terms: dict[str, Feedback] = {}
    rows = select(Remark).where(Remark.created_at >= since).order_by(Remark.term, col(Remark.id))
    for row in (await session.exec(rows)).all():
        feedback = terms.setdefault(row.term, Feedback())
        match row.said:
            case Said.HELPFUL:
                feedback.helpful += 1
            case Said.NOT_HELPFUL:
                feedback.not_helpful += 1
            case Said.DIFFERS:
                feedback.remarks.append(row)
    proposals = select(Proposal).where(Proposal.created_at >= since).order_by(col(Proposal.id))
    found = (await session.exec(proposals)).all()
    return Inbox(terms, found, await unanswered(session, since))


class GlossaryTraces:
    """What the glossary stores about people (`people.records.Traces`)."""

    async def export(self, session: AsyncSession, people: Sequence[int]) -> dict[str, Any]:
        """Remarks and proposals."""
        remarks = await session.exec(select(Remark).where(col(Remark.person).in_(people)))
        proposals = await session.exec(select(Proposal).where(col(Proposal.person).in_(people)))
        return {
            "remarks": [row.model_dump(mode="json") for row in remarks.all()],
            "proposals": [row.model_dump(mode="json") for row in proposals.all()],
        }

    async def forget(self, unit: Unit, people: Sequence[int]) -> None:
        """Keep that something was said about a term, not who said it nor how."""
        remarks = update(Remark).where(col(Remark.person).in_(people))
        await unit.session.exec(remarks.values(person=None, text="", key=None))
        proposals = update(Proposal).where(col(Proposal.person).in_(people)).values(person=None, text="")
        await unit.session.exec(proposals)
