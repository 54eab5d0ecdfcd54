"""Kept and late promises of both sides, by queue; nobody is counted."""

import datetime as dt
import json

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.db.unit_of_work import Database
from bot.requests import store
from bot.triage import stats
from bot.triage.service import begin_clocks
from bot.triage.workflow import Action, Clock
from tests.db.fixtures import MovableClock
from tests.db.servers import apart
from tests.requests.test_store import submission
from tests.triage.team import Team
from tests.triage.test_service import TERMS
from tests.world import words

DAY = 24 * 3600


async def counted(team: Team, days: int = 90) -> dict[Clock, tuple[int, int, int]]:
    """Kept, late and running promises of IT's queue."""
    at = team.klartext.database.clock()
    async with team.klartext.database.reading() as session:
        found = await stats.kept(session, at - dt.timedelta(days=days), at)
    return {one.clock: (one.kept, one.late, one.running) for one in found if one.queue == "it_intake"}


async def test_both_sides_are_counted_alike(team: Team, clock: MovableClock) -> None:
    clock.at = dt.datetime(2027, 1, 4, 9, tzinfo=dt.UTC)
    quick, slow, gone = [await team.request() for _ in range(3)]
    await team.request(queue="data_intake")
    await team.does("ines", quick, Action.ASK, text="Welche?")
    await team.does("mara", gone, Action.WITHDRAW)
    assert await counted(team) == {
        Clock.RESPONSE: (2, 0, 1),
        Clock.DECISION: (1, 0, 2),  # one rests
        Clock.ANSWER: (0, 0, 1),
    }
    clock.move(7 * DAY)
    await team.does("ines", slow, Action.TAKE)
    await team.does("mara", quick, Action.ANSWER, text="Alle.")
    assert await counted(team) == {
        Clock.RESPONSE: (2, 1, 0),
        Clock.DECISION: (1, 0, 2),
        Clock.ANSWER: (0, 1, 0),
    }
    clock.move(100 * DAY)
    assert await counted(team) == {}
    assert (await counted(team, 200))[Clock.DECISION] == (1, 2, 0)


@pytest.mark.parametrize(("language", "said"), [("de", "erste Antwort"), ("en", "first answer")])
def test_as_a_table(language: str, said: str) -> None:
    found = [stats.Kept("it", Clock.RESPONSE, 3, 1, 2), stats.Kept("it", Clock.ANSWER, 0, 0, 1)]
    text = words(stats.card(found, 90, language))
    assert f"it: {said}" in text
    assert "| 3 | 1 | 2 | 75%" in text
    assert "| 0 | 0 | 1 | –" in text
    assert len(stats.card([], 90, language).elements) == 2


async def _one(url: str) -> None:
    database = Database.at(url)
    async with database.unit() as unit:
        request, _ = await store.submit(unit, submission(), "playground")
        await begin_clocks(unit, request, TERMS)
        await unit.commit()
    await database.close()


def test_in_the_terminal(migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    apart(_one(migrated_url))
    monkeypatch.setenv("KLARTEXT_DATABASE_URL", migrated_url)
    shown = CliRunner().invoke(app, ["requests", "stats", "-l", "en"])
    assert shown.exit_code == 0, shown.output
    assert "it_intake: first answer" in shown.output
    rows = CliRunner().invoke(app, ["requests", "stats", "--json", "--days", "7"]).output.splitlines()
    counts = {"kept": 0, "late": 0, "running": 1}
    assert json.loads(rows[0]) == {"queue": "it_intake", "clock": "response", "side": "team", **counts}
