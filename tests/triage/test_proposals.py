"""What a requester would like to change once it is accepted: the team sees both, and decides."""

from typing import Any

import pytest

from bot.chat.events import Event
from bot.chat.ui import Card, Table
from bot.requests import store
from bot.requests.states import State
from bot.triage.buttons import DIFF
from bot.triage.desk import Counter
from tests.triage.room import ROOM, SECTIONS, Office, forged
from tests.triage.test_told import below, told
from tests.world import CHANNEL, buttons, card_of, direct, form_of, words

NEW = {"de": [["Worum geht es?", [["Wunsch", "Wir brauchen HubSpot"], ["Ziel", "90 % in 2 Stunden"]]]]}


@pytest.fixture
async def number(office: Office) -> int:
    """An accepted request of Mara's."""
    number = await office.request()
    await office.do("ivo", number, "Annehmen", next_step="los")
    return number


async def propose(office: Office, number: int, **values: Any) -> None:
    """What happens when Mara sends the changed request."""
    klartext = office.world.klartext
    asker = await office.world.asker("mara")
    async with klartext.database.unit() as unit:
        request = await store.find(unit.session, number, for_update=True)
        changed = {"sections": {**SECTIONS, **NEW}, "title": "Neuer Titel", **values}
        await store.propose(unit, request, asker.person, CHANNEL, **changed)
        event = Event(asker, direct("mara"), "e")
        await Counter(klartext.database, klartext._reader).proposed(unit, request, event)
        await unit.commit()
    await office.world.work()


def table(card: Card) -> Table:
    """What is before and after."""
    return next(element for element in card.elements if isinstance(element, Table))


async def test_the_team_sees_before_and_after_and_takes_it_over(office: Office, number: int) -> None:
    await propose(office, number)
    (message,) = below(office, number)
    assert words(message.card).startswith("Mara schlägt zu REQ-1 eine Änderung vor.")
    assert next(iter(buttons(office.headline(number)))) == "Vorschlag ansehen"
    shown = await office.press("ivo", number, "Vorschlag ansehen")
    assert table(card_of(shown)).rows == (("Ziel", "80 % in 24 Stunden", "90 % in 2 Stunden"),)
    assert list(buttons(shown)) == ["Übernehmen", "Nicht übernehmen"]
    await office.world.press("ivo", buttons(shown)["Übernehmen"], ROOM)
    await office.world.work()
    request = await office.now(number)
    assert (request.title, request.sections["de"]) == ("Neuer Titel", NEW["de"])
    assert "90 % in 2 Stunden" in words(office.headline(number))
    assert "Vorschlag ansehen" not in buttons(office.headline(number))
    assert (await told(office, "mara"))[-1].startswith("Dein Vorschlag zu REQ-1 ist übernommen.")


async def test_a_refusal_says_why(office: Office, number: int) -> None:
    before = (await office.now(number)).sections
    await propose(office, number)
    shown = await office.press("ivo", number, "Vorschlag ansehen")
    form = form_of(await office.world.press("ivo", buttons(shown)["Nicht übernehmen"], ROOM))
    await office.fill("ivo", form, reason="Zu spät dafür")
    await office.world.work()
    assert (await office.now(number)).sections == before
    said = (await told(office, "mara"))[-1]
    assert said.startswith("Dein Vorschlag zu REQ-1 ist nicht übernommen.\nGrund: Zu spät dafür")


async def test_a_newer_proposal_counts_and_one_is_decided_once(office: Office, number: int) -> None:
    await propose(office, number)
    old = buttons(await office.press("ivo", number, "Vorschlag ansehen"))["Übernehmen"]
    await propose(office, number, title="Noch neuer")
    late = await office.world.press("ivo", old, ROOM)
    assert words(late).startswith("Mara war schneller: eine Änderung vorgeschlagen.")
    fresh = buttons(await office.press("ivo", number, "Vorschlag ansehen"))["Übernehmen"]
    await office.world.press("ivo", fresh, ROOM)
    assert (await office.now(number)).title == "Noch neuer"
    await office.world.press("ivo", fresh, ROOM)
    kinds = await office.kinds(number)
    assert kinds.count("take_over") == 1


async def test_what_was_asked_meanwhile_hides_no_proposal(office: Office, number: int) -> None:
    await office.do("ivo", number, "Rückfrage", text="Welches Ziel?")
    assert "Änderung vorschlagen" in buttons(office.own(number))
    await propose(office, number)
    shown = await office.press("ivo", number, "Vorschlag ansehen")
    await office.world.press("ivo", buttons(shown)["Übernehmen"], ROOM)
    assert (await office.now(number)).title == "Neuer Titel"
    assert (await office.now(number)).state is State.IN_CLARIFICATION


async def test_an_end_and_a_later_change_end_a_proposal(office: Office, number: int) -> None:
    await propose(office, number)
    await office.do("ivo", number, "Ablehnen", reason="small", would_change="x")
    gone = "Zu REQ-1 liegt kein Vorschlag (mehr) vor."
    assert words(await office.world.press("ivo", forged(DIFF, str(number)))) == gone
    await office.do_own("mara", number, "Wieder öffnen", text="doch")
    await office.do("ivo", number, "Annehmen", next_step="los")
    assert "Vorschlag ansehen" not in buttons(office.headline(number))
    await office.world.press("ivo", forged("triage.take_over", str(number)))
    assert (await office.now(number)).title == "Webinare ohne Abtippen"


async def test_others_may_look_but_not_decide(office: Office, number: int) -> None:
    await propose(office, number)
    shown = await office.world.press("mara", forged(DIFF, str(number)))
    assert list(buttons(shown)) == []
    refused = await office.world.press("mara", forged("triage.take_over", str(number)))
    assert words(refused) == "Das kann nur, wer zum Team dieser Anfrage gehört."
    other = await office.request(draft=9)
    assert "kein Vorschlag" in words(await office.world.press("sven", forged(DIFF, str(other))))
