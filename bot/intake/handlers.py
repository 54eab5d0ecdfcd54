"""From a wish to a request: the ways in, what waits, and the word with the team."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from bot.chat.events import Asker, ButtonPressed, Event, MessageChosen, OptionsWanted, TextReceived
from bot.chat.replies import Reply, Results, Tell
from bot.chat.router import ANY, Refused, Router
from bot.chat.ui import Option
from bot.db.unit_of_work import Database
from bot.i18n import phrases
from bot.intake import cards, drafts, pages
from bot.intake.choose import chosen, offered
from bot.intake.dialog import Dialog
from bot.intake.drafts import Begun, DraftNotFound
from bot.intake.early import EarlyWord, Offers
from bot.intake.mine import Mine
from bot.intake.model import Flow, OptionSource
from bot.intake.shelf import Shelf
from bot.intake.state import Facts, begun
from bot.text.clean import visible

FROM_MESSAGE = "request.from_message"
COMMAND = "/request"
_MOST_READ = 3_000  # characters of a message that tell what is wanted
_MOST_KEPT = 40_000  # characters that are kept, so that the page says what has no room; Slack has no more
_LABEL = re.compile(r"\s*req[ -]?\d{1,9}[.!?]?\s*", re.IGNORECASE)
_FOUND = 20  # options of a search field
_SENTENCE = 3  # words; fewer are a word to look up ("Google Tag Manager" is one of its terms, too)
_SETTLED = {"new": True, "existing": False, "unknown": None}  # whether a tool is wished


@dataclass(frozen=True, slots=True)
class Heard:
    """What a sentence wants. `wish`: a tool or a need. `elsewhere`: it belongs to another place (a
    sentence `request.KIND`).
    """

    wish: bool
    in_doubt: bool
    elsewhere: Literal["access", "incident", "licence", "question"] | None = None


@dataclass(frozen=True, slots=True)
class Requests:
    """The handlers of the dialog. `hear` reads a sentence; `explains` says whether the glossary answers.
    `settled` reads it again when somebody has said whether a tool is wished (None: they do not know).
    """

    database: Database
    shelf: Shelf
    dialog: Dialog
    mine: Mine
    early: EarlyWord
    offers: Offers
    hear: Callable[[str], Heard]
    explains: Callable[[str, str | None], bool]
    settled: Callable[[bool | None, Asker, str], Facts]

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_text(_wants_status, self.mine.show)
        router.on_text(_names_request, self.show)
        router.on_text(_wants_request, self.begin)
        router.on_text(self._sounds_like_a_wish, self.offer)
        router.on_action(cards.CONTINUE, self.go_on)
        router.on_action(cards.DISCARD, self.discard)
        router.on_action(cards.START, self.start)
        router.on_action(cards.FLOW, self.begin_flow)
        router.on_action(cards.SETTLE, self.settle)
        router.on_form(pages.PAGE, self.dialog.page)
        router.on_form(pages.REVIEW, self.dialog.page)
        router.on_change(pages.PAGE, self.dialog.changed)
        router.on_options(ANY, self.options)  # a field is called like its question, and flows change
        router.on_message(FROM_MESSAGE, self.from_message)
        router.on_job(drafts.OFFER, self.offers)
        router.on_job(self.early.kind, self.early)
        self.mine.register(router)

    async def show(self, event: TextReceived) -> Reply:
        """`/request REQ-12`: the request that is meant, not a new one of that name."""
        return await self.mine.whole(event, _said(event).strip(" .!?"))

    async def begin(self, event: TextReceived) -> Reply:
        """`/request …`: the first page with what was said, or the kinds of requests to choose from."""
        said = _said(event)
        wants_help = said.strip(" .!?").casefold() in phrases("request.phrases.help")
        return await self._kinds(event.asker) if wants_help else await self._begin(event, said)

    async def start(self, event: ButtonPressed) -> Reply:
        """From the home page: the only kind of request, or the kinds to choose from."""
        return await self._begin(event, "")

    async def from_message(self, event: MessageChosen) -> Reply:
        """A message of anybody becomes the wish."""
        return await self._begin(event, event.text)

    async def begin_flow(self, event: ButtonPressed) -> Reply:
        """One of the kinds of requests, from its start."""
        flow = next((flow for flow in self._offered(event.asker) if flow.id == event.value), None)
        if flow is None:
            raise Refused("chat.old_card")
        return await self.dialog.begin(event, flow, "")

    async def go_on(self, event: ButtonPressed) -> Reply:
        """A draft where it stands."""
        return await self.dialog.resume(event, event.value)

    async def discard(self, event: ButtonPressed) -> Reply:
        """Throw a draft away without opening it."""
        async with self.database.unit() as unit:
            try:
                await drafts.discard(unit, event.value, event.asker)
            except DraftNotFound as missing:
                raise Refused("request.not_open") from missing
            await unit.commit()
        return Tell(cards.note(event.asker.language, "request.discarded"))

    async def settle(self, event: ButtonPressed) -> Reply:
        """A new tool, or an existing system? Somebody has said it: no analysis knows better."""
        number, _, kind = event.value.partition(" ")
        if kind not in _SETTLED:
            raise Refused("chat.old_card")
        read = partial(self.settled, _SETTLED[kind], event.asker)
        async with self.database.unit() as unit:
            try:
                await drafts.settle(unit, number, event.asker, read)
            except DraftNotFound as missing:
                raise Refused("request.not_open") from missing
            await unit.commit()
        return await self.dialog.resume(event, number)

    async def offer(self, event: TextReceived) -> Reply:
        """Somebody told Klartext a wish, without a command: would they like to make a request of it?"""
        said = _said(event)[:_MOST_KEPT]
        flow, rest = chosen(self._offered(event.asker), COMMAND, said, event.asker.home)
        if flow is None:
            raise Refused("request.no_flows")
        number, language = await self._draft(event, flow, rest), event.asker.language
        if place := self.hear(event.text[:_MOST_READ]).elsewhere:
            return Tell(cards.elsewhere(number, place, language))
        return Tell(cards.offer(number, language))

    async def options(self, event: OptionsWanted) -> Reply:
        """What fits to what somebody types into a long list."""
        source = self._source(event.action)
        world = self.dialog.make_world(event.asker, frozenset())
        typed = event.typed.casefold().strip()
        choices = world.choices(source) if source else ()
        labels = [Option(one.value, one.label.get(event.asker.language, one.value)) for one in choices]
        return Results(tuple(one for one in labels if typed in one.label.casefold())[:_FOUND])

    async def _begin(self, event: Event, text: str) -> Reply:
        asker = event.asker
        said = visible(text).strip()[:_MOST_KEPT]
        flows = self._offered(asker)
        if not flows:
            raise Refused("request.no_flows")
        flow, rest = chosen(flows, COMMAND, said, asker.home)
        if flow is None:
            return await self._kinds(asker)
        heard = Heard(False, False) if flow.keywords else self._heard(rest[:_MOST_READ], asker)
        if heard.elsewhere:
            number = await self._draft(event, flow, rest)
            return Tell(cards.elsewhere(number, heard.elsewhere, asker.language))
        if heard.in_doubt:
            return Tell(cards.in_doubt(await self._draft(event, flow, rest), asker.language))
        return await self.dialog.begin(event, flow, rest)

    def _heard(self, text: str, asker: Asker) -> Heard:
        """What a sentence wants. One that is no wish may be a question about a word."""
        heard = self.hear(text) if text else Heard(False, False)
        is_sentence = len(text.split()) >= _SENTENCE
        if is_sentence and not heard.wish and not heard.elsewhere and self.explains(text, asker.department):
            return replace(heard, elsewhere="question")
        return heard

    async def _kinds(self, asker: Asker) -> Reply:
        """The kinds of requests to choose from, and what waits."""
        flows = self._offered(asker)
        if not flows:
            raise Refused("request.no_flows")
        return Tell(cards.which_flow(flows, await self._waiting(asker), asker.language))

    async def _draft(self, event: Event, flow: Flow, text: str) -> int:
        async with self.database.unit() as unit:
            draft = await drafts.begin(unit, event.asker, Begun(begun(flow, text), event.place.channel))
            await unit.commit()
        return draft.number

    async def _waiting(self, asker: Asker) -> Sequence[drafts.Waiting]:
        async with self.database.reading() as session:
            return await drafts.waiting(session, asker.person)

    def _offered(self, asker: Asker) -> list[Flow]:
        return offered(self.shelf.now.flows.values(), COMMAND, asker.home)

    def _source(self, question: str) -> OptionSource | None:
        found = (flow.question(question) for flow in self.shelf.now.flows.values())
        return next((one.options_from for one in found if one and one.options_from), None)

    def _sounds_like_a_wish(self, event: TextReceived) -> bool:
        """Only in a direct message, and only if there is no doubt: nobody is pestered in a channel. A
        question about a word comes first, and so does a bare name, of which no model knows what is wanted.
        """
        if event.command is not None or event.place.kind != "direct" or not self._offered(event.asker):
            return False
        text = event.text[:_MOST_READ]
        if len(text.split()) < _SENTENCE or self.explains(text, event.asker.department):
            return False
        heard = self.hear(text)
        return (heard.wish and not heard.in_doubt) or heard.elsewhere is not None


def _said(event: TextReceived) -> str:
    """What stands behind the command, or behind the word that is one."""
    if event.command is not None:
        return event.text
    first, _, rest = event.text.strip().partition(" ")
    return rest if first.strip(":").casefold() in phrases("request.phrases.request") else event.text


def _wants_request(event: TextReceived) -> bool:
    if event.command is not None:
        return event.command == COMMAND.removeprefix("/")
    first = event.text.strip().partition(" ")[0].removeprefix("/").strip(":").casefold()
    return event.addressed and first in phrases("request.phrases.request")


def _names_request(event: TextReceived) -> bool:
    return _wants_request(event) and _LABEL.fullmatch(_said(event)) is not None


def _wants_status(event: TextReceived) -> bool:
    said = event.text.strip().strip("/!?. ").casefold()
    wanted = said in phrases("request.phrases.status")
    return event.addressed and event.command in {None, "klartext", COMMAND.removeprefix("/")} and wanted
