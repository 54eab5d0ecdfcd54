"""Whoever is named in a file is defined in the roles, or the check says where not."""

from pathlib import Path

import pytest

from bot.files.findings import FileBroken, Finding
from bot.i18n import LANGUAGES, explain
from bot.people.check import check
from tests.conftest import ROOT

ROLES = """\
users: {anna: anna@example.com}
groups: {chiefs: {emails: [anna@example.com]}, empty: {}, all: {domains: [example.com]}}
roles:
  admin: ["user:anna", "group:chiefs"]
  nobody: []
"""


def found(folder: Path, roles: str, other: str = "") -> list[Finding]:
    file, named = folder / "roles.yaml", folder / "flow.yaml"
    file.write_text(roles, encoding="utf-8")
    named.write_text(other, encoding="utf-8")
    return check(file, [named] if other else [])


def test_the_shipped_files_name_nobody_unknown() -> None:
    flows = ROOT / "intake_flows"
    others = [ROOT / "glossary.yaml", *sorted(set(flows.glob("*.yaml")) - {flows / "roles.yaml"})]
    assert check(flows / "roles.yaml", others) == []


def test_roles_and_groups_without_anybody_are_warned_of(tmp_path: Path) -> None:
    findings = found(tmp_path, ROLES)
    assert [(f.severity, f.code, f.values["name"]) for f in findings] == [
        ("warning", "nobody", "role:nobody"),
        ("warning", "nobody", "group:empty"),
    ]


def test_a_member_that_is_nobody_is_a_mistake_with_its_line(tmp_path: Path) -> None:
    (finding,) = [
        f for f in found(tmp_path, ROLES.replace('"user:anna"', "user:ana")) if f.code != "nobody"
    ]
    assert (finding.line, finding.code, finding.values["hint"]) == (4, "unknown_member", "user:anna")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("user:ana", "user:anna"), ("group:chief", "group:chiefs"), ("role:admn", "role:admin")],
)
def test_whoever_a_file_names_anywhere_is_known(tmp_path: Path, name: str, hint: str) -> None:
    other = (
        f"steps:\n  - approver: user:anna\n    cc: [group:chiefs, '{name}']\n    text: to user:xy, please\n"
    )
    (finding,) = [f for f in found(tmp_path, ROLES, other) if f.code != "nobody"]
    assert (finding.file.name, finding.line, finding.code) == ("flow.yaml", 3, "unknown_actor")
    assert finding.values["hint"] == hint
    german, english = (explain(finding, language) for language in LANGUAGES)
    assert hint in german
    assert german != english


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileBroken):
        found(tmp_path, ROLES, "a: [")
