"""What people say about an answer: helpful or not, "bei uns heisst das anders", missing words."""

from dataclasses import dataclass

from bot.chat.events import Asker, ButtonPressed, FormSubmitted
from bot.chat.replies import Close, Errors, Open, Reply, Tell
from bot.chat.router import Router
from bot.db.unit_of_work import Database
from bot.glossary import cards, remarks
from bot.glossary.living import Living
from bot.glossary.shown import read_shown, required
from bot.glossary.tables import Said
from bot.i18n import say
from bot.people.tell import in_each
from bot.text.clean import shown as as_typed
from bot.text.clean import typed


@dataclass(frozen=True, slots=True)
class Feedback:
    """The handlers."""

    living: Living
    database: Database

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_action(cards.HELPFUL, self.helpful)
        router.on_action(cards.NOT_HELPFUL, self.not_helpful)
        router.on_action(cards.DIFFERS, self.open_remark)
        router.on_action(cards.PROPOSE, self.open_proposal)
        router.on_form(cards.DIFFERS, self.save_remark)
        router.on_form(cards.PROPOSE, self.save_proposal)

    async def helpful(self, event: ButtonPressed) -> Reply:
        """It helped."""
        return await self._mark(event, Said.HELPFUL)

    async def not_helpful(self, event: ButtonPressed) -> Reply:
        """It did not help."""
        return await self._mark(event, Said.NOT_HELPFUL)

    async def open_remark(self, event: ButtonPressed) -> Reply:
        """ "Bei uns heisst das anders"."""
        book = self.living.book
        return Open(cards.remark_form(book, required(event.value, book, event.asker), event.asker))

    async def save_remark(self, event: FormSubmitted) -> Reply:
        """Keep it for the term's owners."""
        book, asker = self.living.book, event.asker
        shown = read_shown(event.state.get("shown", ""), book, asker.department)
        if shown is None:
            return Errors({cards.TEXT: say(asker.language, "glossary.remark_gone")})
        term = event.answers.get(cards.TERM) or shown.terms[0]
        if term not in shown.terms:
            return Errors({cards.TERM: say(asker.language, "chat.choose_one")})
        text = typed(event.answers.get(cards.TEXT), cards.MOST_TEXT)
        if not text:
            return Errors({cards.TEXT: say(asker.language, "glossary.remark_empty")})
        async with self.database.unit() as unit:
            await remarks.remark(unit, self._about(str(term), asker), self._words(event, text))
            await unit.commit()
        label = book.label(str(term), asker.language)
        return Close(cards.noted(asker.language, "glossary.remark_thanks", label=label))

    async def open_proposal(self, event: ButtonPressed) -> Reply:
        """A word is missing."""
        word = as_typed(event.value, cards.MOST_WORD)
        return Open(cards.proposal_form(word, event.asker.language))

    async def save_proposal(self, event: FormSubmitted) -> Reply:
        """Keep it for those who keep the glossary."""
        asker, answers = event.asker, event.answers
        word = as_typed(typed(answers.get(cards.WORD), cards.MOST_WORD), cards.MOST_WORD)
        if not word:
            return Errors({cards.WORD: say(asker.language, "glossary.propose_empty")})
        async with self.database.unit() as unit:
            text = typed(answers.get(cards.TEXT), cards.MOST_TEXT)
            await remarks.propose(unit, word, self._words(event, text))
            await unit.commit()
        return Close(cards.noted(asker.language, "glossary.propose_thanks", word=word))

    async def _mark(self, event: ButtonPressed, said: Said) -> Reply:
        asker = event.asker
        shown = required(event.value, self.living.book, asker)
        async with self.database.unit() as unit:
            for term in sorted(shown.terms):
                await remarks.mark(unit, term, said, asker.person, _own_department(asker))
            await unit.commit()
        return Tell(cards.noted(asker.language, f"glossary.{said}_thanks"))

    def _about(self, term: str, asker: Asker) -> remarks.About:
        book = self.living.book
        entry = book.glossary.terms[term]
        sense = book.glossary.sense(entry, _own_department(asker))
        owners = {entry.owner, (sense and sense.owner) or entry.owner}
        return remarks.About(term, in_each(lambda language: book.label(term, language)), owners)

    def _words(self, event: FormSubmitted, text: str) -> remarks.Words:
        department = _own_department(event.asker)
        name = in_each(lambda language: self._department_name(department, language))
        return remarks.Words(text, event.asker, department, name, event.key)

    def _department_name(self, department: str | None, language: str) -> str:
        if department is None:
            return say(language, "glossary.some_department")
        return self.living.book.department_label(department, language)


def _own_department(asker: Asker) -> str | None:
    """Whose "bei uns" it is: where they work, else where they are."""
    return asker.home or asker.department
