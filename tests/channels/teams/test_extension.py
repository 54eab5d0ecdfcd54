"""The message extension: look a term up and insert it, explain a message, begin something."""

from dataclasses import replace
from typing import Any

import pytest

from bot.chat.events import TextReceived
from bot.chat.replies import Open, Reply, Tell
from bot.chat.ui import Button, Card, Form, Text, TextInput
from bot.glossary.book import Book
from bot.i18n import say
from tests.channels.teams.kit import CHANNEL_ID, Site, Teammate, actions, in_dialog, inputs, payload, texts
from tests.channels.teams.microsoft import FakeMicrosoft, Json

EXPLAIN = "glossary.explain"


async def search(who: Teammate, typed: Any, name: str = "term") -> Json:
    """What the search of the extension shows."""
    value = {
        "commandId": "define",
        "parameters": [{"name": name, "value": typed}],
        "queryOptions": {"skip": 0, "count": 25},
    }
    response = await who.invoke("composeExtension/query", value)
    assert response.status_code == 200
    found: Json = response.json()["composeExtension"]
    return found


async def test_a_term_is_found_and_can_be_inserted(mara: Teammate) -> None:
    found = await search(mara, "lea")
    assert (found["type"], found["attachmentLayout"]) == ("result", "list")
    titles = [result["preview"]["content"]["title"] for result in found["attachments"]]
    assert "Lead" in titles
    lead = found["attachments"][titles.index("Lead")]
    assert lead["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert texts(lead["content"]).startswith("Lead · ")
    assert "Action.Execute" not in str(lead["content"])
    assert lead["preview"]["contentType"] == "application/vnd.microsoft.card.thumbnail"


async def test_the_first_run_shows_something(mara: Teammate) -> None:
    assert (await search(mara, "true", "initialRun"))["type"] == "result"


@pytest.mark.parametrize("typed", ["xyzzy-gibt-es-nicht", 7, None, {"x": 1}, "x" * 5_000])
async def test_nothing_is_found(typed: Any, mara: Teammate) -> None:
    found = await search(mara, typed)
    assert found["type"] in {"message", "result"}
    if isinstance(typed, str):
        assert found == {"type": "message", "text": say("de", "teams.nothing_found")}


@pytest.mark.parametrize(
    "value", [{}, {"parameters": None}, {"parameters": "x"}, {"parameters": [None, 7]}]
)
async def test_a_strange_search_is_answered(value: Json, mara: Teammate) -> None:
    assert (await mara.invoke("composeExtension/query", value)).status_code == 200


async def test_the_terms_of_a_message(mara: Teammate) -> None:
    """As in Slack: an action on a message of anybody, answered to me alone."""
    value = {
        "commandId": EXPLAIN,
        "commandContext": "message",
        "messagePayload": {
            "id": "1767326091220",
            "body": {
                "contentType": "html",
                "content": "<div><p>Der <strong>MQL</strong> ist kein&nbsp;Lead &amp; kein Kunde</p></div>",
            },
        },
    }
    answer = (await mara.invoke("composeExtension/fetchTask", value)).json()
    shown = in_dialog(answer)
    assert say("de", "glossary.explain_title") in texts(shown)
    action = actions(shown)["Lead"]
    assert texts(in_dialog(await mara.press(action))).startswith("Lead")


@pytest.mark.parametrize(
    "message",
    [None, {}, {"body": None}, {"body": {"content": "<p>Guten Morgen</p>", "contentType": "html"}}],
)
async def test_a_message_without_terms_or_words(message: Any, mara: Teammate) -> None:
    """A message may be gone by the time somebody asks about it."""
    value = {"commandId": EXPLAIN, "commandContext": "message", "messagePayload": message}
    answer = (await mara.invoke("composeExtension/fetchTask", value)).json()
    assert answer["task"] == {"type": "message", "value": say("de", "glossary.explain_nothing")}


async def test_an_action_opens_a_form_at_once(site: Site, mara: Teammate) -> None:
    """From the slash menu: the command's form is the first page of the dialog."""
    begun: list[TextReceived] = []
    form = Form("test.request", "Anfrage", (TextInput("wish", "Wunsch"),), "Weiter", "Abbrechen")

    async def begin(event: TextReceived) -> Reply:
        begun.append(event)
        return Open(form, Button("Anfrage", "test.begin", opens=True))

    site.klartext.router._texts.insert(0, (lambda event: event.command == "request", begin))
    value = payload("invoke_me_fetch_task")["value"] | {"commandId": "request"}
    answer = (await replace(mara, kind="channel").invoke("composeExtension/fetchTask", value)).json()
    assert "answer.wish" in inputs(in_dialog(answer))
    assert [(event.command, event.text, event.place.id) for event in begun] == [("request", "", CHANNEL_ID)]


async def test_the_form_of_an_action_goes_on_and_ends(site: Site, mara: Teammate) -> None:
    begin = {"commandId": "ask", "commandContext": "compose"}
    page = in_dialog((await mara.invoke("composeExtension/fetchTask", begin)).json())
    send = actions(page)[say("de", "glossary.ask")]
    data = {**send["data"], "answer.question": "Was heisst Lead?"}
    value: Json = {"commandId": "ask", "commandContext": "compose", "data": data}
    answer = (await mara.invoke("composeExtension/submitAction", value)).json()
    assert "Lead" in texts(in_dialog(answer))
    closing = {**actions(page)["Abbrechen"]["data"]}
    response = await mara.invoke("composeExtension/submitAction", {"data": closing})
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("command", ["tanzen", "", None, 7, "x" * 300])
async def test_an_unknown_action_is_answered_in_words(command: Any, mara: Teammate) -> None:
    for context in ("compose", "commandBox", "message", None):
        value = {"commandId": command, "commandContext": context}
        answer = (await mara.invoke("composeExtension/fetchTask", value)).json()
        assert answer["task"]["type"] in {"message", "continue"}


async def test_what_is_for_a_department_is_not_inserted_elsewhere(site: Site, mara: Teammate) -> None:
    """A find is read by everybody in the conversation: only what is for all there is offered."""
    living, glossary = site.klartext.living, site.klartext.living.book.glossary
    lead = glossary.terms["lead"].model_copy(update={"visibility": ["marketing"]})
    living._book = Book(glossary.model_copy(update={"terms": {**glossary.terms, "lead": lead}}))
    found = await search(mara, "lead")
    titles = [result["preview"]["content"]["title"] for result in found.get("attachments", ())]
    assert "Lead" not in titles


async def test_a_private_word_for_the_dialog(site: Site, mara: Teammate, microsoft: FakeMicrosoft) -> None:
    """An action that only has something to say says it in the dialog, and posts nothing."""

    async def told(_event: TextReceived) -> Reply:
        return Tell(Card("Nur das", (Text("Nur das"),)))

    site.klartext.router._texts.insert(0, (lambda event: event.command == "hallo", told))
    answer = (await mara.invoke("composeExtension/fetchTask", {"commandId": "hallo"})).json()
    assert answer["task"] == {"type": "message", "value": "Nur das"}
    assert microsoft.said() == []
