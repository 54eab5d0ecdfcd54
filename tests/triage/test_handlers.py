"""What the team and the requester do with their cards, and what cannot be done to them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.chat.replies import Close, Errors, Open, Tell, Update
from bot.chat.ui import ChoiceInput, LinesInput
from bot.i18n import say
from bot.requests.states import State
from tests.triage.room import ROOM, Office, forged, mistakes
from tests.triage.test_told import below
from tests.world import buttons, form_of, words

TEAM_BUTTONS = [
    "Übernehmen",
    "Rückfrage",
    "Annehmen",
    "REQ-1 zeigen",
    "Zuweisen",
    "Priorisieren",
    "Zusammenführen",
    "Ablehnen",
]


async def test_a_new_request_has_a_card_for_the_team_and_one_for_whoever_asked(office: Office) -> None:
    number = await office.request()
    headline, own = office.headline(number), office.own(number)
    assert list(buttons(headline)) == TEAM_BUTTONS
    assert "Am Zug: das Team, bis " in words(headline)
    assert "Gestellt von: Mara" in words(headline)
    assert "Wir brauchen HubSpot" in words(headline)
    assert list(buttons(own)) == ["Ändern", "Zurückziehen", "REQ-1 zeigen"]
    assert "Stand: eingereicht" in words(own)


async def test_the_requesters_card_names_only_ways_that_are_there(office: Office) -> None:
    """A button only while there is one; no thread: a direct message in Teams has none."""
    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Welche?")
    asked = words(office.own(number))
    assert "Antworte mit dem Knopf, oder schreib mir «REQ-1 …»." in asked
    await office.do("ivo", number, "Ablehnen", reason="small", would_change="mehr")
    declined = words(office.own(number))
    assert "Schreib mir «REQ-1 …», dann liest es das Team." in declined
    assert "Knopf" not in declined
    assert "Thread" not in asked + declined


async def test_who_takes_it_stands_on_the_same_card(office: Office) -> None:
    number = await office.request()
    reply = await office.do("ivo", number, "Übernehmen")
    assert words(reply) == "Du übernimmst REQ-1."
    assert "Zuständig: Ivo" in words(office.headline(number))
    assert "Zuständig: Ivo" in words(office.own(number))
    assert "Übernehmen" not in buttons(office.headline(number))
    assert len(office.posts(label="REQ-1")) == 1


async def test_from_a_question_to_a_delivery(office: Office) -> None:
    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    assert (await office.now(number)).state is State.IN_CLARIFICATION
    assert "Am Zug: wer angefragt hat, bis " in words(office.headline(number))
    assert "Am Zug: du, bis " in words(office.own(number))
    assert "Welche Listen?" in words(office.own(number))
    await office.do_own("mara", number, "Antworten", text="Alle.")
    assert (await office.now(number)).state is State.SUBMITTED
    await office.do("ivo", number, "Annehmen", next_step="Schnittstelle prüfen", date="2027-03-01")
    assert "Nächster Schritt: Schnittstelle prüfen" in words(office.own(number))
    assert "Termin: Mo, 01.03.2027" in words(office.own(number))
    await office.do("ivo", number, "Einplanen", date="2027-04-01")
    assert "Termin: Do, 01.04.2027" in words(office.headline(number))
    await office.do("ivo", number, "Beginnen")
    answers = {"kpi": "Reaktionszeit", "before": "3 Tage", "after": "24 Stunden", "named": ("yes",)}
    await office.do("ivo", number, "Ausliefern", effect="Niemand tippt ab.", helpers=("ida",), **answers)
    assert "Reaktionszeit: 3 Tage → 24 Stunden" in words(office.headline(number))
    delivered = (await office.history(number))[-1].data
    ida = await office.world.asker("ida")
    assert (delivered["helpers"], delivered["named"]) == ([ida.person], True)
    await office.do_own("mara", number, "Passt so")
    assert (await office.now(number)).state is State.CONFIRMED
    kinds = ["submitted", "ask", "answer", "accept", "plan", "start", "deliver", "confirm"]
    assert await office.kinds(number) == kinds


async def test_a_question_on_agreed_work_can_be_settled_without_an_answer(office: Office) -> None:
    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Frage EINS?")
    await office.do("ivo", number, "Annehmen", next_step="los")
    await office.do("ivo", number, "Beginnen")
    await office.do("ivo", number, "Rückfrage", text="Frage ZWEI?")
    assert "Frage EINS?" not in words(office.own(number))
    assert list(buttons(office.headline(number)))[:4] == [
        "Übernehmen",
        "Geklärt",
        "Rückfrage",
        "REQ-1 zeigen",
    ]
    reply = await office.do("ivo", number, "Geklärt")
    assert words(reply) == "Die Frage zu REQ-1 ist geklärt. Es geht weiter, wo ihr wart."
    assert (await office.now(number)).state is State.IN_PROGRESS
    assert "Am Zug: das Team" in words(office.own(number))
    assert "Antworten" not in buttons(office.own(number))
    said = office.posts("@mara", "geklärt")[-1].card
    assert words(said).startswith("Die Frage zu REQ-1 ist geklärt. Du brauchst nicht mehr zu antworten.")
    refused = await office.world.press("mara", forged("triage.settle", str(number)))
    assert words(refused) == "Das kann nur, wer zum Team dieser Anfrage gehört."


async def test_an_answer_that_comes_too_late_still_reaches_the_team(office: Office) -> None:
    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    form = form_of(await office.world.press("mara", buttons(office.own(number))["Antworten"]))
    await office.do("ivo", number, "Geklärt")
    reply = await office.fill("mara", form, "", text="Alle.")
    assert words(reply).startswith("Das Team liest das bei REQ-1.")
    await office.world.work()
    assert words(below(office, number)[-1].card) == "Mara schreibt zu REQ-1:\nAlle."
    assert await office.kinds(number) == ["submitted", "ask", "settle", "write"]


async def test_an_answer_that_is_sent_twice_is_given_once(office: Office) -> None:
    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    form = form_of(await office.world.press("mara", buttons(office.own(number))["Antworten"]))
    await office.fill("mara", form, "", text="Alle.")
    assert words(await office.fill("mara", form, "", text="Alle.")).startswith("Das hast du schon getan")
    assert await office.kinds(number) == ["submitted", "ask", "answer"]


@pytest.mark.parametrize("labels", [["Annehmen"], ["Annehmen", "Beginnen"], ["Rückfrage"]])
async def test_whatever_nobody_has_taken_can_be_taken(office: Office, labels: list[str]) -> None:
    number = await office.request()
    for label in labels:
        given = {"Annehmen": {"next_step": "x"}, "Rückfrage": {"text": "Wo?"}}.get(label, {})
        await office.do("ivo", number, label, **given)
    assert next(iter(buttons(office.headline(number)))) == "Übernehmen"
    state = (await office.now(number)).state
    await office.do("ida", number, "Übernehmen")
    assert "Zuständig: Ida" in words(office.headline(number))
    assert "Übernehmen" not in buttons(office.headline(number))
    assert (await office.now(number)).state is state


async def test_open_questions_can_be_asked_as_they_are(office: Office) -> None:
    asked = [{"text": "Wo sollen die Daten liegen?"}, {"text": "Wie viele Kontakte?"}]
    number = await office.request(use_case={"open_questions": asked})
    form = form_of(await office.press("ivo", number, "Rückfrage"))
    (choice,) = [one for one in form.elements if isinstance(one, ChoiceInput)]
    assert [one.label for one in choice.options] == ["Wo sollen die Daten liegen?", "Wie viele Kontakte?"]
    assert mistakes(await office.fill("ivo", form)) == {"text": "Das fehlt noch."}
    assert set(mistakes(await office.fill("ivo", form, open=("7",)))) == {"open"}
    await office.fill("ivo", form, open=("1",), text="Und bis wann?")
    assert (await office.history(number))[-1].data == {"text": "Wie viele Kontakte?\nUnd bis wann?"}


async def test_a_decline_says_why_and_what_would_change_it(office: Office) -> None:
    number = await office.request()
    await office.do("ivo", number, "Ablehnen", reason="small", would_change="Mehr als 100 Kontakte")
    for card in (office.headline(number), office.own(number)):
        assert "Abgelehnt: Nutzen zu klein" in words(card)
        assert "Das würde die Antwort ändern: Mehr als 100 Kontakte" in words(card)
    await office.do_own("mara", number, "Wieder öffnen", text="Es sind 200.")
    assert (await office.now(number)).state is State.SUBMITTED
    assert "Abgelehnt" not in words(office.headline(number))


@pytest.mark.parametrize(
    ("label", "answers", "wrong"),
    [
        ("Ablehnen", {"would_change": "x"}, "reason"),
        ("Ablehnen", {"reason": "because", "would_change": "x"}, "reason"),
        ("Ablehnen", {"reason": "small"}, "would_change"),
        ("Ablehnen", {"reason": "small", "would_change": " \u200b"}, "would_change"),
        ("Ablehnen", {"reason": "small", "would_change": "x" * 2_001}, "would_change"),
        ("Ablehnen", {"reason": "other", "would_change": "x"}, "detail"),
        ("Ablehnen", {"reason": "other", "detail": "\u200b ", "would_change": "x"}, "detail"),
        ("Annehmen", {"next_step": "x", "date": "2020-01-01"}, "date"),
        ("Annehmen", {"next_step": "x", "date": "morgen"}, "date"),
        ("Annehmen", {"date": "2027-03-01"}, "next_step"),
        ("Priorisieren", {"priority": "P0", "reason": "x"}, "priority"),
        ("Priorisieren", {"priority": "P1"}, "reason"),
        ("Zuweisen", {"assignee": "nobody"}, "assignee"),
        ("Zuweisen", {"assignee": "sven"}, "assignee"),
        ("Zuweisen", {}, "assignee"),
        ("Zusammenführen", {"target": "REQ-1"}, "target"),
        ("Zusammenführen", {"target": "REQ-99"}, "target"),
        ("Zusammenführen", {"target": "DROP TABLE"}, "target"),
    ],
)
async def test_a_tampered_form_stays_open_and_changes_nothing(
    office: Office, label: str, answers: dict[str, Any], wrong: str
) -> None:
    number = await office.request()
    before = await office.now(number)
    reply = await office.do("ivo", number, label, **answers)
    assert set(mistakes(reply)) == {wrong}
    assert await office.now(number) == before
    assert await office.kinds(number) == ["submitted"]


async def test_a_helper_whom_klartext_does_not_know_is_not_dropped_in_silence(office: Office) -> None:
    number = await office.request()
    await office.do("ivo", number, "Annehmen", next_step="los")
    form = form_of(await office.press("ivo", number, "Ausliefern"))
    wrong = mistakes(await office.fill("ivo", form, effect="Besser.", helpers=("ida", "never seen")))
    assert list(wrong) == ["helpers"]
    assert wrong["helpers"].startswith("Jemanden davon kenne ich noch nicht.")
    assert (await office.now(number)).state is State.ACCEPTED
    await office.fill("ivo", form, effect="Besser.", helpers=("ida",))
    assert (await office.history(number))[-1].data["helpers"] == [(await office.world.asker("ida")).person]


async def test_it_is_assigned_and_prioritised_with_a_suggestion(office: Office) -> None:
    number = await office.request(use_case={"priority": {"suggested": "P2"}})
    form = form_of(await office.press("ivo", number, "Priorisieren"))
    (choice,) = [one for one in form.elements if isinstance(one, ChoiceInput)]
    assert choice.initial == ("P2",)
    assert "P2" in choice.hint
    await office.fill("ivo", form, priority="P1", reason="Messe")
    await office.do("ivo", number, "Zuweisen", assignee="ida")
    shown = words(office.headline(number))
    assert "Priorität: P1" in shown
    assert "Zuständig: Ida" in shown


async def test_the_second_of_two_sees_who_was_faster_and_the_fresh_card(office: Office) -> None:
    number = await office.request()
    take = buttons(office.headline(number))["Übernehmen"]
    form = form_of(await office.press("ida", number, "Ablehnen"))
    await office.world.press("ivo", take, ROOM)
    late = await office.world.press("ida", take, ROOM)
    assert isinstance(late, Tell)
    assert words(late).startswith("Ivo was faster: taken.")
    assert "Ivo" in words(late)
    assert (await office.now(number)).assignee == (await office.world.asker("ivo")).person
    again = await office.fill("ida", form, reason="small", would_change="what I typed")
    assert isinstance(again, Update)
    typed = [one.initial for one in form_of(Open(again.shown)).elements if isinstance(one, LinesInput)]  # type: ignore[arg-type]
    assert typed == ["", "what I typed"]
    assert (await office.now(number)).state is State.SUBMITTED
    sent = await office.fill("ida", form_of(Open(again.shown)), reason="small", would_change="x")  # type: ignore[arg-type]
    assert isinstance(sent, Close)
    assert (await office.now(number)).state is State.DECLINED


async def test_what_was_typed_stays_when_it_is_too_late(office: Office) -> None:
    number = await office.request()
    form = form_of(await office.press("ida", number, "Rückfrage"))
    await office.do("ivo", number, "Ablehnen", reason="small", would_change="x")
    late = await office.fill("ida", form, text="Was ich lange überlegt habe")
    assert isinstance(late, Errors)
    assert words(late).startswith("Ivo was faster: declined.")
    assert await office.kinds(number) == ["submitted", "decline"]


async def test_who_watches_or_comments_overtakes_nobody(office: Office) -> None:
    number = await office.request()
    form = form_of(await office.press("ivo", number, "Annehmen"))
    value = buttons(office.headline(number))["Übernehmen"].value
    await office.world.press("ida", forged("triage.watch", value), ROOM)
    comment = form_of(await office.world.press("ida", forged("triage.comment", value), ROOM))
    await office.fill("ida", comment, text="Kenne ich.")
    await office.fill("ivo", form, next_step="prüfen")
    assert (await office.now(number)).state is State.ACCEPTED


async def test_who_joins_or_watches_is_overtaken_by_nobody(office: Office) -> None:
    number = await office.request()
    old = buttons(await office.world.press("sven", forged("request.show", str(number))))
    comment = form_of(await office.world.press("sven", old["Kommentieren"]))
    await office.do("ivo", number, "Annehmen", next_step="prüfen")
    said = [words(await office.world.press("sven", old[one])) for one in ("Will ich auch", "Beobachten")]
    assert said[0] == "Du bist jetzt bei REQ-1 dabei."
    assert said[1] == "Du hörst jetzt, wie es mit REQ-1 weitergeht."
    await office.fill("sven", comment, text="Kenne ich.")
    assert await office.kinds(number) == ["submitted", "accept", "join", "watch", "comment"]
    assert words(await office.world.press("sven", old["Will ich auch"])).startswith(
        "Das hast du schon getan"
    )


async def test_a_button_of_an_old_card_shows_the_fresh_one(office: Office) -> None:
    number = await office.request()
    old = buttons(office.headline(number))
    await office.do("ivo", number, "Ablehnen", reason="small", would_change="x")
    for label in ("Rückfrage", "Übernehmen", "Annehmen"):
        reply = await office.world.press("ivo", old[label], ROOM)
        assert words(reply).startswith("Das geht nicht mehr: REQ-1 ist abgelehnt.")
        assert "Wieder öffnen" in buttons(reply)
    assert await office.kinds(number) == ["submitted", "decline"]


@pytest.mark.parametrize("name", ["sven", "mara"])
async def test_what_is_the_teams_is_nobody_elses(office: Office, name: str) -> None:
    number = await office.request()
    before = await office.now(number)
    for label, button in buttons(office.headline(number)).items():
        if label != "REQ-1 zeigen":
            said = "Das kann nur, wer zum Team dieser Anfrage gehört."
            assert words(await office.world.press(name, button, ROOM)) == said
    form = form_of(await office.press("ivo", number, "Ablehnen"))
    reply = await office.fill(name, form, reason="small", would_change="x")
    assert isinstance(reply, Errors)
    assert words(reply) == "Das kann nur, wer zum Team dieser Anfrage gehört."
    assert await office.now(number) == before


async def test_a_role_that_was_taken_away_counts_at_once(office: Office) -> None:
    number = await office.request()
    form = form_of(await office.press("ivo", number, "Annehmen"))
    directory = office.world.klartext.directory
    roles = directory.roles
    directory.roles = roles.model_copy(update={"roles": {**roles.roles, "it_triage": ["user:ida"]}})
    directory.forget_all()
    reply = await office.fill("ivo", form, next_step="prüfen")
    assert words(reply) == "Das kann nur, wer zum Team dieser Anfrage gehört."
    assert (await office.now(number)).state is State.SUBMITTED


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "1 OR 1=1", "99999999999999", "²", "2 1", "1 x 2"])
async def test_what_is_not_there_and_what_is_not_for_them_sound_the_same(
    office: Office, value: str
) -> None:
    number = await office.request(confidential=True)
    before = await office.now(number)
    for action in ("take", "decline", "answer", "proposal", "watch", "merge"):
        for given in (value, str(number)):
            reply = await office.world.press("sven", forged(f"triage.{action}", given))
            assert "HubSpot" not in words(reply)
            gone = "Diese Anfrage gibt es nicht, oder sie ist nicht für dich bestimmt."
            assert words(reply).splitlines()[0] in {gone, OLD}
    assert await office.now(number) == before


OLD = "Diese Karte ist alt, den Knopf gibt es nicht mehr. Frag einfach noch einmal."


async def test_a_form_for_another_request_is_that_requests_business(office: Office) -> None:
    first, second = await office.request(), await office.request("sven", 8)
    form = form_of(await office.press("ivo", first, "Annehmen"))
    swapped = replace(form, state={"request": str(second), "version": "9" * 400})
    assert isinstance(await office.fill("sven", swapped, next_step="x"), Errors)
    assert (await office.now(second)).state is State.SUBMITTED
    broken = replace(form, state={})
    assert words(await office.fill("ivo", broken, next_step="x")) == say("de", "chat.old_form")


async def test_the_confidential_card_shows_no_word_but_the_team_can_work(office: Office) -> None:
    number = await office.request(confidential=True)
    assert "HubSpot" not in words(office.headline(number))
    assert "Webinare" not in words(office.headline(number))
    await office.do("ivo", number, "Rückfrage", text="geheime Frage")
    assert "geheime Frage" not in words(office.headline(number))
    assert "geheime Frage" in words(office.own(number))


async def test_how_the_team_organises_itself_overtakes_no_answer(office: Office) -> None:
    number = await office.request()
    await office.do("ivo", number, "Rückfrage", text="Welche Listen?")
    await office.do("ivo", number, "Rückfrage", text="Und bis wann?")
    form = form_of(await office.world.press("mara", buttons(office.own(number))["Antworten"]))
    assert "Welche Listen?\nUnd bis wann?" in repr(form.elements).replace("\\n", "\n")
    await office.do("ida", number, "Zuweisen", assignee="ivo")
    assert isinstance(await office.fill("mara", form, "", text="Alle, bis Mai."), Close)
    assert (await office.now(number)).state is State.SUBMITTED
