"""Every sentence exists in both languages, and what people typed stays as they typed it."""

import ast
import datetime as dt
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.files.findings import Finding
from bot.glossary.term_view import as_day
from bot.i18n import LANGUAGES, day_text, explain, say, sentences
from bot.intake.wording import day_text as in_a_request
from bot.triage.terms import day_text as with_weekday

BOT = Path(__file__).parents[1] / "bot"
SOURCES = sorted(BOT.rglob("*.py"))
KEYS = sorted(sentences("en"))


def placeholders(sentence: str) -> set[str]:
    """The names that are filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_both_languages_have_the_same_sentences() -> None:
    assert set(sentences("de")) == set(sentences("en"))


@pytest.mark.parametrize("key", KEYS)
def test_a_sentence_has_the_same_placeholders_in_both_languages(key: str) -> None:
    german, english = sentences("de")[key], sentences("en")[key]
    assert placeholders(german) == placeholders(english)
    assert german.strip()
    assert english.strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_plain_names(language: str) -> None:
    names = {name for sentence in sentences(language).values() for name in placeholders(sentence)}
    assert [name for name in names if not name.isidentifier()] == []


def test_german_is_not_english() -> None:
    same = {key for key in KEYS if sentences("de")[key] == sentences("en")[key]}
    assert {key for key in same if key.startswith("check.")} == set()


@pytest.mark.parametrize(
    "typed",
    [
        "{typed}",
        "{0}",
        "{}",
        "{{",
        "%s %(x)s 100 %",
        "*b* <b> `x` <!channel>",
        "\\n",
        "${HOME}",
        "",
        "ß 🙂",
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_typed_stays_literal(language: str, typed: str) -> None:
    before, after = sentences(language)["suggest.title"].split("{typed}")
    assert say(language, "suggest.title", typed=typed) == before + typed + after


def test_a_value_is_not_filled_in_twice() -> None:
    said = say("en", "answer.heading", label="{status}", status="agreed")
    assert said == "{status} · agreed"


@pytest.mark.parametrize("language", ["fr", "", "EN", "../../etc"])
def test_an_unknown_language_is_answered_in_english(language: str) -> None:
    assert say(language, "status.agreed") == "agreed"


def test_a_value_that_is_missing_is_a_mistake_of_the_code() -> None:
    with pytest.raises(KeyError, match="typed"):
        say("en", "suggest.title")


def test_a_finding_is_explained_with_what_was_meant() -> None:
    values = {"term": "lead", "value": "{raet}", "hint": "rate"}
    finding = Finding(Path("x"), 1, "unknown_term", values)
    assert explain(finding, "de") == "lead: Den Begriff «{raet}» gibt es nicht. Meintest du «rate»?"
    assert explain(finding, "en") == "lead: there is no term “{raet}”. Did you mean “rate”?"
    assert values["hint"] == "rate"


@pytest.mark.parametrize("hint", [{}, {"hint": ""}])
def test_without_a_near_word_nothing_is_suggested(hint: dict[str, str]) -> None:
    finding = Finding(Path("x"), 1, "unknown_term", {"term": "lead", "value": "raet", **hint})
    assert explain(finding, "de") == "lead: Den Begriff «raet» gibt es nicht."


def codes_in(source: Path) -> Iterator[str]:
    """The codes of the findings that a module makes: the first text that stands in such a call."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1].lower() in MAKERS:
            yield from next(filter(None, map(texts_of, node.args)), ())


def texts_of(argument: ast.expr) -> list[str]:
    """The texts that an argument can be: one, two with a condition, none if it is no text."""
    match argument:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=orelse):
            return [*texts_of(body), *texts_of(orelse)]
        case _:
            return []


MAKERS = {"finding", "trap", "_refuse", "_here", "_at"}
CODES = sorted({code for source in SOURCES for code in codes_in(source)})


@pytest.mark.parametrize("code", CODES)
def test_every_mistake_has_a_sentence(code: str) -> None:
    assert f"check.{code}" in sentences("de")
    assert f"check.{code}" in sentences("en")


def test_the_mistakes_were_found_in_the_code() -> None:
    assert {"syntax", "duplicate_key", "missing_file", "unknown_key", "homonym", "circle"} <= set(CODES)


def test_no_sentence_about_mistakes_is_left_over() -> None:
    code = "".join(source.read_text(encoding="utf-8") for source in SOURCES)
    known = {key.removeprefix("check.") for key in KEYS if key.startswith("check.")} - {"meant"}
    assert [name for name in sorted(known) if f'"{name}"' not in code] == []


@pytest.mark.parametrize(("language", "text"), [("de", "02.01.2027"), ("en", "2 January 2027")])
def test_a_day_is_written_in_one_way_and_with_its_year(language: str, text: str) -> None:
    assert day_text(dt.date(2027, 1, 2), language) == text
    assert with_weekday(dt.date(2027, 1, 2), language).endswith(text)
    assert as_day("2027-01-02", language) == in_a_request("2027-01-02", language) == text
