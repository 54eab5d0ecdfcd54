"""Starts the processes of the storm, kills them, and counts what is there at the end."""

import asyncio
import json
import random
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Container
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from sqlmodel import col, func, select

from bot.app import TIDY
from bot.chat.events import Account, Place
from bot.db.migrate import upgrade
from bot.db.rows import now
from bot.db.unit_of_work import Database
from bot.i18n import say
from bot.jobs.tables import Job
from bot.people.places import bind
from bot.requests.states import State
from bot.requests.tables import CardPost, Request, RequestEvent
from bot.triage.posts import HEADLINE
from bot.triage.service import TOLD
from bot.triage.told import PERSON, THREAD
from tests.bench.hand import DEEDS, PLAN, POSTS, READY, REQUESTERS, SCRIPT, TEAM, Paper, Plan, klartext_of
from tests.world import CHANNEL, GLOSSARY

ROLES = """\
users: {boss: ines@example.com}
groups: {team: {emails: [ines@example.com, ivo@example.com, ida@example.com]}}
roles: {admin: ["user:boss"], it_triage: ["group:team"]}
"""
_SCRIPT = ["submitted", *(action.value for action, _, _ in SCRIPT)]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found at the end; only `posts`, `repeated`, `refused` and `steps` may be above zero."""

    requests: int  # that are there
    lost: int  # requests that are missing or not where they belong
    twice: int  # requests whose history is another than what was pressed, and effects too many or too few
    dead: int  # jobs that were given up
    silent: int  # cards that are missing or do not show the last state, messages that were never posted
    posts: int
    repeated: int  # posts that were made again
    other_key: int  # keys of posts that are not those of their card or job
    steps: int  # that were done
    refused: int  # presses that came too late, of those that were repeated after a kill and of two at once

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing twice, nothing under another key."""
        return not (self.lost or self.twice or self.dead or self.silent or self.other_key)


class Crew:
    """Some processes and their folder. They run until each request is confirmed and each job is done."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self._folder = folder
        self._plan = plan
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self.kills = 0

    def prepare(self) -> None:
        """The database, the files, the people, the place."""
        (self._folder / PLAN).write_text(json.dumps(asdict(self._plan)))
        (self._folder / "glossary.yaml").write_text(GLOSSARY, encoding="utf-8")
        (self._folder / "flows").mkdir()
        (self._folder / "flows" / "roles.yaml").write_text(ROLES, encoding="utf-8")
        for name in (POSTS, DEEDS):
            (self._folder / name).touch()
        asyncio.run(self._prepared())

    def start(self) -> None:
        """All processes."""
        for number in range(self._plan.processes):
            self._begin(number)

    def kill(self, number: int) -> bool:
        """With SIGKILL, wherever it is, if it works already; a new one follows at once."""
        process, ready = self._processes[number], self._folder / f"{READY}-{number}"
        if not ready.exists() or ready.read_text() != str(process.pid):
            return False
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.kills += 1
        self._begin(number)
        return True

    def stop(self) -> float:
        """Tell all of them to stop; seconds of the slowest."""
        begun = now()
        for process in self._processes.values():
            process.terminate()
        codes = [process.wait(30) for process in self._processes.values()]
        if any(code not in {0, -signal.SIGTERM} for code in codes):  # -15: it had not even begun
            raise SystemExit(f"a process failed: {codes}")
        return (now() - begun).total_seconds()

    def alive(self) -> bool:
        """Whether none of them has failed by itself."""
        return all(process.poll() is None for process in self._processes.values())

    def left(self) -> tuple[int, int]:
        """How many requests are not confirmed yet, and how many jobs are to be done."""
        confirmed, jobs = asyncio.run(self._counted())
        return self._plan.requests - confirmed, jobs

    def progress(self) -> int:
        """How much was pressed and posted so far."""
        return sum((self._folder / name).read_bytes().count(b"\n") for name in (DEEDS, POSTS))

    def verdict(self) -> Verdict:
        """Count."""
        return asyncio.run(self._judged())

    def deeds(self) -> list[dict[str, object]]:
        """What was pressed, in order."""
        return [json.loads(line) for line in (self._folder / DEEDS).read_text().splitlines()]

    def posted(self) -> list[dict[str, str]]:
        """What was said in the channel, in order."""
        return [json.loads(line) for line in (self._folder / POSTS).read_text().splitlines()]

    def _begin(self, number: int) -> None:
        command = [sys.executable, str(Path(__file__).with_name("hand.py")), str(self._folder), str(number)]
        log = (self._folder / f"log-{number}").open("ab")
        self._processes[number] = subprocess.Popen(command, stdout=log, stderr=log)

    async def _prepared(self) -> None:
        await upgrade(self._plan.url)
        klartext = klartext_of(self._folder, self._plan.url)
        paper = Paper(self._folder, "none", Smooth())
        klartext.add(CHANNEL, paper, paper)
        await klartext.start()
        for name in (*TEAM, *REQUESTERS):
            await klartext.directory.asker(Account(CHANNEL, name), Place(CHANNEL, f"@{name}"), name)
            await klartext.people.fetch_profile(Account(CHANNEL, name))
        async with klartext.database.unit() as unit:
            await bind(unit, "#it-anfragen", Place(CHANNEL, "#it"))
            await unit.commit()
        await klartext.stop()

    async def _counted(self) -> tuple[int, int]:
        database = Database.at(self._plan.url)
        try:
            async with database.reading() as session:
                confirmed = select(func.count()).where(Request.state == State.CONFIRMED)
                soon = col(Job.run_at) < now() + timedelta(minutes=1)
                regular = col(Job.kind) == TIDY
                left = select(func.count()).where(
                    col(Job.done_at).is_(None), col(Job.dead_at).is_(None), soon, ~regular
                )
                return (await session.exec(confirmed)).one(), (await session.exec(left)).one()
        finally:
            await database.close()

    async def _judged(self) -> Verdict:
        database = Database.at(self._plan.url)
        async with database.reading() as session:
            requests = (await session.exec(select(Request))).all()
            events = (await session.exec(select(RequestEvent).order_by(col(RequestEvent.id)))).all()
            headlines = select(CardPost).where(CardPost.purpose == HEADLINE)
            cards = {card.request: card.message for card in (await session.exec(headlines)).all()}
            died = (await session.exec(select(func.count()).where(col(Job.dead_at).is_not(None)))).one()
            jobs = dict((await session.exec(select(Job.id, Job.kind))).all())
        await database.close()
        histories: dict[int, list[str]] = defaultdict(list)
        for event in events:
            histories[event.request].append(event.kind)
        drafts = {request.draft for request in requests if request.state is State.CONFIRMED}
        posts = [line for line in self.posted() if line["op"] == "post"]
        keys = Counter(line["key"] for line in posts)
        messages = [number for number, kind in jobs.items() if kind in {PERSON, THREAD}]
        odd = {number: history for number, history in histories.items() if history != _SCRIPT}
        for number, history in odd.items():
            sys.stderr.write(f"REQ-{number}: {' '.join(history)}\n")
        missing = self._plan.requests * len(SCRIPT) - sum(kind == TOLD for kind in jobs.values())
        deeds = self.deeds()
        return Verdict(
            requests=len(requests),
            lost=self._plan.requests - len(drafts),
            twice=len(odd) + abs(missing),
            dead=died,
            silent=self._silent(cards) + sum(f"told-{job}" not in keys for job in messages),
            posts=len(posts),
            repeated=len(posts) - len(keys),
            other_key=_strangers(posts, jobs, {request.number for request in requests}),
            steps=sum(deed["result"] == "did" for deed in deeds),
            refused=sum(deed["result"] == "too late" for deed in deeds),
        )

    def _silent(self, cards: dict[int, str]) -> int:
        """The card that is kept says how the request stands."""
        last = {line["message"]: line["text"] for line in self.posted() if line["op"] != "delete"}
        state = say("de", f"request.state.{State.CONFIRMED}")
        shown = sum(state in last.get(message, "") for message in cards.values())
        return self._plan.requests - shown


def _strangers(posts: list[dict[str, str]], jobs: Container[int | None], requests: Container[int]) -> int:
    """Keys that name neither the card of a request nor a job, and those under which two things were posted.

    A card has one key, and so has the message of a job: what is repeated carries it again.
    """
    targets: dict[str, set[str]] = defaultdict(set)
    for post in posts:
        targets[post["key"]].add(post["to"])
    return sum(not _named(key, jobs, requests) or len(to) > 1 for key, to in targets.items())


def _named(key: str, jobs: Container[int | None], requests: Container[int]) -> bool:
    kind, _, number = key.rpartition(":" if ":" in key else "-")
    return int(number) in (requests if kind == HEADLINE or kind.startswith("own") else jobs)


class Smooth(random.Random):
    """Luck that lets nothing fail."""

    def random(self) -> float:
        return 1.0
