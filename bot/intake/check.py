"""Every mistake in the folder `intake_flows/`, each with its place and its mend.

Rules of content read the file as it was typed (`outline`), so that no mistake hides another.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.files.findings import FileBroken, Finding, nearest
from bot.files.source import Source
from bot.intake.check_flow import RULES
from bot.intake.check_landscape import capability_ids, check_capabilities, check_landscape
from bot.intake.conditions import KINDS
from bot.intake.file import CAPABILITIES, ROLES, Folder, read_folder, read_landscape
from bot.intake.lists import PRODUCTS, product_files
from bot.intake.model import COMMANDS, EVERYONE, Flow
from bot.intake.outline import Node, Outline
from bot.intake.product_file import check_products
from bot.intake.systems import Capabilities, Landscape
from bot.people import check as people
from bot.people.roles import Roles, load_roles

WARNINGS = frozenset(
    {
        "id_not_file",
        "no_connector",
        "no_default",
        "no_wish",
        "nobody",
        "not_a_flow",
        "not_mapped",
        "owner_without_role",
        "planned_in_past",
        "retiring_alone",
        "stale_landscape",
        "unknown_command",
        "unseen_hint",
        "unused_route",
        "word_of_other",
    }
)


@dataclass(frozen=True, slots=True)
class Known:
    """What other parts define and the folder's files may name.

    `choices`: values of options by their source (`glossary.kpis`, `departments` …); what is not there is
    not checked. `published`: per flow its version and `digest`, as they were used before.
    """

    choices: Mapping[str, list[str]] = field(default_factory=dict)
    published: Mapping[str, tuple[int, str]] = field(default_factory=dict)


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
        findings += _audience(outline, known)
        if model:
            findings += _version(outline, model, known)
    findings += _landscape(folder, today)
    findings += _products(folder)
    findings += _together(folder, outlines)
    findings += _roles(folder)
    return _told(folder.slips, folder.findings + findings)


def check_landscape_file(path: Path, today: dt.date) -> list[Finding]:
    """All findings of one landscape file."""
    try:
        folder = read_landscape(path)
    except FileBroken as broken:
        return list(broken.findings)
    findings = [*_landscape(folder, today), *_roles(folder)]
    return _told(folder.slips, [one for one in folder.findings + findings if one.file == path])


def digest(flow: Flow) -> str:
    """What tells two texts of a flow with the same version apart."""
    return hashlib.sha256(flow.model_dump_json(exclude={"version"}).encode()).hexdigest()


def _told(slips: list[Finding], findings: list[Finding]) -> list[Finding]:
    """Without repetitions, sorted, and with their severity.

    What stands on a line with a slip was not read as it was meant: nothing else is said about it.
    """
    misread = {(slip.file, slip.line) for slip in slips}
    seen: dict[tuple[object, ...], Finding] = {}
    for found in [*slips, *(one for one in findings if (one.file, one.line) not in misread)]:
        severity = "warning" if found.code in WARNINGS else found.severity
        key = (found.file, found.line, found.code, *found.values.items())
        seen.setdefault(key, replace(found, severity=severity))
    return sorted(seen.values(), key=lambda one: (str(one.file), one.line, one.code))


def _choices(folder: Folder, known: Known) -> dict[str, list[str]]:
    """The values that options from elsewhere may have."""
    choices = {**known.choices, "detected.kind": list(KINDS)}
    data = folder.landscape.data if folder.landscape else None
    if isinstance(data, dict):
        systems = Node((), data).nodes("systems")
        choices["landscape.systems"] = [one.text("id") for one in systems]
    choices["detected.category_id"] = capability_ids(folder.capabilities) or []
    return choices


def _landscape(folder: Folder, today: dt.date) -> Iterator[Finding]:
    folder.model(folder.landscape, Landscape)
    folder.model(folder.capabilities, Capabilities)
    if folder.landscape:
        yield from check_landscape(folder.landscape, folder.capabilities, today)
    if folder.capabilities and capability_ids(folder.capabilities):
        yield from check_capabilities(folder.capabilities)


def _products(folder: Folder) -> Iterator[Finding]:
    """The lists of products. Klartext does not start with a broken one."""
    if not (folder.path / PRODUCTS).exists():
        return
    known = capability_ids(folder.capabilities)
    if folder.capabilities is None:
        yield Finding(folder.path / CAPABILITIES, 1, "products_alone", {"file": PRODUCTS})
    for file in product_files(folder.path):
        yield from check_products(file, known)


def _connectors(folder: Folder, outline: Outline) -> Iterator[Finding]:
    data = folder.connectors.data if folder.connectors else None
    named = data.get("connectors") if isinstance(data, dict) else None
    configured = named if isinstance(named, dict) else {}
    for keys, name in outline.root.node("ticket").items("connectors"):
        if isinstance(name, str) and name not in configured:
            yield outline.finding(keys, "no_connector", name=name)


def _version(outline: Outline, flow: Flow, known: Known) -> Iterator[Finding]:
    version, published = known.published.get(flow.id, (0, ""))
    if flow.version < version or (flow.version == version and digest(flow) != published):
        yield outline.finding(
            ("version",), "version_not_raised", version=str(flow.version), next=str(version + 1)
        )


def _audience(outline: Outline, known: Known) -> Iterator[Finding]:
    departments = known.choices.get("departments", [])
    for keys, name in outline.root.items("audience"):
        known_names = [EVERYONE, *departments]
        if departments and isinstance(name, str) and name not in known_names and " " not in name:
            values = {"value": name, "known": ", ".join(known_names), "hint": nearest(name, known_names)}
            yield outline.finding(keys, "unknown_department", **values)


def _roles(folder: Folder) -> Iterator[Finding]:
    """Everybody whom a file names is defined in `roles.yaml`, where there is one."""
    path = folder.path / ROLES
    if not path.exists():
        return
    try:
        roles = load_roles(path)
        yield from people.check(path, [])
    except FileBroken as broken:
        yield from broken.findings
        return
    known = people.actors(roles)
    for source in (*folder.flows, *filter(None, [folder.landscape])):
        yield from people.undefined(source, path, known)
    if folder.landscape:
        yield from _held(folder.landscape, roles)


def _held(landscape: Source, roles: Roles) -> Iterator[Finding]:
    """Somebody stands behind every owner of a system."""
    data = landscape.data if isinstance(landscape.data, dict) else {}
    for owner in Node((), data).node("owners").data:
        if owner not in roles.roles:
            yield landscape.finding(("owners", owner), "owner_without_role", name=owner, file=ROLES)


def _together(folder: Folder, outlines: list[Outline]) -> Iterator[Finding]:
    """What only the flows together can get wrong."""
    if not outlines and not folder.findings:
        yield Finding(folder.path, 1, "no_flows")
    named_alike = sorted(outlines, key=lambda outline: outline.source.path.stem != outline.id)
    ids = {outline.id: outline for outline in reversed(named_alike)}
    words: dict[tuple[str, str], Outline] = {}
    defaults: dict[str, list[Outline]] = defaultdict(list)
    for outline in outlines:
        command, keywords = outline.root.text("command"), outline.root.node("keywords")
        holder = ids[outline.id]
        if outline.id and holder is not outline:
            yield outline.finding(("id",), "same_flow", value=outline.id, where=holder.source.path.name)
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
    """One flow per command takes free text; the command is one that Klartext listens to."""
    for command, those in defaults.items():
        for other in those[1:]:
            yield other.finding(("command",), "two_defaults", command=command, other=those[0].id)
    flows: dict[str, list[Outline]] = defaultdict(list)
    for outline in outlines:
        flows[outline.root.text("command")].append(outline)
    for command, those in flows.items():
        if command not in COMMANDS and command.startswith("/"):
            values = {"value": command, "known": ", ".join(COMMANDS), "hint": nearest(command, COMMANDS)}
            yield from (one.finding(("command",), "unknown_command", **values) for one in those)
        elif len(those) > 1 and command not in defaults:
            yield those[0].finding(("keywords",), "no_default", command=command)
