"""The composition root: the only package that knows every part. One `Klartext` is one process."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.app.dead_letters import report
from bot.app.queues import disputed_terms, queues_of
from bot.chat.events import Event
from bot.chat.ports import JobInfo, Profiles, Sender, Service
from bot.chat.router import Router
from bot.chat.ui import Option
from bot.config import Settings
from bot.db.engine import one_process
from bot.db.failures import DatabaseUnavailable
from bot.db.keys import forget_expired
from bot.db.migrate import NewerDatabase, pending, upgrade
from bot.db.revisions import Poller
from bot.db.rows import Clock, now
from bot.db.unit_of_work import Database
from bot.glossary.book import UnknownDepartment
from bot.glossary.cards import Beside, departments
from bot.glossary.feedback import Feedback
from bot.glossary.file import load
from bot.glossary.handlers import Lookup
from bot.glossary.lexicon import Lexicon
from bot.glossary.living import REVISION as GLOSSARY_CHANGED
from bot.glossary.living import Living, NoGlossary
from bot.glossary.lookups import Lookups, forget_old
from bot.glossary.models import load_models
from bot.glossary.remarks import GlossaryTraces
from bot.glossary.watch import Watch
from bot.intake import drafts
from bot.intake.coach import Coach
from bot.intake.coaching.judge import load_models as coach_models
from bot.intake.coaching.names import plain_names
from bot.intake.coaching.wordfile import extended, word_lists
from bot.intake.landscape import namer
from bot.intake.lists import PRODUCTS, load_lists
from bot.intake.office import Neighbours, Office, Readers
from bot.intake.shelf import Shelf
from bot.intake.traces import DraftTraces
from bot.intake.wish import Analyst
from bot.jobs.outbox import JobOutbox, Posting
from bot.jobs.periodic import Every, Periodic, Regular, Schedule, each
from bot.jobs.queue import forget_done
from bot.jobs.worker import Policy, Worker
from bot.people.absence import AbsenceTraces
from bot.people.away import Away
from bot.people.directory import REVISION as PEOPLE_CHANGED
from bot.people.directory import Directory
from bot.people.handlers import People
from bot.people.posts import PostTraces
from bot.people.records import Traces
from bot.people.roles import Roles, load_roles
from bot.people.roles_file import RolesFile
from bot.people.tell import Telling
from bot.requests.traces import RequestTraces
from bot.text.words import is_word
from bot.triage.agenda import Agendas, Surroundings
from bot.triage.board import Board
from bot.triage.clocks import Clocks
from bot.triage.desk import Counter
from bot.triage.handlers import Triage
from bot.triage.known import Reader as KnownReader
from bot.triage.queue import QueueDesk
from bot.triage.queues import Queue
from bot.triage.reach import Reach
from bot.triage.reminded import Reminded
from bot.triage.reminders import Reminders
from bot.triage.success import Success
from bot.triage.threads import Threads
from bot.triage.told import Told

POLL = 2.0  # seconds until another process's change is seen
LOOK = 1.0  # seconds between two looks at the glossary file; what stands still for one is brought in
PLAN = 60.0  # seconds between two looks at what is due next: an agenda that was moved, a flow that is new
TIDY = "klartext.tidy"
# where features store something about people
TRACES: tuple[Traces, ...] = (
    GlossaryTraces(),
    PostTraces(),
    DraftTraces(),
    RequestTraces(),
    AbsenceTraces(),
)
_UNTIL_WORDS = 2.0  # seconds
_YOUNG = 10_000  # new objects until the next look for garbage; Python's own 700 is for short programs

_log = logging.getLogger(__name__)


class Klartext:
    """Everything joined: memory, features and the channels that are added before the start."""

    def __init__(self, settings: Settings, clock: Clock = now) -> None:
        """Raises WrongDatabaseUrl, OneProcessOnly and FileBroken (roles)."""
        one_process(settings.database_url, settings.processes)
        self.settings = settings
        self.database = Database.at(settings.database_url, clock)
        self.senders: dict[str, Sender] = {}
        self.profiles: dict[str, Profiles] = {}
        self.routes: list[BaseRoute] = []
        self.services: list[Service] = []
        self.router = Router({DatabaseUnavailable: "database.away"})
        self.outbox = JobOutbox(self.database)
        folder = settings.question_models
        self.living = Living(self.database, load_models(folder) if folder else None)
        self.lexicon = Lexicon(self.living)
        self.lookups = Lookups(self.database)
        self.directory = Directory(self.database, roles_of(settings), self._department_of)
        self._roles = RolesFile(settings.flows / "roles.yaml", self.database, self.directory)
        self.people = People(self.database, self.directory, self._departments, self._named, self.profiles)
        self.clocks = Clocks(self._promised)
        self._reader = KnownReader(self._department_label, self.clocks, self._term_label)
        self.shelf = Shelf(self.database, settings.flows)
        self.office = Office(
            self.database,
            self.directory,
            self.shelf,
            self._neighbours(),
            Readers(coach_of(settings), analyst_of(settings)),
        )
        self.queue = QueueDesk(self.database, self._queues, self.clocks.zone)
        self._reach = Reach(self.database, self.senders)
        self.agendas = Agendas(self.database, self._queues, self._around(), self._reach)
        self._watch = Watch(self.database, settings.glossary)
        self._poller = Poller(
            self.database, {GLOSSARY_CHANGED: self.living.refresh, PEOPLE_CHANGED: self._people_changed}
        )
        self._schedule = Schedule(self.database, self._regular)
        chores = (
            Every(POLL, self._poller.poll),
            Every(LOOK, self._watch.look),
            Every(LOOK, self.shelf.look),
            Every(LOOK, self._roles.look),
            Every(PLAN, self._schedule.look),
        )
        self._periodic = Periodic(*chores)
        self._warming: asyncio.Task[None] | None = None
        self._register()
        self.worker = Worker(
            self.database, self.router.jobs, "klartext", policy=Policy(finish=3.0), report=report
        )

    def add(
        self,
        channel: str,
        sender: Sender,
        profiles: Profiles,
        routes: Sequence[BaseRoute] = (),
        services: Sequence[Service] = (),
    ) -> None:
        """Serve a channel, too; its `services` run as long as we do."""
        self.senders[channel] = sender
        self.profiles[channel] = profiles
        self.directory.fetches = frozenset(self.profiles)
        self.routes += routes
        self.services += services

    async def start(self) -> None:
        """Migrate, bring the glossary file in, begin to work.

        Raises DatabaseUnavailable, NewerDatabase, MigrationBroken, what a channel's vendor refuses, and if
        there is no glossary to work with FileBroken, NoGlossary or GlossaryUnreadable.
        """
        await upgrade(self.settings.database_url)
        if self.settings.glossary.exists():
            await self._watch.bring_in()
        await self._poller.poll()
        if not self.living.ready:
            load(self.settings.glossary)  # says what is wrong with it
            raise NoGlossary
        await self.shelf.look()
        await self._schedule.look()
        for service in self.services:
            await service.start()
        self.worker.start()
        self.lookups.start()
        self._periodic.start()
        self._warming = asyncio.create_task(self._warm_up())

    async def stop(self) -> None:
        """Finish or release everything, within 10 seconds."""
        await self._periodic.stop()
        if self._warming:
            self._warming.cancel()
        await asyncio.gather(self.worker.stop(), self.lookups.stop())
        for service in reversed(self.services):
            await service.stop()
        await self.database.close()

    async def warmed(self) -> None:
        """Until nothing has to be loaded any more that the first questions would wait for."""
        if self._warming:
            await self._warming

    async def _warm_up(self) -> None:
        """Word lists take a second: not at the start, and not while the first person waits."""
        await asyncio.sleep(_UNTIL_WORDS)
        await asyncio.to_thread(is_word, "Haus")
        await asyncio.to_thread(self.office.warm_up)
        for flow in self.shelf.now.flows:
            await asyncio.to_thread(self.clocks.promises, flow)
        gc.collect()
        gc.freeze()  # what is loaded stays: a look through all of it for garbage stops everybody
        gc.set_threshold(_YOUNG)  # an answer makes thousands of objects, and hardly one of them is garbage

    def _regular(self) -> Sequence[Regular]:
        """What happens once among all replicas, by the calendar."""
        return (Regular(TIDY, each(timedelta(hours=1))), *self.agendas.regular())

    async def _tidy(self, _payload: dict[str, Any], _job: JobInfo) -> None:
        await self.tidy()

    async def tidy(self) -> None:
        """Forget what is older than the settings say."""
        at, keep = self.database.clock(), timedelta(hours=self.settings.keep_keys_hours)
        async with self.database.unit() as unit:
            await forget_expired(unit.session, clock=self.database.clock)
            await forget_done(unit.session, at - keep)
            await forget_old(unit.session, at, timedelta(days=self.settings.keep_lookups_days))
            await drafts.forget_old(unit.session, at)
            await unit.commit()

    def asgi(self) -> Starlette:
        """The web application; its end stops everything."""

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            yield
            await self.stop()

        checks = [Route("/healthz", _alive), Route("/readyz", self._ready)]
        return Starlette(routes=[*checks, *self.routes], lifespan=lifespan)

    def _register(self) -> None:
        self.router.on_job(TIDY, self._tidy)
        Posting(self.senders).register(self.router)
        self.people.register(self.router, Telling(self.database, self.directory, self.outbox, self.senders))
        Away(self.database, self.directory).register(self.router)
        self._register_triage()
        self.office.register(self.router)
        Feedback(self.living, self.database).register(self.router)
        beside = self._beside
        Lookup(self.living, self.lookups, self.directory, self.database, beside).register(self.router)

    def _register_triage(self) -> None:
        reader, reach = self._reader, self._reach
        triage = Triage(self.database, self.directory, reader, self.office.similar)
        Board(self.database, reader, reach).register(self.router)
        Told(self.database, self.directory, reader, reach).register(self.router)
        triage.register(self.router)
        self.queue.register(self.router)  # before threads: these words are for us wherever they are said
        Reminders(self.database, self.directory, self.clocks.terms).register(self.router)
        Reminded(self.database, self.clocks.terms, reach).register(self.router)
        self.agendas.register(self.router)
        Success(self.database, reach, self._department_label, self._team_department).register(self.router)
        Threads(self.database, reader, triage).register(self.router)

    async def _ready(self, _request: Request) -> Response:
        """Whether this process can answer: database, migrations, glossary."""
        found: dict[str, Any] = {"database": "ok", "migrations": "ok", "glossary": "ok"}
        try:
            if missing := await pending(self.database.engine):
                found["migrations"] = f"missing {', '.join(missing)}"
        except DatabaseUnavailable as unavailable:
            found["database"] = str(unavailable.reason)
            found["migrations"] = "unknown"
        except NewerDatabase as newer:
            found["migrations"] = f"newer: {newer.revision}"
        if self.living.ready:
            found["terms"] = len(self.living.book.glossary.terms)
        else:
            found["glossary"] = "missing"
        ready = all(found[part] == "ok" for part in ("database", "migrations", "glossary"))
        return JSONResponse({"ready": ready, **found}, 200 if ready else 503)

    async def _people_changed(self) -> None:
        self.database.tell(PEOPLE_CHANGED)

    def _neighbours(self) -> Neighbours:
        clocks, counter = self.clocks, Counter(self.database, self._reader)
        return Neighbours(self.lexicon, clocks.first_answer, clocks.begin, self._team_department, counter)

    def _promised(self, flow: str) -> Mapping[str, Any] | None:
        """The deadlines that a flow promises now."""
        found = self.shelf.now.flows.get(flow)
        return found.sla.model_dump() if found and found.sla else None

    def _queues(self) -> list[Queue]:
        """The queues that the flows lead to now."""
        return queues_of(self.shelf.now.flows.values())

    def _around(self) -> Surroundings:
        return Surroundings(self._system, partial(disputed_terms, self.lexicon))

    def _system(self, system: str) -> str:
        return namer(self.shelf.now.landscape)(system)

    async def _beside(self, event: Event) -> Beside:
        """What stands on the home page around the glossary: a team's queue, one's own requests."""
        return Beside(await self.queue.section(event), await self.office.mine.section(event))

    def _team_department(self, role: str) -> str | None:
        """The department of a team, by the name of its role ("it_triage" is IT's)."""
        return self._named(role.removeprefix("role:").partition("_")[0])

    def _department_label(self, department: str | None, language: str) -> str:
        return self.living.book.department_label(department, language) if department else ""

    def _term_label(self, term: str, language: str) -> str:
        book = self.living.book
        return book.label(term, language) if term in book.gists else ""

    def _department_of(self, channel: str, place: str) -> str | None:
        return self.living.book.place(channel, place) if self.living.ready else None

    def _departments(self, language: str) -> Sequence[Option]:
        return departments(self.living.book, language)

    def _named(self, name: str) -> str | None:
        try:
            return self.living.book.department(name)
        except UnknownDepartment:
            return None


def roles_of(settings: Settings) -> Roles:
    """Who stands behind the names that files use; nobody if there is no such file. Raises FileBroken."""
    file = settings.flows / "roles.yaml"
    return load_roles(file) if file.exists() else Roles()


def coach_of(settings: Settings) -> Coach:
    """The coach with a company's own words and weights. Raises FileBroken."""
    words = extended(settings.coach_words) if settings.coach_words else word_lists()
    models = coach_models(settings.coach_models) if settings.coach_models else coach_models()
    products = settings.flows / PRODUCTS
    names_in = plain_names(products) if products.exists() else _no_names
    return Coach(words, models, names_in)


def analyst_of(settings: Settings) -> Analyst | None:
    """Who reads wishes, with a company's own lists; nobody without them. Raises FileBroken."""
    if not (settings.flows / PRODUCTS).exists():
        return None
    lists = load_lists(settings.flows)
    return Analyst(lists.catalogue, lists.kinds)


def _no_names(_text: str) -> list[str]:
    return []


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("ok")
