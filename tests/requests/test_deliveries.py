"""One row for each tool that a request goes to; whoever joins a change adds to the same commit."""

from typing import Any

import pytest
from sqlmodel import select

from bot.db.unit_of_work import Database, Unit
from bot.jobs.queue import enqueue
from bot.jobs.tables import Job
from bot.requests import deliveries, store
from bot.requests.states import Passing
from bot.requests.tables import Request
from tests.db.fixtures import MovableClock
from tests.requests.test_store import submission, submitted


async def test_a_request_is_expected_once(database: Database, clock: MovableClock) -> None:
    number = await submitted(database)
    for _ in range(2):
        async with database.unit() as unit:
            await deliveries.expect(unit, number, "jira")
            await deliveries.expect(unit, number, "mail")
            await unit.commit()
        clock.move(60)
    async with database.reading() as session:
        found = await deliveries.of_request(session, number)
    assert [(one.connector, one.state) for one in found] == [
        ("jira", Passing.WAITING),
        ("mail", Passing.WAITING),
    ]


async def test_what_a_tool_calls_it(database: Database, clock: MovableClock) -> None:
    number = await submitted(database)
    async with database.unit() as unit:
        await deliveries.expect(unit, number, "jira")
        row = await deliveries.find(unit.session, number, "jira", for_update=True)
        assert row is not None
        clock.move(5)
        await deliveries.note(unit, row, state=Passing.ARRIVED, remote="KEY-1", count=1)
        await unit.commit()
    async with database.reading() as session:
        known = await deliveries.known_as(session, "jira", "KEY-1")
        assert known is not None
        assert (known.request, known.state, known.changed_at) == (number, Passing.ARRIVED, clock())
        assert await deliveries.known_as(session, "mail", "KEY-1") is None
        assert await deliveries.find(session, number + 1, "jira") is None


async def passed_on(unit: Unit, request: Request) -> None:
    """Somebody who has a job for every change."""
    await enqueue(unit, "test.passed", {"request": request.number, "state": request.state})


async def kinds(database: Database) -> list[Any]:
    """The kinds of all jobs."""
    async with database.reading() as session:
        return list((await session.exec(select(Job.kind).order_by(Job.kind))).all())


async def test_who_joins_is_part_of_every_change(database: Database) -> None:
    database.join(store.HAPPENED, passed_on)
    await submitted(database)
    assert await kinds(database) == [store.SHOW_CARD, "test.passed"]


async def test_nothing_of_it_stays_if_the_unit_does_not(database: Database) -> None:
    database.join(store.HAPPENED, passed_on)
    async with database.unit() as unit:
        await store.submit(unit, submission(), "playground")
    assert await kinds(database) == []


async def broken(unit: Unit, about: Any) -> None:
    """Somebody who fails."""
    raise LookupError(about)


async def test_a_change_fails_with_whoever_takes_part(database: Database) -> None:
    database.join(store.HAPPENED, broken)
    with pytest.raises(LookupError):
        await submitted(database)
    assert await kinds(database) == []
