"""Buttons: answered in place, told alone, shown to all; and never trusted."""

from dataclasses import replace
from typing import Any

import pytest

from bot.channels.teams.render import CARD, card_json
from bot.chat.events import ButtonPressed
from bot.chat.replies import Close, Errors, Home, Open, Reply, Results, Silent, Tell, Update
from bot.chat.ui import Bullets, Button, Buttons, Card, Form, Text, TextInput
from bot.i18n import say
from tests.channels.teams.kit import CHANNEL_ID, Site, Teammate, actions, in_dialog, payload, texts
from tests.channels.teams.microsoft import FakeMicrosoft, Json

NOTICE = "application/vnd.microsoft.activity.message"
THREAD = "1766459963017"
RICH = Card("Kurz", (Text("Kurz", "strong"), Bullets(("eins", "zwei"))))
WORDS = Card("Danke.", (Text("Danke."),))
FORM = Form("test.form", "Titel", (TextInput("word", "Wort"),), "Senden", "Abbrechen")


@pytest.fixture
def in_channel(mara: Teammate) -> Teammate:
    """Mara in a thread of a channel."""
    return replace(mara, kind="channel", thread=THREAD)


def button(action: str = "test", value: str = "", **more: Any) -> Json:
    """A button as a card carries it."""
    card = card_json(Card("x", (Buttons((Button("Knopf", action, value, **more),)),)))
    return actions(card)["Knopf"]


def answering(site: Site, reply: Reply) -> list[ButtonPressed]:
    """Serve the button `test` with this reply; what was pressed."""
    pressed: list[ButtonPressed] = []

    async def serve(event: ButtonPressed) -> Reply:
        pressed.append(event)
        return reply

    site.klartext.router.on_action("test", serve)
    return pressed


async def test_more_stands_in_the_place_of_the_card(mara: Teammate, microsoft: FakeMicrosoft) -> None:
    await mara.say("define lead")
    answer = await mara.press(actions(mara.card)["Mehr"], of="m-lead")
    assert (answer["statusCode"], answer["type"]) == (200, CARD)
    assert "Weniger" in actions(answer["value"])
    [edit] = microsoft.said("put")
    assert edit.path == "/v3/conversations/a:1-mara/activities/m-lead"
    assert edit.card == answer["value"]
    again = await mara.press(actions(answer["value"])["Weniger"], of="m-lead")
    assert "Mehr" in actions(again["value"])


async def test_what_one_person_sees_is_edited_for_that_person(
    in_channel: Teammate, microsoft: FakeMicrosoft
) -> None:
    await in_channel.pick("define lead")
    await in_channel.press(actions(in_channel.card)["Mehr"], of="m-lead")
    [edit] = microsoft.said("put")
    assert edit.query == {"isTargetedActivity": "true"}
    assert "recipient" not in edit.body


async def test_what_all_see_changes_for_the_one_who_pressed(
    in_channel: Teammate, microsoft: FakeMicrosoft
) -> None:
    """They get a card of their own; the others keep theirs."""
    await in_channel.mention("was heisst Lead?")
    sven = replace(in_channel, name="Sven", locale="en-US")
    await sven.press(actions(in_channel.card)["Mehr"], of="m-lead")
    [*_, own] = microsoft.said("post")
    assert own.query == {"isTargetedActivity": "true"}
    assert "Weniger" in actions(own.card)
    assert microsoft.said("put") == []


async def test_an_edit_that_is_refused_changes_nothing(mara: Teammate, microsoft: FakeMicrosoft) -> None:
    await mara.say("define lead")
    microsoft.refuse("put", "activities", 403)
    answer = await mara.press(actions(mara.card)["Mehr"])
    assert answer["type"] == CARD


async def test_thanks_are_a_line_at_the_button(mara: Teammate, microsoft: FakeMicrosoft) -> None:
    await mara.say("define lead")
    answer = await mara.press(actions(mara.card)["Hilfreich"])
    assert answer == {"statusCode": 200, "type": NOTICE, "value": say("de", "glossary.helpful_thanks")}
    assert len(microsoft.said()) == 1


async def test_share_shows_it_to_the_channel_once(
    site: Site, in_channel: Teammate, microsoft: FakeMicrosoft
) -> None:
    await in_channel.pick("define lead")
    share = actions(in_channel.card)["Dem Kanal zeigen"]
    first, second = await in_channel.press(share), await in_channel.press(share)
    await site.work()
    assert first["type"] == second["type"] == NOTICE
    shared = microsoft.said()[1:]
    assert [call.path for call in shared] == ["/v3/conversations"]
    assert shared[0].body["channelData"] == {"channel": {"id": CHANNEL_ID}}
    assert say("de", "glossary.shared_by", name="Mara") in texts(shared[0].card)


async def test_another_card_for_me_is_a_message(mara: Teammate, microsoft: FakeMicrosoft) -> None:
    await mara.say("hilfe")
    answer = await mara.press(actions(mara.card)["Alle Begriffe"])
    assert answer["type"] == NOTICE
    assert "Lead" in texts(mara.card)
    assert len(microsoft.said()) == 2


async def test_who_presses_is_who_is_asked(site: Site, mara: Teammate, in_channel: Teammate) -> None:
    """Anybody in the channel can press a button; the data say nothing about the person."""
    pressed = answering(site, Silent())
    await in_channel.press(button(value="mara"))
    await replace(in_channel, name="Sven").press(button(value="mara"), of="m7")
    assert [event.asker.name for event in pressed] == ["Mara", "Sven"]
    assert len({event.asker.person for event in pressed}) == 2
    [reference] = [event.message for event in pressed[1:]]
    assert reference is not None
    assert (reference.place.id, reference.place.thread, reference.id) == (CHANNEL_ID, THREAD, "m7")


REPLIES: dict[str, tuple[Reply, str, str]] = {
    "another card": (Update(RICH), CARD, ""),
    "words": (Tell(WORDS), NOTICE, "Danke."),
    "a card": (Tell(RICH), NOTICE, "Kurz"),
    "to the thread": (Tell(RICH, to="thread"), NOTICE, "Kurz"),
    "to all": (Tell(RICH, to="public"), NOTICE, "Kurz"),
    "done, in words": (Close(WORDS), NOTICE, "Danke."),
    "done, with a card": (Close(RICH), NOTICE, "Kurz"),
    "done": (Close(None), NOTICE, "Dazu gibt es nichts zu tun."),
    "home": (Home(RICH), NOTICE, "Kurz"),
    "a form": (Open(FORM), NOTICE, "Titel"),
    "another form": (Update(FORM), NOTICE, "Titel"),
    "mistakes": (Errors({"word": "Fehlt."}), NOTICE, "Fehlt."),
    "results": (Results(()), NOTICE, "Dazu gibt es nichts zu tun."),
    "nothing": (Silent(), NOTICE, "Dazu gibt es nichts zu tun."),
}


@pytest.mark.parametrize(("reply", "kind", "value"), REPLIES.values(), ids=REPLIES.keys())
async def test_every_reply_to_a_press_is_shown(
    reply: Reply, kind: str, value: str, site: Site, mara: Teammate
) -> None:
    answering(site, reply)
    answer = await mara.press(button())
    assert answer["type"] == kind
    assert kind == CARD or answer["value"] == value


@pytest.mark.parametrize("reply", [Open(FORM), Update(FORM)], ids=["open", "update"])
async def test_a_form_behind_a_button_that_does_not_say_so(
    reply: Reply, site: Site, mara: Teammate
) -> None:
    """Only a click that says so beforehand opens a dialog: so there is one more to click."""
    pressed = answering(site, reply)
    await mara.press(button(value="lead"))
    action = actions(mara.card)["Titel"]
    answer = await mara.press(action)
    assert "answer.word" in str(in_dialog(answer))
    assert [event.value for event in pressed] == ["lead", "lead"]


@pytest.mark.parametrize(
    "data",
    [
        None,
        "text",
        [],
        {},
        {"klartext": None},
        {"klartext": []},
        {"klartext": {"action": 7, "value": {}}},
        {"klartext": {"action": "gone.in.this.version", "value": "x"}},
        {"klartext": {"action": "glossary.more", "value": "define - - no-such-term"}},
        {"klartext": {"action": "glossary.more", "value": "x" * 10_000}},
        {"klartext": {"action": "glossary.department", "value": "no-such-department"}},
    ],
)
async def test_an_old_card_brings_a_fresh_one(data: Any, mara: Teammate) -> None:
    response = await mara.invoke(
        "adaptiveCard/action", {"action": {"type": "Action.Execute", "data": data}}
    )
    assert response.status_code == 200
    assert response.json()["value"] == say("de", "chat.old_card")
    assert "Klartext fragen" in actions(mara.card)


@pytest.mark.parametrize("data", [None, {}, {"klartext": {"action": "gone"}}, {"klartext": {"form": "x"}}])
async def test_an_old_dialog_brings_a_fresh_card(data: Any, mara: Teammate) -> None:
    for name in ("task/fetch", "task/submit", "composeExtension/submitAction"):
        answer = (await mara.invoke(name, {"data": data})).json()
        assert say("de", "chat.old_card") in texts(in_dialog(answer))
        assert "Klartext fragen" in actions(in_dialog(answer))


async def test_a_press_outside_of_a_dialog_comes_as_a_message(site: Site, mara: Teammate) -> None:
    """Some clients send Action.Submit so, also for what should open a dialog."""
    pressed = answering(site, Tell(WORDS))
    await mara.send(mara.activity("message", value=button(value="x", opens=True)["data"]))
    assert [event.value for event in pressed] == ["x"]
    assert texts(mara.card) == "Danke."


async def test_a_button_of_somebody_else_is_an_old_card(mara: Teammate, microsoft: FakeMicrosoft) -> None:
    body = payload("message_card_submit")
    await mara.site.post(body, microsoft.token(serviceurl=body["serviceUrl"]))
    assert say("de", "chat.old_card") in texts(mara.card)


async def test_a_handler_that_breaks_before_the_router(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even without its database Klartext answers in words, and never with 500."""

    async def away(*_: object) -> None:
        raise RuntimeError("no database")

    monkeypatch.setattr(site.turns.listener, "_context", away)
    pressed = await mara.invoke("adaptiveCard/action", {"action": button()})
    assert "schiefgegangen" in pressed.json()["value"]
    fetched = await mara.invoke("task/fetch", {"data": {}})
    assert "schiefgegangen" in fetched.json()["task"]["value"]
    found = await mara.invoke("application/search", {"queryText": "x", "dataset": "y"})
    assert found.json()["value"] == {"results": []}
    searched = await mara.invoke("composeExtension/query", {"parameters": []})
    assert "schiefgegangen" in searched.json()["composeExtension"]["text"]
    assert (await mara.say("define lead")).status_code == 202
    assert "schiefgegangen" in texts(mara.card)
    monkeypatch.setattr(type(site.turns.once), "first", away)
    assert (await mara.say("define mql")).status_code == 202
    assert len(microsoft.said()) == 2
