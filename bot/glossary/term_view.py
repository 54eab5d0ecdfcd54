"""One term as a card: the sections in their order, what was asked for first. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator

from bot.chat.ui import Bullets, Card, Element, Expandable, Facts, Style, Text
from bot.glossary.book import Answer, Book
from bot.glossary.model import Criterion, Kpi, Sense, Term, localised
from bot.i18n import day_text, say
from bot.text.clean import shown, visible


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
        elements = [Text(heading, "strong"), *self._notices(), *opened(asked, "subtle"), *self._meanings()]
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
        yield from opened(self._others(), "subtle")
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


def as_day(iso: str, language: str) -> str:
    """A day of the glossary as people write it."""
    return day_text(dt.date.fromisoformat(iso), language)


def _up_to_folded(elements: Iterator[Element]) -> Iterator[Element]:
    for element in elements:
        yield element
        if isinstance(element, Expandable):
            return


def opened(elements: Iterable[Element], style: Style) -> Iterator[Element]:
    """The elements with nothing folded; `style` is that of the titles."""
    for element in elements:
        if isinstance(element, Expandable):
            yield Text(element.title, style)
            yield from element.elements
        else:
            yield element
