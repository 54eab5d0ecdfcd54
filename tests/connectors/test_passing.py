"""What IT accepts goes on to the tools, once; what does not arrive is said, and sent again by a button."""

import json
from typing import Any

import pytest

from bot.app.passing import SEND_AGAIN
from bot.chat.replies import Reply
from bot.chat.ui import Button
from bot.requests.states import Passing, State
from bot.triage.workflow import Action
from tests.connectors.conftest import Office, opened, use_case
from tests.connectors.servers import Breaks, Says
from tests.connectors.tickets import HOSTILE
from tests.connectors.tools import Tools
from tests.world import World, buttons, card_of, words

SENT = {"jira": 1, "github": 1, "tool": 1}


async def test_what_it_accepts_reaches_all_four_once(office: Office) -> None:
    number = await office.submit()
    await office.work()
    assert office.tools.web.calls == []
    await office.act(number, Action.ACCEPT, next_step="Wir rufen an")
    await office.work()
    assert office.tools.created == SENT
    assert len(office.tools.post.mails) == 1
    jira = office.tools.jira["IT-1"]
    assert jira["summary"] == f"REQ-{number} Webinare ohne Abtippen"
    assert jira["labels"] == ["klartext", f"klartext-req-{number}", "klartext-accepted"]
    assert "legt das CRM einen Kontakt an" in office.tools.github[1]["body"]
    (event,) = office.tools.events.values()
    assert event["data"]["use_case"]["status"] == "accepted"
    delivery = await office.delivery(number, "jira")
    assert (delivery.state, delivery.remote, delivery.count) == (Passing.ARRIVED, "10001", 1)
    assert delivery.url == f"{office.tools.web.url}/browse/IT-1"


async def test_whatever_people_typed_arrives_at_all_four(office: Office) -> None:
    typed = {"original_wish": "\n".join(HOSTILE), "use_case": {"action": "ä|\n" * 10_000}}
    number = await office.accepted(title=" ".join(HOSTILE), use_case=use_case(**typed))
    assert office.tools.created == SENT
    assert len(office.tools.post.mails) == 1
    (event,) = office.tools.events.values()
    assert event["data"]["use_case"]["original_wish"] == typed["original_wish"]
    assert len(json.dumps(office.tools.jira["IT-1"]["description"], ensure_ascii=False)) <= 32_767
    assert len(office.tools.github[1]["body"]) <= 65_536
    assert f"Alles steht in Klartext unter REQ-{number}." in str(office.tools.jira["IT-1"]["description"])


async def test_a_change_follows_and_nothing_is_told_twice(office: Office) -> None:
    number = await office.accepted()
    calls = len(office.tools.web.calls)
    await office.act(number, Action.COMMENT, text="intern")
    await office.work()
    assert len(office.tools.web.calls) == calls
    await office.act(number, Action.START)
    await office.work()
    assert "klartext-in-progress" in office.tools.jira["IT-1"]["labels"]
    assert "klartext-accepted" not in office.tools.jira["IT-1"]["labels"]
    assert len(office.tools.events) == 2
    assert len(office.tools.post.mails) == 2
    assert office.tools.created == SENT


async def test_a_flow_may_pass_on_whatever_was_sent(world: World, four: Tools) -> None:
    office = await opened(world, four, "tool", "submitted")
    number = await office.submit()
    await office.work()
    assert four.created["tool"] == 1
    await office.act(number, Action.DECLINE, reason="small", would_change="mehr Nutzen")
    await office.work()
    assert [event["data"]["state"] for event in four.events.values()] == ["submitted", "declined"]


async def test_what_was_declined_before_it_was_sent_stays_here(world: World, four: Tools) -> None:
    office = await opened(world, four, "tool", "submitted")
    number = await office.submit()
    await office.act(number, Action.DECLINE, reason="small", would_change="mehr Nutzen")
    await office.work()
    assert four.web.calls == []


async def test_a_flow_without_connectors_passes_nothing_on(world: World, four: Tools) -> None:
    office = await opened(world, four, "", "submitted")
    await office.accepted()
    assert four.web.calls == []


async def test_a_connector_that_nobody_has_set_up_is_left_out(
    world: World, four: Tools, caplog: pytest.LogCaptureFixture
) -> None:
    office = await opened(world, four, "tool, servicenow")
    await office.accepted()
    assert four.created["tool"] == 1
    assert "servicenow, which is not set up" in caplog.text


async def test_a_confidential_one_goes_only_where_the_file_says(office: Office) -> None:
    await office.accepted(confidential=True, use_case=use_case(confidential=True))
    assert office.tools.created == {"jira": 0, "github": 0, "tool": 1}
    assert office.tools.post.mails == []


@pytest.mark.parametrize("fault", ["loses", Breaks(20), Says(504, {})])
async def test_an_answer_that_is_lost_creates_nothing_twice(world: World, four: Tools, fault: Any) -> None:
    office = await opened(world, four, "jira, github, tool")
    faults: list[Any] = [fault] * 3
    four.fault = lambda called: faults.pop() if called.method == "POST" and faults else None
    number = await office.accepted()
    assert (await office.delivery(number, "jira")).state is Passing.SENDING
    for _ in range(8):
        await office.work(60)
    assert four.created == SENT
    assert (await office.delivery(number, "jira")).state is Passing.ARRIVED


async def test_jira_finds_it_later_than_it_exists(world: World, four: Tools) -> None:
    office = await opened(world, four, "jira")
    faults: list[Any] = ["loses"]
    four.fault = lambda called: faults.pop() if faults else None
    four.hidden.add("IT-1")
    await office.accepted()
    await office.work(60)
    assert [called.path for called in four.web.calls] == ["/rest/api/3/issue"]  # nobody looks too early
    four.hidden.clear()
    await office.work(90)
    await office.work(90)
    assert four.created["jira"] == 1


async def test_a_tool_that_asks_for_patience_gets_it(world: World, four: Tools) -> None:
    office = await opened(world, four, "jira")
    four.fault = lambda _: Says(429, {}, {"retry-after": "600"})
    number = await office.accepted()
    four.fault = lambda _: None
    await office.work(590)
    assert four.created["jira"] == 0
    await office.work(20)
    assert four.created["jira"] == 1
    assert (await office.delivery(number, "jira")).state is Passing.ARRIVED


async def undelivered(office: Office) -> list[Any]:
    """The cards in the team's channel that say so."""
    cards = [posted.card for posted in office.world.channel.posts if posted.place == "#it"]
    return [card for card in cards if any(one.action == SEND_AGAIN for one in buttons(card).values())]


async def press(office: Office, name: str, button: Button) -> Reply:
    """Somebody presses the button of the card in the channel."""
    return await office.world.press(name, button, "#it")


async def test_what_jira_refuses_is_said_once_with_a_button(world: World, four: Tools) -> None:
    office = await opened(world, four, "jira")
    four.fault = lambda _: Says(401, {})
    number = await office.accepted()
    (card,) = await undelivered(office)
    assert words(card).splitlines() == [
        f"REQ-{number} ist nicht bei Jira angekommen: "
        "Jira lehnt die Anmeldung ab (401). Prüf Benutzer, Token und Rechte.",
        "[Erneut senden]",
    ]
    await office.work(3_600)
    await office.act(number, Action.START)
    await office.work(3_600)
    assert len(four.web.calls) == 1
    assert len(await undelivered(office)) == 1
    again = buttons(card)["Erneut senden"]
    four.fault = lambda _: None
    said = words(card_of(await press(office, "ines", again)))
    assert said == f"REQ-{number} geht noch einmal an Jira."
    await office.work()
    assert four.jira["IT-1"]["labels"][-1] == "klartext-in-progress"
    assert words(card_of(await press(office, "ines", again))) == f"REQ-{number} ist schon bei Jira."
    assert len(four.jira) == 1


async def test_the_button_is_for_the_team_alone(world: World, four: Tools) -> None:
    office = await opened(world, four, "jira")
    four.fault = lambda _: Says(422, {})
    number = await office.accepted()
    (card,) = await undelivered(office)
    again = buttons(card)["Erneut senden"]
    for name, value in [
        ("sven", again.value),
        ("ines", f"REQ-{number} github"),
        ("ines", "REQ-999 jira"),
        ("ines", "REQ-99999999999 jira"),
        ("ines", "x"),
        ("ines", ""),
    ]:
        said = await press(office, name, Button("x", SEND_AGAIN, value))
        assert words(card_of(said)) == "Das kann nur das Team dieser Anfrage."
    await office.work()
    assert len(four.web.calls) == 1


async def test_after_many_attempts_it_is_given_up(world: World, four: Tools) -> None:
    office = await opened(world, four, "jira")
    four.fault = lambda _: Says(503, {})
    number = await office.accepted()
    for _ in range(40):
        await office.work(3_600 * 1.5)
    (card,) = await undelivered(office)
    assert "gerade selbst ein Problem (503)" in words(card)
    assert (await office.delivery(number, "jira")).state is Passing.FAILED
    four.fault = lambda _: None
    await press(office, "ines", buttons(card)["Erneut senden"])
    await office.work(3_600)
    await office.work(3_600)
    assert four.created["jira"] == 1


async def test_a_change_that_does_not_arrive_is_said_too(world: World, four: Tools) -> None:
    office = await opened(world, four, "jira")
    number = await office.accepted()
    four.fault = lambda _: Says(404, {})
    await office.act(number, Action.START)
    await office.work()
    (card,) = await undelivered(office)
    assert words(card).startswith(f"Eine Änderung an REQ-{number} ist nicht bei Jira angekommen")
    four.fault = lambda _: None
    await press(office, "ines", buttons(card)["Erneut senden"])
    await office.work()
    assert "klartext-in-progress" in four.jira["IT-1"]["labels"]


async def test_no_word_of_a_request_is_in_the_card(world: World, four: Tools) -> None:
    office = await opened(world, four, "tool")
    four.fault = lambda _: Says(400, {"error": "Webinare ohne Abtippen"})
    await office.accepted(confidential=True)
    (card,) = await undelivered(office)
    assert "Webinare" not in words(card)


async def test_a_crash_after_the_call_creates_nothing_twice(world: World, four: Tools) -> None:
    office = await opened(world, four, "github")
    number = await office.submit()
    await office.act(number, Action.ACCEPT, next_step="x")

    tool = office.passing.tools["github"]
    real = tool.target

    class Dying:
        """Creates, and never comes back."""

        settle = real.settle

        async def create(self, ticket: Any) -> Any:
            await real.create(ticket)
            raise MemoryError

    broken = type(tool)(tool.title, Dying(), tool.confidential)  # type: ignore[arg-type]
    office.passing.tools["github"] = broken  # type: ignore[index]
    await office.work()
    office.passing.tools["github"] = tool  # type: ignore[index]
    for _ in range(4):
        await office.work(60)
    assert four.created["github"] == 1
    assert (await office.delivery(number, "github")).state is Passing.ARRIVED


async def test_the_request_stands_as_people_left_it(office: Office) -> None:
    number = await office.accepted()
    request = await office.request(number)
    assert request.state is State.ACCEPTED
    assert await office.history(number) == [("submitted", "playground"), ("accept", "playground")]


async def test_a_mistake_of_ours_is_said_too(world: World, four: Tools) -> None:
    office = await opened(world, four, "tool")
    number = await office.accepted(flow_version=7)  # a version that nobody has published
    for _ in range(20):
        await office.work(3_600 * 1.5)
    (card,) = await undelivered(office)
    assert words(card).splitlines()[0] == (
        f"REQ-{number} ist nicht bei Werkzeug angekommen: "
        "Klartext ist daran gescheitert. Warum, steht im Protokoll."
    )
