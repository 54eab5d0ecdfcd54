"""A use case as a Markdown ticket, in the language of whoever reads it. Pure.

Labels are translated, answers stay in the writer's words, and those words are literal. What a flow asks
besides the usual stands under the title of its step.
"""

from collections.abc import Iterable, Iterator, Mapping

from pydantic import JsonValue

from bot.i18n import say
from bot.intake.conditions import Answer
from bot.intake.markdown import literal
from bot.intake.model import Flow
from bot.intake.picture import lines, mermaid
from bot.intake.usecase import Term, UseCase, at
from bot.intake.wording import Wording

_MAX_TITLE = 255
_STEPS = ("trigger", "action", "goal", "benefit")
# Per section: the name of a line (`ticket.NAME`) and where its answer stands.
_SYSTEMS = {
    "existing_system": "landscape.existing_system",
    "existing_fit": "landscape.existing_fit",
    "fit_gap": "landscape.fit_gap",
    "data_flow": "landscape.data_flow",
}
_PRIVACY = {
    "data": "privacy.data_class",
    "basis": "privacy.legal_basis",
    "sensitive_basis": "privacy.sensitive_basis",
    "location": "privacy.location",
    "access": "security.access",
}
_KPI = ("kpi.terms", "kpi.text")
_DEADLINE = ("deadline.date", "deadline.reason")
_PLACED = frozenset(
    {
        *(f"use_case.{step}" for step in _STEPS),
        *_SYSTEMS.values(),
        *_PRIVACY.values(),
        *_KPI,
        *_DEADLINE,
        "original_wish",
        "requirement",
        "solution_hint.status",
        "landscape.systems",
        "priority.impact",
        "owner",
        "stakeholders",
        "shared_goal",
    }
)


def ticket(case: UseCase, words: Wording) -> str:
    """The ticket. `words` has the flow in the version of the use case, and the reader's language."""
    return _Ticket(case, words).text()


def title(case: UseCase, words: Wording) -> str:
    """What the request is called, in one line: as the flow says, else by need, wish or number."""
    named = words.text({"": words.flow.ticket.title}, values(case, words.flow)).strip()
    return " ".join((named or case.requirement or case.original_wish or case.id).split())[:_MAX_TITLE]


def values(case: UseCase, flow: Flow) -> Mapping[str, Answer]:
    """The answers by question, and the facts that a use case keeps: what placeholders see."""
    data = case.data()
    places = {
        "detected.product": "solution_hint.product",
        "detected.category_id": "solution_hint.category",
        "detected.existing_system_name": "landscape.existing_system",
    }
    places |= {question.id: question.maps_to for question in flow.questions if question.maps_to}
    return {name: found for name, path in places.items() if (found := _answer(at(data, path)))}


def by_place(case: UseCase, words: Wording) -> Mapping[str, str]:
    """Every answer in words, by the place where it stands in the use case, in the order of the flow."""
    found = values(case, words.flow)
    return {
        question.maps_to: words.answer(question, found[question.id])
        for question in words.flow.questions
        if question.maps_to and question.id in found
    }


def _answer(value: JsonValue) -> Answer:
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    return value if isinstance(value, str) else ""


class _Ticket:
    def __init__(self, case: UseCase, words: Wording) -> None:
        self._case = case
        self._words = words
        self._names = words.names
        self._said = dict(by_place(case, words))
        if case.landscape and case.landscape.existing_system:
            self._said["landscape.existing_system"] = case.landscape.existing_system

    def text(self) -> str:
        sections = [
            [f"# {literal(title(self._case, self._words))}"],
            self._wish(),
            list(_facts(self._head())),
            self._section("use_case", self._steps()),
            self._section("systems", [*self._connections(), *self._listed(_SYSTEMS), *self._picture()]),
            self._section("privacy", self._listed(_PRIVACY)),
            *self._further(),
            self._section("plan", _facts(self._plan())),
            self._section("questions", self._questions()),
        ]
        return "\n\n".join("\n".join(section) for section in sections if section) + "\n"

    def _say(self, key: str, **values: str) -> str:
        return say(self._words.language, f"ticket.{key}", **values)

    def _section(self, key: str, body: Iterable[str]) -> list[str]:
        lines_ = list(body)
        return [f"## {self._say(key)}", "", *lines_] if lines_ else []

    def _wish(self) -> list[str]:
        wish = self._case.original_wish or ""
        if not wish or " ".join(wish.split()) == title(self._case, self._words):
            return []
        return [f"> {self._say('wish')}: {self._say('quoted', text=literal(wish))}"]

    def _head(self) -> Iterator[tuple[str, str]]:
        case, ready = self._case, self._case.readiness
        if ready:
            band = self._say(f"band.{ready.band}")
            yield self._say("readiness"), self._say("score", score=str(ready.score), band=band)
        if case.priority:
            yield self._say("priority"), case.priority.suggested or ""
        yield self._say("labels"), ", ".join(case.labels)
        if case.confidential:
            yield self._say("confidential"), self._say("confidential_why")

    def _steps(self) -> Iterator[str]:
        """The use case; what nobody was asked, because its page is hidden, is not open."""
        asked = filter(
            None, (self._words.flow.question(one.question or "") for one in self._case.open_questions)
        )
        opened = any((question.maps_to or "").startswith("use_case.") for question in asked)
        if not (self._case.use_case or opened):
            return
        yield from ("| | |", "|---|---|")
        for step in _STEPS:
            said = literal(self._said.get(f"use_case.{step}", "")) or f"*{self._say('open')}*"
            yield f"| **{self._say(step)}** | {said} |"

    def _connections(self) -> Iterator[str]:
        place = self._case.landscape
        if place and place.interfaces:
            for line in lines(place.interfaces, self._names.system, self._words.language):
                yield f"- {literal(line)}"

    def _listed(self, places: Mapping[str, str]) -> Iterator[str]:
        for key, path in places.items():
            if path in self._said:
                yield f"- {self._say(key)}: {literal(self._said[path])}"

    def _picture(self) -> Iterator[str]:
        place = self._case.landscape
        if place and place.interfaces and place.systems:
            drawn = mermaid(place.systems, place.interfaces, self._names.system, self._words.language)
            yield from ("", "```mermaid", drawn, "```")

    def _plan(self) -> Iterator[tuple[str, str]]:
        case, person = self._case, self._names.person
        yield self._say("kpi"), ": ".join(self._given(*_KPI))
        yield self._say("deadline"), " – ".join(self._given(*_DEADLINE))
        yield self._say("owner"), self._said.get("owner", "")
        if case.requester and case.requester != case.owner:
            yield self._say("requester"), person(case.requester)
        involved = dict.fromkeys((*(case.stakeholders or ()), *case.stakeholders_added))
        yield self._say("stakeholders"), ", ".join(map(person, involved))
        yield self._say("shared_goal"), self._said.get("shared_goal", "")
        if case.solution_hint and case.solution_hint.product:
            status = self._said.get("solution_hint.status", self._say("undecided"))
            yield self._say("hint"), f"{case.solution_hint.product} – {status}"
        yield self._say("terms"), ", ".join(dict.fromkeys(map(self._term, case.terms)))
        yield self._say("links"), " ".join(case.links or ())

    def _given(self, *paths: str) -> list[str]:
        return [self._said[path] for path in paths if path in self._said]

    def _term(self, term: Term) -> str:
        """The word as typed, its name in the glossary if that is another, and whose sense is meant."""
        name = self._names.term(term.term)
        more = [] if name.casefold() == term.text.casefold() else [name]
        if term.sense != "agreed":
            more.append(self._say("sense", department=self._names.department(term.sense)))
        return f"{term.text} ({'; '.join(more)})" if more else term.text

    def _further(self) -> Iterator[list[str]]:
        """What this flow asks and others do not, by step."""
        known = values(self._case, self._words.flow)
        for step in self._words.flow.steps:
            rows = [
                (self._words.text(question.label, known), self._said[question.maps_to])
                for question in step.questions
                if question.maps_to in self._said and question.maps_to not in _PLACED
            ]
            if rows:
                yield [f"## {literal(self._words.text(step.title))}", "", *_facts(rows)]

    def _questions(self) -> Iterator[str]:
        for one in self._case.open_questions:
            yield f"- [ ] {literal(self._say('ask', text=one.text, who=self._names.person(one.ask)))}"


def _facts(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Lines of a name and a value; two spaces at the end break the line."""
    said = [f"**{_name(name)}** {literal(value)}" for name, value in rows if value]
    return [f"{line}  " for line in said[:-1]] + said[-1:]


def _name(name: str) -> str:
    return literal(name) if name.endswith(("?", ":", "…")) else f"{literal(name)}:"
