"""An action is one transaction: state, clocks, history and what follows; of two at once, one wins."""

import asyncio
from typing import Any

import pytest
from sqlmodel import select

from bot.chat.events import Asker
from bot.db.unit_of_work import Database
from bot.jobs.tables import Job
from bot.requests import store
from bot.requests.states import State
from bot.requests.store import RequestNotFound
from bot.requests.tables import Request
from bot.triage.calendar import Calendar, Span
from bot.triage.promises import Terms
from bot.triage.service import REMIND, TOLD, Deed, Overtaken, Repeated, act, begin_clocks, clocks
from bot.triage.workflow import Action, Clock, Missing, NotPossible, NotYours
from tests.db.fixtures import MovableClock
from tests.requests.test_store import submission

TERMS = Terms(
    Calendar.of("Europe/Zurich", "00:00-24:00", ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
    {Clock.RESPONSE: Span.of("2bh"), Clock.DECISION: Span.of("8bh"), Clock.ANSWER: Span.of("4bh")},
)
MARA = Asker(1, "Mara", "de")
SVEN = Asker(2, "Sven", "de")
INES = Asker(3, "Ines", "de", roles=frozenset({"it_triage"}))
IVO = Asker(4, "Ivo", "de", roles=frozenset({"it_triage"}))
IDA = Asker(5, "Ida", "en", roles=frozenset({"it_triage"}))
HOUR = 3600


@pytest.fixture
async def number(database: Database) -> int:
    """A request of Mara's."""
    async with database.unit() as unit:
        request, _ = await store.submit(unit, submission(), "playground")
        await begin_clocks(unit, request, TERMS)
        await unit.commit()
    return request.number


async def do(
    database: Database, number: int, asker: Asker, action: Action, seen: int | None = None, **given: Any
) -> State:
    """Somebody does something with the request."""
    async with database.unit() as unit:
        deed = Deed(action, given, "playground", seen)
        request, _ = await act(unit, number, asker, deed, lambda _: TERMS)
        await unit.commit()
    return request.state


async def request_of(database: Database, number: int) -> Request:
    """How it stands in the database."""
    async with database.reading() as session:
        return await store.find(session, number)


async def running(database: Database, number: int) -> set[Clock]:
    """The clocks that run."""
    async with database.reading() as session:
        return {one.clock for one in (await clocks(session, [number]))[number] if one.runs}


async def jobs(database: Database, kind: str) -> list[Job]:
    """The jobs of a kind."""
    async with database.reading() as session:
        return list((await session.exec(select(Job).where(Job.kind == kind))).all())


async def test_who_takes_it_is_the_assignee_and_ends_the_first_answer(
    database: Database, number: int
) -> None:
    assert await running(database, number) == {Clock.RESPONSE, Clock.DECISION}
    await do(database, number, INES, Action.TAKE)
    assert (await request_of(database, number)).assignee == INES.person
    assert await running(database, number) == {Clock.DECISION}


async def test_asked_back_and_answered(database: Database, number: int, clock: MovableClock) -> None:
    assert await do(database, number, INES, Action.ASK, text="Welche Listen?") is State.IN_CLARIFICATION
    assert await running(database, number) == {Clock.ANSWER}
    clock.move(3 * HOUR)
    assert await do(database, number, MARA, Action.ANSWER, text="Alle.") is State.SUBMITTED
    assert await running(database, number) == {Clock.DECISION}
    async with database.reading() as session:
        (decision,) = [one for one in (await clocks(session, [number]))[number] if one.runs]
        kinds = [event.kind for event in await store.history(session, number)]
    assert (decision.due - clock()).total_seconds() == 8 * HOUR
    assert kinds == ["submitted", "ask", "answer"]
    assert [job.payload["action"] for job in await jobs(database, TOLD)] == ["ask", "answer"]


async def test_each_running_promise_is_reminded_of_before_and_at_its_end(
    database: Database, number: int, clock: MovableClock
) -> None:
    found = {
        (job.payload["early"], (job.run_at - clock()).total_seconds())
        for job in await jobs(database, REMIND)
    }
    assert found == {(True, 1.5 * HOUR), (False, 2 * HOUR), (True, 6 * HOUR), (False, 8 * HOUR)}


async def test_what_the_other_side_does_is_refused_and_changes_nothing(
    database: Database, number: int
) -> None:
    before = await request_of(database, number)
    with pytest.raises(NotYours):
        await do(database, number, MARA, Action.ACCEPT, next_step="x")
    with pytest.raises(NotYours):
        await do(database, number, SVEN, Action.WITHDRAW)
    with pytest.raises(NotPossible):
        await do(database, number, INES, Action.DELIVER, effect="x")
    with pytest.raises(Missing):
        await do(database, number, INES, Action.DECLINE, reason="zu klein", would_change="")
    with pytest.raises(RequestNotFound):
        await do(database, number + 1, INES, Action.TAKE)
    assert await request_of(database, number) == before
    assert await jobs(database, TOLD) == []


async def test_a_confidential_request_is_not_even_there_for_others(database: Database) -> None:
    async with database.unit() as unit:
        request, _ = await store.submit(unit, submission(99, confidential=True), "playground")
        await unit.commit()
    with pytest.raises(RequestNotFound):
        await do(database, request.number, SVEN, Action.COMMENT, text="Was ist das?")
    assert await do(database, request.number, INES, Action.COMMENT, text="Ok") is State.SUBMITTED


async def test_a_double_click_is_one(database: Database, number: int) -> None:
    """The second has another key, for a vendor counts clicks; the card that was pressed is the same."""
    seen = (await request_of(database, number)).version
    await do(database, number, INES, Action.TAKE, seen)
    await do(database, number, INES, Action.ASK, seen, text="Welche Listen?")
    with pytest.raises(Repeated):
        await do(database, number, INES, Action.ASK, seen, text="Welche Listen?")
    await do(database, number, INES, Action.ASK, seen, text="Bis wann?")
    assert [job.payload["action"] for job in await jobs(database, TOLD)] == ["take", "ask", "ask"]


async def test_what_was_pressed_before_is_not_done_again_by_a_late_press(
    database: Database, number: int
) -> None:
    """Whoever saw no answer presses everything once more, in the order in which they pressed it."""
    versions = []
    for action, given in ((Action.TAKE, {}), (Action.ASK, {"text": "Welche Listen?"})):
        versions.append((action, given, (await request_of(database, number)).version))
        await do(database, number, INES, action, versions[-1][2], **given)
    for action, given, seen in versions:
        with pytest.raises(Repeated):
            await do(database, number, INES, action, seen, **given)
    assert [job.payload["action"] for job in await jobs(database, TOLD)] == ["take", "ask"]


async def test_watching_goes_on_and_off_from_one_card(database: Database, number: int) -> None:
    seen = (await request_of(database, number)).version
    for on in (True, False, True):
        await do(database, number, SVEN, Action.WATCH, seen, on=on)


async def test_of_two_who_press_at_once_one_wins(database: Database, number: int) -> None:
    seen = (await request_of(database, number)).version
    results = await asyncio.gather(
        do(database, number, INES, Action.TAKE, seen),
        do(database, number, IVO, Action.TAKE, seen),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["Overtaken", "State"]
    with pytest.raises(Overtaken):
        await do(database, number, IDA, Action.DECLINE, seen, reason="x", would_change="y")
