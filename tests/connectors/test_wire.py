"""One call, to the configured server alone; and what may be believed after it has failed."""

import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.connectors.ports import Busy, Failed, Rejected, Unclear, Unreached
from bot.connectors.wire import Wire, is_inside, object_of, patience, resolved
from tests.connectors.servers import HOST, Authority, Breaks, Reaction, Says, turns, web

INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # where clouds keep their secrets
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "2002:0a00:0001::1",  # 6to4 of 10.0.0.1
    "64:ff9b::10.0.0.1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_that_are_not_of_the_public_internet(address: str) -> None:
    assert is_inside(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
)
def test_addresses_outside(address: str) -> None:
    assert not is_inside(address)


async def failure(reaction: Reaction, method: str = "POST", limit: float = 5.0) -> Failed:
    """What is raised for an answer; there was exactly one call."""
    async with web(turns(reaction)) as server:
        wire = Wire(server.url, limit=limit)
        with pytest.raises(Failed) as raised:
            object_of(await wire.call(method, "/x", {"a": 1} if method == "POST" else None))
        await wire.close()
    assert len(server.calls) == 1
    return raised.value


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (301, Rejected, "redirect"),
        (302, Rejected, "redirect"),
        (307, Rejected, "redirect"),
        (400, Rejected, "not_taken"),
        (401, Rejected, "login"),
        (403, Rejected, "login"),
        (404, Rejected, "not_there"),
        (410, Rejected, "not_there"),
        (413, Rejected, "not_taken"),
        (422, Rejected, "not_taken"),
        (408, Unclear, "broken"),
        (409, Unclear, "broken"),
        (500, Unclear, "broken"),
        (502, Unclear, "broken"),
        (504, Unclear, "broken"),
    ],
)
async def test_what_a_status_means(status: int, kind: type[Failed], reason: str) -> None:
    failed = await failure(Says(status, {"message": "no"}, {"location": "https://example.com/"}))
    assert (type(failed), failed.reason, failed.status) == (kind, reason, status)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({}, 60.0),
        ({"retry-after": "99999999"}, 3_600.0),
        ({"retry-after": "soon"}, 60.0),
    ],
)
async def test_who_asks_for_patience_gets_it(headers: dict[str, str], seconds: float) -> None:
    failed = await failure(Says(429, {}, headers))
    assert isinstance(failed, Busy)
    assert failed.seconds == seconds


async def test_the_limits_of_github_are_no_missing_permission() -> None:
    failed = await failure(Says(403, {}, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}))
    assert isinstance(failed, Busy)
    assert failed.seconds == 1.0


async def test_a_server_in_trouble_may_say_until_when() -> None:
    failed = await failure(Says(503, {}, {"retry-after": "120"}))
    assert isinstance(failed, Unclear)
    assert failed.after == 120.0


def test_patience_as_a_date() -> None:
    assert patience({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 1.0
    assert patience({"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"}) == 3_600.0


@pytest.mark.parametrize(
    ("reaction", "reason"),
    [
        (Breaks(0), "no_answer"),
        (Breaks(40), "no_answer"),
        (Breaks(120), "no_answer"),
        (Breaks(-1), "no_answer"),
        (Says(200, text="<html>Please log in</html>"), "bad_answer"),
        (Says(200, [1]), "bad_answer"),
        (Says(200, text="{", headers={"content-type": "application/json"}), "bad_answer"),
        (Says(200, "x" * 2_100_000), "bad_answer"),
    ],
)
async def test_whether_it_arrived_is_unclear(reaction: Reaction, reason: str) -> None:
    failed = await failure(reaction, limit=0.4 if reaction == Breaks(-1) else 5.0)
    assert (type(failed), failed.reason) == (Unclear, reason)


async def test_nobody_listens() -> None:
    async with web(turns(Says())) as server:
        pass
    with pytest.raises(Unreached, match="unreachable"):
        await Wire(server.url).call("POST", "/x", {})


async def test_a_name_that_nobody_has() -> None:
    async def nobody(host: str, port: int) -> Sequence[str]:
        raise Unreached("unknown_host", detail=host)

    with pytest.raises(Unreached, match="unknown_host"):
        await Wire("https://nobody.example", resolve=nobody).call("GET", "/")
    assert await resolved(HOST, 80) == [HOST]


def known(*addresses: str) -> Any:
    """A name service."""

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("::ffff:127.0.0.1",)])
async def test_nothing_goes_inside_that_the_file_does_not_name(addresses: tuple[str, ...]) -> None:
    async with web(turns(Says())) as server:
        wire = Wire(f"https://tool.example.com:{server.port}", resolve=known(*addresses))
        with pytest.raises(Rejected, match=r"inside tool\.example\.com"):
            await wire.call("POST", "/x", {})
    assert server.calls == []


async def test_a_redirect_inside_is_not_followed() -> None:
    async with web(turns(Says())) as secret, web(turns(Says())) as server:
        server.answering = turns(Says(302, {}, {"location": f"{secret.url}/secret"}))
        with pytest.raises(Rejected, match="redirect 302"):
            await Wire(server.url).call("GET", "/x")
    assert secret.calls == []


async def test_the_certificate_is_that_of_the_name_and_of_a_known_authority(tmp_path: Path) -> None:
    ours, other = Authority.founded(tmp_path, "ours"), Authority.founded(tmp_path, "other")
    for context, ca_file, fits in [
        (ours.context("tool.example.com"), ours.file, True),
        (ours.context("else.example.com"), ours.file, False),
        (other.context("tool.example.com"), ours.file, False),
        (ours.context("tool.example.com"), None, False),
    ]:
        assert await _spoken(context, ca_file) is fits


async def _spoken(context: ssl.SSLContext, ca_file: Path | None) -> bool:
    """Whether a call goes through: the name is looked up, its address called."""
    async with web(turns(Says(200, {})), context) as server:
        base = f"https://tool.example.com:{server.port}"
        wire = Wire(base, inside=True, ca_file=ca_file, resolve=known("127.0.0.1"))
        try:
            await wire.call("GET", "/x")
        except Unreached as failed:
            return failed.reason != "certificate" or bool(server.calls)
        assert server.calls[0].headers["host"] == f"tool.example.com:{server.port}"
        return True


async def test_the_next_address_is_tried_if_one_takes_no_connection() -> None:
    async with web(turns(Says(200, {}))) as server:
        wire = Wire(f"http://localhost:{server.port}", resolve=known("::1", "127.0.0.1"))
        await wire.call("POST", "/x", {})
    assert len(server.calls) == 1
