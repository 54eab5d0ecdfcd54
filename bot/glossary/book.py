"""The glossary, ready to be asked: what a person in a department gets for a word or a question."""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.glossary.gist import Gist, gist_of
from bot.glossary.index import Index, Label
from bot.glossary.keys import skeleton, squash
from bot.glossary.model import Glossary, Term, localised
from bot.glossary.models import Models
from bot.glossary.question import Intent, Reader, Reading
from bot.glossary.stored import StoredTerms
from bot.glossary.words import language_of

_OF_AN_ID = re.compile(r"[-_]+")
_MIN_PART = 3  # letters of a part of a name by which a list is narrowed


class UnknownDepartment(Exception):
    """No department has this name. Show `known`."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name = name
        self.known = known


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked and what is answered, for one department and language.

    `terms` stand in the order in which this department wants them. `listed` are the terms of a list.
    `asker` is the asker's department, `department` the one whose sense comes first: the one that the
    question named, else the asker's.
    """

    reading: Reading
    terms: tuple[str, ...]
    suggestions: tuple[str, ...]
    asker: str | None
    department: str | None
    language: str
    listed: tuple[str, ...] = ()
    microseconds: int = 0

    @property
    def outcome(self) -> str:
        """answer, suggest, unknown or silent."""
        if self.reading.silent or self.reading.help:
            return "silent"
        if self.intent == "list":
            return "answer" if self.listed else "unknown"
        return "answer" if self.terms else "suggest" if self.suggestions else "unknown"

    @property
    def intent(self) -> Intent:
        """define, compare, list or none."""
        return self.reading.intent


class Book:
    """One glossary with its index and its reader. A changed glossary gets a new Book."""

    def __init__(
        self, glossary: Glossary, models: Models | None = None, gists: Mapping[str, Gist] | None = None
    ) -> None:
        self.glossary = glossary
        self.gists = gists_of(glossary.terms) if gists is None else gists
        self.index = Index(all_labels(self.gists))
        self.reader = Reader(glossary, self.index, models)
        self._models = models
        self._restricted = {id_: gist.visibility for id_, gist in self.gists.items() if gist.visibility}
        self._seen: dict[tuple[str, ...], Book] = {}
        self._without: dict[frozenset[str], Book] = {}

    def seen_by(self, department: str | None) -> "Book":
        """The book without the terms that are not for this department, in answers and beside them."""
        lineage = self.glossary.glossary.lineage(department)
        if lineage not in self._seen:
            hidden = {id_ for id_, seers in self._restricted.items() if seers.isdisjoint(lineage)}
            self._seen[lineage] = self._leaving_out(frozenset(hidden)) if hidden else self
        return self._seen[lineage]

    def prepare(self) -> None:
        """Build now what departments may ask for, not while the first of them waits."""
        for department in (None, *self.glossary.glossary.departments):
            self.seen_by(department)

    def _leaving_out(self, hidden: frozenset[str]) -> "Book":
        """Departments that see the same share a book."""
        if hidden not in self._without:
            gists = {id_: gist for id_, gist in self.gists.items() if id_ not in hidden}
            terms = _only(self.glossary.terms, gists)
            self._without[hidden] = Book(
                self.glossary.model_copy(update={"terms": terms}), self._models, gists
            )
        return self._without[hidden]

    def department(self, name: str | None) -> str | None:
        """The id of a department by id, label or alias. Raises UnknownDepartment."""
        if name is None or not name.strip():
            return None
        for id_, department in self.glossary.glossary.departments.items():
            names = (id_, *department.label.values(), *department.aliases)
            if squash(name) in map(squash, names):
                return id_
        raise UnknownDepartment(name, tuple(self.glossary.glossary.departments))

    def place(self, channel: str, place: str) -> str | None:
        """The department that a channel of Slack, Teams or the playground belongs to."""
        for id_, department in self.glossary.glossary.departments.items():
            if any(place in places for name, places in department.channels.items() if name == channel):
                return id_
        return None

    def define(self, text: str, department: str | None = None, language: str | None = None) -> Answer:
        """`define …`: a name, a comparison, a list, or a question."""
        started = time.perf_counter_ns()
        book = self.seen_by(department)
        return book.answer_to(book.reader.look_up(text), text, department, language, started)

    def ask(
        self,
        message: str,
        department: str | None = None,
        language: str | None = None,
        *,
        addressed: bool = True,
        command: bool = False,
    ) -> Answer:
        """A message as somebody typed it; most of what is overheard in a channel is no question.

        Behind a `command` a bare name is looked up even if the glossary does not have it.
        """
        started = time.perf_counter_ns()
        book = self.seen_by(department)
        reading = book.reader.read(message, addressed=addressed, command=command)
        return book.answer_to(reading, message, department, language, started)

    def answer_to(
        self, reading: Reading, text: str, asker: str | None, language: str | None, started: int
    ) -> Answer:
        """The answer to a message that was read."""
        here = reading.department or asker
        spoken = language or language_of(text) or self.glossary.glossary.languages[0]
        listed = self.listed(reading, spoken) if reading.intent == "list" and not reading.silent else ()
        return Answer(
            reading=reading,
            terms=self.glossary.in_order(reading.found.terms, here),
            suggestions=reading.found.suggestions,
            asker=asker,
            department=here,
            language=spoken,
            listed=listed,
            microseconds=(time.perf_counter_ns() - started) // 1000,
        )

    def listed(self, reading: Reading, language: str) -> tuple[str, ...]:
        """All terms, or those of a letter, a department, a tag, a kind or a word, in alphabetical order."""
        wanted = self._matching(reading.understood, reading.department, language)
        return tuple(sorted(wanted, key=lambda id_: skeleton(squash(self.label(id_, language)))))

    def _matching(self, topic: str, department: str | None, language: str) -> Iterator[str]:
        lineage = self.glossary.glossary.lineage(department)
        key = squash(topic)
        named = set(self.index.find(topic).terms) if len(key) > 1 else set()
        for id_, gist in self.gists.items():
            if department and gist.departments.isdisjoint(lineage):
                continue
            if not key or id_ in named or named & gist.near or _is_about(gist, key, language):
                yield id_

    def starting_with(self, typed: str, language: str) -> Iterator[str]:
        """The terms whose name in this language starts with what was typed, by name."""
        key = squash(typed)
        names = {id_: squash(gist.name(language)) for id_, gist in self.gists.items()}
        yield from sorted((id_ for id_ in names if names[id_].startswith(key)), key=names.__getitem__)

    def newest(self, most: int = 5) -> tuple[str, ...]:
        """The terms that were agreed or objected to last."""
        dated = {id_: gist.changed for id_, gist in self.gists.items()}
        return tuple(sorted(dated, key=lambda id_: dated[id_], reverse=True)[:most])

    def label(self, id_: str, language: str) -> str:
        """The name of a term in a language."""
        return self.gists[id_].name(language)

    def department_label(self, id_: str, language: str) -> str:
        """The name of a department in a language."""
        department = self.glossary.glossary.departments.get(id_)
        return localised(department.label, language) if department else id_

    def owner_label(self, actor: str, language: str) -> str:
        """What `user:…` or `group:…` is called in a language, else its id in words."""
        label = self.glossary.glossary.owners.get(actor)
        return localised(label, language) if label else _OF_AN_ID.sub(" ", actor.partition(":")[2])


def gists_of(terms: Mapping[str, Term]) -> dict[str, Gist]:
    """Every term in short. Raises GlossaryUnreadable."""
    if isinstance(terms, StoredTerms):
        return terms.gists()
    return {
        id_: gist_of(term.model_dump(by_alias=True, exclude_defaults=True)) for id_, term in terms.items()
    }


def all_labels(gists: Mapping[str, Gist]) -> Iterator[Label]:
    """Every name by which a term is found. A word to avoid finds its term if no other term has it."""
    taken: set[str] = set()
    avoided: list[Label] = []
    for id_, gist in gists.items():
        for kind, text in gist.labels:
            taken.add(squash(text))
            yield Label(text, kind, id_)
        for word, use in gist.avoided:
            avoided.append(Label(word, "avoid", str(use if use in gists else id_)))
    yield from (label for label in avoided if squash(label.text) not in taken)


def _only(terms: Mapping[str, Term], ids: Mapping[str, Gist]) -> Mapping[str, Term]:
    if isinstance(terms, StoredTerms):
        return terms.only(ids)
    return {id_: term for id_, term in terms.items() if id_ in ids}


def _is_about(gist: Gist, key: str, language: str) -> bool:
    """The key is a tag, a kind, the first letter of the name in this language, or a part of a name."""
    if len(key) == 1:
        return squash(gist.name(language)).startswith(key)
    if key.removesuffix("s") == gist.kind or key in map(squash, gist.tags):
        return True
    return len(key) >= _MIN_PART and any(key in squash(text) for _, text in gist.labels)
