"""Mistakes of content in `landscape.yaml` and `capabilities.yaml`."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from bot.files.findings import Finding, nearest
from bot.files.source import Source
from bot.files.values import Keys
from bot.intake.outline import Node, texts

LANGUAGES = ("de", "en")
_LANDSCAPE_TEXTS = frozenset({"data", "master_for"})
_CAPABILITY_TEXTS = frozenset({"label", "requirement", "question"})
_STALE = dt.timedelta(days=183)  # half a year: then somebody should look again
_QUARTER_ENDS = {"Q1": "03-31", "Q2": "06-30", "Q3": "09-30", "Q4": "12-31"}


class Estate:
    """One landscape file, as it was typed."""

    def __init__(self, source: Source, capabilities: Source | None) -> None:
        self.source = source
        self.root = Node((), source.data if isinstance(source.data, dict) else {})
        self.owners = list(self.root.node("owners").data)
        systems = reversed(self.root.nodes("systems"))  # of two with one id, the first counts
        self.systems = {one.text("id"): one for one in systems if one.text("id")}
        self.interfaces = self.root.nodes("interfaces")
        self.capabilities = capability_ids(capabilities)


def capability_ids(source: Source | None) -> list[str] | None:
    """The ids of the capabilities, None if there is no such file."""
    data = source.data if source else None
    found = data.get("capabilities") if isinstance(data, dict) else None
    return list(found) if isinstance(found, dict) else None


def check_landscape(source: Source, capabilities: Source | None, today: dt.date) -> Iterator[Finding]:
    """Everything in a landscape that cannot be."""
    estate = Estate(source, capabilities)
    owners = estate.root.node("owners")
    named = [
        Node((*owners.keys, key), value) for key, value in owners.data.items() if isinstance(value, dict)
    ]
    yield from _languages(source, [*named, *texts(estate.root.data, (), _LANDSCAPE_TEXTS)])
    yield from _same(estate.source, estate.root.nodes("systems"), "id")
    yield from _same(estate.source, estate.root.nodes("systems"), "name")
    yield from _same(estate.source, estate.interfaces, "id")
    for system in estate.root.nodes("systems"):
        yield from _system(estate, system)
    for interface in estate.interfaces:
        yield from _interface(estate, interface, today)
    yield from _same_way(estate)
    yield from _days(estate)
    updated = _day(estate.root.text("updated"))
    if updated and today - updated > _STALE:
        yield source.finding(("updated",), "stale_landscape", date=updated.isoformat())


def check_capabilities(source: Source) -> Iterator[Finding]:
    """Everything in a list of capabilities that cannot be."""
    known = capability_ids(source) or []
    data = source.data if isinstance(source.data, dict) else {}
    yield from _languages(source, list(texts(data, (), _CAPABILITY_TEXTS)))
    taken: dict[str, str] = {}
    for name in known:
        node = Node(("capabilities",), data["capabilities"]).node(name)
        for keys, other in node.items("neighbours"):
            if isinstance(other, str) and other not in known:
                yield source.finding(keys, "unknown_capability", value=other, hint=nearest(other, known))
        words = node.node("words")
        for language in words.data:
            for keys, word in words.items(language):
                holder = taken.setdefault(str(word).casefold(), name)
                if holder != name:
                    yield source.finding(keys, "word_of_other", value=str(word), other=holder)


def _languages(source: Source, places: list[Node]) -> Iterator[Finding]:
    for place in places:
        for language in LANGUAGES:
            if place.data and language not in place.data:
                key = next((str(key) for key in reversed(place.keys) if isinstance(key, str)), "")
                yield source.finding(place.keys, "text_missing", key=key, language=language)


def _same(source: Source, entries: list[Node], key: str) -> Iterator[Finding]:
    first: dict[str, Node] = {}
    for entry in entries:
        value = entry.text(key)
        there = first.setdefault(value.casefold(), entry) if value else entry
        if there is not entry:
            line = str(source.line((*there.keys, key)))
            yield source.finding((*entry.keys, key), "twice", key=key, value=value, first=line)


def _owner(estate: Estate, entry: Node) -> Iterator[Finding]:
    owner = entry.text("owner")
    if owner and owner not in estate.owners:
        hint = nearest(owner, estate.owners)
        yield estate.source.finding((*entry.keys, "owner"), "unknown_owner", value=owner, hint=hint)


def _system(estate: Estate, system: Node) -> Iterator[Finding]:
    yield from _owner(estate, system)
    for keys, name in system.items("capabilities"):
        if estate.capabilities is not None and isinstance(name, str) and name not in estate.capabilities:
            hint = nearest(name, estate.capabilities)
            yield estate.source.finding(keys, "unknown_capability", value=name, hint=hint)
    heir, keys = system.text("replaced_by"), (*system.keys, "replaced_by")
    if heir:
        yield from _known_system(estate, keys, heir)
        if heir == system.text("id"):
            yield estate.source.finding(keys, "system_itself", value=heir)
        elif estate.systems.get(heir, system).text("status") == "retired":
            yield estate.source.finding(keys, "retired_heir", value=heir)
    elif system.text("status") == "retiring":
        yield estate.source.finding((*system.keys, "status"), "retiring_alone", name=system.text("id"))


def _known_system(estate: Estate, keys: Keys, name: str) -> Iterator[Finding]:
    if name not in estate.systems:
        hint = nearest(name, list(estate.systems))
        yield estate.source.finding(keys, "unknown_system", value=name, hint=hint)


def _interface(estate: Estate, interface: Node, today: dt.date) -> Iterator[Finding]:
    yield from _owner(estate, interface)
    for end in ("from", "to"):
        name, keys = interface.text(end), (*interface.keys, end)
        if name:
            yield from _known_system(estate, keys, name)
        status = estate.systems[name].text("status") if name in estate.systems else ""
        if status == "retired" and interface.text("status") == "live":
            yield estate.source.finding(keys, "retired_end", value=name)
    if interface.text("from") and interface.text("from") == interface.text("to"):
        yield estate.source.finding((*interface.keys, "to"), "system_itself", value=interface.text("to"))
    yield from _planned(estate, interface, today)


def _planned(estate: Estate, interface: Node, today: dt.date) -> Iterator[Finding]:
    planned = interface.text("planned_for")
    if interface.text("status") != "planned":
        return
    if not planned:
        yield estate.source.finding((*interface.keys, "status"), "planned_without_date")
        return
    keys, last = (*interface.keys, "planned_for"), last_day(planned)
    if last is None:
        yield estate.source.finding(keys, "bad_quarter", key="planned_for", value=planned)
    elif last < today:
        yield estate.source.finding(keys, "planned_in_past", date=planned)


def _days(estate: Estate) -> Iterator[Finding]:
    """Days that look like one and are none: 30 February. (What the form says too is told once.)"""
    for entry, key in [(estate.root, "updated"), *((one, "retired_on") for one in estate.interfaces)]:
        if (day := entry.text(key)) and _day(day) is None:
            yield estate.source.finding((*entry.keys, key), "bad_date", key=key, value=day)


def _same_way(estate: Estate) -> Iterator[Finding]:
    """The same data between the same systems stand once."""
    ways: dict[tuple[Any, ...], Node] = defaultdict()
    for interface in estate.interfaces:
        data = tuple(sorted(str(text).casefold() for text in interface.node("data").data.values()))
        way = (interface.text("from"), interface.text("to"), data)
        there = ways.setdefault(way, interface) if all(way) else interface
        if there is not interface and there.text("status") == interface.text("status"):
            line = str(estate.source.line(there.keys))
            yield estate.source.finding(interface.keys, "same_interface", first=line)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def last_day(planned: str) -> dt.date | None:
    """The last day of a quarter, a month or a day as the landscape names it; None if it is none."""
    year, _, rest = planned.partition("-")
    if rest in _QUARTER_ENDS:
        return _day(f"{year}-{_QUARTER_ENDS[rest]}")
    if len(rest) == len("12"):
        first = _day(f"{planned}-01")
        return (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1) if first else None
    return _day(planned)
