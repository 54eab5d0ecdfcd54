"""The small world with the example flows: Ines works on requests, Lena leads, Sven is an admin."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from bot.chat.events import Place
from bot.intake.file import Intake, load
from bot.intake.model import Escalation
from bot.people.places import bind
from bot.people.roles import Roles
from bot.requests import store
from bot.requests.tables import Request
from bot.triage.clocks import Clocks
from bot.triage.service import Deed, act
from bot.triage.workflow import Action
from tests.requests.test_store import submission
from tests.world import CHANNEL, World, direct

FLOWS = Path(__file__).parents[1] / "data" / "examples" / "intake_flows"
PLACE = Place(CHANNEL, "#it-anfragen")
ROLES = Roles(
    users={"ines": "ines@example.com", "lena": "lena@example.com", "sven": "sven@example.com"},
    roles={"it_triage": ["user:ines"], "it_lead": ["user:lena"], "admin": ["user:sven"]},
)


@cache
def flows() -> Intake:
    """The example flows; the lead hears of what their team has not kept."""
    intake = load(FLOWS)
    found = {}
    for name, flow in intake.flows.items():
        assert flow.sla
        sla = flow.sla.model_copy(update={"escalate": Escalation(team="role:it_lead")})
        found[name] = flow.model_copy(update={"sla": sla})
    return replace(intake, flows=found)


class Team:
    """What people do with requests in a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.klartext = world.klartext
        self.klartext.shelf._now = flows()
        self.klartext.directory.roles = ROLES
        self.klartext.directory.forget_all()
        self.clocks = Clocks(self.klartext._promised)
        self._drafts = 100

    async def settle(self) -> None:
        """The requests channel has its name."""
        async with self.klartext.database.unit() as unit:
            await bind(unit, PLACE.id, PLACE)
            await unit.commit()

    async def person(self, name: str) -> int:
        """The number of somebody."""
        return (await self.world.asker(name)).person

    async def request(self, name: str = "mara", title: str = "Webinare", **changes: Any) -> int:
        """A request that somebody has sent."""
        person = await self.person(name)
        self._drafts += 1
        values = {"requester": person, "by": person, "title": title, "use_case": {}, **changes}
        async with self.klartext.database.unit() as unit:
            new = submission(self._drafts, **values)
            request, _ = await store.submit(unit, new, "playground")
            await self.clocks.begin(unit, request)
            await unit.commit()
        return request.number

    async def does(self, name: str, number: int, action: Action, **given: Any) -> Request:
        """Somebody does something with a request."""
        asker = await self.world.asker(name, direct(name))
        async with self.klartext.database.unit() as unit:
            deed = Deed(action, given, "playground")
            request, _ = await act(unit, number, asker, deed, self.clocks.terms)
            await unit.commit()
        return request

    async def find(self, number: int) -> Request:
        """A request as it stands."""
        async with self.klartext.database.reading() as session:
            return await store.find(session, number)
