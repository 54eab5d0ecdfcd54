"""What the guided request needs of triage (`intake.team.Team`): word of changes, how a request goes on."""

from dataclasses import dataclass
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Asker, Event
from bot.chat.ui import Buttons, Element
from bot.db.unit_of_work import Database, Unit
from bot.people.accounts import names
from bot.requests import may, store
from bot.requests.tables import Request
from bot.triage import buttons, talk, views
from bot.triage.known import Reader
from bot.triage.service import Deed, sides, tell
from bot.triage.workflow import Action, Side


@dataclass(frozen=True, slots=True)
class Counter:
    """Where both sides meet."""

    database: Database
    reader: Reader

    async def changed(self, unit: Unit, request: Request, event: Event) -> None:
        """The team reads below its card that there is something new."""
        await tell(unit, request, event.asker, Deed(Action.CHANGE, {}, event.place.channel))

    async def proposed(self, unit: Unit, request: Request, event: Event) -> None:
        """The team reads of it, with the button that shows it."""
        await tell(unit, request, event.asker, Deed(Action.PROPOSE, {}, event.place.channel))

    async def about(self, session: AsyncSession, request: Request, asker: Asker) -> tuple[Element, ...]:
        """Whose turn it is, what was said, and every button that this person may press."""
        language, at = asker.language, self.database.clock()
        known = await self.reader.known(session, request, language, at)
        on = await sides(session, request, asker, at.date())
        rows: list[Buttons] = []
        if "team" in on:
            rows.append(buttons.of_team(request, known.story, language, whole=True))
        if "requester" in on:
            changes = may.change(request, asker)
            rows.append(buttons.of_requester(request, language, whole=True, changes=changes))
        joined = asker.person in await store.supporters(session, request.number)
        rows.append(
            Buttons(buttons.of_anybody(request, known.story, asker.person, language, joined=joined))
        )
        said = await self._said(session, request, asker, on)
        return (*views.going_on(request, known, language), *said, *filter(_has_some, rows))

    async def _said(
        self, session: AsyncSession, request: Request, asker: Asker, on: frozenset[Side]
    ) -> tuple[Element, ...]:
        """What was written, as far as this person may read it."""
        history = await store.history(session, request.number)
        written = talk.readable(history, asker.person, on)
        known = await names(session, {event.person for event in written if event.person})
        return talk.elements(written, known, partial(self.reader.today, request), asker.language)


def _has_some(row: Buttons) -> bool:
    return bool(row.buttons or row.overflow)
