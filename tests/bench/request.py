"""`/request`: from the command to the first page, and a page turn while 50 people fill theirs in.

    python tests/bench/request.py [seconds for each way]

Server time: from the event to the modal as Slack would get it, with the draft written; the vendor's own
calls are not in it. People act every four seconds on average, each at their own moment; a turn counts from
that moment, so a queue shows. Beside it stands the floor: a bare commit of one row under the same load.
Figures of different machines cannot be compared, ratios of one run can. On a busy machine look at the
processor time: it is ours alone.
"""

import asyncio
import json
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import fmean, median, quantiles

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

from bot.app import Klartext
from bot.channels.slack.forms import form_view
from bot.channels.slack.sheet import Sheet
from bot.chat.events import Account, Asker, FormSubmitted, Place, TextReceived
from bot.chat.replies import Open, Reply, Update
from bot.chat.ui import Form
from bot.config import load_settings
from bot.intake.pages import REVIEW
from bot.intake.tables import HintMark
from tests.bench import similar
from tests.conftest import ROOT
from tests.db.servers import PostgresServer, running_server
from tests.intake.office import drawn

PEOPLE, EVERY, SECONDS, COMMANDS = 50, 4.0, 40.0, 300
LIMITS = {"SQLite": 20.0, "PostgreSQL": 25.0}  # milliseconds at p99
COMMAND_LIMIT = 20.0
WISHES = (
    "Wir brauchen HubSpot",
    "Anmeldungen vom Webinar sollen ohne Abtippen ins CRM",
    "We need a DAM for our pictures",
    "Wir möchten von Mailchimp zu Brevo wechseln, damit der Vertrieb die Leads sofort sieht",
)
ANSWERS: dict[str, object] = {
    "existing_fit": "gap",
    "fit_gap": "Das Verhalten auf der Website",
    "tool_preference": "favourite",
    "trigger": "Sobald sich jemand zum Webinar anmeldet",
    "action": "Das CRM legt eine Aufgabe für den Innendienst an",
    "goal": "80 % der Anfragen in 24 Stunden (heute 45 %)",
    "benefit": "Zwei Stunden weniger Handarbeit pro Woche",
    "systems": ("gotowebinar", "salesforce"),
    "data_flow": "E-Mail und Einwilligung: Webinar → CRM",
    "data_class": ("business",),
    "legal_basis": "consent",
    "kpi": ("conversion-rate",),
    "impact": "department",
}
_keys = count(1)


@dataclass
class Times:
    """Milliseconds of each, by the clock and of our own processor."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


@dataclass
class Somebody:
    """One person, and the page before them."""

    klartext: Klartext
    asker: Asker
    place: Place
    form: Form | None = None

    async def begins(self, wish: str) -> None:
        """The command."""
        event = TextReceived(self.asker, self.place, f"bench-{next(_keys)}", wish, True, "request")
        self._sees(await self.klartext.router.handle(event))

    async def turns(self) -> None:
        """Answer what is asked, go on; from the review back to the beginning."""
        form = self.form
        assert form is not None
        given = drawn(form)
        given |= {id_: self._own(answer) for id_, answer in ANSWERS.items() if id_ in given}
        button = "request.discard" if form.action == REVIEW else None
        key = f"bench-{next(_keys)}"
        event = FormSubmitted(
            self.asker, self.place, key, form.action, given, form.state, form.revision, button
        )
        self._sees(await self.klartext.router.handle(event))

    def _own(self, answer: object) -> object:
        """Nobody writes what another writes, or wrote before: nothing is answered from a cache."""
        is_text = isinstance(answer, str) and " " in answer
        return f"{answer}, Fall {self.asker.person}.{next(_keys)}" if is_text else answer

    def _sees(self, reply: Reply) -> None:
        """Draw it as Slack gets it."""
        match reply:
            case Open(form) | Update(Form() as form):
                json.dumps(form_view(form, Sheet(self.place, form.state, form.revision), "de"))
                self.form = form
            case _:
                self.form = None


@asynccontextmanager
async def running(url: str) -> AsyncIterator[Klartext]:
    """Klartext as it runs, its jobs too."""
    settings = load_settings(
        {}, database_url=url, glossary=ROOT / "glossary.yaml", flows=ROOT / "intake_flows"
    )
    klartext = Klartext(settings)
    await klartext.start()
    await klartext.warmed()
    yield klartext
    await klartext.stop()


async def people(klartext: Klartext) -> list[Somebody]:
    """All of them."""
    found = []
    for number in range(PEOPLE):
        place = Place("playground", f"@p{number}", "direct")
        asker = await klartext.directory.asker(Account("playground", f"p{number}"), place, f"P {number}")
        found.append(Somebody(klartext, asker, place))
    return found


async def commands(somebody: Somebody) -> Times:
    """One after the other."""
    times = Times()
    for at in range(COMMANDS):
        clock, processor = time.perf_counter(), time.process_time()
        await somebody.begins(WISHES[at % len(WISHES)])
        times.clock.append((time.perf_counter() - clock) * 1_000)
        times.processor.append((time.process_time() - processor) * 1_000)
    return times


async def under_load(acts: list[Callable[[], Awaitable[bool]]], seconds: float) -> Times:
    """Everybody acts at their own moments; False of an act: it was something else and does not count."""
    times, rng = Times(), random.Random(7)
    moments = [list(_moments(seconds, rng)) for _ in acts]
    start, processor = time.perf_counter(), time.process_time()

    async def one(act: Callable[[], Awaitable[bool]], moments: list[float]) -> None:
        for moment in moments:
            await asyncio.sleep(start + moment - time.perf_counter())
            begun = max(start + moment, 0.0)
            if await act():
                times.clock.append((time.perf_counter() - begun) * 1_000)

    await asyncio.gather(*(one(*pair) for pair in zip(acts, moments, strict=True)))
    acted = sum(map(len, moments))
    times.processor = [(time.process_time() - processor) * 1_000 / acted]
    return times


def _moments(seconds: float, rng: random.Random) -> Iterator[float]:
    moment = rng.expovariate(1 / EVERY)
    while moment < seconds:
        yield moment
        moment += rng.expovariate(1 / EVERY)


def page_turn(somebody: Somebody) -> Callable[[], Awaitable[bool]]:
    """A page, if there is one; else the command."""

    async def act() -> bool:
        if somebody.form is None:
            await somebody.begins(WISHES[somebody.asker.person % len(WISHES)])
            return False
        await somebody.turns()
        return True

    return act


def bare_commit(klartext: Klartext) -> Callable[[], Awaitable[bool]]:
    """One small row, written safely: nobody turns a page with less."""

    async def act() -> bool:
        async with klartext.database.unit() as unit:
            unit.session.add(HintMark(rule=f"bench-{next(_keys)}", language="de"))
            await unit.commit()
        return True

    return act


def shown(name: str, times: Times, floor: Times | None, limit: float | None) -> bool:
    """Print a row; whether its limit holds."""
    p50, p99 = median(times.clock), quantiles(times.clock, n=100)[98]
    ratio = f"{p50 / median(floor.clock):8.1f}" if floor else f"{'':8}"
    met = limit is None or p99 <= limit
    word = "" if limit is None else f"  at most {limit:g}: {'met' if met else 'MISSED'}"
    print(f"{name:38}{p50:9.2f}{p99:9.2f}{fmean(times.processor):9.2f}{ratio}{word}")
    return met


async def measured(name: str, url: str, seconds: float) -> bool:
    """All rows of one database."""
    async with running(url) as klartext:
        all_people = await people(klartext)
        await commands(all_people[0])
        alone = await commands(all_people[0])
        floor = await under_load([bare_commit(klartext)] * PEOPLE, seconds)
        turns = await under_load([page_turn(somebody) for somebody in all_people], seconds)
    met = [
        shown(f"/request TEXT → modal, {name}", alone, None, COMMAND_LIMIT),
        shown(f"bare commit, {PEOPLE} people, {name}", floor, None, None),
        shown(f"page turn, {PEOPLE} people, {name}", turns, floor, LIMITS[name]),
    ]
    return all(met)


async def _both(folder: str, server: str, seconds: float) -> bool:
    postgres = PostgresServer(server)
    await postgres.prepare()
    urls = {"SQLite": f"sqlite:///{folder}/klartext.db", "PostgreSQL": postgres.url(postgres.template)}
    return all([await measured(name, url, seconds) for name, url in urls.items()])


def main() -> int:
    """Measure on both databases, then the search for similar requests."""
    logging.disable(logging.WARNING)
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors, {seconds:.0f} s for each way")
    print(f"{'':38}{'p50 ms':>9}{'p99 ms':>9}{'cpu ms':>9}{'× p50':>8}")
    with tempfile.TemporaryDirectory() as folder, running_server(safe=True) as server:
        met = asyncio.run(_both(folder, server, seconds))
    print()
    return 0 if similar.speed() and met else 1


if __name__ == "__main__":
    sys.exit(main())
