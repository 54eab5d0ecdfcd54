"""An answer as a card: the important things first, the rest on demand. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.chat.ui import Bullets, Card, Divider, Element, Expandable, Facts, Table, Text
from bot.glossary.book import Answer, Book
from bot.glossary.model import Criterion, Kpi, Sense, Term, localised
from bot.i18n import day_text, say
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


def term(book: Book, id_: str, given: Answer, today: dt.date, *, brief: bool = False) -> Card:
    """One term as this department needs it."""
    return _TermView(book, id_, given, today).card(brief=brief)


class _TermView:
    """The sections of a term's card."""

    def __init__(self, book: Book, id_: str, given: Answer, today: dt.date) -> None:
        self.book = book
        self.term: Term = book.glossary.terms[id_]
        self.given = given
        self.language = given.language
        self.today = today
        self.label = book.label(id_, given.language)
        self.here = book.glossary.sense(self.term, given.department)

    def say(self, key: str, **values: object) -> str:
        return say(self.language, f"answer.{key}", **values)

    def text(self, texts: dict[str, str]) -> str:
        return visible(localised(texts, self.language))

    def department(self, id_: str) -> str:
        return self.book.department_label(id_, self.language)

    def owner(self, actor: str) -> str:
        return self.book.owner_label(actor, self.language)

    def card(self, *, brief: bool) -> Card:
        status = say(self.language, f"status.{self.term.status}")
        heading = self.say("heading", label=self._names(), status=status)
        asked = self._aspect(self.given.reading.aspect or "definition")
        elements = [Text(heading, "strong"), *self._notices(), *_opened(asked), *self._meanings()]
        more = (part for part in self._more() if part not in asked)
        elements += _up_to_folded(more) if brief else more
        meaning = self.text(self.here.definition if self.here else self.term.definition)
        return Card(f"{self.label}: {meaning}", tuple(elements))

    def _names(self) -> str:
        names = self.term.names(self.language)
        return f"{names.pref} ({', '.join(names.abbr)})" if names.abbr else names.pref

    def _notices(self) -> Iterator[Element]:
        names = self.term.names(self.language)
        other = [self.say("plural", plural=names.plural)] if names.plural not in {None, names.pref} else []
        other += [self.say("also", names=", ".join(names.alt))] if names.alt else []
        if other:
            yield Text(" · ".join(other), "subtle")
        found, typed = self.given.reading.found, shown(self.given.reading.understood)
        if found.corrected:
            yield Text(self.say("corrected", label=found.corrected, typed=typed), "subtle")
        if self.term.status == "deprecated" and self.term.replaced_by in self.book.glossary.terms:
            instead = self.book.label(str(self.term.replaced_by), self.language)
            yield Text(self.say("deprecated", label=instead), "strong")
        for why in self._reasons_to_avoid(typed):
            yield Text(self.say("avoid", word=typed, label=self.label, why=why).strip(), "subtle")
        if self.term.review_by and dt.date.fromisoformat(self.term.review_by) < self.today:
            yield Text(self.say("late", date=as_day(self.term.review_by, self.language)), "subtle")

    def _reasons_to_avoid(self, typed: str) -> list[str]:
        """Why the word that was typed should not be used, in this language; "" if nobody said why."""
        words = (word for labels in self.term.labels.values() for word in labels.avoid)
        reasons = [word.why or "" for word in words if word.label.casefold() == typed.casefold()]
        own = (word for word in self.term.names(self.language).avoid)
        said = [word.why or "" for word in own if word.label.casefold() == typed.casefold()]
        return said[:1] or reasons[:1]

    def _meanings(self) -> Iterator[Element]:
        """This department's meaning, the agreed one, and what is in dispute."""
        if self.here:
            name = self.department(self.here.department)
            own = self.given.department == self.given.asker
            yield Text(self.say("here", department=name) if own else name, "subtle")
            yield Text(self.text(self.here.definition))
        title = "agreed" if self.term.status in {"agreed", "disputed", "deprecated"} else "agreed_not_yet"
        yield Text(self.say(title), "subtle")
        yield Text(self.text(self.term.definition))
        for sense in self.term.senses:
            if sense.objection:
                yield Text(
                    self.say(
                        "objection",
                        department=self.department(sense.department),
                        who=self.owner(sense.objection.raised_by),
                        date=as_day(sense.objection.date, self.language),
                        text=self.text(sense.objection.text),
                    )
                )

    def _aspect(self, aspect: str) -> list[Element]:
        """What was asked for in particular, before everything else."""
        match aspect:
            case "criteria":
                found = self._criteria()
            case "formula" | "unit" | "source":
                found = self._calculation()
            case "owner":
                found = self._responsibility()
            case "examples":
                found = self._examples()
            case _:
                return []
        return found or [Text(self.say("none_of_this", label=self.label), "subtle")]

    def _more(self) -> Iterator[Element]:
        yield from _opened(self._others())
        yield from self._criteria()
        yield from self._calculation()
        yield from self._promises()
        yield from self._confusions()
        yield from self._examples()
        yield from self._responsibility()
        yield from self._links()

    def _section(self, key: str, *elements: Element) -> list[Element]:
        return [Expandable(self.say(key), elements)]

    def _others(self) -> list[Element]:
        lines = [self._other(s) for s in self.term.senses if s is not self.here]
        key = "others" if self.given.department else "departments"
        return self._section(key, Bullets(tuple(lines))) if lines else []

    def _other(self, sense: Sense) -> str:
        remarks = [say(self.language, f"relation.{sense.relation}")] if sense.relation else []
        if sense.status != "agreed":
            remarks.append(say(self.language, f"status.{sense.status}"))
        values = {"department": self.department(sense.department), "text": self.text(sense.definition)}
        if remarks:
            return self.say("other", remarks=", ".join(remarks), **values)
        return self.say("other_plain", **values)

    def _criteria(self) -> list[Element]:
        own = self.here.criteria if self.here else []
        lines = [self._criterion(criterion) for criterion in own or self.term.criteria]
        return self._section("counts", Bullets(tuple(lines))) if lines else []

    def _criterion(self, criterion: Criterion) -> str:
        text = self.text(criterion.text)
        return text if criterion.required else self.say("optional", text=text)

    def _calculation(self) -> list[Element]:
        kpi = self.term.kpi
        if kpi is None:
            return []
        limits = tuple(self.text(limit) for limit in kpi.limits)
        elements: list[Element] = [Facts(tuple(self._figures(kpi)))]
        if limits:
            elements += [Text(self.say("limits"), "subtle"), Bullets(limits)]
        return self._section("kpi", *elements)

    def _figures(self, kpi: Kpi) -> Iterator[tuple[str, str]]:
        source = " ".join(part for part in (kpi.source.system, kpi.source.ref, kpi.source.url) if part)
        yield self.say("formula"), self.text(kpi.formula)
        yield self.say("unit"), kpi.unit
        yield self.say("source"), source
        yield self.say("kpi_owner"), self.owner(kpi.owner)
        if kpi.target:
            yield self.say("target"), kpi.target
        if kpi.refresh:
            yield self.say("refresh"), kpi.refresh

    def _promises(self) -> list[Element]:
        lines = tuple(
            self.say(
                "promise",
                giver=self.department(promise.from_),
                taker=self.department(promise.to),
                text=self.text(promise.text) or promise.threshold,
            )
            for promise in self.term.sla
        )
        return self._section("sla", Bullets(lines)) if lines else []

    def _confusions(self) -> list[Element]:
        lines = tuple(
            self.say(
                "confusion",
                label=self.book.label(other.term, self.language),
                text=self.text(other.text),
            )
            for other in self.term.relations.confused_with
            if other.term in self.book.glossary.terms
        )
        return self._section("confused", Bullets(lines)) if lines else []

    def _examples(self) -> list[Element]:
        place = self.here if self.here and self.here.examples else self.term
        lines = [self.say("example", text=self.text(text)) for text in place.examples]
        lines += [self.say("counter_example", text=self.text(text)) for text in place.counter_examples]
        return self._section("examples", Bullets(tuple(lines))) if lines else []

    def _responsibility(self) -> list[Element]:
        rows = [(self.say("owner"), self.owner(self.term.owner))]
        if self.term.review_by:
            day = as_day(self.term.review_by, self.language)
            late = dt.date.fromisoformat(self.term.review_by) < self.today
            rows.append((self.say("review"), self.say("overdue", date=day) if late else day))
        approved = [
            f"{self.department(id_)} ({as_day(approval.date, self.language)})"
            for id_, approval in self.term.approved.items()
        ]
        if approved:
            rows.append((self.say("approved"), ", ".join(approved)))
        departments = self.book.glossary.glossary.departments
        missing = [self.department(id_) for id_ in departments if id_ not in self.term.approved]
        if missing and self.term.approved:
            rows.append((self.say("missing_approval"), ", ".join(missing)))
        return self._section("responsibility", Facts(tuple(rows)))

    def _links(self) -> list[Element]:
        links = [" ".join(p for p in (li.system, li.ref, li.url) if p) for li in self.term.links]
        links += [" ".join(p for p in (doc.title, doc.url) if p) for doc in self.term.sources]
        return self._section("links", Bullets(tuple(links))) if links else []


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


def as_day(iso: str, language: str) -> str:
    """A day of the glossary as people write it."""
    return day_text(dt.date.fromisoformat(iso), language)


def _up_to_folded(elements: Iterator[Element]) -> Iterator[Element]:
    for element in elements:
        yield element
        if isinstance(element, Expandable):
            return


def _opened(elements: Sequence[Element]) -> Iterator[Element]:
    """What was asked for is not hidden behind "more"."""
    for element in elements:
        if isinstance(element, Expandable):
            yield Text(element.title, "subtle")
            yield from element.elements
        else:
            yield element
