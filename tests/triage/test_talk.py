"""What was written stands with the request, and the team's comments travel to nobody else."""

import datetime as dt

import pytest

from bot.requests import store
from bot.requests.tables import RequestEvent
from bot.triage import talk
from bot.triage.workflow import Action
from tests.triage.room import SECTIONS, Office
from tests.world import CHANNEL, buttons, form_of, words

AT = dt.datetime(2027, 1, 4, 10, tzinfo=dt.UTC)


async def whole(office: Office, name: str, number: int) -> str:
    """The request as somebody sees it by its name."""
    return words(await office.world.say(name, f"REQ-{number}", command="request"))


async def comment(office: Office, name: str, number: int, text: str) -> None:
    """A comment by the button below the whole request."""
    shown = await office.world.say(name, f"REQ-{number}", command="request")
    opened = await office.world.press(name, buttons(shown)["Kommentieren"])
    await office.fill(name, form_of(opened), "", text=text)
    await office.world.work()


async def test_the_team_reads_its_comments_and_what_went_between(office: Office) -> None:
    number = await office.request()
    await comment(office, "ines", number, "Das hatten wir schon einmal.")
    await office.do("ines", number, "Rückfrage", text="Welches Webinar?")
    await office.do_own("mara", number, "Antworten", text="Das im März.")
    seen = await whole(office, "ines", number)
    lines = (", Ines (nur fürs Team): Das hatten wir", ", Ines: Welches Webinar?", ", Mara: Das im März.")
    places = [seen.find(line) for line in lines]
    assert -1 not in places, seen
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["mara", "lena"])
async def test_a_comment_of_the_team_never_reaches_anybody_else(office: Office, name: str) -> None:
    number = await office.request()
    await comment(office, "ines", number, "Unter uns")
    await office.do("ines", number, "Rückfrage", text="Welches Webinar?")
    seen = await whole(office, name, number)
    assert f"REQ-{number}" in seen
    assert "Unter uns" not in seen
    assert (", Ines: Welches Webinar?" in seen) is (name == "mara")


@pytest.mark.parametrize("confidential", [False, True])
async def test_both_sides_read_what_was_changed_and_nobody_else(office: Office, confidential: bool) -> None:
    number = await office.request(confidential=confidential)
    mara = (await office.world.asker("mara")).person
    new = {"de": [["Worum geht es?", [["Wunsch", "Wir brauchen HubSpot"], ["Ziel", "90 % in 2 Stunden"]]]]}
    async with office.world.klartext.database.unit() as unit:
        request = await store.find(unit.session, number, for_update=True)
        await store.change(unit, request, mara, CHANNEL, sections={**SECTIONS, **new}, confidential=False)
        await unit.commit()
    await office.world.work()
    line = ", Mara hat geändert: Ziel: 80 % in 24 Stunden → 90 % in 2 Stunden"
    for name in ("ines", "mara"):
        assert line in await whole(office, name, number)
    assert "24 Stunden" not in await whole(office, "sven", number)
    assert "24 Stunden" not in words(office.headline(number))


async def test_whoever_wrote_a_comment_sees_it(office: Office) -> None:
    number = await office.request()
    await comment(office, "mara", number, "Es eilt ein wenig")
    assert "Es eilt ein wenig" in await whole(office, "mara", number)
    assert "Es eilt ein wenig" in await whole(office, "ines", number)


def test_of_much_that_was_written_the_newest_is_shown() -> None:
    written = [
        RequestEvent(id=n, request=1, kind=Action.WRITE, data={"text": f"Nr {n}."}, at=AT)
        for n in range(13)
    ]
    shown = repr(talk.elements(written, {}, dt.datetime.date, "de"))
    assert "… davor noch 3" in shown
    assert "04.01.2027, Jemand: Nr 12." in shown
    assert "Nr 2." not in shown
    assert talk.elements([], {}, dt.datetime.date, "de") == ()
