"""Cards and forms in modals: in place, on top, or with errors at the questions."""

import pytest

from bot.chat.events import (
    FieldChanged,
    FormClosed,
    FormSubmitted,
    OptionsWanted,
    Place,
)
from bot.chat.replies import Close, Errors, Open, Reply, Results, Silent, Tell, Update
from bot.chat.ui import (
    Button,
    Buttons,
    Card,
    Form,
    LinesInput,
    Option,
    Text,
    TextInput,
)
from tests.channels.slack.fake import MARA, MARKETING
from tests.channels.slack.feature import AB, CARD, FORM, Feature, in_modal, top
from tests.channels.slack.wire import Answer
from tests.channels.slack.workspace import Workspace, recorded, seen


async def test_a_card_in_a_modal_changes_in_place(workspace: Workspace, feature: Feature) -> None:
    await in_modal(workspace, feature, Open(FORM))
    feature.reply = Close(CARD)
    await workspace.submit({})
    feature.reply = Update(Card("new", (Text("new"), Buttons((Button("Do", "do"),)))))
    await workspace.press_modal("Do")
    assert [len(workspace.slack.windows[MARA]), top(workspace)] == [1, "new\nDo"]
    assert feature.last.place == Place("slack", MARKETING, "public")


async def test_a_fourth_window_takes_the_place_of_the_third(workspace: Workspace, feature: Feature) -> None:
    feature.reply = Tell(CARD)
    await workspace.shortcut("do")
    for number in range(4):
        feature.reply = Tell(Card("x", (Text(f"window {number}"), Buttons((Button("Do", "do"),)))))
        await workspace.press_modal("Do")
    assert [len(workspace.slack.windows[MARA]), top(workspace)] == [3, "window 3\nDo"]


async def test_what_is_for_a_channel_is_posted_by_a_job_and_said(
    workspace: Workspace, feature: Feature
) -> None:
    await in_modal(workspace, feature, Open(FORM))
    feature.reply = Close(CARD)
    await workspace.submit({})
    feature.reply = Tell(Card("for all", (Text("for all"),)), "public")
    await workspace.press_modal("Do")
    assert "/invite @Klartext" in top(workspace)
    await workspace.jobs()
    assert [(post.channel, post.body["text"]) for post in workspace.slack.messages] == [
        (MARKETING, "for all")
    ]


async def test_a_form_opens_on_top_of_a_card(workspace: Workspace, feature: Feature) -> None:
    feature.reply = Tell(CARD)
    await workspace.shortcut("do")
    feature.reply = Open(FORM)
    await workspace.press_modal("Do")
    assert len(workspace.slack.windows[MARA]) == 2
    feature.reply = Close()
    await workspace.submit({})
    assert top(workspace) == "told\nDo"


async def test_a_change_that_was_too_slow_is_dropped(workspace: Workspace, feature: Feature) -> None:
    feature.reply = Tell(CARD)
    await workspace.shortcut("do")
    view = workspace.slack.top(MARA)
    old = workspace._filled(MARA, {})
    workspace.slack.change(view, dict(view.shown))
    feature.reply = Update(Card("late", (Text("late"),)))
    action = {"type": "button", "action_id": "do:1", "block_id": "x"}
    assert (await workspace._act(MARA, old, action)).status == 200
    assert top(workspace) == "told\nDo"


async def test_the_next_page_has_block_ids_of_its_own(workspace: Workspace, feature: Feature) -> None:
    await in_modal(workspace, feature, Open(FORM))
    first = workspace.slack.top(MARA).shown["blocks"]
    for reply in (Update(FORM), Open(FORM)):
        feature.reply = reply
        await workspace.submit({"what": "typed"})
        blocks = workspace.slack.top(MARA).shown["blocks"]
        assert {block["block_id"] for block in blocks[:4]}.isdisjoint(
            {block["block_id"] for block in first[:4]}
        )
        assert blocks[0]["element"]["initial_value"] == "x"
        first = blocks
    assert [event.key for event in feature.events[1:]] == [
        f"slack:{workspace.slack.top(MARA).id}:1",
        f"slack:{workspace.slack.top(MARA).id}:2",
    ]


async def test_errors_stand_at_their_questions(workspace: Workspace, feature: Feature) -> None:
    await in_modal(workspace, feature, Open(FORM))
    feature.reply = Errors({"which": "not this", "elsewhere": "nor that", "what": "nor"})
    answer = await workspace.submit({})
    assert answer.body == {
        "response_action": "errors",
        "errors": {"which:1": "not this", "what:1": "nor that nor"},
    }


async def test_errors_of_a_form_without_questions_are_shown(workspace: Workspace, feature: Feature) -> None:
    await in_modal(workspace, feature, Open(Form("do", "T", (Text("x"),), "S", "C")))
    feature.reply = Errors({"what": "missing"})
    await workspace.submit({})
    assert top(workspace) == "missing"


async def test_what_cannot_be_an_answer_never_reaches_the_feature(
    workspace: Workspace, feature: Feature
) -> None:
    await in_modal(
        workspace, feature, Open(Form("do", "T", (LinesInput("what", "?", max_length=3),), "S", "C"))
    )
    answer = await workspace.submit({"what": "long"})
    assert answer.body["errors"] == {"what:1": "Das ist zu lang: 4 Zeichen, höchstens 3 haben Platz."}
    assert len(feature.events) == 1


@pytest.mark.parametrize("reply", [Close(), Silent()])
async def test_a_form_that_is_done_closes(workspace: Workspace, feature: Feature, reply: Reply) -> None:
    await in_modal(workspace, feature, Open(FORM))
    feature.reply = reply
    assert await workspace.submit({}) == Answer(200, "")


async def test_a_form_may_post_to_its_place(workspace: Workspace, feature: Feature) -> None:
    await in_modal(workspace, feature, Open(FORM))
    feature.reply = Tell(CARD, "public")
    assert await workspace.submit({}) == Answer(200, "")
    await workspace.jobs()
    assert [post.channel for post in workspace.slack.messages] == [MARKETING]


async def test_a_replayed_form_does_nothing(workspace: Workspace, feature: Feature) -> None:
    await in_modal(workspace, feature, Open(FORM))
    feature.reply = Close()
    view = workspace.slack.top(MARA)
    for _ in range(2):
        workspace.slack.windows[MARA] = [view]
        await workspace.submit({}, trigger_id="1.same.trigger")
    assert len([event for event in feature.events if isinstance(event, FormSubmitted)]) == 1


async def test_a_button_of_a_form_says_which_it_was(workspace: Workspace, feature: Feature) -> None:
    await in_modal(workspace, feature, Open(FORM))
    feature.reply = Update(FORM)
    await workspace.press_modal("Back", {"what": "typed"})
    assert isinstance(feature.last, FormSubmitted)
    assert (feature.last.button, feature.last.answers["what"]) == ("back", "typed")
    assert workspace.slack.top(MARA).shown["blocks"][0]["block_id"] == "what:2"


async def test_errors_after_a_button_stand_above_and_keep_what_was_typed(
    workspace: Workspace, feature: Feature
) -> None:
    await in_modal(workspace, feature, Open(FORM))
    for sentence in ("missing", "still missing"):
        feature.reply = Errors({"what": sentence})
        await workspace.press_modal("Back")
        blocks = workspace.slack.top(MARA).shown["blocks"]
        assert [block["type"] for block in blocks[:2]] == ["alert", "input"]
        assert seen(blocks[:1]) == sentence
        assert blocks[1]["block_id"] == "what:1"


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        (Tell(CARD), "told\nDo"),
        (Close(CARD), "told\nDo"),
        (Close(), "Erledigt. Du kannst das Fenster schliessen."),
    ],
)
async def test_a_form_that_a_button_ends_shows_a_card(
    workspace: Workspace, feature: Feature, reply: Reply, shown: str
) -> None:
    await in_modal(workspace, feature, Open(FORM))
    feature.reply = reply
    await workspace.press_modal("Back")
    assert top(workspace) == shown


async def test_a_button_of_a_form_may_post_to_its_place(workspace: Workspace, feature: Feature) -> None:
    await in_modal(workspace, feature, Open(FORM))
    feature.reply = Tell(CARD, "public")
    await workspace.press_modal("Back")
    await workspace.jobs()
    assert [post.channel for post in workspace.slack.messages] == [MARKETING]
    assert "Erledigt" in top(workspace)


async def test_a_live_answer_draws_the_page_again_and_keeps_what_was_typed(
    workspace: Workspace, feature: Feature
) -> None:
    await in_modal(workspace, feature, Open(FORM))
    feature.reply = Update(
        Form("do", "T", (*FORM.elements, TextInput("new", "New?")), "S", "C", {"draft": "8"}, 4)
    )
    await workspace.change("which", {"which": "b", "what": "typed"})
    assert isinstance(feature.last, FieldChanged)
    assert (feature.last.changed, feature.last.answers["which"], feature.last.revision) == ("which", "b", 3)
    blocks = workspace.slack.top(MARA).shown["blocks"]
    assert [block["block_id"] for block in blocks] == ["what:1", "which:1", "who:1", "term:1", "new:1"]
    feature.reply = Close()
    await workspace.submit({"new": "n"})
    assert (feature.last.state, feature.last.revision) == ({"draft": "8"}, 4)


async def test_a_word_about_a_live_answer_lies_on_top(workspace: Workspace, feature: Feature) -> None:
    await in_modal(workspace, feature, Open(FORM))
    feature.reply = Tell(CARD)
    await workspace.change("which", {"which": "b"})
    assert len(workspace.slack.windows[MARA]) == 2
    feature.reply = Tell(CARD, "public")
    workspace.slack.windows[MARA].pop()
    await workspace.change("which", {"which": "a"})
    await workspace.jobs()
    assert [post.channel for post in workspace.slack.messages] == [MARKETING]


async def test_a_closed_form_is_told(workspace: Workspace, feature: Feature) -> None:
    await in_modal(workspace, feature, Open(FORM))
    feature.reply = Tell(CARD)
    assert await workspace.close() == Answer(200, "")
    assert isinstance(feature.last, FormClosed)
    assert (feature.last.action, feature.last.state) == ("do", {"draft": "7"})
    await workspace.jobs()
    assert [message.only for message in workspace.slack.messages] == [MARA]


async def test_a_closed_card_is_nobodys_business(workspace: Workspace, feature: Feature) -> None:
    feature.reply = Tell(CARD)
    await workspace.shortcut("do")
    await workspace.close()
    assert len(feature.events) == 1


async def test_options_are_found_while_somebody_types(workspace: Workspace, feature: Feature) -> None:
    await in_modal(workspace, feature, Open(FORM))
    feature.reply = Results((*AB, Option("", "nothing")))
    payload = recorded("suggestion_modal") | workspace._from(MARA)
    payload |= {"view": workspace._filled(MARA, {}), "block_id": "term:1", "action_id": "search"}
    answer = await workspace.wire.send("payload", payload | {"value": "Le\u200bad" + "x" * 500})
    assert [option["value"] for option in answer.body["options"]] == ["a", "b"]
    assert isinstance(feature.last, OptionsWanted)
    assert feature.last.action == "term"
    assert feature.last.typed.startswith("Lead")
    assert len(feature.last.typed) < 200
