"""What reaches bolt over HTTP: only what Slack has signed just now, and never with a 500 for garbage."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from bot.channels.slack.guard import MAX_BODY, signed
from tests.channels.slack.fake import MARA, SECRET
from tests.channels.slack.wire import PATH, Answer, Http, encoded, read, signature
from tests.channels.slack.workspace import Workspace, recorded
from tests.conftest import DATA

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
HEADERS = json.loads((DATA / "payloads" / "headers.json").read_text("utf-8"))


@pytest.fixture
def http(workspace: Workspace) -> Http:
    """The edge."""
    assert isinstance(workspace.wire, Http)
    return workspace.wire


def define(workspace: Workspace) -> bytes:
    """A slash command as bytes."""
    payload = recorded("slash_define_en") | {"team_id": workspace.slack.team, "user_id": MARA}
    return encoded("form", payload)[0]


async def test_a_signed_request_is_answered(http: Http, workspace: Workspace) -> None:
    body = define(workspace)
    answer = await http.post(body, {"Content-Type": FORM, **signature(body)})
    assert answer.status == 200
    assert answer.body["response_type"] == "ephemeral"


FORGED: dict[str, Callable[[bytes], dict[str, str]]] = {
    "unsigned": lambda body: {},
    "with another secret": lambda body: signature(body, None, "another"),
    "another body": lambda body: signature(body + b"x"),
    "too old": lambda body: signature(body, time.time() - 302),
    "from the future": lambda body: signature(body, time.time() + 302),
    "no time": lambda body: signature(body, "abc"),
    "empty time": lambda body: signature(body, ""),
    "negative time": lambda body: signature(body, "-1"),
    "a very long time": lambda body: signature(body, "9" * 400),
    "no signature": lambda body: signature(body) | {"X-Slack-Signature": ""},
    "another version": lambda body: signature(body) | {"X-Slack-Signature": "v1=" + "0" * 64},
    "time alone": lambda body: {"X-Slack-Request-Timestamp": str(int(time.time()))},
}


@pytest.mark.parametrize("how", FORGED)
async def test_what_slack_has_not_signed_just_now_is_refused(
    http: Http, workspace: Workspace, how: str
) -> None:
    body = define(workspace)
    assert (await http.post(body, {"Content-Type": FORM, **FORGED[how](body)})).status == 401


async def test_a_signature_that_is_no_text_is_refused(workspace: Workspace, http: Http) -> None:
    body = define(workspace)
    headers = [
        (b"x-slack-request-timestamp", str(int(time.time())).encode()),
        (b"x-slack-signature", b"v0=\xff\xe4"),
    ]
    response = await http._client.post(PATH, content=body, headers=headers)
    assert response.status_code == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", FORM),
        (b"", JSON),
        (b"{", JSON),
        (b"[]", JSON),
        (b"[1]", FORM),
        (b"null", JSON),
        (b'"text"', JSON),
        (b"{}", JSON),
        (b"\xff\xfe", JSON),
        (b"\xff\xfe", FORM),
        (b"payload=%7B", FORM),
        (b"payload=[]", FORM),
        (b"payload=null", FORM),
        (b"payload=", FORM),
        pytest.param(b"a" * 1_000, "text/plain", id="text"),
        pytest.param(b'{"a":' * 50_000, JSON, id="deep"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b'{"type":"event_callback","event":[]}', "application/json; charset=bogus"),
    ],
)
async def test_garbage_is_400_when_signed_and_401_when_not(http: Http, body: bytes, kind: str) -> None:
    assert (await http.post(body, {"Content-Type": kind})).status == 401
    signed_ = await http.post(body, {"Content-Type": kind, **signature(body)})
    assert signed_.status in {400, 403}


@pytest.mark.parametrize("announced", [True, False])
async def test_what_is_too_big_is_refused_without_a_look_at_the_signature(
    http: Http, announced: bool
) -> None:
    async def chunks() -> Any:
        for _ in range(MAX_BODY // 1_000 + 1):
            yield b"a" * 1_000

    content = b"a" * (MAX_BODY + 1) if announced else chunks()
    response = await http._client.post(PATH, content=content, headers={"Content-Type": FORM})
    assert response.status_code == 413


async def test_exactly_the_biggest_body_is_read(http: Http) -> None:
    body = b"text=" + b"a" * (MAX_BODY - 5)
    assert (await http.post(body, {"Content-Type": FORM, **signature(body)})).status != 413


async def test_a_sender_who_goes_away_hears_nothing(workspace: Workspace) -> None:
    (route,) = workspace.channel.routes
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": PATH, "headers": []}
    await route.handle(scope, receive, send)
    assert sent == []


async def test_only_post_is_known(http: Http) -> None:
    assert read(await http._client.get(PATH)).status == 405


async def test_bolts_own_headers_do_not_get_through(http: Http, workspace: Workspace) -> None:
    body = define(workspace)
    smuggled = HEADERS["slack_form_lazy_header_injected"]
    assert "X-Slack-Bolt-Lazy-Only" in smuggled
    answer = await http.post(body, {**smuggled, **signature(body)})
    assert answer.body["response_type"] == "ephemeral"


async def test_the_handshake_is_answered(http: Http) -> None:
    payload = recorded("url_verification")
    assert await http.send("json", payload) == Answer(200, {"challenge": payload["challenge"]})
    body, kind = encoded("json", payload)
    assert (await http.post(body, {"Content-Type": kind})).status == 401


async def test_being_held_back_is_logged(http: Http, caplog: pytest.LogCaptureFixture) -> None:
    payload = {"type": "app_rate_limited", "team_id": "T00FAKE00AA", "minute_rate_limited": 1}
    assert (await http.send("json", payload)).status == 200
    assert "holds back events" in caplog.text


async def test_200000_fields_are_read_in_no_time(http: Http) -> None:
    body = urlencode({f"f{number}": "" for number in range(90_000)}).encode()
    assert (await http.post(body, {"Content-Type": FORM, **signature(body)})).status in {400, 403, 404}


def test_the_window_is_five_minutes_wide() -> None:
    headers = {name.lower().encode(): value.encode() for name, value in signature(b"x", 1_000).items()}
    checks = [signed(SECRET.encode(), headers, b"x", now) for now in (699, 700, 1_000, 1_300, 1_301)]
    assert checks == [False, True, True, True, False]


def test_an_answer_is_read_as_what_it_says_it_is() -> None:
    assert read(httpx.Response(200, text="a")) == Answer(200, "a")
