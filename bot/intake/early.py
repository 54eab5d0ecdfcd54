"""Jobs about drafts: the early word with the team, and the offer to go on with what was left alone."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Asker
from bot.chat.ports import JobInfo
from bot.chat.ui import Card, Element, Text
from bot.db.unit_of_work import Database, Unit
from bot.i18n import LANGUAGES, say
from bot.intake import cards, drafts, summary
from bot.intake.desk import EARLY
from bot.intake.dialog import Dialog
from bot.intake.matter import Matter, matter_of
from bot.intake.standing import standing
from bot.intake.tables import Draft
from bot.intake.world import people_in
from bot.jobs import outbox
from bot.people.accounts import account_of, accounts_of, addressees
from bot.people.places import bound
from bot.people.tables import Person
from bot.requests import sections
from bot.requests.refs import reference


@dataclass(frozen=True, slots=True)
class EarlyWord:
    """Tells the team of the queue about a draft, as it is now; its place if nobody is known."""

    kind: ClassVar[str] = EARLY
    database: Database
    dialog: Dialog

    async def __call__(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Look at the draft once more: what was sent or thrown away meanwhile is told to nobody."""
        async with self.database.unit() as unit:
            draft = await unit.session.get(Draft, int(payload["draft"]))
            matter = await self._matter(unit.session, draft) if draft and not draft.ended_at else None
            if matter is None:
                return
            reached = await self._tell_team(unit, matter, job)
            place = await bound(unit.session, matter.consequences.routing.channel)
            if not reached and place is not None:
                card = _public(matter, matter.draft.language)
                await outbox.post(unit, place, card, f"early:{job.id}")
            await unit.commit()

    async def _tell_team(self, unit: Unit, matter: Matter, job: JobInfo) -> bool:
        """Whether anybody of the team could be told."""
        team = matter.consequences.routing.assignee
        reached = False
        for person in await addressees(unit.session, self.dialog.directory.roles, team):
            for account in (await accounts_of(unit.session, person.number))[:1]:
                card = _card(matter, person.language or LANGUAGES[0])
                key = f"early:{job.id}:{account.channel}:{account.id}"
                await outbox.direct(unit, account, card, key)
                reached = True
        return reached

    async def _matter(self, session: AsyncSession, draft: Draft) -> Matter | None:
        flow = await self.dialog.shelf.version(draft.flow, draft.flow_version)
        if flow is None:
            return None
        asker = Asker(draft.person, "", draft.language, draft.department, draft.department)
        state = drafts.state_of(draft)
        world = self.dialog.make_world(asker, people_in(state.answers.values()))
        now = standing(flow, state, world.surroundings(draft.person))
        return await matter_of(session, draft, flow, now, world)


@dataclass(frozen=True, slots=True)
class Offers:
    """Offers a draft again that its owner has left alone; once, until they touch it again."""

    database: Database

    async def __call__(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Look again when it is not time yet."""
        async with self.database.unit() as unit:
            draft = await unit.session.get(Draft, int(payload["draft"]), with_for_update=True)
            if draft is None or draft.ended_at is not None:
                return
            if not drafts.left_alone(draft, unit.database.clock()):
                if draft.offered_at is None or draft.offered_at < draft.changed_at:
                    await drafts.offer_later(unit, draft)
                    await unit.commit()
                return
            person = await unit.session.get(Person, draft.person)
            account = await account_of(unit.session, draft.person, draft.channel)
            draft.offered_at = unit.database.clock()
            unit.session.add(draft)
            card = cards.waiting(drafts.line_of(draft), (person and person.language) or draft.language)
            if account is not None:
                await outbox.direct(unit, account, card, f"offer:{job.id}")
            await unit.commit()


def _public(matter: Matter, language: str) -> Card:
    """The same where anybody may read it: of what is confidential, no word."""
    if not matter.asides.confidential:
        return _card(matter, language)
    title = _title(matter, language)
    return Card(title, (Text(title, "strong"), Text(say(language, "request.early_confidential"))))


def _title(matter: Matter, language: str) -> str:
    name = matter.names.get(reference(matter.draft.person), "")
    return say(language, "request.early_title", name=name)


def _card(matter: Matter, language: str) -> Card:
    """The draft as it is, with a word of who wants to talk."""
    title = _title(matter, language)
    found = sections.elements(summary.sections(matter.now, matter.words(language)))
    parts: tuple[Element, ...] = (Text(title, "strong"), Text(say(language, "request.early_hint")), *found)
    return Card(title, parts)
