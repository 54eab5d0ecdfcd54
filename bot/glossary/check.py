"""Every mistake of content that a glossary file can hold, each with its place and its mend.

A rule is a function that yields findings; `RULES` is the list. What the form allows and the meaning
forbids stands here: unknown names, undeclared homonyms, promises without a source.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot.files.findings import FileBroken, Finding, nearest
from bot.files.values import Keys
from bot.glossary.file import Draft, draft_of
from bot.glossary.keys import squash
from bot.glossary.model import Confused, Glossary, Head, Spoken, Term, labels_of
from bot.people.roles import ROLES_FILE, load_roles

Rule = Callable[[Draft, Glossary], Iterator[Finding]]
Ring = list[str]


def check(path: Path, today: dt.date) -> list[Finding]:
    """All findings of a glossary file and the files that it includes, in the order of the lines."""
    try:
        draft = draft_of(path)
    except FileBroken as broken:
        return list(broken.findings)
    findings = list(draft.findings)
    actors: frozenset[str] | None = None
    try:
        actors = _known_actors(path)
    except FileBroken as broken:
        findings += broken.findings
    if draft.glossary is not None:
        for rule in RULES:
            findings += rule(draft, draft.glossary)
        findings += _late_reviews(draft, draft.glossary, today)
        findings += _unknown_actors(draft, draft.glossary, actors)
    return sorted(
        without_repetitions(findings), key=lambda finding: (str(finding.file), finding.line, finding.code)
    )


def without_repetitions(findings: list[Finding]) -> list[Finding]:
    """The findings without repetitions."""
    seen: dict[tuple[object, ...], Finding] = {}
    for found in findings:
        seen.setdefault((found.file, found.line, found.code, *found.values.items()), found)
    return list(seen.values())


def _known_actors(path: Path) -> frozenset[str] | None:
    """`user:` and `group:` names of the roles file beside the glossary; None if there is no such file."""
    roles = path.parent / ROLES_FILE
    return load_roles(roles).actors() if roles.exists() else None


def _languages(draft: Draft, glossary: Glossary) -> Iterator[Finding]:
    """Every label and text exists in every language of the glossary, and in no other."""
    wanted = glossary.glossary.languages
    main = draft.sources[0]
    for keys, texts in _texts(glossary.glossary, ("glossary",)):
        for language in (name for name in wanted if name not in texts):
            yield main.finding(keys, "no_text", term=_name(keys[:-1]), key=_name(keys), language=language)
    for id_, term in glossary.terms.items():
        for keys, texts in _texts(term, ()):
            for language in (name for name in wanted if name not in texts):
                code = "no_label" if keys == ("labels",) else "no_text"
                yield draft.finding(id_, keys, code, language=language, key=_name(keys))
            for language in (name for name in texts if name not in wanted):
                yield draft.finding(
                    id_, (*keys, language), "other_language", language=language, known=", ".join(wanted)
                )


def _texts(value: Any, keys: Keys) -> Iterator[tuple[Keys, dict[str, Any]]]:
    """Every place that holds one text per language."""
    if isinstance(value, Spoken):
        if value.text or not isinstance(value, Confused):  # the difference may go without saying
            yield keys, value.text
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from _texts(getattr(value, name), (*keys, info.alias or name))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _texts(item, (*keys, at))
    elif isinstance(value, dict) and keys[-1] in {"departments", "approved", "owners"}:
        for name, item in value.items():
            yield from _texts(item, (*keys, name))
    elif isinstance(value, dict) and value and keys[-1] not in {"external", "channels"}:
        yield keys, value


def _name(keys: Keys) -> str:
    return next((str(key) for key in reversed(keys) if isinstance(key, str)), "")


def _unknown_terms(draft: Draft, glossary: Glossary) -> Iterator[Finding]:
    """Relations, replacements, KPI parts and SLA metrics name terms that exist."""
    known = list(draft.places)
    for id_, term in glossary.terms.items():
        for keys, other in _references(term):
            if other not in draft.places:
                yield draft.finding(id_, keys, "unknown_term", value=other, hint=nearest(other, known))
            elif other == id_ and keys[0] in {"relations", "replaced_by"}:
                yield draft.finding(id_, keys, "names_itself", key=_name(keys))


def _references(term: Term) -> Iterator[tuple[Keys, str]]:
    for name in type(term.relations).model_fields:
        for at, other in enumerate(getattr(term.relations, name)):
            yield ("relations", name, at), other if isinstance(other, str) else other.term
    for at, promise in enumerate(term.sla):
        if promise.metric:
            yield ("sla", at, "metric"), promise.metric
    if term.replaced_by:
        yield ("replaced_by",), term.replaced_by
    for part in ("numerator", "denominator"):
        if term.kpi and (other := getattr(term.kpi, part)):
            yield ("kpi", part), other
    for language, labels in term.labels.items():
        for at, avoided in enumerate(labels.avoid):
            if avoided.use:
                yield ("labels", language, "avoid", at, "use"), avoided.use


def _unknown_departments(draft: Draft, glossary: Glossary) -> Iterator[Finding]:
    """Senses, approvals and promises name departments of the head."""
    known = list(glossary.glossary.departments)
    for name, department in glossary.glossary.departments.items():
        if department.parent and department.parent not in known:
            keys: Keys = ("glossary", "departments", name, "parent")
            yield draft.sources[0].finding(
                keys, "unknown_department", value=department.parent, known=", ".join(known), hint=""
            )
    for id_, term in glossary.terms.items():
        for keys, name in _departments(term):
            if name not in known:
                yield draft.finding(
                    id_,
                    keys,
                    "unknown_department",
                    value=name,
                    known=", ".join(known),
                    hint=nearest(name, known),
                )


def _departments(term: Term) -> Iterator[tuple[Keys, str]]:
    for at, name in enumerate(term.departments):
        yield ("departments", at), name
    for at, name in enumerate(term.visibility):
        yield ("visibility", at), name
    for at, sense in enumerate(term.senses):
        yield ("senses", at, "department"), sense.department
    for at, promise in enumerate(term.sla):
        yield ("sla", at, "from"), promise.from_
        yield ("sla", at, "to"), promise.to
    for name in term.approved:
        yield ("approved", name), name


def _unknown_actors(draft: Draft, glossary: Glossary, known: frozenset[str] | None) -> Iterator[Finding]:
    """Owners and approvers stand in the roles file, if there is one."""
    if known is None:
        return
    names = sorted(known)
    for keys, actor in _actors_of_head(glossary.glossary):
        if actor not in known:
            yield draft.sources[0].finding(
                keys,
                "unknown_actor",
                value=actor,
                hint=nearest(actor, names),
                file=str(ROLES_FILE),
            )
    for id_, term in glossary.terms.items():
        for keys, actor in _actors(term):
            if actor not in known:
                yield draft.finding(
                    id_,
                    keys,
                    "unknown_actor",
                    value=actor,
                    hint=nearest(actor, names),
                    file=str(ROLES_FILE),
                )


def _actors_of_head(head: Head) -> Iterator[tuple[Keys, str]]:
    for name, department in head.departments.items():
        for at, actor in enumerate(department.approvers):
            yield ("glossary", "departments", name, "approvers", at), actor
    for actor in head.owners:
        yield ("glossary", "owners", actor), actor


def _actors(term: Term) -> Iterator[tuple[Keys, str]]:
    yield ("owner",), term.owner
    if term.kpi:
        yield ("kpi", "owner"), term.kpi.owner
    for name, approval in term.approved.items():
        yield ("approved", name, "by"), approval.by
    for at, sense in enumerate(term.senses):
        if sense.owner:
            yield ("senses", at, "owner"), sense.owner
        if sense.objection:
            yield ("senses", at, "objection", "raised_by"), sense.objection.raised_by


def _homonyms(draft: Draft, glossary: Glossary) -> Iterator[Finding]:
    """Two terms share a word only if they say so in `confused_with`, each of them."""
    holders: dict[str, dict[str, tuple[Keys, str]]] = defaultdict(dict)
    for id_, term in glossary.terms.items():
        for keys, _, text in labels_of(term):
            holders[squash(text)].setdefault(id_, (keys, text))
    for sharing in holders.values():
        for id_, (keys, text) in sharing.items():
            named = {confused.term for confused in glossary.terms[id_].relations.confused_with}
            for other in sharing.keys() - named - {id_}:
                there = draft.places[other]
                where = f"{there.path.name}:{there.line(('terms', other, *sharing[other][0]))}"
                yield draft.finding(id_, keys, "homonym", label=text, other=other, where=where)


def _avoided_labels(draft: Draft, glossary: Glossary) -> Iterator[Finding]:
    """A word that is forbidden for one term is another's label only if the entry points there."""
    holders: dict[str, set[str]] = defaultdict(set)
    for id_, term in glossary.terms.items():
        for _, _, text in labels_of(term):
            holders[squash(text)].add(id_)
    for id_, term in glossary.terms.items():
        for language, labels in term.labels.items():
            for at, avoided in enumerate(labels.avoid):
                others = holders[squash(avoided.label)]
                if others and avoided.use not in others:
                    keys = ("labels", language, "avoid", at, "label")
                    yield draft.finding(id_, keys, "avoided_label", label=avoided.label, other=min(others))


def _statuses(draft: Draft, glossary: Glossary) -> Iterator[Finding]:
    """Deprecated terms name their heir, KPIs their formula, disputes the objection."""
    for id_, term in glossary.terms.items():
        if term.status == "deprecated" and not term.replaced_by:
            yield draft.finding(id_, ("status",), "no_heir")
        if term.kind == "kpi" and term.kpi is None:
            yield draft.finding(id_, ("kind",), "no_kpi")
        if term.status == "disputed" and not any(sense.objection for sense in term.senses):
            yield draft.finding(id_, ("status",), "no_objection")
        if term.status == "agreed" and not term.approved:
            yield replace(draft.finding(id_, ("status",), "no_approval"), severity="warning")
        for at, sense in enumerate(term.senses):
            if sense.status == "disputed" and not sense.objection:
                yield draft.finding(id_, ("senses", at, "status"), "no_objection")


def _late_reviews(draft: Draft, glossary: Glossary, today: dt.date) -> Iterator[Finding]:
    """A review that is overdue is said in every answer; here it is a warning."""
    for id_, term in glossary.terms.items():
        if term.review_by and dt.date.fromisoformat(term.review_by) < today:
            late = draft.finding(id_, ("review_by",), "late_review", date=term.review_by)
            yield replace(late, severity="warning")


def _repetitions(draft: Draft, glossary: Glossary) -> Iterator[Finding]:
    """One sense per department, one meaning per criterion id, one department per channel."""
    for id_, term in glossary.terms.items():
        lists: list[tuple[Keys, list[str]]] = [
            (("senses",), [sense.department for sense in term.senses]),
            (("criteria",), [criterion.id for criterion in term.criteria]),
            (("sla",), [promise.id for promise in term.sla]),
        ]
        for keys, names in lists:
            for at, name in enumerate(names):
                if name in names[:at]:
                    yield draft.finding(id_, (*keys, at), "repeated", value=name, key=str(keys[0]))
    taken: dict[tuple[str, str], str] = {}
    for name, department in glossary.glossary.departments.items():
        for channel, places in department.channels.items():
            for at, place in enumerate(places):
                if (owner := taken.setdefault((channel, place), name)) != name:
                    keys = ("glossary", "departments", name, "channels", channel, at)
                    yield draft.sources[0].finding(keys, "same_channel", value=place, other=owner)


def _circles(draft: Draft, glossary: Glossary) -> Iterator[Finding]:
    """Nobody is broader than himself, over however many steps; nor part of, nor replaced by."""
    for up, down in (("broader", "narrower"), ("part_of", "has_part")):
        edges: dict[str, set[str]] = defaultdict(set)
        for id_, term in glossary.terms.items():
            edges[id_].update(getattr(term.relations, up))
            for other in getattr(term.relations, down):
                edges[other].add(id_)
        yield from _rings(draft, edges, ("relations", up), ("relations", down))
    heirs = {id_: {term.replaced_by} for id_, term in glossary.terms.items() if term.replaced_by}
    yield from _rings(draft, heirs, ("replaced_by",), ("replaced_by",))


def _rings(draft: Draft, edges: dict[str, set[str]], *keys: Keys) -> Iterator[Finding]:
    done: set[str] = set()
    for start in sorted(edges):
        ring = _ring_through(start, edges)
        if ring and not done.intersection(ring):
            done.update(ring)
            arrows = [("terms", id_, *k) for id_ in ring if id_ in draft.places for k in keys]
            place = next(arrow for arrow in arrows if arrow in draft.places[str(arrow[1])].lines)
            way = " → ".join([*ring, start])
            yield draft.finding(str(place[1]), place[2:], "circle", key=str(keys[0][-1]), ring=way)


def _ring_through(start: str, edges: dict[str, set[str]]) -> Ring:
    """The way from a term back to itself, or nothing; an arrow to itself is reported elsewhere."""
    ways: list[Ring] = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for other in sorted(edges.get(way[-1], ())):
            if other == start and len(way) > 1:
                return way
            if other not in seen and other != start:
                seen.add(other)
                ways.append([*way, other])
    return []


RULES: tuple[Rule, ...] = (
    _languages,
    _unknown_terms,
    _unknown_departments,
    _homonyms,
    _avoided_labels,
    _statuses,
    _repetitions,
    _circles,
)
