"""One's own requests: the list, one of them, change. Who may is asked on every event."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import ButtonPressed, Event
from bot.chat.ports import Words
from bot.chat.replies import Reply, Tell
from bot.chat.router import Refused, Router
from bot.chat.ui import Card, Element
from bot.db.failures import DatabaseUnavailable
from bot.db.unit_of_work import Database
from bot.i18n import say
from bot.intake import cards, drafts
from bot.intake.dialog import Dialog
from bot.intake.team import Team
from bot.intake.texts import localised
from bot.people.accounts import names
from bot.requests import may, refs, sections, store
from bot.requests.states import OPEN
from bot.requests.store import RequestNotFound
from bot.requests.tables import Request

_AT_HOME = 5  # requests on the home page


@dataclass(frozen=True, slots=True)
class Mine:
    """The handlers of one's own requests."""

    database: Database
    dialog: Dialog
    words: Words
    team: Team

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_action(cards.MINE, self.show)
        router.on_action(cards.SHOW, self.show_one)
        router.on_action(cards.EDIT, self.edit)

    async def show(self, event: Event) -> Reply:
        """What somebody asked for, and what they have not sent yet."""
        return Tell(await self.card(event))

    async def card(self, event: Event) -> Card:
        """The list, for whoever shows it elsewhere too."""
        asker = event.asker
        async with self.database.reading() as session:
            requests = await store.of_person(session, asker.person)
            waiting = await drafts.waiting(session, asker.person)
        return cards.mine(requests, waiting, asker.language)

    async def section(self, event: Event) -> tuple[Element, ...]:
        """The newest of them, for the home page; without the database the page goes without."""
        try:
            async with self.database.reading() as session:
                requests = await store.of_person(session, event.asker.person, _AT_HOME)
                waiting = await drafts.waiting(session, event.asker.person)
        except DatabaseUnavailable:
            return ()
        return cards.at_home(requests, waiting[:_AT_HOME], event.asker.language)

    async def show_one(self, event: ButtonPressed) -> Reply:
        """Everything about a request, for whoever may see it."""
        return await self.whole(event, event.value)

    async def whole(self, event: Event, value: str) -> Reply:
        """The same by what somebody calls it (`REQ-12`). Raises Refused."""
        language = event.asker.language
        async with self.database.reading() as session:
            request = await _found(session, value)
            joined = await store.supporters(session, request.number)
            known = await names(session, [request.requester])
            if not may.see(request, event.asker, joined):
                raise Refused("request.not_found")
            goes_on = await self.team.about(session, request, event.asker)
        department = localised(self.words.departments().get(request.department or "", {}), language)
        head = cards.head(request, known.get(request.requester, ""), department, len(joined), language)
        body = sections.elements(sections.read(request.sections, language))
        return Tell(cards.whole(request, head, body, goes_on))

    async def edit(self, event: ButtonPressed) -> Reply:
        """Change what was sent, on a draft of its own: nothing changes before it is sent again."""
        async with self.database.unit() as unit:
            request = await _found(unit.session, event.value)
            _only_mine(request, event)
            if request.state not in OPEN:
                raise _too_late(request, event)
            draft = await drafts.editing(unit.session, event.asker.person, request.number)
            if draft is None:
                draft = await drafts.begin_change(unit, event.asker, request, event.place.channel)
            await unit.commit()
        return await self.dialog.resume(event, str(draft.number))


async def _found(session: AsyncSession, value: str, *, for_update: bool = False) -> Request:
    try:
        return await store.find(session, refs.number_of(value) or 0, for_update=for_update)
    except RequestNotFound as missing:
        raise Refused("request.not_found") from missing


def _only_mine(request: Request, event: Event) -> None:
    if not may.change(request, event.asker):
        raise Refused("request.not_found" if request.confidential else "request.not_yours")


def _too_late(request: Request, event: Event) -> Refused:
    state = say(event.asker.language, f"request.state.{request.state}")
    return Refused("request.not_changeable", label=request.label, state=state)
