"""One side in Slack, the other in Teams, through both real edges: cards, forms, threads, messages."""

import json
from dataclasses import dataclass
from typing import Any

from bot.chat.events import Account, Place
from bot.requests import store
from bot.requests.states import State
from bot.requests.tables import Request
from tests.channels.slack.fake import INES, MARA, STRANGE, Message
from tests.channels.slack.workspace import labels, seen
from tests.channels.teams.kit import Teammate, actions, in_dialog, inputs, texts
from tests.channels.teams.microsoft import Json
from tests.conformance.building import Building
from tests.conformance.conftest import Open
from tests.conformance.people import entra
from tests.requests.test_store import submission

IT_ROOM = "19:it@thread.tacv2"
SECTIONS = {"de": [["Worum geht es?", [["Wunsch", "Wir brauchen HubSpot"]]]]}


@dataclass
class Both:
    """Ines works on requests, Mara has some, each in a channel of their own."""

    building: Building

    async def request(self, channel: str, draft: int = 7) -> int:
        """One of Mara's; its number."""
        klartext, room = self.building.klartext, "#it-anfragen"
        account = Account(channel, MARA if channel == "slack" else entra("mara"))
        asker = await klartext.directory.asker(account, Place(channel, "x", "direct"))
        new = submission(
            draft, requester=asker.person, by=asker.person, place=room, sections=SECTIONS, language="de"
        )
        async with klartext.database.unit() as unit:
            request, _ = await store.submit(unit, new, channel)
            await klartext.clocks.begin(unit, request)
            await unit.commit()
        await self.building.work()
        return request.number

    async def now(self, number: int) -> Request:
        """How it stands."""
        async with self.building.klartext.database.reading() as session:
            return await store.find(session, number)


class InSlack:
    """What stands in Slack, and what people do there."""

    def __init__(self, building: Building) -> None:
        self.building = building
        self.space = building.workspace

    def headline(self, number: int) -> Message:
        """The card in the requests channel, as it was edited last."""
        (card,) = [
            one
            for one in self.space.slack.messages
            if one.channel == STRANGE and one.only is None and not one.body.get("thread_ts")
            if f"REQ-{number} ·" in seen(one.blocks)
        ]
        return card

    def below(self, root: Message) -> list[str]:
        """What Klartext said in its thread."""
        found = [one for one in self.space.slack.messages if one.body.get("thread_ts") == root.ts]
        return [seen(one.blocks) for one in found]

    def direct(self, user: str, part: str) -> Message:
        """The newest direct message with these words."""
        places = {user, f"D{user[1:]}"}
        return [
            one for one in self.space.slack.messages if one.channel in places and part in seen(one.blocks)
        ][-1]

    async def press(self, message: Message, label: str, user: str = INES) -> None:
        """A button, and what follows."""
        await self.space.press_post(message, label, user=user)
        await self.space.settle()
        await self.building.work()

    async def fill(self, user: str = INES, **given: Any) -> Any:
        """The modal on top."""
        answer = await self.space.submit(given, user=user)
        await self.space.settle()
        await self.building.work()
        return answer

    def told(self) -> str:
        """The answer that only the one sees who pressed."""
        return seen(self.space.slack.replies[-1][1]["blocks"])


class InTeams:
    """Somebody in Teams, and the cards that they see."""

    def __init__(self, building: Building, name: str, room: str = "") -> None:
        self.building = building
        kind = "channel" if room else "personal"
        self.mate = Teammate(building.site, building.microsoft, name, kind, channel=room)

    def cards(self, part: str) -> list[tuple[str, Json]]:
        """Cards with these words that stand where they are, each with its id."""
        where = self.mate.conversation["id"].partition(";")[0]
        found = []
        for at, call in enumerate(self.building.microsoft.calls, start=1):
            body = call.body.get("activity", call.body) if call.method == "post" else {}
            there = (
                where in call.path or call.body.get("channelData", {}).get("channel", {}).get("id") == where
            )
            if there and "attachments" in body and part in texts(call.card):
                found.append((f"m{at}", call.card))
        return found

    def edited(self, message: str) -> Json:
        """A card as it was edited last."""
        calls = [
            one
            for one in self.building.microsoft.calls
            if one.method == "put" and one.path.endswith(message)
        ]
        return calls[-1].card

    async def press(self, card: tuple[str, Json], label: str) -> Json:
        """A button, and what follows."""
        message, drawn = card
        answer = await self.mate.press(actions(drawn)[label], message)
        await self.building.work()
        return answer

    async def fill(self, dialog: Json, **given: str) -> Json:
        """A dialog; what is not named stays as it is drawn."""
        page = in_dialog(dialog)
        standing = {id_: str(one.get("value", "")) for id_, one in inputs(page).items()}
        typed = {f"answer.{name}": value for name, value in given.items()}
        answer = await self.mate.press(actions(page)[page["actions"][0]["title"]], "", **(standing | typed))
        await self.building.work()
        return answer

    async def say(self, text: str) -> None:
        """Write here; in a channel, to Klartext."""
        await (self.mate.mention(text) if self.mate.kind == "channel" else self.mate.say(text))
        await self.building.work()


async def test_it_in_slack_the_requester_in_teams(open_one: Open) -> None:
    building = await open_one()
    both, slack, mara = Both(building), InSlack(building), InTeams(building, "Mara Marketing")
    await mara.say("Hilfe")
    await building.workspace.slash("Hilfe", user=INES, place=STRANGE)
    await building.work()
    await building.workspace.slash("bind #it-anfragen", user=INES, place=STRANGE, command="/klartext")
    number = await both.request("teams")
    await slack.press(slack.headline(number), "Übernehmen")
    assert slack.told() == "Du übernimmst REQ-1."
    assert "Zuständig" in seen(slack.headline(number).blocks)

    await slack.press(slack.headline(number), "Rückfrage")
    await slack.fill(text="Welche <!channel> *Listen*?")
    (question,) = mara.cards("fragt zu REQ-1")
    assert "Welche <!channel> *Listen*?" in texts(question[1])
    dialog = await mara.press(question, "Antworten")
    await mara.fill(dialog, text="Alle <!here>.")
    assert "Alle <!here>." in slack.below(slack.headline(number))[-1]

    root = slack.headline(number)
    files = [{"id": "F1", "name": "plan.pdf"}]
    await building.workspace.mention(
        "Danke, siehe Anhang.", user=INES, place=STRANGE, thread_ts=root.ts, files=files
    )
    await building.work()
    (said,) = mara.cards("schreibt zu REQ-1")
    assert "Danke, siehe Anhang." in texts(said[1])
    assert "📎" in texts(said[1])
    await mara.say("REQ-1: Perfekt.")
    assert "Perfekt." in slack.below(root)[-1]

    await slack.press(slack.headline(number), "Ablehnen")
    wrong = await slack.fill(reason="small")
    assert wrong.body["response_action"] == "errors"
    assert (await both.now(number)).state is State.SUBMITTED
    await slack.fill(reason="small", would_change="Ab 100 Kontakten")
    (declined,) = mara.cards("diesmal nicht")
    assert "Ab 100 Kontakten" in texts(declined[1])
    assert "Wieder öffnen" in json.dumps(slack.headline(number).blocks, ensure_ascii=False)


async def test_it_in_teams_the_requester_in_slack(open_one: Open) -> None:
    building = await open_one()
    both, slack = Both(building), InSlack(building)
    ines = InTeams(building, "Ines IT", IT_ROOM)
    await building.workspace.direct("Hilfe", user=MARA)
    await ines.say("Hilfe")
    await ines.say("bind #it-anfragen")
    number, other = await both.request("slack"), await both.request("slack", 8)
    headline = ines.cards("REQ-1 ·")[0]
    await ines.press(headline, "Übernehmen")
    assert "Zuständig" in texts(ines.edited(headline[0]))

    dialog = await ines.press((headline[0], ines.edited(headline[0])), "Rückfrage")
    await ines.fill(dialog, text="Welche Listen?")
    question = slack.direct(MARA, "fragt zu REQ-1")
    assert "Antworten" in labels(question.blocks)
    await building.workspace.direct("Alle.", user=MARA, thread_ts=question.ts)
    await building.work()
    assert (await both.now(number)).state is State.SUBMITTED
    answer = ines.cards("antwortet zu REQ-1")[-1]
    assert "Alle." in texts(answer[1])

    dialog = await ines.press((headline[0], ines.edited(headline[0])), "Zusammenführen")
    again = await ines.fill(dialog, target="REQ-1")
    assert "nicht vertrauliche Anfrage" in texts(in_dialog(again))
    await ines.fill(again, target=f"REQ-{other}")
    assert (await both.now(number)).merged_into == other
    assert "Nichts geht verloren" in seen(slack.direct(MARA, "läuft jetzt in REQ-2 weiter").blocks)


async def test_while_the_channel_is_archived_nothing_is_lost(open_one: Open) -> None:
    building = await open_one()
    both, slack = Both(building), InSlack(building)
    await building.workspace.slash("Hilfe", user=INES, place=STRANGE)
    await building.work()
    await building.workspace.slash("bind #it-anfragen", user=INES, place=STRANGE, command="/klartext")
    building.workspace.slack.archived.add(STRANGE)
    number = await both.request("slack")
    for _ in range(8):
        building.clock.move(3_600)
        await building.work()
    assert "eingereicht" in seen(slack.direct(MARA, "REQ-1 ·").blocks)
    told = [one for one in building.workspace.slack.messages if one.channel in {INES, f"D{INES[1:]}"}]
    assert ["archiviert" in seen(one.blocks) for one in told] == [True]
    building.workspace.slack.archived.clear()
    building.clock.move(3_600)
    await building.work()
    await slack.press(slack.headline(number), "Übernehmen")
    assert "Zuständig" in seen(slack.headline(number).blocks)
