"""The command line, as somebody types it."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tests.conftest import ROOT


def test_help_says_what_one_can_do(klartext: Runner) -> None:
    done = klartext("help")
    assert done.exit_code == 0
    assert "klartext ask" in done.output
    assert 6 <= len(done.output.splitlines()) <= 12


def test_marketing_and_sales_get_different_answers(klartext: Runner) -> None:
    answers = {
        klartext("ask", "was heisst Lead bei uns?", "--department", name).output
        for name in ("marketing", "sales", "Vertrieb")
    }
    assert len(answers) == 2


def test_words_need_no_quotes(klartext: Runner) -> None:
    assert klartext("define", "MQL", "vs", "SQL").output.startswith("Unterschied:")


def test_more_shows_what_is_on_demand(klartext: Runner) -> None:
    short, long = (klartext("define", "CVR", *options).output for options in ([], ["--more"]))
    assert "(--more)" in short
    assert "Formel:" in long
    assert "Formel:" not in short


def test_ask_alone_wants_a_question(klartext: Runner) -> None:
    done = klartext("ask")
    assert done.exit_code == 2
    assert "Frag etwas" in done.stderr


def test_why_explains_the_reading(klartext: Runner) -> None:
    assert (
        "Ausschlaggebend"
        in klartext("ask", "was ist denn eigentlich ein Touchpoint genau?", "--why").output
    )


def test_chatter_is_answered_with_silence(klartext: Runner) -> None:
    assert "bleibt still" in klartext("ask", "danke, bis morgen", "--overheard").output


def test_json_holds_the_answer_and_its_card(klartext: Runner) -> None:
    row = json.loads(klartext("define", "Lead", "--json", "--department", "sales").output)
    assert row["terms"] == ["lead"]
    assert row["asked_from"] == "sales"
    assert row["card"]["elements"][0]["type"] == "text"


def test_batch_answers_each_line(klartext: Runner) -> None:
    rows = [
        {"id": "a", "text": "was heisst SQL?", "asker_department": "it", "extra": 1},
        {"id": "b", "q": "bis morgen!", "addressed": False},
        {"id": 3, "q": "what is a lead developer", "language": "en"},
    ]
    done = klartext("ask", "--batch", typed="\n".join(map(json.dumps, rows)) + "\n\n")
    first, second, third = map(json.loads, done.output.splitlines())
    assert (first["id"], first["outcome"], first["terms"][0]) == (
        "a",
        "answer",
        "structured-query-language",
    )
    assert (second["outcome"], second["terms"]) == ("silent", [])
    assert (third["id"], third["outcome"], third["suggestions"][0]) == (3, "suggest", "lead")
    assert isinstance(first["us"], int)
    keys = {"id", "outcome", "intent", "terms", "suggestions", "department", "aspect", "understood", "us"}
    assert keys <= first.keys()


def test_define_in_batch(klartext: Runner) -> None:
    done = klartext("define", "--batch", typed='{"id": 1, "q": "Kampange"}\n')
    assert json.loads(done.stdout)["terms"] == ["campaign"]


def test_a_broken_line_is_said_and_the_others_are_answered(klartext: Runner) -> None:
    typed = (
        '{"id": 1, "q": "lead"}\n{"id":\n[1]\n{"id": 4}\n{"id": 5, "q": "lead", "asker_department": 7}\n'
    )
    done = klartext("define", "--batch", typed=typed)
    assert done.exit_code == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 5]
    assert [f"Zeile {n}" in done.stderr for n in (2, 3, 4)] == [True] * 3


def test_odd_values_in_a_line_end_no_batch(klartext: Runner) -> None:
    rows = [
        {"id": 1, "q": "lead", "language": ["de"]},
        {"id": 2, "text": None, "q": "lead"},
        {"id": 3, "q": "lead", "addressed": []},
        {"id": 4, "q": "bis morgen!", "addressed": "false"},
    ]
    done = klartext("ask", "--batch", typed="\n".join(map(json.dumps, rows)))
    assert [json.loads(line)["outcome"] for line in done.stdout.splitlines()][:2] == ["answer", "answer"]
    assert len(done.stdout.splitlines()) == 4


def test_the_terminal_obeys_nobody(klartext: Runner) -> None:
    for words in (("glossary", "show", "\x1b]0;x\x07"), ("define", "lead", "-d", "\x1b[31m")):
        assert "\x1b" not in klartext(*words).output


@pytest.mark.parametrize("language", ["de", "en"])
def test_check_points_at_the_mistake(klartext: Runner, tmp_path: Path, language: str) -> None:
    file = tmp_path / "glossary.yaml"
    file.write_text("version: 1\nglossry: {}\n", encoding="utf-8")
    done = klartext("glossary", "check", str(file), "--language", language)
    assert done.exit_code == 1
    assert f"{file}:2:" in done.output
    assert "glossary" in done.output


def test_check_is_content_with_the_shipped_files(klartext: Runner) -> None:
    assert klartext("glossary", "check").exit_code == 0
    assert klartext("glossary", "check", "tests/data/examples/glossary.yaml").exit_code == 0


def test_list_and_show(klartext: Runner) -> None:
    assert "Kampagne" in klartext("glossary", "list", "K").output
    assert "Zählt, wenn" in klartext("glossary", "show", "lead").output
    assert json.loads(klartext("glossary", "show", "lead", "--json").output)["status"] == "disputed"
    missing = klartext("glossary", "show", "led")
    assert missing.exit_code == 1
    assert "lead" in missing.stderr


def test_the_schema_of_editors_is_fresh(klartext: Runner) -> None:
    shipped = (ROOT / "bot" / "glossary" / "glossary.schema.json").read_text("utf-8")
    assert klartext("glossary", "schema").output == shipped


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "was ist Lead", "--department", "Einkauf"),
        ("ask", "was ist Lead", "--language", "fr"),
        ("ask", "was ist Lead", "--glossary", "gibt-es-nicht.yaml"),
        ("ask", "was ist Lead", "--glossary", "bot"),
        ("define", "x", "--glossary", "README.md"),
        ("glossary", "check", "gibt-es-nicht.yaml"),
        ("glossary", "schema", "gibt/es/nicht.json"),
        ("glossary", "score", "gibt-es-nicht.jsonl"),
        ("glossary", "score", "tests/data/questions_dev.jsonl"),
        ("questions", "score", "gibt-es-nicht.jsonl"),
        ("questions", "train", "--sentences", "tests"),
    ],
)
def test_a_wrong_call_is_one_clear_sentence(klartext: Runner, words: tuple[str, ...]) -> None:
    done = klartext(*words)
    assert done.exit_code in {1, 2}
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert done.output.strip()
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        " ",
        "x" * 40_000,
        "\x07\x1b[31m",
        "\u202elead",
        "L\u0301\u0302\u0303ead",
        "😀",
        "<!channel> @everyone",
        "{0} %s",
        "(a+)+$",
        "in der " * 40 + "x Vertrieb",
        "\udce4",
    ],
)
def test_hostile_text_ends_in_a_sentence(klartext: Runner, hostile: str) -> None:
    for command in ("ask", "define"):
        done = klartext(command, hostile)
        assert done.exception is None or isinstance(done.exception, SystemExit)
        assert "\x1b" not in done.output


def test_a_language_before_the_command_counts(klartext: Runner) -> None:
    assert "Agreed definition" in klartext("--language", "en", "define", "lead").output


def test_what_is_no_json_stays_out_of_the_output(klartext: Runner) -> None:
    done = klartext("define", "--batch", typed='{"id": NaN, "q": "lead"}\n')
    assert json.loads(done.stdout)["id"] is None
    assert "NaN" not in done.stdout


def test_scoring_nothing_is_said(klartext: Runner) -> None:
    assert klartext("questions", "score").exit_code == 2
