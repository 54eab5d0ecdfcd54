"""The queue among a thousand, a hundred thousand and a million requests: what a page and a card cost.

    python tests/bench/flat.py [SQLite|PostgreSQL] [SIZE…]    (queue.py would hide Python's own)

Figures of different machines cannot be compared, ratios of one run can: × is the time among so many
requests divided by the time among the fewest. All sizes are asked in turn and the fastest of all rounds
counts: whatever else a machine does can only make one slower. Half of the requests are open, a third of
them are nobody's, half of their deadlines are over.
"""

import asyncio
import logging
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

from bot.chat.events import Asker, ButtonPressed, Place, TextReceived
from bot.chat.replies import Reply
from bot.chat.ui import Card
from bot.db.migrate import upgrade
from bot.db.unit_of_work import Database
from bot.requests import store
from bot.triage import queue_cards
from bot.triage.clocks import Clocks
from bot.triage.known import Reader
from bot.triage.queue import QueueDesk
from bot.triage.queue_list import VIEWS, Wanted
from bot.triage.queues import Queue
from bot.triage.views import headline
from tests.db.servers import PostgresServer, running_server

SIZES = (1_000, 100_000, 1_000_000)
ROUNDS = 101
ENGINES = ("SQLite", "PostgreSQL")
BAR = 1.5
TEAM, OTHER = "role:it_triage", "role:data_triage"
INES = Asker(7, "Ines", "de", roles=frozenset({"it_triage"}))
PLACE = Place("bench", "#it", "direct")
_TEXT = "Anmeldungen vom Webinar sollen ohne Abtippen ins CRM. " * 4  # a request is some 600 bytes
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size})"
_STATES = (
    "CASE i % 10 WHEN 0 THEN 'submitted' WHEN 1 THEN 'in_clarification' WHEN 2 THEN 'accepted'"
    " WHEN 3 THEN 'planned' WHEN 4 THEN 'in_progress' WHEN 5 THEN 'delivered' WHEN 6 THEN 'confirmed'"
    " WHEN 7 THEN 'declined' WHEN 8 THEN 'merged' ELSE 'withdrawn' END"
)
_OPEN = "i % 10 < 5"
# one statement each, the same for both databases; {early}, {late}: deadlines before and after now
_FILL = (
    "INSERT INTO person (id, name, settled, created_at) {numbers} SELECT i, 'Person ' || i, {true}, {early}"
    " FROM n WHERE i <= 500",
    "INSERT INTO request (id, version, state, flow, flow_version, queue, place, team, title, language,"
    " requester, submitted_by, confidential, assignee, use_case, answers, sections, created_at, changed_at,"
    " due_at) {numbers} SELECT i, 1, {states}, 'wish', 1, 'it_intake', '#it-anfragen',"
    " CASE WHEN i % 5 = 0 THEN '{other}' ELSE '{team}' END, 'Anfrage ' || i || ' wort' || (i % 97), 'de',"
    " i % 500 + 1, i % 500 + 1, {false}, CASE WHEN i % 3 = 0 THEN NULL ELSE i % 50 + 1 END,"
    " {json}, {json}, {sections}, {early}, {early},"
    " CASE WHEN {open} THEN CASE WHEN i % 2 = 0 THEN {early} ELSE {late} END END FROM n",
    "INSERT INTO request_word (team, word, request) {numbers}"
    " SELECT CASE WHEN i % 5 = 0 THEN '{other}' ELSE '{team}' END, 'anfrage', i FROM n",
    "INSERT INTO request_word (team, word, request) {numbers}"
    " SELECT CASE WHEN i % 5 = 0 THEN '{other}' ELSE '{team}' END, 'wort' || (i % 97), i FROM n",
    "INSERT INTO promise (request, clock, begun_at, due_at) {numbers}"
    " SELECT i, 'decision', {early}, CASE WHEN i % 2 = 0 THEN {early} ELSE {late} END FROM n WHERE {open}",
    "INSERT INTO request_event (request, kind, person, channel, data, at) {numbers}"
    " SELECT i, 'submitted', i % 500 + 1, 'bench', {empty}, {early} FROM n",
)


@dataclass(frozen=True, slots=True)
class House:
    """Requests in a database, and who shows them."""

    size: int
    database: Database
    desk: QueueDesk
    reader: Reader

    async def says(self, text: str) -> Reply:
        """`/queue …`."""
        return await self.desk.show(TextReceived(INES, PLACE, "k", text, command="queue"))

    async def turns_to(self, wanted: Wanted) -> Reply:
        """A page in the middle of a list."""
        pressed = ButtonPressed(INES, PLACE, "k", queue_cards.LIST, queue_cards.value(wanted))
        return await self.desk.turn_to(pressed)

    async def card(self) -> Card:
        """The headline card, read and drawn anew."""
        at = self.database.clock()
        async with self.database.reading() as session:
            request = await store.find(session, self.size // 2)
            known = await self.reader.known(session, request, "de", at)
        return headline(request, known, "de")


Subject = Callable[[House], Awaitable[object]]


def _view(view: str) -> Subject:
    return lambda house: house.turns_to(Wanted(view))


SUBJECTS: dict[str, Subject] = {
    **{f"/queue {view}": _view(view) for view in VIEWS},
    "page in the middle": lambda house: house.turns_to(Wanted("open", after=house.size // 2)),
    "state declined": lambda house: house.says("declined"),
    "search: in every one": lambda house: house.says("anfrage"),
    "search: in one of 97": lambda house: house.says("wort17"),
    "search: beginning": lambda house: house.says("wor"),
    "search: two words": lambda house: house.says("anfrage wort17"),
    "search: number": lambda house: house.says(f"REQ-{house.size // 2 + 1}"),
    "headline card": lambda house: house.card(),
}


def main() -> None:
    """Measure and print; 1 if the bar is missed."""
    sizes = tuple(int(one) for one in sys.argv[1:] if one.isdecimal()) or SIZES
    engines = [one for one in ENGINES if one in sys.argv] or ENGINES
    logging.disable()
    with running_server(safe=True) as url, tempfile.TemporaryDirectory() as folder:
        reached = asyncio.run(_measure(PostgresServer(url), Path(folder), engines, sizes))
    sys.exit(0 if reached else 1)


async def _measure(
    server: PostgresServer, folder: Path, engines: Iterable[str], sizes: tuple[int, ...]
) -> bool:
    await server.prepare()
    reached = True
    for engine in engines:
        houses = [await _house(engine, server, folder, size) for size in sizes]
        times = await _times(houses)
        reached &= _print(engine, times, sizes)
        for house in houses:
            await house.database.close()
    return reached


async def _house(engine: str, server: PostgresServer, folder: Path, size: int) -> House:
    if engine == "SQLite":
        url = f"sqlite:///{folder}/{size}.db"
        await upgrade(url)
    else:
        url = server.url(await server.create(server.template))
    database = Database.at(url)
    started = time.perf_counter()
    await filled(database, size)
    print(f"{engine}: {size:,} requests in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return house_of(database, size)


async def filled(database: Database, size: int) -> None:
    """Put so many requests into an empty database."""
    async with database.engine.begin() as connection:
        for statement in _FILL:
            await connection.exec_driver_sql(statement.format(**_words(database, size)))
    if not database.is_sqlite:  # as autovacuum does by itself
        async with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.exec_driver_sql("VACUUM ANALYZE")


def house_of(database: Database, size: int) -> House:
    """Who shows the requests of a database."""
    queues = [Queue("it_intake", TEAM, "#it-anfragen"), Queue("data_intake", OTHER, "#daten")]
    desk = QueueDesk(database, lambda: queues, lambda _flow: ZoneInfo("Europe/Zurich"))
    reader = Reader(lambda _department, _language: "IT", Clocks(lambda _flow: None))
    return House(size, database, desk, reader)


def _words(database: Database, size: int) -> dict[str, Any]:
    early, late = "'2026-01-05 09:00:00.000000'", "'2046-01-05 09:00:00.000000'"
    cast = "" if database.is_sqlite else "::timestamptz"
    json = f'\'{{"text": "{_TEXT}"}}\''
    true, false = ("1", "0") if database.is_sqlite else ("true", "false")
    return {
        "numbers": _NUMBERS.format(size=size),
        "states": _STATES,
        "open": _OPEN,
        "team": TEAM,
        "other": OTHER,
        "early": early + cast,
        "late": late + cast,
        "json": json + ("" if database.is_sqlite else "::json"),
        "sections": '\'{"de": [["Was", [["Wunsch", "'
        + _TEXT
        + "\"]]]]}'"
        + ("" if database.is_sqlite else "::json"),
        "empty": "'{}'" + ("" if database.is_sqlite else "::json"),
        "true": true,
        "false": false,
    }


async def _times(houses: list[House]) -> dict[str, dict[int, float]]:
    """Milliseconds, the fastest of all rounds; the first round only warms up."""
    times: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
    for name, subject in SUBJECTS.items():
        for at in range(ROUNDS + 1):
            for house in houses:
                started = time.perf_counter()
                await subject(house)
                if at:
                    times[name, house.size].append((time.perf_counter() - started) * 1_000)
    return {name: {house.size: min(times[name, house.size]) for house in houses} for name in SUBJECTS}


def _print(engine: str, times: dict[str, dict[int, float]], sizes: tuple[int, ...]) -> bool:
    head = "".join(f"{size:>12,} ms{'×':>7}" for size in sizes)
    print(f"\n{engine:<24}{head}")
    worst = 0.0
    for name, found in times.items():
        least = found[sizes[0]]
        cells = "".join(f"{found[size]:>15.2f}{found[size] / least:>7.2f}" for size in sizes)
        print(f"{name:<24}{cells}")
        worst = max(worst, *(found[size] / least for size in sizes))
    reached = worst <= BAR
    word = "reached" if reached else "MISSED"
    print(f"goal: at most {BAR}× from {sizes[0]:,} to {sizes[-1]:,}: {word} ({worst:.2f}×)")
    return reached


if __name__ == "__main__":
    main()
