"""What connects the systems that somebody chose, and what is missing between them. Pure.

Only `live` and not `manual` connects. Data reach a system over one other system if they flow that way:
two systems that are fed by a third are not connected. What is missing is counted in islands, not in
pairs: four systems of which one stands alone miss one interface.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from bot.intake.model import Choice
from bot.intake.state import Facts
from bot.intake.systems import (
    Capabilities,
    Direction,
    Frequency,
    Interface,
    Landscape,
    Quarter,
    System,
)
from bot.intake.texts import Sentence

_IN_USE = ("live", "pilot")


class Link(BaseModel):
    """Two systems, by id."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)
    from_: str = Field(validation_alias=AliasChoices("from", "from_"), serialization_alias="from")
    to: str


class Connected(Link):
    """Data flow today."""

    direction: Direction
    data: Sentence
    frequency: Frequency


class Planned(Link):
    """Data will flow: in which quarter, month or on which day, if that is known."""

    direction: Direction
    data: Sentence
    planned_for: Quarter | None = None


class Via(Link):
    """Data flow over a system in between; `direction` only if they also flow back."""

    via: str
    direction: Literal["two_way"] | None = None


class Missing(Link):
    """An interface that joins two islands. If somebody carries the data by hand today, it says which, and
    data flow as the link says; otherwise the direction is not known.
    """

    today: Literal["manual"] | None = None
    data: Sentence | None = None


class Interfaces(BaseModel):
    """What connects the systems chosen. `unknown` are names that the landscape does not have."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    connected: tuple[Connected, ...] = ()
    planned: tuple[Planned, ...] = ()
    via: tuple[Via, ...] = ()
    missing: tuple[Missing, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Existing:
    """A system that can already do it; `instead_of` is the retiring one that it takes over from."""

    system: System
    instead_of: System | None = None


def interfaces(
    landscape: Landscape, chosen: Sequence[str], capabilities: Capabilities | None = None
) -> Interfaces:
    """What connects the systems chosen (ids, or names that the landscape lacks), in the order chosen.

    `capabilities` tell which systems usually exchange data: such a pair joins two islands first.
    """
    names = tuple(dict.fromkeys(chosen))
    systems = [system for name in names if (system := _choosable(landscape, name))]
    ids = [system.id for system in systems]
    between = [
        one for one in landscape.interfaces if one.from_ in ids and one.to in ids and one.from_ != one.to
    ]
    connected = [one for one in between if one.connects]
    planned = [one for one in between if one.status == "planned"]
    via = list(_via(landscape, ids, {frozenset({one.from_, one.to}) for one in connected}))
    islands = _Islands(ids)
    for one in (*connected, *planned):
        islands.join(one.from_, one.to)
    for link in via:
        islands.join(link.from_, link.to)
    return Interfaces(
        connected=tuple(
            Connected(
                from_=one.from_, to=one.to, direction=one.direction, data=one.data, frequency=one.frequency
            )
            for one in connected
        ),
        planned=tuple(
            Planned(
                from_=one.from_,
                to=one.to,
                direction=one.direction,
                data=one.data,
                planned_for=one.planned_for,
            )
            for one in planned
        ),
        via=tuple(via),
        missing=tuple(_missing(islands, _candidates(systems, between, capabilities))),
        unknown=tuple(name for name in names if name not in ids),
    )


def choices(landscape: Landscape) -> tuple[Choice, ...]:
    """The systems that can be chosen: all but retired ones."""
    systems = (system for system in landscape.systems if system.status != "retired")
    return tuple(Choice(system.id, {"": system.name}) for system in systems)


def existing(landscape: Landscape, capability: str) -> tuple[Existing, ...]:
    """The systems in use that have a capability: live ones first, then pilots, then heirs.

    A retiring system counts only through the one that replaces it.
    """
    having = [system for system in landscape.systems if capability in system.capabilities]
    own = [Existing(system) for status in _IN_USE for system in having if system.status == status]
    heirs = (
        Existing(heir, system)
        for system in having
        if system.status == "retiring" and (heir := landscape.system(system.replaced_by or ""))
    )
    known = {one.system.id for one in own}
    return (*own, *(one for one in heirs if one.system.id not in known and one.system.status in _IN_USE))


def facts(landscape: Landscape, chosen: Sequence[str], found: Interfaces) -> Facts:
    """The facts `interfaces.*` and `landscape.*`, by the names of the systems."""
    name = namer(landscape)

    def pairs(links: Iterable[Link]) -> tuple[str, ...]:
        return tuple(f"{name(link.from_)} → {name(link.to)}" for link in links)

    systems = filter(None, map(landscape.system, dict.fromkeys(chosen)))
    return {
        "interfaces.connected": pairs(found.connected),
        "interfaces.planned": pairs(found.planned),
        "interfaces.via": pairs(found.via),
        "interfaces.missing": pairs(found.missing),
        "interfaces.unknown": found.unknown,
        "landscape.third_country": tuple(system.name for system in systems if system.third_country),
    }


def namer(landscape: Landscape) -> Callable[[str], str]:
    """Turns an id into the name of the system; what is no id stays as it is."""
    names = {system.id: system.name for system in landscape.systems}
    return lambda id_: names.get(id_, id_)


def _choosable(landscape: Landscape, id_: str) -> System | None:
    system = landscape.system(id_)
    return system if system and system.status != "retired" else None


def _via(landscape: Landscape, ids: list[str], direct: set[frozenset[str]]) -> Iterator[Via]:
    """Pairs without an interface of their own whose data flow over one other system, a chosen one first."""
    flows = {(start, end) for one in landscape.interfaces if one.connects for start, end in _flows(one)}
    order = [*ids, *(system.id for system in landscape.systems if system.id not in ids)]

    def between(start: str, end: str) -> str | None:
        return next((one for one in order if (start, one) in flows and (one, end) in flows), None)

    for first, second in combinations(ids, 2):
        if frozenset({first, second}) in direct:
            continue
        there, back = between(first, second), between(second, first)
        both = there is not None and there == back
        if there:
            yield Via(from_=first, via=there, to=second, direction="two_way" if both else None)
        if back and not both:
            yield Via(from_=second, via=back, to=first)


def _flows(interface: Interface) -> Iterator[tuple[str, str]]:
    yield interface.from_, interface.to
    if interface.direction == "two_way":
        yield interface.to, interface.from_


def _candidates(
    systems: list[System], between: list[Interface], capabilities: Capabilities | None
) -> Iterator[Missing]:
    """Links that could join islands, the likeliest first: by hand today, usual neighbours, any."""
    for one in between:
        if one.status == "live" and not one.connects:
            yield Missing(from_=one.from_, to=one.to, today="manual", data=one.data)
    pairs = list(combinations(systems, 2))
    near = [pair for pair in pairs if _neighbours(*pair, capabilities)]
    for first, second in (*near, *pairs):
        yield Missing(from_=first.id, to=second.id)


def _neighbours(first: System, second: System, capabilities: Capabilities | None) -> bool:
    known = capabilities.capabilities if capabilities else {}
    return any(
        other in known[one].neighbours or one in known[other].neighbours
        for one in first.capabilities
        for other in second.capabilities
        if one in known and other in known
    )


def _missing(islands: "_Islands", candidates: Iterable[Missing]) -> Iterator[Missing]:
    return (link for link in candidates if islands.join(link.from_, link.to))


class _Islands:
    """Systems that are connected with one another, in any direction."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._island = {id_: {id_} for id_ in ids}

    def join(self, first: str, second: str) -> bool:
        """Make one island of two. False if it was one already."""
        mine, other = self._island[first], self._island[second]
        if mine is other:
            return False
        mine |= other
        for id_ in other:
            self._island[id_] = mine
        return True
