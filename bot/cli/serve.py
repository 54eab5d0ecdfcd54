"""`klartext serve` and `klartext playground`: one process with its channels, until it is told to stop."""

import asyncio
import contextlib
import logging
import os
import socket
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from bot.app import Klartext, add_playground, add_slack, meet_playground
from bot.channels.playground.store import Store
from bot.cli.common import LanguageOption, end, language_or_default
from bot.cli.failures import explained, settings_or_end
from bot.config import Settings
from bot.db.engine import async_url
from bot.i18n import say

CHAT_FILE = Path("klartext-playground.db")  # what people said in the playground, as Slack would keep it
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_PORTS = range(1, 65_536)
_GRACE = 3  # seconds for open connections; all in all below 10
_BESIDE = ("", "-wal", "-shm")  # the files of a SQLite database

PortOption = Annotated[int, typer.Option("--port", "-p", help="Port")]
HostOption = Annotated[
    str, typer.Option("--host", help="Adresse, auf der Klartext hört / address to listen on")
]


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, and how to speak about it."""

    host: str
    port: int
    language: str

    @property
    def url(self) -> str:
        """As one types it into a browser."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}/"


def serve(host: HostOption = "127.0.0.1", port: PortOption = 8080, language: LanguageOption = None) -> None:
    """Alle eingerichteten Kanäle bedienen. / Serve all configured channels."""
    chosen = language_or_default(language)
    settings = settings_or_end(dict(os.environ), chosen)
    with_page = settings.env == "development" and host in _LOOPBACK
    _run(settings, Address(host, port, chosen), with_page=with_page, browser=False)


def playground(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8080,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="keinen Browser öffnen / do not open a browser")
    ] = False,
    reset: Annotated[bool, typer.Option("--reset", help="neu beginnen / start afresh")] = False,
    language: LanguageOption = None,
) -> None:
    """Klartext im Browser ausprobieren. / Try Klartext in the browser."""
    chosen = language_or_default(language)
    if os.environ.get("KLARTEXT_ENV", "development") != "development":
        end(say(chosen, "serve.production"), 1)
    if host not in _LOOPBACK:
        end(say(chosen, "serve.not_loopback", host=host))
    environ = {"KLARTEXT_LOG_LEVEL": "WARNING", **os.environ, "KLARTEXT_ENV": "development"}
    settings = settings_or_end(environ, chosen)
    if reset:
        with _listening(Address(host, port, chosen)):  # or we would delete what a running one uses
            _reset(settings, chosen)
    _run(settings, Address(host, port, chosen), with_page=True, browser=not no_browser)


def _run(settings: Settings, address: Address, *, with_page: bool, browser: bool) -> None:
    fast = uvicorn.Config(_nothing).get_loop_factory()  # uvloop, where there is one
    with _listening(address) as listener, asyncio.Runner(loop_factory=fast) as runner:
        runner.run(_serve(settings, address, listener, with_page=with_page, browser=browser))


@contextlib.contextmanager
def _listening(address: Address) -> Iterator[socket.socket]:
    """The port, taken before anything else is touched."""
    if address.port not in _PORTS:
        end(say(address.language, "serve.bad_port", port=address.port, other=8080))
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address.host, address.port))
        except OSError:
            other = address.port % 65_535 + 1
            where = {"host": address.host, "port": address.port, "other": other}
            end(say(address.language, "serve.port_taken", **where), 1)
        yield listener


async def _serve(
    settings: Settings, address: Address, listener: socket.socket, *, with_page: bool, browser: bool
) -> None:
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with explained(address.language):
        klartext = Klartext(settings)
        add_slack(klartext, settings)
        stop = add_playground(klartext, Store(CHAT_FILE)).stop if with_page else _nothing
        await klartext.start()
        if with_page:
            await meet_playground(klartext)
    config = uvicorn.Config(
        klartext.asgi(), log_config=None, access_log=False, timeout_graceful_shutdown=_GRACE
    )
    server = _Server(config, stop)
    typer.echo(say(address.language, "serve.open", url=address.url), err=True)
    if browser:
        asyncio.get_running_loop().call_soon(webbrowser.open, address.url)
    await server.serve(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends the open streams first: they would keep the server for as long as somebody looks."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does, after the streams."""
        self._end_streams()
        await super().shutdown(sockets)


def _nothing() -> None:
    """There are no streams."""


def _reset(settings: Settings, language: str) -> None:
    """Delete what was said and what Klartext knows; only files, never a server's database."""
    with explained(language):
        url = async_url(settings.database_url)
    files = [str(CHAT_FILE)]
    if url.get_backend_name() == "sqlite":
        files.append(url.database or "")
    for file in files:
        for end_of_name in _BESIDE:
            Path(file + end_of_name).unlink(missing_ok=True)
    typer.echo(say(language, "serve.reset"), err=True)
