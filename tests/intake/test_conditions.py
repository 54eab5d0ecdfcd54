"""Conditions: what holds for an answer, for several, for none, and for "I do not know yet"."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.intake.conditions import UNKNOWN, Answer, Comparison, Fact, holds

NOTHING = [None, "", (), UNKNOWN, (UNKNOWN,)]


def compare(raw: Any) -> Comparison:
    """A comparison as the file has it."""
    return Comparison.model_validate(raw)


@pytest.mark.parametrize(
    ("raw", "value", "expected"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("a", "A", False),
        (["a", "b"], "b", True),
        (["a", "b"], "c", False),
        ({"not": "a"}, "b", True),
        ({"not": "a"}, "a", False),
        ({"one_of": ["a"]}, "a", True),
        (5, "5", True),
        ({"includes": "a"}, ("a", "b"), True),
        ({"includes": "c"}, ("a", "b"), False),
        ({"includes": "a"}, "a", True),
        ({"includes": "a"}, "ab", False),
        ({"excludes": "a"}, ("b", "c"), True),
        ({"excludes": "a"}, ("a", "c"), False),
        ({"excludes": ["a", "b"]}, ("c",), True),
        ({"excludes": ["a", "b"]}, ("c", "b"), False),
        ({"more_than": 1}, ("a", "b"), True),
        ({"more_than": 2}, ("a", "b"), False),
        ({"less_than": 3}, ("a", "b"), True),
        ({"more_than": 1.5}, "2", True),
        ({"more_than": 1.5}, "1,4", False),
        ({"less_than": 2}, "1,5", True),
        ({"more_than": 0}, "many", False),
        ({"less_than": 9}, "few", False),
        ({"answered": True}, "a", True),
        ({"answered": False}, "a", False),
        ({"answered": True, "excludes": "none"}, ("none",), False),
        ({"answered": True, "excludes": "none"}, ("a",), True),
        (True, True, True),
        (True, False, False),
        (False, False, True),
        (True, "text", True),
        ("a", True, False),
        ("True", True, False),
    ],
)
def test_what_holds(raw: Any, value: Answer | Fact, expected: bool) -> None:
    assert compare(raw).holds(value) is expected


@pytest.mark.parametrize("value", NOTHING)
@pytest.mark.parametrize("raw", ["a", ["a"], {"includes": "a"}, {"more_than": 0}, {"answered": True}, True])
def test_nothing_equals_nothing(raw: Any, value: Answer | Fact) -> None:
    assert not compare(raw).holds(value)


def test_an_empty_list_has_no_entries() -> None:
    assert compare({"less_than": 1}).holds(())
    assert not compare({"more_than": 0}).holds(())


@pytest.mark.parametrize("value", NOTHING)
@pytest.mark.parametrize("raw", [{"not": "a"}, {"excludes": "a"}, {"answered": False}])
def test_what_is_not_said_is_not_that(raw: Any, value: Answer | Fact) -> None:
    assert compare(raw).holds(value)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {"is": None, "x": 1},
        [],
        {"one_of": []},
        {"more_than": "many"},
        {"more_than": True},
        {"more_than": "nan"},
        {"excludes": [["a"]]},
        [["a"]],
    ],
)
def test_what_is_no_comparison(raw: Any) -> None:
    with pytest.raises(ValidationError):
        compare(raw)


def test_all_lines_must_hold() -> None:
    condition = {"tool": compare("idea"), "kinds": compare({"includes": "a"})}
    assert holds(condition, {"tool": "idea", "kinds": ("a",)})
    assert not holds(condition, {"tool": "idea", "kinds": ("b",)})
    assert not holds(condition, {"kinds": ("a",)})
    assert holds(None, {})
    assert holds({}, {})


WORDS = st.sampled_from(["a", "b", "c", "d"])


@given(chosen=st.lists(WORDS, unique=True).map(tuple), left_out=st.lists(WORDS, min_size=1))
def test_excludes_is_the_opposite_of_includes(chosen: tuple[str, ...], left_out: list[str]) -> None:
    included = any(compare({"includes": one}).holds(chosen) for one in left_out)
    assert compare({"excludes": left_out}).holds(chosen) is not included


@given(raw=st.dictionaries(st.sampled_from(["is", "not", "includes", "excludes"]), WORDS), value=WORDS)
def test_every_value_that_is_compared_with_is_named(raw: dict[str, str], value: str) -> None:
    assert sorted(map(str, compare(raw).literals())) == sorted(raw.values())
    assert compare(raw).holds(value) is all(compare({key: word}).holds(value) for key, word in raw.items())
