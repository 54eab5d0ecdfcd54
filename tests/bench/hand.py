"""One process of the storm: all of Klartext, a channel on paper, and people who press buttons.

    python tests/bench/hand.py FOLDER NUMBER

It may be killed at any moment. Started again, it first presses once more whatever it pressed last, as
somebody does who saw no answer, and goes on.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

from sqlalchemy.exc import IntegrityError

from bot.app import Klartext
from bot.app.dead_letters import report
from bot.chat.events import Account, Asker, MessageRef, Place
from bot.chat.ports import Profile, RetryLater
from bot.chat.ui import Card
from bot.config import load_settings
from bot.db.failures import DatabaseUnavailable
from bot.jobs.worker import Policy, Worker
from bot.requests import store
from bot.requests.states import State
from bot.requests.store import RequestNotFound
from bot.triage.calendar import Calendar, Span
from bot.triage.promises import Terms
from bot.triage.service import Deed, Overtaken, act, begin_clocks
from bot.triage.workflow import Action, Clock, NotPossible
from tests.requests.test_store import submission
from tests.world import CHANNEL, words

POLICY = Policy(lease=8.0, limit=6.0, base=0.2, poll=0.2)  # in a storm nobody has the patience for a minute
REQUESTERS = tuple(f"p{number}" for number in range(20))
TEAM = ("ines", "ivo", "ida")  # one for each process
PLAN, POSTS, DEEDS, READY = "plan.json", "posts.jsonl", "deeds.jsonl", "ready"
SCRIPT: tuple[tuple[Action, str, Mapping[str, Any]], ...] = (
    (Action.TAKE, "team", {}),
    (Action.ASK, "team", {"text": "Welche Listen?"}),
    (Action.ANSWER, "requester", {"text": "Alle."}),
    (Action.ACCEPT, "team", {"next_step": "Wir holen ein Angebot ein."}),
    (Action.START, "team", {}),
    (Action.DELIVER, "team", {"effect": "Zwei Stunden weniger Handarbeit"}),
    (Action.CONFIRM, "requester", {}),
)
TERMS = Terms(
    Calendar.of("Europe/Zurich", "00:00-24:00", ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
    {Clock.RESPONSE: Span.of("2bh"), Clock.DECISION: Span.of("8bh"), Clock.ANSWER: Span.of("4bh")},
)
_PRESSING = 4  # people at once in one process
_FAULTS = 0.01  # of all calls: refused for a second, and as many lost on their way back


@dataclass(frozen=True, slots=True)
class Plan:
    """What all processes work on. `each` is how many of them press for the same request."""

    url: str
    requests: int
    processes: int
    each: int
    seed: int


class Connection(Exception):
    """Lost after the post arrived: the outcome is unclear."""


class Paper:
    """A channel that writes down what it is told; who was killed has written what it did before."""

    def __init__(self, folder: Path, name: str, luck: random.Random) -> None:
        self._file = os.open(folder / POSTS, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._messages = (f"{name}.{os.getpid()}.{number}" for number in count())
        self._luck = luck

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        message = MessageRef(place, next(self._messages))
        await self._said(op="post", to=place.id, key=key, message=message.id, text=words(card))
        return message

    async def edit(self, message: MessageRef, card: Card) -> None:
        await self._said(op="edit", message=message.id, text=words(card))

    async def delete(self, message: MessageRef) -> None:
        await self._said(op="delete", message=message.id)

    async def direct(self, account: str, card: Card, key: str) -> MessageRef:
        return await self.post(Place(CHANNEL, f"@{account}", "direct"), card, key)

    async def whisper(self, place: Place, account: str, card: Card, key: str) -> None:
        await self.post(replace(place, id=f"@{account}"), card, key)

    async def profile(self, account: str) -> Profile | None:
        return Profile(account.title(), f"{account}@example.com", "de")

    async def _said(self, **line: str) -> None:
        """As over a network: it takes a moment there and back, and may fail on both ways."""
        await asyncio.sleep(self._luck.random() * 0.01)
        if self._luck.random() < _FAULTS:
            raise RetryLater(1)
        os.write(self._file, (json.dumps({**line, "at": time.monotonic()}) + "\n").encode())
        await asyncio.sleep(self._luck.random() * 0.01)
        if self._luck.random() < _FAULTS:
            raise Connection


@dataclass(frozen=True, slots=True)
class Press:
    """A button that somebody pressed: of which step, and on a card of which version."""

    draft: int
    request: int
    step: int
    seen: int


class Hand:
    """Presses for its share of the requests until each is confirmed."""

    def __init__(
        self, klartext: Klartext, folder: Path, plan: Plan, number: int, luck: random.Random
    ) -> None:
        self._klartext = klartext
        self._database = klartext.database
        self._deeds = os.open(folder / DEEDS, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._memory = folder / f"pressed-{number}.jsonl"
        self._pressed = os.open(self._memory, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._people: dict[str, Asker] = {}
        self._own = TEAM[number]
        drafts = [d for d in range(1, plan.requests + 1) if (d + number) % plan.processes < plan.each]
        luck.shuffle(drafts)
        self._drafts = drafts

    async def work(self) -> None:
        """Press again what was pressed last, then everything else."""
        for name in (*TEAM, *REQUESTERS):
            known = await self._klartext.directory.asker(Account(CHANNEL, name), Place(CHANNEL, f"@{name}"))
            roles = frozenset({"it_triage"} if name in TEAM else ())
            self._people[name] = Asker(known.person, known.name, "de", roles=roles)
        for line in self._memory.read_text().splitlines()[-_PRESSING:]:
            await self._patiently(self._press(Press(**json.loads(line)), again=True))
        async with asyncio.TaskGroup() as group:
            for _ in range(_PRESSING):
                group.create_task(self._some())

    async def _some(self) -> None:
        while self._drafts:
            draft = self._drafts.pop()
            ended = False
            while not ended:
                ended = await self._patiently(self._moved(draft))

    async def _patiently(self, moved: Any) -> bool:
        """A sentence says that the database is away; one presses again."""
        try:
            return bool(await moved)
        except DatabaseUnavailable:
            await asyncio.sleep(0.1)
            return False

    async def _moved(self, draft: int) -> bool:
        """One step further; whether there is nothing left to do."""
        async with self._database.reading() as session:
            request = await store.of_draft(session, draft)
            steps = len(await store.history(session, request.number)) - 1 if request else 0
        if request is None:
            await self._submit(draft)
            return False
        if request.state is State.CONFIRMED or steps >= len(SCRIPT):
            return True
        await self._press(Press(draft, request.number, steps, request.version))
        return False

    async def _submit(self, draft: int) -> None:
        person = self._people[requester(draft)].person
        try:
            async with self._database.unit() as unit:
                new = submission(draft, requester=person, by=person, title=f"Wunsch {draft}")
                request, is_new = await store.submit(unit, new, CHANNEL)
                if is_new:
                    await begin_clocks(unit, request, TERMS)
                await unit.commit()
        except IntegrityError:  # another process was faster; intake takes the draft's lock before
            return

    async def _press(self, press: Press, *, again: bool = False) -> None:
        action, who, given = SCRIPT[press.step]
        os.write(self._pressed, _line(**asdict(press)))
        result = "did"
        try:
            async with self._database.unit() as unit:
                deed = Deed(action, given, CHANNEL, press.seen)
                asker = self._people[requester(press.draft) if who == "requester" else self._own]
                await act(unit, press.request, asker, deed, lambda _: TERMS)
                await unit.commit()
        except (Overtaken, NotPossible, RequestNotFound):
            result = "too late"
        line = _line(result=result, again=again, at=time.monotonic())
        os.write(self._deeds, line)


def requester(draft: int) -> str:
    """Who asks."""
    return REQUESTERS[draft % len(REQUESTERS)]


def _line(**values: Any) -> bytes:
    return (json.dumps(values) + "\n").encode()


class Lean(Klartext):
    """All of Klartext; the word lists of the coach are not loaded, nobody writes in a storm."""

    async def _warm_up(self) -> None:
        return


def klartext_of(folder: Path, url: str) -> Klartext:
    """Klartext with the files of a folder."""
    return Lean(
        load_settings({}, database_url=url, glossary=folder / "glossary.yaml", flows=folder / "flows")
    )


async def _started(folder: Path, plan: Plan, number: int) -> AsyncIterator[Klartext]:
    klartext = klartext_of(folder, plan.url)
    paper = Paper(folder, str(number), random.Random())
    klartext.add(CHANNEL, paper, paper)
    klartext.worker = Worker(
        klartext.database, klartext.router.jobs, f"hand-{number}", policy=POLICY, report=report
    )
    while True:
        try:
            await klartext.start()
            break
        except DatabaseUnavailable:
            await asyncio.sleep(0.1)
    yield klartext
    await klartext.stop()


async def main() -> None:
    """Until it is told to stop."""
    folder, number = Path(sys.argv[1]), int(sys.argv[2])
    plan = Plan(**json.loads((folder / PLAN).read_text()))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async for klartext in _started(folder, plan, number):
        (folder / f"{READY}-{number}").write_text(str(os.getpid()))
        hand = Hand(klartext, folder, plan, number, random.Random(plan.seed + number))
        pressing = asyncio.create_task(hand.work())
        pressing.add_done_callback(lambda task: None if task.cancelled() else task.result())
        await stop.wait()
        pressing.cancel()


if __name__ == "__main__":
    asyncio.run(main())
