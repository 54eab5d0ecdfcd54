"""A client may send anything: what was not asked, what was not offered, what does not fit."""

from typing import Any

import pytest

from bot.channels.playground.answers import complaints, possible, read
from bot.channels.playground.store import OpenForm
from bot.chat.ui import AnyInput, ChoiceInput, DateInput, LinesInput, SearchInput, TextInput
from bot.i18n import say
from tests.channels.playground.kit import ALL, COLOURS, form


def shown(*questions: AnyInput, **given: Any) -> OpenForm:
    """An open form."""
    return OpenForm("f", "d", "it", form(*questions), **given)


def complaint(question: AnyInput, given: str | tuple[str, ...], **more: Any) -> str | None:
    """What is said about an answer."""
    return complaints(shown(question, **more), {question.id: given}, "en").get(question.id)


def test_only_what_was_asked_is_read() -> None:
    answers = read(shown(TextInput("a", "A")), {"a": ["x"], "b": ["y"], "": ["z"]})
    assert answers == {"a": "x"}


def test_what_was_not_sent_is_empty() -> None:
    empty = read(shown(), {})
    assert set(empty) == {question.id for question in ALL}
    assert not any(empty.values())


def test_texts_are_what_people_see() -> None:
    posted = {"line": ["  a\u202e\x00b\r\n c "], "lines": [" x\r\ny\rz\u200b "], "count": ["1,5"]}
    assert read(shown(), posted) | {} == read(shown(), {}) | {
        "line": "ab c",
        "lines": "x\ny\nz",
        "count": "1.5",
    }


def test_several_come_once_each_and_one_is_the_last() -> None:
    answers = read(shown(), {"some": ["r", "b", "r", ""], "one": ["r", "b"], "finds": ["a", "b"]})
    assert (answers["some"], answers["one"], answers["finds"]) == (("r", "b"), "b", ("a", "b"))


@pytest.mark.parametrize("empty", ["", ()])
def test_what_must_be_answered_is_missed(empty: str | tuple[str, ...]) -> None:
    assert complaint(TextInput("a", "A"), empty) == say("en", "chat.form.missing")
    assert complaint(TextInput("a", "A", required=False), empty) is None


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("number", ["1", "-2", "+3.5", "0"], ["one", "1.2.3", "1e5", "--1", "1 000", "NaN", "٣"]),
        ("email", ["a@b.ch", "a.b+c@d-e.co.uk"], ["a", "a@b", "@b.ch", "a b@c.ch", "a@b..ch", "a@b.ch."]),
        (
            "url",
            ["https://a.ch", "http://a/b?c#d"],
            ["a.ch", "javascript:alert(1)", "https://", "https:// a"],
        ),
        ("text", ["anything <b> {x}"], []),
    ],
)
def test_a_line_is_of_its_kind(kind: Any, good: list[str], bad: list[str]) -> None:
    question = TextInput("a", "A", kind=kind)
    assert [complaint(question, text) for text in good] == [None] * len(good)
    for text in bad:
        assert complaint(question, text) == say("en", f"chat.form.not_{kind}")


@pytest.mark.parametrize(
    "question", [TextInput("a", "A", max_length=5), LinesInput("a", "A", max_length=5)]
)
def test_what_is_too_long_is_said_with_both_figures(question: AnyInput) -> None:
    assert complaint(question, "12345") is None
    assert complaint(question, "123456") == say("en", "chat.form.too_long", most=5, count=6)


@pytest.mark.parametrize("day", ["31.12.2026", "2026-02-30", "20261231", "2026-W01-1", "tomorrow"])
def test_a_day_is_a_day_of_the_calendar(day: str) -> None:
    assert complaint(DateInput("a", "A"), day) == say("en", "chat.form.not_date")
    assert complaint(DateInput("a", "A"), "2028-02-29") is None


def test_only_what_was_offered_can_be_chosen() -> None:
    refused = say("en", "chat.form.not_offered")
    one, several = (ChoiceInput("a", "A", options=COLOURS, several=many) for many in (False, True))
    assert complaint(one, "r") is None
    assert complaint(one, "pink") == refused
    assert complaint(several, ("r", "pink")) == refused
    search = SearchInput("a", "A")
    assert complaint(search, "x") == refused
    assert complaint(search, "x", offered={"a": {"x": "Ex"}}) is None
    assert complaint(search, "x", offered={"b": {"x": "Ex"}}) == refused


def test_nobody_can_have_chosen_what_was_not_offered() -> None:
    given = read(shown(), {"one": ["pink"], "some": ["r", "pink"], "who": ["eve"], "team": ["ines", "eve"]})
    taken = possible(shown(), given)
    assert (taken["one"], taken["some"], taken["who"], taken["team"]) == ("", ("r",), "", ("ines",))


def test_the_complaint_speaks_the_language_of_the_asker() -> None:
    open_form = shown(TextInput("a", "A"))
    assert complaints(open_form, {}, "de") == {"a": say("de", "chat.form.missing")}
