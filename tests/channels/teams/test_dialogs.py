"""Forms as dialogs: page after page, mistakes with what was typed, questions that follow from an answer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.teams.render import card_json
from bot.chat.events import FieldChanged, FormClosed, FormSubmitted, OptionsWanted
from bot.chat.replies import Close, Errors, Open, Reply, Results, Silent, Tell, Update
from bot.chat.ui import (
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceInput,
    DateInput,
    Form,
    LinesInput,
    Option,
    PersonInput,
    SearchInput,
    Text,
    TextInput,
)
from bot.i18n import say
from bot.people.addresses import AddressBook
from tests.channels.teams.kit import Site, Teammate, actions, in_dialog, inputs, running, settings, texts
from tests.channels.teams.microsoft import FakeMicrosoft, Json
from tests.db.fixtures import MovableClock

OPEN = card_json(Card("x", (Buttons((Button("Los", "test", opens=True),)),)))
COLOURS = (Option("red", "Rot"), Option("blue, dark", "Dunkelblau"), Option("50 %", "halb | ganz"))
WHOLE = Form(
    "test.form",
    "Alles",
    (
        Text("Ein Hinweis", "subtle"),
        TextInput("name", "Name", hint="Wie im Ausweis", max_length=20),
        TextInput("age", "Alter", kind="number", required=False),
        TextInput("mail", "E-Mail", kind="email", required=False),
        TextInput("page", "Seite", kind="url", required=False),
        LinesInput("why", "Warum", required=False, max_length=50),
        ChoiceInput("colour", "Farbe", required=False, options=COLOURS, initial=("red",)),
        ChoiceInput("mix", "Mischung", required=False, options=COLOURS, several=True),
        SearchInput("term", "Begriff", required=False, initial=(Option("lead", "Lead, der"),)),
        SearchInput("terms", "Begriffe", required=False, several=True),
        DateInput("day", "Tag", required=False),
        PersonInput("boss", "Chefin", required=False),
        PersonInput("team", "Team", required=False, several=True),
    ),
    "Senden",
    "Abbrechen",
    {"draft": "7"},
    3,
    (Button("Zurück", "back"), Button("Löschen", "drop", style="danger", confirm="Wirklich löschen?")),
)


class Desk:
    """A feature with one form, whose replies a test decides."""

    def __init__(self, site: Site, form: Form = WHOLE) -> None:
        self.sent: list[FormSubmitted] = []
        self.changed: list[FieldChanged] = []
        self.closed: list[FormClosed] = []
        self.reply: Reply = Close(Card("Fertig", (Text("Fertig"),)))
        self.follow: Callable[[FieldChanged], Reply] = lambda _event: Silent()
        self._form = form
        router = site.klartext.router
        router.on_action("test", self._open)
        router.on_form("test.form", self._submit)
        router.on_change("test.form", self._change)
        router.on_close("test.form", self._close)

    async def _open(self, _event: object) -> Reply:
        return Open(self._form)

    async def _submit(self, event: FormSubmitted) -> Reply:
        self.sent.append(event)
        return self.reply

    async def _change(self, event: FieldChanged) -> Reply:
        self.changed.append(event)
        return self.follow(event)

    async def _close(self, event: FormClosed) -> Reply:
        self.closed.append(event)
        return Silent()


async def opened(mara: Teammate) -> Json:
    """The page of the form."""
    return in_dialog(await mara.press(actions(OPEN)["Los"]))


def filled(page: Json, /, **given: str) -> dict[str, str]:
    """What a client sends: what stands in the page, with other answers."""
    initial = {id_: str(shown.get("value", "")) for id_, shown in inputs(page).items()}
    return initial | {f"answer.{id_}": value for id_, value in given.items()}


def value_of(page: Json, id_: str, *titles: str) -> str:
    """The value with which these options are sent."""
    choices = inputs(page)[f"answer.{id_}"]["choices"]
    return ",".join(choice["value"] for choice in choices if choice["title"] in titles)


async def test_the_answers_arrive_as_they_were_given(site: Site, mara: Teammate) -> None:
    desk = Desk(site)
    page = await opened(mara)
    given = filled(
        page,
        name="  Mara \u202e Muster ",
        age="12,5",
        mail="mara@example.com",
        page="https://example.com/x",
        why="eins\r\nzwei",
        colour=value_of(page, "colour", "Dunkelblau"),
        mix=value_of(page, "mix", "Rot", "Dunkelblau", "halb | ganz"),
        day="2026-12-31",
        boss="0000-1111",
        team="0000-1111,0000-2222",
    )
    answer = await mara.press(actions(page)["Senden"], **given)
    assert answer == {"task": {"type": "message", "value": "Fertig"}}
    [event] = desk.sent
    assert event.answers == {
        "name": "Mara Muster",
        "age": "12.5",
        "mail": "mara@example.com",
        "page": "https://example.com/x",
        "why": "eins\nzwei",
        "colour": "blue, dark",
        "mix": ("red", "blue, dark", "50 %"),
        "term": "lead",
        "terms": (),
        "day": "2026-12-31",
        "boss": "0000-1111",
        "team": ("0000-1111", "0000-2222"),
    }
    assert (event.state, event.revision, event.button) == ({"draft": "7"}, 3, None)


async def test_nothing_was_answered(site: Site, mara: Teammate) -> None:
    """Clients leave out what is empty, or send an empty text."""
    desk = Desk(site, replace(WHOLE, elements=WHOLE.elements[2:]))
    page = await opened(mara)
    await mara.press(actions(page)["Senden"])
    await mara.press(actions(page)["Senden"], **filled(page, colour="%"))
    assert [event.answers["colour"] for event in desk.sent] == ["", ""]
    assert desk.sent[0].answers["mix"] == ()


async def test_mistakes_come_back_with_what_was_typed(site: Site, mara: Teammate) -> None:
    desk = Desk(site)
    page = await opened(mara)
    wrong = filled(
        page, name="x" * 21, age="viele", mail="mara@", page="ftp://x", day="morgen", why="bleibt"
    )
    answer = await mara.press(actions(page)["Senden"], **wrong)
    again = in_dialog(answer)
    shown = inputs(again)
    assert [shown[f"answer.{id_}"]["value"] for id_ in ("name", "age", "mail", "why")] == [
        "x" * 21,
        "viele",
        "mara@",
        "bleibt",
    ]
    seen = texts(again)
    for key in ("not_number", "not_email", "not_url", "not_date"):
        assert say("de", f"chat.form.{key}") in seen
    assert say("de", "chat.form.too_long", most=20, count=21) in seen
    assert desk.sent == []
    right = filled(again, name="Mara", age="3", mail="", page="", day="")
    assert (await mara.press(actions(again)["Senden"], **right))["task"]["type"] == "message"
    assert desk.sent[0].answers["why"] == "bleibt"


async def test_what_the_feature_does_not_take_comes_back_too(site: Site, mara: Teammate) -> None:
    desk = Desk(site)
    desk.reply = Errors({"name": "Diesen Namen gibt es schon.", "": "Und sonst auch."})
    page = await opened(mara)
    given = filled(page, name="Mara", mix=value_of(page, "mix", "Dunkelblau"), term="mql|MQL%2C das")
    again = in_dialog(await mara.press(actions(page)["Senden"], **given))
    assert "Diesen Namen gibt es schon." in texts(again)
    assert "Und sonst auch." in texts(again)
    shown = inputs(again)
    assert shown["answer.name"]["value"] == "Mara"
    assert shown["answer.mix"]["value"] == given["answer.mix"]
    assert shown["answer.term"]["choices"] == [{"title": "MQL, das", "value": "mql|MQL%2C das"}]
    assert shown["answer.term"]["value"] == "mql|MQL%2C das"


async def test_the_same_page_sent_twice_is_the_same_event(site: Site, mara: Teammate) -> None:
    """Teams sends an invoke again when the answer is late, after a while with a new id."""
    desk = Desk(site)
    page = await opened(mara)
    for _ in range(2):
        await mara.press(actions(page)["Senden"], **filled(page, name="Mara"))
    other = await opened(mara)
    await mara.press(actions(other)["Senden"], **filled(other, name="Mara"))
    assert desk.sent[0].key == desk.sent[1].key != desk.sent[2].key


async def test_a_button_sends_half_a_page(site: Site, mara: Teammate) -> None:
    desk = Desk(site)
    desk.reply = Update(replace(WHOLE, title="Vorher", elements=WHOLE.elements[:2]))
    page = await opened(mara)
    answer = await mara.press(actions(page)["Zurück"], **filled(page, age="noch nicht fertig"))
    assert answer["task"]["value"]["title"] == "Vorher"
    [event] = desk.sent
    assert (event.button, event.answers["name"], event.answers["age"]) == ("back", "", "noch nicht fertig")


async def test_a_question_is_asked_before_it_is_done(site: Site, mara: Teammate) -> None:
    """The question is unfolded; the button in it sends the form."""
    desk = Desk(site)
    page = await opened(mara)
    assert [action["type"] for action in page["actions"]] == [
        "Action.Submit",
        "Action.Submit",
        "Action.ToggleVisibility",
        "Action.Submit",
    ]
    [target] = page["actions"][2]["targetElements"]
    [folded] = [part for part in page["body"] if part.get("id") == target]
    assert folded["isVisible"] is False
    assert "Wirklich löschen?" in texts(folded)
    await mara.press(actions(folded)["Löschen"], **filled(page))
    assert desk.sent[0].button == "drop"


async def test_closing_is_told_and_closes(site: Site, mara: Teammate) -> None:
    desk = Desk(site)
    page = await opened(mara)
    assert await mara.press(actions(page)["Abbrechen"], **filled(page, name="x")) == {}
    [event] = desk.closed
    assert (event.action, event.state) == ("test.form", {"draft": "7"})
    assert desk.sent == []


KIND = ChoiceInput("kind", "Art", live=True, options=(Option("tool", "Werkzeug"), Option("data", "Daten")))
SHORT = Form("test.form", "Wunsch", (KIND, TextInput("what", "Was")), "Weiter", "Abbrechen")
LONG = replace(SHORT, elements=(*SHORT.elements, TextInput("whose", "Wessen Daten")), revision=2)


def follow_up(event: FieldChanged) -> Reply:
    """Data need one more question."""
    return Update(LONG if event.answers["kind"] == "data" else SHORT)


async def test_an_answer_that_brings_questions_brings_the_page_back(site: Site, mara: Teammate) -> None:
    desk = Desk(site, SHORT)
    desk.follow = follow_up
    page = await opened(mara)
    given = filled(page, kind=value_of(page, "kind", "Daten"), what="Umsatz")
    again = in_dialog(await mara.press(actions(page)["Weiter"], **given))
    assert say("de", "teams.more_questions") in texts(again)
    assert inputs(again)["answer.what"]["value"] == "Umsatz"
    assert inputs(again)["answer.kind"]["value"] == "data"
    assert desk.sent == []
    await mara.press(actions(again)["Weiter"], **filled(again, whose="Vertrieb"))
    [event] = desk.sent
    assert event.answers == {"kind": "data", "what": "Umsatz", "whose": "Vertrieb"}
    assert event.revision == 2
    assert [change.changed for change in desk.changed] == ["kind"]


def break_down(_event: FieldChanged) -> Reply:
    """What is asked for cannot be found out now."""
    raise ZeroDivisionError("the cause")


async def test_what_breaks_leaves_the_page_and_asks_again_for_what_follows(
    site: Site, mara: Teammate, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(site, SHORT)
    desk.follow = break_down
    page = await opened(mara)
    given = filled(page, kind=value_of(page, "kind", "Daten"), what="Umsatz")
    again = in_dialog(await mara.press(actions(page)["Weiter"], **given))
    assert "Da ist etwas schiefgegangen" in texts(again)
    assert inputs(again)["answer.what"]["value"] == "Umsatz"
    assert desk.sent == []
    desk.follow = follow_up
    longer = in_dialog(await mara.press(actions(again)["Weiter"], **filled(again)))
    assert "answer.whose" in inputs(longer)


async def test_what_breaks_before_the_form_is_read_leaves_the_page(
    site: Site, mara: Teammate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Who sends it is looked up first, and that needs the database."""
    desk = Desk(site, SHORT)
    page = await opened(mara)

    async def away(*_: object) -> None:
        raise ZeroDivisionError("the cause")

    with monkeypatch.context() as patched:
        patched.setattr(AddressBook, "remember", away)
        given = filled(page, kind=value_of(page, "kind", "Daten"), what="Umsatz")
        again = in_dialog(await mara.press(actions(page)["Weiter"], **given))
    assert "Da ist etwas schiefgegangen" in texts(again)
    await mara.press(actions(again)["Weiter"], **filled(again))
    assert [event.answers for event in desk.sent] == [{"kind": "data", "what": "Umsatz"}]


async def test_what_is_said_about_an_answer_is_read_before_the_page_is_sent(
    site: Site, mara: Teammate
) -> None:
    """Teams cannot show it while somebody chooses; a new line at the head of the page holds nobody up."""
    desk = Desk(site, SHORT)
    told = replace(SHORT, elements=(Text("Seite 1 von 3"), *SHORT.elements, Text("❌ nicht verbunden")))
    desk.follow = lambda _event: Update(told)
    page = await opened(mara)
    given = filled(page, kind=value_of(page, "kind", "Daten"), what="Umsatz")
    again = in_dialog(await mara.press(actions(page)["Weiter"], **given))
    assert say("de", "teams.more_to_read") in texts(again)
    assert "❌ nicht verbunden" in texts(again)
    assert desk.sent == []
    await mara.press(actions(again)["Weiter"], **filled(again))
    assert [event.answers for event in desk.sent] == [{"kind": "data", "what": "Umsatz"}]


async def test_an_answer_that_takes_questions_away_keeps_the_rest(site: Site, mara: Teammate) -> None:
    desk = Desk(site, LONG)
    desk.follow = follow_up
    page = await opened(mara)
    given = filled(page, kind="tool", what="HubSpot", whose="egal")
    again = in_dialog(await mara.press(actions(page)["Weiter"], **given))
    assert "answer.whose" not in inputs(again)
    await mara.press(actions(again)["Weiter"], **filled(again))
    assert desk.sent[0].answers == {"kind": "tool", "what": "HubSpot"}


async def test_an_answer_that_changes_nothing_is_sent_at_once(site: Site, mara: Teammate) -> None:
    desk = Desk(site, SHORT)
    desk.follow = lambda _event: Update(replace(SHORT, revision=9, state={"draft": "new"}))
    page = await opened(mara)
    await mara.press(actions(page)["Weiter"], **filled(page, kind="tool", what="HubSpot"))
    [event] = desk.sent
    assert (event.revision, event.state) == (9, {"draft": "new"})


async def test_what_follows_may_end_the_form(site: Site, mara: Teammate) -> None:
    desk = Desk(site, SHORT)
    desk.follow = lambda _event: Close(Card("Das gibt es schon.", (Text("Das gibt es schon."),)))
    page = await opened(mara)
    answer = await mara.press(actions(page)["Weiter"], **filled(page, kind="tool"))
    assert answer["task"] == {"type": "message", "value": "Das gibt es schon."}
    assert desk.sent == []


RICH = Card("Antwort", (Text("Antwort", "strong"), Bullets(("a", "b")), Buttons((Button("Los", "test"),))))


async def test_an_answer_with_buttons_stays_in_the_dialog(site: Site, mara: Teammate) -> None:
    """Dialogs do not stack: what a button in one brings is the next page of the same."""
    desk = Desk(site)
    desk.reply = Close(RICH)
    page = await opened(mara)
    answer = in_dialog(await mara.press(actions(page)["Senden"], **filled(page, name="Mara")))
    assert texts(answer).startswith("Antwort")
    action = actions(answer)["Los"]
    assert action["type"] == "Action.Submit"
    assert "msteams" not in action["data"]
    assert "answer.name" in inputs(in_dialog(await mara.press(action)))


async def test_what_is_for_all_is_posted_and_said(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    desk = Desk(site)
    desk.reply = Tell(RICH, to="public")
    page = await opened(mara)
    answer = await mara.press(actions(page)["Senden"], **filled(page, name="Mara"))
    assert answer["task"] == {"type": "message", "value": "Antwort"}
    await mara.press(actions(page)["Senden"], **filled(page, name="Mara"))
    await site.work()
    assert texts(microsoft.said()[-1].card).startswith("Antwort")


async def test_nothing_at_all_closes(site: Site, mara: Teammate) -> None:
    desk = Desk(site)
    desk.reply = Close(None)
    page = await opened(mara)
    assert await mara.press(actions(page)["Senden"], **filled(page, name="Mara")) == {}


async def test_a_seal_is_for_one_person_and_cannot_be_changed(site: Site, mara: Teammate) -> None:
    desk = Desk(site)
    page = await opened(mara)
    send = actions(page)["Senden"]
    stranger = await replace(mara, name="Sven").press(send, **filled(page, name="Sven"))
    token = send["data"]["klartext"]["form"]
    for changed in (token[:-6] + "AAAAAA", "A" + token[1:], token[:20], "", "%%%", "ä"):
        send["data"]["klartext"]["form"] = changed
        answer = await mara.press(send, **filled(page, name="Mara"))
        assert say("de", "chat.old_card") in texts(in_dialog(answer))
    assert say("de", "chat.old_card") in texts(in_dialog(stranger))
    assert desk.sent == []


async def test_a_button_that_the_form_never_had_is_refused(site: Site, mara: Teammate) -> None:
    desk = Desk(site)
    page = await opened(mara)
    back = actions(page)["Zurück"]
    back["data"]["klartext"]["button"] = "approve"
    assert say("de", "chat.old_card") in texts(in_dialog(await mara.press(back, **filled(page))))
    assert desk.sent == []


async def test_what_was_never_offered_cannot_be_chosen(site: Site, mara: Teammate) -> None:
    desk = Desk(site)
    page = await opened(mara)
    forged = filled(page, name="Mara", colour="gold", mix="red,gold")
    again = in_dialog(await mara.press(actions(page)["Senden"], **forged))
    assert say("de", "chat.form.not_offered") in texts(again)
    await mara.press(actions(page)["Zurück"], **forged)
    assert (desk.sent[0].answers["colour"], desk.sent[0].answers["mix"]) == ("", ("red",))


@pytest.mark.parametrize("given", [7, None, {"x": 1}, ["a"], True])
async def test_an_answer_that_is_no_text_counts_as_none(given: Any, site: Site, mara: Teammate) -> None:
    desk = Desk(site)
    page = await opened(mara)
    data = {**actions(page)["Zurück"]["data"], **dict.fromkeys(inputs(page), given)}
    assert (await mara.invoke("task/submit", {"data": data})).status_code == 200
    assert set(desk.sent[0].answers.values()) == {"", ()}


async def test_another_process_goes_on_with_the_form(
    site: Site, mara: Teammate, clock: MovableClock
) -> None:
    """After a restart or on another replica the page is still open, with its state."""
    Desk(site)
    page = await opened(mara)
    async with running(settings(site.klartext.settings.database_url), clock) as other:
        desk = Desk(other)
        there = replace(mara, site=other)
        await there.press(actions(page)["Senden"], **filled(page, name="Mara"))
    assert desk.sent[0].state == {"draft": "7"}


async def test_a_search_field_finds_while_one_types(site: Site, mara: Teammate) -> None:
    asked: list[OptionsWanted] = []

    async def options(event: OptionsWanted) -> Reply:
        asked.append(event)
        return Results((Option("mql", "MQL, das"), Option("50 %", "halb | ganz")))

    site.klartext.router.on_options("term", options)
    Desk(site)
    page = await opened(mara)
    query = inputs(page)["answer.term"]["choices.data"]
    value = {"queryText": "mq\u202el", "queryOptions": {"skip": 0, "top": 15}, "dataset": query["dataset"]}
    answer = (await mara.invoke("application/search", value)).json()
    assert answer["type"] == "application/vnd.microsoft.search.searchResponse"
    results = answer["value"]["results"]
    assert [result["title"] for result in results] == ["MQL, das", "halb | ganz"]
    assert [event.typed for event in asked] == ["mql"]
    assert "," not in results[0]["value"]


async def test_a_search_field_that_nobody_knows_finds_nothing(mara: Teammate) -> None:
    for dataset in ("unknown", "", None):
        answer = (await mara.invoke("application/search", {"queryText": "x", "dataset": dataset})).json()
        assert answer["value"] == {"results": []}


async def test_what_was_found_is_sent(site: Site, mara: Teammate) -> None:
    desk = Desk(site)
    page = await opened(mara)
    given = filled(page, name="Mara", term="50 %25|halb %7C ganz", terms="mql|MQL%2C das,sql|SQL")
    await mara.press(actions(page)["Senden"], **given)
    assert desk.sent[0].answers["term"] == "50 %"
    assert desk.sent[0].answers["terms"] == ("mql", "sql")


async def test_settings_from_the_first_card_to_the_last(mara: Teammate, microsoft: FakeMicrosoft) -> None:
    """The feature knows nothing of Teams."""
    await mara.say("einstellungen")
    page = in_dialog(await mara.press(actions(mara.card)[say("de", "people.change")]))
    assert set(inputs(page)) == {"answer.language", "answer.department"}
    sales = value_of(page, "department", "Vertrieb")
    done = await mara.press(actions(page)["Speichern"], **filled(page, language="en", department=sales))
    assert "Sales" in texts(in_dialog(done))
    await mara.say("was heisst Lead?")
    assert "Helpful" in actions(mara.card)


async def test_a_remark_with_a_mistake_first(site: Site, mara: Teammate) -> None:
    await mara.say("define lead")
    page = in_dialog(await mara.press(actions(mara.card)[say("de", "glossary.differs")]))
    send = actions(page)["Senden"]
    again = in_dialog(await mara.press(send, **filled(page)))
    assert say("de", "chat.form.missing") in texts(again)
    done = await mara.press(actions(again)["Senden"], **filled(again, text="Bei uns erst nach dem Anruf."))
    assert done["task"]["type"] == "message"
    assert "Lead" in done["task"]["value"]
