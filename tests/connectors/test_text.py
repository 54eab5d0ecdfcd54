"""Markdown for those who read no Markdown, and for those with limits."""

import pytest

from bot.connectors.text import as_html, as_text, shortened, without_pictures
from bot.intake.markdown import literal
from tests.connectors.tickets import HOSTILE, ticket, words

PICTURE = "# A\n\n```mermaid\ngraph LR\n```\n\nB\n"


def test_pictures_are_left_out() -> None:
    assert without_pictures(PICTURE) == "# A\n\nB\n"


def test_a_mail_reads_like_a_text() -> None:
    said = as_text("# Titel\n\n> Wunsch: x\n\n**A:** 1  \n**B:** 2\n\n- eins\n- zwei\n\n1. drei\n")
    assert said == "Titel\n\nWunsch: x\n\nA: 1\nB: 2\n\n- eins\n- zwei\n\n1. drei\n"


def test_a_table_becomes_lines() -> None:
    assert "Auslöser: x\n" in as_text(ticket("x").markdown)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_typed_is_read_as_typed(text: str) -> None:
    assert words(as_text(f"**x:** {literal(text)}")) == "x:" + words(text)
    assert "<a" not in as_html(literal(text))


@pytest.mark.parametrize("most", range(20, 200, 7))
@pytest.mark.parametrize("text", [ticket("a | \\ b" * 9).markdown, "x" * 300, "\\" * 300, PICTURE * 9])
def test_it_is_never_longer_than_allowed(text: str, most: int) -> None:
    short = shortened(text, most, "… mehr")
    assert len(short) <= most or short == text
    assert short == text or short.endswith("\n\n… mehr")
    assert short.count("```") % 2 == 0
    assert words(as_text(short)).endswith("…mehr")


def test_what_fits_stays() -> None:
    assert shortened("kurz", 10, "…") == "kurz"
