"""Which answer a card shows, in a few words that fit into a button: `define lead`, `compare mql sql`.

They come back from a client, so reading them trusts nothing: unknown terms are dropped.
"""

from dataclasses import dataclass, replace

from bot.glossary.book import Answer, Book
from bot.glossary.index import Found
from bot.glossary.question import Intent, Reading

ASPECTS = ("criteria", "formula", "unit", "source", "owner", "examples", "definition")
_MOST = 8  # terms of one card


@dataclass(frozen=True, slots=True)
class Shown:
    """The terms of a card, whether they are compared, what was asked for first, whose sense is shown."""

    terms: tuple[str, ...]
    compared: bool = False
    aspect: str | None = None
    department: str | None = None

    def __str__(self) -> str:
        words = ["compare" if self.compared else "define", self.aspect or "-", self.department or "-"]
        return " ".join((*words, *self.terms))


def shown_by(given: Answer) -> Shown:
    """What a card of this answer shows."""
    compared = given.intent == "compare"
    return Shown(given.terms[:_MOST], compared, given.reading.aspect, given.department)


def read_shown(value: str, book: Book, asker: str | None) -> Shown | None:
    """What a button says, as far as this asker may see it; None if nothing is left."""
    verb, _, rest = value.partition(" ")
    words = rest.split()
    if verb not in {"define", "compare"} or len(words) < 3:  # noqa: PLR2004  (aspect, department, a term)
        return None
    aspect, department, *ids = words
    terms = tuple(id_ for id_ in dict.fromkeys(ids) if id_ in book.seen_by(asker).glossary.terms)
    if not terms or len(ids) > _MOST:
        return None
    departments = book.glossary.glossary.departments
    return Shown(
        terms,
        verb == "compare" and len(terms) > 1,
        aspect if aspect in ASPECTS else None,
        department if department in departments else None,
    )


def answer_for(shown: Shown, book: Book, asker: str | None, language: str) -> Answer:
    """The answer that a button asks for."""
    label = " / ".join(book.label(id_, language) for id_ in shown.terms)
    intent: Intent = "compare" if shown.compared else "define"
    reading = Reading(intent, Found("answer", shown.terms), shown.aspect, shown.department, label)
    department = shown.department or asker
    terms = shown.terms if shown.compared else book.glossary.in_order(shown.terms, department)
    return Answer(reading, terms, (), asker, department, language)


def without(shown: Shown, **changes: object) -> Shown:
    """The same with something changed."""
    return replace(shown, **changes)  # type: ignore[arg-type]
