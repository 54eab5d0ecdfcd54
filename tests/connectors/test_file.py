"""What may stand in connectors.yaml, and what is said about the rest."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from bot.connectors import file
from bot.connectors.model import Connectors, GitHub, Jira, Mail, Webhook, title, variables
from bot.files.findings import FileBroken
from bot.i18n import LANGUAGES, explain, sentences
from tests.conftest import ROOT

ALL = """\
schema: 1
source: klartext-test
connectors:
  jira:
    type: jira
    name: Jira der IT
    url: https://example.atlassian.net
    user: klartext@example.com
    token_env: JIRA_TOKEN
    project: IT
    issue_type: Aufgabe
    hook:
      secret_env: JIRA_HOOK_SECRET
      states:
        "In Arbeit": start
        "Fertig": deliver
  github:
    type: github
    repository: example/it-requests
    token_env: GITHUB_ISSUES_TOKEN
    labels: [request]
  mail:
    type: email
    host: mail.example.com
    user: klartext
    password_env: MAIL_PASSWORD
    sender: klartext@example.com
    to: [it@example.com]
  tool:
    type: webhook
    url: https://tool.example.com/requests
    secret_env: TOOL_SECRET
    confidential: true
"""
MISTAKES = {
    "no kind": ("    type: jira\n", "", 4, "missing_key"),
    "an unknown kind": ("type: jira", "type: jiira", 5, "not_one_of"),
    "a kind that is a number": ("type: jira", "type: 7", 5, "not_one_of"),
    "a secret in the file": ("token_env: JIRA_TOKEN", "token: abc", 9, "unknown_key"),
    "a variable in small letters": ("JIRA_TOKEN", "jira_token", 9, "bad_env"),
    "a variable like a setting": ("token_env: JIRA_TOKEN", "token_env: KLARTEXT_JIRA", 9, "env_is_setting"),
    "one secret for both ways": ("JIRA_HOOK_SECRET", "JIRA_TOKEN", 13, "same_secret"),
    "no address": ("https://example.atlassian.net", "example.atlassian.net", 7, "bad_url"),
    "an open address": ("https://tool", "http://tool", 31, "bad_url"),
    "an open address that looks near": ("https://tool.", "http://localhost.tool.", 31, "bad_url"),
    "a project with a number": ("project: IT", "project: it-42", 10, "bad_project"),
    "a repository alone": ("example/it-requests", "it-requests", 19, "bad_repository"),
    "an address instead of a host": ("host: mail.", "host: https://mail.", 24, "bad_host"),
    "a login without a password": ("    password_env: MAIL_PASSWORD\n", "", 22, "half_login"),
    "a password in the open": ("host: mail", "security: none\n    host: mail", 24, "open_login"),
    "nobody to write to": ("[it@example.com]", "[]", 28, "nothing_inside"),
    "no address of anybody": ("[it@example.com]", "[it]", 28, "bad_email"),
    "an unknown deed": (": deliver", ": delivered", 16, "not_one_of"),
    "no states": ('\n        "In Arbeit": start\n        "Fertig": deliver', " {}", 14, "nothing_inside"),
    "a hook for mails": ("sender:", "hook: {}\n    sender:", 27, "unknown_key"),
    "truth in words": ("confidential: true", "confidential: yes", 33, "not_truth"),
    "a name with a dash": ("  jira:\n", "  ji-ra:\n", 4, "bad_name"),
    "a list": ("  tool:\n", "  tool: []\n  other:\n", 29, "wrong_shape"),
    "another version": ("schema: 1", "schema: 2", 1, "not_one_of"),
}


def written(folder: Path, text: str) -> Path:
    """The file with this text."""
    path = folder / file.FILE
    path.write_text(text, encoding="utf-8")
    return path


def test_all_kinds(tmp_path: Path) -> None:
    found = file.load(written(tmp_path, ALL))
    kinds = {name: type(one) for name, one in found.connectors.items()}
    assert kinds == {"jira": Jira, "github": GitHub, "mail": Mail, "tool": Webhook}
    assert (found.source, title("jira", found.connectors["jira"])) == ("klartext-test", "Jira der IT")
    assert title("tool", found.connectors["tool"]) == "tool"
    assert variables(found.connectors["jira"]) == {
        "token_env": "JIRA_TOKEN",
        "hook.secret_env": "JIRA_HOOK_SECRET",
    }


def test_secrets_that_nobody_has_set(tmp_path: Path) -> None:
    found = file.load(written(tmp_path, ALL))
    environ = {"JIRA_TOKEN": "x", "GITHUB_ISSUES_TOKEN": "x", "MAIL_PASSWORD": " "}
    assert file.missing(found, environ) == {
        "JIRA_HOOK_SECRET": "jira",
        "MAIL_PASSWORD": "mail",
        "TOOL_SECRET": "tool",
    }


@pytest.mark.parametrize(("old", "new", "line", "code"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, code: str) -> None:
    assert old in ALL
    path = written(tmp_path, ALL.replace(old, new, 1))
    found = file.check(path)
    assert (line, code) in [(one.line, one.code) for one in found]
    assert all(explain(one, language) for one in found for language in LANGUAGES)
    with pytest.raises(FileBroken):
        file.load(path)


@pytest.mark.parametrize("text", ["schema: 1\nconnectors:\n", "schema: 1\n"])
def test_without_a_connector_nothing_is_wrong(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    assert file.check(path) == []
    assert file.load(path).connectors == {}


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    assert file.check(tmp_path / file.FILE) == []
    assert file.load(tmp_path / file.FILE).connectors == {}


def test_the_secret_is_meant_by_its_variable(tmp_path: Path) -> None:
    path = written(tmp_path, ALL.replace("token_env: JIRA_TOKEN", "token: abc"))
    hints = {one.code: one.values.get("hint") for one in file.check(path)}
    assert hints["unknown_key"] == "token_env"


def test_the_examples_of_the_readme_are_right(tmp_path: Path) -> None:
    section = (ROOT / "README.md").read_text("utf-8").partition("## Passing requests on")[2]
    blocks = re.findall(r"```yaml\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    found = file.load(written(tmp_path, "schema: 1\n" + "".join(blocks)))
    assert {one.type for one in found.connectors.values()} == {"jira", "github", "email", "webhook"}


def content(text: str) -> Any:
    """What an editor reads."""
    return YAML(typ="safe", pure=True).load(text)


def test_the_file_for_editors_is_up_to_date() -> None:
    schema = json.loads(file.schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    kept = ROOT / "bot" / "connectors" / "connectors.schema.json"
    assert kept.read_text("utf-8") == file.schema_text(), "run: uv run poe schema"
    shipped = (ROOT / "intake_flows" / file.FILE).read_text("utf-8")
    assert shipped.startswith("# yaml-language-server: $schema=../bot/connectors/connectors.schema.json\n")
    for text in (ALL, shipped):
        jsonschema.validate(content(text), schema)


def test_every_help_text_belongs_to_a_key() -> None:
    used = {
        key.removeprefix("connector_help.") for key in sentences("de") if key.startswith("connector_help.")
    }
    schema = Connectors.model_json_schema(by_alias=True)
    parts = {"Connectors": schema, **schema["$defs"]}
    assert used == {f"{owner}.{key}" for owner, part in parts.items() for key in part["properties"]}
