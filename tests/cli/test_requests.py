"""`klartext requests`: on the server's database, in both languages, with the awkward words too."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.db.unit_of_work import Database
from tests.db.servers import apart
from tests.intake.office import FLOWS, House
from tests.intake.test_dialog import to_review

WISH = "=1+1 | Anmeldungen *sollen* ins CRM"


async def _two_requests(url: str) -> None:
    database = Database.at(url)
    house = await House(database).open()
    mara = house.person("mara")
    await to_review(mara, WISH)
    await mara.fills()
    sven = house.person("sven")
    await to_review(sven, "Rechnungen sollen von selbst ins Archiv")
    await sven.fills(the__same="none", is__confidential=("yes",))
    await database.close()


@pytest.fixture
def requests(migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of them, written in the dialog."""
    apart(_two_requests(migrated_url))
    monkeypatch.setenv("KLARTEXT_DATABASE_URL", migrated_url)
    monkeypatch.setenv("KLARTEXT_FLOWS", str(FLOWS))


def run(*words: str) -> Result:
    """A command."""
    return CliRunner().invoke(app, ["requests", *words])


@pytest.mark.usefixtures("requests")
def test_the_newest_first() -> None:
    listed = run("list", "-l", "de")
    assert listed.exit_code == 0, listed.output
    assert [line.split(" · ")[:2] for line in listed.output.splitlines()] == [
        ["REQ-2", "eingereicht"],
        ["REQ-1", "eingereicht"],
    ]
    rows = [json.loads(line) for line in run("list", "--json", "--most", "1").output.splitlines()]
    assert [(row["id"], row["confidential"]) for row in rows] == [("REQ-2", True)]
    assert run("list", "--state", "declined", "-l", "en").output == "No requests.\n"


@pytest.mark.usefixtures("requests")
@pytest.mark.parametrize("number", ["1", "REQ-1", "req 1"])
def test_one_with_everything(number: str) -> None:
    shown = run("show", number, "-l", "en")
    assert shown.exit_code == 0, shown.output
    assert WISH in shown.output
    assert "State: submitted" in shown.output


@pytest.mark.usefixtures("requests")
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("form", ["json", "markdown", "ears", "gherkin", "story"])
def test_one_in_every_form(form: str, language: str) -> None:
    shown = run("show", "1", "--format", form, "-l", language)
    assert shown.exit_code == 0, shown.output
    said = "Zwei Stunden weniger Handarbeit" if form == "story" else "legt das CRM eine Aufgabe an"
    assert said in shown.output
    if form == "json":
        assert json.loads(shown.output)["id"] == "REQ-1"


@pytest.mark.usefixtures("requests")
def test_all_as_a_table_that_runs_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(run("export", "--format", "csv").output)))
    assert [row["id"] for row in rows] == ["REQ-1", "REQ-2"]
    assert rows[0]["original_wish"] == "'" + WISH
    assert len(json.loads(run("export").output)) == 2
    assert run("export", "--format", "markdown").output.count("\n\n---\n\n") == 1


@pytest.mark.usefixtures("requests")
@pytest.mark.parametrize("number", ["3", "0", "REQ-", "x", "99999999999"])
def test_a_request_that_is_not_there(number: str) -> None:
    shown = run("show", number, "-l", "de")
    assert shown.exit_code == 1
    assert "gibt es nicht" in shown.output


@pytest.mark.usefixtures("requests")
@pytest.mark.parametrize("words", [("show", "1", "--format", "pdf"), ("export", "--format", "text")])
def test_a_format_that_is_not_there(words: tuple[str, ...]) -> None:
    shown = run(*words, "-l", "en")
    assert shown.exit_code == 2
    assert "I do not know the format" in shown.output
