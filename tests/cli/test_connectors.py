"""`klartext connectors check`: one sentence for each connector, nothing created."""

import asyncio
import socket
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from bot.app.passing import DELIVER
from bot.cli import app
from bot.db.migrate import upgrade
from bot.db.unit_of_work import Database
from bot.jobs.tables import Job
from bot.requests import deliveries
from bot.requests.states import Passing
from bot.requests.tables import Delivery
from tests.connectors.servers import Called, Says, web
from tests.connectors.tools import ENVIRON, tools
from tests.requests.test_store import submitted

ONLY_JIRA = """\
schema: 1
connectors:
  jira: {{type: jira, name: Jira, url: "{url}", user: k@example.com, token_env: JIRA_TOKEN, project: IT}}
"""
TOOL = """\
schema: 1
connectors:
  tool: {{type: webhook, name: Werkzeug, url: "{url}/in", secret_env: TOOL_SECRET}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of an admin, with all secrets set."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "intake_flows").mkdir()
    for name, secret in ENVIRON.items():
        monkeypatch.setenv(name, secret)
    return tmp_path


async def checked(text: str, language: str = "de") -> Result:
    """The command, with this file."""
    Path("intake_flows/connectors.yaml").write_text(text, encoding="utf-8")
    return await asyncio.to_thread(CliRunner().invoke, app, ["connectors", "check", "--language", language])


def as_they_should(called: Called) -> Says:
    """What four tools say that are set up."""
    path = called.path.partition("?")[0]
    yes = {"havePermission": True}
    said = {
        "/rest/api/3/myself": {"displayName": "Klartext Bot"},
        "/rest/api/3/issue/createmeta/IT/issuetypes": {"issueTypes": [{"id": "1", "name": "Task"}]},
        "/rest/api/3/issue/createmeta/IT/issuetypes/1": {"fields": [{"fieldId": "labels"}]},
        "/rest/api/3/mypermissions": {
            "permissions": dict.fromkeys(["CREATE_ISSUES", "EDIT_ISSUES", "BROWSE_PROJECTS"], yes)
        },
        "/repos/example/it": {"full_name": "example/it", "has_issues": True, "permissions": {"push": True}},
    }
    return Says(405 if path == "/in" else 200, said.get(path, {}))


async def test_all_is_well() -> None:
    async with tools() as made:
        made.web.answering = as_they_should
        done = await checked(made.file)
        calls = made.web.calls
        mails, commands = made.post.mails, made.post.commands
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "Jira: angemeldet als Klartext Bot, Projekt IT ist bereit.",
        "GitHub: angemeldet, example/it ist bereit.",
        "mail: 127.0.0.1 nimmt Mails an it@example.com.",
        "Werkzeug: erreichbar, das Zertifikat passt.",
    ]
    assert {called.method for called in calls} == {"GET", "HEAD"}
    assert (mails, "DATA" in commands) == ([], False)


async def test_without_connectors() -> None:
    done = await checked("schema: 1\nconnectors:\n", "en")
    assert (done.exit_code, done.output.strip()) == (
        0,
        "There is no connector in connectors.yaml. Requests stay in Klartext.",
    )


WRONG = {
    "a login": (
        Says(401, {}),
        ONLY_JIRA,
        "Jira lehnt die Anmeldung ab (401). Prüf Benutzer, Token und Rechte.",
    ),
    "a page": (
        Says(200, text="<html>"),
        ONLY_JIRA,
        "Jira antwortet mit etwas, das Klartext nicht versteht. Ist die Adresse richtig?",
    ),
    "a redirect": (
        Says(302, headers={"location": "https://example.com"}),
        TOOL,
        "Werkzeug leitet weiter (302). Klartext folgt keiner Weiterleitung; trag die richtige Adresse ein.",
    ),
}


@pytest.mark.parametrize(("says", "text", "sentence"), WRONG.values(), ids=WRONG.keys())
async def test_what_is_wrong_is_one_sentence(says: Says, text: str, sentence: str) -> None:
    async with web(lambda _: says) as server:
        done = await checked(text.format(url=server.url))
    assert done.exit_code == 1
    first, last = done.output.splitlines()
    assert first.partition(": ")[2] == sentence
    assert last.startswith("Noch nicht bereit: ")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            ONLY_JIRA.format(url="https://127.0.0.1:1"),
            "127.0.0.1 is inside your own network. If that is right, write inside_network: true.",
        ),
        (ONLY_JIRA.format(url="http://127.0.0.1:1"), "Jira cannot be reached."),
    ],
)
async def test_an_address_that_cannot_be_called(text: str, sentence: str) -> None:
    done = await checked(text, "en")
    assert done.output.splitlines()[0] == f"Jira: {sentence}"


async def test_a_secret_that_nobody_has_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIRA_TOKEN")
    done = await checked(ONLY_JIRA.format(url="https://example.atlassian.net"))
    assert done.exit_code == 1
    assert done.output.strip() == (
        "JIRA_TOKEN ist nicht gesetzt. Der Anschluss jira braucht diese Umgebungsvariable."
    )


async def test_a_secret_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOL_SECRET", "äöü")
    done = await checked(TOOL.format(url="https://example.com"), "en")
    assert done.output.strip() == (
        "tool: the key in TOOL_SECRET is none. It begins with whsec_ and is Base64."
    )


async def test_a_file_of_an_authority_that_is_not_there() -> None:
    text = TOOL.format(url="https://example.com").replace("secret_env", "ca_file: nowhere.pem, secret_env")
    done = await checked(text)
    assert done.output.strip() == "tool: ca_file lässt sich nicht lesen (No such file or directory)."


async def test_a_mistake_in_the_file() -> None:
    done = await checked("schema: 1\nconnectors:\n  jira: {type: jiira}\n")
    assert done.exit_code == 1
    assert (
        "connectors.yaml:3: Fehler: «jiira» ist für type nicht möglich. Meintest du «jira»?" in done.output
    )


async def test_what_did_not_arrive_is_sent_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{folder}/klartext.db"
    monkeypatch.setenv("KLARTEXT_DATABASE_URL", url)
    await asyncio.to_thread(asyncio.run, upgrade(url))
    database = Database.at(url)
    for name in ("jira", "github"):
        number = await submitted(database, draft=len(name))
        async with database.unit() as unit:
            await deliveries.expect(unit, number, name)
            row = await deliveries.find(unit.session, number, name, for_update=True)
            assert row
            await deliveries.note(unit, row, state=Passing.FAILED, error="login")
            await unit.commit()
    for words, count in ((("jira",), 1), ((), 1), ((), 0)):
        done = await asyncio.to_thread(CliRunner().invoke, app, ["connectors", "again", *words, "-l", "en"])
        assert done.output.strip() == f"On their way once more: {count}."
    async with database.reading() as session:
        jobs = (await session.exec(select(Job).where(Job.kind == DELIVER))).all()
        rows = (await session.exec(select(Delivery))).all()
    await database.close()
    assert [job.payload["connector"] for job in jobs] == ["jira", "github"]
    assert {(row.state, row.error) for row in rows} == {(Passing.WAITING, None)}


@pytest.mark.parametrize("command", ["serve", "playground"])
async def test_without_its_secrets_nothing_is_served(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.delenv("JIRA_TOKEN")
    Path("intake_flows/connectors.yaml").write_text(ONLY_JIRA.format(url="https://example.com"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [command, "--port", str(port), "--language", "en"]
    done = await asyncio.to_thread(CliRunner().invoke, app, words)
    assert done.exit_code == 1
    assert done.stderr.strip() == (
        "JIRA_TOKEN is not set. The connector jira needs this environment variable."
    )
