"""Cards as Block Kit: what Slack takes, what it shows, and that nothing in a text is ever executed."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.slack.render import (
    MENU,
    Where,
    action_of,
    card_blocks,
    card_view,
    escaped,
    menu_choice,
    message,
    preview,
    texts,
    weight,
)
from bot.channels.slack.sheet import Sheet, direct
from bot.chat.events import Asker
from bot.chat.ui import (
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    Element,
    Expandable,
    Facts,
    Style,
    Table,
    Text,
)
from bot.glossary import cards
from bot.glossary.book import Book
from bot.glossary.shown import Shown
from bot.i18n import LANGUAGES
from bot.people.views import settings_card
from tests.channels.slack.blockkit import mistakes_in_blocks, mistakes_in_message, mistakes_in_view

TODAY = dt.date(2026, 11, 21)
HOSTILE = (
    "<!channel> <@U00FAKEUSER1> <#C1|x> <https://evil.example|click> *bold* _x_ `x` :smile: &lt;!here&gt; "
    "</div><script>x</script> {status} \u202eevil\u0000\u200b\ud83d \x1b[31m"
)
SHEET = Sheet(direct("U00FAKEUSER1"))
LONG = "wort " * 2_000


def is_fine(card: Card, language: str | None = "de") -> None:
    """Slack takes this card everywhere where it may stand."""
    assert mistakes_in_message(message(card, language)) == []
    assert mistakes_in_view(card_view(card, SHEET, language)) == []
    assert mistakes_in_blocks(card_blocks(card, "home", language), "home") == []


def one(*elements: Element) -> list[dict[str, Any]]:
    """The blocks of these elements in a message."""
    return card_blocks(Card("x", elements), "message", "de")


def run(text: str, **style: bool) -> dict[str, Any]:
    """A piece of rich text."""
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def plain(text: str) -> dict[str, Any]:
    """A text without markup."""
    return {"type": "plain_text", "text": text, "emoji": False}


def test_a_card_reads_like_a_card() -> None:
    card = Card(
        "Lead: a person",
        (
            Text("Lead", "strong"),
            Text("also: contact", "subtle"),
            Text("A person."),
            Text("Important", "strong"),
            Bullets(("one", "two")),
            Facts((("Owner", "Ines"), ("Unit", "%"))),
            Divider(),
        ),
    )
    assert message(card, "de") == {
        "text": "Lead: a person",
        "blocks": [
            {"type": "header", "text": plain("Lead")},
            {"type": "context", "elements": [plain("also: contact")]},
            {"type": "section", "text": plain("A person.")},
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [run("Important", bold=True)]}],
            },
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_list",
                        "style": "bullet",
                        "elements": [
                            {"type": "rich_text_section", "elements": [run("one")]},
                            {"type": "rich_text_section", "elements": [run("two")]},
                        ],
                    }
                ],
            },
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [run("Owner: ", bold=True), run("Ines"), run("\n")],
                    },
                    {"type": "rich_text_section", "elements": [run("Unit: ", bold=True), run("%")]},
                ],
            },
            {"type": "divider"},
        ],
    }


def test_buttons_carry_their_action_value_style_and_question() -> None:
    delete = Button("Delete", "card.delete", "7", "danger", confirm="Sure?")
    (block,) = one(Buttons((Button("More", "card.more"), delete)))
    assert block["elements"] == [
        {"type": "button", "action_id": "card.more:1", "text": plain("More")},
        {
            "type": "button",
            "action_id": "card.delete:2",
            "text": plain("Delete"),
            "value": "7",
            "style": "danger",
            "confirm": {
                "title": plain("Delete"),
                "text": plain("Sure?"),
                "confirm": plain("Delete"),
                "deny": plain("Abbrechen"),
            },
        },
    ]
    assert action_of("card.delete:2") == "card.delete"
    assert action_of("of_another_version") == "of_another_version"


def test_the_same_action_can_stand_in_a_row_twice() -> None:
    (block,) = one(Buttons((Button("A", "show", "a"), Button("B", "show", "b"))))
    assert [element["action_id"] for element in block["elements"]] == ["show:1", "show:2"]


def test_rarer_buttons_stand_in_a_menu() -> None:
    rarer = tuple(Button(f"R{number}", "do", str(number)) for number in range(7))
    (block,) = one(Buttons((Button("A", "a"),), overflow=rarer))
    *buttons, menu = block["elements"]
    assert [button["text"]["text"] for button in buttons] == ["A", "R5", "R6"]  # a menu holds five
    assert menu["action_id"] == MENU
    assert [menu_choice(option["value"]) for option in menu["options"]] == [
        ("do", str(n)) for n in range(5)
    ]


@pytest.mark.parametrize("rare", [Button("R", "do", "v" * 150), Button("R", "do", confirm="Sure?")])
def test_what_no_menu_can_hold_is_a_button(rare: Button) -> None:
    (block,) = one(Buttons((), overflow=(rare,)))
    assert [element["type"] for element in block["elements"]] == ["button"]


def test_more_buttons_than_a_row_holds_make_a_second_one() -> None:
    rows = one(Buttons(tuple(Button("A", "a") for _ in range(30))))
    assert [len(row["elements"]) for row in rows] == [25, 5]
    is_fine(Card("x", (Buttons(tuple(Button("A", "a") for _ in range(30))),)))


def test_our_own_words_are_in_both_languages_if_nobody_is_asking() -> None:
    (block,) = card_blocks(Card("x", (Buttons((Button("A", "a", confirm="?"),)),)), "message", None)
    assert block["elements"][0]["confirm"]["deny"] == plain("Abbrechen / Cancel")


def test_things_side_by_side_are_a_table() -> None:
    table = Table(("", "MQL", "SQL"), (("Meaning", "m", ""), ("Counts", "c")))
    (block,) = one(table)
    assert block["rows"] == [
        [{"type": "raw_text", "text": text} for text in row]
        for row in (("–", "MQL", "SQL"), ("Meaning", "m", "–"), ("Counts", "c", "–"))
    ]
    is_fine(Card("x", (table,)))


@pytest.mark.parametrize("where", ["modal", "home"])
def test_where_there_is_no_table_each_row_is_a_list(where: Where) -> None:
    table = Table(("", "MQL", "SQL"), (("Meaning", "m", "s"),))
    blocks = card_blocks(Card("x", (table,)), where, "de")
    assert [*texts(blocks)] == ["Meaning", "MQL: ", "m", "SQL: ", "s"]


def test_the_second_table_of_a_message_is_a_list() -> None:
    table = Table(("", "A"), (("Meaning", "a"),))
    assert [block["type"] for block in one(table, table)] == ["table", "rich_text", "rich_text"]
    is_fine(Card("x", (table, Expandable("more", (table, table)))))


@pytest.mark.parametrize(
    "table",
    [
        Table(("a",) * 21, (("b",) * 21,)),
        Table(("a", "b"), (("c", "d"),) * 100),
        Table(("a", "b"), (("c", "d" * 9_000), ("e", "f" * 3_000))),
        Table((), ((), ("a",))),
        Table(("a",), ()),
    ],
)
def test_a_table_that_slack_does_not_take_is_a_list(table: Table) -> None:
    is_fine(Card("x", (table,)))


def test_what_is_folded_elsewhere_stands_below_its_title() -> None:
    blocks = one(Expandable("Examples", (Bullets(("one",)), Buttons((Button("A", "a"),)))))
    assert [*texts(blocks)] == ["Examples", "one", "A"]


@pytest.mark.parametrize("style", ["plain", "subtle", "strong"])
def test_a_long_text_is_split_between_words_and_loses_nothing(style: Style) -> None:
    text = LONG.strip()
    blocks = one(Text("Head", "strong"), Text(text, style))
    assert " ".join(texts(blocks[1:])) == text
    is_fine(Card("x", (Text(text, style),)))


def test_emoji_count_twice() -> None:
    is_fine(Card("😀" * 3_000, (Text("😀" * 5_000), Buttons((Button("😀" * 75, "a"),)))))


@pytest.mark.parametrize("number", [60, 200])
def test_too_many_blocks_end_in_and_more_with_the_buttons_kept(number: int) -> None:
    last = Buttons((Button("More", "more"),))
    card = Card("x", (*(Text(f"line {at}") for at in range(number)), last))
    blocks = card_blocks(card, "message", "en")
    assert len(blocks) == 50
    assert [*texts(blocks[-2:])] == [
        "… and more than Slack shows at once. Ask more precisely and it fits.",
        "More",
    ]
    is_fine(card)


def test_too_many_characters_end_in_and_more() -> None:
    card = Card("x", (*(Text(LONG[:2_900]) for _ in range(9)), Buttons((Button("More", "more"),))))
    blocks = card_blocks(card, "message", "de")
    assert weight(blocks) < 12_500
    assert blocks[-1]["type"] == "actions"
    assert "und mehr" in [*texts(blocks)][-2]
    assert len(card_blocks(card, "modal", "de")) == 10  # a view has no such limit
    is_fine(card)


@pytest.mark.parametrize(
    "card",
    [
        Card("", ()),
        Card(" \n", (Text(""), Text(" ", "strong"), Bullets(("", " ")), Facts((("", ""),)))),
        Card("\u200b\u0000", (Table((), ()), Expandable("", ()), Buttons(()), Facts(()))),
        Card("x", (Buttons((Button("", "a", confirm=""),)), Text("\u202e"))),
    ],
)
def test_empty_things_are_left_out(card: Card) -> None:
    is_fine(card)


def test_a_text_is_literal() -> None:
    card = Card(HOSTILE, (Text(HOSTILE), Text(HOSTILE, "subtle"), Bullets((HOSTILE,))))
    is_fine(card)
    body = message(card, "de")
    assert "<" not in body["text"]
    assert "mrkdwn" not in json.dumps(body["blocks"])
    kinds = {part["type"] for part in parts(body["blocks"])}
    assert kinds == {
        "section",
        "context",
        "plain_text",
        "rich_text",
        "rich_text_list",
        "rich_text_section",
        "text",
    }
    shown = [*texts(body["blocks"])]
    assert all(text.startswith("<!channel> <@U00FAKEUSER1> <#C1|x> <https://") for text in shown)
    assert not any(char in text for text in shown for char in "\u202e\u0000\u200b\ud83d\x1b")


def parts(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object in a message."""
    if isinstance(tree, list):
        for inner in tree:
            yield from parts(inner)
    elif isinstance(tree, dict):
        if "type" in tree:
            yield tree
        for inner in tree.values():
            yield from parts(inner)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("<!channel> &lt;", "&lt;!channel&gt; &amp;lt;"),
        ("", "Klartext"),
        ("a" * 5_000, "a" * 2_999 + "…"),
    ],
)
def test_the_text_of_a_notification_mentions_nobody(typed: str, shown: str) -> None:
    assert escaped(typed) == shown


def test_a_preview_is_what_the_builder_takes() -> None:
    data = json.loads(preview(Card("x", (Text("ä"),))))
    assert data == {"blocks": [{"type": "section", "text": plain("ä")}]}
    assert "ä" in preview(Card("x", (Text("ä"),)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_of_the_glossary_is_taken_by_slack(example: Book, language: str) -> None:
    ids = list(example.glossary.terms)
    for id_ in ids:
        given = example.define(example.label(id_, language), "marketing", language)
        for more in (False, True):
            is_fine(cards.answer(example, given, TODAY, "private", more=more), language)
        is_fine(cards.shared(example, given, TODAY, HOSTILE), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_card_is_taken_by_slack(example: Book, language: str) -> None:
    asker = Asker(1, HOSTILE, language, "marketing", "marketing")
    ids = list(example.glossary.terms)
    asked = [
        "MQL vs SQL",
        "list",
        "list sales",
        "leda",
        HOSTILE,
        "",
        LONG,
        "was heisst Lead bei uns?",
        "help",
    ]
    for text in asked:
        is_fine(cards.answer(example, example.define(text, None, language), TODAY, "private"), language)
    for card in (
        cards.help_card(language),
        cards.hint(language),
        cards.popular(example, asker, [(id_, 1) for id_ in ids], language),
        cards.popular(example, asker, [], language),
        cards.home(example, asker, [(id_, 1) for id_ in ids], cards.Beside()),
        cards.explained(example, asker, ids),
        cards.explained(example, asker, []),
        settings_card(asker, "Marketing", "Saved."),
    ):
        is_fine(card, language)
    is_fine(cards.which_department(example, Shown(tuple(ids[:8])), language), language)


TEXTS = st.one_of(
    st.text(st.characters(), max_size=60),
    st.sampled_from([HOSTILE, LONG[:7_000], "", " ", "😀" * 1_600, "a" * 3_001, "ä\n\n" * 50, "\ud83d"]),
)
BUTTONS = st.builds(
    Button,
    TEXTS,
    st.sampled_from(["glossary.show", "a", "request.take"]),
    TEXTS,
    st.sampled_from(["plain", "primary", "danger"]),
    st.none() | TEXTS,
)
ROWS = st.lists(st.tuples(TEXTS, TEXTS), max_size=12).map(tuple)
FLAT: st.SearchStrategy[Element] = st.one_of(
    st.builds(Text, TEXTS, st.sampled_from(["plain", "subtle", "strong"])),
    st.builds(Bullets, st.lists(TEXTS, max_size=12).map(tuple)),
    st.builds(Facts, ROWS),
    st.builds(
        Table,
        st.lists(TEXTS, max_size=23).map(tuple),
        st.lists(st.lists(TEXTS, max_size=23).map(tuple), max_size=8).map(tuple),
    ),
    st.just(Divider()),
    st.builds(Buttons, st.lists(BUTTONS, max_size=28).map(tuple), st.lists(BUTTONS, max_size=7).map(tuple)),
)
ELEMENTS = st.one_of(FLAT, st.builds(Expandable, TEXTS, st.lists(FLAT, max_size=3).map(tuple)))
CARDS = st.builds(Card, TEXTS, st.lists(ELEMENTS, max_size=8).map(tuple))


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(CARDS, st.sampled_from([None, *LANGUAGES]))
def test_slack_takes_any_card(card: Card, language: str | None) -> None:
    is_fine(card, language)
