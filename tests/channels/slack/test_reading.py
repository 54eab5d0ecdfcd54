"""What Slack sends, read: texts as the person saw them, and who it was from where."""

import time
from typing import Any

import pytest

from bot.channels.slack.installation import Identity
from bot.channels.slack.reading import heard, interaction, spoken, unescaped
from bot.chat.events import Account, Place
from tests.channels.slack.fake import BOT_USER, MARA
from tests.channels.slack.workspace import recorded


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("<@U00FAKEBOT01> was heisst Lead?", "was heisst Lead?"),
        ("was <@U00FAKEBOT01>\u00a0heisst Lead?", "was   heisst Lead?"),
        ("frag <@U1> oder <@U2|Mara>", "frag @U1 oder @Mara"),
        ("in <#C1|sales> und <#C2>", "in #sales und #C2"),
        ("<!channel> <!here|@here> <!subteam^S1|@team> <!subteam^S1>", "@channel @here @team @subteam"),
        ("<!date^1392734382^Posted {date}|gestern>", "gestern"),
        ("<https://a.example/?x=1&amp;y=2>", "https://a.example/?x=1&y=2"),
        ("<https://a.example|a.example>", "https://a.example"),
        ("<https://user:secret@a.example|hier>", "hier"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("&lt;@U1&gt; &amp;lt; a &amp; b", "<@U1> &lt; a & b"),
        ("a < b und b > c", "a < b und b > c"),
        ("a <> b << c >> <|> <@> <x:>", "a <> b << c >> <|> <@> <x:>"),
        ("", ""),
    ],
)
def test_a_text_is_read_as_it_was_seen(sent: str, said: str) -> None:
    assert spoken(sent, BOT_USER) == said


@pytest.mark.parametrize(
    "text", ["<@" * 13_000, "<a|" * 13_000, "&lt;" * 10_000, "<" * 40_000, "<@U1>" * 8_000]
)
def test_long_floods_are_read_in_no_time(text: str) -> None:
    began = time.process_time()
    spoken(text, BOT_USER)
    assert time.process_time() - began < 2  # far from a stall; a hundred thousand times what it takes else


def test_each_entity_is_unescaped_once() -> None:
    assert unescaped("&amp;lt; &lt;b&gt; &quot;") == "&lt; <b> &quot;"


@pytest.mark.parametrize(
    ("team", "enterprise", "known"),
    [
        (None, None, True),
        ("", None, True),
        ("T1", None, True),
        ("T2", None, False),
        ("T2", "E2", False),
        ("E1", None, True),
        ("T2", "E1", True),
    ],
)
def test_who_is_of_this_company(team: str | None, enterprise: str | None, known: bool) -> None:
    ours = Identity("T1", "E1", False, "B1", "U1", frozenset())
    assert ours.knows(team, enterprise) is known


def test_a_workspace_without_an_organisation_knows_no_other() -> None:
    ours = Identity("T1", None, False, "B1", "U1", frozenset())
    assert not ours.knows("T2", None)
    assert not ours.serves("T2", None)
    assert ours.serves("T1", "E9")


def test_an_organisation_is_served_as_a_whole() -> None:
    ours = Identity("T1", "E1", True, "B1", "U1", frozenset())
    assert ours.serves("T2", "E1")
    assert not ours.serves("T2", "E2")
    assert not ours.serves("T2", None)


def test_in_a_channel_of_our_own_everybody_is_of_this_company() -> None:
    payload = recorded("mention_slack_connect")
    payload["event"] |= {"user_team": "T_OTHER", "user": MARA}
    shared = heard(payload, BOT_USER)
    assert shared
    assert shared.origin.team == "T_OTHER"
    own = heard(payload | {"is_ext_shared_channel": False}, BOT_USER)
    assert own
    assert own.origin.team is None


@pytest.mark.parametrize(
    ("changes", "addressed"),
    [
        ({"type": "app_mention", "text": "x"}, True),
        ({"type": "message", "text": f"<@{BOT_USER}|klartext> x"}, True),
        ({"type": "message", "text": f"<@{BOT_USER}9> x"}, False),
        ({"type": "message", "text": "x"}, False),
        ({"type": "message", "text": "x", "channel_type": "im"}, True),
    ],
)
def test_who_is_spoken_to(changes: dict[str, Any], addressed: bool) -> None:
    payload = recorded("mention_twin_message")
    payload["event"] |= changes
    found = heard(payload, BOT_USER)
    assert found
    assert found.addressed is addressed


@pytest.mark.parametrize("missing", ["user", "channel", "ts"])
def test_what_lacks_its_ids_is_not_heard(missing: str) -> None:
    payload = recorded("mention_twin")
    del payload["event"][missing]
    assert heard(payload, BOT_USER) is None


def test_a_click_says_where_it_was_made() -> None:
    origin = interaction(recorded("actions_button_ephemeral"))
    assert origin.account == Account("slack", "U00FAKEUSER2")
    assert origin.place == Place("slack", "C00FAKECHAN3", "public", "1771126602.612659")
    assert origin.reply_url.startswith("https://hooks.slack.com/")
    assert origin.key == origin.trigger != ""


def test_two_events_without_a_trigger_have_two_keys() -> None:
    payload = recorded("suggestion_modal")
    keys = {interaction(payload | {"value": typed}).key for typed in ("a", "b")}
    assert len(keys) == 2
