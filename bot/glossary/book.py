"""The glossary, ready to be asked: what a person in a department gets for a word or a question."""

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.glossary.index import Index, Label
from bot.glossary.keys import skeleton, squash
from bot.glossary.model import Glossary, Term, labels_of, localised
from bot.glossary.question import Intent, Models, Reader, Reading
from bot.glossary.words import language_of

_LIST = re.compile(r"(?:list|liste|alle|all)(?:\s+(?P<topic>.*))?", re.IGNORECASE)
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
    `department` is whose sense comes first; `reading.department` the one that the question named.
    """

    reading: Reading
    terms: tuple[str, ...]
    suggestions: tuple[str, ...]
    department: str | None
    language: str
    listed: tuple[str, ...] = ()
    microseconds: int = 0

    @property
    def outcome(self) -> str:
        """answer, suggest, unknown or silent."""
        if self.reading.silent:
            return "silent"
        if self.intent == "list":
            return "answer" if self.listed else "unknown"
        return "answer" if self.terms else "suggest" if self.suggestions else "unknown"

    @property
    def intent(self) -> Intent:
        """define, compare, list or none."""
        return self.reading.intent


class Book:
    """One glossary with its index and its reader. Immutable: a changed glossary gets a new Book."""

    def __init__(self, glossary: Glossary, models: Models | None = None) -> None:
        self.glossary = glossary
        self.index = Index(glossary_labels(glossary))
        self.reader = Reader(glossary, self.index, models)

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
        if found := _LIST.fullmatch(text.strip()):
            reading = self._list_reading(found["topic"] or "")
        else:
            reading = self.reader.look_up(text)
        return self._answer(reading, text, department, language, started)

    def _list_reading(self, topic: str) -> Reading:
        try:
            return Reading("list", department=self.department(topic))
        except UnknownDepartment:
            return Reading("list", understood=topic)

    def ask(
        self,
        message: str,
        department: str | None = None,
        language: str | None = None,
        *,
        addressed: bool = True,
    ) -> Answer:
        """A message as somebody typed it; most of what is overheard in a channel is no question."""
        started = time.perf_counter_ns()
        reading = self.reader.read(message, addressed=addressed)
        return self._answer(reading, message, department, language, started)

    def _answer(
        self,
        reading: Reading,
        text: str,
        department: str | None,
        language: str | None,
        started: int,
    ) -> Answer:
        here = reading.department or department
        terms = self._visible(reading.found.terms, department)
        answer = Answer(
            reading=reading,
            terms=self.glossary.in_order(terms, here),
            suggestions=self._visible(reading.found.suggestions, department),
            department=here,
            language=language or language_of(text) or self.glossary.glossary.languages[0],
        )
        if reading.intent == "list" and not reading.silent:
            answer = replace(answer, listed=self.listed(reading, department, answer.language))
        return replace(answer, microseconds=(time.perf_counter_ns() - started) // 1000)

    def _visible(self, ids: tuple[str, ...], department: str | None) -> tuple[str, ...]:
        return tuple(id_ for id_ in ids if self.glossary.terms[id_].visible_to(department))

    def listed(self, reading: Reading, department: str | None, language: str) -> tuple[str, ...]:
        """All terms, or those of a letter, a department, a tag or a word, in alphabetical order."""
        topic = reading.understood.strip(" ?!.\"'")
        wanted = self._matching(topic, reading.department)
        visible = self._visible(tuple(wanted), department)
        return tuple(sorted(visible, key=lambda id_: skeleton(squash(self.label(id_, language)))))

    def _matching(self, topic: str, department: str | None) -> Iterator[str]:
        terms = self.glossary.terms
        key = squash(topic)
        if not key and department is None:
            yield from terms
            return
        with suppress(UnknownDepartment):
            department = department or self.department(topic)
        if department:
            yield from (
                id_
                for id_, term in terms.items()
                if term.sense(department) or department in term.departments
            )
            return
        named = set(self.index.find(topic).terms) if len(key) > 1 else set()
        for id_, term in terms.items():
            near = {*term.relations.related, *term.relations.broader, *term.relations.part_of}
            if id_ in named or named & near or _is_about(term, key):
                yield id_

    def newest(self, most: int = 5) -> tuple[str, ...]:
        """The terms that were agreed or objected to last."""
        dated = {id_: _last_change(term) for id_, term in self.glossary.terms.items()}
        return tuple(sorted(dated, key=lambda id_: dated[id_], reverse=True)[:most])

    def label(self, id_: str, language: str) -> str:
        """The name of a term in a language."""
        return self.glossary.terms[id_].names(language).pref

    def department_label(self, id_: str, language: str) -> str:
        """The name of a department in a language."""
        department = self.glossary.glossary.departments.get(id_)
        return localised(department.label, language) if department else id_


def glossary_labels(glossary: Glossary) -> Iterator[Label]:
    """Every name by which a term is found. A word to avoid finds its term if no other term has it."""
    taken: set[str] = set()
    avoided: list[Label] = []
    for id_, term in glossary.terms.items():
        for _, kind, text in labels_of(term):
            taken.add(squash(text))
            yield Label(text, kind, id_)
        for labels in term.labels.values():
            for word in labels.avoid:
                target = word.use if word.use in glossary.terms else id_
                avoided.append(Label(word.label, "avoid", str(target)))
    yield from (label for label in avoided if squash(label.text) not in taken)


def _is_about(term: Term, key: str) -> bool:
    """The key is a tag, the first letter of a name, or a part of one."""
    if len(key) == 1:
        return any(squash(labels.pref).startswith(key) for labels in term.labels.values())
    if key in map(squash, term.tags):
        return True
    return len(key) >= _MIN_PART and any(key in squash(text) for _, _, text in labels_of(term))


def _last_change(term: Term) -> str:
    dates = [approval.date for approval in term.approved.values()]
    dates += [sense.objection.date for sense in term.senses if sense.objection]
    return max(dates, default="")
