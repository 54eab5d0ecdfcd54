"""Calls over HTTP: once, to the configured server alone, with its certificate checked.

No redirect is followed, no proxy of the environment is used, nothing is repeated. The name is resolved here
and the connection goes to exactly the address that was looked at, so that no name can lead inside later.
"""

import asyncio
import ipaddress
import json
import logging
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from bot.connectors.ports import Busy, Failed, Rejected, Unclear, Unreached

_log = logging.getLogger(__name__)

LIMIT = 14.0  # seconds for a whole call: three of them fit into the limit of a job
_TIMES = httpx.Timeout(12.0, connect=8.0)
_MOST = 2_000_000  # bytes of an answer; a page of 100 issues of GitHub has less
_PATIENCE = 3_600.0  # seconds: the longest Retry-After that we believe
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_TOO_EARLY, _TOO_MANY, _TIMED_OUT, _CONFLICT = 425, 429, 408, 409

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `data` is its JSON, None if it is none."""

    status: int
    headers: Mapping[str, str]
    data: Any


async def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a name. Raises Unreached if there are none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreached("unknown_host", detail=host) from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_inside(address: str) -> bool:
    """Whether an address is none of the public internet, in whatever clothes it comes."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_inside(str(inner))
    return not ip.is_global or ip.is_multicast


async def allowed(host: str, port: int, *, inside: bool, resolve: Resolve = resolved) -> Sequence[str]:
    """The addresses that may be called. Raises Rejected if one is inside and the file does not say so."""
    addresses = await resolve(host, port)
    if not inside and any(is_inside(address) for address in addresses):
        raise Rejected("inside", detail=host)
    return addresses


@cache
def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Who may sign a certificate. Raises OSError for a file that cannot be read."""
    context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    if ca_file:
        context.load_default_certs()
    return context


def patience(headers: Mapping[str, str]) -> float | None:
    """The seconds of a Retry-After, as number or date; None without one."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return min(float(said), _PATIENCE)
    try:
        wait = parsedate_to_datetime(said).timestamp() - time.time()
    except (TypeError, ValueError):
        return None
    return min(max(wait, 1.0), _PATIENCE)


class _Guarded(httpx.AsyncBaseTransport):
    """Connects to the addresses that were looked at, in their order; the name stays for TLS and Host."""

    def __init__(self, context: ssl.SSLContext, inside: bool, resolve: Resolve) -> None:
        self._inner = httpx.AsyncHTTPTransport(verify=context, trust_env=False, retries=0)
        self._inside = inside
        self._resolve = resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it once: another address is tried only if the first took no connection."""
        url = request.url
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = await allowed(url.host, port, inside=self._inside, resolve=self._resolve)
        request.extensions = {**request.extensions, "sni_hostname": url.host}
        for at, address in enumerate(addresses, 1):
            request.url = url.copy_with(host=address)
            try:
                return await self._inner.handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if at == len(addresses):
                    raise
        raise Unreached("unknown_host", detail=url.host)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()


class Wire:
    """One server. Raises OSError for a `ca_file` that cannot be read."""

    def __init__(
        self,
        base: str,
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        inside: bool = False,
        ca_file: Path | None = None,
        resolve: Resolve = resolved,
        limit: float = LIMIT,
    ) -> None:
        self._limit = limit
        local = base.startswith("http://")  # the file allows that to this machine alone
        self._client = httpx.AsyncClient(
            base_url=base,
            headers={"User-Agent": "klartext", **(headers or {})},
            auth=httpx.BasicAuth(*auth) if auth else None,
            transport=_Guarded(trusted(ca_file), inside or local, resolve),
            timeout=_TIMES,
            follow_redirects=False,
            trust_env=False,
        )

    async def call(
        self, method: str, path: str, body: Any = None, *, content: bytes | None = None, **given: Any
    ) -> Answer:
        """One call. Raises Rejected, Unreached, Unclear and Busy for everything that is no success."""
        if body is not None:
            given["json"] = body
        try:
            async with asyncio.timeout(self._limit):
                answer = await self._answer(method, path, content=content, **given)
        except Failed:
            raise
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unreached("certificate" if _is_about_certificate(error) else "unreachable") from error
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise Unclear("no_answer") from error
        _refuse(answer)
        return answer

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def _answer(self, method: str, path: str, **given: Any) -> Answer:
        async with self._client.stream(method, path, **given) as response:
            read = bytearray()
            async for part in response.aiter_bytes():
                read += part
                if len(read) > _MOST:
                    raise Unclear("bad_answer", status=response.status_code)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, _json(bytes(read), headers))


def object_of(answer: Answer) -> Json:
    """The JSON object of an answer. Raises Unclear for anything else: a page to log in, half an answer."""
    if not isinstance(answer.data, dict):
        raise Unclear("bad_answer", status=answer.status)
    return answer.data


def _json(read: bytes, headers: Mapping[str, str]) -> Any:
    if "json" not in headers.get("content-type", ""):
        return None
    try:
        return json.loads(read)
    except (ValueError, RecursionError):
        return None


def _refuse(answer: Answer) -> None:
    """Raise what an answer without success means."""
    status, wait = answer.status, patience(answer.headers)
    match status:
        case _ if 200 <= status < 300:  # noqa: PLR2004  (the classes of HTTP)
            return
        case _ if 300 <= status < 400:  # noqa: PLR2004
            raise Rejected("redirect", status=status)
        case _ if status == _TOO_MANY or (status == 403 and _is_limit(answer.headers)):  # noqa: PLR2004
            raise Busy(wait or _until_reset(answer.headers) or 60.0)
        case 401 | 403:
            raise Rejected("login", status=status)
        case 404 | 410:
            raise Rejected("not_there", status=status)
        case _ if status in {_TIMED_OUT, _TOO_EARLY, _CONFLICT} or status >= 500:  # noqa: PLR2004
            raise Unclear("broken", status, wait)
        case _:
            _log.warning("refused with %d: %s", status, json.dumps(answer.data)[:500])
            raise Rejected("not_taken", status=status)


def _is_limit(headers: Mapping[str, str]) -> bool:
    """GitHub says 403 for its limits, too (docs.github.com, "Rate limits for the REST API")."""
    return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"


def _until_reset(headers: Mapping[str, str]) -> float | None:
    reset = headers.get("x-ratelimit-reset", "")
    return min(max(float(reset) - time.time(), 1.0), _PATIENCE) if reset.isdecimal() else None


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False
