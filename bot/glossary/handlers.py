"""The look-up in a chat: questions, `/define`, and the buttons that lead from one answer to the next."""

import datetime as dt
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.chat.events import (
    Asker,
    ButtonPressed,
    Event,
    FormSubmitted,
    HomeOpened,
    MessageChosen,
    OptionsWanted,
    TermSearched,
    TextReceived,
)
from bot.chat.replies import Close, Errors, Home, Open, Reply, Results, Silent, Tell, Update
from bot.chat.router import Refused, Router
from bot.chat.ui import Card, Option
from bot.db.failures import DatabaseUnavailable
from bot.db.keys import first_time
from bot.db.unit_of_work import Database, Unit
from bot.glossary import cards
from bot.glossary.book import Answer
from bot.glossary.cards import Beside
from bot.glossary.living import Living
from bot.glossary.lookups import Lookups, most_asked
from bot.glossary.recent import Recent
from bot.glossary.shown import Shown, answer_for, read_shown, required, shown_by
from bot.glossary.words import language_of
from bot.i18n import phrases, say
from bot.jobs.outbox import whisper
from bot.people.accounts import accounts_of
from bot.people.directory import Directory
from bot.text.clean import typed

EXPLAIN = "glossary.explain"
_DEFINE = re.compile(r"/?define\b\s*", re.IGNORECASE)
_POPULAR_DAYS = timedelta(days=90)
_SHARED_ONCE = timedelta(minutes=1)  # a second click is the same wish
_FOUND = 10  # terms of a search
_COUNTED = 50  # most asked terms, of which some may not be for everybody
_MOST_READ = 4_000  # characters of a message in which terms are looked for

_log = logging.getLogger(__name__)


async def nothing(_event: Event) -> Beside:
    """Nothing of other features."""
    return Beside()


@dataclass(frozen=True, slots=True)
class Lookup:
    """The handlers of the glossary. `beside` is what other features show on the home page."""

    living: Living
    lookups: Lookups
    directory: Directory
    database: Database
    beside: Callable[[Event], Awaitable[Beside]] = nothing
    recent: Recent = field(default_factory=Recent)

    def register(self, router: Router) -> None:
        """Into the one table. It takes every text that nobody else wanted, so it comes last."""
        router.on_text(lambda event: event.asked_for(phrases("glossary.phrases.popular")), self.popular)
        router.on_text(lambda event: event.asked_for(phrases("glossary.phrases.home")), self.home)
        router.on_text(lambda event: event.command == "ask" and not event.text.strip(), self.open_ask)
        router.on_text(lambda event: event.command in {None, "ask", "define", "klartext"}, self.text)
        router.on_action(cards.SHOW, self.show)
        router.on_action(cards.MORE, self.more)
        router.on_action(cards.LESS, self.less)
        router.on_action(cards.SHARE, self.share)
        router.on_action(cards.ASK, self.open_ask)
        router.on_action(cards.DEPARTMENT, self.choose_department)
        router.on_action(cards.LIST, self.list_terms)
        router.on_action(cards.POPULAR, self.popular)
        router.on_form(cards.ASK, self.answer_form)
        router.on_options(cards.ASK, self.options)
        router.on_message(EXPLAIN, self.explain)
        router.on_search(self.search)
        router.on_home(self.home)

    async def text(self, event: TextReceived) -> Reply:
        """Somebody asks, or only talks."""
        given = self._read(event)
        self.lookups.note(given, event.place.kind)
        if given.reading.help:
            return Tell(cards.help_card(given.language))
        if given.reading.silent:
            return Tell(await self._no_question(event, given)) if event.addressed else Silent()
        if self._in_public(event, given):
            return await self._answered_in_public(event, given)
        return Tell(await self._answered(event, given))

    async def show(self, event: ButtonPressed) -> Reply:
        """Another answer: a suggestion or a comparison."""
        shown = self._shown(event)
        given = self._answer(event, shown)
        self.lookups.note(given, event.place.kind)
        return _drawn(self._card(event, given), shown)

    async def more(self, event: ButtonPressed) -> Reply:
        """Everything about these terms."""
        shown = self._shown(event)
        return _drawn(self._card(event, self._answer(event, shown), more=True), shown)

    async def less(self, event: ButtonPressed) -> Reply:
        """The short answer again."""
        shown = self._shown(event)
        return _drawn(self._card(event, self._answer(event, shown)), shown)

    async def share(self, event: ButtonPressed) -> Reply:
        """Show the answer to everybody here, as far as the term is for them."""
        book, shown = self.living.book, self._shown(event)
        here = self._here(event)
        if not set(shown.terms) <= book.seen_by(here).gists.keys():
            raise Refused("glossary.not_for_all")
        wish = f"share:{event.asker.person}:{event.place.channel}:{event.place.id}:{shown}"
        async with self.database.unit() as unit:
            if not await first_time(unit.session, wish, _SHARED_ONCE, clock=self.database.clock):
                return Silent()
            await unit.commit()
        given = answer_for(shown, book, here, event.asker.language)
        return Tell(cards.shared(book, given, self._today(), event.asker.name), to="public")

    async def open_ask(self, event: Event) -> Reply:
        """A form for one question."""
        return Open(cards.ask_form(event.asker.language), cards.ask_button(event.asker.language))

    async def answer_form(self, event: FormSubmitted) -> Reply:
        """The answer to the form."""
        question = typed(event.answers.get(cards.QUESTION), _MOST_READ)
        if not question:
            return Errors({cards.QUESTION: say(event.asker.language, "glossary.ask_empty")})
        asked = TextReceived(event.asker, event.place, event.key, question, command="ask")
        reply = await self.text(asked)
        return Close(reply.card if isinstance(reply, Tell) else None)

    async def choose_department(self, event: ButtonPressed) -> Reply:
        """The answer again, for the department that somebody has just chosen."""
        department, _, rest = event.value.partition(" ")
        book = self.living.book
        if department not in book.glossary.glossary.departments:
            raise Refused("chat.old_card")
        async with self.database.unit() as unit:
            await self.directory.choose(unit, event.asker.person, department=department)
            await unit.commit()
        here = self._here(event) or department
        asker = replace(event.asker, department=here, home=department, greeted=True)
        shown = read_shown(rest, book, here)
        label = book.department_label(department, asker.language)
        if shown is None:
            return Update(cards.noted(asker.language, "glossary.department_noted", department=label))
        fresh = replace(event, asker=asker)
        return Update(self._card(fresh, self._answer(fresh, replace(shown, department=here))))

    async def list_terms(self, event: Event) -> Reply:
        """All terms."""
        book, asker = self.living.book, event.asker
        given = book.define("list", asker.department, asker.language)
        return Tell(cards.answer(book, given, self._today(), "private"))

    async def popular(self, event: Event) -> Reply:
        """What is looked up most."""
        book = self.living.book
        asked = await self._most_asked()
        return Tell(cards.popular(book, event.asker, asked, event.asker.language))

    async def home(self, event: HomeOpened | TextReceived) -> Reply:
        """The page of Klartext; as a card where there is no page."""
        try:
            asked = await self._most_asked()
        except DatabaseUnavailable:
            asked = []  # the rest of the page needs no database
        card = cards.home(self.living.book, event.asker, asked, await self.beside(event))
        return Home(card) if isinstance(event, HomeOpened) else Tell(card)

    async def explain(self, event: MessageChosen) -> Reply:
        """The terms in a message of anybody."""
        book = self.living.book.seen_by(event.asker.department)
        mentions = book.reader.terms.find(event.text[:_MOST_READ])
        ids = [id_ for mention in mentions for id_ in mention.terms]
        return Tell(cards.explained(self.living.book, event.asker, ids))

    async def search(self, event: TermSearched) -> Reply:
        """Terms for somebody who types a name, to insert where everybody may read them."""
        book, here = self.living.book, self.living.book.place(event.place.channel, event.place.id)
        language = event.asker.language
        options = self._matching(event.typed, replace(event.asker, department=here))
        shown = (answer_for(Shown((option.value,)), book, here, language) for option in options)
        return Results(options, tuple(cards.inserted(book, given, self._today()) for given in shown))

    async def options(self, event: OptionsWanted) -> Reply:
        """The same for a field of a form."""
        return Results(self._matching(event.typed, event.asker))

    def _read(self, event: TextReceived) -> Answer:
        asker, book, text = event.asker, self.living.book, event.text
        language = asker.language if asker.settled else language_of(text) or asker.language
        if event.command == "define":
            key = (text, asker.department, language)
            return self.recent.answer(
                book, self._today(), key, lambda: book.define(text or "help", *key[1:])
            )
        if event.addressed and event.command is None and (named := _DEFINE.match(text)):
            return book.define(text[named.end() :] or "help", asker.department, language)
        text = text if text.strip() or event.command is None else "help"
        command = event.command is not None
        return book.ask(text, asker.department, language, addressed=event.addressed, command=command)

    def _here(self, event: Event) -> str | None:
        return self.living.book.place(event.place.channel, event.place.id)

    def _in_public(self, event: TextReceived, given: Answer) -> bool:
        """A question to Klartext in a channel is answered in its thread, unless a term is not for all."""
        asked_in_public = event.addressed and event.command is None and event.place.kind != "direct"
        named = {*given.terms, *given.suggestions, *given.listed}
        return asked_in_public and named <= self.living.book.seen_by(self._here(event)).gists.keys()

    async def _answered_in_public(self, event: TextReceived, given: Answer) -> Reply:
        """For everybody there, with nothing beside it that only the asker may see."""
        await self._asks_department(event, given, aside=True)
        shown = replace(given, asker=self._here(event))
        return Tell(cards.answer(self.living.book, shown, self._today(), "public"), to="thread")

    async def _no_question(self, event: TextReceived, given: Answer) -> Card:
        """Klartext explains itself to whoever writes to it for the first time."""
        if event.place.kind != "direct" or _is_known(event.asker):
            return cards.hint(given.language)
        return await self._with_question(event, given, cards.help_card(given.language))

    async def _answered(self, event: Event, given: Answer) -> Card:
        return await self._with_question(event, given, self._card(event, given))

    async def _with_question(self, event: Event, given: Answer, card: Card) -> Card:
        if not await self._asks_department(event, given, aside=False):
            return card
        question = cards.which_department(self.living.book, shown_by(given), given.language)
        return replace(card, elements=(*card.elements, *question.elements))

    async def _asks_department(self, event: Event, given: Answer, *, aside: bool) -> bool:
        """The first answer asks for the department, once; `aside`: in a post that only the asker sees.

        An answer waits for no database: then the next one asks.
        """
        asker = event.asker
        if _is_known(asker):
            return False
        try:
            async with self.database.unit() as unit:
                first = await self.directory.greeted(unit, asker.person)
                if first and aside:
                    await self._ask_aside(unit, event, given)
                await unit.commit()
        except DatabaseUnavailable as unavailable:
            _log.warning("the question for the department has to wait: %s", unavailable)
            return False
        return first

    async def _ask_aside(self, unit: Unit, event: Event, given: Answer) -> None:
        card = cards.which_department(self.living.book, shown_by(given), given.language)
        for account in await accounts_of(unit.session, event.asker.person):
            if account.channel == event.place.channel:
                await whisper(unit, event.place, account.id, card, f"department:{event.asker.person}")
                return

    def _card(self, event: Event, given: Answer, *, more: bool = False) -> Card:
        audience: cards.Audience = "direct" if event.place.kind == "direct" else "private"

        def draw() -> Card:
            return cards.answer(self.living.book, given, self._today(), audience, more=more)

        is_word = isinstance(event, TextReceived) and event.command == "define"
        return self.recent.card(given, audience, draw) if is_word else draw()

    def _shown(self, event: ButtonPressed) -> Shown:
        return required(event.value, self.living.book, event.asker)

    def _answer(self, event: Event, shown: Shown) -> Answer:
        return answer_for(shown, self.living.book, event.asker.department, event.asker.language)

    async def _most_asked(self) -> list[tuple[str, int]]:
        async with self.database.reading() as session:
            return await most_asked(session, self.database.clock() - _POPULAR_DAYS, _COUNTED)

    def _matching(self, typed: str, asker: Asker) -> tuple[Option, ...]:
        book = self.living.book.seen_by(asker.department)
        found = book.index.find(typed)
        ids = dict.fromkeys((*found.terms, *found.suggestions, *book.starting_with(typed, asker.language)))
        return tuple(Option(id_, book.label(id_, asker.language)) for id_ in list(ids)[:_FOUND])

    def _today(self) -> dt.date:
        return self.database.clock().date()


def _drawn(card: Card, shown: Shown) -> Reply:
    """In the place of the card that was pressed, unless that stays."""
    return Tell(card) if shown.beside else Update(card)


def _is_known(asker: Asker) -> bool:
    """Whether they were asked for their department, or said it."""
    return asker.greeted or asker.home is not None
