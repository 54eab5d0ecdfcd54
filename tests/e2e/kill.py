"""`kill -9` at every page: nothing that was sent is lost, and the request stands in its channel once.

    python tests/e2e/kill.py

A real `klartext playground` on SQLite in a folder of its own. After each page that the server has answered
it is killed, started again, and the page has to be the same: what was sent is there, what stood in the form
is there. After the last one the card of REQ-1 stands in #it-anfragen once, and the command line prints it.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

import httpx

from tests.channels.playground.html import Tag, read
from tests.channels.playground.kit import fields
from tests.conformance.on_playground import questions_in
from tests.conformance.shown import Accounts, Given
from tests.conftest import ROOT

PATIENCE = 90.0  # seconds for a start, or for a job
HERE, QUEUE = "/mara/klartext", "/ines/it-anfragen"
WISH = "Wir brauchen HubSpot"
PAGES: tuple[Mapping[str, Given], ...] = (
    {},
    {"tool_preference": "favourite"},
    {
        "trigger": "Sobald sich jemand zum <b>Webinar</b> anmeldet",
        "action": "Das CRM legt eine Aufgabe für den Innendienst an",
        "goal": "80 % der Anfragen in 24 Stunden (heute 45 %)",
        "benefit": "Zwei Stunden weniger Handarbeit pro Woche",
    },
    {"systems": ("gotowebinar", "salesforce"), "data_class": ("business",)},
    {"data_flow": "E-Mail und Einwilligung", "legal_basis": "consent"},
    {"impact": "team"},
)


class Server:
    """A playground that is killed and starts again on the same files."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        database = f"sqlite:///{folder / 'klartext.db'}"
        self._folder = folder
        self.environ = {**os.environ, "KLARTEXT_DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
        self.environ |= {
            "KLARTEXT_FLOWS": str(ROOT / "intake_flows"),
            "KLARTEXT_GLOSSARY": str(ROOT / "glossary.yaml"),
        }
        self.browser = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Sec-Fetch-Site": "same-origin", "Accept-Language": "de"},
            timeout=PATIENCE,
        )
        self.starts = 0
        self._start()

    def kill(self) -> None:
        """No warning, no clean-up."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def killed(self) -> None:
        """Killed, and started again."""
        self.kill()
        self._start()

    def page(self, where: str = HERE) -> Tag:
        """What somebody sees."""
        return read(self.browser.get(where).text)

    def post(self, what: str, data: Mapping[str, object]) -> None:
        """What somebody does; the server has answered when this returns."""
        answer = self.browser.post(f"{HERE}/{what}", data=dict(data))
        assert answer.status_code == 303, answer.text

    def _start(self) -> None:
        command = [sys.executable, "-m", "bot", "playground", "--no-browser", "--port", str(self.port)]
        self._process = subprocess.Popen(
            command,
            cwd=self._folder,
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.starts += 1
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if self.browser.get("/readyz", timeout=5).json().get("ready"):
                    return
            except httpx.TransportError:
                pass
            assert self._process.poll() is None, "it does not start"
            time.sleep(0.05)
        raise AssertionError("not ready")


def form(page: Tag) -> Tag:
    """The open form."""
    return page.one("dialog").one("form")


def seen(page: Tag) -> tuple[str, dict[str, tuple[str, ...]]]:
    """The title of the open form, and what stands in it."""
    dialog = form(page)
    return dialog.one("h2").text, {one.id: one.value for one in questions_in(dialog, Accounts({}))}


def send(server: Server, answers: Mapping[str, Given], *, early: bool) -> None:
    """Send the open page; with `early` the server is killed before anybody looks at the answer."""
    shown = form(server.page())
    standing = {f"answer.{one.id}": one.value for one in questions_in(shown, Accounts({}))}
    given = {f"answer.{id_}": value for id_, value in answers.items()}
    server.post("form", {**shown.fields(), **standing, **given})
    if early:
        server.killed()
    before = seen(server.page())
    server.killed()
    after = seen(server.page())
    assert before == after, (before, after)
    print(f"  {after[0]:32} killed and the same again")


def cards(server: Server) -> list[Tag]:
    """The cards in the requests channel."""
    return server.page(QUEUE).one("ol", id="log").all("div", class_="card")


def stands_once(server: Server) -> None:
    """Wait for the card, then for a second one that must not come: kill, start, look again."""
    end = time.monotonic() + PATIENCE
    while not cards(server) and time.monotonic() < end:
        time.sleep(0.1)
    server.killed()
    server.post("say", fields(text="meine Anfragen"))
    (card,) = cards(server)
    assert "REQ-1" in card.text, card.text
    print("  the card of REQ-1 stands in #it-anfragen once")


def printed(server: Server) -> None:
    """The command line prints the request with what was sent on each page."""
    command = [sys.executable, "-m", "bot", "requests", "show", "1"]
    shown = subprocess.run(
        command, check=False, cwd=server._folder, env=server.environ, capture_output=True, text=True
    )
    assert shown.returncode == 0, shown.stderr
    words = " ".join(shown.stdout.split())
    for part in (WISH, "<b>Webinar</b>", "Zwei Stunden weniger", "GoToWebinar", "E-Mail und Einwilligung"):
        assert part in words, (part, shown.stdout)
    print("  klartext requests show 1 prints it")


def main() -> None:
    """Everything, with the seconds that it took."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            server.post("say", fields(text=f"/request {WISH}"))
            for at, answers in enumerate(PAGES):
                send(server, answers, early=bool(at % 2))
            assert seen(server.page())[0] == "Übersicht", seen(server.page())
            shown = form(server.page())
            server.post("form", shown.fields())
            server.kill()  # between the commit and the post, or right after it
            server._start()
            stands_once(server)
            printed(server)
        finally:
            server.kill()
    print(f"{server.starts} starts, {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
