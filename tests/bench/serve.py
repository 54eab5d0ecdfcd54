"""A server with 10,000 terms: how soon it is healthy, what it holds, how fast it answers; then the jobs.

    python tests/bench/serve.py

Every term is as rich as a shipped one: two languages, senses, criteria, KPIs (tests/bench/terms.py); the
flows are the shipped ones. The server starts as one that is installed: its modules are compiled (pip
does that, or the first start), whatever PYTHONDONTWRITEBYTECODE says here; the very first start, which
compiles them, stands beside. So do the imports that no server goes without, and the look-up without the
chat around it. Run it on a quiet machine; the load is printed.
"""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

from bot.app import Klartext
from bot.channels.playground.render import Frame, card_html
from bot.chat.events import Account, Place, TextReceived
from bot.chat.replies import Tell
from bot.config import load_settings
from bot.db.migrate import upgrade
from bot.glossary.book import Book
from bot.glossary.file import digest_of
from bot.glossary.living import import_glossary
from bot.glossary.write import fresh
from tests.bench import memory
from tests.bench.terms import ROOT, large_glossary

TERMS, LOOK_UPS, STARTS = 10_000, 2_000, 5
_SECONDS, _MEGABYTES, _P50, _P99 = 2.0, 200, 0.5, 2.0
_PATIENCE = 60  # seconds
_FLOOR = "import sqlmodel.ext.asyncio.session, aiosqlite, sqlalchemy.ext.asyncio, uvicorn, starlette, typer"
_ALL_BUT_ONE = 99  # per cent
_WARM = 12  # seconds until the word lists are loaded, too


@dataclass(frozen=True, slots=True)
class Figure:
    """One line; `limit` is the goal, None for what only stands beside."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    def __str__(self) -> str:
        word = "      " if self.limit is None else "met   " if self.value <= self.limit else "MISSED"
        goal = "" if self.limit is None else f"  (at most {self.limit:g})"
        return f"{word}  {self.name:58} {self.value:8.2f} {self.unit}{goal}"


def main() -> None:
    """Measure and print; 1 if a goal is missed."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        sys.stderr.write(f"importing {TERMS:,} terms\n")
        asyncio.run(_import(Path("glossary.yaml")))
        figures = [*_started(), *asyncio.run(_looked_up())]
        os.chdir(ROOT)
    print(f"A server with {TERMS:,} terms on SQLite; median of {STARTS} starts, {LOOK_UPS:,} look-ups.")
    print(*figures, sep="\n")
    print(f"Load before: {load:.1f} on {os.cpu_count()} processors.\n")
    jobs = memory.table()
    met = all(figure.limit is None or figure.value <= figure.limit for figure in figures)
    sys.exit(0 if met and jobs else 1)


async def _import(file: Path) -> None:
    """As `klartext glossary import` does, without reading 19 MB of YAML, which takes a minute."""
    await upgrade("sqlite:///klartext.db")
    glossary = large_glossary(TERMS)
    file.write_text(fresh(glossary), encoding="utf-8")
    klartext = Klartext(load_settings({}))
    await import_glossary(klartext.database, glossary, digest_of(file, ()))
    await klartext.database.close()


def _started() -> Iterator[Figure]:
    first = _start(warm=True)  # compiles what is loaded later, too, as an installed server is
    starts = [_start(warm=number == 0) for number in range(STARTS)]
    yield Figure("healthy (/healthz and /readyz) after", median(s.healthy for s in starts), "s", _SECONDS)
    yield Figure("  processor time of that", median(s.processor for s in starts), "s")
    yield Figure("  the libraries alone, imported", median(_imported() for _ in range(STARTS)), "s")
    yield Figure("  the very first start, which compiles the modules", first.healthy, "s")
    yield Figure("resident memory, healthy", max(s.megabytes for s in starts[1:]), "MB")
    yield Figure("resident memory, everything loaded", starts[0].megabytes, "MB", _MEGABYTES)
    yield Figure("stopped after SIGTERM within", max(s.stopped for s in starts), "s", 10)


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds until it was healthy, of wall clock and of processor; megabytes; seconds to stop."""

    healthy: float
    processor: float
    megabytes: float
    stopped: float


def _environ() -> dict[str, str]:
    """Of an installed server; its compiled modules are kept beside the database."""
    here = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ours = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(Path.cwd() / "compiled")}
    return {**here, **ours, "KLARTEXT_LOG_LEVEL": "WARNING", "KLARTEXT_FLOWS": str(ROOT / "intake_flows")}


def _start(*, warm: bool = False) -> Start:
    """Start a server, wait until it is healthy, or until everything is loaded, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    started = time.perf_counter()
    server = subprocess.Popen(command, env=_environ(), stderr=subprocess.DEVNULL)
    while not all(_is_ok(f"http://127.0.0.1:{port}/{path}") for path in ("healthz", "readyz")):
        if server.poll() is not None or time.perf_counter() - started > _PATIENCE:
            raise SystemExit("the server did not start")
        time.sleep(0.005)
    healthy = time.perf_counter() - started
    processor = sum(
        map(int, Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()[11:13])
    )
    time.sleep(_WARM if warm else 0)
    resident = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    told = time.perf_counter()
    server.send_signal(signal.SIGTERM)
    server.wait()
    ticks = os.sysconf("SC_CLK_TCK")
    return Start(healthy, processor / ticks, resident / 1e6, time.perf_counter() - told)


def _is_ok(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  (our own server)
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _imported() -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", _FLOOR], env=_environ(), check=True)
    return time.perf_counter() - started


async def _looked_up() -> Iterator[Figure]:
    """In this process: what a chat pays for `/define` and for a question, and the look-up itself."""
    logging.disable()
    klartext = Klartext(load_settings({}))
    await klartext.start()
    await klartext.warmed()  # else the first look-ups share the processor with the word lists
    try:
        book = klartext.living.book
        names = [gist.name("de") for gist in list(book.gists.values())[:: len(book.gists) // LOOK_UPS]]
        define = await _answered(klartext, names[:LOOK_UPS], "define")
        asked = await _answered(
            klartext, [f"was heisst {name} bei uns?" for name in names[:LOOK_UPS]], None
        )
        alone = _found(book, names[:LOOK_UPS])
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    finally:
        await klartext.stop()
    logging.disable(logging.NOTSET)
    return iter(
        (
            Figure("/define through router, views, renderer, p50", median(define), "ms", _P50),
            Figure("/define through router, views, renderer, p99", _p99(define), "ms", _P99),
            Figure("  the look-up alone, p50", median(alone), "ms"),
            Figure("  the look-up alone, p99", _p99(alone), "ms"),
            Figure("a whole question, p50", median(asked), "ms"),
            Figure("a whole question, p99", _p99(asked), "ms", _P99),
            Figure("resident memory after these look-ups (with the measuring)", resident / 1e6, "MB"),
        )
    )


async def _answered(klartext: Klartext, texts: Sequence[str], command: str | None) -> list[float]:
    """Milliseconds of each; a first hundred load what the first questions load."""
    place = Place("playground", "@mara", "direct")
    times = []
    for text in (*texts[:100], *texts):  # who asks is looked up for every event, as a channel does
        asker = await klartext.directory.asker(Account("playground", "mara"), place, "Mara")
        event = TextReceived(asker, place, "key", text, command=command)
        started = time.perf_counter()
        reply = await klartext.router.handle(event)
        if isinstance(reply, Tell):
            card_html(reply.card, Frame("de", "/mara/klartext", "1"))
        times.append((time.perf_counter() - started) * 1000)
    return times[100:]


def _found(book: Book, names: Sequence[str]) -> list[float]:
    times = []
    for name in names:
        started = time.perf_counter()
        book.define(name)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _p99(times: Sequence[float]) -> float:
    return quantiles(times, n=100)[_ALL_BUT_ONE - 1]


if __name__ == "__main__":
    main()
