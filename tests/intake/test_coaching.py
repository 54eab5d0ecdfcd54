"""How the coach reads: tokens, languages, amounts; that no text breaks it; that its weights are fresh."""

import json
import string
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.intake.coaching.amounts import amounts, days
from bot.intake.coaching.fields import FIELDS, rules_of
from bot.intake.coaching.judge import MODELLED, SIGNS
from bot.intake.coaching.names import plain_names
from bot.intake.coaching.passive import passives
from bot.intake.coaching.reading import MOST_TOKENS, Reading, phrases_in, read
from bot.intake.coaching.score import leave_one_out, score_files
from bot.intake.coaching.training import FOLDER, make
from bot.intake.coaching.wordfile import word_lists
from bot.intake.coaching.wordlists import inflected
from bot.text.clean import MAX_TEXT, visible
from bot.text.linear import dump_model
from tests.intake.coaching import DATA, coach_for_tests

COACH = coach_for_tests()
LISTS = word_lists()
WORDS = """
Wir brauchen HubSpot sofort alle immer wird werden geprüft und ausserdem wenn sobald 20 % von auf → heute
30. Juni am usw. , ; … The is sent by and also every 24/7 don't S/4HANA 1'000 𝐅𝐚𝐬𝐭 ﬁ İ ß ẞ ̈ 🙂
\u202e \x00 \ud800
"""


def reading(text: str, field: str = "requirement") -> Reading:
    return read(text, LISTS, field)


# no text breaks it ----------------------------------------------------------------------------------


@given(
    st.text("aäß ÄE.,;!?…-–'’\"%→€0123\n\t🙂İ\u0308\u202e\x00\ud800", max_size=60),
    st.sampled_from([*FIELDS]),
)
@example("", "goal")
@example("ﬃ" * 50, "trigger")
@example("İ HubSpot İ", "requirement")
def test_any_text_is_read(text: str, field: str) -> None:
    for hint in COACH.hints(text, (*rules_of(field), "no_owner"), field=field, goal=text):
        shown = visible(text[:MAX_TEXT])
        assert all(0 <= start < end <= len(shown) for start, end in hint.spans)
        assert all(word in shown for word in hint.words)


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=40).map(" ".join), st.sampled_from([*FIELDS]))
def test_any_order_of_words_is_read(text: str, field: str) -> None:
    shown = visible(text[:MAX_TEXT])
    found = COACH.hints(text, rules_of(field), field=field)
    assert len({hint.rule for hint in found}) == len(found)
    for hint in found:
        assert hint.rule in rules_of(field)
        assert all(shown[start:end] for start, end in hint.spans)


@pytest.mark.parametrize(
    "piece", ["alle ", "1. ", "wird geprüft ", "a", "und ", ",", "→ 20 ", "\n- ", "x" * 999 + " "]
)
def test_of_a_very_long_text_a_bounded_part_is_read(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    found = reading(text)
    assert len(found.text) <= MAX_TEXT
    assert len(found.tokens) <= MOST_TOKENS
    for field in FIELDS:
        COACH.hints(text, rules_of(field), field=field)


@settings(deadline=None)
@given(st.text(string.ascii_letters + "äöü .,", max_size=80))
def test_the_same_text_has_the_same_hints(text: str) -> None:
    assert COACH.unstated(text) == COACH.unstated(text)


# reading --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Vertrieb sieht die Liste.", "de"),
        ("Sales sees the list.", "en"),
        ("Schnellere Abläufe", "de"),
        ("Faster quotes", "en"),
        ("Info an Vertrieb", "de"),
        ("besseres wlan", "de"),
        ("Update", ""),
        ("42", ""),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert reading(text).language == language


def test_the_language_of_the_person_counts_where_the_words_do_not_tell() -> None:
    assert read("Update", LISTS, language="en").language == "en"
    assert read("Der Vertrieb sieht die Liste.", LISTS, language="en").language == "de"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Name, E-Mail usw. stehen da. Mehr nicht.", 2),
        ("Am 30. Juni ist Schluss.", 1),
        ("z. B. am Montag", 1),
        ("Eins.\nZwei", 2),
        ("Umsatz sinkt auf 0. Danach ist Ruhe.", 2),
        ("", 0),
    ],
)
def test_sentences(text: str, sentences: int) -> None:
    assert len([s for s in reading(text).sentences() if any(token.is_word for token in s)]) == sentences


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("von 1'000 auf 2.500,50", ["1'000", "2.500,50"]),
        ("4,1 s im Mai", ["4,1"]),
        ("drei von vier", ["drei"]),
        ("70 of our 110 clinics", ["70"]),
        ("one in three", ["one"]),
        ("from four days to one by May", ["four", "one"]),
        ("100k views", ["100"]),
        ("siebenundzwanzig Tage", ["siebenundzwanzig"]),
        ("halbieren", [None]),
        ("im Mai 12, im Juni 14", ["12", "14"]),
        ("22 am Tag", ["22"]),
        ("bis Ende 2027", []),
        ("am 30. Juni", []),
        ("12 March", []),
        ("um 8 Uhr", []),
        ("at 6 am", []),
        ("Q3", []),
        ("CO2 und DN15 und B2B", []),
        ("zwischen den zwei Teams", []),
        ("doppelte Einträge", []),
        ("ISO 9001", []),
        ("third parties", []),
    ],
)
def test_amounts(text: str, values: list[str | None]) -> None:
    assert [found.value for found in amounts(reading(text))] == values


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("am 30. Juni", ["30", "Juni"]),
        ("By June", ["June"]),
        ("Q3 2027", ["Q3", "2027"]),
        ("31.12.2027", ["31.12.2027"]),
        ("30 Tage", []),
    ],
)
def test_days(text: str, named: list[str]) -> None:
    assert [token.text for token in days(reading(text))] == named


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Die Liste wird geprüft.", ["main"]),
        ("Wenn die Liste geprüft wird", ["when"]),
        ("Bevor die Liste geprüft wird", ["before"]),
        ("Wir sehen, welche Liste geprüft wurde", ["clause"]),
        ("Die Liste wird vom Team geprüft.", ["agent"]),
        ("Die Liste wird bis Freitag vorliegen.", []),
        ("Until the list is checked", ["before"]),
        ("The list is checked by Femke.", ["agent"]),
        ("The list is grouped by region.", ["main"]),
        ("The list is long.", []),
    ],
)
def test_kinds_of_passives(text: str, kinds: list[str]) -> None:
    assert [sign.kind for sign in passives(reading(text))] == kinds


def test_forms_of_adjectives() -> None:
    assert {"flexibel", "flexible", "flexiblere", "flexibelsten"} <= set(inflected("flexibel", "de"))
    assert {"easy", "easier", "easiest", "easily"} <= set(inflected("easy", "en"))
    assert {"slim", "slimmer", "slimmest"} <= set(inflected("slim", "en"))
    assert "schnellst" not in set(inflected("schnell", "de"))


def test_the_longest_phrase_wins() -> None:
    tokens = reading("so schnell wie möglich fertig").tokens
    assert list(phrases_in(tokens, frozenset({"so schnell", "so schnell wie möglich"}))) == [(0, 4)]


def test_product_names_by_the_plain_list() -> None:
    names_in = COACH.names_in
    assert names_in("Wir brauchen Hub Spot und power-bi") == ["Hub Spot", "power-bi"]
    assert names_in("Wir teilen die Teams neu ein") == []
    assert names_in("") == []


def test_a_missing_product_list_is_an_error_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        plain_names(tmp_path / "none.csv")


# training and figures -------------------------------------------------------------------------------


def test_the_shipped_weights_are_those_of_the_sentences() -> None:
    trained = make.train_all(make.readings(make.sentences(), LISTS, COACH.names_in))
    for rule, model in trained.items():
        assert dump_model(model) == (FOLDER / f"{rule}.json").read_text("utf-8")


def test_the_sentences_are_well_formed() -> None:
    known = {*SIGNS, "passive_no_actor"} - {"passive"}
    for file in [*FOLDER.glob("coaching_*.jsonl"), *DATA.glob("coaching_fresh_*.jsonl")]:
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        assert len({row["id"] for row in rows}) == len(rows)
        for row in rows:
            assert row["field"] in FIELDS
            assert set(row["defects"]) <= known
            assert row["lang"] in {"de", "en"}


def test_every_modelled_rule_has_signs_too() -> None:
    assert set(MODELLED) <= set(SIGNS)


def test_figures_of_a_file() -> None:
    lines = list(score_files(COACH, [DATA / "coaching_dev.jsonl"]))
    assert lines[0] == "coaching_dev: 75 answers"
    assert len(lines) == 2 + 11  # the rules that have a labelled defect there


def test_a_hint_that_never_comes_has_no_recall(tmp_path: Path) -> None:
    file = tmp_path / "own.jsonl"
    rows = [
        {"id": 1, "field": "goal", "text": "Mehr Leads sollen es sein", "defects": ["asap", "no_measure"]},
        {"id": 2, "text": "Sofort anrufen lassen bitte", "labels": {"asap": False, "universal": False}},
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    figures = {line.split()[0]: line.split()[1:] for line in list(score_files(COACH, [file]))[2:]}
    assert figures == {
        "no_measure": ["1", "1.000", "1.000", "1", "0", "0"],
        "asap": ["1", "0.000", "0.000", "0", "1", "1"],
    }


def test_leaving_an_author_out_trains_on_the_others() -> None:
    rows = [row for row in make.sentences() if row.author in {"coaching_1", "coaching_2", "coaching_3"}]
    lines = list(leave_one_out(COACH, rows, ["coaching_1"]))
    assert lines[0].startswith("left out coaching_1: ")
    assert any(line.split()[0] == "no_trigger" for line in lines if line.strip())


def test_no_sentences_no_training(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        make.sentences(tmp_path)
