"""`klartext serve` and `klartext playground`: one process with its channels, until it is told to stop."""

import asyncio
import contextlib
import gc
import logging
import os
import socket
import threading
import webbrowser
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn

from bot.app import Klartext
from bot.app.channels import add_playground, add_slack, add_teams, meet_playground
from bot.app.connectors import add_connectors
from bot.channels.playground.store import Store, StoreBroken
from bot.cli.common import LanguageOption, end, language_or_default
from bot.cli.failures import explained, settings_or_end
from bot.config import Settings, check_paths
from bot.db.engine import async_url
from bot.db.lock import alone
from bot.i18n import say

app = typer.Typer()

CHAT_FILE = Path("klartext-playground.db")  # what people said in the playground, as Slack would keep it
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_FOR_TRYING = {"KLARTEXT_ENV": "development", "KLARTEXT_LOG_LEVEL": "WARNING"}
_PORTS = range(1, 65_536)
_GRACE = 2  # seconds for open connections; all in all below 10
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
    command: str = "klartext playground"
    path: str = ""

    @property
    def url(self) -> str:
        """As one types it into a browser."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}/{self.path}"


@app.command()
def serve(host: HostOption = "127.0.0.1", port: PortOption = 8080, language: LanguageOption = None) -> None:
    """Alle eingerichteten Kanäle bedienen. / Serve all configured channels."""
    chosen = language_or_default(language)
    settings = settings_or_end(dict(os.environ), chosen)
    if settings.teams_anonymous and host not in _LOOPBACK:
        end(say(chosen, "serve.teams_not_loopback", host=host))
    with_page = settings.env == "development" and host in _LOOPBACK
    address = Address(host, port, chosen, "klartext serve")
    with _listening(address) as listener, _alone(settings, chosen):
        _run(_serve(settings, address, listener, with_page=with_page, browser=False))


@app.command()
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
    try_out(Address(host, port, language_or_default(language)), browser=not no_browser, reset=reset)


def try_out(address: Address, *, browser: bool, reset: bool = False, **own: str) -> None:
    """The playground until it is told to stop; `own` settings win over those of the environment."""
    chosen = address.language
    if address.host not in _LOOPBACK:
        end(say(chosen, "serve.not_loopback", host=address.host))
    given = {name.upper(): value for name, value in os.environ.items() if value.strip()}
    settings = settings_or_end({**_FOR_TRYING, **given, **own}, chosen)
    if settings.env != "development":
        end(say(chosen, "serve.production"), 1)
    with _listening(address) as listener, _alone(settings, chosen):
        if reset:
            _reset(settings, chosen)
        _run(_serve(settings, address, listener, with_page=True, browser=browser))


def _run(serving: Coroutine[Any, Any, None]) -> None:
    """In uvicorn's own loop: uvloop, where there is one."""
    with asyncio.Runner(loop_factory=uvicorn.Config(_nothing).get_loop_factory()) as runner:
        runner.run(serving)


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
            listener.listen()  # Linux lets two have a port on which neither listens yet
        except PermissionError:  # below 1024
            end(say(address.language, "serve.bad_port", port=address.port, other=8080))
        except OSError:
            other = address.port % 65_535 + 1
            where = {"host": address.host, "port": address.port}
            instead = {"command": address.command, "other": other}
            end(say(address.language, "serve.port_taken", **where, **instead), 1)
        yield listener


@contextlib.contextmanager
def _alone(settings: Settings, language: str) -> Iterator[None]:
    """The database, as long as we live."""
    with contextlib.ExitStack() as held:
        with explained(language):
            held.enter_context(alone(settings.database_url))
        yield


async def _serve(
    settings: Settings, address: Address, listener: socket.socket, *, with_page: bool, browser: bool
) -> None:
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    async with contextlib.AsyncExitStack() as at_the_end:
        with explained(address.language):
            check_paths(settings)
            klartext = Klartext(settings)
            at_the_end.push_async_callback(klartext.database.close)
            add_slack(klartext, settings)
            add_teams(klartext, settings)
            add_connectors(klartext, settings, os.environ)
            stop = _add_page(klartext, at_the_end) if with_page else _nothing
            await _started(klartext, with_page=with_page)
        if not klartext.senders:
            typer.echo(say(address.language, "serve.no_channel"), err=True)
        config = uvicorn.Config(
            klartext.asgi(), log_config=None, access_log=False, timeout_graceful_shutdown=_GRACE
        )
        server = _Server(config, lambda: _opened(address, browser=browser), stop)
        await server.serve(sockets=[listener])


async def _started(klartext: Klartext, *, with_page: bool) -> None:
    """Everything works, or nothing of it is left running."""
    try:
        with _no_collection():
            await klartext.start()
        if with_page:
            await meet_playground(klartext)
    except BaseException:
        await klartext.stop()
        raise


def _add_page(klartext: Klartext, at_the_end: contextlib.AsyncExitStack) -> Callable[[], None]:
    """The playground; returns what ends its streams."""
    store = Store(CHAT_FILE)
    at_the_end.callback(store.close)
    return add_playground(klartext, store).stop


def _opened(address: Address, *, browser: bool) -> None:
    typer.echo(say(address.language, "serve.open", url=address.url), err=True)
    if browser:  # some browsers do not come back before they are closed
        threading.Thread(target=webbrowser.open, args=(address.url,), daemon=True).start()


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """What the start builds stays: looking for garbage in it takes longer than building it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class _Server(uvicorn.Server):
    """Says when it serves; ends the open streams first, which would keep it as long as somebody looks."""

    def __init__(
        self, config: uvicorn.Config, opened: Callable[[], None], end_streams: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._opened = opened
        self._end_streams = end_streams

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does, and then the word that it is open."""
        await super().startup(sockets)
        if self.started:
            self._opened()

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
        with contextlib.suppress(StoreBroken):
            Store(CHAT_FILE).close()  # raises StoreUnavailable if another playground uses it
    files = [str(CHAT_FILE)]
    if url.get_backend_name() == "sqlite":
        files.append(url.database or "")
    for file in files:
        for end_of_name in _BESIDE:
            Path(file + end_of_name).unlink(missing_ok=True)
    typer.echo(say(language, "serve.reset"), err=True)
