"""Keys and tokens: fetched beside the event loop, kept, rolled; and a half-open door is no door."""

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.channels.teams.adapter import Adapter
from bot.channels.teams.connector import CallFailed
from bot.channels.teams.credentials import Entrance, HalfConfigured, SigningKeys
from bot.config import Settings, WrongSettings, load_settings
from tests.channels.teams.kit import Site, Teammate, running, settings
from tests.channels.teams.microsoft import APP_ID, PASSWORD, SERVICE, TENANT, FakeMicrosoft, Json
from tests.db.fixtures import MovableClock

ENTRANCE = Entrance(APP_ID, PASSWORD, TENANT)
LOCAL = "http://127.0.0.1:56150/_connector"


class Seconds:
    """A clock in seconds that is moved by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


async def test_many_turns_ask_once_for_keys_and_token(mara: Teammate, microsoft: FakeMicrosoft) -> None:
    """No call of them all is made on the event loop: the watchdog of `FakeMicrosoft` would stop it."""
    for _ in range(5):
        await mara.say("define lead")
    keys = [url for url in microsoft.urls if "login.botframework.com" in url]
    tokens = [url for url in microsoft.urls if "login.microsoftonline.com" in url]
    assert (len(keys), len(tokens)) == (2, 2)
    assert len(microsoft.said()) == 5


def test_the_watchdog_barks() -> None:
    """Nobody may lean on a watchdog that sleeps."""

    async def call_on_the_loop() -> None:
        fake = FakeMicrosoft.__new__(FakeMicrosoft)
        fake._loop, fake._loop_thread = asyncio.get_running_loop(), threading.current_thread()
        fake._watch()

    with pytest.raises(AssertionError, match="on the event loop"):
        asyncio.run(call_on_the_loop())


async def test_many_at_once_ask_once(mara: Teammate, microsoft: FakeMicrosoft) -> None:
    await asyncio.gather(*(mara.say("define lead") for _ in range(8)))
    assert len([url for url in microsoft.urls if url.endswith("/token")]) == 1
    assert len([url for url in microsoft.urls if url.endswith("openidconfiguration")]) == 1


async def test_keys_survive_an_outage(microsoft: FakeMicrosoft) -> None:
    clock = Seconds()
    keys = SigningKeys(clock=clock)
    first = await keys.get("key-1")
    microsoft.is_down = True
    clock.at = 25 * 3600
    assert await keys.get("key-1") is first
    microsoft.is_down = False
    clock.at += 61
    assert await keys.get("key-1") is not first


async def test_keys_that_roll_are_there_within_a_minute(
    microsoft: FakeMicrosoft, signing_key: rsa.RSAPrivateKey
) -> None:
    clock = Seconds()
    keys = SigningKeys(clock=clock)
    await keys.get("key-1")
    microsoft.keys["key-2"] = signing_key
    with pytest.raises(PermissionError):
        await keys.get("key-2")
    clock.at = 61
    assert (await keys.get("key-2")).endorsements == ["msteams"]


@pytest.mark.parametrize("kid", [None, "", "unknown"])
async def test_an_unknown_key_is_refused(kid: str | None, microsoft: FakeMicrosoft) -> None:
    with pytest.raises(PermissionError):
        await SigningKeys().get(kid)


async def test_a_wrong_secret_is_a_call_that_failed(microsoft: FakeMicrosoft) -> None:
    adapter = Adapter(Entrance(APP_ID, "wrong", TENANT))
    with pytest.raises(CallFailed, match="invalid_client"):
        await adapter.call(SERVICE, "post", "/v3/conversations", {})
    assert microsoft.calls == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"app_id": APP_ID},
        {"app_id": APP_ID, "password": PASSWORD},
        {"password": PASSWORD, "tenant": TENANT},
        {"app_id": APP_ID, "anonymous": True},
        {"tenant": TENANT, "anonymous": True},
        {"app_id": APP_ID, "password": PASSWORD, "tenant": TENANT, "anonymous": True},
    ],
)
def test_half_a_configuration_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(HalfConfigured):
        Entrance(**given)


def test_the_secret_is_not_shown() -> None:
    assert PASSWORD not in repr(ENTRANCE)
    shown = Settings(teams_app_id=APP_ID, teams_app_password=PASSWORD, teams_tenant_id=TENANT)
    assert PASSWORD not in repr(shown)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"TEAMS_APP_ID": APP_ID}, "settings.teams_half"),
        ({"TEAMS_APP_ID": "x"}, "settings.wrong"),
        ({"TEAMS_TENANT_ID": "firma.onmicrosoft.com"}, "settings.wrong"),
        ({"TEAMS_APP_ID": APP_ID, "TEAMS_TENANT_ID": TENANT}, "settings.teams_half"),
        ({"TEAMS_APP_PASSWORD": "x"}, "settings.teams_half"),
        ({"TEAMS_ANONYMOUS": "true"}, "settings.teams_anonymous_production"),
        (
            {"TEAMS_ANONYMOUS": "true", "ENV": "development", "TEAMS_APP_ID": APP_ID},
            "settings.teams_anonymous_with_app",
        ),
        ({"TEAMS_ANONYMOUS": "maybe"}, "settings.wrong"),
    ],
)
def test_a_half_configured_channel_stops_the_start(given: dict[str, str], problem: str) -> None:
    with pytest.raises(WrongSettings) as wrong:
        load_settings({f"KLARTEXT_{name}": value for name, value in given.items()})
    assert problem in {found.key for found in wrong.value.problems}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"TEAMS_APP_ID": APP_ID, "TEAMS_APP_PASSWORD": "y", "TEAMS_TENANT_ID": TENANT},
        {"TEAMS_ANONYMOUS": "true", "ENV": "development"},
        {"TEAMS_ANONYMOUS": "false"},
    ],
)
def test_a_whole_configuration_starts(given: dict[str, str]) -> None:
    load_settings({f"KLARTEXT_{name}": value for name, value in given.items()})


def local(service: str) -> Json:
    """A message as Microsoft's local client sends it."""
    return {
        "type": "message",
        "id": "1",
        "channelId": "msteams",
        "serviceUrl": service,
        "from": {"id": "mara", "name": "Mara"},
        "conversation": {"id": "chat", "conversationType": "personal"},
        "recipient": {"id": "bot"},
        "text": "define lead",
    }


@pytest.fixture
async def anonymous(filled_file: Path, tmp_path: Path, clock: MovableClock) -> AsyncIterator[Site]:
    """Klartext as it serves Microsoft's local test client."""
    file = shutil.copy(filled_file, tmp_path / "klartext.db")
    nobody = {"teams_app_id": "", "teams_app_password": "", "teams_tenant_id": "", "teams_anonymous": True}
    async with running(settings(f"sqlite:///{file}", **nobody), clock) as site:
        yield site


async def test_anonymous_mode_answers_a_client_on_this_machine(
    anonymous: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def send(_adapter: object, request: requests.PreparedRequest, **_: object) -> requests.Response:
        asked.append(str(request.url))
        assert "Authorization" not in request.headers
        response = requests.Response()
        response.status_code, response._content = 200, b'{"id": "1"}'
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    assert (await anonymous.post(local(LOCAL), None)).status_code == 202
    other = local(LOCAL) | {"id": "2"}
    assert (await anonymous.post(other, None, authorization="Bearer whatever")).status_code == 202
    assert asked == [f"{LOCAL}/v3/conversations/chat/activities"] * 2


async def test_anonymous_mode_calls_nobody_else(anonymous: Site, microsoft: FakeMicrosoft) -> None:
    assert (await anonymous.post(local(SERVICE), None)).status_code == 400
    assert (await anonymous.post(local("https://evil.example/"), microsoft.token())).status_code == 400
    assert microsoft.urls == []


async def test_anonymous_mode_hears_nobody_else(anonymous: Site) -> None:
    """Even if somebody binds it to all interfaces."""
    app = anonymous.klartext.asgi()
    for host, status in (("10.0.0.7", 403), ("::1", 202), ("127.0.0.1", 202)):
        transport = httpx.ASGITransport(app=app, client=(host, 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://klartext") as http:
            response = await http.post("/api/messages", json=local(LOCAL) | {"type": "typing"})
        assert response.status_code == status
    await anonymous.teams.background.drain(5)


@pytest.mark.parametrize(
    ("service", "called"),
    [
        (LOCAL, True),
        ("http://localhost:1/", True),
        ("http://[::1]:1/x", True),
        (SERVICE, False),
        ("http://169.254.169.254/latest", False),
        ("http://127.0.0.1.evil.example/", False),
        ("http://evil.example/?127.0.0.1", False),
        ("http://127.0.0.1@evil.example/", False),
        ("http://10.0.0.1/", False),
        ("http://0.0.0.0/", False),
        ("file:///etc/passwd", False),
        ("http://[::1", False),
        ("x", False),
    ],
)
def test_only_this_machine_is_called_without_a_token(service: str, called: bool) -> None:
    assert Entrance(anonymous=True).calls(service) is called
    assert ENTRANCE.calls(service) is True  # there the token vouches for it


class Busy(BaseHTTPRequestHandler):
    """A connector that asks for patience."""

    asked: ClassVar[list[str]] = []
    status = 429

    def _answer(self) -> None:
        self.asked.append(self.command)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(self.status)
        self.send_header("Retry-After", "600")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_PUT = do_POST = do_DELETE = _answer  # noqa: N815  (the names of the standard library)

    def log_message(self, *_: object) -> None:
        """Silently."""


@pytest.fixture
def busy() -> Iterator[str]:
    """A real server on this machine: below `requests`, urllib3 has a will of its own."""
    Busy.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Busy)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("method", ["get", "put", "post", "delete"])
@pytest.mark.parametrize("status", [429, 503])
async def test_nobody_sleeps_in_a_thread_for_retry_after(
    method: str, status: int, busy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """msrest would let urllib3 repeat an edit, and sleep ten minutes before that."""
    monkeypatch.setattr(Busy, "status", status)
    response = await Adapter(Entrance(anonymous=True)).call(busy, method, "/v3/conversations", {})
    assert (response.status, response.headers["Retry-After"]) == (status, "600")
    assert Busy.asked == [method.upper()]


async def test_a_service_that_is_not_there(unused_tcp_port: int) -> None:
    with pytest.raises(CallFailed):
        await Adapter(Entrance(anonymous=True)).call(f"http://127.0.0.1:{unused_tcp_port}/", "get", "/x")
