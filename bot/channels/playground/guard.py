"""What every request passes first: the playground serves only this machine and only its own pages.

Another web site can make a browser send something to 127.0.0.1 (by a form, or by a name of its own that
leads here); neither gets anything done.
"""

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """Refuses foreign hosts and foreign pages; `refused` draws the refusal from the key of its sentence."""

    def __init__(self, app: ASGIApp, refused: Callable[[Request, str], Response]) -> None:
        self._app = app
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, with the headers that forbid whatever the page does not need."""
        if scope["type"] != "http":
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        app = self._app
        if _host(headers) not in _HOSTS:
            app = self._refused(Request(scope), "playground.error.foreign_host")
        elif scope["method"] not in {"GET", "HEAD"} and not _from_our_page(headers, scope["scheme"]):
            app = self._refused(Request(scope), "playground.error.foreign_page")
        await app(scope, receive, send_guarded)


def _host(headers: Headers) -> str:
    host = headers.get("host", "").casefold()
    name, _, port = host.rpartition(":")
    return name if port.isdigit() else host


def _from_our_page(headers: Headers, scheme: str) -> bool:
    """Browsers say where a request comes from; without a word of it the request is refused."""
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    return headers.get("origin", "").casefold() == f"{scheme}://{headers.get('host', '')}".casefold()
