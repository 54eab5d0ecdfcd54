"""What the engine is told about the world: today, the wish, the landscape, the words. Made per event."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from bot.chat.events import Asker
from bot.chat.ports import Labels, Words
from bot.chat.ui import FormElement
from bot.i18n import LANGUAGES
from bot.intake.analysis import interface_elements, word_elements
from bot.intake.conditions import Answer
from bot.intake.file import Intake
from bot.intake.flow import Ask, Posed
from bot.intake.landscape import Interfaces, facts, interfaces
from bot.intake.model import Choice, OptionSource
from bot.intake.names import Names, names
from bot.intake.state import Facts, Surroundings, listed, told
from bot.intake.texts import localised
from bot.requests.refs import person_number, reference

Detect = Callable[[str, Asker], Facts]


@dataclass(frozen=True, slots=True)
class World:
    """Everything that pages may depend on, for one asker on one day."""

    intake: Intake
    words: Words
    asker: Asker
    today: dt.date
    detect: Detect
    people: Collection[int] = field(default_factory=frozenset)

    def surroundings(self, requester: int) -> Surroundings:
        """For the engine. The functions are asked again and again with the same texts: they remember."""
        return Surroundings(
            today=self.today,
            requester=reference(requester),
            detected=_remembered(lambda texts: self.detect("\n".join(texts), self.asker)),
            interfaces=_remembered(
                lambda systems: facts(self.intake.landscape, systems, self.found(systems))
            ),
            glossary=_remembered(self._glossary),
            choices=cache(self.choices),
            knows_person=self._knows,
        )

    def found(self, systems: Sequence[str]) -> Interfaces:
        """What connects the systems chosen."""
        return interfaces(self.intake.landscape, systems, self.intake.capabilities)

    def analysis(self, asked: Ask) -> Mapping[str, tuple[FormElement, ...]]:
        """What is said below each question that wants it, in the language of the asker."""
        wanting = {posed.question.id: posed for posed in asked.posed if posed.question.show_analysis}
        return {id_: self._said(posed) for id_, posed in wanting.items()}

    def _said(self, posed: Posed) -> tuple[FormElement, ...]:
        chosen, language = told(posed.answer), self.asker.language
        if posed.question.show_analysis == "interfaces":
            return interface_elements(self.found(chosen), self.intake.landscape, language)
        words = [word for text in chosen for word in self.words.found(text, self.asker.department)]
        return word_elements(words, language)

    def choices(self, source: OptionSource) -> tuple[Choice, ...]:
        """The options that a question takes from elsewhere."""
        match source:
            case "landscape.systems":
                return system_choices(self.intake)
            case "glossary.kpis":
                return _choices(self.words.terms(self.asker.department, kpis=True))
            case "glossary.terms":
                return _choices(self.words.terms(self.asker.department))
            case "departments":
                return _choices(self.words.departments())

    def names(self, language: str, people: Mapping[str, str] | None = None) -> Names:
        """What people (by reference), roles, systems, terms and departments are called."""
        terms, departments = self.words.terms(self.asker.department), self.words.departments()
        return names(
            self.intake.landscape,
            language,
            people,
            lambda term: localised(terms[term], language) if term in terms else term,
            lambda one: localised(departments[one], language) if one in departments else one,
        )

    def _glossary(self, texts: tuple[str, ...]) -> Facts:
        """Which of the chosen or typed terms we know, and which are in dispute."""
        terms = self.words.terms(self.asker.department)
        found = {text: self.words.found(text, self.asker.department) for text in texts if text not in terms}
        known = [*(text for text in texts if text in terms), *(w.term for ws in found.values() for w in ws)]
        return {
            "glossary.known": tuple(dict.fromkeys(known)),
            "glossary.unknown": tuple(text for text, words in found.items() if not words),
            "glossary.disputed": tuple(term for term in dict.fromkeys(known) if self.words.disputed(term)),
        }

    def _knows(self, name: str) -> bool:
        """Whether an answer to "who?" is somebody: a role, or a person that the channel has named."""
        number = person_number(name)
        return name.startswith("role:") if number is None else number in self.people


def system_choices(intake: Intake) -> tuple[Choice, ...]:
    """The systems that somebody may work with, by name; what is switched off is left out."""
    systems = (system for system in intake.landscape.systems if system.status != "retired")
    named = sorted(systems, key=lambda system: system.name.casefold())
    return tuple(Choice(system.id, dict.fromkeys(LANGUAGES, system.name)) for system in named)


def people_in(answers: Iterable[Answer | None]) -> frozenset[int]:
    """The people whom answers name."""
    entries = (entry for answer in answers for entry in listed(answer))
    return frozenset(number for entry in entries if (number := person_number(entry)) is not None)


def _choices(labels: Mapping[str, Labels]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in labels.items())


def _remembered(read: Callable[[tuple[str, ...]], Facts]) -> Callable[[tuple[str, ...]], Facts]:
    """The engine reads a page several times for one event; the texts are the same."""
    known: dict[tuple[str, ...], Facts] = {}

    def facts(texts: tuple[str, ...]) -> Facts:
        if texts not in known:
            known[texts] = read(texts)
        return known[texts]

    return facts
