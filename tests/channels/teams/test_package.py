"""The app package: valid by Microsoft's schema, complete in both languages, and true."""

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from typer.testing import CliRunner

from bot.app.channels import COMMANDS
from bot.channels.teams.package import NoPackage, Publisher, package
from bot.cli import app
from bot.glossary.handlers import EXPLAIN
from bot.i18n import LANGUAGES, phrases, say
from tests.channels.teams.microsoft import APP_ID, PASSWORD, TENANT
from tests.conftest import DATA, ROOT

TEMPLATES = ROOT / "deploy" / "teams-app"
PUBLISHER = Publisher(APP_ID, "Muster AG", "https://intranet.example/klartext")
ENVIRONMENT = {
    "KLARTEXT_TEAMS_APP_ID": APP_ID,
    "KLARTEXT_TEAMS_APP_PASSWORD": PASSWORD,
    "KLARTEXT_TEAMS_TENANT_ID": TENANT,
}


def opened(content: bytes) -> dict[str, bytes]:
    """The files of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """What an admin uploads."""
    return opened(package(TEMPLATES, PUBLISHER))


@pytest.fixture(scope="module")
def manifest(files: dict[str, bytes]) -> dict[str, Any]:
    """The manifest in it."""
    found: dict[str, Any] = json.loads(files["manifest.json"])
    return found


def test_the_manifest_is_valid(manifest: dict[str, Any]) -> None:
    schema = json.loads((DATA / "schemas" / "teams-manifest-1.29.json").read_text("utf-8"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(manifest)] == []
    template = json.loads((TEMPLATES / "manifest.json").read_text("utf-8"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(template)] == []


def test_it_is_for_this_bot(manifest: dict[str, Any]) -> None:
    ids = {manifest["id"], manifest["bots"][0]["botId"], manifest["composeExtensions"][0]["botId"]}
    assert ids == {APP_ID}
    assert manifest["developer"]["name"] == "Muster AG"
    assert "example.com" not in json.dumps(manifest["developer"])
    assert "00000000-0000" not in json.dumps(manifest)


def test_the_archive_is_flat_and_the_same_every_time(files: dict[str, bytes]) -> None:
    assert set(files) == {"manifest.json", "en.json", "color.png", "outline.png"}
    assert package(TEMPLATES, PUBLISHER) == package(TEMPLATES, PUBLISHER)


def test_english_says_everything_that_german_says(
    files: dict[str, bytes], manifest: dict[str, Any]
) -> None:
    """Each key of the language file is a path to a sentence, and no sentence is left out."""
    english = json.loads(files["en.json"])
    english.pop("$schema")
    german = dict(_sentences(manifest))
    assert set(english) <= set(german)
    left_out = {path for path in german if path not in english}
    assert {german[path] for path in left_out} <= {*COMMANDS, "home"}
    for path, sentence in english.items():
        assert sentence.strip()
        limit = {"name.short": 30, "name.full": 100, "description.short": 80}.get(path, 4000)
        assert len(sentence) <= limit


def _sentences(value: Any, path: str = "") -> list[tuple[str, str]]:
    """Everything that a person reads, with its path."""
    if isinstance(value, list):
        return [found for at, part in enumerate(value) for found in _sentences(part, f"{path}[{at}]")]
    if not isinstance(value, dict):
        return []
    own = [
        (f"{path}.{name}".lstrip("."), text)
        for name, text in value.items()
        if name in {"title", "description", "short", "full"} and isinstance(text, str)
    ]
    below = [
        found for name, part in value.items() for found in _sentences(part, f"{path}.{name}".lstrip("."))
    ]
    return own + below


def test_every_command_of_the_menu_is_understood(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    """A slash command is one that a handler knows; in the chat a word of either language."""
    shared, personal = manifest["bots"][0]["commandLists"]
    assert {command["title"] for command in shared["commands"]} <= set(COMMANDS)
    assert shared["triggers"] == ["slash", "mention"]
    english = json.loads(files["en.json"])
    said = phrases("glossary.phrases.popular") | phrases("glossary.phrases.home")
    said |= phrases("people.phrases.settings") | {"hilfe", "help"} | set(COMMANDS)
    for at, command in enumerate(personal["commands"]):
        path = f"bots[0].commandLists[1].commands[{at}].title"
        assert {command["title"], english.get(path, command["title"])} <= said


def test_every_action_of_the_extension_is_served(manifest: dict[str, Any]) -> None:
    commands = {command["id"]: command for command in manifest["composeExtensions"][0]["commands"]}
    assert set(commands) == {"define", "request", EXPLAIN}
    assert commands["request"]["triggers"] == ["slash"]
    assert commands[EXPLAIN]["context"] == ["message"]


def _pixels(content: bytes) -> tuple[int, int, bytes]:
    width, height = struct.unpack(">II", content[16:24])
    at, data = 8, b""
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        if content[at + 4 : at + 8] == b"IDAT":
            data += content[at + 8 : at + 8 + length]
        at += length + 12
    return width, height, zlib.decompress(data)


def test_the_icons_are_as_teams_wants_them(files: dict[str, bytes]) -> None:
    assert _pixels(files["color.png"])[:2] == (192, 192)
    width, height, rows = _pixels(files["outline.png"])
    assert (width, height) == (32, 32)
    pixels = [row[at : at + 4] for row in _rows(rows, width) for at in range(0, len(row), 4)]
    assert {pixel[:3] for pixel in pixels} == {b"\xff\xff\xff"}  # white, and only the alpha differs
    assert {0, 255} <= {pixel[3] for pixel in pixels}


def _rows(data: bytes, width: int) -> list[bytes]:
    length = width * 4 + 1
    return [data[start + 1 : start + length] for start in range(0, len(data), length)]


@pytest.mark.parametrize(
    "publisher",
    [
        Publisher("", "Muster AG", "https://x.example"),
        Publisher("not-an-id", "Muster AG", "https://x.example"),
        Publisher(APP_ID, " ", "https://x.example"),
        Publisher(APP_ID, "x" * 33, "https://x.example"),
        Publisher(APP_ID, "Muster AG", "http://x.example"),
        Publisher(APP_ID, "Muster AG", "x.example"),
        Publisher(APP_ID, "Muster AG", "https://x.example", "1.0"),
    ],
)
def test_what_makes_no_package_is_said(publisher: Publisher) -> None:
    with pytest.raises(NoPackage):
        package(TEMPLATES, publisher)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_page_the_command_says_so_in_the_readers_language(language: str) -> None:
    refused = CliRunner().invoke(app, ["teams", "package", "-l", language], env=ENVIRONMENT)
    assert refused.exit_code == 2
    assert refused.output.strip() == say(language, "teams.package.no_website")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command(language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runner, output = CliRunner(), tmp_path / "app.zip"
    call = ["teams", "package", "--website", "https://x.example", "--company", "Muster", "-l", language]
    call += ["--template", str(TEMPLATES), "--output", str(output)]
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    refused = runner.invoke(app, call)
    assert (refused.exit_code, output.exists()) == (1, False)
    assert "KLARTEXT_TEAMS_APP_ID" in refused.output
    done = runner.invoke(app, [*call, "--version", "1.2.3"], env=ENVIRONMENT)
    assert done.exit_code == 0, done.output
    assert json.loads(opened(output.read_bytes())["manifest.json"])["version"] == "1.2.3"
    assert PASSWORD.encode() not in output.read_bytes()
    lost = runner.invoke(app, [*call, "--template", str(tmp_path)], env=ENVIRONMENT)
    assert (lost.exit_code, str(tmp_path) in lost.output.replace("\n", "")) == (1, True)
