"""`klartext flows …` and `klartext landscape …`, as somebody types them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app, serve
from tests.conftest import DATA, ROOT
from tests.intake.folders import FLOW, changed, written

SEEDED = DATA / "intake_seeded" / "marketing_request.yaml"


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LC_ALL", "de_CH.UTF-8")


def klartext(*words: str | Path) -> Result:
    """Runs `klartext …` in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_shipped_files_are_in_order() -> None:
    done = klartext("flows", "check")
    assert (done.exit_code, done.output) == (0, "intake_flows: in Ordnung (Hinweise: 0).\n")


def test_the_examples_have_remarks_only() -> None:
    done = klartext("flows", "check", DATA / "examples" / "intake_flows", "--language", "en")
    assert done.exit_code == 0
    assert done.output.count("warning: “jira” is not set up in connectors.yaml.") == 2
    assert done.output.endswith("fine (remarks: 2).\n")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", ": Fehler: Den Schlüssel «adress» gibt es hier nicht. Meintest du «address»?"),
        ("en", ": error: There is no key “adress” here. Did you mean “address”?"),
    ],
)
def test_a_mistake_is_said_with_its_line(language: str, said: str) -> None:
    done = klartext("flows", "check", SEEDED, "--language", language)
    assert done.exit_code == 1
    assert f"{SEEDED}:7{said}" in done.stdout
    assert len(done.stdout.splitlines()) >= 30
    assert "Pydantic" not in done.output


def test_the_language_may_stand_first() -> None:
    assert "remarks" in klartext("--language", "en", "flows", "check").output


def test_json_for_other_programs() -> None:
    done = klartext("flows", "check", SEEDED, "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"file", "line", "severity", "code", "text"} == set(rows[0])
    assert {row["severity"] for row in rows} == {"error", "warning"}


def test_only_the_file_that_was_named_is_told(tmp_path: Path) -> None:
    folder = written(tmp_path, data="steps: [\n", wish=changed(FLOW, "route: fast", "route: fsat"))
    lines = klartext("flows", "check", folder / "wish.yaml").stdout.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [f"{folder / 'wish.yaml'}:111"]


def test_what_the_glossary_knows_is_checked(tmp_path: Path) -> None:
    folder = written(tmp_path, wish=changed(FLOW, "[everyone, sales]", "[everyone, slaes]"))
    assert (
        "Die Abteilung «slaes» gibt es nicht. Meintest du «sales»?"
        in klartext("flows", "check", folder).stdout
    )
    without = klartext("flows", "check", folder, "--glossary", tmp_path / "no.yaml")
    assert without.exit_code == 0


@pytest.mark.parametrize("path", ["no/such/folder", "pyproject.toml/x"])
def test_a_folder_that_does_not_exist(path: str) -> None:
    done = klartext("flows", "check", path)
    assert done.exit_code == 1
    assert "Diesen Ordner gibt es nicht" in done.stdout


def git(folder: Path, *words: str) -> None:
    """Runs git in a folder, as nobody in particular."""
    named = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
    command = [shutil.which("git") or "git", "-C", str(folder), *named, *words]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The clean folder, kept in git."""
    folder = written(tmp_path)
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "x"]):
        git(folder, *words)
    return folder


def test_a_changed_flow_needs_a_new_version(kept: Path) -> None:
    assert klartext("flows", "check", kept).exit_code == 0
    text = changed(FLOW, "Was fliesst?", "Was geht hin und her?")
    (kept / "wish.yaml").write_text(text)
    done = klartext("flows", "check", kept)
    assert f"{kept / 'wish.yaml'}:3: Fehler: Der Fragebogen hat sich geändert" in done.stdout
    assert "version: 4 (zuletzt 3)" in done.stdout
    (kept / "wish.yaml").write_text(changed(text, "version: 3", "version: 4"))
    assert klartext("flows", "check", kept).exit_code == 0


def test_a_comment_needs_no_new_version(kept: Path) -> None:
    (kept / "wish.yaml").write_text("# a remark\n" + FLOW)
    assert klartext("flows", "check", kept).exit_code == 0


def test_another_revision_can_be_named(kept: Path) -> None:
    (kept / "wish.yaml").write_text(changed(FLOW, "Was fliesst?", "Was geht hin und her?"))
    git(kept, "commit", "--quiet", "-am", "y")
    assert klartext("flows", "check", kept).exit_code == 0
    assert klartext("flows", "check", kept, "--since", "HEAD~1").exit_code == 1
    assert klartext("flows", "check", kept, "--since", "--output=/tmp/x").exit_code == 0


@pytest.mark.parametrize(
    ("language", "page"),
    [("de", "Seite 1 von 5 · Worum geht es?"), ("en", "Page 1 of 5 · What is it about?")],
)
def test_preview_shows_the_pages(language: str, page: str) -> None:
    done = klartext("flows", "preview", "marketing_request", "--language", language)
    assert done.exit_code == 0
    assert page in done.output
    assert "data_request" not in done.output


def test_preview_alone_shows_all_flows() -> None:
    output = klartext("flows", "preview").output
    assert "marketing_request · Version 5" in output
    assert "data_request · Version 3" in output


def test_preview_of_nothing(tmp_path: Path) -> None:
    done = klartext("flows", "preview", "marketing_requets")
    assert done.exit_code == 1
    assert "Meintest du «marketing_request»?" in done.stderr
    (tmp_path / "x.yaml").write_text("steps: [\n")
    assert klartext("flows", "preview", "--folder", tmp_path).exit_code == 1


@pytest.mark.parametrize("name", ["intake_flow", "landscape", "capabilities"])
def test_schema_is_what_editors_read(tmp_path: Path, name: str) -> None:
    file = tmp_path / "schema.json"
    assert klartext("flows", "schema", file, "--of", name).exit_code == 0
    assert file.read_text("utf-8") == (ROOT / "bot" / "intake" / f"{name}.schema.json").read_text("utf-8")
    assert klartext("flows", "schema", "--of", name).output == file.read_text("utf-8")


def test_the_landscape_is_checked(tmp_path: Path) -> None:
    done = klartext("landscape", "check")
    assert (done.exit_code, done.output) == (0, "intake_flows/landscape.yaml: in Ordnung (Hinweise: 0).\n")
    text = (ROOT / "intake_flows" / "landscape.yaml").read_text("utf-8")
    file = tmp_path / "landscape.yaml"
    file.write_text(text.replace("to: salesforce", "to: salesforse", 1), "utf-8")
    done = klartext("landscape", "check", file, "--language", "en")
    assert done.exit_code == 1
    assert "There is no system “salesforse” under systems:. Did you mean “salesforce”?" in done.stdout


def test_a_landscape_that_does_not_exist() -> None:
    assert "Diese Datei gibt es nicht." in klartext("landscape", "check", "no.yaml").stdout


def test_the_pages_open_in_the_playground(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, object]] = []

    def try_out(address: serve.Address, **given: object) -> None:
        asked.append((address.url, given["KLARTEXT_FLOWS"]))

    monkeypatch.setattr(serve, "try_out", try_out)
    assert klartext("flows", "preview", "data_request", "--browser", "--port", "8123").exit_code == 0
    assert asked == [("http://127.0.0.1:8123/flows/data_request?lang=de", "intake_flows")]
    assert klartext("flows", "preview", "no_such_flow", "--browser").exit_code == 1
    assert len(asked) == 1
