"""An answer as a card: the important things first, the rest on demand. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.chat.ui import Bullets, Card, Divider, Element, Facts, Table, Text
from bot.glossary.book import Answer, Book
from bot.glossary.model import localised
from bot.glossary.term_view import term
from bot.i18n import say
from bot.text.clean import shown, visible

_SIDE_BY_SIDE = 3  # terms; the columns of more are too narrow for German words
_NOTHING = "–"  # a cell of a table


def answer(
    book: Book, given: Answer, today: dt.date, most: int | None = None, *, brief: bool = False
) -> Card:
    """The card for whatever was asked, without what is not for the asker; `most` lines of a list.

    `brief`: of what is folded only the first part, which says that there is more.
    """
    book = book.seen_by(given.asker)
    if given.reading.help:
        return help_card(book, given.language)
    if given.intent == "list":
        return _listing(book, given, most)
    if not given.terms:
        return _not_found(book, given)
    alone = len(given.terms) == 1 and not given.reading.missing and " / " not in given.reading.understood
    if given.intent == "compare" and not alone:
        return _comparison(book, given, today, brief=brief)
    cards = [term(book, id_, given, today, brief=brief) for id_ in given.terms]
    if len(cards) == 1:
        return cards[0]
    word = shown(given.reading.understood)
    heading = say(given.language, "answer.homonyms", word=word, count=len(cards))
    elements: list[Element] = [Text(heading, "subtle")]
    for card in cards:
        elements += [Divider(), *card.elements]
    return Card(heading, tuple(elements))


def _comparison(book: Book, given: Answer, today: dt.date, *, brief: bool) -> Card:
    """Definitions, senses, criteria and KPIs side by side, and the sentence that tells them apart."""
    language = given.language
    labels = [book.label(id_, language) for id_ in given.terms]
    notes = tuple(_comparison_notes(book, given))
    if len(labels) == 1 and given.reading.missing:
        return _only_one(book, given, today, brief=brief)
    if len(labels) == 1:
        sentence = say(language, "compare.same", label=labels[0])
        definition = Text(visible(localised(book.glossary.terms[given.terms[0]].definition, language)))
        return Card(sentence, (Text(sentence, "strong"), *notes, definition))
    title = say(language, "compare.title", labels=" / ".join(labels))
    rows = tuple(_comparison_rows(book, given))
    many = len(labels) > _SIDE_BY_SIDE
    compared = tuple(_one_by_one(labels, rows)) if many else (Table(("", *labels), rows),)
    told = [visible(localised(other.text, language)) for _, other in book.glossary.confusions(given.terms)]
    elements: list[Element] = [Text(title, "strong"), *notes, *compared]
    if told:
        elements += [Text(say(language, "compare.difference"), "subtle"), Bullets(tuple(told))]
    return Card(title, tuple(elements))


def _one_by_one(labels: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Iterator[Element]:
    """The columns of a table below each other."""
    for at, label in enumerate(labels, start=1):
        yield Text(label, "strong")
        yield Facts(tuple((row[0], row[at]) for row in rows if row[at] != _NOTHING))


def _only_one(book: Book, given: Answer, today: dt.date, *, brief: bool) -> Card:
    """What is not known, and everything about the one term that is."""
    sentence = say(given.language, "compare.only", label=book.label(given.terms[0], given.language))
    alone = replace(
        given, reading=replace(given.reading, found=replace(given.reading.found, corrected=None))
    )
    elements = term(book, given.terms[0], alone, today, brief=brief).elements
    return Card(sentence, (*_comparison_notes(book, given), Text(sentence), *elements))


def _comparison_notes(book: Book, given: Answer) -> Iterator[Element]:
    """What was corrected, what is in no glossary, and what may have been meant."""
    reading = given.reading
    if reading.found.corrected:
        typed = shown(reading.understood)
        sentence = say(given.language, "answer.corrected", label=reading.found.corrected, typed=typed)
        yield Text(sentence, "subtle")
    for name in reading.missing:
        yield Text(say(given.language, "suggest.title", typed=shown(name)), "subtle")
    if reading.missing and given.suggestions:
        names = ", ".join(book.label(id_, given.language) for id_ in given.suggestions)
        yield Text(say(given.language, "compare.meant", labels=names), "subtle")


def _comparison_rows(book: Book, given: Answer) -> Iterator[tuple[str, ...]]:
    language = given.language
    terms = [book.glossary.terms[id_] for id_ in given.terms]

    def row(name: str, cells: Iterable[str]) -> Iterator[tuple[str, ...]]:
        texts = tuple(visible(cell) or _NOTHING for cell in cells)
        if any(text != _NOTHING for text in texts):
            yield (name, *texts)

    yield from row(say(language, "compare.definition"), (localised(t.definition, language) for t in terms))
    departments = sorted(book.glossary.glossary.departments, key=lambda id_: id_ != given.department)
    for id_ in departments:
        senses = (t.sense(id_) for t in terms)
        texts = [localised(sense.definition, language) if sense else "" for sense in senses]
        yield from row(book.department_label(id_, language), texts)
    own = ((book.glossary.sense(t, given.department), t) for t in terms)
    criteria = [(sense.criteria if sense else []) or t.criteria for sense, t in own]
    texts = ["; ".join(localised(c.text, language) for c in items) for items in criteria]
    yield from row(say(language, "compare.counts"), texts)
    kpis = [t.kpi for t in terms]
    formulas = (localised(kpi.formula, language) if kpi else "" for kpi in kpis)
    yield from row(say(language, "answer.formula"), formulas)
    yield from row(say(language, "answer.unit"), (kpi.unit if kpi else "" for kpi in kpis))
    yield from row(say(language, "answer.source"), (kpi.source.system if kpi else "" for kpi in kpis))


def _not_found(book: Book, given: Answer) -> Card:
    language, typed = given.language, shown(given.reading.understood)
    if given.suggestions:
        known = not typed or book.index.find(given.reading.understood).outcome == "answer"
        title = say(language, "suggest.unclear") if known else say(language, "suggest.title", typed=typed)
        names = tuple(book.label(id_, language) for id_ in given.suggestions)
        question = say(language, "suggest.question")
        return Card(title, (Text(title, "strong"), Text(question), Bullets(names)))
    title = say(language, "unknown.title", typed=typed) if typed else say(language, "unknown.empty")
    return Card(title, (Text(title, "strong"), Text(say(language, "unknown.propose"), "subtle")))


def _listing(book: Book, given: Answer, most: int | None) -> Card:
    language, topic = given.language, shown(given.reading.understood)
    department = given.reading.department
    topic = topic or (book.department_label(department, language) if department else "")
    if not given.listed:
        title = say(language, "list.empty", topic=topic)
        return Card(title, (Text(title, "strong"),))
    count = len(given.listed)
    key = "list.one" if count == 1 else "list.topic" if topic else "list.title"
    title = say(language, key, count=count, topic=topic)
    lines = tuple(
        say(
            language,
            "list.line",
            label=book.label(id_, language),
            text=shown(localised(book.glossary.terms[id_].definition, language), 90),
        )
        for id_ in given.listed[:most]
    )
    left = count - len(lines)
    others = (Text(say(language, "list.more", count=left), "subtle"),) if left else ()
    return Card(title, (Text(title, "strong"), Bullets(lines), *others))


def help_card(book: Book, language: str) -> Card:
    """What Klartext can do, and what is new in the glossary."""
    first, *lines = say(language, "help.lines").splitlines()
    labels = ", ".join(book.label(id_, language) for id_ in book.newest())
    newest = say(language, "help.newest", labels=labels)
    elements = (Text(first, "strong"), Bullets(tuple(lines)), Text(newest, "subtle"))
    return Card(say(language, "help.summary"), elements)
