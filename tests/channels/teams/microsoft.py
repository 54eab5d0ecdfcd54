"""Microsoft's side of the wire, on this machine: signing keys, tokens, the connector, Graph.

Everything that botbuilder and msal send ends in `FakeMicrosoft.send`, which stands in for the last step of
`requests`. Each call must come from a thread, and the event loop must be free while it lasts.
"""

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

Json = dict[str, Any]
APP_ID = "11111111-2222-3333-4444-555555555555"
PASSWORD = "client-secret-of-the-test"  # noqa: S105
TENANT = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
SERVICE = f"https://smba.trafficmanager.net/amer/{TENANT}/"
ISSUER = "https://api.botframework.com"
_KEYS = "https://login.botframework.com/v1/.well-known"
_PATIENCE = 5  # seconds until a loop that does not answer counts as blocked


def new_key() -> rsa.RSAPrivateKey:
    """A signing key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True, slots=True)
class Call:
    """What the connector was asked."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Json
    token: str

    @property
    def card(self) -> Json:
        """The card of a message."""
        content: Json = self.body.get("activity", self.body)["attachments"][0]["content"]
        return content


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the connector says no to, and how."""

    method: str
    part: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""


class FakeMicrosoft:
    """Answers like Microsoft and remembers what it was asked."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self.keys = {"key-1": key}
        self.calls: list[Call] = []
        self.urls: list[str] = []
        self.refusals: list[Refusal] = []
        self.members: dict[str, Json] = {}
        self.entra: dict[str, Json] = {}
        self.groups: dict[str, set[str]] = {}  # of Entra, by account; in small letters
        self.groups_status = 200
        self.is_down = False
        self.typed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.current_thread()

    def token(self, kid: str | None = "key-1", key: rsa.RSAPrivateKey | None = None, **claims: Any) -> str:
        """A token as the Bot Connector signs it; a claim that is None is left out."""
        now = int(time.time())
        all_claims = {
            "iss": ISSUER,
            "aud": APP_ID,
            "serviceurl": SERVICE,
            "nbf": now - 60,
            "exp": now + 3600,
        } | claims
        given = {name: value for name, value in all_claims.items() if value is not None}
        headers = {"kid": kid} if kid else {}
        return jwt.encode(given, key or self.keys["key-1"], algorithm="RS256", headers=headers)

    def said(self, method: str = "post") -> list[Call]:
        """What was posted, edited or deleted."""
        return [call for call in self.calls if call.method == method]

    def refuse(self, method: str, part: str, status: int, query: str = "", **headers: str) -> None:
        """From now on say no to calls whose path matches `part`."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.refusals.append(Refusal(method, part, status, names, query))

    def send(self, _adapter: object, request: requests.PreparedRequest, **_: object) -> requests.Response:
        """The last step of `requests`."""
        self._watch()
        url = request.url or ""
        self.urls.append(url)
        if self.is_down:
            raise requests.ConnectionError("Microsoft is down")
        host = urlsplit(url).hostname
        answers: dict[str | None, Callable[[requests.PreparedRequest], tuple[int, Json, Mapping[str, str]]]]
        answers = {
            "login.botframework.com": self._keys_answer,
            "login.microsoftonline.com": self._token_answer,
            "smba.trafficmanager.net": self._connector_answer,
            "graph.microsoft.com": self._graph_answer,
        }
        if host not in answers:
            raise requests.ConnectionError(f"nobody may call {url}")
        return _response(request, *answers[host](request))

    def _watch(self) -> None:
        """The watchdog: whoever calls on the event loop would wait for itself here."""
        if threading.current_thread() is self._loop_thread:
            raise AssertionError("a blocking call on the event loop")
        is_free = threading.Event()
        self._loop.call_soon_threadsafe(is_free.set)
        if not is_free.wait(_PATIENCE):
            raise AssertionError("the event loop does not move")

    def _keys_answer(self, request: requests.PreparedRequest) -> tuple[int, Json, Mapping[str, str]]:
        if str(request.url).endswith("openidconfiguration"):
            return 200, {"issuer": ISSUER, "jwks_uri": f"{_KEYS}/keys"}, {}
        return 200, {"keys": [_public(kid, key) for kid, key in self.keys.items()]}, {}

    def _token_answer(self, request: requests.PreparedRequest) -> tuple[int, Json, Mapping[str, str]]:
        base = f"https://login.microsoftonline.com/{TENANT}"
        if "/discovery/instance" in str(request.url):
            return 200, {"metadata": []}, {}
        if request.method == "GET":
            found = {
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "issuer": f"{base}/v2.0",
            }
            return 200, found, {}
        given = dict(parse_qsl(str(request.body)))
        if given.get("client_secret") != PASSWORD or f"/{TENANT}/" not in str(request.url):
            return 401, {"error": "invalid_client", "error_description": "wrong secret or tenant"}, {}
        token = f"token for {given['scope']}"
        return 200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}, {}

    def _connector_answer(self, request: requests.PreparedRequest) -> tuple[int, Json, Mapping[str, str]]:
        call = _call(request)
        self.calls.append(call)
        if call.body.get("type") == "typing":
            self._loop.call_soon_threadsafe(self.typed.set)
        for refusal in self.refusals:
            fits = refusal.method == call.method and re.search(refusal.part, call.path)
            if fits and (not refusal.query or refusal.query in call.query):
                return refusal.status, {"error": {"code": "Refused"}}, refusal.headers
        if "/members/" in call.path:
            member = self.members.get(call.path.rpartition("/")[2])
            return (200, member, {}) if member else (404, {"error": {"code": "MemberNotFound"}}, {})
        number = len(self.calls)
        if call.path.endswith("/v3/conversations"):
            return 201, {"id": f"a:opened-{number}", "activityId": f"m{number}"}, {}
        return 201, {"id": f"m{number}"}, {}

    def _graph_answer(self, request: requests.PreparedRequest) -> tuple[int, Json, Mapping[str, str]]:
        path = unquote(urlsplit(str(request.url)).path)
        if path.endswith("/checkMemberGroups"):
            return self._groups_answer(path.split("/")[-2], _call(request).body["groupIds"])
        account = path.rpartition("/")[2]
        found = self.entra.get(account)
        return (200, found, {}) if found else (403, {"error": {"code": "Authorization_RequestDenied"}}, {})

    def _groups_answer(self, account: str, asked: list[str]) -> tuple[int, Json, Mapping[str, str]]:
        """As the service documents it: at most 20 at once, small letters, 404 for nobody of the tenant."""
        if self.groups_status != 200:
            return self.groups_status, {"error": {"code": "Refused"}}, {}
        if len(asked) > 20:
            return 400, {"error": {"code": "Directory_ResultSizeLimitExceeded"}}, {}
        if account not in self.groups:
            return 404, {"error": {"code": "Request_ResourceNotFound"}}, {}
        return 200, {"value": [one.lower() for one in asked if one.lower() in self.groups[account]]}, {}


def _call(request: requests.PreparedRequest) -> Call:
    parts = urlsplit(str(request.url))
    body = json.loads(
        str(request.body, "utf-8") if isinstance(request.body, bytes) else str(request.body or "{}")
    )
    path = unquote(parts.path).removeprefix(urlsplit(SERVICE).path.rstrip("/"))
    token = str(request.headers.get("Authorization", "")).removeprefix("Bearer ")
    return Call(str(request.method).lower(), path, dict(parse_qsl(parts.query)), body, token)


def _public(kid: str, key: rsa.RSAPrivateKey) -> Json:
    found: Json = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    return found | {"kid": kid, "kty": "RSA", "endorsements": ["msteams"]}


def _response(
    request: requests.PreparedRequest, status: int, body: Json, headers: Mapping[str, str]
) -> requests.Response:
    response = requests.Response()
    response.status_code, response.url, response.request = status, str(request.url), request
    response._content = json.dumps(body).encode()
    response.headers.update({"content-type": "application/json", **headers})
    return response
