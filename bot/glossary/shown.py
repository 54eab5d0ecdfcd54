"""Which answer a card shows, in a few words that fit into a button: `define lead`, `compare mql sql`.

They come back from a client, so reading them trusts nothing: unknown terms are dropped.
"""

from dataclasses import dataclass

from bot.chat.events import Asker
from bot.chat.router import Refused
from bot.glossary.book import Answer, Book
from bot.glossary.index import Found
from bot.glossary.question import Intent, Reading
from bot.i18n import LANGUAGES

ASPECTS = ("criteria", "formula", "unit", "source", "owner", "examples", "definition")
_MOST = 8  # terms of one card


_VERBS = {  # compared, beside
    "define": (False, False),
    "compare": (True, False),
    "define-beside": (False, True),
    "compare-beside": (True, True),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The terms of a card, whether they are compared, what was asked for first, whose sense is shown.

    `beside`: what comes does not take the place of the card, because others see it or it is a page.
    `language` is the one that the card speaks.
    """

    terms: tuple[str, ...]
    compared: bool = False
    aspect: str | None = None
    department: str | None = None
    beside: bool = False
    language: str | None = None

    def __str__(self) -> str:
        verb = next(verb for verb, flags in _VERBS.items() if flags == (self.compared, self.beside))
        head = (verb, self.language or "-", self.aspect or "-", self.department or "-")
        return " ".join((*head, *self.terms))


def shown_by(given: Answer, *, beside: bool = False) -> Shown:
    """What a card of this answer shows."""
    compared = given.intent == "compare" and len(given.terms) > 1
    aspect = given.reading.aspect
    return Shown(given.terms[:_MOST], compared, aspect, given.department, beside, given.language)


def read_shown(value: str, book: Book, asker: str | None) -> Shown | None:
    """What a button says, as far as this asker may see it; None if nothing is left."""
    verb, *words = value.split() or ("",)
    if verb not in _VERBS or len(words) < 4:  # noqa: PLR2004  (language, aspect, department, a term)
        return None
    language, aspect, department, *ids = words
    terms = tuple(id_ for id_ in dict.fromkeys(ids) if id_ in book.seen_by(asker).gists)
    if not terms or len(ids) > _MOST:
        return None
    compared, beside = _VERBS[verb]
    return Shown(
        terms,
        compared and len(terms) > 1,
        aspect if aspect in ASPECTS else None,
        department if department in book.glossary.glossary.departments else None,
        beside,
        language if language in LANGUAGES else None,
    )


def required(value: str, book: Book, asker: Asker) -> Shown:
    """The same for a button that was pressed. Raises Refused: the card is too old."""
    shown = read_shown(value, book, asker.department)
    if shown is None:
        raise Refused("chat.old_card")
    return shown


def answer_for(shown: Shown, book: Book, asker: str | None, language: str) -> Answer:
    """The answer that a button asks for; `language` is the asker's, the card may have spoken another."""
    language = shown.language or language
    label = " / ".join(book.label(id_, language) for id_ in shown.terms)
    intent: Intent = "compare" if shown.compared else "define"
    reading = Reading(intent, Found("answer", shown.terms), shown.aspect, shown.department, label)
    department = shown.department or asker
    terms = shown.terms if shown.compared else book.glossary.in_order(shown.terms, department)
    return Answer(reading, terms, (), asker, department, language)
