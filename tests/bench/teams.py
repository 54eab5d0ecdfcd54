"""`POST /api/messages` beside the bare echo of botbuilder, under the same conditions: one table, one goal.

    python tests/bench/teams.py

The echo is botbuilder's own way with its known mends (tokens and keys are cached, invokes would not work):
check the token, `process_activity`, `send_activity` of what was said. Klartext does that and everything
else: it remembers the message, finds who asks, reads the question, looks the term up, draws the card.
A turn is over when the connector has the answer. Microsoft answers at once and on this machine.
"""

import asyncio
import itertools
import logging
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

import httpx
import requests
from botbuilder.core import ActivityHandler, CloudAdapterBase, MessageFactory, TurnContext
from botbuilder.schema import Activity
from botframework.connector.auth import AuthenticationConfiguration, BotFrameworkAuthenticationFactory
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.teams.credentials import CachedCredentials, Entrance, SigningKeys
from bot.db.migrate import upgrade
from bot.db.rows import now
from tests.channels.teams.kit import Teammate, running, settings
from tests.channels.teams.microsoft import APP_ID, PASSWORD, TENANT, FakeMicrosoft, Json, new_key
from tests.db.servers import PostgresServer, running_server

TURNS, AT_ONCE, ROUNDS = 240, 8, 5
GOAL = 0.75  # of the turns of the echo
QUESTIONS = (
    "define lead",
    "was heisst Lead bei uns?",
    "define conversion rate",
    "Unterschied MQL und SQL?",
)

Ask = Callable[[Json, str], Awaitable[None]]


class Idle(FakeMicrosoft):
    """Microsoft without the watchdog: here time counts."""

    def _watch(self) -> None:
        """Nothing is watched."""


class Echo(ActivityHandler):  # type: ignore[misc]
    """Says what was said."""

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """The whole of it."""
        await turn_context.send_activity(MessageFactory.text(turn_context.activity.text))


class Bare(CloudAdapterBase):  # type: ignore[misc]
    """botbuilder's adapter, nothing added."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Turns of one way, at so many at once."""

    way: str
    at_once: int
    per_second: float


@asynccontextmanager
async def echo() -> AsyncIterator[Ask]:
    """The bare echo behind the same web framework."""
    SigningKeys().register()
    authentication = BotFrameworkAuthenticationFactory.create(
        credential_factory=CachedCredentials(Entrance(APP_ID, PASSWORD, TENANT)),
        auth_configuration=AuthenticationConfiguration(),
    )
    adapter, bot = Bare(authentication), Echo()

    async def messages(request: Request) -> Response:
        activity = Activity().deserialize(await request.json())
        header = request.headers.get("authorization", "")
        await adapter.process_activity(header, activity, bot.on_turn)
        return Response(status_code=201)

    transport = httpx.ASGITransport(
        app=Starlette(routes=[Route("/api/messages", messages, methods=["POST"])])
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://echo") as http:

        async def ask(body: Json, token: str) -> None:
            response = await http.post(
                "/api/messages", json=body, headers={"authorization": f"Bearer {token}"}
            )
            assert response.status_code == 201

        yield ask


@asynccontextmanager
async def klartext(url: str) -> AsyncIterator[Ask]:
    """All of Klartext."""
    async with running(settings(url), now) as site:

        async def ask(body: Json, token: str) -> None:
            response = await site.http.post(
                "/api/messages", json=body, headers={"authorization": f"Bearer {token}"}
            )
            assert response.status_code == 202
            await site.teams.background.drain(30)

        yield ask


async def measure(way: str, ask: Ask, microsoft: FakeMicrosoft, at_once: int) -> Figure:
    """Ask so many questions; each turn has its answer at the end."""
    token = microsoft.token()
    person = Teammate(None, microsoft)  # type: ignore[arg-type]
    bodies = [
        person.activity("message", text=text, id=f"{time.time_ns()}")
        for text in itertools.islice(itertools.cycle(QUESTIONS), TURNS)
    ]
    for body in bodies[:8]:
        await ask({**body, "id": f"warm {time.time_ns()}"}, token)
    waiting, before = iter(bodies), len(microsoft.said())

    async def worker() -> None:
        for body in waiting:
            await ask(body, token)

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    seconds = time.perf_counter() - started
    assert len(microsoft.said()) - before == TURNS, "every question has one answer"
    return Figure(way, at_once, TURNS / seconds)


async def rounds(urls: dict[str, str]) -> list[Figure]:
    """The ways take turns, so that a busy moment of the machine hits all of them."""
    microsoft = Idle(new_key())

    def send(adapter: object, request: requests.PreparedRequest, **options: object) -> requests.Response:
        return microsoft.send(adapter, request, **options)

    requests.adapters.HTTPAdapter.send = send  # type: ignore[method-assign,assignment]
    figures = []
    for _ in range(ROUNDS):
        for at_once in (1, AT_ONCE):
            async with echo() as ask:
                figures.append(await measure("echo", ask, microsoft, at_once))
            for name, url in urls.items():
                async with klartext(url) as ask:
                    figures.append(await measure(f"klartext, {name}", ask, microsoft, at_once))
    return figures


def report(figures: list[Figure]) -> bool:
    """Print the table; whether the goal is reached."""
    ways = dict.fromkeys((figure.way, figure.at_once) for figure in figures)
    medians = {
        way: median(figure.per_second for figure in figures if (figure.way, figure.at_once) == way)
        for way in ways
    }
    print(f"{'way':<24}{'at once':>8}{'turns/s':>10}{'×':>8}")
    reached = True
    for (way, at_once), per_second in sorted(medians.items(), key=lambda item: item[0][1]):
        ratio = per_second / medians["echo", at_once]
        reached &= ratio >= GOAL
        print(f"{way:<24}{at_once:>8}{per_second:>10.0f}{ratio:>8.2f}")
    said = "reached" if reached else "MISSED"
    print(f"\nMedian of {ROUNDS} rounds of {TURNS} turns. Goal: × ≥ {GOAL}: {said}")
    return reached


def main() -> int:
    """Measure on both databases."""
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder, running_server(safe=True) as server:

        async def run() -> list[Figure]:
            postgres, file = PostgresServer(server), f"sqlite:///{folder}/klartext.db"
            await postgres.prepare()
            await upgrade(file)
            return await rounds({"SQLite": file, "PostgreSQL": postgres.url(postgres.template)})

        return 0 if report(asyncio.run(run())) else 1


if __name__ == "__main__":
    sys.exit(main())
