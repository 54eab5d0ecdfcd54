"""What people said, for those who keep the glossary: as a card and as data. Names nobody. Pure."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from bot.chat.ui import Bullets, Card, Element, Text
from bot.glossary.book import Book
from bot.glossary.remarks import Feedback, Inbox
from bot.glossary.tables import Proposal, Remark
from bot.i18n import day_text, say
from bot.text.clean import visible

_WORDS = 50  # that nobody could explain, on the card; the data has all


def card(inbox: Inbox, book: Book | None, since: dt.datetime, language: str) -> Card:
    """Everything since then: term by term, what is proposed, what is missing."""
    title = say(language, "inbox.title", day=_day(since, language))
    if not inbox:
        return Card(title, (Text(title, "strong"), Text(say(language, "inbox.empty"))))
    parts = (_terms, _proposals, _unanswered)
    elements = (element for part in parts for element in part(inbox, book, language))
    return Card(title, (Text(title, "strong"), *elements))


def record(inbox: Inbox, book: Book | None, since: dt.datetime, language: str) -> dict[str, Any]:
    """The same for programs; times are UTC."""
    return {
        "since": since.isoformat(),
        "terms": [
            {
                "term": term,
                "label": _label(book, term, language),
                "helpful": feedback.helpful,
                "not_helpful": feedback.not_helpful,
                "remarks": [
                    {"department": row.department, "text": row.text, "at": row.created_at.isoformat()}
                    for row in feedback.remarks
                ],
            }
            for term, feedback in _urgent_first(inbox)
        ],
        "proposals": [
            {
                "word": row.word,
                "text": row.text,
                "language": row.language,
                "department": row.department,
                "at": row.created_at.isoformat(),
            }
            for row in inbox.proposals
        ],
        "unanswered": [{"word": word, "count": count} for word, count in inbox.unanswered],
    }


def _terms(inbox: Inbox, book: Book | None, language: str) -> Iterator[Element]:
    for term, feedback in _urgent_first(inbox):
        yield Text(say(language, "inbox.term", label=_label(book, term, language), term=term), "strong")
        yield Bullets(tuple(_lines(feedback, book, language)))


def _lines(feedback: Feedback, book: Book | None, language: str) -> Iterator[str]:
    if feedback.helpful or feedback.not_helpful:
        counts = {"helpful": feedback.helpful, "not_helpful": feedback.not_helpful}
        yield say(language, "inbox.marks", **counts)
    for row in feedback.remarks:
        yield _quoted("inbox.remark", row, book, language)


def _proposals(inbox: Inbox, book: Book | None, language: str) -> Iterator[Element]:
    if inbox.proposals:
        yield Text(say(language, "inbox.proposals"), "strong")
        lines = (_quoted("inbox.proposal", row, book, language, word=row.word) for row in inbox.proposals)
        yield Bullets(tuple(lines))


def _unanswered(inbox: Inbox, _book: Book | None, language: str) -> Iterator[Element]:
    if inbox.unanswered:
        yield Text(say(language, "inbox.unanswered"), "strong")
        words = inbox.unanswered[:_WORDS]
        yield Bullets(tuple(say(language, "inbox.word", word=word, count=count) for word, count in words))
        if more := len(inbox.unanswered) - len(words):
            yield Text(say(language, "inbox.more_words", count=more), "subtle")


def _quoted(key: str, row: Remark | Proposal, book: Book | None, language: str, **values: str) -> str:
    department = row.department or "–"
    name = book.department_label(department, language) if book else department
    text = visible(row.text) or say(language, "inbox.no_text")
    return say(language, key, day=_day(row.created_at, language), department=name, text=text, **values)


def _urgent_first(inbox: Inbox) -> list[tuple[str, Feedback]]:
    return sorted(inbox.terms.items(), key=lambda pair: (-pair[1].complaints, pair[0]))


def _label(book: Book | None, term: str, language: str) -> str:
    return book.label(term, language) if book and term in book.gists else term


def _day(at: dt.datetime, language: str) -> str:
    return day_text(at.date(), language)
