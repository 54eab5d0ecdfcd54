"""The composition root: the only file that knows every part. One `Klartext` is one process."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.playground.people import CHANNEL, PEOPLE, ROOMS, direct
from bot.channels.playground.store import Store
from bot.channels.slack.settings import SlackSettings
from bot.channels.slack.sheet import CHANNEL as SLACK
from bot.chat.events import Account, Place
from bot.chat.ports import Profiles, Sender, Service
from bot.chat.router import Router
from bot.chat.ui import Option
from bot.config import Settings
from bot.db.engine import one_process
from bot.db.failures import DatabaseUnavailable
from bot.db.keys import Keys, forget_expired
from bot.db.migrate import NewerDatabase, pending, upgrade
from bot.db.revisions import Poller
from bot.db.rows import Clock, now
from bot.db.unit_of_work import Database
from bot.glossary.book import UnknownDepartment
from bot.glossary.cards import departments
from bot.glossary.feedback import Feedback
from bot.glossary.file import load
from bot.glossary.handlers import EXPLAIN, Lookup
from bot.glossary.living import REVISION as GLOSSARY_CHANGED
from bot.glossary.living import Living, NoGlossary
from bot.glossary.lookups import Lookups, forget_old
from bot.glossary.models import load_models
from bot.glossary.remarks import GlossaryTraces
from bot.glossary.slips import is_word
from bot.glossary.watch import Watch
from bot.jobs.outbox import JobOutbox, Posting
from bot.jobs.periodic import Every, Periodic
from bot.jobs.queue import forget_done
from bot.jobs.worker import Policy, Worker
from bot.people.directory import REVISION as PEOPLE_CHANGED
from bot.people.directory import Directory
from bot.people.handlers import People
from bot.people.places import bind, bound
from bot.people.posts import PostTraces
from bot.people.records import Traces
from bot.people.roles import Roles, load_roles
from bot.people.tell import Alarms, Telling

if TYPE_CHECKING:
    from bot.channels.playground.app import Playground
    from bot.channels.playground.pages import Preview
    from bot.channels.slack.app import Slack

POLL = 2.0  # seconds until another process's change is seen
LOOK = 1.0  # seconds between two looks at the glossary file; what stands still for one is brought in
TIDY = 3_600.0  # seconds
TRACES: tuple[Traces, ...] = (GlossaryTraces(), PostTraces())  # where features store something about people
_UNTIL_WORDS = 2.0  # seconds

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
        self.lookups = Lookups(self.database)
        self.directory = Directory(self.database, roles_of(settings), self._department_of)
        self.people = People(self.database, self.directory, self._departments, self._named, self.profiles)
        self._watch = Watch(self.database, settings.glossary)
        self._poller = Poller(
            self.database, {GLOSSARY_CHANGED: self.living.refresh, PEOPLE_CHANGED: self._people_changed}
        )
        chores = (Every(POLL, self._poller.poll), Every(LOOK, self._watch.look), Every(TIDY, self.tidy))
        self._periodic = Periodic(*chores)
        self._warming: asyncio.Task[None] | None = None
        self._register()
        self.worker = Worker(self.database, self.router.jobs, "klartext", policy=Policy(finish=3.0))

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
        for service in self.services:
            await service.start()
        self.worker.start()
        self.lookups.start()
        self._periodic.start()
        self._warming = asyncio.create_task(_load_words())

    async def stop(self) -> None:
        """Finish or release everything, within 10 seconds."""
        await self._periodic.stop()
        if self._warming:
            self._warming.cancel()
        await asyncio.gather(self.worker.stop(), self.lookups.stop())
        for service in reversed(self.services):
            await service.stop()
        await self.database.close()

    async def tidy(self) -> None:
        """Forget what is older than the settings say."""
        at, keep = self.database.clock(), timedelta(hours=self.settings.keep_keys_hours)
        async with self.database.unit() as unit:
            await forget_expired(unit.session, clock=self.database.clock)
            await forget_done(unit.session, at - keep)
            await forget_old(unit.session, at, timedelta(days=self.settings.keep_lookups_days))
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
        Posting(self.senders).register(self.router)
        self.people.register(self.router, Telling(self.database, self.directory, self.outbox, self.senders))
        Feedback(self.living, self.database).register(self.router)
        Lookup(self.living, self.lookups, self.directory, self.database).register(self.router)

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
        self.directory.forget_all()

    def _department_of(self, channel: str, place: str) -> str | None:
        return self.living.book.place(channel, place)

    def _departments(self, language: str) -> Sequence[Option]:
        return departments(self.living.book, language)

    def _named(self, name: str) -> str | None:
        try:
            return self.living.book.department(name)
        except UnknownDepartment:
            return None


def add_playground(
    klartext: Klartext, store: Store, previews: "Mapping[str, Preview] | None" = None
) -> "Playground":
    """The page in the browser, and its four people. `previews` show a card as other channels send it."""
    from bot.channels.playground.app import playground  # noqa: PLC0415  (a server without it starts sooner)

    page = playground(
        klartext.router,
        klartext.directory.asker,
        store,
        previews=previews,
        message_actions=[(EXPLAIN, "glossary.explain")],
    )
    klartext.add(CHANNEL, page.sender, page.profiles, page.routes)
    return page


def previews() -> "dict[str, Preview]":
    """Cards as the channels send them, for the page."""
    from bot.channels.slack.render import preview as as_slack  # noqa: PLC0415  (loaded with the page)

    return {"Slack": as_slack}


def add_slack(klartext: Klartext, settings: Settings) -> "Slack | None":
    """Slack, if it is set up."""
    wanted = slack_settings(settings)
    if wanted is None:
        return None
    from bot.channels.slack.app import Ports, slack  # noqa: PLC0415  (a start without Slack needs no bolt)

    once = Keys(klartext.database, timedelta(hours=settings.keep_keys_hours))
    ports = Ports(
        klartext.router, klartext.directory.asker, klartext.outbox, once, Alarms(klartext.database)
    )
    channel = slack(wanted, ports)
    klartext.add(SLACK, channel.sender, channel.profiles, channel.routes, [channel.service])
    return channel


def slack_settings(settings: Settings) -> SlackSettings | None:
    """What concerns Slack; None if it is not set up."""
    if settings.slack_bot_token is None:
        return None
    return SlackSettings(
        settings.slack_bot_token,
        settings.slack_signing_secret,
        settings.slack_app_token,
        settings.slack_team_id,
        settings.slack_api_url.rstrip("/") + "/",
        settings.slack_department_field,
        settings.slack_connect,
    )


async def meet_playground(klartext: Klartext) -> None:
    """After the start: everybody is known by their profile, and every place has its name.

    A name that somebody has bound elsewhere stays there.
    """
    async with klartext.database.unit() as unit:
        for name in (f"#{room}" for room in ROOMS[:-1]):
            if await bound(unit.session, name) is None:
                await bind(unit, name, Place(CHANNEL, name))
        await unit.commit()
    for person in PEOPLE.values():
        account = Account(CHANNEL, person.id)
        await klartext.directory.asker(account, direct(person.id), person.name)
        await klartext.people.fetch_profile(account)


def roles_of(settings: Settings) -> Roles:
    """Who stands behind the names that files use; nobody if there is no such file. Raises FileBroken."""
    file = settings.flows / "roles.yaml"
    return load_roles(file) if file.exists() else Roles()


async def _load_words() -> None:
    """The word lists take 0.7 s: not at the start, and not while the first person with a slip waits."""
    await asyncio.sleep(_UNTIL_WORDS)
    await asyncio.to_thread(is_word, "Haus")


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("ok")
