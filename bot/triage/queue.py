"""`/queue`: what a team has to do. Who may see which queue is asked on every event."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.chat.events import Asker, ButtonPressed, Event, FormSubmitted, TextReceived
from bot.chat.replies import Close, Errors, Open, Reply, Tell, Update
from bot.chat.router import OLD_CARD, Refused, Router
from bot.chat.ui import Card, Element
from bot.db.failures import DatabaseUnavailable
from bot.db.unit_of_work import Database
from bot.i18n import LANGUAGES, phrases, say
from bot.people.absence import doing_work_of
from bot.people.access import ADMIN
from bot.people.accounts import names
from bot.requests.refs import number_of
from bot.text.clean import typed
from bot.triage import queue_cards as cards
from bot.triage.queue_list import ALL, FOUND, STATES, VIEWS, Page, Viewer, Wanted, one, page
from bot.triage.queues import Queue

COMMAND = "queue"
_ON_A_PAGE, _AT_HOME = 8, 5


@dataclass(frozen=True, slots=True)
class QueueDesk:
    """The handlers. `queues` are those that the flows lead to; `zone` is the one of a flow's team."""

    database: Database
    queues: Callable[[], Iterable[Queue]]
    zone: Callable[[str], ZoneInfo]

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_text(self._wants_queue, self.show)
        router.on_action(cards.LIST, self.turn_to)
        router.on_action(cards.SEARCH, self.open_search)
        router.on_form(cards.SEARCH, self.search)

    async def show(self, event: TextReceived) -> Reply:
        """`/queue`, `/queue overdue`, `/queue hubspot`, `/queue REQ-12`."""
        return Tell(await self._card(event, _list_of(_rest(event))))

    async def turn_to(self, event: ButtonPressed) -> Reply:
        """Another list, or the next page, in the place of this one."""
        wanted = cards.wanted(event.value)
        if wanted is None:
            raise Refused(OLD_CARD)
        return Update(await self._card(event, wanted))

    async def open_search(self, event: ButtonPressed) -> Reply:
        """The form."""
        self._viewer(event.asker)
        language = event.asker.language
        return Open(cards.search_form(language), cards.search_button(language))

    async def search(self, event: FormSubmitted) -> Reply:
        """What was found."""
        text = typed(event.answers.get(cards.TEXT), cards.MOST_TYPED)
        if not text:
            return Errors({cards.TEXT: say(event.asker.language, "chat.form.missing")})
        return Close(await self._card(event, Wanted(FOUND, text)))

    async def section(self, event: Event) -> tuple[Element, ...]:
        """The list on the home page of whoever works on a queue; nothing for others."""
        if not self._teams(event.asker):
            return ()
        try:
            found, reader = await self._read(event, Wanted(ALL), _AT_HOME)
        except DatabaseUnavailable:
            return ()
        return cards.at_home(found, reader)

    async def _card(self, event: Event, wanted: Wanted) -> Card:
        return cards.listed(*await self._read(event, wanted, _ON_A_PAGE))

    async def _read(self, event: Event, wanted: Wanted, most: int) -> tuple[Page, cards.Reader]:
        viewer, at = self._viewer(event.asker), self.database.clock()
        async with self.database.reading() as session:
            people = await doing_work_of(session, viewer.person, at.date())
            viewer = Viewer(viewer.person, viewer.teams, viewer.own, frozenset(people))
            number = number_of(wanted.text) if wanted.view == FOUND else None
            if number is not None:
                found = await one(session, viewer, number)
            else:
                found = await page(session, viewer, wanted, at, most)
            involved = {line.requester for line in found.lines}
            involved |= {line.assignee for line in found.lines if line.assignee}
            known = await names(session, involved)
        return found, cards.Reader(event.asker.language, at, known, self.zone)

    def _viewer(self, asker: Asker) -> Viewer:
        """Raises Refused for whoever works on no queue."""
        teams = self._teams(asker)
        if not teams:
            raise Refused("queue.not_yours")
        return Viewer(asker.person, teams, frozenset(team for team in teams if _is_in(asker, team)))

    def _teams(self, asker: Asker) -> frozenset[str]:
        """An admin sees every queue; what is confidential there stays covered."""
        teams = {queue.team for queue in self.queues()}
        return frozenset(team for team in teams if ADMIN in asker.roles or _is_in(asker, team))

    def _wants_queue(self, event: TextReceived) -> bool:
        """Somebody without a queue who goes on after the word asks the glossary, not for a list."""
        if event.command is not None and event.command != "klartext":
            return event.command == COMMAND
        first, rest = _split(event.text)
        if not event.addressed or first not in phrases("queue.phrases.queue"):
            return False
        return not rest or bool(self._teams(event.asker))


def _is_in(asker: Asker, team: str) -> bool:
    return team.removeprefix("role:") in asker.roles


def _split(text: str) -> tuple[str, str]:
    first, _, rest = text.strip().partition(" ")
    return first.strip("/:!?.").casefold(), rest.strip()


def _rest(event: TextReceived) -> str:
    return event.text.strip() if event.command == COMMAND else _split(event.text)[1]


def _list_of(text: str) -> Wanted:
    """The list that was named, in any language; anything else is searched."""
    said = typed(text, cards.MOST_TYPED)
    if not said:
        return Wanted(ALL)
    folded = said.casefold().strip("!?. ")
    for view in VIEWS:
        if folded in phrases(f"queue.phrases.{view}") or folded in _labels(f"queue.view.{view}"):
            return Wanted(view)
    for state in STATES:
        if folded in _labels(f"request.state.{state}"):
            return Wanted(state)
    return Wanted(FOUND, said)


def _labels(key: str) -> Sequence[str]:
    return [say(language, key).casefold() for language in LANGUAGES]
