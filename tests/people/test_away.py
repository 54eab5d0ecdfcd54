"""Somebody is away: until when, who stands in, and what a client may not say about it."""

import datetime as dt

import pytest

from bot.chat.replies import Close, Errors, Open, Tell
from bot.people.away import LONGEST, day_in
from tests.db.fixtures import MovableClock
from tests.world import World, buttons, form_of, words

TODAY = dt.date(2026, 12, 1)
DAY = 24 * 3600


async def test_away_with_a_deputy_who_hears_of_it_and_back_again(world: World, clock: MovableClock) -> None:
    until = clock().date() + dt.timedelta(days=10)
    form = form_of(await world.say("mara", f"ich bin weg bis {until.isoformat()}"))
    assert form.elements[0].initial == until.isoformat()  # type: ignore[union-attr]
    done = await world.submit("mara", form, {"until": until.isoformat(), "deputy": "sven"})
    assert isinstance(done, Close)
    assert f"Du bist weg bis {until:%d.%m.%Y}. Sven vertritt dich" in words(done)
    told = [post for post in await world.work() if post.to == "sven"]
    assert f"Mara ist weg bis {until:%d.%m.%Y} und hat dich" in words(told[0].card)
    known = await world.say("mara", "abwesenheit")
    assert "Sven vertritt dich" in words(known)
    change = form_of(await world.press("mara", buttons(known)["Ändern"]))
    assert change.elements[1].initial == ("sven",)  # type: ignore[union-attr]
    back = await world.press("mara", buttons(known)["Ich bin wieder da"])
    assert "wieder da" in words(back)
    assert isinstance(await world.say("mara", "abwesend"), Open)


async def test_an_absence_ends_by_itself(world: World, clock: MovableClock) -> None:
    form = form_of(await world.say("lena", "away"))
    done = await world.submit("lena", form, {"until": clock().date().isoformat(), "deputy": ""})
    assert "Reminders of work in a team go to the team" in words(done)
    clock.move(DAY)
    assert isinstance(await world.say("lena", "away"), Open)


async def test_what_cannot_be_is_said_at_its_field(world: World, clock: MovableClock) -> None:
    form = form_of(await world.say("mara", "abwesend"))
    today = clock().date()
    for day in (
        "",
        "x",
        "31.12.2026",
        str(today - dt.timedelta(1)),
        str(today + LONGEST + dt.timedelta(1)),
    ):
        reply = await world.submit("mara", form, {"until": day})
        assert isinstance(reply, Errors), day
        assert set(reply.sentences) == {"until"}
    for deputy in ("mara", "x" * 300):
        reply = await world.submit("mara", form, {"until": str(today), "deputy": deputy})
        assert isinstance(reply, Errors), deputy
        assert set(reply.sentences) == {"deputy"}
    assert isinstance(await world.say("mara", "abwesend"), Open)  # nothing of it was kept


async def test_it_is_in_the_settings_and_in_no_question(world: World) -> None:
    settings = await world.say("mara", "einstellungen")
    assert isinstance(await world.press("mara", buttons(settings)["Abwesenheit"]), Open)
    asked = await world.say("mara", "was heisst abwesend?")
    assert isinstance(asked, Tell)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ich bin weg bis 24.12.", dt.date(2026, 12, 24)),
        ("weg bis 3. 1.", dt.date(2027, 1, 3)),
        ("weg bis 3.1.2027, danke", dt.date(2027, 1, 3)),
        ("away until 2027-02-28", dt.date(2027, 2, 28)),
        ("weg bis 30.2.", None),
        ("weg bis 99.99.9999", None),
        ("weg bis Freitag", None),
        ("weg bis 29.2.", None),
    ],
)
def test_a_day_as_people_write_it(text: str, day: dt.date | None) -> None:
    assert day_in(text, TODAY) == day
