"""The same answer to the same question is the same in every channel, and so is what is wrong about it."""

from itertools import product
from typing import Literal

import pytest

from bot.channels.playground import answers as playground
from bot.channels.playground.store import OpenForm
from bot.channels.slack import answers as slack
from bot.channels.slack.forms import block_id, form_view
from bot.channels.slack.sheet import Sheet
from bot.channels.teams import forms as teams
from bot.chat.events import Place
from bot.chat.ui import AnyInput, DateInput, Form, LinesInput, TextInput

Kind = Literal["text", "number", "email", "url"]
TEXTS = (
    *("", " ", "x", "a\u200bb", "a \r\n b", "12,5", "-3", "1e5"),
    *("HTTPS://example.com/x", "https://", "ftp://a.b", "Name@Firma.ch", "@firma.ch"),
    *("2026-12-31", "2026-13-01", "31.12.2026"),
)
QUESTIONS: dict[str, AnyInput] = {
    **{kind: TextInput("q", "Q", kind=kind) for kind in ("text", "number", "email", "url")},
    "lines": LinesInput("q", "Q", required=False),
    "date": DateInput("q", "Q"),
}


@pytest.mark.parametrize(("kind", "text"), [*product(QUESTIONS, TEXTS), ("text", "x" * 201)])
def test_three_channels_agree(kind: str, text: str) -> None:
    form = Form("f", "F", (QUESTIONS[kind],), "Senden", "Abbrechen")
    shown = OpenForm("f", "d", "marketing", form)
    read = playground.read(shown, {"q": [text]})
    known = read, playground.complaints(shown, read, "de")

    answered = teams.read_answers(form, {"answer.q": text}).given
    assert (answered, teams.complaints(form, answered, "de")) == known

    view = form_view(form, Sheet(Place("slack", "C1")), "de")
    given = {"selected_date": text} if kind == "date" else {"value": text}
    view["state"] = {"values": {block_id("q", 1): {view["blocks"][0]["element"]["action_id"]: given}}}
    answers = slack.read(view)
    assert (answers, slack.complaints(view, answers, "de")) == known
