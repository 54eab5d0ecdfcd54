"""`klartext jobs`: on the server's database, in both languages."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.db.unit_of_work import Database
from bot.jobs.queue import claim, enqueue, settle
from bot.jobs.worker import DEFAULT
from tests.db.servers import apart
from tests.jobs.test_queue import LEASE

ERROR = "RuntimeError: channel_not_found\x1b[31m"


async def _jobs(url: str) -> None:
    """1 is done, 2 and 3 are dead, 4 is running, 5 waits."""
    database = Database.at(url)
    async with database.unit() as unit:
        for kind in ("people.profile", "requests.card", "future.kind", "chat.post"):
            await enqueue(unit, kind, {"request": 42, "text": "secret"} if kind == "requests.card" else {})
        await unit.commit()
    async with database.unit() as unit:
        await claim(unit, "w", 10, LEASE)
        at = database.clock()
        await settle(unit.session, "w", [1], done_at=at)
        await settle(unit.session, "w", [2, 3], dead_at=at, error=ERROR, attempts=DEFAULT.attempts)
        await enqueue(unit, "triage.remind", {}, run_at=at + LEASE)
        await unit.commit()
    await database.close()


@pytest.fixture
def jobs(migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    apart(_jobs(migrated_url))
    monkeypatch.setenv("KLARTEXT_DATABASE_URL", migrated_url)


def run(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, ["jobs", *words], input=typed)


def rows(*words: str) -> list[dict[str, Any]]:
    listed = run("list", "--format", "json", *words)
    assert listed.exit_code == 0, listed.output
    return [json.loads(line) for line in listed.output.splitlines()]


def standings() -> dict[int, str]:
    return {row["number"]: row["standing"] for row in rows("--all")}


@pytest.mark.usefixtures("jobs")
def test_lists_show_what_was_asked_for() -> None:
    assert [row["number"] for row in rows()] == [5, 4, 3, 2]
    assert [row["number"] for row in rows("--dead")] == [3, 2]
    assert [row["number"] for row in rows("--waiting")] == [5, 4]
    assert [row["number"] for row in rows("--all", "--most", "4")] == [5, 4, 3, 2]
    assert standings() == {1: "done", 2: "dead", 3: "dead", 4: "running", 5: "waiting"}
    assert "secret" not in run("list", "--format", "json", "--all").output


@pytest.mark.usefixtures("jobs")
def test_a_line_says_what_failed_and_why() -> None:
    new, old = run("list", "--dead", "-l", "de").output.splitlines()
    assert old.startswith("2 · gescheitert · Karte im Anfragekanal, REQ-42 · seit ")
    assert old.endswith("· 15. Versuch: RuntimeError: channel_not_found")
    assert new.startswith("3 · gescheitert · future.kind · ")
    assert "5 · waiting · reminder of a deadline · on " in run("list", "-l", "en").output


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize(
    ("language", "time"),
    [
        ("de", r"am \d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d \S+"),
        ("en", r"on \d+ [A-Z]\w+ \d{4} \d\d:\d\d:\d\d \S+"),
    ],
)
def test_a_time_says_of_which_clock_it_is(language: str, time: str) -> None:
    lines = run("list", "--waiting", "-l", language).output.splitlines()
    zone = datetime.now(UTC).astimezone().tzname() or ""
    assert all(re.search(time, line) and zone in line for line in lines)


@pytest.mark.usefixtures("jobs")
def test_dead_ones_are_done_now() -> None:
    assert run("retry", "2", "2", "5", "-l", "de").output == "Wird jetzt noch einmal versucht: 2, 5.\n"
    assert standings() == {1: "done", 2: "waiting", 3: "dead", 4: "running", 5: "waiting"}
    assert run("retry", "--dead", "-l", "en").output == "Will be tried again now: 3.\n"
    none = run("retry", "--dead", "-l", "en")
    assert (none.exit_code, none.output) == (1, "There are no failed jobs.\n")


@pytest.mark.usefixtures("jobs")
def test_given_up_only_on_a_yes() -> None:
    asked = run("discard", "2", "-l", "de", typed="\n")
    assert asked.exit_code == 1
    assert "Nichts verworfen" in asked.output
    assert standings()[2] == "dead"
    assert run("discard", "2", "-l", "de", typed="ja\n").exit_code == 0
    assert run("discard", "--dead", "--yes", "-l", "en").output == "Discarded: 3.\n"
    assert standings() == {1: "done", 2: "discarded", 3: "discarded", 4: "running", 5: "waiting"}
    assert [row["number"] for row in rows()] == [5, 4]


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize("command", [("retry",), ("discard", "--yes")])
@pytest.mark.parametrize(
    ("number", "said"),
    [("1", "erledigt"), ("4", "läuft gerade"), ("999", "gibt es nicht"), (str(2**31 - 1), "gibt es nicht")],
)
def test_one_wrong_number_changes_nothing(command: tuple[str, ...], number: str, said: str) -> None:
    before = rows("--all")
    refused = run(*command, "2", number, "-l", "de")
    assert refused.exit_code == 1
    assert said in refused.output
    assert "Nichts geändert" in refused.output
    assert rows("--all") == before


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize(
    "words", [("retry",), ("discard", "--yes"), ("retry", "0"), ("retry", str(2**31)), ("retry", "x")]
)
def test_a_wrong_call_is_said(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


@pytest.mark.usefixtures("jobs")
def test_an_unknown_format_is_said() -> None:
    wrong = run("list", "--format", "xml", "-l", "de")
    assert (wrong.exit_code, wrong.output) == (
        2,
        "Das Format «xml» kenne ich nicht. Es gibt: text, json.\n",
    )


def test_no_jobs(migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLARTEXT_DATABASE_URL", migrated_url)
    assert run("list", "-l", "de").output == "Keine Aufträge.\n"
    assert run("list", "--format", "json").output == ""
