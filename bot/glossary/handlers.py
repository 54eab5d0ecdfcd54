"""The look-up in a chat: questions, `/define`, the buttons of an answer, and what people say about it."""

import datetime as dt
import re
from dataclasses import dataclass, replace
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
from bot.db.keys import first_time
from bot.db.unit_of_work import Database
from bot.glossary import cards, remarks
from bot.glossary.book import Answer, Book
from bot.glossary.living import Living
from bot.glossary.lookups import Lookups, most_asked
from bot.glossary.shown import Shown, answer_for, read_shown, shown_by
from bot.glossary.tables import Said
from bot.glossary.words import language_of
from bot.i18n import phrases, say
from bot.people.directory import Directory
from bot.text.clean import shown as as_typed
from bot.text.clean import visible

EXPLAIN = "glossary.explain"
_DEFINE = re.compile(r"/?define\b\s*", re.IGNORECASE)
_POPULAR_DAYS = timedelta(days=90)
_SHARED_ONCE = timedelta(minutes=1)  # a second click is the same wish
_FOUND = 10  # terms of a search
_MOST_READ = 4_000  # characters of a message in which terms are looked for


@dataclass(frozen=True, slots=True)
class Lookup:
    """The handlers of the glossary."""

    living: Living
    lookups: Lookups
    directory: Directory
    database: Database

    def register(self, router: Router) -> None:
        """Into the one table. It takes every text that nobody else wanted, so it comes last."""
        router.on_text(lambda event: event.asked_for(phrases("glossary.phrases.popular")), self.popular)
        router.on_text(lambda event: event.asked_for(phrases("glossary.phrases.home")), self.home)
        router.on_text(lambda event: event.command == "ask" and not event.text.strip(), self.open_ask)
        router.on_text(lambda event: event.command in {None, "ask", "define", "klartext"}, self.text)
        router.on_action(cards.SHOW, self.show)
        router.on_action(cards.MORE, self.more)
        router.on_action(cards.SHARE, self.share)
        router.on_action(cards.HELPFUL, self.helpful)
        router.on_action(cards.NOT_HELPFUL, self.not_helpful)
        router.on_action(cards.DIFFERS, self.open_remark)
        router.on_action(cards.PROPOSE, self.open_proposal)
        router.on_action(cards.ASK, self.open_ask)
        router.on_action(cards.DEPARTMENT, self.choose_department)
        router.on_action(cards.LIST, self.list_terms)
        router.on_action(cards.POPULAR, self.popular)
        router.on_form(cards.DIFFERS, self.save_remark)
        router.on_form(cards.PROPOSE, self.save_proposal)
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
            return Tell(cards.hint(given.language)) if event.addressed else Silent()
        if self._in_public(event, given):
            card = cards.answer(self.living.book, given, self._today(), private=False)
            return Tell(card, to="thread")
        return Tell(await self._answered(event, given))

    async def show(self, event: ButtonPressed) -> Reply:
        """Another answer in the place of this one: a suggestion, a comparison, or less of it."""
        shown = self._shown(event)
        given = self._answer(event, shown)
        if len(shown.terms) == 1:
            self.lookups.note(given, event.place.kind)
        return Update(self._card(event, given))

    async def more(self, event: ButtonPressed) -> Reply:
        """Everything about these terms."""
        return Update(self._card(event, self._answer(event, self._shown(event)), more=True))

    async def share(self, event: ButtonPressed) -> Reply:
        """Show the answer to everybody here, as far as the term is for them."""
        book, shown = self.living.book, self._shown(event)
        here = book.place(event.place.channel, event.place.id)
        visible_here = book.seen_by(here).glossary.terms
        if not all(id_ in visible_here for id_ in shown.terms):
            raise Refused("glossary.not_for_all")
        wish = f"share:{event.asker.person}:{event.place.channel}:{event.place.id}:{shown}"
        async with self.database.unit() as unit:
            if not await first_time(unit.session, wish, _SHARED_ONCE, clock=self.database.clock):
                return Silent()
            await unit.commit()
        given = answer_for(shown, book, here, self._language(event.asker, book))
        return Tell(cards.shared(book, given, self._today(), event.asker.name), to="public")

    async def helpful(self, event: ButtonPressed) -> Reply:
        """It helped."""
        return await self._mark(event, Said.HELPFUL)

    async def not_helpful(self, event: ButtonPressed) -> Reply:
        """It did not help."""
        return await self._mark(event, Said.NOT_HELPFUL)

    async def open_remark(self, event: ButtonPressed) -> Reply:
        """ "Bei uns heisst das anders"."""
        return Open(cards.remark_form(self.living.book, self._shown(event), event.asker))

    async def save_remark(self, event: FormSubmitted) -> Reply:
        """Keep it for the term's owners."""
        book, asker = self.living.book, event.asker
        shown = read_shown(event.state.get("shown", ""), book, asker.department)
        if shown is None:
            raise Refused("chat.old_card")
        term = str(event.answers.get(cards.TERM) or shown.terms[0])
        if term not in shown.terms:
            return Errors({cards.TERM: say(asker.language, "chat.choose_one")})
        text = _typed(event, cards.TEXT, cards.MOST_TEXT)
        if not text:
            return Errors({cards.TEXT: say(asker.language, "glossary.remark_empty")})
        label = book.label(term, asker.language)
        said = remarks.Words(text, asker, self._department(asker), event.key)
        async with self.database.unit() as unit:
            await remarks.remark(unit, term, label, book.glossary.terms[term].owner, said)
            await unit.commit()
        return Close(cards.noted(asker.language, "glossary.remark_thanks", label=label))

    async def open_proposal(self, event: ButtonPressed) -> Reply:
        """A word is missing."""
        word = as_typed(event.value, cards.MOST_WORD)
        return Open(cards.proposal_form(word, event.asker.language))

    async def save_proposal(self, event: FormSubmitted) -> Reply:
        """Keep it for those who keep the glossary."""
        asker = event.asker
        word, text = _typed(event, cards.WORD, cards.MOST_WORD), _typed(event, cards.TEXT, cards.MOST_TEXT)
        if not word:
            return Errors({cards.WORD: say(asker.language, "glossary.propose_empty")})
        async with self.database.unit() as unit:
            await remarks.propose(
                unit, word, remarks.Words(text, asker, self._department(asker), event.key)
            )
            await unit.commit()
        return Close(cards.noted(asker.language, "glossary.propose_thanks", word=as_typed(word)))

    async def open_ask(self, event: Event) -> Reply:
        """A form for one question."""
        return Open(cards.ask_form(event.asker.language), cards.ask_button(event.asker.language))

    async def answer_form(self, event: FormSubmitted) -> Reply:
        """The answer to the form."""
        question = _typed(event, cards.QUESTION, _MOST_READ)
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
        here = book.place(event.place.channel, event.place.id) or department
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
        given = book.define("list", asker.department, self._language(asker, book))
        return Tell(cards.answer(book, given, self._today(), private=True))

    async def popular(self, event: Event) -> Reply:
        """What is looked up most."""
        book = self.living.book
        asked = await self._most_asked()
        return Tell(cards.popular(book, event.asker, asked, self._language(event.asker, book)))

    async def home(self, event: HomeOpened | TextReceived) -> Reply:
        """The page of Klartext; as a card where there is no page."""
        card = cards.home(self.living.book, event.asker, await self._most_asked())
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
        language = self._language(event.asker, book)
        options = self._matching(event.typed, replace(event.asker, department=here, language=language))
        shown = (answer_for(Shown((option.value,)), book, here, language) for option in options)
        return Results(options, tuple(cards.inserted(book, given, self._today()) for given in shown))

    async def options(self, event: OptionsWanted) -> Reply:
        """The same for a field of a form."""
        return Results(self._matching(event.typed, event.asker))

    def _read(self, event: TextReceived) -> Answer:
        asker, book, text = event.asker, self.living.book, event.text
        language = asker.language if asker.settled else language_of(text) or asker.language
        named = _DEFINE.match(text) if event.addressed and event.command is None else None
        if event.command == "define" or named:
            text = text[named.end() :] if named else text
            return book.define(text or "help", asker.department, language)
        text = text if text.strip() or event.command is None else "help"
        return book.ask(text, asker.department, language, addressed=event.addressed)

    def _in_public(self, event: TextReceived, given: Answer) -> bool:
        """A question to Klartext in a channel is answered in its thread, unless a term is not for all."""
        asked_in_public = event.addressed and event.command is None and event.place.kind != "direct"
        book = self.living.book
        here = book.place(event.place.channel, event.place.id)
        return asked_in_public and set(given.terms) <= set(book.seen_by(here).glossary.terms)

    async def _answered(self, event: Event, given: Answer) -> Card:
        """The answer; the first one asks for the department, once."""
        card = self._card(event, given)
        if event.asker.greeted or event.asker.home:
            return card
        async with self.database.unit() as unit:
            await self.directory.greeted(unit, event.asker.person)
            await unit.commit()
        question = cards.which_department(self.living.book, shown_by(given), given.language)
        return replace(card, elements=(*card.elements, *question))

    def _card(self, event: Event, given: Answer, *, more: bool = False) -> Card:
        shareable = event.place.kind != "direct"
        return cards.answer(self.living.book, given, self._today(), private=shareable, more=more)

    def _shown(self, event: ButtonPressed) -> Shown:
        shown = read_shown(event.value, self.living.book, event.asker.department)
        if shown is None:
            raise Refused("chat.old_card")
        return shown

    def _answer(self, event: Event, shown: Shown) -> Answer:
        book = self.living.book
        return answer_for(shown, book, event.asker.department, self._language(event.asker, book))

    async def _mark(self, event: ButtonPressed, said: Said) -> Reply:
        shown = self._shown(event)
        async with self.database.unit() as unit:
            for term in shown.terms:
                await remarks.mark(unit, term, said, event.asker)
            await unit.commit()
        return Tell(cards.noted(event.asker.language, f"glossary.{said}_thanks"))

    async def _most_asked(self) -> list[tuple[str, int]]:
        async with self.database.reading() as session:
            return await most_asked(session, self.database.clock() - _POPULAR_DAYS)

    def _matching(self, typed: str, asker: Asker) -> tuple[Option, ...]:
        book = self.living.book.seen_by(asker.department)
        found = book.index.find(typed)
        ids = dict.fromkeys((*found.terms, *found.suggestions, *book.starting_with(typed, asker.language)))
        return tuple(Option(id_, book.label(id_, asker.language)) for id_ in list(ids)[:_FOUND])

    def _language(self, asker: Asker, book: Book) -> str:
        spoken = book.glossary.glossary.languages
        return asker.language if asker.language in spoken else spoken[0]

    def _department(self, asker: Asker) -> str:
        return self.living.book.department_label(asker.department or "–", asker.language)

    def _today(self) -> dt.date:
        return self.database.clock().date()


def _typed(event: FormSubmitted, field: str, most: int) -> str:
    """What somebody wrote into a form, as far as it can be kept."""
    value = event.answers.get(field, "")
    return visible(value if isinstance(value, str) else "").strip()[:most]
