"""From `/request` to a request: pages, Back, drafts that survive, late windows, clients that lie."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.chat.replies import WHOLE_FORM, Close, Errors, Open, Silent, Tell, Update
from bot.chat.ui import Button, Card, ChoiceInput, Input
from bot.db.unit_of_work import Database
from bot.intake import cards, drafts
from bot.intake.desk import EARLY
from bot.intake.lists import load_lists
from bot.intake.tables import Draft
from bot.intake.wish import Analyst
from bot.jobs.outbox import DIRECT
from bot.jobs.worker import Worker
from bot.people.accounts import person_behind
from bot.people.tables import AccountRow
from bot.requests import store
from bot.requests.states import State
from bot.requests.store import SHOW_CARD
from tests.conftest import ROOT
from tests.db.fixtures import MovableClock
from tests.intake.office import GOOD, House, NoWords, Someone, drawn, shipped, texts

SHIPPED = ROOT / "intake_flows"


async def to_review(someone: Someone, wish: str = str(GOOD["wish"])) -> None:
    """From the command to the last page."""
    await someone.says(wish, command="request")
    await someone.fills()
    await someone.fills(**{key: GOOD[key] for key in ("trigger", "action", "goal", "benefit")})
    await someone.fills(systems=("salesforce",), data_class="none")
    await someone.fills(impact="team")
    assert someone.form is not None
    assert someone.form.action == "request.review"


async def test_a_sentence_becomes_a_request(house: House, mara: Someone) -> None:
    await to_review(mara)
    reply = await mara.fills()
    assert isinstance(reply, Close)
    assert "REQ-1" in texts(mara.card)
    assert "Di, 16:00" in texts(mara.card)
    (request,) = await house.requests()
    assert (request.title, request.place, request.team) == (GOOD["wish"], "#it-anfragen", "role:it_triage")
    assert request.use_case["id"] == "REQ-1"
    assert request.use_case["use_case"]["trigger"] == GOOD["trigger"]
    assert request.use_case["owner"] == f"person:{request.requester}"
    assert len(await house.jobs(SHOW_CARD)) == 1
    assert house.submitted == [1]


async def test_a_long_wish_has_room(hearing: House) -> None:
    mara = hearing.person("mara")
    wish = "Leads vom Webinar sollen ins CRM kommen. " * 70 + "ENDE"
    await mara.says(wish, command="request")
    assert mara.form is not None
    assert drawn(mara.form)["wish"] == wish


@pytest.mark.parametrize("command", ["request", None])
async def test_a_wish_that_is_too_long_is_said_to_be_cut(hearing: House, command: str | None) -> None:
    mara = hearing.person("mara")
    wish = "Wir möchten Anmeldungen vom Webinar automatisch ins CRM bringen. " * 50
    await mara.says(wish, command=command)
    if command is None:
        await mara.presses("Anfrage daraus machen")
    assert "Dein Text hat 3249 Zeichen, Platz ist für 3000" in repr(mara.form)
    await mara.fills()
    assert "Platz ist für" not in repr(mara.form)


async def test_back_loses_nothing_and_next_comes_back(mara: Someone) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    await mara.fills()
    await mara.fills("Zurück", trigger="Sobald …", action="halb getippt")
    assert mara.asked == ["wish"]
    await mara.fills()
    assert mara.form is not None
    assert "halb getippt" in repr(mara.form)


async def test_what_is_missing_is_said_at_the_question_and_what_was_typed_is_kept(mara: Someone) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    await mara.fills()
    reply = await mara.fills(trigger="Sobald jemand kommt")
    assert isinstance(reply, Errors)
    assert set(mara.errors) == {"action", "benefit"}
    draft = mara.form.state["draft"] if mara.form else ""
    await mara.sends_button(Button("", cards.CONTINUE, draft))
    assert "Sobald jemand kommt" in repr(mara.form)


async def test_a_section_is_changed_from_the_review_and_leads_back(mara: Someone) -> None:
    await to_review(mara)
    await mara.fills("Ändern: Use Case")
    assert "trigger" in mara.asked
    await mara.fills(trigger="Wenn die Messe beginnt")
    assert mara.form is not None
    assert mara.form.action == "request.review"
    assert "Wenn die Messe beginnt" in repr(mara.form)


async def test_a_draft_goes_on_in_another_channel_and_after_a_restart(house: House, mara: Someone) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    await mara.fills()
    await mara.fills("Entwurf speichern", trigger="Sobald jemand kommt")
    assert mara.form is None
    assert f"Gespeichert: «{GOOD['wish']}»." in texts(mara.card)
    button = mara.button("Weitermachen")
    again = await House(house.database).open()
    elsewhere = again.person("mara")
    await elsewhere.sends_button(button)
    assert "Sobald jemand kommt" in repr(elsewhere.form)


@pytest.mark.parametrize("who", ["sven", "ines"])
async def test_somebody_elses_draft_is_not_even_there(house: House, mara: Someone, who: str) -> None:
    await to_review(mara)
    stranger = house.person(who)
    stranger.form = mara.form
    reply = await stranger.fills()
    assert isinstance(reply, Errors)
    assert "nicht mehr offen" in reply.sentences[WHOLE_FORM]
    assert await house.requests() == []
    draft = mara.form.state["draft"] if mara.form else ""
    refused = await stranger.sends_button(Button("", cards.CONTINUE, draft))
    assert isinstance(refused, Tell)
    assert str(GOOD["wish"]) not in texts(refused.card)


@pytest.mark.parametrize("number", ["", "0", "-1", "99999999999999", "1 OR 1=1", "²", "x"])
async def test_a_draft_that_nobody_has(mara: Someone, number: str) -> None:
    refused = await mara.sends_button(Button("", cards.CONTINUE, number))
    assert isinstance(refused, Tell)
    assert "nicht mehr offen" in texts(refused.card)


async def test_sent_twice_is_one_request(house: House, mara: Someone) -> None:
    await to_review(mara)
    form = mara.form
    await mara.fills()
    again = await mara.fills(form=form)
    assert isinstance(again, Errors)
    assert "nicht mehr offen" in again.sentences[WHOLE_FORM]
    assert [request.number for request in await house.requests()] == [1]


async def test_a_late_window_adds_what_is_missing_and_overwrites_nothing(
    house: House, mara: Someone
) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    await mara.fills()
    old = mara.form
    await mara.fills(**{key: GOOD[key] for key in ("trigger", "action", "benefit")})
    newest = mara.form
    same = {"action": GOOD["action"], "benefit": GOOD["benefit"]}
    reply = await mara.fills(form=old, **same, trigger="überschrieben?", goal="neu aus dem alten Fenster")
    assert isinstance(reply, Update)
    assert mara.form is not None
    assert mara.form.state == (newest.state if newest else {})
    assert "In einem anderen Fenster" in repr(mara.form)
    assert "Wo schon etwas stand, gilt der andere Text" in repr(mara.form)
    assert "überschrieben?" in repr(mara.form)
    assert repr(mara.form).count(str(GOOD["action"])) == 0  # the same in both, or taken
    assert "aus dem alten Fenster" not in repr(mara.form)
    await mara.fills("Zurück")
    assert str(GOOD["trigger"]) in repr(mara.form)
    assert "neu aus dem alten Fenster" in repr(mara.form)


async def test_an_answer_on_the_page_shows_the_questions_that_follow(mara: Someone) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    await mara.fills()
    await mara.fills(**{key: GOOD[key] for key in ("trigger", "action", "goal", "benefit")})
    assert "legal_basis" not in mara.asked
    await mara.changes("data_class", data_class="personal", systems=("gotowebinar", "salesforce"))
    assert {"legal_basis", "data_location", "data_flow"} <= set(mara.asked)
    assert "❌" in repr(mara.form)
    await mara.changes("data_class", data_class="none")
    assert "legal_basis" not in mara.asked


async def test_a_draft_is_thrown_away(house: House, mara: Someone) -> None:
    await to_review(mara)
    form = mara.form
    await mara.fills("Verwerfen")
    assert mara.form is None
    assert isinstance(await mara.fills(form=form), Errors)
    assert await house.requests() == []


async def test_the_team_hears_early_of_a_draft_once_a_day(
    house: House, mara: Someone, clock: MovableClock
) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    reply = await mara.fills("Früh mit IT sprechen")
    assert isinstance(reply, Update)
    assert "Die IT weiss Bescheid" in repr(mara.form)
    await mara.fills("Früh mit IT sprechen")
    assert len(await house.jobs(EARLY)) == 1
    clock.move(24 * 3600)
    await mara.fills("Früh mit IT sprechen")
    assert len(await house.jobs(EARLY)) == 2


async def test_on_behalf_of_a_colleague_with_links_and_in_confidence(house: House, mara: Someone) -> None:
    await to_review(mara)
    wrong = await mara.fills(the__links="javascript:alert(1)")
    assert isinstance(wrong, Errors)
    assert set(mara.errors) == {"the-links"}
    links = "https://example.com/a\nhttps://example.com/b"
    await mara.fills(for__whom="sven", the__links=links, is__confidential=("yes",))
    (request,) = await house.requests()
    sven = await house.directory.asker(house.person("sven").account, mara.place)
    assert request.requester == sven.person
    assert request.submitted_by != sven.person
    assert request.confidential
    assert request.use_case["links"] == links.split()
    assert "playground" not in repr(request.use_case)


async def test_what_somebody_asked_for_is_listed_shown_changed_and_withdrawn(
    house: House, mara: Someone
) -> None:
    await to_review(mara)
    await mara.fills()
    await mara.says("meine Anfragen")
    await mara.presses("REQ-1 zeigen")
    assert str(GOOD["benefit"]) in texts(mara.card)
    await mara.presses("Ändern")
    await mara.fills("Ändern: Use Case")
    await mara.fills(trigger="Wenn die Messe beginnt")
    await mara.fills()
    assert "geändert" in texts(mara.card)
    (request,) = await house.requests()
    assert request.use_case["use_case"]["trigger"] == "Wenn die Messe beginnt"
    assert request.use_case["id"] == "REQ-1"
    await mara.says("meine Anfragen")
    await mara.presses("REQ-1 zeigen")
    await mara.presses("Zurückziehen")
    assert (await house.requests())[0].state is State.WITHDRAWN


async def test_a_request_is_shown_by_its_name_and_begins_no_new_one(house: House, mara: Someone) -> None:
    await to_review(mara)
    await mara.fills()
    sven = house.person("sven")
    await sven.says("req-1?", command="request")
    assert GOOD["trigger"] in texts(sven.card)
    await sven.says("REQ-99", command="request")
    assert "gibt es nicht" in texts(sven.card)
    await sven.says("meine Anfragen")
    assert "Entwurf" not in texts(sven.card)


async def stands(house: House, state: State, before: State | None = None) -> None:
    """What the team has done with the first request meanwhile."""
    async with house.database.unit() as unit:
        request = await store.find(unit.session, 1)
        request.state, request.before = state, before
        await unit.commit()


@pytest.mark.parametrize(
    ("state", "before"), [(State.ACCEPTED, None), (State.IN_CLARIFICATION, State.IN_PROGRESS)]
)
async def test_after_it_was_accepted_a_change_is_a_proposal(
    house: House, mara: Someone, state: State, before: State | None
) -> None:
    await to_review(mara)
    await mara.fills()
    await stands(house, state, before)
    await mara.says("status", command="request")
    await mara.presses("REQ-1 zeigen")
    await mara.presses("Änderung vorschlagen")
    await mara.fills("Ändern: Use Case")
    await mara.fills(trigger="Wenn die Messe beginnt")
    await mara.fills()
    assert "Vorschlag" in texts(mara.card)
    assert (await house.requests())[0].use_case["use_case"]["trigger"] == GOOD["trigger"]


@pytest.mark.parametrize("end", [State.DECLINED, State.DELIVERED, State.MERGED])
async def test_a_change_that_is_sent_after_the_end_is_no_proposal_and_not_lost(
    house: House, mara: Someone, end: State
) -> None:
    await to_review(mara)
    await mara.fills()
    await mara.says("REQ-1", command="request")
    await mara.presses("Ändern")
    edit = mara.button("Ändern")
    await mara.fills("Ändern: Use Case")
    await mara.fills(trigger="Wenn die Messe beginnt")
    await stands(house, end)
    late = await mara.fills()
    assert isinstance(late, Errors)
    assert "deine Änderung wurde nicht mehr gesendet" in late.sentences[WHOLE_FORM]
    async with house.database.reading() as session:
        assert [event.kind for event in await store.history(session, 1)] == ["submitted"]
    assert "geht nicht mehr" in texts(_told(await mara.sends_button(edit)))
    await stands(house, State.SUBMITTED)  # opened again
    await mara.sends_button(edit)
    await mara.fills()
    assert (await house.requests())[0].use_case["use_case"]["trigger"] == "Wenn die Messe beginnt"


def _told(reply: object) -> Card:
    assert isinstance(reply, Tell)
    return reply.card


@pytest.mark.parametrize("action", [cards.EDIT, "triage.withdraw"])
async def test_somebody_elses_request_is_theirs(house: House, mara: Someone, action: str) -> None:
    await to_review(mara)
    await mara.fills()
    sven = house.person("sven")
    reply = await sven.sends_button(Button("", action, "1"))
    assert isinstance(reply, Tell)
    assert "nur, wer die Anfrage gestellt hat" in texts(reply.card)
    assert (await house.requests())[0].state is State.SUBMITTED


async def test_a_confidential_request_is_for_those_in_it(house: House, mara: Someone) -> None:
    await to_review(mara)
    await mara.fills(is__confidential=("yes",))
    for who, sees in (("sven", False), ("ines", True), ("mara", True)):
        reply = await house.person(who).sends_button(Button("", cards.SHOW, "REQ-1"))
        assert isinstance(reply, Tell)
        assert (str(GOOD["benefit"]) in texts(reply.card)) == sees, who


async def test_the_command_alone_offers_every_kind_and_what_waits(house: House, mara: Someone) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    reply = await mara.says("", command="request")
    assert isinstance(reply, Tell)
    assert {"marketing_request", "data_request"} <= set(texts(reply.card).split("'"))
    assert "Weitermachen" in texts(reply.card)


async def test_a_draft_is_thrown_away_from_any_page_and_from_the_list(house: House, mara: Someone) -> None:
    for _ in range(2):
        await mara.says(str(GOOD["wish"]), command="request")
    await mara.fills("Verwerfen")
    assert mara.form is None
    await mara.says("meine Anfragen")
    discard = mara.button("Verwerfen")
    assert discard.confirm
    stranger = house.person("sven")
    assert "nicht mehr offen" in texts(_told(await stranger.sends_button(discard)))
    assert "Verworfen" in texts(_told(await mara.presses("Verwerfen")))
    await mara.says("meine Anfragen")
    assert "Entwürfe" not in texts(mara.card)
    assert "nicht mehr offen" in texts(_told(await mara.sends_button(discard)))


@pytest.mark.parametrize(
    ("text", "button"),
    [
        ("Ich brauche Zugriff auf HubSpot", "Trotzdem als Vorhaben anfragen"),
        ("Wir brauchen unbedingt HubSpot für unser Marketing", "Anfrage daraus machen"),
    ],
)
async def test_what_nobody_opened_is_no_draft_of_theirs(
    hearing: House, clock: MovableClock, text: str, button: str
) -> None:
    mara = hearing.person("mara")
    await mara.says(text)
    pressed = mara.button(button)
    worker = Worker(hearing.database, {drafts.OFFER: hearing.router.jobs[drafts.OFFER]}, "test")
    clock.move(3600)
    await worker.run_due()
    assert await hearing.jobs(DIRECT) == []
    await mara.says("meine Anfragen")
    assert text not in texts(mara.card)
    await mara.sends_button(pressed)
    await mara.says("meine Anfragen")
    assert text in texts(mara.card)
    clock.move(3600)
    await worker.run_due()
    assert len(await hearing.jobs(DIRECT)) == 1


async def test_a_draft_that_was_left_alone_is_offered_once(
    house: House, mara: Someone, clock: MovableClock
) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    worker = Worker(house.database, {drafts.OFFER: house.router.jobs[drafts.OFFER]}, "test")
    clock.move(20 * 60)
    await mara.fills("Entwurf speichern")
    clock.move(15 * 60)
    await worker.run_due()
    assert await house.jobs(DIRECT) == []
    clock.move(20 * 60)
    await worker.run_due()
    clock.move(3600)
    await worker.run_due()
    assert len(await house.jobs(DIRECT)) == 1


async def test_a_draft_is_offered_where_its_owner_wrote_on_it_last(
    house: House, mara: Someone, clock: MovableClock
) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    await mara.fills("Entwurf speichern")
    async with house.database.unit() as unit:
        person = await person_behind(unit.session, mara.account)
        assert person is not None
        unit.session.add(AccountRow(channel="teams", external="mara-in-teams", person=person))
        await unit.commit()
    worker = Worker(house.database, {drafts.OFFER: house.router.jobs[drafts.OFFER]}, "test")
    clock.move(3600)
    await worker.run_due()
    assert [job.payload["channel"] for job in await house.jobs(DIRECT)] == ["playground"]


async def with_version_4(house: House, folder: Path) -> House:
    """Another process, with newer flows."""
    for file in house.flows.glob("*"):
        content = file.read_text(encoding="utf-8")
        (folder / file.name).write_text(content.replace("\nversion: 3", "\nversion: 4"), encoding="utf-8")
    return await House(house.database, flows=folder).open()


async def test_a_new_version_of_the_flow_takes_the_answers_over(
    house: House, mara: Someone, tmp_path: Path
) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    await mara.fills()
    await mara.fills("Entwurf speichern", trigger="Sobald jemand kommt")
    button = mara.button("Weitermachen")
    newer = await with_version_4(house, tmp_path)
    later = newer.person("mara")
    await later.sends_button(button)
    assert "Sobald jemand kommt" in repr(later.form)
    await later.fills(**{key: GOOD[key] for key in ("trigger", "action", "goal", "benefit")})
    assert "systems" in later.asked


async def test_a_window_learns_that_its_draft_has_moved_to_a_newer_version_in_another_process(
    house: House, mara: Someone, tmp_path: Path
) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    await mara.fills()
    late = mara.form
    await mara.fills("Entwurf speichern", trigger="Sobald jemand kommt")
    later = (await with_version_4(house, tmp_path)).person("mara")
    await later.sends_button(mara.button("Weitermachen"))
    await mara.fills(form=late, action="legt das CRM eine Aufgabe an")
    async with house.database.reading() as session:
        (draft,) = (await session.exec(select(Draft))).all()
    assert draft.flow_version == 4
    assert "Sobald jemand kommt" in repr(mara.form)
    assert "legt das CRM eine Aufgabe an" in repr(mara.form)


async def test_an_open_window_finishes_on_the_version_that_it_began_with(
    house: House, mara: Someone, tmp_path: Path
) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    newer = await with_version_4(house, tmp_path)
    later = newer.person("mara")
    later.form = mara.form
    assert isinstance(await later.fills(), Update)


async def test_a_flow_that_is_gone_is_said(
    house: House, mara: Someone, tmp_path: Path, database: Database
) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    for file in house.flows.glob("*"):
        if file.name != "marketing_request.yaml":
            content = file.read_text(encoding="utf-8")
            (tmp_path / file.name).write_text(content, encoding="utf-8")
    newer = await House(database, flows=tmp_path).open()
    later = newer.person("mara")
    later.form = mara.form
    assert isinstance(await later.fills(), Update | Close)


async def test_hostile_text_stays_what_it_is(house: House, mara: Someone) -> None:
    hostile = '=HYPERLINK("http://x") | <!channel> {requirement} `rm` \u202e *b*\n# x'
    await to_review(mara, hostile)
    await mara.fills()
    (request,) = await house.requests()
    assert "{requirement}" in request.use_case["original_wish"]
    assert "<!channel>" in request.title


async def test_the_same_wish_again_is_shown_and_joined(house: House, mara: Someone) -> None:
    await to_review(mara)
    assert "the-same" not in mara.asked
    await mara.fills()
    sven = house.person("sven")
    await to_review(sven)
    assert "REQ-1" in repr(sven.form)
    await sven.fills(the__same="1")
    assert "REQ-1" in texts(sven.card)
    assert [request.number for request in await house.requests()] == [1]
    await sven.says("meine Anfragen")
    await sven.presses("REQ-1 zeigen")
    assert "'Dabei', '1'" in texts(sven.card)


async def test_a_wish_that_is_different_is_one_of_its_own(house: House, mara: Someone) -> None:
    await to_review(mara)
    await mara.fills()
    sven = house.person("sven")
    await to_review(sven)
    await sven.fills(the__same="none")
    assert [request.number for request in await house.requests()] == [1, 2]


async def test_a_wish_that_has_changed_joins_nothing(house: House, mara: Someone) -> None:
    await to_review(mara)
    await mara.fills()
    sven = house.person("sven")
    await to_review(sven)
    await sven.fills("Ändern: Worum geht es?", the__same="1")
    await sven.fills(wish="Die Buchhaltung braucht jeden Monat eine Liste der Vertragsenden")
    await sven.fills("Ändern: Systeme und Daten")
    await sven.fills(systems=("evalanche",))
    assert "the-same" not in sven.asked
    await sven.fills()
    assert "Buchhaltung" in (await house.requests())[1].title


async def test_another_request_may_be_the_same_then(house: House, mara: Someone) -> None:
    lists = "Die Buchhaltung braucht jeden Monat eine Liste der Vertragsenden"
    for wish in (str(GOOD["wish"]), lists):
        await to_review(mara, wish)
        await mara.fills()
    sven = house.person("sven")
    await to_review(sven)
    assert "the-same" in sven.asked
    await sven.fills("Ändern: Worum geht es?", the__same="1")
    await sven.fills(wish=lists)
    assert sven.form is not None
    choices = (one for one in sven.form.elements if isinstance(one, ChoiceInput))
    question = next(one for one in choices if one.id == "the-same")
    offered = {option.value for option in question.options}
    assert set(question.initial) <= offered


@pytest.mark.parametrize("same", ["2", "-1", "99999999999999999999", "x"])
async def test_a_request_that_was_never_offered_is_not_joined(
    house: House, mara: Someone, same: str
) -> None:
    await to_review(mara)
    await mara.fills(the__same=same)
    assert [request.number for request in await house.requests()] == [1]


async def test_the_coach_speaks_once_to_a_text_and_never_stops_anybody(mara: Someone) -> None:
    vague: dict[str, Any] = {
        "trigger": "irgendwann",
        "action": "Daten werden schnell übertragen usw.",
        "benefit": "besser",
    }
    await mara.says(str(GOOD["wish"]), command="request")
    await mara.fills()
    await mara.fills(**vague, goal="Mehr Leads")
    assert repr(mara.form).count("💡") == 2
    for number in (1, 2):  # as the buttons below name them
        assert f"💡 Tipp {number}: " in repr(mara.form)
        assert f"Tipp {number} passt nicht" in repr(mara.form)
    await mara.fills()
    assert "systems" in mara.asked
    await mara.fills("Zurück")
    assert "💡" not in repr(mara.form)
    await mara.fills(goal="Noch mehr Leads")
    assert repr(mara.form).count("💡") == 1


async def test_a_hint_that_does_not_fit_is_gone(mara: Someone) -> None:
    await mara.says(str(GOOD["wish"]), command="request")
    await mara.fills()
    given = {key: GOOD[key] for key in ("trigger", "action", "benefit")}
    await mara.fills(**given, goal="Mehr Leads")
    await mara.fills("Tipp passt nicht")
    assert "Danke, der Tipp ist weg" in repr(mara.form)
    await mara.fills(goal="Noch mehr Leads")
    assert "systems" in mara.asked


async def test_an_opened_form_says_how_to_open_it_again(mara: Someone) -> None:
    reply = await mara.says(str(GOOD["wish"]), command="request")
    assert isinstance(reply, Open)
    assert reply.button is not None
    assert reply.button.opens
    assert isinstance(mara.card, Card | None)


@pytest.fixture
async def hearing(database: Database) -> House:
    """The flows that are shipped, and somebody who reads wishes."""
    lists = load_lists(SHIPPED)
    return await House(database, SHIPPED, analyst=Analyst(lists.catalogue, lists.kinds)).open()


async def test_a_tool_wish_is_asked_for_the_need_behind_it(hearing: House) -> None:
    mara = hearing.person("mara")
    await mara.says("Wir brauchen HubSpot", command="request")
    await mara.fills()
    assert "requirement" in mara.asked
    assert "HubSpot" in repr(mara.form)
    assert "existing_fit" in mara.asked
    await mara.changes("existing_fit", existing_fit="gap")
    assert "fit_gap" in mara.asked


DOUBTFUL = "Das CRM soll uns an Geburtstage erinnern"


async def test_what_was_said_of_one_wish_is_not_said_of_another(hearing: House) -> None:
    mara = hearing.person("mara")
    await mara.says(DOUBTFUL, command="request")
    await mara.presses("Vorhandenes System")
    await mara.fills()
    assert "trigger" in mara.asked
    await mara.fills("Zurück")
    await mara.fills(wish="Wir brauchen HubSpot")
    assert "requirement" in mara.asked
    assert "HubSpot" in repr(mara.form)


async def test_a_new_tool_is_asked_for_like_any_other_tool(hearing: House) -> None:
    mara = hearing.person("mara")
    await mara.says("Kann SharePoint auch Freigaben abbilden?", command="request")
    card = mara.card
    await mara.presses("Neues Tool")
    await mara.fills()
    assert "Erkannt: SharePoint" in repr(mara.form)
    assert "Vorschlag, bitte anpassen." in hint_of(mara, "requirement")
    mara.card = card
    await mara.presses("Vorhandenes System")  # on second thoughts
    assert "requirement" not in mara.asked


def hint_of(someone: Someone, question: str) -> str:
    """What stands below a question of the open form."""
    assert someone.form is not None
    inputs = (element for element in someone.form.elements if isinstance(element, Input))
    return next(one.hint for one in inputs if one.id == question)


async def test_a_suggested_sentence_is_called_one_until_it_is_changed(hearing: House) -> None:
    mara = hearing.person("mara")
    await mara.says("Wir brauchen HubSpot", command="request")
    await mara.fills()
    assert "Vorschlag, bitte anpassen." in hint_of(mara, "requirement")
    await mara.changes("existing_fit", requirement="Leads ohne Abtippen erfassen", existing_fit="gap")
    assert "Vorschlag" not in hint_of(mara, "requirement")


async def test_the_wish_is_kept_beside_the_need_and_the_idea(hearing: House) -> None:
    mara = hearing.person("mara")
    need = "Wer nach einem Webinar Interesse zeigt, landet am selben Tag beim Vertrieb."
    await mara.says("Wir brauchen HubSpot", command="request")
    await mara.fills()
    await mara.fills(requirement=need, existing_fit="gap", fit_gap="Die Anbindung ans CRM fehlt.")
    await mara.fills(**{key: GOOD[key] for key in ("trigger", "action", "goal", "benefit")})
    await mara.fills(systems=("gotowebinar", "salesforce"), data_class=("none",))
    await mara.fills(data_flow="E-Mail und Einwilligung: Webinar zum CRM, am selben Tag")
    await mara.fills(impact="team")
    await mara.fills()
    (request,) = await hearing.requests()
    case = request.use_case
    assert (case["original_wish"], case["requirement"]) == ("Wir brauchen HubSpot", need)
    assert case["solution_hint"]["product"] == "HubSpot"
    assert case["landscape"]["interfaces"]["missing"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ich brauche Zugriff auf HubSpot", "Zugang"),
        ("Outlook stürzt seit heute Morgen ab", "Störung"),
    ],
)
async def test_what_belongs_elsewhere_is_pointed_there(hearing: House, text: str, said: str) -> None:
    mara = hearing.person("mara")
    reply = await mara.says(text, command="request")
    assert isinstance(reply, Tell)
    assert said in texts(reply.card)
    await mara.presses("Trotzdem als Vorhaben anfragen")
    assert mara.asked == ["wish"]


async def test_a_wish_in_a_direct_message_is_offered_and_never_in_a_channel(hearing: House) -> None:
    mara = hearing.person("mara")
    reply = await mara.says("Wir brauchen unbedingt HubSpot für unser Marketing")
    assert isinstance(reply, Tell)
    await mara.presses("Anfrage daraus machen")
    assert mara.asked == ["wish"]
    aloud = hearing.person("sven", kind="public")
    assert isinstance(await aloud.says("Wir brauchen unbedingt HubSpot für unser Marketing"), Silent)


async def test_a_need_in_a_direct_message_is_offered_too(hearing: House) -> None:
    mara = hearing.person("mara")
    await mara.says("Wir möchten Anmeldungen vom Webinar automatisch ins CRM bringen")
    await mara.presses("Anfrage daraus machen")
    assert mara.asked == ["wish"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("Ich brauche Zugriff auf Salesforce", "Zugang"), ("Mein Drucker geht nicht", "Störung")],
)
async def test_what_belongs_elsewhere_is_pointed_there_in_a_direct_message(
    hearing: House, text: str, said: str
) -> None:
    reply = await hearing.person("mara").says(text)
    assert isinstance(reply, Tell)
    assert said in texts(reply.card)
    assert isinstance(await hearing.person("sven", kind="public").says(text), Silent)


@pytest.mark.parametrize("text", ["GTM", "Funnel", "Data-Warehouses", "DWH?", "SOFTWARE RELEASE"])
async def test_a_bare_name_is_never_taken_for_a_wish(hearing: House, text: str) -> None:
    """What to make of it, no model knows; the glossary does."""
    assert isinstance(await hearing.person("mara").says(text), Silent)
    async with hearing.database.reading() as session:
        assert not (await session.exec(select(Draft))).all()


class Explaining(NoWords):
    """A glossary that answers everything."""

    def explains(self, _text: str, _department: str | None) -> bool:
        """Always."""
        return True


async def test_a_question_that_the_glossary_answers_is_no_wish(database: Database) -> None:
    lists = load_lists(SHIPPED)
    analyst = Analyst(lists.catalogue, lists.kinds)
    house = await House(database, SHIPPED, words=Explaining(), analyst=analyst).open()
    assert isinstance(await house.person("mara").says("erkläre mir bitte Lead Nurturing"), Silent)


async def test_a_question_behind_the_command_is_pointed_to_the_glossary(database: Database) -> None:
    mara = (await shipped(database, Explaining())).person("mara")
    reply = await mara.says("Was ist ein Lead?", command="request")
    assert isinstance(reply, Tell)
    assert "Das klingt nach einer Frage" in texts(reply.card)
    await mara.presses("Trotzdem als Vorhaben anfragen")
    assert mara.asked == ["wish"]


@pytest.mark.parametrize(
    "text", ["Wir brauchen HubSpot", "Anmeldungen vom Webinar sollen ohne Abtippen ins CRM", "MQL"]
)
async def test_a_wish_with_a_word_of_the_glossary_is_a_wish(database: Database, text: str) -> None:
    mara = (await shipped(database, Explaining())).person("mara")
    assert isinstance(await mara.says(text, command="request"), Open)


@pytest.mark.parametrize("text", ["hilfe", "Help!"])
async def test_help_is_no_incident(hearing: House, text: str) -> None:
    mara = hearing.person("mara")
    reply = await mara.says(text, command="request")
    assert isinstance(reply, Tell)
    assert "Am schnellsten geht es mit einem Satz" in texts(reply.card)
    async with hearing.database.reading() as session:
        assert not (await session.exec(select(Draft))).all()
