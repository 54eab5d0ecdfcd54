"""What chat programs send, as plain words."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text import clean
from bot.text.clean import MAX_TEXT, plain, shown, visible

HOSTILE = st.text("aÄß?<>@#|&;*_`:\u202e\u200b\u0301\ud800\x00\n 😀лid", max_size=60)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("<@U0LAN0Z89> was ist ein Deal?", "was ist ein Deal?"),
        ("<at>Glossar</at> was ist ein Ticket?", "was ist ein Ticket?"),
        ("Was ist A&amp;B Testing?", "Was ist A&B Testing?"),
        ("What does *SSOT* mean?", "What does SSOT mean?"),
        ("in <#C012|marketing> heisst `GTM` _was_?", "in marketing heisst GTM was ?"),
        ("siehe <https://example.com/a|Handbuch> :smile: 😀", "siehe Handbuch"),
        ("https://example.com/lead?x=1 lead", "lead"),
        ("snake_case bleibt", "snake_case bleibt"),
        ("<!channel> lead", "lead"),
        ("<script>alert(1)</script> lead", "alert(1) lead"),
        ("", ""),
    ],
)
def test_markup_is_gone_and_words_stay(typed: str, read: str) -> None:
    assert plain(typed) == read


def test_invisible_characters_are_dropped() -> None:
    assert visible("L\u200bea\u202ed\x00\ud800\tx") == "Lead\tx"


def test_stacked_accents_are_cut_to_what_languages_use() -> None:
    zalgo = "L" + "\u0301\u0302\u0303\u0304\u0305" * 20 + "ead"
    assert len(visible(zalgo)) < 8


def test_only_the_beginning_of_a_long_message_is_read() -> None:
    assert len(plain("wort " * 20_000)) <= MAX_TEXT


def test_repeated_words_of_a_person_are_short() -> None:
    assert shown("x" * 500) == "x" * 79 + "…"


@given(HOSTILE)
@settings(max_examples=300)
def test_any_text_becomes_one_clean_line(text: str) -> None:
    line = plain(text)
    assert "\n" not in line
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in line)


@pytest.mark.parametrize(
    "part", ["_", "a_", "*", "<", "<@", "&#8238;", "in der ", ":a", "https://", "\u0301"]
)
def test_repetition_costs_no_more_than_its_length(part: str) -> None:
    """A regular expression that backtracks would hang here for minutes."""
    line = plain("x" + part * 4_000 + "x y")
    assert "\u202e" not in line
    assert len(line) <= MAX_TEXT


def test_what_is_plainly_visible_is_what_the_slow_way_leaves() -> None:
    """Every character that is let through at once is visible, composed and no accent."""
    for char in map(chr, range(0x3000)):
        if clean._PLAINLY_VISIBLE.fullmatch(char):
            assert unicodedata.normalize("NFC", char) == char
            assert char in "\t\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Mn"}
