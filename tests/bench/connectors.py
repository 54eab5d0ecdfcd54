"""1,000 requests to three tools that fail and lose answers, a worker killed in the middle: what is there?

    python tests/bench/connectors.py [REQUESTS] [SQLite or PostgreSQL]

The tools run in this process: each call fails one time in five (nothing was taken), and of the others one
answer in twenty is lost (everything was taken). Jira's search finds an issue later than it exists. The
workers are processes of their own; one is killed with SIGKILL while it works, another goes on. Waiting
times are shortened, the code is the same. Exits with 1 if a request is missing, or there more than once.
"""

import asyncio
import logging
import random
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

from sqlmodel import col, func, select

from bot.app import Klartext
from bot.app.connectors import add_connectors
from bot.app.passing import DELIVER, again
from bot.chat.ports import JobInfo
from bot.config import load_settings
from bot.db.migrate import upgrade
from bot.db.rows import now
from bot.db.unit_of_work import Database
from bot.jobs.worker import Policy, Worker
from bot.requests import deliveries
from bot.requests.states import Passing
from bot.requests.tables import Delivery
from bot.triage.workflow import Action
from tests.connectors.conftest import Office, opened
from tests.connectors.servers import Called
from tests.connectors.tools import ENVIRON, Fault, Tools, tools
from tests.db.servers import PostgresServer, running_server
from tests.world import CHANNEL, Channel, World

REQUESTS = 1_000
NAMES = ("jira", "github", "tool")
FAILS, LOSES = 0.20, 0.05
_WORKER = "--worker"
_LAG = 0.4  # seconds until Jira's search finds an issue
_SETTLE = {
    "jira": 1.0,
    "github": 0.2,
}  # seconds: how long Klartext waits before it looks; 120 and 20 in truth
_POLICY = Policy(lease=4.0, limit=3.0, base=0.05, cap=0.5, attempts=15, parallel=20, poll=0.1, finish=1.0)
_LIMIT = 1_800.0  # seconds for everything: other work may need the machine
_HEAD = (
    *("engine", "tool", "requests", "there", "missing", "twice", "calls", "failed"),
    *("answers lost", "given up", "seconds"),
)


@dataclass
class Weather:
    """What goes wrong, and how often; the same in every run."""

    chance: random.Random = field(default_factory=lambda: random.Random(7))
    calls: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)

    def __call__(self, called: Called) -> Fault | None:
        """For one call."""
        name = _tool(called)
        self.calls[name] += 1
        if self.chance.random() < FAILS:
            self.failed[name] += 1
            return "fails"
        if self.chance.random() < LOSES:
            self.lost[name] += 1
            return "loses"
        return None


def main() -> None:
    """Run on both databases and print; 1 if something is missing or there twice."""
    if sys.argv[1:2] == [_WORKER]:
        asyncio.run(_worker(*sys.argv[2:]))
        return
    logging.disable()
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    engines = sys.argv[2:] or ["SQLite", "PostgreSQL"]
    with running_server() as url:
        met = asyncio.run(_all(PostgresServer(url), engines, requests))
    print(f"\n{'met   ' if met else 'MISSED'}  each request exists once at each tool, nothing is lost")
    sys.exit(0 if met else 1)


async def _all(server: PostgresServer, engines: Sequence[str], requests: int) -> bool:
    await server.prepare()
    _print(_HEAD)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for engine in engines:
            place = Path(folder) / engine
            place.mkdir()
            url = f"sqlite:///{place}/{uuid4().hex}.db"
            if engine == "PostgreSQL":
                url = server.url(await server.create(server.template))
            await upgrade(url)
            for row in await _run(engine, url, place, requests):
                _print(row)
                rows.append(row)
    return all((row[4], row[5]) == ("0", "0") for row in rows)


def _print(row: Sequence[str]) -> None:
    cells = zip(row, _HEAD, strict=True)
    line = (cell.rjust(len(head)) if at > 1 else cell.ljust(10) for at, (cell, head) in enumerate(cells))
    print("  ".join(line), flush=True)


async def _run(engine: str, url: str, folder: Path, requests: int) -> list[tuple[str, ...]]:
    """One database: accept everything, let workers come and go, count."""
    async with tools() as made:
        weather = made.fault = Weather()
        _hide_new_issues(made)
        office = await _accepted(made, url, folder, requests)
        started = time.perf_counter()
        async with _workers(engine, url, folder) as workers:
            await _until(lambda: _arrived(office), requests * len(NAMES) // 3)
            workers[0].kill()
            await workers[0].wait()
            workers.append(await _started(url, folder))
            await _until(lambda: _ended(office), requests * len(NAMES))
            given_up = await _sent_again(office)
            await _until(lambda: _arrived(office), requests * len(NAMES))
        seconds = time.perf_counter() - started
        await office.world.klartext.database.close()
    return [_row(engine, name, made, weather, (requests, given_up[name], seconds)) for name in NAMES]


async def _accepted(made: Tools, url: str, folder: Path, requests: int) -> Office:
    """All requests, accepted; nothing is sent yet."""
    world = World(url, folder, now)
    await world.begin()
    await world.meet("ines")
    office = await opened(world, made, ", ".join(NAMES))
    for _ in range(requests):
        number = await office.submit()
        await office.act(number, Action.ACCEPT, next_step="x")
    return office


@asynccontextmanager
async def _workers(engine: str, url: str, folder: Path) -> AsyncIterator[list[Process]]:
    """SQLite is for one process at a time, PostgreSQL for any number."""
    workers = [await _started(url, folder) for _ in range(1 if engine == "SQLite" else 2)]
    try:
        yield workers
    finally:
        for worker in workers:
            if worker.returncode is None:
                worker.kill()
                await worker.wait()


async def _started(url: str, folder: Path) -> Process:
    return await asyncio.create_subprocess_exec(sys.executable, __file__, _WORKER, url, str(folder))


async def _worker(url: str, folder: str) -> None:
    """One process of Klartext that does jobs until it is killed."""
    logging.disable()
    place = Path(folder)
    settings = load_settings(
        {}, database_url=url, glossary=place / "glossary.yaml", flows=place / "flows", processes=1
    )
    klartext = Klartext(settings)
    channel = Channel()
    klartext.add(CHANNEL, channel, channel)
    await klartext.living.refresh()
    await klartext.shelf.look()
    passing = add_connectors(klartext, settings, ENVIRON)
    for name, seconds in _SETTLE.items():
        passing.tools[name].target.settle = seconds  # type: ignore[union-attr]
    handlers = {**dict.fromkeys(klartext.router.jobs, _nothing), DELIVER: klartext.router.jobs[DELIVER]}
    Worker(klartext.database, handlers, "bench", policy=_POLICY).start()
    await asyncio.sleep(_LIMIT)


async def _nothing(_payload: dict[str, Any], _job: JobInfo) -> None:
    """Cards and messages are not what is counted here."""


def _hide_new_issues(made: Tools) -> None:
    """Jira's search lags behind."""
    answer = made.web.answering

    def lagging(called: Called) -> Any:
        before = set(made.jira)
        said = answer(called)
        for key in set(made.jira) - before:
            made.hidden.add(key)
            asyncio.get_running_loop().call_later(_LAG, made.hidden.discard, key)
        return said

    made.web.answering = lagging


async def _until(count: Any, wanted: int) -> None:
    end = time.monotonic() + _LIMIT
    while await count() < wanted:
        if time.monotonic() > end:
            print(f"only {await count()} of {wanted} after {_LIMIT:.0f} s")
            return
        await asyncio.sleep(0.2)


async def _arrived(office: Office, *states: Passing) -> int:
    database: Database = office.world.klartext.database
    wanted = col(Delivery.state).in_([Passing.ARRIVED, *states])
    async with database.reading() as session:
        return (await session.exec(select(func.count(col(Delivery.id))).where(wanted))).one()


async def _ended(office: Office) -> int:
    return await _arrived(office, Passing.FAILED)


async def _sent_again(office: Office) -> Counter[str]:
    """What was given up after all attempts is sent again, as a person would."""
    async with office.world.klartext.database.unit() as unit:
        failed = await deliveries.failed(unit)
        for delivery in failed:
            await again(unit, delivery)
        await unit.commit()
    return Counter(delivery.connector for delivery in failed)


def _tool(called: Called) -> str:
    if called.path.startswith("/rest"):
        return "jira"
    return "github" if called.path.startswith("/repos") else "tool"


def _keys(name: str, made: Tools) -> Counter[str]:
    """How often each request stands at a tool."""
    match name:
        case "jira":
            return Counter(
                label for one in made.jira.values() for label in one["labels"] if "-req-" in label
            )
        case "github":
            return Counter(str(one["body"]).rpartition("<!-- ")[2].strip() for one in made.github.values())
        case _:
            return Counter(event["data"]["key"] for event in made.events.values())


def _row(
    engine: str, name: str, made: Tools, weather: Weather, end: tuple[int, int, float]
) -> tuple[str, ...]:
    keys = _keys(name, made)
    twice = sum(times - 1 for times in keys.values())
    figures = (end[0], len(keys), end[0] - len(keys), twice, weather.calls[name])
    return (
        engine,
        name,
        *(f"{figure}" for figure in figures),
        f"{weather.failed[name]}",
        f"{weather.lost[name]}",
        f"{end[1]}",
        f"{end[2]:.0f}",
    )


if __name__ == "__main__":
    main()
