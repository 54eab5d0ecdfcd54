"""What was shown can be kept and shown again."""

import json

import pytest

from bot.chat.stored import restored, stored
from bot.chat.ui import (
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceInput,
    Divider,
    Expandable,
    Facts,
    Form,
    Option,
    SearchInput,
    Table,
    Text,
    TextInput,
)

CARD = Card(
    "Lead",
    (
        Text("a <b> «c»", "strong"),
        Bullets(("x", "y")),
        Facts((("n", "v"),)),
        Table(("", "a"), (("r", "c"),)),
        Divider(),
        Expandable("more", (Text("inner"),)),
        Buttons((Button("Go", "go", "1", "danger", "Sure?"),), (Button("Rare", "rare"),)),
    ),
)
FORM = Form(
    "settings",
    "T",
    (
        TextInput("t", "L", initial="i"),
        ChoiceInput("c", "C", options=(Option("v", "l"),), initial=("v",), live=True),
        SearchInput("s", "S", initial=(Option("v", "l"),)),
    ),
    "Send",
    "Cancel",
    {"draft": "7"},
    3,
    (Button("Back", "back"),),
)


@pytest.mark.parametrize("shown", [CARD, FORM])
def test_a_card_and_a_form_survive_json(shown: Card | Form) -> None:
    assert restored(json.loads(json.dumps(stored(shown))), type(shown)) == shown


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"$": "Evil"}, {"$": "Text", "txt": 1}, {"$": "Form"}, {"$": "Text", "text": "a"}],
)
def test_anything_else_is_no_card(data: object) -> None:
    with pytest.raises(ValueError, match="no "):
        restored(data, Card)
