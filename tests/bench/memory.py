"""What the memory does on both databases beside naive settings: one run, one table, one list of goals.

    python tests/bench/memory.py

Figures of different machines cannot be compared, ratios of one run can: × is the row divided by the
first of its engine and subject. PostgreSQL is the wheel's and writes to the disk at every commit, as
SQLite does.
"""

import asyncio
import logging
import sys
import tempfile
import time
from collections import Counter as Tally
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

import aiosqlite
import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.ports import JobInfo
from bot.db.engine import async_url
from bot.db.migrate import upgrade
from bot.db.unit_of_work import Database
from bot.jobs.queue import claim, enqueue, settle
from bot.jobs.tables import Job
from bot.jobs.worker import Worker
from tests.db.counter import Counter, add_one, create_counter, value
from tests.db.servers import PostgresServer, running_server

JOBS, STATEMENTS, WRITERS, WRITES = 1_000, 2_000, 8, 20
_PER_UNIT = 5  # jobs of one event: the card, two who are told, a reminder, the clock of a promise
_GOAL = 800  # jobs handed over per second
_ROUNDS = 3
_LEASE = timedelta(seconds=60)
_HEAD = ("engine", "subject", "way", "seconds", "per second", "×", "wrong")
_LEGEND = f"""\
Median of {_ROUNDS} rounds, each with a fresh database.
enqueue: {JOBS:,} jobs, in units of {_PER_UNIT} as one event causes them; one by one: a unit for each;
bare INSERT + COMMIT: the driver alone with one row per commit, the floor of the line above.
jobs: {JOBS:,} jobs that wait, handed over to a handler that does nothing; wrong: not handled exactly once.
statements: {STATEMENTS:,} times one row, read in one transaction.
one row: {WRITERS} writers × {WRITES} × (read, add 1, commit) at once; wrong: updates lost without an error.
drivers' default: the same program with create_async_engine(url) and nothing else."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`wrong` counts what was lost or done twice."""

    engine: str
    subject: str
    way: str
    actions: int
    seconds: float
    wrong: int

    @property
    def rate(self) -> float:
        """Actions per second."""
        return self.actions / self.seconds


Measured = Callable[[Database], Awaitable[tuple[float, int]]]


def main() -> None:
    """Measure and print; 1 if a goal is missed."""
    sys.exit(0 if table() else 1)


def table() -> bool:
    """Measure, print, and say whether all goals are met."""
    logging.disable()
    with running_server(safe=True) as url, tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(_measure(PostgresServer(url), Path(folder)))
    logging.disable(logging.NOTSET)
    _print(figures)
    met = [_goal(figure) for figure in figures if figure.way == "ours" and figure.subject != "statements"]
    return all(met)


async def _measure(server: PostgresServer, folder: Path) -> list[Figure]:
    await server.prepare()
    figures = []
    subjects: list[tuple[str, str, int, Measured]] = [
        ("enqueue", "ours", JOBS, _enqueue),
        ("enqueue", "one by one", JOBS, _enqueue_one_by_one),
        ("enqueue", "bare INSERT + COMMIT", JOBS, _insert),
        ("jobs", "ours", JOBS, _work),
        ("jobs", "one by one", JOBS, _one_by_one),
        ("statements", "ours", STATEMENTS, _read),
        ("statements", "drivers' default", STATEMENTS, _read_naively),
        ("one row", "ours", WRITERS * WRITES, _write),
        ("one row", "drivers' default", WRITERS * WRITES, _write_naively),
    ]
    for engine in ("SQLite", "PostgreSQL"):
        for subject, way, actions, measured in subjects:
            rounds = []
            for _ in range(_ROUNDS):
                async with _database(engine, server, folder) as database:
                    rounds.append(await measured(database))
            seconds = sorted(seconds for seconds, _ in rounds)[_ROUNDS // 2]
            figures.append(
                Figure(engine, subject, way, actions, seconds, max(wrong for _, wrong in rounds))
            )
    return figures


@asynccontextmanager
async def _database(engine: str, server: PostgresServer, folder: Path) -> AsyncIterator[Database]:
    if engine == "SQLite":
        url = f"sqlite:///{folder}/{uuid4().hex}.db"
        await upgrade(url)
    else:
        url = server.url(await server.create(server.template))
    database = Database.at(url)
    try:
        yield database
    finally:
        await database.close()


async def _enqueue(database: Database, per_unit: int = _PER_UNIT) -> tuple[float, int]:
    started = time.perf_counter()
    for event in range(JOBS // per_unit):
        async with database.unit() as unit:
            for number in range(event * per_unit, (event + 1) * per_unit):
                await enqueue(unit, "post", {"number": number}, key=f"request:{number}")
            await unit.commit()
    seconds = time.perf_counter() - started
    async with database.reading() as session:
        return seconds, JOBS - (await session.exec(select(func.count(col(Job.id))))).one()


async def _enqueue_one_by_one(database: Database) -> tuple[float, int]:
    return await _enqueue(database, per_unit=1)


async def _insert(database: Database) -> tuple[float, int]:
    """What the driver itself needs: the same row, no ORM, one commit each."""
    columns = "kind, payload, key, created_at, run_at, attempts"
    url = database.engine.url
    if database.is_sqlite:
        async with aiosqlite.connect(str(url.database), isolation_level=None) as connection:
            await connection.execute("PRAGMA journal_mode=WAL")
            started = time.perf_counter()
            for number in range(JOBS):
                values = ("post", "{}", f"request:{number}", "2026-11-21", "2026-11-21", 0)
                await connection.execute(f"INSERT INTO job ({columns}) VALUES (?, ?, ?, ?, ?, ?)", values)
            return time.perf_counter() - started, 0
    host = str(url.query.get("host", url.host))
    postgres = await asyncpg.connect(
        host=host, port=url.port, user=url.username, password=url.password, database=url.database
    )
    at = database.clock()
    started = time.perf_counter()
    for number in range(JOBS):
        row = ("post", "{}", f"request:{number}", at, at, 0)
        await postgres.execute(f"INSERT INTO job ({columns}) VALUES ($1, $2, $3, $4, $5, $6)", *row)
    seconds = time.perf_counter() - started
    await postgres.close()
    return seconds, 0


async def _work(database: Database) -> tuple[float, int]:
    await _enqueue(database)
    handled: Tally[int] = Tally()
    done = asyncio.Event()

    async def handler(_payload: dict[str, Any], job: JobInfo) -> None:
        handled[job.id] += 1
        if len(handled) == JOBS:
            done.set()

    worker = Worker(database, {"post": handler}, "bench")
    started = time.perf_counter()
    worker.start()
    await done.wait()
    await worker.stop()
    return time.perf_counter() - started, _not_once(handled)


async def _one_by_one(database: Database) -> tuple[float, int]:
    """One transaction to take a job and one to settle it."""
    await _enqueue(database)
    handled: Tally[int] = Tally()
    started = time.perf_counter()
    while True:
        async with database.unit() as unit:
            jobs = await claim(unit, "bench", 1, _LEASE)
            await unit.commit()
        if not jobs:
            return time.perf_counter() - started, _not_once(handled)
        handled[jobs[0].number] += 1
        async with database.unit() as unit:
            await settle(unit.session, "bench", [jobs[0].number], done_at=database.clock())
            await unit.commit()


def _not_once(handled: Tally[int]) -> int:
    return JOBS - len(handled) + sum(times - 1 for times in handled.values())


async def _write(database: Database) -> tuple[float, int]:
    await create_counter(database)
    return await _writers(database, lambda: add_one(database))


async def _write_naively(database: Database) -> tuple[float, int]:
    await create_counter(database)
    async with _naive(database) as engine:
        return await _writers(database, lambda: _add_one_naively(engine))


async def _read(database: Database) -> tuple[float, int]:
    return await _statements(database.engine)


async def _read_naively(database: Database) -> tuple[float, int]:
    async with _naive(database) as engine:
        return await _statements(engine)


async def _statements(engine: AsyncEngine) -> tuple[float, int]:
    async with engine.connect() as connection:
        await connection.execute(select(1))
        started = time.perf_counter()
        rows = [(await connection.execute(select(1))).all() for _ in range(STATEMENTS)]
        return time.perf_counter() - started, STATEMENTS - len(rows)


@asynccontextmanager
async def _naive(database: Database) -> AsyncIterator[AsyncEngine]:
    """An engine as SQLAlchemy makes it if nothing more is said."""
    engine = create_async_engine(async_url(database.engine.url.render_as_string(hide_password=False)))
    try:
        yield engine
    finally:
        await engine.dispose()


async def _add_one_naively(engine: AsyncEngine) -> None:
    async with AsyncSession(engine) as session:
        (await session.get_one(Counter, 1)).value += 1
        await session.commit()


async def _writers(database: Database, write: Callable[[], Awaitable[None]]) -> tuple[float, int]:
    async def many() -> None:
        for _ in range(WRITES):
            await write()

    started = time.perf_counter()
    await asyncio.gather(*(many() for _ in range(WRITERS)))
    return time.perf_counter() - started, WRITERS * WRITES - await value(database)


def _print(figures: list[Figure]) -> None:
    first: dict[tuple[str, str], Figure] = {}
    rows = [_HEAD]
    for figure in figures:
        ours = first.setdefault((figure.engine, figure.subject), figure)
        numbers = (f"{figure.seconds:.2f}", f"{figure.rate:,.0f}", f"{figure.seconds / ours.seconds:.2f}")
        rows.append((figure.engine, figure.subject, figure.way, *numbers, str(figure.wrong)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for row in rows:
        left = [cell.ljust(width) for cell, width in zip(row[:3], widths[:3], strict=True)]
        right = [cell.rjust(width) for cell, width in zip(row[3:], widths[3:], strict=True)]
        print("  ".join((*left, *right)))
    print(f"\n{_LEGEND}\n")


def _goal(figure: Figure) -> bool:
    """Say whether a figure of ours reaches its goal."""
    fast = figure.subject in {"jobs", "enqueue"}
    met = figure.wrong == 0 and (not fast or figure.rate >= _GOAL)
    wanted = f"at least {_GOAL} per second, each once" if fast else "nothing lost"
    rate = f" ({figure.rate:,.0f})" if fast else ""
    print(f"{'met   ' if met else 'MISSED'}  {figure.engine}, {figure.subject}: {wanted}{rate}")
    return met


if __name__ == "__main__":
    main()
