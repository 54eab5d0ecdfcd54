"""What is written below a card: what travels to the other side, and what does not."""

from dataclasses import replace
from typing import Any

import pytest

from bot.chat.events import Beside, TextReceived
from bot.chat.replies import Reply, Tell
from bot.requests import store
from bot.requests.states import State
from bot.requests.tables import Request
from tests.triage.room import ROOM, Office, forged
from tests.triage.test_told import below, told
from tests.world import where, words


async def team_says(office: Office, number: int, text: str, name: str = "ivo", **more: Any) -> Reply:
    """Somebody mentions Klartext below the card of the team."""
    thread = office.message(f"headline:{number}")
    reply = await office.world.say(name, text, ROOM, thread=thread, **more)
    await office.world.work()
    return reply


async def test_a_mention_below_the_card_goes_to_the_requester(office: Office) -> None:
    number = await office.request()
    reply = await team_says(office, number, "Wir schauen es morgen an.")
    assert isinstance(reply, Tell)
    assert reply.to == "thread"
    assert words(reply).startswith("Das liest jetzt, wer REQ-1 angefragt hat.")
    (said,) = await told(office, "mara")
    assert said.startswith("Ivo schreibt zu REQ-1:\nWir schauen es morgen an.")
    assert below(office, number) == []


async def test_what_the_team_says_among_themselves_stays_there(office: Office) -> None:
    number = await office.request()
    await team_says(office, number, "Die nervt.", addressed=False)
    assert await told(office, "mara") == []
    assert await office.kinds(number) == ["submitted"]


async def test_what_others_say_below_the_card_is_a_question_as_anywhere(office: Office) -> None:
    number = await office.request()
    reply = await team_says(office, number, "Was heisst Lead?", name="sven")
    assert "Person mit Budget." in words(reply)
    assert await office.kinds(number) == ["submitted"]


async def test_an_answer_below_the_own_card_or_below_the_question(office: Office) -> None:
    number = await office.request()
    person = (await office.world.asker("mara")).person
    for text, at in (("Alle.", f"own:{person}:{number}"), ("Doch nicht alle.", "")):
        await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
        question = [one.key for one in office.posts("@mara") if one.key.startswith("told-")][-1]
        thread = office.message(at or question)
        reply = await office.world.say("mara", text, thread=thread)
        assert words(reply) == "Danke, das Team hat deine Antwort zu REQ-1."
        await office.world.work()
        assert words(below(office, number)[-1].card) == f"Mara antwortet zu REQ-1:\n{text}"
        assert (await office.now(number)).state is State.SUBMITTED
    await office.world.say("mara", "Noch etwas.", thread=office.message(f"own:{person}:{number}"))
    await office.world.work()
    assert words(below(office, number)[-1].card) == "Mara schreibt zu REQ-1:\nNoch etwas."
    assert await told(office, "ivo") == []


async def test_by_its_number_where_there_are_no_threads(office: Office) -> None:
    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    assert words(await office.world.say("mara", "REQ-1: Alle.")).startswith("Danke")
    assert (await office.history(number))[-1].data == {"text": "Alle."}
    assert "Stand: eingereicht" in words(await office.world.say("mara", "req-1"))
    gone = "Diese Anfrage gibt es nicht, oder sie ist nicht für dich bestimmt."
    assert words(await office.world.say("mara", "REQ-99 Alle.")) == gone
    refused = "Das können nur das Team und wer die Anfrage gestellt hat."
    assert words(await office.world.say("sven", "REQ-1 Ich auch.")) == refused
    assert words(await office.world.say("sven", "Lead")).startswith("Lead")
    hidden = await office.request(draft=9, confidential=True)
    assert words(await office.world.say("sven", f"REQ-{hidden} x")) == gone


async def test_a_message_that_comes_twice_is_said_once(office: Office) -> None:
    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    for _ in range(2):
        reply = await office.world.say("mara", "REQ-1 Alle.", key="the same")
        assert words(reply).endswith("REQ-1.")
    await office.world.work()
    assert await office.kinds(number) == ["submitted", "ask", "answer"]
    assert len(below(office, number)) == 1


async def test_files_and_mentions_do_not_travel_but_are_told(office: Office) -> None:
    number = await office.request()
    place = replace(where("ivo", ROOM), thread=office.message(f"headline:{number}"))
    asker = await office.world.asker("ivo", place)
    both: frozenset[Beside] = frozenset({"files", "people"})
    event = TextReceived(asker, place, "e1", "Siehe Anhang.", beside=both)
    await office.world.handle(event)
    await office.world.work()
    (said,) = await told(office, "mara")
    assert "📎 Dazu gibt es eine Datei." in said
    assert "Dabei ist jemand erwähnt" in said
    alone = TextReceived(asker, place, "e2", "", beside=frozenset({"files"}))
    assert "Dateien kann ich nicht mitnehmen." in words(await office.world.handle(alone))
    await office.world.work()
    assert len(await told(office, "mara")) == 1


async def test_of_what_is_confidential_the_thread_says_that_there_is_a_file(office: Office) -> None:
    number = await office.request(confidential=True)
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    asker = await office.world.asker("mara")
    event = TextReceived(
        asker, where("mara", "@mara"), "e1", f"REQ-{number} Alle.", beside=frozenset({"files"})
    )
    await office.world.handle(event)
    await office.world.work()
    said = words(below(office, number)[-1].card)
    assert said.startswith("Mara antwortet zu REQ-1.\n📎 Dazu gibt es eine Datei.")
    assert "Alle" not in said


@pytest.mark.parametrize("other", ["Geklärt", "Zusammenführen"])
async def test_what_happens_between_a_look_and_a_word_loses_neither(
    office: Office, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    number, into = await office.request(), await office.request("sven", 8)
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    look = store.find

    async def meanwhile(*given: Any, **more: Any) -> Request:
        found = await look(*given, **more)
        monkeypatch.undo()
        await office.do("ivo", number, other, **({"target": str(into)} if other != "Geklärt" else {}))
        return found

    asker = await office.world.asker("mara")
    event = TextReceived(
        asker, where("mara", "@mara"), "e1", f"REQ-{number} Alle.", beside=frozenset({"files"})
    )
    monkeypatch.setattr(store, "find", meanwhile)
    await office.world.handle(event)
    await office.world.work()
    goes_on = number if other == "Geklärt" else into
    assert (await office.history(goes_on))[-1].data["text"] == "Alle."
    assert "📎" in words(below(office, goes_on)[-1].card)


async def test_replies_to_what_was_merged_go_to_where_it_goes_on(office: Office) -> None:
    first, second = await office.request(), await office.request("sven", 8)
    await office.do("ivo", second, "Zusammenführen", target=str(first))
    await team_says(office, second, "Alles hier.")
    assert (await office.kinds(first))[-1] == "write"
    assert (await told(office, "mara"))[-1].startswith("Ivo schreibt zu REQ-1:")


@pytest.mark.parametrize("how", ["own card", "its number", "the new number"])
async def test_who_asked_for_what_was_merged_still_has_a_word(office: Office, how: str) -> None:
    first, second = await office.request(), await office.request("sven", 8)
    third = await office.request("lena", 9)
    await office.do("ivo", second, "Zusammenführen", target=str(third))
    await office.do("ivo", third, "Zusammenführen", target=str(first))
    await office.do("ivo", first, "Rückfrage", text="Welche Listen?")
    sven = (await office.world.asker("sven")).person
    thread = office.message(f"own:{sven}:{second}") if how == "own card" else None
    number = {"its number": "REQ-2 ", "the new number": "REQ-1 "}.get(how, "")
    reply = await office.world.say("sven", f"{number}Mir fehlt Liste X.", thread=thread)
    assert words(reply) == "Das Team liest das bei REQ-1."
    await office.world.work()
    assert words(below(office, first)[-1].card) == "Sven schreibt zu REQ-1:\nMir fehlt Liste X."
    assert (await office.now(first)).state is State.IN_CLARIFICATION


async def test_a_word_is_all_that_they_have_there(office: Office) -> None:
    first, second = await office.request(), await office.request("sven", 8)
    await office.do("ivo", second, "Zusammenführen", target=str(first))
    await office.do("ivo", first, "Rückfrage", text="Welche Listen?")
    for action in ("withdraw", "answer"):
        refused = await office.world.press("sven", forged(f"triage.{action}", str(first)))
        assert words(refused) == "Das kann nur, wer die Anfrage gestellt hat."
    refused = await office.world.say("lena", "REQ-2 Ich auch.")
    assert words(refused) == "Only the team and whoever made the request can do that."


async def test_what_was_told_in_confidence_stays_so_after_a_merge(office: Office) -> None:
    first, second = await office.request(), await office.request("sven", 8, confidential=True)
    await office.do("ivo", second, "Zusammenführen", target=str(first))
    reply = await office.world.say("sven", "REQ-2 Es geht um Kündigungen.")
    assert "REQ-2 war vertraulich" in words(reply)
    await office.world.work()
    assert "Kündigungen" not in repr(below(office, first))
    reply = await office.world.say("sven", "REQ-1 Es geht um Listen.")
    assert words(reply) == "Das Team liest das bei REQ-1."


async def test_what_is_too_long_is_refused_and_not_cut(office: Office) -> None:
    number = await office.request()
    reply = await team_says(office, number, "x" * 3_001)
    assert "höchstens 3000" in words(reply)
    assert await office.kinds(number) == ["submitted"]


async def test_words_of_a_stranger_are_never_markup(office: Office) -> None:
    number = await office.request()
    await team_says(office, number, "<!channel> {name} \u202eabc")
    (said,) = await told(office, "mara")
    assert "<!channel> {name} abc" in said
