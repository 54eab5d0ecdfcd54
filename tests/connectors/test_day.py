"""A day: Mara wishes, Ines accepts by a button, four tools have it once; what they say comes back."""

from typing import Any

import pytest

from bot.chat.events import FormSubmitted, Place
from bot.chat.replies import Close, Open, Reply, Update
from bot.chat.ui import Card, Form
from bot.people.roles import Roles
from bot.requests.states import State
from tests.connectors.conftest import Office
from tests.connectors.test_hooks import github, jira, tool
from tests.intake.office import drawn
from tests.world import World, buttons, where, words

ROLES = Roles(
    users={"ines": "ines@example.com"}, roles={"it_triage": ["user:ines"], "admin": ["user:ines"]}
)


async def filled(world: World, name: str, reply: Reply, room: str = "", **given: Any) -> Reply:
    """Somebody fills in what is open before them."""
    form = reply.form if isinstance(reply, Open) else reply.shown if isinstance(reply, Update) else None
    assert isinstance(form, Form), reply
    place: Place = where(name, room)
    asker = await world.asker(name, place)
    answers = {**drawn(form), **given}
    event = FormSubmitted(asker, place, world._key(), form.action, answers, form.state, form.revision)
    return await world.handle(event)


def board(office: Office) -> Card:
    """The card of the request in the team's channel, as it stands now."""
    return next(posted.card for posted in office.world.channel.posts if posted.place == "#it")


@pytest.fixture
async def number(office: Office) -> int:
    """What Mara wished for, and Ines has accepted."""
    world = office.world
    world.klartext.directory.roles = ROLES
    world.klartext.directory.forget_all()
    page = await world.say("mara", "Webinare ohne Abtippen", command="request")
    review = await filled(world, "mara", page, action="legt das CRM einen Kontakt an")
    assert isinstance(await filled(world, "mara", review), Close)
    await office.work()
    form = await world.press("ines", buttons(board(office))["Annehmen"], "#it")
    await filled(world, "ines", form, "#it", next_step="Wir rufen dich an")
    await office.work()
    return 1


async def test_it_is_at_all_four_once(office: Office, number: int) -> None:
    assert office.tools.created == {"jira": 1, "github": 1, "tool": 1}
    assert office.tools.subjects == [f"<klartext-req-{number}@example.com>"]
    assert office.tools.jira["IT-1"]["summary"] == f"REQ-{number} Webinare ohne Abtippen"


async def test_the_state_of_the_tool_is_on_the_card_and_the_requester_hears_of_it(
    office: Office, number: int
) -> None:
    assert (await office.hook("jira", jira(office, "In Arbeit"))).json() == {"result": "done"}
    await office.work()
    assert "Stand: in Arbeit" in words(board(office))
    await office.hook("github", github(office))
    await office.work()
    assert "Stand: ausgeliefert" in words(board(office))
    told = [posted.card for posted in office.world.channel.posts if posted.to == "mara"]
    assert any("GitHub: completed" in words(card) for card in told)
    assert (await office.request(number)).state is State.DELIVERED


async def test_a_no_from_a_tool_is_read_with_its_reason(office: Office, number: int) -> None:
    await office.hook("jira", jira(office, "Nein"))
    await office.work()
    told = "\n".join(words(posted.card) for posted in office.world.channel.posts if posted.to == "mara")
    assert "Jira hat den Stand auf «Nein» gesetzt." in told
    assert "jemand" not in told.casefold()


async def test_another_tool_brings_it_to_its_end(office: Office, number: int) -> None:
    await office.hook("tool", tool(number, "done"))
    await office.work()
    assert office.tools.github[1]["state"] == "closed"
    assert "klartext-delivered" in office.tools.jira["IT-1"]["labels"]
    assert len(office.tools.events) == 1  # it said so itself
