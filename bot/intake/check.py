"""Every mistake in the folder `intake_flows/`, each with its place and its mend.

Rules of content read the file as it was typed (`outline`), so that no mistake hides another.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.files.findings import FileBroken, Finding, nearest
from bot.files.source import Keys, Source
from bot.intake.check_flow import RULES
from bot.intake.check_landscape import capability_ids, check_capabilities, check_landscape
from bot.intake.file import ROLES, Folder, read_folder, read_landscape
from bot.intake.model import Flow
from bot.intake.outline import Node, Outline
from bot.intake.systems import Capabilities, Landscape

WARNINGS = frozenset(
    {
        "id_not_file",
        "no_connector",
        "not_a_flow",
        "planned_in_past",
        "retiring_alone",
        "stale_landscape",
        "unused_route",
        "word_of_other",
    }
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the folder's files may name and other parts define; None: not known here, not checked.

    `roles` as `role:name`. `published`: per flow its version and `digest`, as they were used before.
    """

    roles: Collection[str] | None = None
    choices: Mapping[str, list[str]] | None = None
    published: Mapping[str, tuple[int, str]] | None = None


def check(path: Path, today: dt.date, known: Known | None = None) -> list[Finding]:
    """All findings of the folder, in the order of files and lines. What is allowed is in `WARNINGS`."""
    known = known or Known()
    try:
        folder = read_folder(path)
    except FileBroken as broken:
        return list(broken.findings)
    outlines = [Outline(source, _choices(folder, known)) for source in folder.flows]
    findings: list[Finding] = []
    for outline in outlines:
        model = folder.model(outline.source, Flow)
        for rule in RULES:
            findings += rule(outline)
        findings += _connectors(folder, outline)
        if model:
            findings += _version(outline, model, known)
    findings += _landscape(folder, today)
    findings += _together(folder, outlines)
    sources = [*folder.flows, *filter(None, [folder.landscape])]
    findings += [found for source in sources for found in _roles(source, path, known)]
    return _told(folder.findings + findings)


def check_landscape_file(path: Path, today: dt.date) -> list[Finding]:
    """All findings of one landscape file."""
    try:
        folder = read_landscape(path)
    except FileBroken as broken:
        return list(broken.findings)
    findings = list(_landscape(folder, today))
    return _told([one for one in folder.findings + findings if one.file == path])


def digest(flow: Flow) -> str:
    """What tells two texts of a flow with the same version apart."""
    return hashlib.sha256(flow.model_dump_json(exclude={"version"}).encode()).hexdigest()


def _told(findings: list[Finding]) -> list[Finding]:
    """Without repetitions, sorted, and with their severity."""
    seen: dict[tuple[object, ...], Finding] = {}
    for found in findings:
        severity = "warning" if found.code in WARNINGS else found.severity
        key = (found.file, found.line, found.code, *found.values.items())
        seen.setdefault(key, replace(found, severity=severity))
    return sorted(seen.values(), key=lambda one: (str(one.file), one.line, one.code))


def _choices(folder: Folder, known: Known) -> dict[str, list[str]]:
    """The values that options from elsewhere may have."""
    choices = dict(known.choices or {})
    data = folder.landscape.data if folder.landscape else None
    if isinstance(data, dict):
        systems = Node((), data).nodes("systems")
        choices["landscape.systems"] = [one.text("id") for one in systems]
    return choices


def _landscape(folder: Folder, today: dt.date) -> Iterator[Finding]:
    folder.model(folder.landscape, Landscape)
    folder.model(folder.capabilities, Capabilities)
    if folder.landscape:
        yield from check_landscape(folder.landscape, folder.capabilities, today)
    if folder.capabilities and capability_ids(folder.capabilities):
        yield from check_capabilities(folder.capabilities)


def _connectors(folder: Folder, outline: Outline) -> Iterator[Finding]:
    data = folder.connectors.data if folder.connectors else None
    configured = data.get("connectors", data) if isinstance(data, dict) else {}
    for keys, name in outline.root.node("ticket").items("connectors"):
        if isinstance(name, str) and name not in configured:
            yield outline.finding(keys, "no_connector", name=name)


def _version(outline: Outline, flow: Flow, known: Known) -> Iterator[Finding]:
    version, published = (known.published or {}).get(flow.id, (0, ""))
    if flow.version < version or (flow.version == version and digest(flow) != published):
        yield outline.finding(
            ("version",), "version_not_raised", version=str(flow.version), next=str(version + 1)
        )


def _roles(source: Source, path: Path, known: Known) -> Iterator[Finding]:
    if known.roles is None:
        return
    names = sorted(known.roles)
    for keys, name in _named(source.data, ()):
        if name not in known.roles:
            values = {"value": name, "file": str(path / ROLES), "hint": nearest(name, names)}
            yield source.finding(keys, "unknown_actor", **values)


def _named(data: Any, keys: Keys) -> Iterator[tuple[Keys, str]]:
    """Every role that a file names, with its place."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _named(value, (*keys, key))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from _named(value, (*keys, at))
    elif isinstance(data, str) and data.startswith("role:"):
        yield keys, data


def _together(folder: Folder, outlines: list[Outline]) -> Iterator[Finding]:
    """What only the flows together can get wrong."""
    if not outlines and not folder.findings:
        yield Finding(folder.path, 1, "no_flows")
    ids: dict[str, Outline] = {}
    words: dict[tuple[str, str], Outline] = {}
    defaults: dict[str, list[Outline]] = defaultdict(list)
    for outline in outlines:
        command, keywords = outline.root.text("command"), outline.root.node("keywords")
        if outline.id and ids.setdefault(outline.id, outline) is not outline:
            where = str(ids[outline.id].source.path.name)
            yield outline.finding(("id",), "same_flow", value=outline.id, where=where)
        elif outline.id and outline.source.path.stem != outline.id:
            yield outline.finding(("id",), "id_not_file", value=outline.id, file=f"{outline.id}.yaml")
        if not keywords.data:
            defaults[command].append(outline)
        for keys, word in [pair for language in keywords.data for pair in keywords.items(language)]:
            holder = words.setdefault((command, str(word).casefold()), outline)
            if holder is not outline:
                yield outline.finding(keys, "same_keyword", value=str(word), other=holder.id)
    yield from _defaults(outlines, defaults)


def _defaults(outlines: list[Outline], defaults: Mapping[str, list[Outline]]) -> Iterator[Finding]:
    """One flow per command takes free text."""
    for command, those in defaults.items():
        for other in those[1:]:
            yield other.finding(("command",), "two_defaults", command=command, other=those[0].id)
    commands = {outline.root.text("command"): outline for outline in reversed(outlines)}
    for command, outline in commands.items():
        if command and command not in defaults:
            yield outline.finding(("keywords",), "no_default", command=command)
