"""The folder `intake_flows/`: files with `steps:` are flows, the others are what flows refer to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.files.findings import FileBroken, Finding
from bot.files.form import complaints
from bot.files.source import Source, survey
from bot.intake.model import Flow
from bot.intake.systems import Capabilities, Landscape

DEFAULT_FOLDER = Path("intake_flows")
LANDSCAPE = "landscape.yaml"
CAPABILITIES = "capabilities.yaml"
CONNECTORS = "connectors.yaml"
ROLES = "roles.yaml"
_MARKS = frozenset({"steps", "routing", "ticket", "command"})  # one of them makes a file a flow
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Intake:
    """Everything that the folder says."""

    flows: Mapping[str, Flow]
    landscape: Landscape
    capabilities: Capabilities | None


@dataclass(slots=True)
class Folder:
    """The files of the folder as far as they can be read; `slips` are what could not."""

    path: Path
    flows: list[Source] = field(default_factory=list)
    landscape: Source | None = None
    capabilities: Source | None = None
    connectors: Source | None = None
    slips: list[Finding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def model(self, source: Source | None, kind: type[M]) -> M | None:
        """A file in the form that it should have; None, and findings, if it has another."""
        if source is None:
            return None
        try:
            return kind.model_validate(source.data)
        except ValidationError as errors:
            self.findings += complaints(source, (), errors, kind)
            return None


def load(path: Path = DEFAULT_FOLDER) -> Intake:
    """The flows and what they refer to. Raises FileBroken with every mistake of form (not of content)."""
    folder = read_folder(path)
    flows = [folder.model(source, Flow) for source in folder.flows]
    landscape = folder.model(folder.landscape, Landscape)
    capabilities = folder.model(folder.capabilities, Capabilities)
    findings = folder.slips + folder.findings
    if errors := [finding for finding in findings if finding.severity == "error"]:
        raise FileBroken(errors)
    by_id = {flow.id: flow for flow in flows if flow}
    return Intake(by_id, landscape or Landscape(schema=1), capabilities)


def read_folder(path: Path) -> Folder:
    """Every file of the folder, sorted by what it is. Raises FileBroken if there is no such folder."""
    if not path.is_dir():
        raise FileBroken([Finding(path, 1, "missing_folder")])
    folder = Folder(path)
    for file in sorted([*path.glob("*.yaml"), *path.glob("*.yml")]):
        if file.name == ROLES:
            continue  # bot.people reads it
        source, slips = survey(file)
        folder.slips += slips
        if source:
            _sort_in(folder, source)
    return folder


def read_landscape(path: Path) -> Folder:
    """A landscape alone, with the capabilities and roles beside it. Raises FileBroken if there is none."""
    if not path.is_file():
        raise FileBroken([Finding(path, 1, "missing_landscape")])
    folder = Folder(path.parent)
    folder.landscape, folder.slips = survey(path)
    beside = path.parent / CAPABILITIES
    if beside.exists():
        folder.capabilities, _ = survey(beside)
    return folder


def _sort_in(folder: Folder, source: Source) -> None:
    match source.path.name:
        case "landscape.yaml":
            folder.landscape = source
        case "capabilities.yaml":
            folder.capabilities = source
        case "connectors.yaml":
            folder.connectors = source
        case _ if isinstance(source.data, dict) and _MARKS & source.data.keys():
            folder.flows.append(source)
        case _:
            folder.findings.append(replace(source.finding((), "not_a_flow"), severity="warning"))
