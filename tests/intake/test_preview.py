"""The pages of a flow in the terminal: everything that somebody would see, and when."""

from pathlib import Path

import pytest

from bot.cli.terminal import plain_lines
from bot.i18n import LANGUAGES
from bot.intake.conditions import FACTS
from bot.intake.file import load
from bot.intake.model import Flow
from bot.intake.preview import preview
from tests.conftest import DATA, ROOT
from tests.intake.folders import FLOW, changed, written


def lines(flow: Flow, language: str) -> list[str]:
    """What is printed."""
    return [line.strip() for line in plain_lines(preview(flow, language), language, more=True)]


@pytest.fixture
def wish(tmp_path: Path) -> Flow:
    """The flow of the clean folder."""
    return load(written(tmp_path)).flows["wish"]


def test_pages_and_questions_in_their_order(wish: Flow) -> None:
    printed = lines(wish, "de")
    wanted = ["Vorhaben", "Seite 1 von 2 · Worum geht es?", "Was möchtest du? *", "Seite 2 von 2 · Daten"]
    assert [line for line in printed if line in wanted] == wanted
    assert "wish · Version 3 · /request" in printed


def test_a_question_that_may_stay_open_is_not_required(wish: Flow) -> None:
    required = changed(FLOW, "allow_unknown: true", "required: true\n        allow_unknown: true")
    assert "Wie fest ist es?" in lines(wish, "de")
    assert "required: true" in required
    assert "• weiss ich noch nicht → offene Frage an role:it" in lines(wish, "de")


def test_conditions_are_said_in_words(wish: Flow) -> None:
    german, english = lines(wish, "de"), lines(wish, "en")
    assert "Nur wenn: «Wie fest ist es?»: nicht «Beschlossen»" in german
    assert "Nur wenn: ein Tool wird gewünscht: ja" in german
    assert "Nur wenn: fehlende Schnittstellen: mehr als 0" in german
    assert "Only if: “From when?”: answered" in english


def test_what_is_filled_in_later_is_named(wish: Flow) -> None:
    assert "Zu «[Was möchtest du?]»" in lines(wish, "de")


def test_limits_and_defaults_are_said(wish: Flow) -> None:
    german = lines(wish, "de")
    assert "Datum: ab heute" in german
    assert "Datum: ab «Ab wann?»" in german
    assert "Zahl: ab 1 · bis 500" in german
    assert "Person: vorausgefüllt: wer anfragt" in german
    assert "• Keine (nichts anderes dazu)" in german
    assert "• Systeme aus landscape.yaml" in german


def test_who_is_addressed_neutrally_sees_the_neutral_text(wish: Flow) -> None:
    assert "Was fehlt? *" in lines(wish.model_copy(update={"address": "neutral"}), "de")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", [ROOT / "intake_flows", DATA / "examples" / "intake_flows"])
def test_every_flow_can_be_shown(folder: Path, language: str) -> None:
    for flow in load(folder).flows.values():
        printed = "\n".join(lines(flow, language))
        assert "{" not in printed
        assert sum(line.startswith(("Seite ", "Page ")) for line in printed.splitlines()) == len(flow.steps)


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_has_words(tmp_path: Path, name: str, language: str) -> None:
    text = changed(FLOW, "detected.tool_wish: true", f"{name}: {{answered: true, not: x, one_of: [a, b]}}")
    flow = load(written(tmp_path, wish=text)).flows["wish"]
    assert not any(name in line for line in lines(flow, language))
