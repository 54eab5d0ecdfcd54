"""What people type into YAML without knowing YAML: each slip has a name, a line, and hides no other."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.files import careful, source
from bot.files.source import parse, survey

HERE = Path("x.yaml")


def slips(folder: Path, text: str) -> tuple[object, list[tuple[int, str]]]:
    """What is understood of a text all the same, and line and code of each slip."""
    file = folder / "x.yaml"
    file.write_text(text, encoding="utf-8")
    read, findings = survey(file)
    return read and read.data, [(one.line, one.code) for one in findings]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("a:\n  de: Auslöser: Wann?\n", 2, "quote_colon"),
        ("a:\n  de: *fett* Text\n", 2, "quote_start"),
        ("a:\n  - *fett\n", 2, "quote_start"),
        ("a:\n  de: @it fragen\n", 2, "quote_start"),
        ("a:\n  de: {name} ist da\n", 2, "quote_start"),
        ("a:\n  de: {name}\n", 2, "bare_word"),
        ("a:\n  de: [x] ja\n", 2, "quote_start"),
        ("a:\n  de: %x\n", 2, "quote_start"),
        ("a:\n  de: `x`\n", 2, "quote_start"),
        ("a:\n  de: > 5 Leads\n", 2, "quote_start"),
        ("a:\n  de: | oder\n", 2, "quote_start"),
        ("a:\n  de: !wichtig x\n", 2, "quote_start"),
        ("a:\n  de: - x\n", 2, "quote_start"),
        ("a:\n  de: &x y\n", 2, "anchor"),
        ("a: {de: Ja, gern, en: Yes}\n", 1, "bare_word"),
        ("a:\n\tde: x\n", 2, "tab"),
        ("a:\n  - id: x\n\tde: x\n", 3, "tab"),
        ('a:\n  de: "Hallo\n  en: "x"\nb: c\n', 2, "open_quote"),
        ('a:\n  de: "x"\n  en: "Hallo\nb: c\n', 3, "open_quote"),
        ("a:\n  de: 'Hallo\n  en: x\n", 2, "open_quote"),
        ('a:\n  de: "Er sagt "ja" dazu"\n', 2, "inner_quote"),
        ('a:\n  de: "Ja" ist gut\n', 2, "inner_quote"),
        ("a:\n  b: c\n   d: e\n", 3, "indent"),
        ("a:\n    b: c\n  d: e\n", 3, "indent"),
        ("a:\n  de\n  en: x\n", 2, "missing_colon"),
        ("a:\n  de:x\n  en: x\n", 2, "missing_colon"),
        ('a:\n  de: "C:\\q"\n', 2, "backslash"),
        ("a:\n  de: [x, y\nb: c\n", 2, "open_bracket"),
        ("a:\n  de: {x: y\nb: c\n", 2, "open_bracket"),
        ("a: x\n---\nb: y\n", 2, "two_documents"),
        ("a: x\na: y\n", 2, "duplicate_key"),
    ],
)
def test_a_slip_has_a_name_and_a_line(tmp_path: Path, text: str, line: int, code: str) -> None:
    assert slips(tmp_path, text)[1] == [(line, code)]


def test_a_slip_hides_no_other(tmp_path: Path) -> None:
    lines = [
        "a:",
        "  de: Auslöser: Wann?",
        "  en: *x*",
        "b:",
        "\tde: x",
        "  en",
        "c:",
        '  de: "Er sagt "ja""',
        '  en: "C:\\q"',
        "d: {de: Ja, gern, en: Yes}",
        "e: 1",
        "e: 2",
    ]
    data, found = slips(tmp_path, "\n".join(lines))
    assert found == [
        (2, "quote_colon"),
        (3, "quote_start"),
        (5, "tab"),
        (6, "missing_colon"),
        (8, "inner_quote"),
        (9, "backslash"),
        (10, "bare_word"),
        (12, "duplicate_key"),
    ]
    assert data == {
        "a": {"de": "Auslöser: Wann?", "en": "*x*"},
        "b": {"de": "x", "en": None},
        "c": {"de": 'Er sagt "ja', "en": "C:\\q"},
        "d": {"de": "Ja", "en": "Yes"},
        "e": 1,
    }


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: {de: Worum geht es?, en: What?}\n", {"a": {"de": "Worum geht es?", "en": "What?"}}),
        ("a: {b: , c: 1}\n", {"a": {"b": None, "c": 1}}),
        ("a: no\non: x\n", {"a": "no", "on": "x"}),
        (
            "a: 08001\nb: 12:30:45\nc: 2026-03-12\nd: 1.10\n",
            {"a": "08001", "b": "12:30:45", "c": "2026-03-12", "d": "1.10"},
        ),
        ("a: >-\n  one: two\nb: |\n  *x*\n", {"a": "one: two", "b": "*x*\n"}),
        ('a: "one\n  two"\nb: x\n', {"a": "one two", "b": "x"}),
        ("a: [b, c d, e]\n", {"a": ["b", "c d", "e"]}),
        ("a: x # y\nb: x#y\n", {"a": "x", "b": "x#y"}),
    ],
)
def test_what_is_right_is_no_slip(text: str, data: object) -> None:
    assert parse(HERE, text).data == data


def test_a_comment_in_the_place_of_a_value_is_remembered() -> None:
    read = parse(HERE, "a:\n  channel: #it\nb: x #y\nc: '#z'\n")
    assert read.data == {"a": {"channel": None}, "b": "x", "c": "#z"}
    assert read.hashed == {2}


def test_in_a_large_file_the_first_slip_is_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(careful, "_MENDABLE", 10)
    assert slips(tmp_path, "a: b: c\nd: e: f\n") == (None, [(1, "quote_colon")])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    read, findings = survey(tmp_path / "no.yaml")
    assert read is None
    assert [one.code for one in findings] == ["missing_file"]


SIGNS = st.text("ab:\n -\"'{}[],*&!%@#|>\\\t`?", max_size=60)


@given(SIGNS)
@example("%YAML 9.0\n---\na: 1")
@example("- \x85*")
def test_no_text_stops_the_search_for_slips(text: str) -> None:
    read, findings = source._understood(HERE, text)
    assert read is not None or findings
    assert all(1 <= one.line <= text.count("\n") + 1 + text.count("\x85") for one in findings)
