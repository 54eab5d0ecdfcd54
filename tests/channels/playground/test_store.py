"""What was said stays, also when the process dies, the file is broken or the disk is full."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.channels.playground.store import (
    Draft,
    OpenForm,
    Store,
    StoreBroken,
    StoreUnavailable,
    whole,
)
from bot.chat.ui import Card, Text
from tests.channels.playground.kit import AT, HOSTILE, card, form


def said(store: Store, text: str, **given: object) -> int:
    """Mara says something in #marketing."""
    values: dict[str, object] = {"place": "#marketing", "author": "mara", "text": text, **given}
    return store.post(Draft(**values)).number  # type: ignore[arg-type]


def test_what_was_posted_is_read_again(store: Store) -> None:
    first = store.post(Draft("#it", "mara", "\n".join(HOSTILE)))
    second = store.post(Draft("#it", "klartext", card=card(*HOSTILE), thread=first.number, asked="/x"))
    assert store.messages("#it", "sven") == [first, second]
    assert (first.text, first.card, first.at) == ("\n".join(HOSTILE), None, AT)
    assert (second.card, second.thread, second.asked) == (card(*HOSTILE), first.number, "/x")
    assert store.message(second.number) == second


def test_the_same_key_is_one_message(store: Store) -> None:
    assert said(store, "a", key="k") == said(store, "b", key="k")
    assert [message.text for message in store.messages("#marketing", "mara")] == ["a"]


def test_what_is_for_one_is_seen_by_one(store: Store) -> None:
    number = said(store, "psst", author="klartext", audience="mara")
    assert [m.number for m in store.messages("#marketing", "mara")] == [number]
    assert store.messages("#marketing", "sven") == []
    assert store.changes("#marketing", "sven", 0) == []
    assert store.unseen("sven") == set()


def test_changes_come_in_their_order_and_once(store: Store) -> None:
    first = said(store, "", author="klartext", card=card("a"))
    since = store.revision()
    second = said(store, "b")
    assert store.edit(first, card("c"))
    assert [m.number for m in store.changes("#marketing", "mara", since)] == [second, first]
    assert store.changes("#marketing", "mara", store.revision()) == []
    assert store.changes("#it", "mara", 0) == []


def test_an_edited_card_says_so(store: Store) -> None:
    number = said(store, "", author="klartext", card=card("a"))
    assert store.edit(number, card("b"))
    message = store.message(number)
    assert message is not None
    assert (message.card, message.edited) == (card("b"), True)


def test_what_was_taken_back_is_gone_and_cannot_be_changed(store: Store) -> None:
    number = said(store, "oh no", asked="/x")
    assert store.delete(number)
    message = store.message(number)
    assert message is not None
    assert (message.text, message.asked, message.deleted) == ("", "", True)
    assert not message.seen_by("mara", "#marketing")
    assert store.messages("#marketing", "mara") == []
    assert not store.edit(number, card("b"))
    assert not store.edit(number + 1, card("b"))


def test_everybody_who_listens_hears_of_a_change(store: Store) -> None:
    heard: list[int] = []
    store.on_change(lambda: heard.append(store.revision()))
    number = said(store, "", author="klartext", card=card("a"), key="k")
    said(store, "again", key="k")  # no change
    store.edit(number, card("b"))
    store.delete(number)
    assert heard == [1, 2, 3]


def test_unseen_is_what_others_said_since_one_looked(store: Store) -> None:
    said(store, "mine")
    assert store.unseen("mara") == set()
    assert store.unseen("sven") == {"#marketing"}
    store.saw("sven", "#marketing")
    assert store.unseen("sven") == set()
    said(store, "and more")
    assert store.unseen("sven") == {"#marketing"}


def test_somebody_is_new_until_they_say_something_or_are_told_something(store: Store) -> None:
    assert store.is_new("mara")
    said(store, "a")
    assert not store.is_new("mara")
    said(store, "", author="klartext", audience="sven", card=card("b"))
    assert not store.is_new("sven")


def test_a_form_is_open_until_it_is_shut(store: Store) -> None:
    shown = OpenForm(
        "f", "d", "it", form(), {"line": "x", "some": ("r", "b")}, {"line": "no"}, {"find": {"a": "A"}}, 7
    )
    store.open("mara", shown)
    assert store.form("mara") == shown
    assert store.form("sven") is None
    store.shut("mara", "another")
    assert store.form("mara") == shown
    store.shut("mara", "f")
    assert store.form("mara") is None


def test_the_home_page_is_the_newest(store: Store) -> None:
    assert store.home("mara") is None
    store.set_home("mara", card("a"))
    store.set_home("mara", card("b"))
    assert store.home("mara") == card("b")
    assert store.home("sven") is None


def test_what_was_done_is_known(store: Store) -> None:
    assert not store.is_done("k")
    store.set_done("k")
    store.set_done("k")
    assert store.is_done("k")


def test_a_killed_process_loses_nothing(tmp_path: Path) -> None:
    """A copy of the files of an open database is what a killed process leaves."""
    store = Store(tmp_path / "chat.db")
    said(store, "still here")
    store.open("mara", OpenForm("f", "d", "it", form()))
    for file in tmp_path.iterdir():
        shutil.copy(file, tmp_path / file.name.replace("chat", "left"))
    store.close()
    after = Store(tmp_path / "left.db")
    assert [m.text for m in after.messages("#marketing", "mara")] == ["still here"]
    assert after.form("mara") == OpenForm("f", "d", "it", form())
    after.close()


def test_a_card_of_another_version_is_none(tmp_path: Path) -> None:
    store = Store(tmp_path / "chat.db")
    number = said(store, "", author="klartext", card=Card("a", (Text("a"),)))
    store.open("mara", OpenForm("f", "d", "it", form()))
    store.close()
    with sqlite3.connect(tmp_path / "chat.db") as raw:
        raw.execute("UPDATE messages SET card = replace(card, '\"Text\"', '\"Hologram\"')")
        raw.execute("UPDATE forms SET data = replace(data, '\"LinesInput\"', '\"Hologram\"')")
    raw.close()
    after = Store(tmp_path / "chat.db")
    message = after.message(number)
    assert message is not None
    assert message.card is None
    assert after.form("mara") is None
    after.close()


def _no_database(file: Path) -> None:
    file.write_text("Liebes Tagebuch, heute " * 100, encoding="utf-8")


def _newer(file: Path) -> None:
    with sqlite3.connect(file) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()


@pytest.mark.parametrize("spoil", [_no_database, _newer])
def test_a_file_that_is_none_of_ours_is_broken(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    spoil(tmp_path / "chat.db")
    with pytest.raises(StoreBroken):
        Store(tmp_path / "chat.db")


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        Store(tmp_path / "no" / "chat.db")


def test_a_second_process_cannot_have_the_file(tmp_path: Path) -> None:
    store = Store(tmp_path / "chat.db")
    with pytest.raises(StoreUnavailable, match="locked"):
        Store(tmp_path / "chat.db", patience=0)
    store.close()


def test_a_full_disk_is_unavailable_and_what_was_there_stays(store: Store) -> None:
    said(store, "before")
    store._database.execute("PRAGMA max_page_count = 1")  # SQLite says what it says on a full disk
    with pytest.raises(StoreUnavailable, match="full"):
        said(store, "x" * 500_000)
    assert store.messages("#marketing", "mara")[0].text == "before"


def test_a_read_only_file_is_unavailable_and_can_be_read(store: Store) -> None:
    said(store, "before")
    store._database.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnavailable, match="readonly"):
        said(store, "after")
    assert [m.text for m in store.messages("#marketing", "mara")] == ["before"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("", 0), ("-1", 0), ("1.0", 0), ("٣", 0), ("9" * 18, int("9" * 18)), ("9" * 19, 0)],
)
def test_a_number_of_a_client_is_a_number(text: str, number: int) -> None:
    assert whole(text) == number
