"""A signed POST: any library of Standard Webhooks can check it, any of CloudEvents can read it."""

import datetime as dt
import json

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from standardwebhooks.webhooks import Webhook as Receiver
from standardwebhooks.webhooks import WebhookVerificationError

from bot.connectors.model import Webhook
from bot.connectors.ports import Rejected, Remote
from bot.connectors.webhook import BadSecret, WebhookTarget
from bot.connectors.wire import Wire
from tests.connectors.servers import Called, Says, Web, turns, web
from tests.connectors.tickets import AT, HOSTILE, ticket

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def target(server: Web, secret: str = SECRET) -> WebhookTarget:
    """Klartext's side."""
    settings = Webhook(type="webhook", url=f"{server.url}/in?team=it", secret_env="TOOL_SECRET")
    return WebhookTarget(Wire(settings.url), settings, secret, "klartext", lambda: dt.datetime.now(dt.UTC))


def received(called: Called) -> CloudEvent:
    """What a tool gets out of it, once it has checked the signature."""
    Receiver(SECRET).verify(called.body, dict(called.headers))
    event = JSONFormat().read(None, called.body)
    assert isinstance(event, CloudEvent)
    return event


async def test_a_tool_can_check_and_read_it() -> None:
    async with web(turns(Says(202))) as server:
        assert await target(server).create(ticket()) == Remote("klartext-req-42")
        (called,) = server.calls
    event = received(called)
    assert (called.method, called.path) == ("POST", "/in?team=it")
    assert called.headers["content-type"] == "application/cloudevents+json"
    assert (event.get_id(), event.get_type()) == ("klartext-req-42", "klartext.request.created")
    assert (event.get_source(), event.get_subject(), event.get_time()) == ("/klartext", "REQ-42", AT)
    assert event.get_dataschema() == "urn:klartext:intake.usecase/1"
    data = event.get_data()
    assert isinstance(data, dict)
    assert data["use_case"] == ticket().use_case
    assert (data["key"], data["state"]) == ("klartext-req-42", "accepted")


async def test_a_repeat_is_the_same_event_with_a_fresh_signature() -> None:
    async with web(turns(Says(500), Says(200))) as server:
        for _ in range(2):
            try:
                await target(server).create(ticket())
            except Exception:  # noqa: S112  (the first answer)
                continue
        first, second = server.calls
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == "klartext-req-42"


async def test_a_change_is_an_event_of_its_own() -> None:
    async with web(turns(Says(200))) as server:
        await target(server).update(
            Remote("klartext-req-42"), ticket(state="planned"), ticket().digest, "e-1"
        )
        event = received(server.calls[0])
    assert (event.get_id(), event.get_type()) == ("e-1", "klartext.request.updated")


@pytest.mark.parametrize("text", [*HOSTILE, "x" * 30_000])
async def test_what_people_typed_arrives_as_it_is(text: str) -> None:
    async with web(turns(Says(200))) as server:
        await target(server).create(ticket(text))
        called = server.calls[0]
    received(called)
    assert called.json["data"]["use_case"]["requirement"] == text


async def test_what_was_changed_on_the_way_is_noticed() -> None:
    async with web(turns(Says(200))) as server:
        await target(server).create(ticket())
        called = server.calls[0]
    other = json.dumps({**called.json, "subject": "REQ-43"}).encode()
    with pytest.raises(WebhookVerificationError):
        Receiver(SECRET).verify(other, dict(called.headers))


@pytest.mark.parametrize("secret", ["", "whsec_", "äöü", "whsec_a"])
def test_a_secret_that_is_none(secret: str) -> None:
    nobody = Web(turns(Says()))
    nobody.url = "https://tool.example.com"
    with pytest.raises(BadSecret):
        target(nobody, secret)


@pytest.mark.parametrize(
    ("status", "key"),
    [(200, "webhook"), (405, "webhook"), (401, "webhook"), (400, "webhook"), (404, "webhook_unsure")],
)
async def test_the_check_sends_nothing(status: int, key: str) -> None:
    async with web(turns(Says(status))) as server:
        found = await target(server).check()
    assert (found.key, found.wrong) == (key, False)
    assert [(called.method, called.body) for called in server.calls] == [("HEAD", b"")]


async def test_the_check_follows_no_redirect() -> None:
    async with web(turns(Says(301, headers={"location": "https://example.com/"}))) as server:
        with pytest.raises(Rejected, match="redirect"):
            await target(server).check()
