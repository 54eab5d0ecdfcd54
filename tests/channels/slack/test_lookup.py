"""Asking in Slack, at its edge: signed requests through real bolt, over HTTP and Socket Mode."""

from typing import Any

import pytest

from tests.channels.slack.conftest import WAYS
from tests.channels.slack.fake import INES, MARA, MARKETING, PRIVATE, SALES, SVEN, Failure
from tests.channels.slack.workspace import Workspace, labels, recorded, seen

MARKETING_SAYS = "Jeder Kontakt, der ein Formular ausgefüllt hat"
SALES_SAYS = "Kontakt mit Budget, Bedarf und vereinbartem Gesprächstermin"


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Everything here is tested both ways."""
    return str(request.param)


async def test_define_answers_for_the_department_of_the_channel(workspace: Workspace) -> None:
    for place, first in ((MARKETING, MARKETING_SAYS), (SALES, SALES_SAYS)):
        answer = await workspace.slash("lead", place=place)
        assert answer.status == 200
        assert answer.body["response_type"] == "ephemeral"
        lines = seen(answer.body["blocks"]).splitlines()
        assert lines[0] == "Lead · in Diskussion"
        assert first in next(line for line in lines if "Kontakt mit" in line or "Jeder Kontakt" in line)
    assert workspace.slack.calls_of("chat.postMessage") == []


async def test_a_language_of_its_own_is_answered_in_it(workspace: Workspace) -> None:
    english = await workspace.slash("what does opportunity mean?")
    assert "opportunity" in english.body["text"].lower()
    assert "Show to the channel" in labels(english.body["blocks"]) or "Helpful" in labels(
        english.body["blocks"]
    )


async def test_an_unknown_word_leads_to_the_right_one(workspace: Workspace) -> None:
    blocks = (await workspace.slash("leed", place=SALES)).body["blocks"]
    assert "«leed» kenne ich nicht." in seen(blocks)
    await workspace.press(blocks, "Lead", place=SALES)
    ((_, body),) = workspace.slack.replies
    assert body["replace_original"] is True
    assert SALES_SAYS in seen(body["blocks"])


async def test_more_and_less_change_the_card_in_place(workspace: Workspace) -> None:
    short = (await workspace.slash("lead")).body["blocks"]
    await workspace.press(short, "Mehr")
    long = workspace.slack.replies[-1][1]
    assert len(seen(long["blocks"])) > len(seen(short))
    await workspace.press(long["blocks"], "Weniger")
    back = workspace.slack.replies[-1][1]
    assert long["replace_original"] is back["replace_original"] is True
    assert seen(back["blocks"]).splitlines()[:6] == seen(short).splitlines()[:6]


async def test_words_side_by_side_are_a_table(workspace: Workspace) -> None:
    answer = await workspace.slash("Lead vs Interessent")
    assert [block["type"] for block in answer.body["blocks"]].count("table") == 1


async def test_an_answer_is_shown_to_the_channel_once(workspace: Workspace) -> None:
    await workspace.slash("lead")
    await workspace.jobs()  # fetches the profile, and with it the name
    blocks = (await workspace.slash("lead")).body["blocks"]
    await workspace.press(blocks, "Dem Kanal zeigen")
    await workspace.press(blocks, "Dem Kanal zeigen")
    ((_, body),) = workspace.slack.replies
    assert (body["response_type"], body["replace_original"]) == ("in_channel", False)
    assert "Geteilt von Mara Marketing" in seen(body["blocks"])
    assert "Dem Kanal zeigen" not in labels(body["blocks"])


async def test_what_cannot_be_shown_at_once_is_shown_by_a_job(workspace: Workspace) -> None:
    blocks = (await workspace.slash("lead")).body["blocks"]
    workspace.slack.fail("reply", Failure(404, text="expired_url"))
    await workspace.press(blocks, "Dem Kanal zeigen")
    await workspace.jobs()
    (post,) = workspace.slack.calls_of("chat.postMessage")
    assert post["channel"] == MARKETING
    assert "Geteilt von" in seen(post["blocks"])


async def test_the_first_answer_asks_for_the_department_once(workspace: Workspace) -> None:
    first = (await workspace.slash("lead", place=PRIVATE)).body["blocks"]
    assert "In welcher Abteilung arbeitest du?" in seen(first)
    await workspace.press(first, "Vertrieb", place=PRIVATE)
    answer = workspace.slack.replies[-1][1]
    assert answer["replace_original"] is True
    assert "Bei euch (Vertrieb)" in seen(answer["blocks"])
    again = (await workspace.slash("lead", place=PRIVATE)).body["blocks"]
    assert "In welcher Abteilung" not in seen(again)
    assert "Bei euch (Vertrieb)" in seen(again)


@pytest.mark.parametrize("text", ["help", "", "hilfe"])
async def test_the_help_says_what_works_in_threads(workspace: Workspace, text: str) -> None:
    answer = await workspace.slash(text, command="/klartext")
    assert "In einem Thread geht nur @Klartext" in seen(answer.body["blocks"])


async def test_an_unknown_command_says_so(workspace: Workspace) -> None:
    answer = await workspace.slash("x", command="/frobnicate<!channel>")
    assert answer.body["response_type"] == "ephemeral"
    assert "<!" not in answer.body["text"]
    assert "/klartext help" in seen(answer.body["blocks"])


async def test_entities_are_read_as_they_were_typed(workspace: Workspace) -> None:
    answer = await workspace.slash("F&amp;E", command="/define")
    assert "«F&E»" in seen(answer.body["blocks"])


async def test_only_an_admin_binds_a_channel(workspace: Workspace) -> None:
    refused = await workspace.slash("bind #it-anfragen", command="/klartext")
    assert "Rolle" in seen(refused.body["blocks"])
    await workspace.slash("lead", user=INES)
    await workspace.jobs()  # her profile says who she is
    bound = await workspace.slash("bind #it-anfragen", command="/klartext", user=INES)
    assert "#it-anfragen" in seen(bound.body["blocks"])


async def test_a_mention_is_answered_in_its_thread(workspace: Workspace) -> None:
    answer = await workspace.mention("was heisst Lead hier?", ts="1700000000.000100")
    assert (answer.status, answer.body) == (200, "")
    await workspace.jobs()
    (post,) = workspace.slack.calls_of("chat.postMessage")
    assert (post["channel"], post["thread_ts"]) == (MARKETING, "1700000000.000100")
    assert MARKETING_SAYS in seen(post["blocks"])
    assert (post["unfurl_links"], post["unfurl_media"]) == (False, False)


async def test_a_mention_inside_a_thread_is_answered_there(workspace: Workspace) -> None:
    await workspace.mention("was heisst Lead hier?", thread_ts="1700000000.000001")
    await workspace.jobs()
    (post,) = workspace.slack.calls_of("chat.postMessage")
    assert post["thread_ts"] == "1700000000.000001"


async def test_a_mention_anywhere_in_the_text_counts(workspace: Workspace) -> None:
    payload = workspace.event(
        "mention_twin", text="was heisst\u00a0Lead, <@U00FAKEBOT01>?", channel=MARKETING
    )
    await workspace.wire.send("json", payload)
    await workspace.jobs()
    (post,) = workspace.slack.calls_of("chat.postMessage")
    assert MARKETING_SAYS in seen(post["blocks"])


async def test_the_same_event_twice_is_answered_once(workspace: Workspace) -> None:
    payload = workspace.event("mention_twin", text="<@U00FAKEBOT01> was heisst Lead?", channel=MARKETING)
    for number in ("1", "2", "3"):
        headers = {"X-Slack-Retry-Num": number, "X-Slack-Retry-Reason": "http_timeout"}
        assert (await workspace.wire.send("json", payload, **headers)).status == 200
        await workspace.jobs()
    assert len(workspace.slack.calls_of("chat.postMessage")) == 1


async def test_one_post_that_comes_as_two_events_is_answered_once(workspace: Workspace) -> None:
    text = {"text": "<@U00FAKEBOT01> was heisst Lead?", "channel": MARKETING, "ts": "1.7"}
    for name in ("mention_twin_message", "mention_twin"):
        await workspace.wire.send("json", workspace.event(name, **text))
    await workspace.jobs()
    assert len(workspace.slack.calls_of("chat.postMessage")) == 1


async def test_what_is_no_question_is_answered_to_the_one_who_asked(workspace: Workspace) -> None:
    await workspace.mention("danke, bis morgen!")
    await workspace.jobs()
    (whisper,) = workspace.slack.calls_of("chat.postEphemeral")
    assert (whisper["channel"], whisper["user"], whisper.get("thread_ts")) == (MARKETING, MARA, None)
    assert workspace.slack.calls_of("chat.postMessage") == []


async def test_a_direct_message_is_answered_in_place(workspace: Workspace) -> None:
    await workspace.direct("was heisst Opportunity?")
    await workspace.jobs()
    (post,) = workspace.slack.calls_of("chat.postMessage")
    assert (post["channel"], post.get("thread_ts")) == ("D00FAKEUSER1", None)
    await workspace.direct("und was ist ein Lead?", thread_ts="1.2")
    await workspace.jobs()
    assert workspace.slack.calls_of("chat.postMessage")[-1]["thread_ts"] == "1.2"


async def test_a_word_in_a_channel_that_nobody_said_to_us_stays_unanswered(workspace: Workspace) -> None:
    payload = workspace.event(
        "mention_twin_message", text="Der Lead von gestern ist gut", channel=MARKETING
    )
    assert (await workspace.wire.send("json", payload)).status == 200
    assert await workspace.jobs() <= 1  # the profile of whoever wrote
    assert workspace.slack.messages == []


@pytest.mark.parametrize(
    "event",
    [
        {"bot_id": "B00OTHERBOT1", "user": "U00OTHERBOT1"},
        {"subtype": "bot_message", "user": None},
        {"user": "U00FAKEBOT01"},
        {"bot_id": "B00FAKEBOT01"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
    ],
)
async def test_bots_and_changes_are_never_answered(workspace: Workspace, event: dict[str, Any]) -> None:
    for name in ("mention_twin", "message_dm_first"):
        payload = workspace.event(name, text="was heisst Lead?", channel=MARKETING)
        payload["event"] |= event
        assert (await workspace.wire.send("json", payload)).status == 200
    await workspace.jobs()
    assert workspace.slack.messages == []


async def test_the_terms_of_a_message_are_explained_to_whoever_chose_it(workspace: Workspace) -> None:
    text = "Die Leads aus der Kampagne sind noch keine MQL, &lt;@U1&gt; sagt: Lead time 3 Tage."
    answer = await workspace.shortcut("glossary.explain", text)
    assert (answer.status, answer.body) == (200, "")
    ((_, body),) = workspace.slack.replies
    assert (body["response_type"], body["replace_original"]) == ("ephemeral", False)
    lines = seen(body["blocks"]).splitlines()
    assert [line.partition(" ")[0] for line in lines[1:3]] == ["Lead", "Marketing"]
    await workspace.press(body["blocks"], "Lead")
    assert MARKETING_SAYS in seen(workspace.slack.replies[-1][1]["blocks"])


async def test_a_message_in_a_thread_is_explained_in_the_thread(workspace: Workspace) -> None:
    message = recorded("shortcut_message")["message"] | {"text": "Ein Lead.", "thread_ts": "1.2"}
    await workspace.shortcut("glossary.explain", "", message=message)
    assert workspace.slack.replies[0][1]["thread_ts"] == "1.2"


async def test_an_unknown_shortcut_says_that_it_is_old(workspace: Workspace) -> None:
    await workspace.shortcut("of_another_version", "Lead")
    assert "alt" in seen(workspace.slack.replies[0][1]["blocks"])


async def test_asking_from_the_search(workspace: Workspace) -> None:
    assert (await workspace.shortcut("ask")).status == 200
    await workspace.submit({"question": "was heisst Lead?"})
    card = workspace.slack.top(MARA)
    assert "Lead" in seen(card.shown["blocks"])
    assert "Dem Kanal zeigen" not in labels(card.shown["blocks"])  # there is no channel
    await workspace.press_modal("Mehr")
    assert "Weniger" in labels(workspace.slack.top(MARA).shown["blocks"])
    await workspace.press_modal("Hilfreich")
    assert len(workspace.slack.windows[MARA]) == 2
    assert "Danke" in seen(workspace.slack.top(MARA).shown["blocks"])


async def test_an_empty_question_keeps_the_form_open(workspace: Workspace) -> None:
    await workspace.shortcut("ask")
    answer = await workspace.submit({"question": " \u200b "})
    assert answer.body == {"response_action": "errors", "errors": {"question:1": "Das fehlt noch."}}


async def test_saying_that_it_means_something_else_here(workspace: Workspace) -> None:
    await workspace.slash("lead", user=SVEN)
    await workspace.jobs()  # who is responsible has to be known
    blocks = (await workspace.slash("Opportunity", place=SALES)).body["blocks"]
    await workspace.press(blocks, "Bei uns heisst das anders", place=SALES)
    form = workspace.slack.top(MARA).shown
    assert (form["title"]["text"], form["submit"]["text"]) == ("Bei uns heisst das …", "Senden")
    answer = await workspace.submit({"text": "Für uns erst <!channel> nach dem Angebot"})
    assert answer.body["response_action"] == "update"
    assert "Danke" in seen(workspace.slack.top(MARA).shown["blocks"])
    await workspace.jobs()
    told = [post for post in workspace.slack.calls_of("chat.postMessage") if post["channel"] == SVEN]
    assert [("<" in post["text"], "&lt;!channel&gt;" in post["text"]) for post in told] == [(False, True)]


async def test_a_form_sent_twice_counts_once(workspace: Workspace) -> None:
    await workspace.slash("lead", user=SVEN)
    await workspace.jobs()
    blocks = (await workspace.slash("Opportunity", place=SALES)).body["blocks"]
    await workspace.press(blocks, "Bei uns heisst das anders", place=SALES)
    view = workspace.slack.top(MARA)
    before = dict(view.shown)
    await workspace.submit({"text": "anders"})
    view.shown = before  # the first answer got lost, and the button is pressed again
    await workspace.submit({"text": "anders"})
    await workspace.jobs()
    assert (
        len([post for post in workspace.slack.calls_of("chat.postMessage") if post["channel"] == SVEN]) == 1
    )


async def test_proposing_a_word(workspace: Workspace) -> None:
    blocks = (await workspace.slash("Quartalszauber")).body["blocks"]
    await workspace.press(blocks, "Begriff vorschlagen")
    element = workspace.slack.top(MARA).shown["blocks"][0]["element"]
    assert element["initial_value"] == "Quartalszauber"
    await workspace.submit({"text": "Unser Umsatzspurt"})
    assert "Quartalszauber" in seen(workspace.slack.top(MARA).shown["blocks"])


async def test_settings_are_changed_in_a_form(workspace: Workspace) -> None:
    card = (await workspace.slash("settings", command="/klartext")).body["blocks"]
    await workspace.press(card, "Ändern")
    await workspace.submit({"language": "en", "department": "sales"})
    assert "Saved." in seen(workspace.slack.top(MARA).shown["blocks"])
    answer = await workspace.slash("lead", place=PRIVATE)
    assert "contact with budget" in seen(answer.body["blocks"])


async def test_the_home_tab_shows_what_wants_a_look(workspace: Workspace) -> None:
    await workspace.open_home()
    view = workspace.slack.homes[MARA]
    assert view["blocks"][0]["label"]["text"] == "Was möchtest du wissen?"
    assert "In Diskussion" in seen(view["blocks"])
    await workspace.open_home()
    assert len(workspace.slack.calls_of("views.publish")) == 1  # nothing has changed


async def test_a_question_typed_on_the_home_tab_opens_the_answer(workspace: Workspace) -> None:
    await workspace.open_home()
    await workspace.search_home("was heisst Lead?")
    assert "Lead" in seen(workspace.slack.top(MARA).shown["blocks"])


async def test_a_term_of_the_home_tab_opens(workspace: Workspace) -> None:
    await workspace.open_home()
    await workspace.press_home("Lead")
    assert seen(workspace.slack.top(MARA).shown["blocks"]).startswith("Lead")
    await workspace.press_home("Alle Begriffe")
    assert "Opportunity" in seen(workspace.slack.top(MARA).shown["blocks"]) or "Verkaufschance" in seen(
        workspace.slack.top(MARA).shown["blocks"]
    )


async def test_settings_changed_on_the_home_tab_show_there(workspace: Workspace) -> None:
    await workspace.open_home()
    await workspace.press_home("Einstellungen")
    await workspace.submit({"language": "en", "department": "sales"})
    view = workspace.slack.homes[MARA]
    assert view["blocks"][0]["label"]["text"] == "What would you like to know?"
    assert "Sales" in seen(view["blocks"])


async def test_the_messages_tab_publishes_nothing(workspace: Workspace) -> None:
    payload = workspace.event("app_home_opened_messages", user=MARA)
    assert (await workspace.wire.send("json", payload)).status == 200
    await workspace.settle()
    assert workspace.slack.homes == {}


async def test_an_old_button_is_answered_with_a_sentence(workspace: Workspace) -> None:
    blocks = [
        {"type": "actions", "elements": [{"type": "button", "action_id": "gone:1", "text": {"text": "X"}}]}
    ]
    await workspace.press(blocks, "X")
    assert "alt" in seen(workspace.slack.replies[0][1]["blocks"])


async def test_a_replayed_click_does_nothing(workspace: Workspace) -> None:
    blocks = (await workspace.slash("lead")).body["blocks"]
    payload = {"trigger_id": "1.same.trigger"}
    await workspace.press(blocks, "Mehr", **payload)
    await workspace.press(blocks, "Mehr", **payload)
    assert len(workspace.slack.replies) == 1
