"""Requests in a whole Klartext: who asked for them, the team in its channel, what both see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.events import Place
from bot.chat.replies import Errors, Open, Reply
from bot.chat.ui import Button, Card, Form
from bot.people.places import bind
from bot.requests import store
from bot.requests.tables import Request, RequestEvent
from tests.requests.test_store import submission
from tests.world import CHANNEL, TEAM, Posted, World, buttons, form_of

ROOM = "#it-anfragen"
SLA: Mapping[str, Any] = {
    "calendar": {
        "timezone": "Europe/Zurich",
        "hours": "08:00-17:00",
        "days": ["mon", "tue", "wed", "thu", "fri"],
        "holidays": "CH-ZH",
    },
    "team": {"first_response": "2bd", "decision": "10bd", "delivery": None},
    "requester": {"answer_question": "3bd", "accept_delivery": "5bd"},
    "pause_when": "waiting_for_requester",
}
SECTIONS = {
    "de": [["Worum geht es?", [["Wunsch", "Wir brauchen HubSpot"], ["Ziel", "80 % in 24 Stunden"]]]],
    "en": [["What is it about?", [["Wish", "We need HubSpot"], ["Goal", "80 % within 24 hours"]]]],
}


@dataclass
class Office:
    """The requests channel of a world, and people who ask."""

    world: World

    async def request(self, name: str = "mara", draft: int = 7, **changes: Any) -> int:
        """Somebody's request; its number."""
        asker = await self.world.asker(name)
        said = {"requester": asker.person, "by": asker.person, "sections": SECTIONS}
        database = self.world.klartext.database
        async with database.unit() as unit:
            new = submission(draft, **{**said, **changes})
            request, _ = await store.submit(unit, new, CHANNEL)
            await self.world.klartext.clocks.begin(unit, request)
            await unit.commit()
        await self.world.work()
        return request.number

    async def now(self, number: int) -> Request:
        """A request as it is stored."""
        async with self.world.klartext.database.reading() as session:
            return await store.find(session, number)

    async def history(self, number: int) -> list[RequestEvent]:
        """What happened to it."""
        async with self.world.klartext.database.reading() as session:
            return list(await store.history(session, number))

    async def kinds(self, number: int) -> list[str]:
        """What happened to it, in words."""
        return [event.kind for event in await self.history(number)]

    def posts(self, room: str = ROOM, label: str = "") -> list[Posted]:
        """What stands in a room, or with a person (`@mara`)."""
        return [one for one in self.world.channel.posts if one.place == room and label in one.card.summary]

    def headline(self, number: int) -> Card:
        """The card of the team, as it stands in the channel."""
        found = [one for one in self.posts() if one.key == f"headline:{number}"]
        return found[-1].card

    def message(self, key: str) -> str:
        """The id of the newest post with this key."""
        found = [at for at, one in enumerate(self.world.channel.posts, 1) if one.key == key]
        return str(found[-1])

    def own(self, number: int, name: str = "mara") -> Card:
        """The card of the requester."""
        (card,) = [one.card for one in self.posts(f"@{name}") if one.key.endswith(f":{number}")]
        return card

    async def press(self, name: str, number: int, label: str) -> Reply:
        """A button of the card of the team."""
        return await self.world.press(name, buttons(self.headline(number))[label], ROOM)

    async def do(self, name: str, number: int, label: str, **answers: Any) -> Reply:
        """A button of the card of the team, its form, and what follows."""
        reply = await self.press(name, number, label)
        if isinstance(reply, Open):
            reply = await self.fill(name, form_of(reply), **answers)
        await self.world.work()
        return reply

    async def do_own(self, name: str, number: int, label: str, **answers: Any) -> Reply:
        """A button of the requester's card, its form, and what follows."""
        reply = await self.world.press(name, buttons(self.own(number, name))[label])
        if isinstance(reply, Open):
            reply = await self.fill(name, form_of(reply), "", **answers)
        await self.world.work()
        return reply

    async def fill(self, name: str, form: Form, room: str = ROOM, **answers: Any) -> Reply:
        """Send a form."""
        return await self.world.submit(name, form, answers, room)


def mistakes(reply: Reply) -> Mapping[str, str]:
    """What is said at the questions of a form."""
    assert isinstance(reply, Errors), reply
    return reply.sentences


def forged(action: str, value: str) -> Button:
    """A button that we never gave."""
    return Button("", action, value)


async def opened(world: World) -> Office:
    """The team is known, its channel is bound, and the flow promises something."""
    clocks = world.klartext.clocks
    object.__setattr__(clocks, "promised", lambda _flow: SLA)
    await world.meet(*TEAM)
    async with world.klartext.database.unit() as unit:
        await bind(unit, ROOM, Place(CHANNEL, ROOM))
        await unit.commit()
    await world.work()
    return Office(world)
