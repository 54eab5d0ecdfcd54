"""200 people and 20 triagers, each acting every ten seconds: how long until a button has its answer.

    python tests/bench/load.py [SECONDS] [SECONDS BETWEEN TWO ACTIONS]

`klartext serve` as it is installed, with the shipped flows, on PostgreSQL and on SQLite; around it a small
Slack (tests/channels/slack/fake.py) that signs what people press and takes what is posted. Measured from
the press to the answer, which includes the call that opens a form or posts to the address of the click.
Client, Slack and database share the machine with the server: on a busy one read the processor time, which
is the server's with all that its jobs did meanwhile.
"""

import asyncio
import os
import random
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

import aiohttp
from ruamel.yaml import YAML

from bot.app import Klartext
from bot.channels.slack.render import action_of
from bot.chat.events import Account, Place
from bot.config import load_settings
from bot.db.migrate import upgrade
from bot.i18n import LANGUAGES, say
from bot.people.places import bind
from bot.requests import store
from tests.channels.slack.conftest import user
from tests.channels.slack.fake import BOT_TOKEN, BOT_USER, SECRET, FakeSlack, Message
from tests.channels.slack.wire import PATH, Answer, Transport, encoded, signature
from tests.channels.slack.workspace import Blocks, Workspace
from tests.conftest import ROOT
from tests.db.servers import running_server
from tests.requests.test_store import submission

PEOPLE = tuple(f"U0PERSON{number:03}" for number in range(200))
TEAM = tuple(f"U0TRIAGE{number:03}" for number in range(20))
REQUESTS, QUEUE = 400, "C0QUEUE"
EVERY = 10.0  # seconds between two things that somebody does, on average
LIMITS = {"PostgreSQL": 150.0, "SQLite": 250.0}  # milliseconds for 99 of 100 answers
_SECONDS = 60.0
_PATIENCE = 120.0  # seconds until everybody is known and every card is posted
_BROKEN = tuple(say(language, "chat.broken", id="").split(".")[0] for language in LANGUAGES)
_LEFT_ALONE = {"request.edit"}  # these requests were not filled in page by page
_LONG = "Zwei Stunden weniger Handarbeit in der Woche."
Do = Callable[[str], Awaitable[object]]


@dataclass(slots=True)
class Remote:
    """The wire to the server; keeps how long every press took, and what went wrong."""

    session: aiohttp.ClientSession
    url: str
    presses: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    processor: float = 0.0  # seconds of the server

    async def send(self, transport: Transport, payload: dict[str, Any], **headers: str) -> Answer:
        """As Slack does: signed, over a connection that stays open."""
        body, kind = encoded(transport, payload)
        signed = {"Content-Type": kind, **signature(body), **headers}
        started = time.perf_counter()
        async with self.session.post(self.url + PATH, data=body, headers=signed) as answer:
            text = await answer.text()
            took = time.perf_counter() - started
            (self.presses if transport == "payload" else self.others).append(took)
            if answer.status != 200 or any(sentence in text for sentence in _BROKEN):
                self.errors.append(f"{answer.status} {text[:200]}")
            is_json = answer.content_type == "application/json"
            return Answer(answer.status, await answer.json() if is_json and text else text)


class Office(Workspace):
    """The workspace around a server that runs elsewhere."""

    async def settle(self) -> None:
        """What goes on there in the background is not waited for."""


class Crowd:
    """Who does what."""

    def __init__(self, slack: FakeSlack, remote: Remote, luck: random.Random, every: float) -> None:
        self._slack = slack
        self._luck = luck
        self._remote = remote
        self._every = every
        self._office = Office(cast(Klartext, None), slack, cast(Any, None), remote)

    async def meet(self) -> None:
        """Everybody has opened the home page once and is known by their profile; every card is posted."""
        for user_ in (*PEOPLE, *TEAM):
            await self._office.open_home(user_)
        async with asyncio.timeout(_PATIENCE):
            await self._ready()
        await asyncio.sleep(2)

    async def _ready(self) -> None:
        everybody = len((*PEOPLE, *TEAM))
        while len(self._cards(QUEUE)) < REQUESTS or len(self._slack.homes) < everybody:  # noqa: ASYNC110
            await asyncio.sleep(0.2)

    async def live(self, seconds: float) -> None:
        """All of them, each in a rhythm of their own."""
        end = time.monotonic() + seconds
        people = [self._days(user_, self._ask, end) for user_ in PEOPLE]
        await asyncio.gather(*people, *(self._days(user_, self._triage, end) for user_ in TEAM))

    async def _days(self, user_: str, do: Do, end: float) -> None:
        while True:
            await asyncio.sleep(self._luck.expovariate(1 / self._every))
            if time.monotonic() > end:
                return
            try:
                await do(user_)
                await self._leave(user_)
            except Exception as error:  # counted
                self._remote.errors.append(f"{type(error).__name__}: {error}")

    async def _ask(self, user_: str) -> None:
        """A person looks something up, looks at what they asked for, asks for something, or answers."""
        cards = self._cards(f"D{user_[1:]}")
        what = self._luck.random()
        if what < 0.4 and cards:
            await self._press(user_, self._luck.choice(cards))
        elif what < 0.6:
            number = PEOPLE.index(user_) + 1
            await self._office.press([_button("request.show", str(number))], "x", user=user_)
        elif what < 0.75:
            await self._office.slash("status", user=user_, command="/request")
        elif what < 0.9:
            await self._office.slash("lead", user=user_)
        else:
            await self._office.slash("Wir brauchen HubSpot", user=user_, command="/request")

    async def _triage(self, user_: str) -> None:
        """Somebody of the team looks at the queue, or presses what a card offers."""
        if self._luck.random() < 0.2:
            await self._office.slash("", user=user_, command="/queue")
        else:
            await self._press(user_, self._luck.choice(self._cards(QUEUE)))

    async def _press(self, user_: str, card: Message) -> None:
        if labels := _offered(card.blocks):
            await self._office.press_post(card, self._luck.choice(labels), user=user_)
            if self._slack.windows[user_]:
                await self._fill(user_)

    async def _fill(self, user_: str) -> None:
        """Answer what a form must know, and send it."""
        given = {}
        for block in self._slack.top(user_).shown["blocks"]:
            if block["type"] == "input" and not block.get("optional"):
                given[str(block["block_id"]).partition(":")[0]] = _answer(block["element"])
        answer = await self._office.submit(given, user=user_)
        if isinstance(answer.body, dict) and answer.body.get("response_action") == "errors":
            self._remote.errors.append(f"refused: {answer.body}")

    async def _leave(self, user_: str) -> None:
        while self._slack.windows[user_]:
            await self._office.close(user=user_)

    def _cards(self, place: str) -> list[Message]:
        return [
            message for message in self._slack.messages if message.channel == place and message.only is None
        ]


def main() -> None:
    """Measure and print; 1 if a goal is missed."""
    seconds, every = [*map(float, sys.argv[1:]), *(_SECONDS, EVERY)[len(sys.argv) - 1 :]][:2]
    actors = f"{len(PEOPLE)} people and {len(TEAM)} triagers, one action in {every:g} s each, {seconds:g} s"
    print(f"{actors}\n")
    met = True
    for name, limit in LIMITS.items():
        with _database(name) as url, tempfile.TemporaryDirectory() as folder:
            remote = asyncio.run(_measured(url, Path(folder), seconds, every))
        p50, p99 = _quantiles(remote.presses)
        actions = len(remote.presses) + len(remote.others)
        reached = p99 <= limit and not remote.errors and len(remote.presses) > 0
        word = "met   " if reached else "MISSED"
        print(
            f"{word}  {name:<11} {len(remote.presses):>5} presses, p50 {p50:6.1f} ms, p99 {p99:6.1f} ms"
            f" (at most {limit:g}), errors {len(remote.errors)} (0);"
            f" beside {len(remote.others)} commands, p99 {_quantiles(remote.others)[1]:.1f} ms;"
            f" processor {remote.processor / max(1, actions) * 1_000:.1f} ms for each"
        )
        for error in remote.errors[:5]:
            print(f"        {error}")
        met = met and reached
    sys.exit(0 if met else 1)


@contextmanager
def _database(name: str) -> Iterator[str]:
    """PostgreSQL writes to the disk at every commit, as in production."""
    if name == "SQLite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/klartext.db"
        return
    with running_server(safe=True) as url:
        yield url


async def _measured(url: str, folder: Path, seconds: float, every: float) -> Remote:
    slack = _slack()
    await slack.start()
    environ = _environ(url, folder, slack)
    await _prepare(environ)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shorter = aiohttp.TCPConnector(limit=0, keepalive_timeout=2)  # than the server's five seconds
    async with (
        _server(port, environ, folder) as server,
        aiohttp.ClientSession(connector=shorter) as session,
    ):
        remote = Remote(session, f"http://127.0.0.1:{port}")
        crowd = Crowd(slack, remote, random.Random(7), every)
        await crowd.meet()
        remote.presses.clear()
        remote.others.clear()
        before = _processor(server)
        await crowd.live(seconds)
        remote.processor = _processor(server) - before
    await slack.stop()
    remote.errors += slack.mistakes
    remote.errors += [text for _, body in slack.replies if (text := _broken(body))]
    return remote


def _slack() -> FakeSlack:
    """The workspace: everybody, the queue's channel, the scopes of our manifest."""
    yaml = YAML(typ="safe")
    scopes = yaml.load(ROOT / "deploy" / "slack-manifest.yaml")["oauth_config"]["scopes"]
    slack = FakeSlack(scopes={*scopes["bot"], *scopes["bot_optional"]})
    slack.users = {id_: user(id_, id_.title(), _email(id_), "de-DE") for id_ in (*PEOPLE, *TEAM)}
    for members in slack.members.values():
        members.update(PEOPLE, TEAM)
    slack.members[QUEUE] = {BOT_USER, *TEAM}
    return slack


def _environ(url: str, folder: Path, slack: FakeSlack) -> dict[str, str]:
    """The settings of the server; the shipped flows, with the team as IT."""
    flows = Path(shutil.copytree(ROOT / "intake_flows", folder / "intake_flows"))
    yaml = YAML(typ="safe", pure=True)
    roles = yaml.load(flows / "roles.yaml")
    roles["groups"]["team"] = {"emails": [_email(id_) for id_ in TEAM]}
    roles["roles"]["it_triage"] = ["group:team"]
    yaml.dump(roles, flows / "roles.yaml")
    return {
        "KLARTEXT_DATABASE_URL": url,
        "KLARTEXT_GLOSSARY": str(ROOT / "glossary.yaml"),
        "KLARTEXT_FLOWS": str(flows),
        "KLARTEXT_SLACK_BOT_TOKEN": BOT_TOKEN,
        "KLARTEXT_SLACK_SIGNING_SECRET": SECRET,
        "KLARTEXT_SLACK_API_URL": slack.api_url,
        "KLARTEXT_LOG_LEVEL": "WARNING",
    }


async def _prepare(environ: dict[str, str]) -> None:
    """Requests of everybody, and the place of their queue."""
    await upgrade(environ["KLARTEXT_DATABASE_URL"])
    klartext = Klartext(load_settings(environ))
    known = [
        (await klartext.directory.asker(Account("slack", id_), Place("slack", f"D{id_[1:]}"), id_)).person
        for id_ in PEOPLE
    ]
    async with klartext.database.unit() as unit:
        await bind(unit, "#it-anfragen", Place("slack", QUEUE))
        for draft in range(REQUESTS):
            person = known[draft % len(known)]
            new = submission(draft, requester=person, by=person, title=f"Wunsch {draft}")
            await store.submit(unit, new, "slack")
        await unit.commit()
    await klartext.database.close()


@asynccontextmanager
async def _server(port: int, environ: dict[str, str], folder: Path) -> AsyncIterator[int]:
    """`klartext serve`, from ready until it has stopped; what it complained of is shown."""
    log = folder / "log"
    with log.open("wb") as stream:
        command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
        environ = {**os.environ, **environ, "PYTHONPATH": str(ROOT)}
        server = await asyncio.create_subprocess_exec(*command, cwd=folder, env=environ, stderr=stream)
        try:
            async with asyncio.timeout(_PATIENCE):
                while not await _is_ready(port):
                    if server.returncode is not None:
                        raise SystemExit(log.read_text())
                    await asyncio.sleep(0.1)
            yield server.pid
        finally:
            server.terminate()
            await server.wait()
    sys.stderr.write(log.read_text()[-2_000:])


def _processor(process: int) -> float:
    """Seconds of the processor that a process has used."""
    stat = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


async def _is_ready(port: int) -> bool:
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/readyz") as answer,
        ):
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def _offered(blocks: Blocks) -> list[str]:
    """The buttons that one sees and presses without being asked whether one is sure."""
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [
        element["text"]["text"]
        for row in rows
        for element in row
        if element["type"] == "button"
        and "confirm" not in element
        and action_of(element["action_id"]) not in _LEFT_ALONE
    ]


def _button(action: str, value: str) -> dict[str, Any]:
    """A row with one button that is called x."""
    text = {"type": "plain_text", "text": "x"}
    return {
        "type": "actions",
        "elements": [{"type": "button", "action_id": action, "text": text, "value": value}],
    }


def _answer(element: dict[str, Any]) -> str:
    """What somebody answers in such a field."""
    options = element.get("options")
    return str(options[0]["value"]) if options else _LONG


def _broken(body: object) -> str:
    """The sentence for what nobody expected, if this is one."""
    text = str(body)
    return text[:200] if any(sentence in text for sentence in _BROKEN) else ""


def _email(id_: str) -> str:
    return f"{id_.casefold()}@example.com"


def _quantiles(times: Sequence[float]) -> tuple[float, float]:
    """Milliseconds that half, and 99 of 100, do not exceed."""
    ordered = sorted(times) or [0.0]
    return ordered[len(ordered) // 2] * 1_000, ordered[len(ordered) * 99 // 100] * 1_000


if __name__ == "__main__":
    main()
