"""Who reads of what: the requester for themselves, the team below its card, supporters of decisions."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.channels.slack.errors import NotThere
from bot.chat.events import Place
from bot.chat.ports import MessageGone, Unreachable
from bot.people.places import bind
from bot.requests import store
from bot.requests.states import State
from tests.db.fixtures import MovableClock
from tests.triage.room import ROOM, SLA, Office, forged
from tests.world import CHANNEL, Posted, buttons, form_of, words

HOUR = 3_600


async def told(office: Office, name: str) -> list[str]:
    """What somebody read of requests, beside their own card."""
    return [words(one.card) for one in office.posts(f"@{name}") if one.key.startswith("told-")]


def below(office: Office, number: int) -> list[Posted]:
    """What stands below the card of the team."""
    root = office.message(f"headline:{number}")
    return [one for one in office.posts() if one.thread == root]


async def join(office: Office, number: int, name: str) -> None:
    """Somebody wants the same."""
    person = (await office.world.asker(name)).person
    async with office.world.klartext.database.unit() as unit:
        request = await store.find(unit.session, number, for_update=True)
        await store.join(unit, request, person, CHANNEL)
        await unit.commit()
    await office.world.work()


async def test_the_requester_reads_the_question_and_the_team_the_answer(office: Office) -> None:
    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Welche <!channel> *Listen*?")
    (question,) = await told(office, "mara")
    assert question.startswith("Ivo fragt zu REQ-1:\nWelche <!channel> *Listen*?\nAntwort bitte bis ")
    assert "[Antworten]" in question
    await office.do_own("mara", number, "Antworten", text="Alle.")
    (answer,) = below(office, number)
    assert words(answer.card) == "Mara antwortet zu REQ-1:\nAlle."
    assert len(await told(office, "mara")) == 1


@pytest.mark.parametrize(("pause", "rests"), [("waiting_for_requester", True), ("never", False)])
async def test_a_question_says_that_the_clock_rests_only_if_it_does(
    office: Office, pause: str, rests: bool
) -> None:
    object.__setattr__(office.world.klartext.clocks, "promised", lambda _flow: {**SLA, "pause_when": pause})
    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    (question,) = await told(office, "mara")
    assert "Antwort bitte bis " in question
    assert ("ruht die Frist des Teams" in question) is rests


async def test_each_reads_in_their_own_language(office: Office) -> None:
    number = await office.request("lena")
    await office.do("ivo", number, "Annehmen", next_step="Termin", date="2027-03-01")
    (said,) = await told(office, "lena")
    assert said.splitlines()[:3] == [
        "REQ-1 is accepted. The next step:",
        "Termin",
        "Date: Mon 1 March 2027",
    ]


async def test_supporters_and_watchers_hear_of_decisions_only(office: Office) -> None:
    number = await office.request()
    await join(office, number, "sven")
    await office.world.press("lena", forged("triage.watch", str(number)))
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    assert await told(office, "sven") == await told(office, "lena") == []
    await office.do("ivo", number, "Ablehnen", reason="small", would_change="mehr")
    for name in ("mara", "sven", "lena"):
        reason = "Reason: too little benefit" if name == "lena" else "Grund: Nutzen zu klein"
        assert reason in (await told(office, name))[-1]
    assert await told(office, "ivo") == []
    await office.world.press("lena", forged("triage.watch", str(number)))
    await office.do("ivo", number, "Wieder öffnen", text="doch")
    assert len(await told(office, "lena")) == 1


async def test_who_is_assigned_hears_of_it_and_a_comment_stays_with_the_team(office: Office) -> None:
    number = await office.request()
    await office.do("ivo", number, "Zuweisen", assignee="ida")
    assert (await told(office, "ida"))[0].startswith("Ivo has assigned REQ-1 to you.")
    form = form_of(await office.world.press("ivo", forged("triage.comment", str(number)), ROOM))
    await office.fill("ivo", form, text="intern")
    await office.world.work()
    assert [words(one.card) for one in below(office, number)] == ["Ivo kommentiert REQ-1:\nintern"]
    assert await told(office, "mara") == []


async def test_merged_requests_tell_everybody_once_and_go_on_together(office: Office) -> None:
    first, second = await office.request(), await office.request("sven", 8)
    await join(office, second, "lena")
    await office.do("ivo", second, "Zusammenführen", target="req-1")
    assert (await office.now(second)).merged_into == first
    for name, sentence in (
        ("sven", "REQ-2 läuft jetzt in REQ-1 weiter. Nichts geht verloren."),
        ("lena", "REQ-2 now continues in REQ-1. Nothing is lost."),
        ("mara", "REQ-2 läuft jetzt hier in REQ-1 weiter."),
    ):
        (said,) = await told(office, name)
        assert said.startswith(sentence)
    assert "Dabei: 2" in words(office.headline(first))
    assert "Läuft jetzt in REQ-1 weiter." in words(office.headline(second))
    assert list(buttons(office.headline(second))) == ["REQ-2 zeigen"]
    await office.do("ivo", first, "Annehmen", next_step="los")
    assert len(await told(office, "sven")) == len(await told(office, "lena")) == 2


@pytest.mark.parametrize("end", ["declined", "merged", "confidential"])
async def test_nothing_is_merged_into_what_has_ended_or_is_confidential(office: Office, end: str) -> None:
    target = await office.request(confidential=end == "confidential")
    number, third = await office.request("sven", 8), await office.request("sven", 9)
    if end == "declined":
        await office.do("ivo", target, "Ablehnen", reason="small", would_change="x")
    if end == "merged":
        await office.do("ivo", target, "Zusammenführen", target=str(third))
    before = await office.now(number)
    await office.do("ivo", number, "Zusammenführen", target=str(target))
    assert await office.now(number) == before


async def test_two_that_are_merged_into_each_other_make_no_ring(office: Office) -> None:
    first, second = await office.request(), await office.request("sven", 8)
    form = form_of(await office.press("ida", second, "Zusammenführen"))
    await office.do("ivo", first, "Zusammenführen", target=str(second))
    await office.fill("ida", form, target=str(first))
    assert (await office.now(second)).state is State.SUBMITTED
    assert (await office.now(second)).merged_into is None


async def test_the_thread_of_a_confidential_request_says_no_word_of_it(office: Office) -> None:
    number = await office.request(confidential=True)
    await office.do("ivo", number, "Rückfrage", text="geheim?")
    await office.do_own("mara", number, "Antworten", text="streng geheim")
    (answer,) = below(office, number)
    assert "geheim" not in words(answer.card)


async def test_a_requester_who_withdraws_tells_the_team(office: Office) -> None:
    number = await office.request()
    await office.do_own("mara", number, "Zurückziehen")
    assert [words(one.card) for one in below(office, number)] == ["Mara hat REQ-1 zurückgezogen."]
    assert (await office.now(number)).state is State.WITHDRAWN


async def test_while_the_channel_is_closed_nothing_is_lost_and_an_admin_hears_once(
    office: Office, clock: MovableClock
) -> None:
    office.world.channel.refuses = NotThere("chat.postMessage", "is_archived")
    first, second = await office.request(), await office.request("sven", 8)
    for _ in range(30):  # hours, in which a job that fails would die
        clock.move(HOUR)
        await office.world.work()
    assert office.posts() == []
    assert "Stand: eingereicht" in words(office.own(first))
    alarms = [one for one in office.posts("@ines") if "#it-anfragen kommen nicht an" in words(one.card)]
    assert len(alarms) == 1
    office.world.channel.refuses = None
    clock.move(HOUR)
    await office.world.work()
    assert sorted(one.key for one in office.posts()) == [f"headline:{first}", f"headline:{second}"]


async def test_of_a_second_outage_the_admins_hear_again_and_once(
    office: Office, clock: MovableClock
) -> None:
    heard = []
    for draft in (8, 9):
        office.world.channel.refuses = NotThere("chat.postMessage", "is_archived")
        await office.request(draft=draft)
        for _ in range(5):
            clock.move(HOUR)
            await office.world.work()
        heard.append(alarms(office))
        office.world.channel.refuses = None
        for _ in range(5):
            clock.move(HOUR)
            await office.world.work()
    assert heard == [1, 2]


async def test_a_long_outage_is_told_of_once(office: Office, clock: MovableClock) -> None:
    office.world.channel.refuses = NotThere("chat.postMessage", "is_archived")
    number = await office.request()
    for day in range(10):
        clock.move(24 * HOUR)
        await office.world.klartext.tidy()
        await office.request(draft=20 + day)
    assert alarms(office) == 1
    office.world.channel.refuses = None
    clock.move(HOUR)
    await office.world.work()
    assert f"headline:{number}" in {one.key for one in office.posts()}


async def test_what_the_channel_has_told_of_is_not_told_twice(office: Office, clock: MovableClock) -> None:
    refused = NotThere("chat.postMessage", "is_archived")
    refused.told = True
    office.world.channel.refuses = refused
    await office.request()
    office.world.channel.refuses = NotThere("chat.postMessage", "is_archived")
    clock.move(HOUR)
    await office.world.work()
    assert alarms(office) == 0


def alarms(office: Office) -> int:
    """How often an admin has heard that cards do not arrive."""
    return sum("#it-anfragen kommen nicht an" in words(one.card) for one in office.posts("@ines"))


async def test_after_it_was_closed_everything_goes_on_in_another_channel(
    office: Office, clock: MovableClock
) -> None:
    number = await office.request()
    office.world.channel.refuses = NotThere("chat.update", "is_archived")
    await office.do("ivo", number, "Übernehmen")
    async with office.world.klartext.database.unit() as unit:
        await bind(unit, ROOM, Place(CHANNEL, "#neu"))
        await unit.commit()
    office.world.channel.refuses = None
    clock.move(HOUR)
    await _closed_room(office, number)
    clock.move(HOUR)
    await office.world.work()
    (card,) = [one.card for one in office.posts("#neu")]
    assert "Zuständig: Ivo" in words(card)


async def _closed_room(office: Office, number: int) -> None:
    """The old room stays closed, the new one is open."""
    channel, edit = office.world.channel, type(office.world.channel).edit

    async def closed(self: object, message: object, card: object) -> None:
        if message.place.id == ROOM:  # type: ignore[attr-defined]
            raise Unreachable
        await edit(channel, message, card)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(channel), "edit", closed)
        await office.world.work()


async def test_a_card_that_was_deleted_is_posted_anew(office: Office) -> None:
    number = await office.request()
    old = office.message(f"headline:{number}")
    channel = office.world.channel

    async def gone(self: object, message: object, card: object) -> None:
        raise MessageGone

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(channel), "edit", gone)
        await office.do("ivo", number, "Übernehmen")
    assert office.message(f"headline:{number}") != old
    await office.do("ivo", number, "Rückfrage", text="Wo?")
    assert "Am Zug: wer angefragt hat" in words(office.headline(number))


@contextmanager
def nobody_reaches(office: Office, name: str) -> Iterator[None]:
    """Their account takes no message."""
    direct = type(office.world.channel).direct

    async def left(self: object, account: str, card: object, key: str) -> object:
        if account == name:
            raise NotThere("chat.postMessage", "user_disabled")
        return await direct(office.world.channel, account, card, key)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(office.world.channel), "direct", left)
        yield


async def test_a_person_who_has_left_stops_nobody(office: Office) -> None:
    number = await office.request()
    await join(office, number, "sven")
    with nobody_reaches(office, "mara"):
        await office.do("ivo", number, "Annehmen", next_step="los")
    assert len(await told(office, "sven")) == 1
    assert (await office.now(number)).state is State.ACCEPTED


async def test_the_team_hears_of_a_question_that_did_not_arrive(office: Office) -> None:
    number = await office.request()
    with nobody_reaches(office, "mara"):
        await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    (said,) = [one.card for one in below(office, number)]
    gone = (
        "REQ-1: Mara ist gerade nicht zu erreichen, die Nachricht kam nicht an. Meldet euch bitte direkt."
    )
    assert words(said) == f"{gone}\n[Geklärt]"
    await office.world.press("ivo", buttons(said)["Geklärt"], ROOM)
    assert (await office.now(number)).state is State.SUBMITTED
    await office.world.work()
    assert len(below(office, number)) == 1


async def test_the_team_hears_nothing_of_a_supporter_who_has_left(office: Office) -> None:
    number = await office.request()
    await join(office, number, "sven")
    with nobody_reaches(office, "sven"):
        await office.do("ivo", number, "Annehmen", next_step="los")
    assert below(office, number) == []
