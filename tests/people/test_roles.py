"""Who stands behind `user:…` and `group:…`."""

from pathlib import Path

import pytest

from bot.files.findings import FileBroken, Finding
from bot.i18n import LANGUAGES, explain
from bot.people.roles import ROLES_FILE, Roles, load_roles

ROOT = Path(__file__).parents[2]

ROLES = """\
users:
  anna: anna@example.com
  'no': no@example.com
groups:
  chiefs:
    emails:
      - anna@example.com
    slack: S123
  data: {entra: 0b1f}
  all: {domains: [Example.com]}
"""


def roles(folder: Path, text: str) -> Roles:
    """The roles of a text that stands in a file."""
    file = folder / "roles.yaml"
    file.write_text(text, encoding="utf-8")
    return load_roles(file)


def only_mistake(folder: Path, text: str) -> Finding:
    """What is wrong with a roles file."""
    with pytest.raises(FileBroken) as caught:
        roles(folder, text)
    (finding,) = caught.value.findings
    return finding


def test_the_shipped_roles_load() -> None:
    assert {"user:marketing-owner", "group:it-applications"} <= load_roles(ROOT / ROLES_FILE).actors()


def test_every_user_and_group_may_be_named(tmp_path: Path) -> None:
    assert roles(tmp_path, ROLES).actors() == {
        "user:anna",
        "user:no",
        "group:chiefs",
        "group:data",
        "group:all",
    }


def test_a_group_is_people_or_a_group_of_the_chat(tmp_path: Path) -> None:
    groups = roles(tmp_path, ROLES).groups
    assert (groups["chiefs"].emails, groups["chiefs"].slack) == (["anna@example.com"], "S123")
    assert (groups["data"].emails, groups["data"].entra) == ([], "0b1f")


@pytest.mark.parametrize("email", ["bert@example.com", "BERT@EXAMPLE.COM", '"a@b"@example.com'])
def test_a_domain_is_everybody_with_such_an_address(tmp_path: Path, email: str) -> None:
    assert roles(tmp_path, ROLES).held_by(email) == {"group:all"}


@pytest.mark.parametrize(
    "email",
    [
        "bert@evil-example.com",
        "bert@example.com.evil.org",
        "bert@mail.example.com",
        "bert@example.co",
        "example.com@evil.org",
        "bert@example.com@evil.org",
        "bert@",
        "",
        None,
    ],
)
def test_a_domain_that_looks_alike_is_nobody(tmp_path: Path, email: str | None) -> None:
    assert roles(tmp_path, ROLES).held_by(email) == frozenset()


def test_users_and_groups_are_optional(tmp_path: Path) -> None:
    assert roles(tmp_path, "{}").actors() == frozenset()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  anna: anna@example.com", "  anna: anna #!"),
        ("  anna: anna@example.com", "  anna: anna@example #!"),
        ("  anna: anna@example.com", "  anna: a b@example.com #!"),
        ("  anna: anna@example.com", "  anna: 5 #!"),
        ("      - anna@example.com", "      - anna #!"),
        ("    slack: S123", "    slcak: S123 #!"),
        ("    slack: S123", "    slack: 5 #!"),
        ("  data: {entra: 0b1f}", "  data: anna@example.com #!"),
        ("      - anna@example.com", "      - '*@example.com' #!"),
        ("[Example.com]}", "['@example.com']} #!"),
        ("[Example.com]}", "['*.example.com']} #!"),
        ("[Example.com]}", "['a.com,b.com']} #!"),
        ("[Example.com]}", "[example]} #!"),
        ("[Example.com]}", "example.com} #!"),
        ("users:\n", "rights: {} #!\nusers:\n"),
        ("    slack: S123", "    slack: S123\n    slack: S124 #!"),
    ],
)
def test_a_mistake_has_its_line_and_a_sentence(tmp_path: Path, old: str, new: str) -> None:
    assert ROLES.count(old) == 1
    text = ROLES.replace(old, new)
    finding = only_mistake(tmp_path, text)
    assert "#!" in text.splitlines()[finding.line - 1]
    german, english = (explain(finding, language) for language in LANGUAGES)
    assert german != english


@pytest.mark.parametrize("text", ["", "- anna\n", "anna\n"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    assert only_mistake(tmp_path, text).line == 1


def test_a_misspelt_key_is_answered_with_the_right_one(tmp_path: Path) -> None:
    # glossary/file.py (unknown_key with hint, missing_key, wrong_shape …) are not offered here
    finding = only_mistake(tmp_path, ROLES.replace("slack:", "slcak:"))
    assert (finding.code, finding.values.get("hint")) == ("unknown_key", "slack")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileBroken) as caught:
        load_roles(tmp_path / "none.yaml")
    assert [found.code for found in caught.value.findings] == ["missing_file"]
