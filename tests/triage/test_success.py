"""Delivered: both teams are thanked, people only if they agreed; a month later: what has it brought?"""

import datetime as dt
from typing import Any

import pytest

from bot.channels.slack.errors import NotThere
from bot.chat.events import Place
from bot.chat.replies import Close, Errors, Open
from bot.chat.ui import Button
from bot.people import absence
from bot.people.places import bind
from bot.requests import store
from bot.triage.success_cards import MEASURE, MEASURED
from bot.triage.workflow import Action
from tests.db.fixtures import MovableClock
from tests.triage.room import Office
from tests.triage.team import Team
from tests.triage.test_agenda import agenda
from tests.triage.test_told import told
from tests.world import CHANNEL, Posted, buttons, form_of, words

DAY = 24 * 3600
FIGURE = {"effect": "Schneller.", "kpi": "Reaktionszeit", "before": "3 Tage", "after": "24 h"}


async def delivered(team: Team, **given: Any) -> int:
    """The number of a request that was delivered."""
    number = await team.request(title="Webinare", **given.pop("request", {}))
    await team.does("ines", number, Action.ACCEPT, next_step="x")
    await team.does("ines", number, Action.DELIVER, **{**FIGURE, **given})
    return number


async def posts(team: Team, said: str) -> list[Posted]:
    """The posts that say this, of all that is due now."""
    return [post for post in await team.world.work() if said in words(post.card)]


async def test_the_post_names_both_teams_and_nobody_who_did_not_agree(team: Team) -> None:
    number = await delivered(team, helpers=[await team.person("lena")])
    (post,) = await posts(team, "ist live: ")
    assert post.place == "#it-anfragen"
    text = words(post.card)
    assert f"🎉 REQ-{number} ist live: Webinare" in text
    assert "Reaktionszeit: 3 Tage → 24 h" in text
    assert "Danke an Marketing und IT." in text
    assert "Lena" not in text


async def test_without_the_figure_of_today_what_is_better_is_said_everywhere(office: Office) -> None:
    """The figure before stands in the form already: alone it would be announced as the result."""
    number = await office.request()
    await office.do("ivo", number, "Annehmen", next_step="x")
    given = {"effect": "Niemand tippt ab.", "kpi": "Reaktionszeit", "before": "3 Tage"}
    await office.do("ivo", number, "Ausliefern", **given)
    (post,) = office.posts(label="ist live")
    shown = [words(card) for card in (post.card, office.headline(number), office.own(number))]
    for text in (*shown, *(one for one in await told(office, "mara") if "ist live" in one)):
        assert "Niemand tippt ab." in text
        assert "3 Tage" not in text


async def test_people_are_named_who_agreed(team: Team) -> None:
    people = [await team.person("lena"), await team.person("sven"), 9_999]
    await delivered(team, helpers=people, named=True)
    (post,) = await posts(team, "ist live: ")
    assert "Mitgeholfen: Lena und Sven." in words(post.card)


async def test_a_confidential_one_is_posted_nowhere_but_asked_for(team: Team, clock: MovableClock) -> None:
    await delivered(team, request={"confidential": True})
    assert await posts(team, "ist live: ") == []
    clock.move(31 * DAY)
    (asked,) = await posts(team, "seit einem Monat")
    assert asked.place == "@mara"
    form = form_of(await team.world.press("mara", buttons(asked.card)["Was hat es gebracht?"]))
    noted = words(await team.world.submit("mara", form, {"benefit": "yes"}))
    assert "steht jetzt, was es gebracht hat" in noted
    assert "Tagesordnung" not in noted  # no agenda shows it


async def test_while_the_channel_is_away_the_post_waits_and_goes_where_its_name_is_then(
    team: Team, clock: MovableClock
) -> None:
    number = await delivered(team)
    opened_again = await delivered(team)
    team.world.channel.refuses = NotThere("chat.postMessage", "is_archived")
    for _ in range(40):  # longer than any number of attempts
        assert await posts(team, "ist live: ") == []
        clock.move(DAY / 48)
    await team.does("mara", opened_again, Action.REOPEN, text="Geht nicht.")
    team.world.channel.refuses = None
    async with team.klartext.database.unit() as unit:
        await bind(unit, "#it-anfragen", Place(CHANNEL, "#neu"))
        await unit.commit()
    (post,) = await posts(team, "ist live: ")
    assert post.place == "#neu"
    assert f"🎉 REQ-{number} ist live" in words(post.card)
    clock.move(31 * DAY)
    assert len(await posts(team, "seit einem Monat")) == 1


async def test_a_month_later_the_requester_is_asked_once(team: Team, clock: MovableClock) -> None:
    number = await delivered(team)
    clock.move(29 * DAY)
    assert await posts(team, "seit einem Monat") == []
    clock.move(2 * DAY)
    (post,) = await posts(team, "seit einem Monat")
    assert post.place == "@mara"
    form = await team.world.press("mara", buttons(post.card)["Was hat es gebracht?"])
    assert isinstance(form, Open)
    answers = {"benefit": "partly", "value": "30 h statt 3 Tage", "text": "Es fehlt noch Teams."}
    done = await team.world.submit("mara", form.form, answers)
    assert isinstance(done, Close)
    assert "Danke!" in words(done)
    assert "Es kommt auf die nächste Tagesordnung." in words(done)
    request = await team.find(number)
    assert request.use_case["effect"] == {
        "kpi": "Reaktionszeit",
        "before": "3 Tage",
        "after": "24 h",
        **answers,
    }
    async with team.klartext.database.reading() as session:
        newest = (await store.history(session, number))[-1]
    assert (newest.kind, newest.data) == (MEASURED, answers)
    text = await agenda(team)
    assert f"REQ-{number} · Webinare · Nutzen teilweise da: 30 h statt 3 Tage" in text
    again = await team.world.press("mara", Button("x", MEASURE, str(number)))
    assert isinstance(again, Open)
    assert "30 h statt 3 Tage" in repr(again.form)


async def test_a_no_is_answered_kindly(team: Team, clock: MovableClock) -> None:
    number = await delivered(team)
    form = await team.world.press("mara", Button("x", MEASURE, str(number)))
    assert isinstance(form, Open)
    done = await team.world.submit("mara", form.form, {"benefit": "no"})
    assert "Danke, dass du es sagst" in words(done)
    clock.move(31 * DAY)
    assert await posts(team, "seit einem Monat") == []  # it is said already


async def test_what_was_opened_again_is_asked_for_after_its_new_delivery(
    team: Team, clock: MovableClock
) -> None:
    number = await delivered(team)
    clock.move(10 * DAY)
    await team.world.work()
    await team.does("mara", number, Action.REOPEN, text="Geht nicht.")
    clock.move(21 * DAY)
    assert await posts(team, "seit einem Monat") == []
    await team.does("ines", number, Action.ACCEPT, next_step="x")
    await team.does("ines", number, Action.DELIVER, **FIGURE)
    assert len(await posts(team, "ist live: ")) == 1
    clock.move(31 * DAY)
    assert len(await posts(team, "seit einem Monat")) == 1


async def test_the_deputy_is_asked_and_may_answer(team: Team, clock: MovableClock) -> None:
    number = await delivered(team)
    mara, sven = await team.person("mara"), await team.person("sven")
    async with team.klartext.database.unit() as unit:
        await absence.leave(unit, mara, clock().date() + dt.timedelta(days=60), sven)
        await unit.commit()
    await team.world.work()
    clock.move(31 * DAY)
    assert [post.place for post in await posts(team, "seit einem Monat")] == ["@sven"]
    assert isinstance(await team.world.press("sven", Button("x", MEASURE, str(number))), Open)


@pytest.mark.parametrize("value", ["", "x", "999", "9" * 30])
async def test_what_is_not_there_or_not_theirs_is_refused(team: Team, value: str) -> None:
    number = await delivered(team)
    assert "gibt es nicht" in words(await team.world.press("mara", Button("x", MEASURE, value)))
    assert "Das kann nur" in words(await team.world.press("sven", Button("x", MEASURE, str(number))))
    waiting = await team.request()
    assert "noch nicht ausgeliefert" in words(
        await team.world.press("mara", Button("x", MEASURE, str(waiting)))
    )
    form = await team.world.press("mara", Button("x", MEASURE, str(number)))
    assert isinstance(form, Open)
    before = await team.find(number)
    assert isinstance(await team.world.submit("mara", form.form, {"benefit": "perhaps"}), Errors)
    assert "Das kann nur" in words(await team.world.submit("sven", form.form, {"benefit": "yes"}))
    assert await team.find(number) == before
