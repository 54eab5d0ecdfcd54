"""The date that people read is the one of the clock: named, moved, at rest, and too far away."""

import datetime as dt

import pytest

from bot.requests.states import State
from tests.db.fixtures import MovableClock
from tests.triage.room import SLA, Office, mistakes
from tests.triage.test_reminders import monday  # noqa: F401
from tests.world import buttons, words

DAY = dt.timedelta(days=1)
PROMISED = {**SLA, "team": {**SLA["team"], "delivery": "5bd"}}


@pytest.fixture
def promising(office: Office, monday: MovableClock) -> Office:  # noqa: F811
    """The flow promises a delivery within five business days."""
    object.__setattr__(office.world.klartext.clocks, "promised", lambda _flow: PROMISED)
    return office


async def pass_days(office: Office, clock: MovableClock, days: int) -> list[str]:
    """What people read in direct messages meanwhile."""
    before = len(office.world.channel.posts)
    for _ in range(days):
        clock.at += DAY
        await office.world.work()
    return [words(one.card) for one in office.world.channel.posts[before:] if one.place != "#it-anfragen"]


async def test_the_team_is_reminded_of_the_day_that_it_has_named(
    promising: Office, clock: MovableClock
) -> None:
    number = await promising.request()
    await promising.do("ivo", number, "Übernehmen")
    await promising.do("ivo", number, "Annehmen", next_step="x", date="2027-03-01")
    for card in (promising.headline(number), promising.own(number)):
        assert "Am Zug: das Team, bis Mo, 01.03.2027, 17:00" in words(card)
        assert "Termin: Mo, 01.03.2027" in words(card)
    await promising.do("ivo", number, "Beginnen")
    assert await pass_days(promising, clock, 14) == []
    await promising.do("ivo", number, "Einplanen", date="2027-02-01")
    early, due, *late = await pass_days(promising, clock, 20)
    assert "ist bis Mo, 01.02.2027, 17:00 versprochen" in early
    assert "jetzt" in due
    assert any("war bis Mo, 01.02.2027, 17:00 versprochen" in text for text in late)


async def test_work_in_progress_gets_a_new_day_and_stays_in_progress(promising: Office) -> None:
    number = await promising.request()
    await promising.do("ivo", number, "Annehmen", next_step="x")
    await promising.do("ivo", number, "Beginnen")
    assert "Einplanen" in buttons(promising.headline(number))
    await promising.do("ivo", number, "Einplanen", date="2027-04-01")
    assert (await promising.now(number)).state is State.IN_PROGRESS
    assert "REQ-1 hat einen Termin." in words(promising.posts("@mara")[-1].card)
    assert "bis Do, 01.04.2027, 17:00" in words(promising.headline(number))


async def test_a_question_moves_the_day_that_is_read_with_the_clock(
    promising: Office, clock: MovableClock
) -> None:
    number = await promising.request()
    await promising.do("ivo", number, "Annehmen", next_step="x", date="2027-01-08")
    await promising.do("ivo", number, "Rückfrage", text="Welche?")
    clock.at += 7 * DAY
    await promising.do_own("mara", number, "Antworten", text="Alle.")
    for card in (promising.headline(number), promising.own(number)):
        assert "Am Zug: das Team, bis Fr, 15.01.2027, 17:00" in words(card)
        assert "Termin: Fr, 15.01.2027" in words(card)


async def test_where_nothing_is_promised_the_day_is_shown_and_nobody_is_reminded(
    office: Office, clock: MovableClock
) -> None:
    number = await office.request()
    await office.do("ivo", number, "Annehmen", next_step="x", date="2027-03-01")
    assert "Termin: Mo, 01.03.2027" in words(office.own(number))
    assert await pass_days(office, clock, 100) == []


@pytest.mark.parametrize("day", ["9999-12-31", "2031-01-01"])
async def test_a_day_too_far_away_is_asked_again(promising: Office, day: str) -> None:
    number = await promising.request()
    reply = await promising.do("ivo", number, "Annehmen", next_step="x", date=day)
    assert mistakes(reply) == {"date": "Wähl einen Tag, der höchstens drei Jahre voraus liegt."}
    assert await promising.kinds(number) == ["submitted"]
