"""Bodies that Teams really sent (tests/data/payloads/PROVENANCE.md) pass without an error."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.channels.teams.activity import (
    chosen_message,
    command_in,
    conversation,
    is_addressed,
    parameter,
    read,
    tenant_of,
    usable,
    words,
)
from bot.chat.events import Place
from tests.channels.teams.kit import Site, payload, texts
from tests.channels.teams.microsoft import TENANT, FakeMicrosoft, Json
from tests.conftest import DATA

NAMES = sorted(path.stem for path in (DATA / "payloads" / "teams").glob("*.json"))
REFUSED = {"message_other_tenant": 403, "invoke_card_action_malformed": 400}
COMMANDS = ("define", "ask")


def expected(name: str) -> int:
    """The status that the table of the endpoint names."""
    return REFUSED.get(name, 200 if name.startswith("invoke_") else 202)


@pytest.mark.parametrize("name", NAMES)
async def test_a_recorded_body_is_answered(name: str, site: Site, microsoft: FakeMicrosoft) -> None:
    body = payload(name)
    for _ in range(2):
        response = await site.post(body, microsoft.token(serviceurl=body["serviceUrl"]))
        assert response.status_code == expected(name), response.text
    assert response.status_code != 200 or isinstance(response.json(), dict)


async def test_a_german_mention_is_answered_in_its_thread(site: Site, microsoft: FakeMicrosoft) -> None:
    body = payload("message_channel_mention_de")
    await site.post(body, microsoft.token(serviceurl=body["serviceUrl"]))
    [call] = microsoft.said()
    assert call.path == f"/v3/conversations/{body['conversation']['id']}/activities"
    assert texts(call.card).startswith("Lead")


def test_every_recorded_body_is_named_with_its_licence() -> None:
    notes = (DATA / "payloads" / "PROVENANCE.md").read_text("utf-8")
    assert [name for name in NAMES if f"`{name}.json`" not in notes] == []
    assert list(Path(DATA / "payloads" / "licences").glob("*.txt"))


@pytest.mark.parametrize(
    ("name", "kind", "thread", "said", "addressed"),
    [
        ("message_personal_en", "direct", None, None, True),
        ("message_channel_mention_de", "public", "1766459963017", "was heißt Lead bei uns?", True),
        ("message_channel_reply_no_mention", "public", "1766459963017", None, False),
        ("message_two_mentions", "public", "1493158451000", "<at>Test Bot 1</at> TestMessage", True),
        ("message_targeted", "public", "1766459963017", "define lead", True),
    ],
)
def test_what_a_message_says(
    name: str, kind: str, thread: str | None, said: str | None, addressed: bool
) -> None:
    body = payload(name)
    incoming = read(body)
    assert usable(body)
    assert (incoming.place.kind, incoming.place.thread) == (kind, thread)
    assert conversation(incoming.place) == body["conversation"]["id"]
    assert is_addressed(body, incoming) is addressed
    assert said is None or words(body) == said
    assert tenant_of(body) == TENANT


def test_two_people_on_one_device_and_one_on_two() -> None:
    body = payload("message_personal_en")
    upper = json.loads(json.dumps(body))
    upper["from"]["aadObjectId"] = body["from"]["aadObjectId"].upper()
    assert read(body).account == read(upper).account


@pytest.mark.parametrize(
    ("text", "targeted", "found"),
    [
        ("/define lead", False, ("define", "lead")),
        ("/Define  Lead Time", False, ("define", "Lead Time")),
        ("/define", False, ("define", "")),
        ("/übersicht", False, ("übersicht", "")),
        ("define lead", True, ("define", "lead")),
        ("define lead", False, (None, "define lead")),
        ("defined lead", True, (None, "defined lead")),
        ("was heisst lead", True, (None, "was heisst lead")),
        ("/ lead", False, (None, "/ lead")),
        ("3/4 define", False, (None, "3/4 define")),
        ("", True, (None, "")),
    ],
)
def test_commands(text: str, targeted: bool, found: tuple[str | None, str]) -> None:
    assert command_in(text, COMMANDS, targeted=targeted) == found


def mention(text: str, id_: Any = "28:me") -> Json:
    """A mention, as an entity of the message."""
    return {"type": "mention", "text": text, "mentioned": {"id": id_}}


@pytest.mark.parametrize(
    ("text", "entities", "said"),
    [
        ("<at>Bot</at>&nbsp;Bottleneck", [mention("<at>Bot</at>")], "Bottleneck"),
        ("<at>Bot</at>\xa0\xa0was ist ein Bot?", [mention("<at>Bot</at>")], "was ist ein Bot?"),
        ("vorher <at>Bot</at> nachher", [mention("<at>Bot</at>")], "vorher nachher"),
        ("<at>Ines</at> fragt", [mention("<at>Ines</at>", "29:ines")], "<at>Ines</at> fragt"),
        ("Kosten &amp; Nutzen &lt;b&gt;", None, "Kosten & Nutzen <b>"),
        ("eins\r\nzwei\n\n drei ", [], "eins\nzwei\n\ndrei"),
        ("a\u202eb\u200bc\x00", [], "abc"),
        ("x", ["junk", None, 7, {"type": "mention"}, mention(""), mention("x", None)], "x"),
        (None, "junk", ""),
        (7, {"type": "mention"}, ""),
    ],
)
def test_words(text: Any, entities: Any, said: str) -> None:
    assert words({"text": text, "entities": entities, "recipient": {"id": "28:me"}}) == said


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({}, ("", "")),
        ({"messagePayload": {"id": "1", "body": {"content": "a<b", "contentType": "text"}}}, ("1", "a<b")),
        (
            {
                "messagePayload": {
                    "id": "1",
                    "body": {"content": "<p>a</p><p>b&amp;c<br>d", "contentType": "html"},
                }
            },
            ("1", "a\nb&c\nd"),
        ),
        ({"messagePayload": {"id": 7, "body": {"content": ["x"]}}}, ("", "")),
    ],
)
def test_the_chosen_message(value: Json, found: tuple[str, str]) -> None:
    assert chosen_message(value) == found


def test_a_deep_message_is_read() -> None:
    content = "<div>" * 20_000 + "Lead" + "</div>" * 20_000
    value = {"messagePayload": {"body": {"content": content[:30_000], "contentType": "html"}}}
    assert chosen_message(value)[1] == ""


def test_a_parameter_of_another_kind_is_none() -> None:
    assert parameter({"parameters": [{"name": "initialRun", "value": "true"}]}) == ""
    assert parameter({"parameters": [{"name": "term", "value": ["x"]}]}) == ""


def test_a_place_is_read_from_what_there_is() -> None:
    def kind(**body: Any) -> str:
        body = {"type": "message", "serviceUrl": "x", **body}
        return read(body).place.kind

    assert kind(conversation={"id": "a"}) == "direct"
    assert kind(conversation={"id": "a", "isGroup": True}) == "group"
    assert kind(conversation={"id": "a", "conversationType": "groupChat"}) == "group"
    assert kind(conversation={"id": "a", "isGroup": True}, channelData={"channel": {"id": "x"}}) == "public"
    assert read(
        {"type": "x", "serviceUrl": "y", "conversation": {"id": "19:a;messageid=7"}}
    ).place == Place("teams", "19:a", "direct", "7")
