"""The quick way says what the careful reader says, or nothing."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.files.careful import carefully
from bot.files.quick import quickly

ROOT = Path(__file__).parents[2]
FILES = [
    file
    for folder in ("bot", "intake_flows", "tests/data/examples", "deploy")
    for file in sorted((ROOT / folder).rglob("*.yaml"))
]

LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "  ", "    ", "- ", "  - ", "    - ", "- - "]),
        st.sampled_from(["", "a: ", "b:", "c: ", '"d": ', "e : ", "? f", ": "]),
        st.sampled_from(
            [
                "",
                "x",
                "x y",
                "12",
                "no",
                "~",
                "|",
                ">-",
                "|+",
                '"q',
                'r"',
                '"s"',
                "'t'",
                "u: v",
                "w # x",
                "#y",
            ]
        )
        | st.text("ab:\n -\"'{}[],&*!%@#|>\\`?", max_size=12),
    ).map("".join),
    max_size=8,
).map("\n".join)
SIGNS = st.text("ab1:\n -\"'{}[],*&!%@#|>\\~é🙂\x7f\xa0?", max_size=60)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_files_as_people_write_them(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert quickly(text) == carefully(file, text)[1]


@settings(max_examples=300)
@given(LINES | SIGNS)
@example("a: {b}")
@example("|#")
@example("a: 1\na: 2")
@example("a: &x 1")
@example("a: !x 1")
@example("? [b]\n: 1")
@example("a\x85b: 1")
@example("[" * 50 + "]" * 50)
@example("--- a\n--- b")
@example("\ud800")
@example("- \n- a\n-\n")
def test_both_agree_or_the_careful_one_decides(text: str) -> None:
    if (quick := quickly(text)) is not None:
        mended, careful, findings = carefully(Path("any.yaml"), text)
        assert (mended, careful, findings) == (text, quick, [])


@pytest.mark.parametrize(
    "text", ["a: \tb", "%YAML 1.1\n---\na: 1", "a: {b}", "a: *b", "- " * 60 + "a", "{"]
)
def test_what_is_odd_is_left_to_the_careful_one(text: str) -> None:
    assert quickly(text) is None
