"""`klartext coach`, as somebody types it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.conftest import ROOT


@pytest.fixture
def klartext(monkeypatch: pytest.MonkeyPatch) -> "Runner":
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LC_ALL", "de_CH.UTF-8")
    monkeypatch.delenv("KLARTEXT_COACH_WORDS", raising=False)
    monkeypatch.delenv("KLARTEXT_COACH_MODELS", raising=False)
    return Runner()


class Runner:
    """Runs `klartext coach …` in this process."""

    def __call__(self, *words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(app, ("coach", *words), input=typed)

    def batch(self, *rows: object, options: tuple[str, ...] = ()) -> Result:
        return self("--batch", *options, typed="\n".join(map(json.dumps, rows)))


def test_hints_are_questions_in_the_language_of_the_text(klartext: Runner) -> None:
    assert "«HubSpot» ist schon eine Lösung" in klartext("Wir brauchen HubSpot für die Leads.").stdout
    english = klartext("We need HubSpot for our leads.").stdout
    assert "“HubSpot” is already a solution" in english


def test_words_need_no_quotes(klartext: Runner) -> None:
    assert "«HubSpot»" in klartext("Wir", "brauchen", "HubSpot").stdout


def test_a_field_decides_what_is_asked(klartext: Runner) -> None:
    assert "Welche Zahl" in klartext("Mehr Ruhe im Team haben", "--field", "goal").stdout
    assert "Kein Hinweis" in klartext("Mehr Ruhe im Team haben", "--field", "benefit").stdout


def test_without_du(klartext: Runner) -> None:
    assert "Was ist danach möglich" in klartext("Wir brauchen HubSpot", "--neutral").stdout


def test_as_json(klartext: Runner) -> None:
    given = json.loads(klartext("Leads werden angelegt usw.", "--field", "action", "--json").stdout)
    assert given == {
        "hints": [{"rule": "passive", "match": "werden angelegt"}, {"rule": "open_list", "match": "usw"}]
    }


def test_why_names_the_model_and_its_reasons(klartext: Runner) -> None:
    shown = klartext("Der Vertrieb bekommt eine Nachricht.", "--field", "trigger", "--why").stdout
    assert "no_trigger: 0." in shown


def test_alone_it_shows_what_one_can_do(klartext: Runner) -> None:
    assert "score" in klartext().output
    assert klartext("--field", "goal").exit_code == 2
    assert "Gib einen Text an" in klartext("--field", "goal").stderr


def test_an_unknown_field_names_the_known_ones(klartext: Runner) -> None:
    done = klartext("x", "--field", "zeil")
    assert done.exit_code == 2
    assert "deadline_reason" in done.stderr


def test_batch(klartext: Runner) -> None:
    done = klartext.batch(
        {"id": 1, "field": "goal", "text": "Wir wollen mehr Leads gewinnen."},
        {"id": "b", "field": "action", "text": "Das CRM legt eine Aufgabe an."},
        {"id": 3, "text": "Wir brauchen HubSpot für die Leads."},
        {"id": 4, "field": "trigger", "text": ""},
    )
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": 1, "hints": [{"rule": "no_measure", "match": ""}]},
        {"id": "b", "hints": []},
        {"id": 3, "hints": [{"rule": "solution_bias", "match": "HubSpot"}]},
        {"id": 4, "hints": []},
    ]
    assert done.exit_code == 0


def test_batch_gives_every_hint_not_only_those_of_a_page(klartext: Runner) -> None:
    row = {"id": 1, "field": "goal", "text": "Alle Abläufe sind sofort besser, schneller usw."}
    rules = [hint["rule"] for hint in json.loads(klartext.batch(row).stdout)["hints"]]
    assert rules == ["no_measure", "asap", "vague_word", "open_list", "universal"]


def test_batch_with_a_flow_asks_what_its_question_asks(klartext: Runner) -> None:
    folder = ("--flows", "tests/data/examples/intake_flows")
    row = {"id": 1, "flow": "marketing_request", "field": "goal", "text": "Mehr Leads usw. werden gewonnen"}
    done = klartext.batch(row, options=folder)
    assert [hint["rule"] for hint in json.loads(done.stdout)["hints"]] == ["no_measure"]


def test_batch_goes_on_after_a_bad_line(klartext: Runner) -> None:
    folder = ("--flows", "tests/data/examples/intake_flows")
    done = klartext.batch(
        [],
        {"id": 1},
        {"id": 2, "text": "a", "flow": "nope"},
        {"id": 3, "text": "a", "flow": "marketing_request", "field": "nope"},
        {"id": 4, "text": "Ein ganzer Satz ist da."},
        options=folder,
    )
    assert done.exit_code == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [4]
    assert "Zeile 1" in done.stderr
    assert "«nope» gibt es nicht. Möglich: data_request, marketing_request" in done.stderr
    assert "Die Frage «nope» gibt es in marketing_request nicht" in done.stderr


def test_batch_says_what_it_reads_an_unknown_field_as(klartext: Runner) -> None:
    done = klartext.batch(
        {"id": 1, "text": "Wir brauchen HubSpot.", "field": "zeil"},
        {"id": 2, "text": "Wir brauchen HubSpot.", "field": "requirement"},
    )
    first, second = (json.loads(line)["hints"] for line in done.stdout.splitlines())
    assert first == second
    assert done.exit_code == 1
    assert done.stderr.startswith(
        "Zeile 1: «zeil» ist keine Frage, der Text wurde als requirement gelesen."
    )
    assert "deadline_reason" in done.stderr


@pytest.mark.parametrize("language", ["de", "en"])
def test_outside_the_repository_it_says_so_in_ones_own_words(
    klartext: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = klartext("x", "--language", language)
    assert done.exit_code == 1
    said = {"de": "gibt es hier nicht. Prüf den Pfad", "en": "There is no intake_flows/products.csv here."}
    assert said[language] in done.stderr
    assert "No such file" not in done.stderr


def test_a_company_brings_its_words(klartext: Runner, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("vague_word: {de: {adjectives: rockig}}\n", encoding="utf-8")
    shown = klartext("Die Seite soll rockiger werden.", "--words", str(own)).stdout
    assert "«rockiger»" in shown


def test_what_is_wrong_with_a_file_is_one_sentence(klartext: Runner, tmp_path: Path) -> None:
    broken = tmp_path / "own.yaml"
    broken.write_text("vague_wrod: {}\n", encoding="utf-8")
    for words in (
        ("x", "--words", str(broken)),
        ("x", "--words", str(tmp_path / "none.yaml")),
        ("x", "--products", str(tmp_path / "none.csv")),
        ("x", "--models", str(tmp_path)),
        ("score", str(tmp_path / "none.jsonl")),
        ("score", str(broken)),
        ("train", "--sentences", str(tmp_path)),
    ):
        done = klartext(*words)
        assert done.exit_code == 1, words
        assert done.stderr.strip()
        assert "Traceback" not in done.stderr


def test_a_broken_flow_is_named_with_its_line(klartext: Runner, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("steps:\n  - id: [\n", encoding="utf-8")
    done = klartext("x", "--flow", "a", "--flows", str(tmp_path))
    assert done.exit_code == 1
    assert "own.yaml:" in done.stderr


def test_score_prints_a_line_for_each_rule(klartext: Runner) -> None:
    shown = klartext("score", "tests/data/coaching_dev.jsonl").stdout
    assert "coaching_dev: 75 answers" in shown
    assert "no_trigger" in shown
    assert klartext("score").exit_code == 2


def test_train_writes_weights_beside_the_answers(klartext: Runner, tmp_path: Path) -> None:
    rows = [
        {"id": n, "field": field, "text": text, "defects": defects}
        for n in range(6)
        for field, text, defects in (
            ("requirement", "Wir brauchen HubSpot", ["solution_bias"]),
            ("requirement", "Der Vertrieb sieht die Liste", []),
            ("trigger", "Der Vertrieb bekommt eine Mail", ["no_trigger"]),
            ("trigger", "Sobald die Mail da ist", []),
            ("deadline_reason", "Bis Mai", ["no_reason"]),
            ("deadline_reason", "Die Messe beginnt am 3. Mai", []),
        )
    ]
    (tmp_path / "coaching_own.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert klartext("train", "--sentences", str(tmp_path)).exit_code == 0
    shown = klartext("Wir brauchen HubSpot", "--field", "requirement", "--models", str(tmp_path)).stdout
    assert "«HubSpot»" in shown
