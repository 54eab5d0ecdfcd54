"""A signed `/define` over HTTP beside a bare bolt "hello" with the same guard, bolt's defaults, raw ASGI.

    python tests/bench/slack.py

Each way is a server of its own on one core, asked from another one over connections that stay open. Figures
of different machines cannot be compared, ratios of one run can: × is the row divided by the guarded hello.
"""

import asyncio
import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlencode

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.app import Klartext
from bot.app.channels import add_slack
from bot.channels.slack.calls import Web
from bot.channels.slack.guard import Guard, signed
from bot.channels.slack.installation import Installation
from bot.chat.events import Account, Place
from bot.config import load_settings
from bot.db.migrate import upgrade
from bot.glossary.book import Book
from bot.glossary.file import load
from bot.glossary.model import Glossary, Term
from tests.bench.labels import DATA, LabelSets
from tests.channels.slack.fake import BOT_TOKEN, MARA, MARKETING, SECRET, TEAM, FakeSlack
from tests.channels.slack.wire import signature

ROOT = Path(__file__).parents[2]
FEW, MANY = 40, 100_000  # terms
HELLO, OURS, LARGE = "hello, guarded", "/define", f"/define, {MANY:,} terms"
_WAYS = ("raw ASGI", HELLO, "hello, bolt's defaults", OURS, LARGE)
_ROUNDS = 5
_ALONE, _TOGETHER = 1_500, 4_000  # requests of one round over one connection, and over sixteen
_CONNECTIONS = 16
_READY = b"ready\n"
_LEGEND = f"""\
Best of {_ROUNDS} rounds, in which the ways take turns. c = connections at once, cpu = of the server.
/define: {FEW} words in turn, for a person whose language and department are known; look-ups are counted
in SQLite as they are in production. raw ASGI: verify, parse, answer JSON. All servers: uvicorn, as ours."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured for one way: milliseconds, requests per second, microseconds of the processor."""

    way: str
    p50: float
    p99: float
    rate: float
    together: float
    cpu: float


def main() -> None:
    """Measure and print; 1 if a goal is missed."""
    if sys.argv[1:]:
        with asyncio.Runner(loop_factory=uvicorn.Config(_raw).get_loop_factory()) as runner:
            runner.run(_serve(sys.argv[1], int(sys.argv[2])))
        return
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    servers = [_Server(way) for way in _WAYS]
    try:
        rounds = [[server.measured() for server in servers] for _ in range(_ROUNDS)]
    finally:
        for server in servers:
            server.stop()
    figures = [_best([round_[at] for round_ in rounds]) for at in range(len(_WAYS))]
    _print(figures)
    sys.exit(0 if all([*_goals({figure.way: figure for figure in figures})]) else 1)


class _Server:
    """One way in a process of its own, and what it is asked."""

    def __init__(self, way: str) -> None:
        self.way = way
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        command = [sys.executable, __file__, way, str(self._port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
        assert self._process.stdout is not None
        self._words: list[str] = json.loads(self._process.stdout.readline())

    def measured(self) -> Figure:
        """One round."""
        requests = [_request(word) for word in self._words]
        self._ask(requests, _CONNECTIONS, 300)  # warms up
        times, _ = self._ask(requests, 1, _ALONE)
        before = self._cpu()
        _, seconds = self._ask(requests, _CONNECTIONS, _TOGETHER)
        cpu = (self._cpu() - before) / _TOGETHER
        times.sort()
        p50, p99 = (times[int(len(times) * share)] * 1_000 for share in (0.5, 0.99))
        return Figure(self.way, p50, p99, _ALONE / sum(times), _TOGETHER / seconds, cpu * 1e6)

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait()

    def _cpu(self) -> float:
        """Seconds of the processor that the server has used."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def _ask(self, requests: Sequence[bytes], connections: int, number: int) -> tuple[list[float], float]:
        """How long each of so many requests took, and all of them together."""
        selector, waiting = selectors.DefaultSelector(), cycle(requests)
        times: list[float] = []
        sockets = [socket.create_connection(("127.0.0.1", self._port)) for _ in range(connections)]
        sent, begun = dict.fromkeys(sockets, 0.0), 0
        started = time.perf_counter()
        for connection in sockets:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(connection, selectors.EVENT_READ)
            sent[connection] = time.perf_counter()
            connection.sendall(next(waiting))
            begun += 1
        while len(times) < number:
            for key, _ in selector.select():
                connection = cast(socket.socket, key.fileobj)
                _read(connection)
                now = time.perf_counter()
                times.append(now - sent[connection])
                if begun < number:
                    begun += 1
                    sent[connection] = time.perf_counter()
                    connection.sendall(next(waiting))
        seconds = time.perf_counter() - started
        for connection in sockets:
            connection.close()
        selector.close()
        return times, seconds


def _read(connection: socket.socket) -> None:
    """One response to its end. Anything but 200 ends the measurement."""
    data = connection.recv(65_536)
    head, _, body = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(data[:200].decode())
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65_536)


def _request(word: str) -> bytes:
    """A slash command as Slack sends it, signed now."""
    body = urlencode(
        {
            "token": "fake-verification-token",
            "team_id": TEAM,
            "team_domain": "acme-test",
            "channel_id": MARKETING,
            "channel_name": "marketing",
            "user_id": MARA,
            "user_name": "mara",
            "command": "/define",
            "text": word,
            "api_app_id": "A00FAKEAPP03",
            "is_enterprise_install": "false",
            "response_url": "https://hooks.slack.com/commands/T00FAKE00AA/1234567890123/fakeFakeFakeFakeFake",
            "trigger_id": "1095738332811.3320010616.8b4d414ec06b0a42fe225ffb231f9803",
        }
    ).encode()
    headers = {
        "Host": "127.0.0.1",
        "Accept": "application/json,*/*",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
        **signature(body),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /slack/events HTTP/1.1\r\n{lines}\r\n".encode() + body


async def _serve(way: str, port: int) -> None:
    """One way, until the process is told to stop."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    slack = FakeSlack()
    await slack.start()
    async with _app(way, slack) as (app, words):
        config = uvicorn.Config(app, port=port, log_config=None, access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110  (uvicorn has no event for it)
            await asyncio.sleep(0.01)
        print(json.dumps(words), flush=True)
        await serving
    await slack.stop()


@asynccontextmanager
async def _app(way: str, slack: FakeSlack) -> AsyncIterator[tuple[ASGIApp, list[str]]]:
    if way in {OURS, LARGE}:
        async with _klartext(slack, FEW if way == OURS else MANY) as served:
            yield served
    else:
        app: ASGIApp = _raw if way == "raw ASGI" else _bolt(slack, guarded=way == HELLO)
        yield app, ["lead"]


async def _raw(scope: Scope, receive: Receive, send: Send) -> None:
    """The least that an answer can cost."""
    message = await receive()
    body = message["body"]
    if not signed(SECRET.encode(), dict(scope["headers"]), body, time.time()):
        raise RuntimeError("not signed")
    text = parse_qs(body.decode())["text"][0]
    answer = json.dumps({"response_type": "ephemeral", "text": f"hello {text}"}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


def _bolt(slack: FakeSlack, *, guarded: bool) -> ASGIApp:
    """Bolt that says hello: set up as ours is, or as its documentation says."""
    client = AsyncWebClient(BOT_TOKEN, base_url=slack.api_url)
    if guarded:
        app = AsyncApp(
            client=AsyncWebClient(base_url=slack.api_url),
            signing_secret=SECRET,
            authorize=Installation(Web(client), BOT_TOKEN),  # type: ignore[arg-type]  # an AsyncAuthorize
            process_before_response=True,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            attaching_function_token_enabled=False,
        )
    else:
        app = AsyncApp(client=client, signing_secret=SECRET)

    @app.command("/define")
    async def hello(ack: object, body: dict[str, str]) -> None:
        await ack({"response_type": "ephemeral", "text": f"hello {body['text']}"})  # type: ignore[operator]

    if not guarded:
        return cast(ASGIApp, AsyncSlackRequestHandler(app))
    return Starlette(routes=[Route("/slack/events", Guard(app, SECRET), methods=["POST"])])


@asynccontextmanager
async def _klartext(slack: FakeSlack, size: int) -> AsyncIterator[tuple[ASGIApp, list[str]]]:
    """All of Klartext, with so many terms."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/klartext.db"
        await upgrade(url)
        settings = load_settings(
            {
                "KLARTEXT_DATABASE_URL": url,
                "KLARTEXT_SLACK_BOT_TOKEN": BOT_TOKEN,
                "KLARTEXT_SLACK_SIGNING_SECRET": SECRET,
                "KLARTEXT_SLACK_API_URL": slack.api_url,
            }
        )
        klartext = Klartext(settings)
        channel = add_slack(klartext, settings)
        assert channel is not None
        glossary = _glossary(size)
        klartext.living._book = Book(glossary)
        await channel.service.start()
        await _introduce(klartext)
        klartext.lookups.start()
        names = [term.names("de").pref for term in glossary.terms.values()]
        try:
            yield klartext.asgi(), names[:: len(names) // FEW][:FEW]
        finally:
            await klartext.lookups.stop()
            await channel.service.stop()
            await klartext.database.close()


async def _introduce(klartext: Klartext) -> None:
    """The person is known and was asked for their department before."""
    asker = await klartext.directory.asker(Account("slack", MARA), Place("slack", MARKETING))
    async with klartext.database.unit() as unit:
        await klartext.directory.choose(unit, asker.person, language="de", department="marketing")
        await unit.commit()


def _glossary(size: int) -> Glossary:
    """The terms of the example, and below other names as often as it takes."""
    example = load(DATA / "examples" / "glossary.yaml")
    models = list(example.terms.values())
    terms = dict(list(example.terms.items())[: min(size, FEW)])
    if size > FEW:
        labels = LabelSets(DATA / "labels.jsonl").sets([size])[size]
        known = {name.casefold() for term in terms.values() for name in _names(term)}
        fresh = [label.text for label in labels if label.text.casefold() not in known]
        for number, text in enumerate(dict.fromkeys(fresh)):
            model = models[number % len(models)]
            names = {lang: model.names(lang).model_copy(update=_named(text)) for lang in ("de", "en")}
            terms[f"t{number}"] = model.model_copy(update={"labels": names})
    return example.model_copy(update={"terms": dict(list(terms.items())[:size])})


def _named(text: str) -> dict[str, object]:
    return {"pref": text, "alt": [], "abbr": [], "plural": None, "avoid": []}


def _names(term: Term) -> list[str]:
    return [names.pref for names in term.labels.values()]


def _best(figures: Sequence[Figure]) -> Figure:
    return Figure(
        figures[0].way,
        min(figure.p50 for figure in figures),
        min(figure.p99 for figure in figures),
        max(figure.rate for figure in figures),
        max(figure.together for figure in figures),
        min(figure.cpu for figure in figures),
    )


def _print(figures: Sequence[Figure]) -> None:
    bare = next(figure for figure in figures if figure.way == HELLO)
    rows = [("way", "p50 ms", "p99 ms", "req/s c=1", "×", f"req/s c={_CONNECTIONS}", "×", "cpu µs")]
    for figure in figures:
        alone = (f"{figure.rate:,.0f}", f"{figure.rate / bare.rate:.2f}")
        together = (f"{figure.together:,.0f}", f"{figure.together / bare.together:.2f}")
        times = (f"{figure.p50:.3f}", f"{figure.p99:.3f}")
        rows.append((figure.way, *times, *alone, *together, f"{figure.cpu:.0f}"))
    for way, *cells in rows:
        print(f"{way:<26}" + "".join(f"{cell:>12}" for cell in cells))
    print(f"\n{_LEGEND}\n")


def _goals(figures: dict[str, Figure]) -> list[bool]:
    """Say which goals are reached."""
    ours, bare, large = figures[OURS], figures[HELLO], figures[LARGE]
    goals = [
        ("requests/s, of the guarded hello", ours.together / bare.together, 0.75, True),
        ("p50 at one connection, ms", ours.p50, 0.3, False),
        ("p99 at one connection, ms", ours.p99, 1.5, False),
        (f"growth of p50 from {FEW} to {MANY:,} terms", large.p50 / ours.p50, 1.3, False),
    ]
    reached = []
    for name, value, goal, at_least in goals:
        reached.append(value >= goal if at_least else value <= goal)
        sign = "≥" if at_least else "≤"
        print(f"{'met   ' if reached[-1] else 'MISSED'}  {name}: {value:.2f} ({sign} {goal})")
    return reached


if __name__ == "__main__":
    main()
