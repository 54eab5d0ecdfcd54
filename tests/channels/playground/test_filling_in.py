"""A form belongs to one person, stays open until it is sent, and loses nothing that was typed."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.channels.playground.answers import questions
from bot.channels.playground.listener import Listener, Sorry
from bot.channels.playground.store import OpenForm, Store
from bot.chat.events import (
    FieldChanged,
    FormClosed,
    FormSubmitted,
    OptionsWanted,
    TextReceived,
)
from bot.chat.replies import WHOLE_FORM, Close, Errors, Open, Results, Silent, Tell, Update
from bot.chat.ui import Button, Option, SearchInput, TextInput
from bot.i18n import say
from tests.channels.playground.kit import (
    ALL,
    MARA,
    QUESTION,
    SVEN,
    Script,
    at,
    card,
    form,
    opened,
    seen,
    told,
    with_button,
)


async def test_a_button_opens_a_form_and_it_stays_open(
    listener: Listener, script: Script, store: Store
) -> None:
    number = told(store, with_button(opens=True))
    script.then(Open(form()))
    await listener.press(MARA, number, "act", "v", "")
    shown = store.form("mara")
    assert shown is not None
    assert (shown.form, shown.room, shown.message) == (form(), "marketing", int(number))
    assert store.form("sven") is None


async def test_a_form_that_was_sent_is_shut(listener: Listener, script: Script, store: Store) -> None:
    shown = opened(store, "mara", *ALL)
    script.then(Close(card("Thank you")))
    posted = {"line": ["x "], "one": ["r"], "some": ["r", "b"], "who": ["ines"], "count": ["1,5"]}
    await listener.submit(MARA, shown.id, shown.drawing, posted, None)
    assert isinstance(script.last, FormSubmitted)
    assert {"line": "x", "one": "r", "some": ("r", "b"), "who": "ines", "count": "1.5"}.items() <= dict(
        script.last.answers
    ).items()
    assert (script.last.action, script.last.button) == ("form", None)
    assert store.form("mara") is None
    assert [(m.card, m.audience) for m in seen(store)] == [(card("Thank you"), "mara")]


async def test_a_form_is_answered_where_it_was_opened(
    listener: Listener, script: Script, store: Store
) -> None:
    """In a second window somebody has gone on to another room."""
    shown = opened(store)
    script.then(Close(card("Thank you")))
    await listener.submit(at("mara", "it"), shown.id, shown.drawing, {"a": ["x"]}, None)
    assert script.last.place == MARA.place
    assert len(seen(store)) == 1


async def test_what_cannot_be_taken_stays_with_a_sentence(
    listener: Listener, script: Script, store: Store
) -> None:
    shown = opened(store, "mara", *ALL)
    await listener.submit(MARA, shown.id, shown.drawing, {"count": ["many"], "lines": ["x" * 30]}, None)
    again = store.form("mara")
    assert again is not None
    assert set(again.errors) == {"line", "count", "lines", "one"}
    assert (again.answers["count"], again.answers["lines"]) == ("many", "x" * 30)
    assert again.drawing != shown.drawing
    assert script.events == []


async def test_what_the_feature_refuses_stays_too(listener: Listener, script: Script, store: Store) -> None:
    shown = opened(store)
    script.then(Errors({"a": "Not this one"}))
    await listener.submit(MARA, shown.id, shown.drawing, {"a": ["x"]}, None)
    again = store.form("mara")
    assert again is not None
    assert (again.errors, again.answers) == ({"a": "Not this one"}, {"a": "x"})


async def test_the_next_page_begins_empty_and_keeps_its_place(
    listener: Listener, script: Script, store: Store
) -> None:
    shown = opened(store, message=5)
    script.then(Update(form(TextInput("b", "B"))))
    await listener.submit(MARA, shown.id, shown.drawing, {"a": ["x"]}, None)
    following = store.form("mara")
    assert following is not None
    assert (following.id, following.answers, following.errors, following.message) == (shown.id, {}, {}, 5)


async def test_a_button_of_a_form_sends_what_is_there(
    listener: Listener, script: Script, store: Store
) -> None:
    own = form(QUESTION, buttons=(Button("Back", "back"),))
    store.open("mara", OpenForm("f", "d", "marketing", own))
    with pytest.raises(Sorry, match="no_form"):
        await listener.submit(MARA, "f", "d", {}, "forged")
    script.then(Update(own))
    await listener.submit(MARA, "f", "d", {}, "back")  # nobody must fill in a page to leave it
    assert isinstance(script.last, FormSubmitted)
    assert (script.last.button, script.last.answers) == ("back", {"a": ""})


async def test_a_double_click_sends_once(listener: Listener, script: Script, store: Store) -> None:
    shown = opened(store)
    script.then(Update(form(TextInput("b", "B"))))
    for _ in range(3):
        await listener.submit(MARA, shown.id, shown.drawing, {"a": ["x"]}, None)
    assert len(script.events) == 1


async def test_a_sent_form_cannot_be_sent_again(listener: Listener, store: Store) -> None:
    shown = opened(store)
    await listener.submit(MARA, shown.id, shown.drawing, {"a": ["x"]}, None)
    with pytest.raises(Sorry, match="no_form"):
        await listener.submit(MARA, shown.id, shown.drawing, {"a": ["x"]}, None)


async def test_a_reply_that_only_tells_shuts_the_form(
    listener: Listener, script: Script, store: Store
) -> None:
    for reply in (Tell(card("done")), Silent(), Update(card("done")), Close()):
        shown = opened(store)
        script.then(reply)
        await listener.submit(MARA, shown.id, shown.drawing, {"a": ["x"]}, None)
        assert store.form("mara") is None


async def test_the_card_that_opened_the_form_is_not_touched_by_it(
    listener: Listener, script: Script, store: Store
) -> None:
    number = told(store, with_button())
    shown = opened(store, message=int(number))
    script.then(Update(card("instead")))
    await listener.submit(MARA, shown.id, shown.drawing, {"a": ["x"]}, None)
    assert [m.card for m in seen(store)] == [with_button(), card("instead")]


Forging = Callable[[Listener, OpenForm], Awaitable[object]]


@pytest.mark.parametrize(
    "forge",
    [
        lambda talker, form: talker.submit(SVEN, form.id, form.drawing, {"a": ["x"]}, None),
        lambda talker, form: talker.change(SVEN, form.id, form.drawing, {"a": ["x"]}, "a"),
        lambda talker, form: talker.options(SVEN, form.id, "find", "x"),
    ],
    ids=["submit", "change", "options"],
)
async def test_the_form_of_another_is_theirs(
    listener: Listener, script: Script, store: Store, forge: Forging
) -> None:
    shown = opened(store, "mara", *ALL)
    with pytest.raises(Sorry, match="no_form"):
        await forge(listener, shown)
    opened(store, "sven", *ALL)
    with pytest.raises(Sorry, match="no_form"):
        await forge(listener, shown)
    await listener.close(SVEN, shown.id, "")
    assert store.form("mara") == shown
    assert store.form("sven") is not None
    assert script.events == []


async def test_what_was_typed_is_kept_while_one_types(
    listener: Listener, script: Script, store: Store
) -> None:
    shown = opened(store, "mara", *ALL)
    await listener.change(MARA, shown.id, shown.drawing, {"line": ["half a"]}, "line")
    kept = store.form("mara")
    assert kept is not None
    assert (kept.answers["line"], kept.drawing) == ("half a", shown.drawing)
    assert script.events == []  # nobody asked to hear of it


async def test_an_answer_that_others_depend_on_is_told_at_once(
    listener: Listener, script: Script, store: Store
) -> None:
    shown = opened(store, "mara", *ALL)
    script.then(Update(form(ALL[5], TextInput("why", "Why red?"))))
    posted = {"one": ["r"], "line": ["half a"], "some": ["pink"]}
    await listener.change(MARA, shown.id, shown.drawing, posted, "one")
    assert isinstance(script.last, FieldChanged)
    assert (script.last.changed, script.last.answers["one"], script.last.answers["some"]) == (
        "one",
        "r",
        (),
    )
    again = store.form("mara")
    assert again is not None
    assert [question.id for question in questions(again)] == ["one", "why"]
    assert again.answers == {"one": "r"}
    await listener.change(MARA, shown.id, shown.drawing, {"one": ["b"]}, "one")  # from an older drawing
    assert store.form("mara") == again


@pytest.mark.parametrize("button", [None, "back"])
async def test_a_form_stays_open_when_something_breaks(
    listener: Listener, script: Script, store: Store, button: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    own = form(QUESTION, buttons=(Button("Back", "back"),))
    store.open("mara", OpenForm("f", "d", "marketing", own))
    script.then(ZeroDivisionError("the cause"))
    await listener.submit(MARA, "f", "d", {"a": ["long thought about"]}, button)
    kept = store.form("mara")
    assert kept is not None
    assert kept.answers == {"a": "long thought about"}
    assert say("de", "chat.broken", id="").rstrip(" :") in kept.errors[WHOLE_FORM]
    assert kept.drawing != "d"  # so that it can be sent again


async def test_a_broken_answer_is_said_until_one_is_not(
    listener: Listener, script: Script, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    shown = opened(store, "mara", *ALL)
    script.then(ZeroDivisionError("the cause"), Update(shown.form))
    await listener.change(MARA, shown.id, shown.drawing, {"one": ["r"], "line": ["half a"]}, "one")
    broken = store.form("mara")
    assert broken is not None
    assert (broken.answers["line"], set(broken.errors)) == ("half a", {WHOLE_FORM})
    await listener.change(MARA, shown.id, broken.drawing, {"one": ["b"], "line": ["half a l"]}, "one")
    whole = store.form("mara")
    assert whole is not None
    assert (whole.answers["line"], whole.errors) == ("half a l", {})


async def test_who_searches_is_offered_and_may_choose_it(
    listener: Listener, script: Script, store: Store
) -> None:
    shown = opened(store, "mara", *ALL)
    script.then(
        Results((Option("x", "Ex"), Option("y", "Why"))), Results((Option("y", "Why"), Option("x", "Ex!")))
    )
    assert await listener.options(MARA, shown.id, "find", "e\u202e" + "x" * 300) == (
        Option("x", "Ex"),
        Option("y", "Why"),
    )
    assert isinstance(script.last, OptionsWanted)
    assert script.last.typed == "e" + "x" * 198
    await listener.options(MARA, shown.id, "find", "")
    offered = store.form("mara")
    assert offered is not None
    assert list(offered.offered["find"].items()) == [("y", "Why"), ("x", "Ex!")]
    script.then(Close())
    await listener.submit(MARA, shown.id, shown.drawing, {"find": ["x"], "line": ["l"], "one": ["r"]}, None)
    assert isinstance(script.last, FormSubmitted)
    assert script.last.answers["find"] == "x"


async def test_a_search_that_fails_finds_nothing(listener: Listener, script: Script, store: Store) -> None:
    shown = opened(store, "mara", SearchInput("find", "Find"))
    script.then(ZeroDivisionError(), Silent())
    assert await listener.options(MARA, shown.id, "find", "x") == ()
    assert await listener.options(MARA, shown.id, "find", "x") == ()
    with pytest.raises(Sorry, match="no_form"):
        await listener.options(MARA, shown.id, "line", "x")


async def test_closing_says_so(listener: Listener, script: Script, store: Store) -> None:
    own = form(QUESTION, state={"draft": "7"})
    store.open("mara", OpenForm("f", "d", "marketing", own))
    script.then(Tell(card("kept for later")))
    await listener.close(MARA, "f", "")
    await listener.close(MARA, "f", "")
    assert [type(event) for event in script.events] == [FormClosed]
    assert isinstance(script.last, FormClosed)
    assert script.last.state == {"draft": "7"}
    assert store.form("mara") is None
    assert seen(store)[-1].card == card("kept for later")


async def test_what_breaks_is_told_and_the_page_lives_on(
    listener: Listener, script: Script, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    script.then(ZeroDivisionError("the cause"), Tell(card("fine")))
    await listener.talk(MARA, "a", "")
    await listener.talk(MARA, "b", "")
    broken, fine = [m.card for m in seen(store) if m.card]
    assert broken is not None
    assert say("de", "chat.broken", id="").rstrip(" :") in broken.summary
    assert fine == card("fine")
    assert "the cause" in caplog.text


async def test_each_person_does_one_thing_after_the_other(
    listener: Listener, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two windows of one person do not overtake one another; another person does not wait."""
    order: list[str] = []
    go_on = asyncio.Event()

    async def handle(event: TextReceived) -> Silent:
        order.append(f"begins {event.text}")
        if event.text == "slow":
            await go_on.wait()
        order.append(f"ends {event.text}")
        return Silent()

    monkeypatch.setattr(script.router, "handle", handle)
    async with asyncio.TaskGroup() as windows:
        windows.create_task(listener.talk(MARA, "slow", ""))
        windows.create_task(listener.talk(MARA, "fast", ""))
        await asyncio.sleep(0)
        await listener.talk(SVEN, "other", "")
        go_on.set()
    assert order == ["begins slow", "begins other", "ends other", "ends slow", "begins fast", "ends fast"]
