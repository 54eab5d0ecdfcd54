"""Whoever has promised something is reminded before and at the deadline, the role behind a day later."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from bot.i18n import LANGUAGES, sentences
from bot.jobs.tables import Job
from bot.people import absence, records
from bot.people.tell import TELL
from bot.requests import store
from bot.requests.states import State
from bot.triage.promises import after, begun, remind_at
from bot.triage.reminders import Stage, stands
from bot.triage.service import REMIND
from bot.triage.workflow import CLOCKS_OF, Action, Clock, Standing, possible, step
from tests.db.fixtures import MovableClock
from tests.triage.team import ROLES, Team
from tests.triage.test_promises import BOTH, FULL, MONDAY, TERMS
from tests.world import words

HOUR, DAY = 3600, 24 * 3600
MONDAY_9 = dt.datetime(2027, 1, 4, 8, tzinfo=dt.UTC)  # 9 o'clock in Zurich


@pytest.fixture
def monday(clock: MovableClock) -> MovableClock:
    """A Monday morning without holidays around."""
    clock.at = MONDAY_9
    return clock


async def said(team: Team) -> list[tuple[str, str]]:
    """Who is reminded of what, of all that is due now."""
    posts = [post for post in await team.world.work() if post.key.startswith(("job-", "reminded-"))]
    return [(post.place, words(post.card)) for post in posts if post.place.startswith("@")]


async def pass_time(team: Team, clock: MovableClock, days: float) -> list[tuple[str, str]]:
    """Let time pass from reminder to reminder, with a worker that is never late."""
    read, end = [], clock.at + dt.timedelta(days=days)
    while waiting := [job.run_at for job in await jobs(team, REMIND) if job.done_at is None]:
        if (at := min(waiting)) > end:
            break
        clock.at = max(clock.at, at)
        read += await said(team)
    clock.at = end
    return read


async def test_nobody_has_taken_it_the_team_is_reminded_then_the_lead(
    team: Team, monday: MovableClock
) -> None:
    await team.request()
    read = await pass_time(team, monday, 3.5)
    assert [to for to, _ in read] == ["@ines", "@ines", "@lena"]
    assert (
        "REQ-1 («Webinare») wartet auf die erste Antwort des Teams, versprochen bis Mi, 06.01.2027, 09:00"
        in (read[0][1])
    )
    assert "Die erste Antwort ist fällig" in read[1][1]
    assert "has had no first answer since Wed 6 January 2027, 09:00" in read[2][1]
    assert all("[REQ-1 zeigen]" in text or "[Show REQ-1]" in text for _, text in read)


async def test_the_assignee_is_reminded_of_the_decision(team: Team, monday: MovableClock) -> None:
    number = await team.request()
    await team.does("ines", number, Action.TAKE)
    read = await pass_time(team, monday, 16)
    assert [to for to, _ in read] == ["@ines", "@ines", "@lena"]
    assert "Entscheidung" in read[0][1]
    assert "decision" in read[2][1]


async def test_both_sides_alike_the_requester_is_reminded_too(team: Team, monday: MovableClock) -> None:
    number = await team.request()
    await team.does("ines", number, Action.ASK, text="Welche Listen?")
    read = await pass_time(team, monday, 5)
    assert [(to, "Antwort" in text) for to, text in read] == [
        ("@mara", True),
        ("@mara", True),
        ("@ines", True),
    ]


async def test_what_rests_or_ended_reminds_nobody(team: Team, monday: MovableClock) -> None:
    resting, ended = await team.request(), await team.request()
    await team.does("ines", resting, Action.ASK, text="Welche?")
    await team.does("ines", ended, Action.DECLINE, reason="x", would_change="y")
    await pass_time(team, monday, 30)
    told = [job for job in await jobs(team, TELL) if job.payload["key"].startswith("queue.")]
    assert {job.payload["values"]["label"] for job in told} == {f"REQ-{resting}"}
    assert {job.payload["key"].split(".")[2] for job in told} == {"answer"}


async def test_a_promise_that_moved_is_reminded_of_at_its_new_deadline_once(
    team: Team, monday: MovableClock
) -> None:
    number = await team.request()
    await team.does("ines", number, Action.ASK, text="Welche?")
    await pass_time(team, monday, 2)
    await team.does("mara", number, Action.ANSWER, text="Alle.")
    monday.at = MONDAY_9 + dt.timedelta(days=13, hours=23)  # the old deadline is in an hour
    assert [text for _, text in await said(team) if "fällig" in text] == []
    read = await pass_time(team, monday, 4)
    assert [text.split(":")[0] for _, text in read if "fällig" in text] == ["REQ-1 («Webinare»)"]


async def test_who_withdrew_is_left_alone(team: Team, monday: MovableClock) -> None:
    number = await team.request()
    await team.does("mara", number, Action.WITHDRAW)
    assert await pass_time(team, monday, 5) == []


async def test_never_twice_even_if_a_job_runs_again(team: Team, monday: MovableClock) -> None:
    await team.request()
    monday.move(2 * DAY)
    first = await said(team)
    async with team.klartext.database.unit() as unit:
        rows = (await unit.session.exec(select(Job).where(Job.kind == REMIND))).all()
        for row in rows:
            row.done_at = None
        await unit.commit()
    assert len(first) == 1
    assert await said(team) == []


async def test_a_worker_that_was_away_leaves_out_what_is_past(team: Team, monday: MovableClock) -> None:
    await team.request()
    monday.move(5 * DAY)
    read = await said(team)
    assert [to for to, _ in read] == ["@ines", "@lena"]
    assert read[0][1].startswith("REQ-1 («Webinare»): Die erste Antwort ist")


async def test_a_clock_that_was_set_back_reminds_later(team: Team, monday: MovableClock) -> None:
    await team.request()
    async with team.klartext.database.unit() as unit:
        rows = (await unit.session.exec(select(Job).where(Job.kind == REMIND))).all()
        for row in rows:
            row.run_at = monday()
        await unit.commit()
    read = await said(team)
    assert all("fällig" not in text for _, text in read)


@pytest.mark.parametrize(("deputy", "reminded"), [("sven", "@sven"), ("lena", "@ines")])
async def test_a_deputy_is_reminded_instead_if_they_may_do_it(
    team: Team, monday: MovableClock, deputy: str, reminded: str
) -> None:
    number = await team.request()
    await team.does("ines", number, Action.TAKE)
    ines, instead = await team.person("ines"), await team.person(deputy)
    async with team.klartext.database.unit() as unit:
        until = monday().date() + dt.timedelta(days=40)
        await absence.leave(unit, ines, until, instead)
        await unit.commit()
    read = await pass_time(team, monday, 14)
    assert [to for to, _ in read] == [reminded, reminded]


async def test_who_has_lost_the_role_is_left_alone_and_the_team_is_reminded(
    team: Team, monday: MovableClock
) -> None:
    number = await team.request()
    await team.does("ines", number, Action.TAKE)
    await team.person("lena")
    roles = {"it_triage": ["user:lena"], "it_lead": ["user:lena"]}
    team.klartext.directory.roles = ROLES.model_copy(update={"roles": roles})
    assert [to for to, _ in await pass_time(team, monday, 14)] == ["@lena", "@lena"]


async def test_deputies_of_deputies_rings_and_nobody(team: Team, clock: MovableClock) -> None:
    mara, lena, sven, ines = [await team.person(name) for name in ("mara", "lena", "sven", "ines")]
    today = clock().date()
    database = team.klartext.database
    async with database.unit() as unit:
        await absence.leave(unit, mara, today, lena)
        await absence.leave(unit, lena, today, sven)
        await unit.commit()
    async with database.unit() as unit:
        assert await absence.stand_in(unit.session, mara, today) == sven
        assert await absence.doing_work_of(unit.session, sven, today) == {sven, lena, mara}
        assert await absence.stand_in(unit.session, mara, today + dt.timedelta(days=1)) == mara
        await absence.leave(unit, sven, today, mara)
        assert await absence.stand_in(unit.session, mara, today) is None
        await absence.leave(unit, ines, today, None)
        assert await absence.stand_in(unit.session, ines, today) is None
        await absence.come_back(unit, sven)
        assert await absence.stand_in(unit.session, mara, today) == sven
        await unit.commit()
    async with database.unit() as unit:
        await records.forget(unit, [lena], (absence.AbsenceTraces(),))
        assert await absence.stand_in(unit.session, mara, today) is None
        exported = await absence.AbsenceTraces().export(unit.session, [mara])
        assert [row["person"] for row in exported["absences"]] == [mara]


async def test_whose_account_is_gone_the_team_is_reminded(team: Team, monday: MovableClock) -> None:
    number = await team.request()
    await team.does("ines", number, Action.TAKE)
    async with team.klartext.database.unit() as unit:
        request = await store.find(unit.session, number, for_update=True)
        request.assignee = 9_999
        await unit.commit()
    assert [to for to, _ in await pass_time(team, monday, 10.5)] == ["@ines"]


async def test_a_confidential_one_is_named_by_its_number_alone(team: Team, monday: MovableClock) -> None:
    await team.request(title="Kündigungen planen", confidential=True)
    for _, text in await pass_time(team, monday, 4):
        assert "REQ-1 · " in text
        assert "Kündigungen" not in text


async def jobs(team: Team, kind: str) -> list[Job]:
    """The jobs of a kind."""
    async with team.klartext.database.reading() as session:
        rows = select(Job).where(Job.kind == kind).order_by(col(Job.id))
        return list((await session.exec(rows)).all())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clock_has_its_words(language: str) -> None:
    for clock in Clock:
        for stage in Stage:
            assert f"queue.remind.{clock}.{stage}" in sentences(language)


@given(st.data())
def test_never_before_it_began_never_after_it_rests_or_ended(data: st.DataObject) -> None:
    """Any walk through the workflow: each planned reminder speaks only while its promise runs."""
    at, standing = MONDAY, Standing(State.SUBMITTED)
    promises = begun(TERMS, at)
    planned = {(promise.clock, promise.due): promise for promise in promises}
    for _ in range(data.draw(st.integers(0, 6))):
        actions = possible(standing, BOTH)
        if not actions:
            break
        at += dt.timedelta(hours=data.draw(st.integers(0, 120)))
        done = step(standing, data.draw(st.sampled_from(actions)), BOTH, {**FULL, **MORE})
        standing = Standing(done.state, done.before)
        promises = after(TERMS, promises, done, at)
        planned |= {(promise.clock, promise.due): promise for promise in promises if promise.runs}
        for (_, due), promise in planned.items():
            assert promise.begun <= remind_at(TERMS, promise) <= promise.due
            for now in promises:
                for stage in Stage:
                    if stands(now, due, stage, at):
                        assert now.runs
                        assert now.due == due
                        assert CLOCKS_OF[now.clock] == "requester" or not done.rests or now.late(at)


MORE = dict.fromkeys(("assignee", "priority", "date", "proposal"), "1")
