"""Posts, profiles and what Slack says no to: against a Slack that behaves."""

from typing import Any

import pytest

from bot.channels.slack.errors import NotThere, SlackAway, SlackRefused
from bot.chat.events import MessageRef, Place
from bot.chat.ports import Profile, RetryLater
from bot.chat.ui import Card, Text
from tests.channels.slack.conftest import user
from tests.channels.slack.fake import BOT_USER, INES, MARA, MARKETING, PRIVATE, SVEN, TEAM, Failure
from tests.channels.slack.workspace import Workspace

CARD, OTHER = Card("a & <b>", (Text("a"),)), Card("other", (Text("other"),))
PLACE = Place("slack", MARKETING)


async def test_a_post_says_where_it_stands(workspace: Workspace) -> None:
    sender = workspace.channel.sender
    posted = await sender.post(PLACE, CARD, "k")
    assert posted == MessageRef(PLACE, workspace.slack.messages[0].ts)
    assert workspace.slack.calls_of("chat.postMessage") == [
        {
            "channel": MARKETING,
            "text": "a &amp; &lt;b&gt;",
            "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "a", "emoji": False}}],
            "unfurl_links": False,
            "unfurl_media": False,
        }
    ]
    await sender.post(Place("slack", MARKETING, thread=posted.id), CARD, "k")
    assert workspace.slack.messages[1].body["thread_ts"] == posted.id


async def test_a_post_is_changed_and_taken_back(workspace: Workspace) -> None:
    sender = workspace.channel.sender
    posted = await sender.post(PLACE, CARD, "k")
    await sender.edit(posted, OTHER)
    assert workspace.slack.messages[0].body["text"] == "other"
    for _ in range(2):  # what is gone stays so
        await sender.delete(posted)
    assert workspace.slack.messages == []
    with pytest.raises(SlackRefused, match="message_not_found"):
        await sender.edit(posted, CARD)


async def test_a_message_that_may_not_be_deleted_is_a_failure(workspace: Workspace) -> None:
    workspace.slack.fail("chat.delete", Failure(error="compliance_exports_prevent_deletion"))
    with pytest.raises(SlackRefused, match="compliance"):
        await workspace.channel.sender.delete(MessageRef(PLACE, "1.1"))


async def test_a_direct_message_goes_to_one_person(workspace: Workspace) -> None:
    posted = await workspace.channel.sender.direct(MARA, CARD, "k")
    assert posted.place == Place("slack", "D00FAKEUSER1", "direct")


@pytest.mark.parametrize("thread", [None, "1.2"])
async def test_a_whisper_is_seen_by_one_person(workspace: Workspace, thread: str | None) -> None:
    await workspace.channel.sender.whisper(Place("slack", MARKETING, thread=thread), MARA, CARD, "k")
    (message,) = workspace.slack.messages
    assert (message.channel, message.only, message.body.get("thread_ts")) == (MARKETING, MARA, thread)


@pytest.mark.parametrize("who", [BOT_USER, MARA])
async def test_where_one_of_us_is_missing_a_whisper_comes_directly(workspace: Workspace, who: str) -> None:
    workspace.slack.members[PRIVATE].discard(who)
    await workspace.channel.sender.whisper(Place("slack", PRIVATE, "group"), MARA, CARD, "k")
    assert [message.channel for message in workspace.slack.messages] == ["D00FAKEUSER1"]


async def test_slack_asks_for_patience(workspace: Workspace) -> None:
    sender = workspace.channel.sender
    workspace.slack.fail("chat.postMessage", Failure(429, "ratelimited", 7), Failure(429, "ratelimited"))
    with pytest.raises(RetryLater) as later:
        await sender.post(PLACE, CARD, "k")
    assert later.value.seconds == 7
    with pytest.raises(RetryLater) as unknown:
        await sender.post(PLACE, CARD, "k")
    assert unknown.value.seconds == 30


@pytest.mark.parametrize(
    "failure",
    [
        Failure(500, "internal_error"),
        Failure(200, "fatal_error"),
        Failure(503, text="<html>"),
        Failure(502, text=""),
        Failure(200, text="not JSON"),
    ],
)
async def test_an_unclear_outcome_is_tried_again(workspace: Workspace, failure: Failure) -> None:
    workspace.slack.fail("chat.postMessage", failure)
    with pytest.raises(SlackAway):
        await workspace.channel.sender.post(PLACE, CARD, "k")


async def test_an_address_that_does_not_exist_is_a_clear_no(workspace: Workspace) -> None:
    workspace.slack.fail("chat.postMessage", Failure(404, text="not found"), Failure(404, ""))
    for _ in range(2):
        with pytest.raises(SlackRefused):
            await workspace.channel.sender.post(PLACE, CARD, "k")


async def test_no_connection_is_an_unclear_outcome(workspace: Workspace) -> None:
    await workspace.slack.stop()
    with pytest.raises(SlackAway):
        await workspace.channel.sender.post(PLACE, CARD, "k")


async def test_a_job_waits_as_long_as_slack_says_and_loses_no_attempt(
    workspace: Workspace, clock: Any
) -> None:
    workspace.slack.fail("chat.postMessage", Failure(429, "ratelimited", 60))
    await workspace.klartext.outbox.post(PLACE, CARD, "k")
    await workspace.jobs()
    assert workspace.slack.messages == []
    clock.move(59)
    assert await workspace.jobs() == 0
    clock.move(2)
    await workspace.jobs()
    assert len(workspace.slack.messages) == 1


async def test_the_same_post_twice_is_one(workspace: Workspace) -> None:
    for _ in range(2):
        await workspace.klartext.outbox.post(PLACE, CARD, "k")
    await workspace.jobs()
    assert len(workspace.slack.messages) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda slack: slack.members[MARKETING].discard(BOT_USER), "Klartext is not in the channel C02MKT"),
        (lambda slack: slack.archived.add(MARKETING), "the channel C02MKT is archived"),
        (lambda slack: slack.members.pop(MARKETING), "Klartext is not in the channel C02MKT"),
        (
            lambda slack: slack.fail("chat.postMessage", *[Failure(error="missing_scope")] * 2),
            "lacks the scope",
        ),
    ],
    ids=["not in channel", "archived", "gone", "scope"],
)
async def test_what_an_admin_can_mend_is_told_once(
    workspace: Workspace, change: Any, said: str, caplog: pytest.LogCaptureFixture, clock: Any
) -> None:
    await workspace.slash("lead", user=INES)
    await workspace.jobs()  # an admin has to be known
    change(workspace.slack)
    for key in ("a", "b"):
        await workspace.klartext.outbox.post(PLACE, CARD, key)
    await workspace.jobs()
    clock.move(10)
    await workspace.jobs()
    assert said in caplog.text
    told = [message for message in workspace.slack.messages if said in message.body["text"]]
    assert [message.channel for message in told] == ["D00FAKEUSER3"]


async def test_a_refusal_says_whether_the_admins_hear_of_it_now(workspace: Workspace) -> None:
    """Of an outage that Slack's alarm has told of before, somebody else may tell."""
    workspace.slack.archived.add(MARKETING)
    told = []
    for key in ("a", "b"):
        with pytest.raises(NotThere) as refused:
            await workspace.channel.sender.post(PLACE, CARD, key)
        told.append(refused.value.told)
    assert told == [True, False]


async def test_a_dead_token_is_logged_with_the_mend(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.slack.dead = "token_revoked"
    with pytest.raises(SlackRefused):
        await workspace.channel.sender.post(PLACE, CARD, "k")
    assert "set KLARTEXT_SLACK_BOT_TOKEN" in caplog.text


async def test_a_message_that_slack_does_not_take_is_no_business_of_an_admin(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.slack.fail("chat.postMessage", Failure(error="invalid_blocks"))
    with pytest.raises(SlackRefused):
        await workspace.channel.sender.post(PLACE, CARD, "k")
    assert "Slack:" not in caplog.text


async def test_a_profile_is_what_slack_has_verified(workspace: Workspace) -> None:
    workspace.slack.groups = {"S1": [MARA, SVEN], "S2": [SVEN]}
    profile = await workspace.channel.profiles.profile(MARA)
    assert profile == Profile("Mara Marketing", "marketing@example.com", "de", None, ("S1",))


@pytest.mark.parametrize(
    ("changes", "email"),
    [
        ({"is_email_confirmed": False}, None),
        ({"is_stranger": True}, None),
        ({"team_id": "T00OTHER"}, None),
        ({"team_id": "T00OTHER", "enterprise_user": {"enterprise_id": "E00OTHER"}}, None),
        ({"team_id": TEAM}, "marketing@example.com"),
        ({"profile": {"display_name": "M"}}, None),
        ({}, "marketing@example.com"),
    ],
)
async def test_an_email_that_nobody_has_verified_is_none(
    workspace: Workspace, changes: dict[str, Any], email: str | None
) -> None:
    workspace.slack.users[MARA] |= changes
    profile = await workspace.channel.profiles.profile(MARA)
    assert profile
    assert profile.email == email
    assert profile.name


@pytest.mark.parametrize("changes", [{"deleted": True}, {"is_bot": True}, None])
async def test_whoever_left_has_no_profile(workspace: Workspace, changes: dict[str, Any] | None) -> None:
    if changes is None:
        del workspace.slack.users[MARA]
    else:
        workspace.slack.users[MARA] |= changes
    assert await workspace.channel.profiles.profile(MARA) is None


async def test_without_the_optional_scopes_the_rest_is_known(workspace: Workspace) -> None:
    workspace.slack.scopes -= {"usergroups:read", "users.profile:read"}
    profile = await workspace.channel.profiles.profile(MARA)
    assert profile
    assert (profile.name, profile.groups) == ("Mara Marketing", ())


async def test_without_users_read_nothing_is_known(workspace: Workspace) -> None:
    workspace.slack.scopes -= {"users:read"}
    with pytest.raises(SlackRefused, match="users:read"):
        await workspace.channel.profiles.profile(MARA)


async def test_groups_are_asked_for_once_in_ten_minutes(workspace: Workspace) -> None:
    for person in (MARA, SVEN):
        await workspace.channel.profiles.profile(person)
    assert len(workspace.slack.calls_of("usergroups.list")) == 1


async def test_the_first_contact_fetches_the_profile(workspace: Workspace) -> None:
    workspace.slack.users["U00ENGLISH01"] = user("U00ENGLISH01", "Ed", "ed@example.com", "en-GB")
    await workspace.slash("help", user="U00ENGLISH01", command="/klartext")
    await workspace.jobs()
    answer = await workspace.slash("settings", user="U00ENGLISH01", command="/klartext")
    assert answer.body["text"] == "Settings"
