"""YAML as people write it: words stay words, and every mistake is named with its line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.files import source
from bot.files.findings import FileBroken, Finding, nearest
from bot.files.source import parse, read

HERE = Path("glossary.yaml")


def broken(text: str) -> list[tuple[int, str]]:
    """Line and code of every mistake in a text that must not be accepted."""
    with pytest.raises(FileBroken) as caught:
        parse(HERE, text)
    return [(found.line, found.code) for found in caught.value.findings]


def unreadable(path: Path) -> Finding:
    """The only mistake of a file that must not be accepted."""
    with pytest.raises(FileBroken) as caught:
        read(path)
    (finding,) = caught.value.findings
    assert finding.file == path
    return finding


@pytest.mark.parametrize(
    ("typed", "data"),
    [
        ("no", "no"),
        ("on", "on"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("2026-05-01", "2026-05-01"),
        ("012", "012"),
        ("1.10", "1.10"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("+3", "+3"),
        ("12:30", "12:30"),
        ("12345678901234567890", "12345678901234567890"),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'12'", "12"),
        ('"true"', "true"),
        ("''", ""),
        ("|\n  12", "12"),
        ("!!int x", "x"),
    ],
)
def test_a_value_stays_what_was_typed(typed: str, data: Any) -> None:
    value = parse(HERE, f"key: {typed}").data["key"]
    assert (value, type(value)) == (data, type(data))


def test_keys_are_words_too() -> None:
    assert parse(HERE, "no: a\non: b\n12: c\ntrue: d").data == {
        "no": "a", "on": "b", "12": "c", "true": "d",
    }  # fmt: skip


def test_no_merge_keys() -> None:
    assert parse(HERE, "<<: {a: x}").data == {"<<": {"a": "x"}}


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n"])
def test_a_file_without_content_says_nothing(text: str) -> None:
    assert parse(HERE, text).data is None


def test_every_key_and_item_has_its_line() -> None:
    text = "# head\na: x\n\nb:\n  - c: y\n    d:\n      e: z\n  -\n    f: [1, 2]\n"
    lines = parse(HERE, text).lines
    assert {
        ("a",): 2, ("b",): 4, ("b", 0): 5, ("b", 0, "c"): 5, ("b", 0, "d"): 6, ("b", 0, "d", "e"): 7,
        ("b", 1): 9, ("b", 1, "f"): 9, ("b", 1, "f", 1): 9,
    }.items() <= lines.items()  # fmt: skip


def test_what_is_missing_is_shown_at_the_nearest_thing_around_it() -> None:
    text = parse(HERE, "# head\n\na:\n  b: 1\n")
    assert text.line(("a", "b", "c", 0)) == 4
    assert text.line(("a", "x")) == 3
    assert text.line(("x",)) == 1


def test_folded_text_and_windows_line_ends_do_not_move_the_lines() -> None:
    text = parse(HERE, "a: >-\r\n  one\r\n  two\r\nb:\r\n  c: x\r\n")
    assert text.data == {"a": "one two", "b": {"c": "x"}}
    assert text.line(("b", "c")) == 5


def test_a_key_that_stands_twice_is_refused_with_both_lines() -> None:
    with pytest.raises(FileBroken) as caught:
        parse(HERE, "a: 1\nb:\n  c: 2\n  d: 3\n  c: 4\na: 5")
    assert [(f.line, f.code, f.values["key"], f.values["first"]) for f in caught.value.findings] == [
        (5, "duplicate_key", "c", "3"),
        (6, "duplicate_key", "a", "1"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        pytest.param("a: &x 1\nb: *x", 1, "anchor", id="an anchor and its alias"),
        pytest.param("a: &x {b: *x}", 1, "anchor", id="an alias of what is around it"),
        pytest.param("a: 1\nb: &x 1", 2, "anchor", id="an anchor alone"),
        pytest.param("a: &x 1\nb: &x 2", 1, "anchor", id="the same anchor twice"),
        pytest.param("a: 1\nb: *x", 2, "quote_start", id="an alias of nothing"),
        pytest.param("a:\n\tb: 1", 2, "tab", id="a tab"),
        pytest.param("a: 1\nb: [1, 2", 2, "open_bracket", id="an unclosed bracket"),
        pytest.param('a: 1\nb: "x', 2, "open_quote", id="an unclosed quote"),
        pytest.param("a: 1\nb: c: d", 2, "quote_colon", id="a colon in a text"),
        pytest.param("a: 1\nb: @x", 2, "quote_start", id="a sign that needs quotes"),
        pytest.param("a: 1\n---\nb: 2", 2, "two_documents", id="two documents"),
        pytest.param("%YAML 9.0\n---\na: 1", 1, "syntax", id="a YAML of the future"),
        pytest.param("a: 1\nb: !python/object:os.system x", 2, "quote_start", id="a tag"),
        pytest.param("a: 1\nb: \0", 2, "syntax", id="a null byte"),
        pytest.param("\ud800: 1", 1, "syntax", id="half a character"),
        pytest.param("a: 1\n? [b]\n: 2", 2, "key_not_text", id="a list as key"),
        pytest.param("[" * 60 + "]" * 60, 1, "too_deep", id="deep"),
        pytest.param("[" * 20_000, 1, "too_deep", id="bottomless"),
        pytest.param("- " * 20_000, 1, "too_deep", id="bottomless list"),
    ],
)
def test_broken_yaml_is_refused_with_its_line(text: str, line: int, code: str) -> None:
    assert (line, code) in broken(text)


def test_all_findings_of_a_text_come_at_once() -> None:
    assert broken("a: 1\na: 2\n? [b]\n: 3\n") == [(2, "duplicate_key"), (3, "key_not_text")]


def test_a_byte_order_mark_is_not_part_of_the_first_key(tmp_path: Path) -> None:
    file = tmp_path / "bom.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: x")
    assert read(file).data == {"a": "x"}


def test_other_encodings_are_named_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes("a: 1\nb: 2\nc: Käse\n".encode("latin-1"))
    assert (unreadable(file).line, unreadable(file).code) == (3, "not_utf8")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing.yaml", "missing_file"),
        (".", "is_folder"),
        ("x" * 300, "unreadable"),
        ("null\0byte", "unreadable"),
    ],
)
def test_what_is_no_readable_file_is_said(tmp_path: Path, name: str, code: str) -> None:
    assert unreadable(tmp_path / name).code == code


def test_the_reason_of_the_system_is_passed_on(tmp_path: Path) -> None:
    assert unreadable(tmp_path / ("x" * 300)).values == {"reason": "File name too long"}


def test_a_file_above_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 1_000_000)
    file = tmp_path / "big.yaml"
    file.write_text("#" * 1_000_000)
    assert read(file).data is None
    file.write_text("#" * 1_000_001)
    assert (unreadable(file).code, unreadable(file).values) == ("too_big", {"limit": "1 MB"})


@pytest.mark.parametrize(
    ("word", "meant"), [("raet", "rate"), ("LEADS", "lead"), ("xyz", ""), ("", ""), ("%%", "")]
)
def test_the_nearest_known_word_is_offered_or_none(word: str, meant: str) -> None:
    assert nearest(word, ["lead", "rate"]) == meant


def test_a_broken_file_says_what_and_where_in_its_traceback_too() -> None:
    error = FileBroken([Finding(HERE, 7, "bad_id", {"value": "X Y"})])
    assert str(error) == "glossary.yaml:7 bad_id {'value': 'X Y'}"


@settings(
    max_examples=400,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.text("ab1:-?,[]{}#&*!|>'\"%@ \n\t\\.~<=\0é", max_size=60))
@example("%YAML 1.1\n%YAML 1.2\n--- a")
@example("!<%ff> a")
@example('"\\U00110000"')
def test_any_text_is_data_or_a_mistake_with_a_line(text: str) -> None:
    try:
        lines = list(parse(HERE, text).lines.values())
    except FileBroken as error:
        lines = [found.line for found in error.findings]
    assert lines
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)
