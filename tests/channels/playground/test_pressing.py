"""A button or a shortcut does what the card offers, once, for those who see it."""

import asyncio

import pytest

from bot.channels.playground.listener import HOME, Listener, Sorry
from bot.channels.playground.store import Draft, Store
from bot.chat.events import (
    ButtonPressed,
    HomeOpened,
    MessageChosen,
)
from bot.chat.replies import Home, Tell, Update
from bot.chat.ui import Button, Buttons, Card, Expandable
from bot.i18n import say
from tests.channels.playground.kit import (
    ALONE,
    MARA,
    SVEN,
    Script,
    at,
    card,
    seen,
    told,
    with_button,
)


async def test_a_button_says_what_and_where(listener: Listener, script: Script, store: Store) -> None:
    number = told(store, with_button("lead"))
    await listener.press(MARA, number, "act", "lead", "")
    assert isinstance(script.last, ButtonPressed)
    assert (script.last.action, script.last.value, script.last.place) == ("act", "lead", MARA.place)
    assert script.last.message is not None
    assert (script.last.message.id, script.last.message.place) == (number, MARA.place)


async def test_a_button_changes_its_card_for_all(listener: Listener, script: Script, store: Store) -> None:
    number = told(store, with_button())
    script.then(Update(card("more")))
    await listener.press(SVEN, number, "act", "v", "")
    assert [m.card for m in seen(store)] == [card("more")]


async def test_an_answer_to_a_button_in_a_thread_stays_there(
    listener: Listener, script: Script, store: Store
) -> None:
    root = store.post(Draft("#marketing", "mara", "root")).number
    number = str(store.post(Draft("#marketing", "klartext", card=with_button(), thread=root)).number)
    script.then(Tell(card("for you")), Tell(card("for all"), "public"))
    await listener.press(SVEN, number, "act", "v", "")
    await listener.press(SVEN, number, "act", "v", "")
    assert [(m.card and m.card.summary, m.thread, m.audience) for m in seen(store, SVEN)[2:]] == [
        ("for you", root, "sven"),
        ("for all", None, None),
    ]


async def test_a_double_click_presses_once(listener: Listener, script: Script, store: Store) -> None:
    number = told(store, with_button())
    await asyncio.gather(*(listener.press(MARA, number, "act", "v", "key-12345") for _ in range(3)))
    assert len(script.events) == 1
    await listener.press(MARA, number, "act", "v", "another-key")
    assert len(script.events) == 2


@pytest.mark.parametrize(("action", "value"), [("act", "other"), ("other", "v"), ("form", ""), ("", "")])
async def test_a_button_that_is_not_on_the_card_only_brings_a_fresh_one(
    listener: Listener, script: Script, store: Store, action: str, value: str
) -> None:
    number = told(store, with_button("v"))
    await listener.press(MARA, number, action, value, "")
    assert not [event for event in script.events if not isinstance(event, HomeOpened)]
    assert [m.card.summary for m in seen(store) if m.card and m.audience] == [say("de", "chat.old_card")]


async def test_hidden_and_rare_buttons_can_be_pressed(
    listener: Listener, script: Script, store: Store
) -> None:
    inner = Expandable("more", (Buttons((Button("In", "act", "in"),), (Button("Rare", "act", "rare"),)),))
    number = told(store, Card("x", (inner,)))
    for value in ("in", "rare"):
        await listener.press(MARA, number, "act", value, "")
    assert [e.value for e in script.events if isinstance(e, ButtonPressed)] == ["in", "rare"]


@pytest.mark.parametrize("number", ["", "0", "-1", "99", "1.5", "x", "٣", "9" * 40])
async def test_a_message_that_is_not_there_cannot_be_pressed(listener: Listener, number: str) -> None:
    with pytest.raises(Sorry, match="no_message"):
        await listener.press(MARA, number, "act", "v", "")


async def test_nobody_presses_what_they_cannot_see(
    listener: Listener, script: Script, store: Store
) -> None:
    private = told(store, with_button(), audience="mara")
    alone = told(store, with_button(), ALONE)
    gone = told(store, with_button())
    store.delete(int(gone))
    for seat, number in (
        (SVEN, private),
        (SVEN, alone),
        (at("sven", "klartext"), alone),
        (MARA, gone),
        (at("mara", "it"), private),
    ):
        with pytest.raises(Sorry, match="no_message"):
            await listener.press(seat, number, "act", "v", "")
        with pytest.raises(Sorry, match="no_message"):
            await listener.choose(seat, number, "explain", "")
        with pytest.raises(Sorry, match="no_message"):
            await listener.talk(seat, "a reply", "", number)
    assert script.events == []


async def test_a_shortcut_gets_the_words_of_the_message(
    listener: Listener, script: Script, store: Store
) -> None:
    await listener.talk(SVEN, "the leads are few", "")
    script.then(Tell(card("they mean")))
    await listener.choose(MARA, str(seen(store)[0].number), "explain", "")
    assert isinstance(script.last, MessageChosen)
    assert script.last.text == "the leads are few"
    assert seen(store)[-1].audience == "mara"
    with pytest.raises(Sorry, match="no_action"):
        await listener.choose(MARA, str(seen(store)[0].number), "glossary.share", "")


async def test_home_is_the_newest_or_what_it_was(listener: Listener, script: Script, store: Store) -> None:
    assert await listener.open_home(ALONE) is None
    script.then(Home(with_button()))
    assert await listener.open_home(ALONE) == with_button()
    assert isinstance(script.last, HomeOpened)
    assert await listener.open_home(ALONE) == with_button()


async def test_a_button_of_the_home_page(listener: Listener, script: Script, store: Store) -> None:
    store.set_home("mara", with_button())
    script.then(Update(with_button("second")), Home(card("third")))
    await listener.press(ALONE, HOME, "act", "v", "")
    assert isinstance(script.last, ButtonPressed)
    assert script.last.message is None
    await listener.press(ALONE, HOME, "act", "second", "")
    assert store.home("mara") == card("third")
    await listener.press(ALONE, HOME, "act", "second", "")  # it is not there any more
    assert len([event for event in script.events if isinstance(event, ButtonPressed)]) == 2
    assert seen(store, ALONE)[-1].card is not None
