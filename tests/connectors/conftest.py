"""A whole Klartext whose requests go on to four tools on this machine."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from bot.app.connectors import add_connectors
from bot.app.passing import PassingOn
from bot.chat.events import Asker
from bot.requests import deliveries, store
from bot.requests.tables import Delivery, Request
from bot.triage.service import Deed, act
from bot.triage.workflow import Action
from tests.connectors.tools import ENVIRON, Tools, tools
from tests.requests.test_store import submission
from tests.world import World

FLOW = """\
schema: 1
id: wish
version: 1
languages: [de, en]
title: {{de: "Vorhaben", en: "Request"}}
command: /request
steps:
  - id: need
    title: {{de: "Worum geht es?", en: "What is it?"}}
    questions:
      - id: wish
        type: textarea
        label: {{de: "Was möchtest du?", en: "What do you want?"}}
        prefill: command_text
        maps_to: original_wish
      - id: action
        type: textarea
        label: {{de: "Was passiert?", en: "What happens?"}}
        maps_to: use_case.action
routing:
  default: {{queue: it_intake, channel: "#it-anfragen", assignee: role:it_triage}}
ticket:
  title: "{{wish}}"
  connectors: [{names}]
  send_when: {when}
"""
ROUTING = {
    "route": "default",
    "queue": "it_intake",
    "channel": "#it-anfragen",
    "assignee": "role:it_triage",
}
INES = Asker(3, "Ines", "de", roles=frozenset({"it_triage"}))
SVEN = Asker(2, "Sven", "de")


def use_case(**changes: Any) -> dict[str, Any]:
    """What intake has made of a wish."""
    return {
        "schema": "intake.usecase/1",
        "id": "",
        "flow": "wish",
        "flow_version": 1,
        "language": "de",
        "status": "submitted",
        "original_wish": "Webinare ohne Abtippen",
        "use_case": {"action": "legt das CRM einen Kontakt an"},
        "routing": ROUTING,
        **changes,
    }


@dataclass
class Office:
    """A world with tools: what people and tools do with requests."""

    world: World
    tools: Tools
    passing: PassingOn
    drafts: list[int] = field(default_factory=list)

    async def submit(self, **changes: Any) -> int:
        """Mara sends one."""
        self.drafts.append(len(self.drafts) + 1)
        given = {"flow": "wish", "flow_version": 1, "use_case": use_case(), **changes}
        async with self.world.klartext.database.unit() as unit:
            new = submission(self.drafts[-1], **given)
            request, _ = await store.submit(unit, new, "playground")
            await unit.commit()
        return request.number

    async def act(self, number: int, action: Action, asker: Asker = INES, **given: Any) -> None:
        """Somebody does something with it."""
        async with self.world.klartext.database.unit() as unit:
            await act(unit, number, asker, Deed(action, given, "playground"), lambda _: None)
            await unit.commit()

    async def accepted(self, **changes: Any) -> int:
        """One that IT has accepted and that is on its way."""
        number = await self.submit(**changes)
        await self.act(number, Action.ACCEPT, next_step="Wir rufen an")
        await self.work()
        return number

    async def work(self, seconds: float = 0) -> None:
        """Let time pass, and do the jobs that are due; retries that were asked for come due, too."""
        self.world.klartext.database.clock.move(seconds)  # type: ignore[attr-defined]
        await self.world.klartext.worker.run_due()

    async def request(self, number: int) -> Request:
        """As it stands."""
        async with self.world.klartext.database.reading() as session:
            return await store.find(session, number)

    async def history(self, number: int) -> list[tuple[str, str]]:
        """What happened to it, and from where."""
        async with self.world.klartext.database.reading() as session:
            return [(event.kind, event.channel) for event in await store.history(session, number)]

    async def delivery(self, number: int, connector: str) -> Delivery:
        """How far it is."""
        async with self.world.klartext.database.reading() as session:
            found = await deliveries.find(session, number, connector)
        assert found is not None
        return found

    async def hook(self, name: str, message: tuple[bytes, dict[str, str]]) -> httpx.Response:
        """A tool reports, over HTTP."""
        body, sent = message
        headers = {name.encode(): value.encode("latin-1") for name, value in sent.items()}
        transport = httpx.ASGITransport(app=self.world.klartext.asgi())
        async with httpx.AsyncClient(transport=transport, base_url="http://klartext.test") as client:
            return await client.post(f"/hooks/{name}", content=body, headers=list(headers.items()))


async def opened(world: World, made: Tools, names: str, when: str = "accepted") -> Office:
    """Klartext with these connectors in its flow."""
    flows = world.folder / "flows"
    (flows / "wish.yaml").write_text(FLOW.format(names=names, when=when), encoding="utf-8")
    (flows / "connectors.yaml").write_text(made.file, encoding="utf-8")
    await world.klartext.shelf.look()
    await world.say("ines", "bind #it-anfragen", "#it")
    passing = add_connectors(world.klartext, world.klartext.settings, ENVIRON)
    assert passing is not None
    return Office(world, made, passing)


@pytest.fixture
async def four() -> AsyncIterator[Tools]:
    """The four tools."""
    async with tools() as made:
        yield made


@pytest.fixture
async def office(world: World, four: Tools) -> AsyncIterator[Office]:
    """All four in the flow."""
    made = await opened(world, four, "jira, github, mail, tool")
    yield made
    for service in world.klartext.services:
        await service.stop()
