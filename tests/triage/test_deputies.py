"""Whoever is reminded can act: the requester where they read it, a deputy in their place, nobody else."""

import datetime as dt

import pytest

from bot.channels.slack.errors import NotThere
from bot.chat.ports import RetryLater
from bot.people import absence
from bot.requests.states import State
from tests.db.fixtures import MovableClock
from tests.triage.room import Office, forged
from tests.triage.test_told import below, told
from tests.world import Channel, Posted, buttons, form_of, words

DAY = dt.timedelta(days=1)
NOT_THEIRS = {
    "sven": "Das kann nur, wer die Anfrage gestellt hat.",
    "lena": "Only whoever made the request can do that.",
}


async def away(office: Office, name: str, deputy: str, days: int = 60) -> None:
    """Somebody is away, somebody else stands in."""
    who, instead = [(await office.world.asker(one)).person for one in (name, deputy)]
    database = office.world.klartext.database
    async with database.unit() as unit:
        await absence.leave(unit, who, database.clock().date() + dt.timedelta(days=days), instead)
        await unit.commit()


async def reminders(office: Office, clock: MovableClock, days: int) -> list[Posted]:
    """What people were reminded of meanwhile."""
    before = len(office.world.channel.posts)
    for _ in range(days):
        clock.at += DAY
        await office.world.work()
    return [
        one
        for one in office.world.channel.posts[before:]
        if one.key.startswith(("job-", "reminded-")) and one.place.startswith("@")
    ]


async def test_a_reminder_of_an_answer_has_a_button_and_takes_a_sentence_below_it(
    office: Office, clock: MovableClock
) -> None:
    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    *_, due = [one for one in await reminders(office, clock, 5) if one.place == "@mara"]
    assert "Deine Antwort ist fällig" in words(due.card)
    form = form_of(await office.world.press("mara", buttons(due.card)["Antworten"]))
    await office.fill("mara", form, "", text="Alle.")
    assert (await office.now(number)).state is State.SUBMITTED
    await office.do("ivo", number, "Rückfrage", text="Seit wann?")
    reply = await office.world.say("mara", "weiss ich nicht", thread=office.message(due.key))
    assert words(reply) == "Danke, das Team hat deine Antwort zu REQ-1."


async def test_a_reminder_of_a_delivery_is_confirmed_or_opened_again(
    office: Office, clock: MovableClock
) -> None:
    number = await office.request()
    await office.do("ivo", number, "Annehmen", next_step="x")
    await office.do("ivo", number, "Ausliefern", effect="Besser.")
    *_, due = [one for one in await reminders(office, clock, 8) if one.place == "@mara"]
    assert list(buttons(due.card)) == ["Passt so", "Wieder öffnen", "REQ-1 zeigen"]
    await office.world.press("mara", buttons(due.card)["Passt so"])
    assert (await office.now(number)).state is State.CONFIRMED


@pytest.mark.parametrize("refusal", [RetryLater(60), NotThere("chat.postMessage", "user_disabled")])
async def test_a_reminder_that_waits_is_not_posted_after_the_answer(
    office: Office, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    async def refuse(*_: object) -> None:
        raise refusal

    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    monkeypatch.setattr(Channel, "direct", refuse)
    assert await reminders(office, clock, 3) == []
    monkeypatch.undo()
    await office.do_own("mara", number, "Antworten", text="Alle.")
    assert [one for one in await reminders(office, clock, 1) if one.place == "@mara"] == []


async def test_a_deputy_answers_for_whoever_asked(office: Office, clock: MovableClock) -> None:
    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    await away(office, "mara", "sven")
    early, due = [one for one in await reminders(office, clock, 4) if one.place in {"@sven", "@mara"}]
    assert (early.place, due.place) == ("@sven", "@sven")
    shown = await office.world.press("sven", buttons(due.card)["REQ-1 zeigen"])
    assert {"Antworten", "Zurückziehen"} < set(buttons(shown))
    assert "Ändern" not in buttons(shown)
    form = form_of(await office.world.press("sven", buttons(due.card)["Antworten"]))
    await office.fill("sven", form, "", text="Alle.")
    await office.world.work()
    assert words(below(office, number)[-1].card) == "Sven antwortet zu REQ-1:\nAlle."
    assert (await told(office, "mara"))[-1].startswith("Sven antwortet zu REQ-1:\nAlle.")


async def test_a_deputy_answers_below_the_reminder_and_by_number(
    office: Office, clock: MovableClock
) -> None:
    number = await office.request()
    await away(office, "mara", "sven")
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    *_, due = [one for one in await reminders(office, clock, 4) if one.place == "@sven"]
    reply = await office.world.say("sven", "Alle.", thread=office.message(due.key))
    assert words(reply) == "Danke, das Team hat deine Antwort zu REQ-1."
    await office.do("ivo", number, "Rückfrage", text="Seit wann?")
    assert words(await office.world.say("sven", "REQ-1 Seit Mai.")) == words(reply)
    assert (await office.now(number)).state is State.SUBMITTED


async def test_the_team_hears_that_a_deputy_has_opened_it_again(office: Office) -> None:
    number = await office.request()
    await office.do("ivo", number, "Ablehnen", reason="small", would_change="Mehr Nutzen")
    await away(office, "mara", "sven")
    form = form_of(await office.world.press("sven", forged("triage.reopen", str(number))))
    await office.fill("sven", form, "", text="Es sind 200.")
    await office.world.work()
    assert words(below(office, number)[-1].card) == "Sven hat REQ-1 wieder geöffnet:\nEs sind 200."
    assert (await told(office, "mara"))[-1].startswith("Sven hat REQ-1 wieder geöffnet:")


async def test_nobody_stands_in_for_long_or_for_others(office: Office, clock: MovableClock) -> None:
    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    await away(office, "mara", "sven", days=1)
    for name, days in (("lena", 0), ("sven", 2)):
        clock.at += days * DAY
        reply = await office.world.press(name, forged("triage.answer", str(number)))
        assert words(reply) == NOT_THEIRS[name]


async def test_what_is_confidential_stays_with_whoever_asked(office: Office, clock: MovableClock) -> None:
    number = await office.request(confidential=True)
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    await away(office, "mara", "sven")
    read = [one.place for one in await reminders(office, clock, 4)]
    assert read.count("@mara") == 2
    assert "@sven" not in read
    reply = await office.world.press("sven", forged("triage.answer", str(number)))
    assert words(reply) == "Diese Anfrage gibt es nicht, oder sie ist nicht für dich bestimmt."
