"""A day with both sides: marketing asks in Teams, IT works in Slack, tools get the request and answer.

Through the real edges, on both databases; in the middle a replica dies with jobs in its hands.
"""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.queue import claim
from bot.requests import store
from bot.requests.states import State
from bot.requests.tables import Request
from tests.channels.slack.fake import INES, STRANGE, Message
from tests.channels.slack.workspace import seen
from tests.conformance.building import Building, Vendors, open_building
from tests.conformance.conversations import TO_THE_REVIEW, fill
from tests.conformance.on_teams import OnTeams
from tests.conformance.people import ACCOUNTS, talker
from tests.conftest import ROOT
from tests.connectors.tools import ENVIRON, Tools, from_jira, tools
from tests.db.fixtures import MovableClock

TOOLS = ("jira", "github", "mail", "tool")
LEASE = timedelta(seconds=60)
KPI = "Lead-Reaktionszeit"
INBOX = f"D{INES[1:]}"


@dataclass
class Day:
    """Mara in Teams, Ines in Slack, and what stands where."""

    building: Building
    mara: OnTeams
    tools: Tools

    @property
    def headline(self) -> Message:
        """The card of REQ-1 in the requests channel: there is one."""
        (card,) = [one for one in self._posts(STRANGE) if "thread_ts" not in one.body and _is_card(one)]
        return card

    def thread(self) -> str:
        """What Klartext has written below the card."""
        below = [one for one in self._posts(STRANGE) if one.body.get("thread_ts") == self.headline.ts]
        return " ".join(seen(one.blocks) for one in below)

    def agenda(self) -> str:
        """What is posted on Thursday for both teams."""
        (posted,) = [one for one in self._posts(STRANGE) if "Tagesordnung" in seen(one.blocks)]
        return seen(posted.blocks)

    def inbox(self) -> str:
        """What Ines has read alone."""
        return " ".join(seen(one.blocks) for one in self._posts(INBOX))

    async def press(self, label: str, **answers: Any) -> None:
        """Ines presses a button of the card, and fills the form that opens."""
        workspace = self.building.workspace
        answer = await workspace.press_post(self.headline, label, user=INES)
        assert answer.status == 200, answer
        await workspace.settle()
        if answers:
            await self.fill(answers)
        calls = len(self.building.microsoft.calls)
        await self.building.work()
        self.mara.look(calls)

    async def fill(self, answers: dict[str, Any]) -> None:
        """Ines sends the form; a note says what comes of it, and she closes it."""
        workspace = self.building.workspace
        answer = await workspace.submit(answers, user=INES)
        assert answer.body["view"]["callback_id"] == "klartext.card", answer
        await workspace.close(user=INES)

    async def request(self) -> Request:
        """REQ-1 as it is stored."""
        async with self.building.klartext.database.reading() as session:
            return await store.find(session, 1)

    async def did(self) -> list[tuple[str, str]]:
        """What happened to REQ-1, and from where."""
        async with self.building.klartext.database.reading() as session:
            return [(event.kind, event.channel) for event in await store.history(session, 1)]

    async def report(self, state: str) -> int:
        """Somebody moves the issue in Jira; Jira tells us."""
        (key,) = self.tools.jira
        body, headers = from_jira(key, state, self.building.clock.at.timestamp())
        path, http = "/hooks/jira", self.building.browser
        answer = await http.post(path, content=body, headers=headers)
        await self.building.work()
        return answer.status_code

    async def a_replica_dies(self) -> None:
        """Another one has taken all that is due, and is killed: its lease has to end first."""
        database = self.building.klartext.database
        async with database.unit() as unit:
            taken = await claim(unit, "killed:1", 100, LEASE)
            assert taken
            await unit.commit()
        assert not await self.building.klartext.worker.run_due()
        self.building.clock.move(LEASE.total_seconds() + 1)
        await self.building.work()

    def _posts(self, channel: str) -> list[Message]:
        return [one for one in self.building.workspace.slack.messages if one.channel == channel]


def _is_card(message: Message) -> bool:
    return "REQ-1 ·" in seen(message.blocks)


@pytest.fixture
async def day(
    new_url: Callable[[], Awaitable[str]], few_terms: Path, tmp_path: Path, vendors: Vendors
) -> AsyncIterator[Day]:
    """Tuesday morning. What IT accepts goes on to four tools; the requests channel is in Slack."""
    async with tools() as made:
        flows = Path(shutil.copytree(ROOT / "intake_flows", tmp_path / "flows"))
        (flows / "connectors.yaml").write_text(made.file, "utf-8")
        flow = flows / "marketing_request.yaml"
        named = flow.read_text("utf-8").replace("connectors: []", f"connectors: [{', '.join(TOOLS)}]")
        flow.write_text(named, "utf-8")
        clock = MovableClock()
        clock.at = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
        folder = tmp_path / "building"
        async with open_building(
            await new_url(), few_terms, folder, vendors, clock, flows, ENVIRON
        ) as building:
            yield Day(building, OnTeams(building, "Mara Marketing", "", ACCOUNTS["teams"]), made)
            for service in building.klartext.services:
                await service.stop()


async def test_a_request_goes_through_the_day(day: Day) -> None:
    ines = talker(day.building, "slack", "ines", "it")
    await ines.say("Hilfe")
    await ines.mention("bind #it-anfragen")
    await day.mara.say("Hilfe")
    for step in (*TO_THE_REVIEW, fill({})):
        await step.by(day.mara, day.building)
    assert "Danke! REQ-1 ist bei der IT." in day.mara.shown.words
    assert "das Team, bis" in seen(day.headline.blocks)

    day.building.clock.move(
        timedelta(days=1, hours=6).total_seconds()
    )  # a day and a half of two have passed
    await day.building.work()
    assert "REQ-1" in day.inbox()

    await day.press("Übernehmen")
    assert (await day.request()).assignee is not None

    await day.press("Rückfrage", text="Welche Webinare sind gemeint?")
    assert "wer angefragt hat" in seen(day.headline.blocks)
    assert "Welche Webinare sind gemeint?" in day.mara.shown.words
    await day.mara.say("REQ-1 Alle *öffentlichen* ab März")
    assert "Alle *öffentlichen* ab März" in day.thread()
    assert (await day.request()).state is State.SUBMITTED

    await day.building.workspace.press_post(day.headline, "Annehmen", user=INES)
    await day.fill({"next_step": "Wir verbinden GoToWebinar", "date": "2027-01-15"})
    await day.a_replica_dies()
    assert day.tools.created == {"jira": 1, "github": 1, "tool": 1}
    assert len(set(day.tools.subjects)) == 1
    assert (await day.request()).state is State.ACCEPTED

    assert await day.report("In Arbeit") == 200
    assert (await day.request()).state is State.IN_PROGRESS
    assert "in Arbeit" in seen(day.headline.blocks)

    await day.press("Ausliefern", effect="Anmeldungen stehen sofort im CRM", after="20 Stunden")
    assert "Anmeldungen stehen sofort im CRM" in day.mara.shown.words
    await day.mara.press("Passt so")
    assert (await day.request()).state is State.CONFIRMED
    assert await day.did() == [
        ("submitted", "teams"),
        ("take", "slack"),
        ("ask", "slack"),
        ("answer", "teams"),
        ("accept", "slack"),
        ("start", "jira"),
        ("deliver", "slack"),
        ("confirm", "teams"),
    ]
    assert day.tools.created == {"jira": 1, "github": 1, "tool": 1}

    await day.building.klartext._schedule.look()
    day.building.clock.at = datetime(2026, 12, 3, 14, 0, 1, tzinfo=UTC)  # Thursday, 15:00 in Zurich
    await day.building.work()
    assert f"{KPI}: 3 Tage → 20 Stunden" in day.agenda()
