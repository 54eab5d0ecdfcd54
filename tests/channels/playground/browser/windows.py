"""Windows of a real Chromium on a really started Klartext."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from bot.app import Klartext, add_playground, meet_playground
from bot.channels.playground.app import Playground
from bot.channels.playground.store import Store
from bot.cli.serve import _Server
from bot.config import load_settings
from tests.conftest import ROOT

CHROMIUM = Path(os.environ.get("KLARTEXT_TEST_CHROMIUM") or "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",  # tests run as root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FILES = {"glossary": ROOT / "glossary.yaml", "flows": ROOT / "intake_flows"}
expect.set_options(timeout=10_000)  # for a machine that does something else, too


@dataclass
class Window:
    """One person's window."""

    page: Page
    base: str

    async def go(self, address: str) -> "Window":
        """Open a page of the playground."""
        await self.page.goto(self.base + address)
        return self

    async def says(self, text: str) -> None:
        """Type into the message field and press Enter."""
        await expect(self.page.locator("#dialog")).to_be_hidden()
        await self.page.locator("#composer-text").fill(text)
        await self.page.keyboard.press("Enter")

    async def presses(self, label: str) -> None:
        """The newest button of a card with this label."""
        await self.page.locator("#log .card").get_by_role("button", name=label, exact=True).last.click()

    async def settles(self) -> None:
        """Wait until nothing is on its way any more."""
        await expect(self.page.locator("[aria-busy=true]")).to_have_count(0)

    @property
    def card(self) -> Locator:
        """The newest card."""
        return self.page.locator("#log .card").last

    @property
    def log(self) -> Locator:
        """Everything that was said."""
        return self.page.locator("#log")

    @property
    def form(self) -> Locator:
        """The form that is open."""
        return self.page.locator("#dialog form")


@dataclass
class House:
    """A started Klartext. `complaints` is what a console showed; `expected` may stand there."""

    browser: Browser
    base: str
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    exits: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def window(self, address: str = "/mara/marketing", **options: Any) -> Window:
        """A window of a browser of its own, as somebody in Switzerland has it."""
        given = {"locale": "de-CH", "viewport": {"width": 1280, "height": 860}, **options}
        context = await self.browser.new_context(**given)
        self.exits.push_async_callback(context.close)
        window = Window(await context.new_page(), self.base)
        self.listen(window.page)
        return await window.go(address)

    def listen(self, page: Page) -> None:
        """Hear what the browser complains about, and what it asks elsewhere."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on("request", self._asked)
        page.on("dialog", lambda dialog: self._complain(f"a dialog: {dialog.message}"))

    def _said(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self._complain(said.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self._complain(f"a request to {request.url}")

    def _complain(self, said: str) -> None:
        if not any(part in said for part in self.expected):
            self.complaints.append(said)

    async def close(self) -> None:
        """Close all windows. Fails if one of them complained."""
        await self.exits.aclose()
        assert not self.complaints, self.complaints


class Served:
    """Klartext in this process, as `klartext playground` starts it."""

    def __init__(self, folder: Path, **previews: Any) -> None:
        url = f"sqlite:///{folder / 'klartext.db'}"
        self.klartext = Klartext(load_settings({}, env="development", database_url=url, **FILES))
        self.store = Store(folder / "chat.db")
        self.page: Playground = add_playground(self.klartext, self.store, **previews)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    async def start(self) -> None:
        """Serve until `stop`."""
        await self.klartext.start()
        await meet_playground(self.klartext)
        opened = asyncio.Event()
        config = uvicorn.Config(self.klartext.asgi(), log_config=None, access_log=False)
        self._server = _Server(config, opened.set, self.page.stop)
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        await opened.wait()

    async def stop(self) -> None:
        """End as Ctrl+C does."""
        self._server.should_exit = True
        await self._serving
        self.store.close()


class Started:
    """`klartext playground` (or `serve`) as a process of its own, that can be killed and started again."""

    def __init__(self, folder: Path, command: str = "playground") -> None:
        self._folder = folder
        self._command = command
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.process: Process | None = None
        self.said = ""

    async def start(self, *options: str) -> Process:
        """Start, and wait until it is open."""
        self.said = ""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("KLARTEXT_")}
        environ |= {f"KLARTEXT_{name.upper()}": str(file) for name, file in FILES.items()}
        environ["PYTHONPATH"] = str(ROOT)
        words = ["-m", "bot", self._command, "--port", str(self.port), "-l", "de"]
        words += [*options, "--no-browser"] if self._command == "playground" else []
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, *words, cwd=self._folder, env=environ, stderr=PIPE
        )
        assert self.process.stderr is not None
        async with asyncio.timeout(60):  # on a machine that does something else, too
            while self.base not in self.said:
                line = (await self.process.stderr.readline()).decode()
                assert line, self.said
                self.said += line
        return self.process

    async def kill(self) -> None:
        """The power is gone."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


def free_port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
