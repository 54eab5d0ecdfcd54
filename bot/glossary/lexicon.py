"""The glossary for other features (`chat.ports.Words`): terms in a text, and lists to choose from."""

from collections.abc import Mapping

from bot.chat.ports import AGREED, Labels, Word
from bot.glossary.book import Book
from bot.glossary.keys import squash
from bot.glossary.living import Living

_MOST = 4_000  # characters of a text in which terms are looked for
_REMEMBERED = 200  # texts: the pages of a draft show the same answers again and again


class Lexicon:
    """The living glossary; every call sees the Book of now."""

    def __init__(self, living: Living) -> None:
        self._living = living
        self._listed: dict[tuple[str | None, bool], Mapping[str, Labels]] = {}
        self._found: dict[tuple[str, str | None], tuple[Word, ...]] = {}
        living.on_change(self._listed.clear)
        living.on_change(self._found.clear)

    def found(self, text: str, department: str | None) -> tuple[Word, ...]:
        """The terms in a text, each once. A word with several meanings is left out: nobody knows which."""
        if (text, department) not in self._found:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            book = self._living.book.seen_by(department)
            self._found[text, department] = _words(book, text, department)
        return self._found[text, department]

    def terms(self, department: str | None, *, kpis: bool = False) -> Mapping[str, Labels]:
        """All terms, or the figures alone, by name."""
        if (department, kpis) not in self._listed:
            self._listed[department, kpis] = _terms(self._living.book.seen_by(department), kpis=kpis)
        return self._listed[department, kpis]

    def departments(self) -> Mapping[str, Labels]:
        """All departments, by name."""
        book = self._living.book
        head = book.glossary.glossary
        return _sorted(
            {
                id_: {language: book.department_label(id_, language) for language in head.languages}
                for id_ in head.departments
            }
        )

    def disputed(self, term: str) -> bool:
        """Whether the departments have not agreed on it."""
        known = self._living.book.glossary.terms.get(term)
        return known is not None and known.status == "disputed"

    def explains(self, text: str, department: str | None) -> bool:
        """Whether who says this to Klartext is told what a word means."""
        return self._living.book.ask(text[:_MOST], department).outcome == "answer"


def _terms(book: Book, *, kpis: bool) -> Mapping[str, Labels]:
    terms = book.glossary.terms.items()
    wanted = [id_ for id_, term in terms if term.status != "deprecated" and (term.kpi or not kpis)]
    return _sorted({id_: _labels(book, id_) for id_ in wanted})


def _words(book: Book, text: str, department: str | None) -> tuple[Word, ...]:
    words = {}
    for mention in book.reader.terms.find(text[:_MOST]):
        if len(mention.terms) == 1 and mention.terms[0] not in words:
            words[mention.terms[0]] = _word(book, mention.text, mention.terms[0], department)
    return tuple(words.values())


def _word(book: Book, text: str, id_: str, department: str | None) -> Word:
    term = book.glossary.terms[id_]
    senses = {sense.department: sense.definition for sense in term.senses if sense.relation != "same"}
    own = term.sense(department)
    meant = own.department if own and own.department in senses else AGREED
    return Word(text, id_, _labels(book, id_), meant, {AGREED: term.definition, **senses})


def _labels(book: Book, id_: str) -> Labels:
    return {language: book.label(id_, language) for language in book.glossary.glossary.languages}


def _sorted(labels: Mapping[str, Labels]) -> Mapping[str, Labels]:
    return dict(sorted(labels.items(), key=lambda item: squash(next(iter(item[1].values()), ""))))
