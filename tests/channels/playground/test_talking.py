"""What people say becomes an event, and the answer stands where they see it."""

import asyncio
from typing import Any

import pytest

from bot.channels.playground.listener import MAX_TEXT, Listener, Sorry
from bot.channels.playground.store import Store, StoreUnavailable
from bot.chat.events import (
    Place,
    TextReceived,
)
from bot.chat.replies import Tell
from tests.channels.playground.kit import (
    ALONE,
    MARA,
    SVEN,
    Script,
    card,
    seen,
)


async def test_in_a_channel_one_speaks_to_klartext_by_name(listener: Listener, script: Script) -> None:
    for text in (
        "what is a lead?",
        "@Klartext, what is a lead?",
        "so @klartext: what is a lead?",
        "me@klartext.ch",
    ):
        await listener.talk(MARA, text, "")
    heard = [(e.text, e.addressed, e.command) for e in script.events if isinstance(e, TextReceived)]
    assert heard == [
        ("what is a lead?", False, None),
        ("what is a lead?", True, None),
        ("so   what is a lead?", True, None),
        ("me@klartext.ch", False, None),
    ]


async def test_alone_with_klartext_everything_is_for_it(listener: Listener, script: Script) -> None:
    await listener.talk(ALONE, "lead?", "")
    assert isinstance(script.last, TextReceived)
    assert script.last.addressed
    assert script.last.place == Place("playground", "@mara", "direct")


async def test_what_was_said_stands_there_as_it_was_typed(listener: Listener, store: Store) -> None:
    await listener.talk(MARA, " <b>a</b>\r\n\x00\u202eb\n{x}  ", "")
    assert [m.text for m in seen(store)] == ["<b>a</b>\nb\n{x}"]


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\x00"])
async def test_nothing_is_nothing(listener: Listener, script: Script, store: Store, text: str) -> None:
    await listener.talk(MARA, text, "")
    assert (seen(store), script.events) == ([], [])


async def test_a_long_message_arrives_whole_and_a_longer_one_is_refused(
    listener: Listener, store: Store
) -> None:
    await listener.talk(MARA, "ä" * MAX_TEXT, "")
    with pytest.raises(Sorry, match="too_long"):
        await listener.talk(MARA, "x" * (MAX_TEXT + 1), "")
    assert [len(m.text) for m in seen(store)] == [MAX_TEXT]


@pytest.mark.parametrize(
    ("typed", "command", "rest"),
    [
        ("/define lead", "define", "lead"),
        ("/DEFINE\nlead ", "define", "lead"),
        ("/klartext", "klartext", ""),
        ("/prüf-mal x y", "prüf-mal", "x y"),
    ],
)
async def test_a_slash_command_is_for_klartext_alone(
    listener: Listener, script: Script, store: Store, typed: str, command: str, rest: str
) -> None:
    script.then(Tell(card("answer")))
    await listener.talk(MARA, typed, "")
    assert isinstance(script.last, TextReceived)
    assert (script.last.command, script.last.text, script.last.addressed) == (command, rest, True)
    (message,) = seen(store)
    assert (message.asked, message.audience, message.card) == (typed.strip(), "mara", card("answer"))
    assert seen(store, SVEN) == []


@pytest.mark.parametrize("typed", ["/etc/passwd", "/ define", "//x", "/1"])
async def test_a_slash_alone_is_no_command(listener: Listener, script: Script, typed: str) -> None:
    await listener.talk(MARA, typed, "")
    assert isinstance(script.last, TextReceived)
    assert (script.last.command, script.last.text) == (None, typed)


async def test_an_unknown_command_is_said_and_nothing_stands_there(
    listener: Listener, store: Store
) -> None:
    with pytest.raises(Sorry, match="unknown_command"):
        await listener.talk(MARA, "/nonsense", "")
    assert seen(store) == []


async def test_an_answer_is_private_in_the_thread_or_for_all(
    listener: Listener, script: Script, store: Store
) -> None:
    for to in ("private", "thread", "public"):
        script.then(Tell(card(to), to))
        await listener.talk(MARA, to, "")
    answers = {m.card.summary: m for m in seen(store) if m.card}
    asked = {m.text: m.number for m in seen(store) if m.text}
    assert {name: (m.audience, m.thread) for name, m in answers.items()} == {
        "private": ("mara", None),
        "thread": (None, asked["thread"]),
        "public": (None, None),
    }
    assert {m.card.summary for m in seen(store, SVEN) if m.card} == {"thread", "public"}


async def test_what_is_asked_in_a_thread_is_answered_there(
    listener: Listener, script: Script, store: Store
) -> None:
    await listener.talk(MARA, "root", "")
    root = seen(store)[0].number
    await listener.talk(SVEN, "under it", "", str(root))
    below = seen(store)[1]
    script.then(Tell(card("answer")))
    await listener.talk(MARA, "deeper", "", str(below.number))
    assert [m.thread for m in seen(store)] == [None, root, root, root]
    assert isinstance(script.last, TextReceived)
    assert script.last.place.thread == str(root)


async def test_the_same_key_is_one_message_and_one_answer(
    listener: Listener, script: Script, store: Store
) -> None:
    script.then(Tell(card("answer")), Tell(card("again")))
    await asyncio.gather(*(listener.talk(MARA, "hello", "key-12345") for _ in range(3)))
    await asyncio.gather(*(listener.talk(MARA, "/define x", "key-67890") for _ in range(3)))
    assert len(script.events) == 2
    assert len(seen(store)) == 3


async def test_nobody_takes_away_the_key_of_another(listener: Listener, store: Store) -> None:
    await listener.talk(MARA, "hello", "key-12345")
    await listener.talk(SVEN, "hello", "key-12345")
    assert len(seen(store)) == 2


@pytest.mark.parametrize("key", ["", "x", "a b c d e f g h", "k" * 65, "'; DROP TABLE messages"])
async def test_a_key_that_is_none_tells_nothing_apart(listener: Listener, store: Store, key: str) -> None:
    await listener.talk(MARA, "hello", key)
    await listener.talk(MARA, "hello", key)
    assert len(seen(store)) == 2


async def test_what_broke_off_is_answered_when_it_is_tried_again(
    listener: Listener, script: Script, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message was kept, the process died before the answer; the page sends it again."""
    with monkeypatch.context() as broken:
        broken.setattr(script.router, "handle", _dies)
        with pytest.raises(ConnectionAbortedError):
            await listener.talk(MARA, "hello", "key-12345")
    script.then(Tell(card("answer")))
    await listener.talk(MARA, "hello", "key-12345")
    assert [(m.text, m.card and m.card.summary) for m in seen(store)] == [("hello", None), ("", "answer")]


async def _dies(_event: object) -> Any:
    raise ConnectionAbortedError


async def test_a_full_disk_is_said_and_the_message_can_be_sent_again(
    listener: Listener, store: Store
) -> None:
    store._database.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnavailable):
        await listener.talk(MARA, "hello", "key-12345")
    store._database.execute("PRAGMA query_only = OFF")
    await listener.talk(MARA, "hello", "key-12345")
    assert [m.text for m in seen(store)] == ["hello"]
