"""A draft as it stands, with everything that is known about it: names, words, interfaces, what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.ports import Word
from bot.intake import asides
from bot.intake.asides import Asides
from bot.intake.landscape import Interfaces
from bot.intake.model import PEOPLE, TYPED, Flow
from bot.intake.rules import Consequences, consequences
from bot.intake.standing import Standing
from bot.intake.state import told
from bot.intake.tables import Draft
from bot.intake.usecase import Term
from bot.intake.wording import Wording
from bot.intake.world import World
from bot.people.accounts import names
from bot.requests.refs import person_number, reference


@dataclass(frozen=True)
class Matter:
    """A draft as it stands, with everything that is known about it."""

    draft: Draft
    flow: Flow
    now: Standing
    asides: Asides
    names: Mapping[str, str]
    world: World

    def words(self, language: str) -> Wording:
        """The words of the flow, with the names of people and roles."""
        return Wording(self.flow, language, self.world.names(language, self.names))

    @property
    def consequences(self) -> Consequences:
        """What the rules of the flow say."""
        return consequences(self.flow, self.now)

    @property
    def requester(self) -> int:
        """Whose request it becomes."""
        return person_number(self.asides.for_whom) or self.draft.person

    def interfaces(self) -> Interfaces | None:
        """What connects the systems that were named."""
        for question in self.flow.questions:
            if question.options_from == "landscape.systems" and question.id in self.now.answers:
                return self.world.found(told(self.now.answers[question.id]))
        return None

    @cached_property
    def found_words(self) -> list[tuple[str, Word]]:
        """The glossary's words in the answers, each once, with where it stands in the use case."""
        found: dict[str, tuple[str, Word]] = {}
        for question in self.flow.questions:
            if question.maps_to and question.type in TYPED and question.id in self.now.answers:
                text = " ".join(told(self.now.answers[question.id]))
                for word in self.world.words.found(text, self.draft.department):
                    found.setdefault(word.term, (question.maps_to, word))
        return list(found.values())

    def terms(self) -> list[Term]:
        """The words with the sense that is meant."""
        senses = self.asides.senses
        return [
            Term(text=word.text, term=word.term, sense=senses.get(word.term, word.meant), in_=where)
            for where, word in self.found_words
        ]


async def matter_of(session: AsyncSession, draft: Draft, flow: Flow, now: Standing, world: World) -> Matter:
    """Everything about a draft, the names of people included."""
    said = asides.read(draft.asides)
    whom = person_number(said.for_whom)
    people = {draft.person, *_people(flow, now), *([whom] if whom else [])}
    found = {reference(number): name for number, name in (await names(session, people)).items()}
    return Matter(draft, flow, now, said, found, world)


def _people(flow: Flow, now: Standing) -> set[int]:
    """The people whom the answers name."""
    entries = (
        entry
        for question in flow.questions
        if question.type in PEOPLE and question.id in now.answers
        for entry in told(now.answers[question.id])
    )
    return {number for entry in entries if (number := person_number(entry)) is not None}
