"""Who is let in: the status of every request, and nobody is called back who has not shown a token."""

import json
import shutil
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.channels.teams.kit import Site, Teammate, payload, running, settings
from tests.channels.teams.microsoft import APP_ID, ISSUER, PASSWORD, TENANT, FakeMicrosoft, Json, new_key
from tests.db.fixtures import MovableClock

EVIL = "https://evil.example/"
Forge = Callable[[FakeMicrosoft, rsa.RSAPrivateKey], str | None]


@pytest.fixture(scope="session")
def strange_key() -> rsa.RSAPrivateKey:
    """A key that Microsoft does not know."""
    return new_key()


@pytest.fixture
async def site(
    migrated_file: Path, tmp_path: Path, microsoft: FakeMicrosoft, clock: MovableClock
) -> AsyncIterator[Site]:
    """The door alone: what is behind it may be broken."""
    file = shutil.copy(migrated_file, tmp_path / "klartext.db")
    async with running(settings(f"sqlite:///{file}"), clock, reads=False) as site:
        yield site


def _unsigned(microsoft: FakeMicrosoft, _key: rsa.RSAPrivateKey) -> str:
    claims = {"iss": ISSUER, "aud": APP_ID, "serviceurl": "x", "exp": int(time.time()) + 600}
    return f"Bearer {jwt.encode(claims, '', algorithm='none', headers={'kid': 'key-1'})}"


def _with_shared_secret(microsoft: FakeMicrosoft, _key: rsa.RSAPrivateKey) -> str:
    claims = {"iss": ISSUER, "aud": APP_ID, "exp": int(time.time()) + 600}
    key = "k" * 32
    return f"Bearer {jwt.encode(claims, key, algorithm='HS256', headers={'kid': 'key-1'})}"


def _claims(**claims: Any) -> Forge:
    return lambda microsoft, _key: f"Bearer {microsoft.token(**claims)}"


FORGED: dict[str, Forge] = {
    "no header": lambda _m, _k: None,
    "an empty header": lambda _m, _k: "",
    "only the scheme": lambda _m, _k: "Bearer ",
    "another scheme": lambda _m, _k: "Basic bWFyYTpzZWNyZXQ=",
    "lower case": lambda m, _k: f"bearer {m.token()}",
    "three parts": lambda m, _k: f"Bearer {m.token()} more",
    "garbage": lambda _m, _k: "Bearer garbage",
    "garbage with dots": lambda _m, _k: "Bearer a.b.c",
    "a changed signature": lambda m, _k: f"Bearer {m.token()[:-8]}AAAAAAAA",
    "another's key": lambda m, k: f"Bearer {m.token(key=k)}",
    "an unknown kid": lambda m, k: f"Bearer {m.token(kid='key-9', key=k)}",
    "no kid": lambda m, _k: f"Bearer {m.token(kid=None)}",
    "no signature": _unsigned,
    "a shared secret": _with_shared_secret,
    "expired": _claims(exp=int(time.time()) - 3600),
    "not yet valid": _claims(nbf=int(time.time()) + 3600),
    "for another bot": _claims(aud="99999999-2222-3333-4444-555555555555"),
    "for nobody": _claims(aud=None),
    "for several": _claims(aud=[APP_ID, "another"]),
    "from another issuer": _claims(iss="https://sts.windows.net/evil/"),
    "from the emulator": _claims(
        iss="https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0",
        ver="2.0",
        azp=APP_ID,
    ),
    "from a skill": _claims(iss=f"https://sts.windows.net/{TENANT}/", ver="1.0", appid="a-skill"),
    "from nobody": _claims(iss=None),
    "for another service": _claims(serviceurl=EVIL),
    "for no service": _claims(serviceurl=None),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
async def test_a_forged_token_is_401_and_nobody_is_called(
    forge: Forge, site: Site, mara: Teammate, microsoft: FakeMicrosoft, strange_key: rsa.RSAPrivateKey
) -> None:
    header = forge(microsoft, strange_key)
    headers = {"authorization": header} if header is not None else {}
    for body in (mara.activity("message", text="define lead"), mara.activity("invoke", name="x", value={})):
        response = await site.post(body, None, **headers)
        assert (response.status_code, response.content) == (401, b"")
    assert microsoft.calls == []


async def test_the_service_of_an_unchecked_body_is_never_called(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    """Neither without a token, nor with a good one for another service."""
    body = mara.activity("message", text="define lead") | {"serviceUrl": EVIL}
    assert (await site.post(body, None)).status_code == 401
    assert (await site.post(body, microsoft.token())).status_code == 401
    assert not any(url.startswith(EVIL) for url in microsoft.urls)


async def test_a_token_that_has_just_expired_is_good(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    """Clocks differ: botbuilder allows five minutes."""
    token = microsoft.token(exp=int(time.time()) - 60)
    assert (await site.post(mara.activity("message", text="define lead"), token)).status_code == 202


async def test_another_tenant_is_403(site: Site, microsoft: FakeMicrosoft) -> None:
    response = await site.post(
        payload("message_other_tenant"), _token_for(payload("message_other_tenant"), microsoft)
    )
    assert response.status_code == 403
    assert microsoft.calls == []


@pytest.mark.parametrize(
    "tenant", [None, {}, {"id": None}, {"id": 7}, {"id": ""}, "text", {"id": TENANT + "0"}, [TENANT]]
)
async def test_a_missing_or_malformed_tenant_is_403(
    tenant: Any, site: Site, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    body = mara.activity("message", text="define lead") | {"channelData": {"tenant": tenant}}
    assert (await site.post(body, microsoft.token())).status_code == 403
    body["channelData"] = tenant
    assert (await site.post(body, microsoft.token())).status_code in {400, 403}
    assert microsoft.calls == []


BROKEN: dict[str, Callable[[Json], Any]] = {
    "no JSON": lambda _: b"{",
    "nothing": lambda _: b"",
    "not UTF-8": lambda _: b'{"type": "\xff"}',
    "deeply nested": lambda _: b"[" * 100_000,
    "a list": lambda _: [],
    "a text": lambda _: "message",
    "a number": lambda _: 7,
    "null": lambda _: None,
    "nothing in it": lambda _: {},
    "no type": lambda body: _without(body, "type"),
    "a type that is none": lambda body: body | {"type": 7},
    "no service": lambda body: _without(body, "serviceUrl"),
    "no conversation": lambda body: _without(body, "conversation"),
    "a conversation without id": lambda body: body | {"conversation": {}},
    "a conversation that is none": lambda body: body | {"conversation": "here"},
    "no channel": lambda body: _without(body, "channelId"),
    "another channel": lambda body: body | {"channelId": "webchat"},
    "nobody": lambda body: _without(body, "from"),
    "somebody without id": lambda body: body | {"from": {}},
    "a strange time": lambda body: body | {"timestamp": "yesterday"},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
async def test_what_is_no_activity_is_400(
    change: Callable[[Json], Any], site: Site, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    body = change(mara.activity("message", text="define lead"))
    assert (await site.post(body, microsoft.token())).status_code == 400
    assert microsoft.calls == []


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        [],
        {},
        {"action": None},
        {"action": "x"},
        {"action": {"type": "Action.Submit", "data": {}}},
        {"action": {"type": 7}},
    ],
)
async def test_a_malformed_press_is_400(value: Any, mara: Teammate) -> None:
    assert (await mara.invoke("adaptiveCard/action", value)).status_code == 400


@pytest.mark.parametrize("name", [None, 7, "", {"x": 1}])
async def test_an_invoke_without_a_name_is_refused(name: Any, mara: Teammate) -> None:
    assert (await mara.invoke(name, {})).status_code in {400, 501}


@pytest.mark.parametrize(
    "name", ["signin/verifyState", "fileConsent/invoke", "composeExtension/anonymousQueryLink", "x" * 500]
)
async def test_an_unknown_invoke_is_501(name: str, mara: Teammate) -> None:
    assert (await mara.invoke(name, {})).status_code == 501


async def test_more_than_a_megabyte_is_413(site: Site, mara: Teammate, microsoft: FakeMicrosoft) -> None:
    body = mara.activity("message", text="x" * 1_100_000)
    assert (await site.post(body, microsoft.token())).status_code == 413


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"]
)
async def test_only_json_is_read(kind: str, site: Site, mara: Teammate, microsoft: FakeMicrosoft) -> None:
    body = mara.activity("message", text="define lead")
    response = await site.post(body, microsoft.token(), **{"content-type": kind})
    assert response.status_code == 415


async def test_only_posts_are_answered(site: Site) -> None:
    assert (await site.http.get("/api/messages")).status_code == 405


@pytest.mark.parametrize(
    "type_", ["messageReaction", "messageUpdate", "messageDelete", "typing", "endOfConversation", "x"]
)
async def test_other_events_are_taken_and_left_alone(
    type_: str, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    assert (await mara.send(mara.activity(type_, text="define lead"))).status_code == 202
    assert microsoft.said() == []


async def test_a_key_that_was_rolled_is_fetched_once(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft, strange_key: rsa.RSAPrivateKey
) -> None:
    """A new key is taken at once; strangers cannot make us fetch again and again."""
    assert (await mara.say("define lead")).status_code == 202
    fetched = _fetches(microsoft)
    assert fetched == 1
    for _ in range(3):
        token = microsoft.token(kid="key-2", key=strange_key)
        assert (await site.post(mara.activity("message", text="x"), token)).status_code == 401
    assert _fetches(microsoft) == fetched
    assert (await mara.say("define mql")).status_code == 202


def _token_for(body: Json, microsoft: FakeMicrosoft) -> str:
    return microsoft.token(serviceurl=body["serviceUrl"])


def _without(body: Json, name: str) -> Json:
    return {key: value for key, value in body.items() if key != name}


def _fetches(microsoft: FakeMicrosoft) -> int:
    return sum(url.endswith("openidconfiguration") for url in microsoft.urls)


async def test_the_secret_is_in_no_answer_and_no_log(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await mara.say("define lead")
    microsoft.refuse("post", "activities", 500)
    await mara.say("define mql")
    seen = caplog.text + json.dumps([call.body for call in microsoft.calls]) + repr(site.klartext.settings)
    assert PASSWORD not in seen
    assert "token for" not in caplog.text
