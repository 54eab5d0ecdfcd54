"""Is everybody defined whom the files name? Reads every YAML file alike, whatever its format."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.files.findings import Finding, nearest
from bot.files.source import Source, read
from bot.files.values import Keys
from bot.people.roles import Roles, load_roles

_ACTOR = re.compile(r"(user|group|role):[\w.@-]+")


def check(path: Path, others: Iterable[Path]) -> list[Finding]:
    """What is wrong with the roles in `path`, and whom `others` name without a definition there.

    Raises FileBroken if a file cannot be read.
    """
    roles, source = load_roles(path), read(path)
    known = actors(roles)
    findings = [*_members(roles, source, known), *_empty(roles, source)]
    for other in others:
        findings += undefined(read(other), path, known)
    return findings


def actors(roles: Roles) -> list[str]:
    """Everything that a file may name, with its kind."""
    return sorted({*roles.actors(), *(f"role:{name}" for name in roles.roles)})


def _members(roles: Roles, source: Source, known: list[str]) -> Iterator[Finding]:
    actors = [name for name in known if not name.startswith("role:")]
    for role, members in roles.roles.items():
        for at, member in enumerate(members):
            if member not in actors:
                values = {"value": member, "hint": nearest(member, actors)}
                yield source.finding(("roles", role, at), "unknown_member", **values)


def _empty(roles: Roles, source: Source) -> Iterator[Finding]:
    empty = [("roles", name) for name, members in roles.roles.items() if not members]
    empty += [
        ("groups", name)
        for name, group in roles.groups.items()
        if not (group.emails or group.domains or group.vendors)
    ]
    for kind, name in empty:
        finding = source.finding((kind, name), "nobody", name=f"{kind.removesuffix('s')}:{name}")
        yield replace(finding, severity="warning")


def undefined(source: Source, path: Path, known: list[str]) -> Iterator[Finding]:
    """Whom a file names without a definition in `path`."""
    for keys, name in _named(source.data, ()):
        if name not in known:
            values = {"value": name, "file": str(path), "hint": nearest(name, known)}
            yield source.finding(keys, "unknown_actor", **values)


def _named(data: Any, keys: Keys) -> Iterator[tuple[Keys, str]]:
    """Every value of a file that is the name of an actor, with its place."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _named(value, (*keys, key))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from _named(value, (*keys, at))
    elif isinstance(data, str) and _ACTOR.fullmatch(data):
        yield keys, data
