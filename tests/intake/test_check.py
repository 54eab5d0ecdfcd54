"""Every mistake that the folder of flows can hold is found, on its line, in a sentence that helps."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.files.findings import FileBroken, Finding
from bot.i18n import LANGUAGES, explain
from bot.intake.check import WARNINGS, Known, check, check_landscape_file, digest
from bot.intake.file import load
from bot.intake.lists import load_lists
from tests.conftest import DATA, ROOT
from tests.intake.folders import (
    CLEAN,
    FLOW,
    KNOWN,
    LANDSCAPE,
    OTHER,
    TODAY,
    changed,
    found,
    marked,
    written,
)
from tests.intake.mistakes import MISTAKES
from tests.intake.others import OTHERS

EXAMPLES = DATA / "examples" / "intake_flows"
SEEDED = DATA / "intake_seeded"
SHAPES = {"wrong_shape", "nothing_inside", "not_scalar"}  # say what is wanted, not what stands there
NEUTRAL = FLOW.replace("languages: [de, en]", "languages: [de, en]\naddress: neutral")


def places(findings: list[Finding]) -> list[tuple[str, int, str]]:
    """File, line and code of each finding."""
    return [(one.file.name, one.line, one.code) for one in findings]


def test_the_clean_folder_is_clean(tmp_path: Path) -> None:
    assert found(tmp_path) == []


@pytest.mark.parametrize(("code", "old", "new"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_found_on_its_line(tmp_path: Path, code: str, old: str, new: str) -> None:
    text, lines = marked(changed(FLOW, old, new))
    findings = found(tmp_path, wish=text)
    assert places(findings) == [("wish.yaml", *lines, code)]
    assert findings[0].severity == ("warning" if code in WARNINGS else "error")


@pytest.mark.parametrize(("code", "old", "new"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_said_in_both_languages(tmp_path: Path, code: str, old: str, new: str) -> None:
    text, _ = marked(changed(FLOW, old, new))
    (finding,) = found(tmp_path, wish=text)
    german, english = (explain(finding, language) for language in LANGUAGES)
    assert german != english
    values = [finding.values.get("hint", ""), "" if code in SHAPES else finding.values.get("value", "")]
    assert [value for value in values if value not in german or value not in english] == []


@pytest.mark.parametrize(("file", "code", "old", "new"), OTHERS.values(), ids=OTHERS.keys())
def test_a_mistake_in_another_file(tmp_path: Path, file: str, code: str, old: str, new: str) -> None:
    text, lines = marked(changed(CLEAN[f"{file}.yaml"], old, new))
    findings = found(tmp_path, **{file: text})
    assert places(findings) == [(f"{file}.yaml", *lines, code)]
    assert findings[0].severity == ("warning" if code in WARNINGS else "error")
    assert explain(findings[0], "de") != explain(findings[0], "en")


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("required: true", "requierd: true", "required"),
        ("type: textarea", "type: textaera", "textarea"),
        ("tool: decided\n", "tool: decidet\n", "decided"),
        ("route: fast", "route: fsat", "fast"),
        ("fallback: wish", "fallback: wihs", "wish"),
        ("unknown_goes_to: role:it", "unknown_goes_to: role:itt", "role:it"),
        ("{more_than: 0}", "{more_then: 0}", "more_than"),
        ("command: /request", "command: /requst", "/request"),
    ],
)
def test_what_was_probably_meant_is_asked(tmp_path: Path, old: str, new: str, meant: str) -> None:
    (finding,) = found(tmp_path, wish=changed(FLOW, old, new))
    assert f"Meintest du «{meant}»?" in explain(finding, "de")
    assert f"Did you mean “{meant}”?" in explain(finding, "en")


def test_who_speaks_neutrally_says_du_nowhere(tmp_path: Path) -> None:
    text = changed(NEUTRAL, '"Was fehlt?", en: "What do you want?"}', '"Und ihr? Euch?", en: "x"}§')
    text, lines = marked(changed(text, "Was fliesst?", "§Was fliesst bei dir?"))
    assert [(one.line, one.code, one.values["word"]) for one in found(tmp_path, wish=text)] == [
        (lines[0], "says_du", "Euch"),
        (lines[1], "no_neutral", "dir"),
    ]


@pytest.mark.parametrize("word", ["Duell", "Studie", "Indien", "dirigieren", "Euchner"])
def test_what_only_looks_like_du_is_allowed(tmp_path: Path, word: str) -> None:
    assert found(tmp_path, wish=changed(NEUTRAL, "Was fliesst?", f"Was fliesst: {word}?")) == []


def test_one_mistake_hides_no_other(tmp_path: Path) -> None:
    text = changed(FLOW, "required: true", "requierd: true§")
    text = changed(text, '{de: "Beschlossen", en: "Decided"}', "{de: Fest, bestellt, en: Decided}§")
    text = changed(text, "min: 1\n", "min: one§\n        min: 2§\n")
    text = changed(
        text,
        'label: {de: "Wer entscheidet?", en: "Who decides?"}',
        "label:\n          en: x\n          de: Wer: du?§",
    )
    text, lines = marked(changed(text, "tool: decided\n", "tool: decidet§\n"))
    assert [(one.line, one.code) for one in found(tmp_path, wish=text)] == [
        (lines[0], "unknown_key"),
        (lines[1], "bare_word"),
        (lines[2], "bad_bound_number"),
        (lines[3], "duplicate_key"),
        (lines[4], "quote_colon"),
        (lines[5], "unknown_option"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: data\nversion", "id: wish\nversion", ("data.yaml", 2, "same_flow")),
        ('keywords: {de: ["daten"], en: ["data"]}\n', "", ("wish.yaml", 6, "two_defaults")),
        ('["daten"]', '["daten", "Daten"]', ("data.yaml", 7, "twice")),
        (', en: ["data"]}', "}", ("data.yaml", 7, "text_missing")),
        ('["daten"]', '["daten:"]', ("data.yaml", 7, "bad_keyword")),
        ('["daten"]', '["Status"]', ("data.yaml", 7, "own_keyword")),
        ("        prefill: command_text\n", "", ("data.yaml", 8, "no_wish")),
    ],
)
def test_a_second_flow(tmp_path: Path, old: str, new: str, expected: tuple[str, int, str]) -> None:
    assert places(found(tmp_path, data=changed(OTHER, old, new))) == [expected]


def test_a_keyword_belongs_to_one_flow(tmp_path: Path) -> None:
    third = (
        OTHER.replace("id: data", "id: third").replace('"daten"', '"dritte"').replace('"data"]', '"DATA"]')
    )
    (finding,) = found(tmp_path, third=third)
    assert (finding.file.name, finding.code, finding.values["other"]) == (
        "third.yaml",
        "same_keyword",
        "data",
    )


def test_without_a_default_free_text_leads_to_a_question(tmp_path: Path) -> None:
    keywords = 'keywords: {de: ["vorhaben"], en: ["project"]}\n'
    (finding,) = found(tmp_path, wish=FLOW.replace("steps:\n", f"{keywords}steps:\n"))
    assert (finding.code, finding.severity) == ("no_default", "warning")


def test_a_flow_alone_may_have_keywords(tmp_path: Path) -> None:
    assert found(tmp_path, wish="") == []


def test_a_folder_without_flows(tmp_path: Path) -> None:
    assert places(found(tmp_path, wish="", data="")) == [(tmp_path.name, 1, "no_flows")]


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert places(check(tmp_path / "no", TODAY)) == [("no", 1, "missing_folder")]


@pytest.mark.parametrize("text", ["a: 1\n", "- a\n", "", "just a text\n"])
def test_a_file_that_is_nothing_of_ours_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "extra.yaml").write_text(text)
    (finding,) = found(tmp_path)
    assert (finding.file.name, finding.code, finding.severity) == ("extra.yaml", "not_a_flow", "warning")


@pytest.mark.parametrize("name", ["steps", "routing", "ticket", "command"])
def test_half_a_flow_is_a_flow(tmp_path: Path, name: str) -> None:
    codes = {one.code for one in found(tmp_path, extra=f"{name}: x\n")}
    assert {"missing_key"} <= codes
    assert "not_a_flow" not in codes


def test_files_that_are_not_there_are_not_missed(tmp_path: Path) -> None:
    flow = changed(FLOW, "connectors: [jira]", "connectors: []")
    others = dict.fromkeys(("landscape", "capabilities", "roles", "connectors"), "")
    assert found(tmp_path, wish=flow, **others) == []


@pytest.mark.parametrize("text", ["schema: 1\nconnectors:\n", "schema: 1\n", "", "connectors: []\n"])
def test_a_connector_that_is_switched_off_is_a_remark(tmp_path: Path, text: str) -> None:
    (finding,) = found(tmp_path, connectors=text)
    assert (finding.code, finding.severity, finding.values["name"]) == ("no_connector", "warning", "jira")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("default: requester", "default: role:it"),
        ("min: start\n", 'min: start\n        default: "2027-03-31"\n'),
        ("min: 1\n", "min: 1\n        default: 500\n"),
        ("max_length: 1500\n", 'max_length: 4\n        default: "abcd"\n'),
        ("CH-ZH", "CH"),
        ("CH-ZH", "DE-BY"),
        ("CH-ZH", "AT-9"),
        ("CH-ZH", "AT-W"),
        ('"08:00-17:00"', '"08:00-24:00"'),
    ],
)
def test_what_holds_later_too_is_no_mistake(tmp_path: Path, old: str, new: str) -> None:
    assert found(tmp_path, wish=changed(FLOW, old, new)) == []


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ("nam,category,aliases,ambiguous,ambiguous_aliases\n", (1, "product_columns")),
        ("\nHubSpot,crn,,,\n", (2, "product_category")),
        ("\nSalesforce,crm,,,\nHubSpot,crm,,maybe,\n", (3, "product_ambiguous")),
        ("\nHubSpot,crm,,\n", (2, "product_cells")),
        ("\nHubSpot,crm,,,\nhub-spot,crm,,,\n", (3, "product_twice")),
    ],
)
@pytest.mark.parametrize("name", ["products.csv", "products_ours.csv"])
def test_a_list_of_products_that_stops_the_start_is_a_mistake(
    tmp_path: Path, name: str, rows: str, place: tuple[int, str]
) -> None:
    head = "name,category,aliases,ambiguous,ambiguous_aliases"
    (tmp_path / "products.csv").write_text(f"{head}\nTrello,crm,,,\n", "utf-8")
    (tmp_path / name).write_text(rows if rows.startswith("nam,") else head + rows, "utf-8")
    assert places(found(tmp_path)) == [(name, *place)]
    with pytest.raises(FileBroken):
        load_lists(tmp_path)


def test_products_need_their_capabilities(tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text(
        "name,category,aliases,ambiguous,ambiguous_aliases\nTrello,x,,,\n", "utf-8"
    )
    landscape = LANDSCAPE.replace("    capabilities: [crm]\n", "")
    findings = found(tmp_path, capabilities="", landscape=landscape)
    assert places(findings) == [("capabilities.yaml", 1, "products_alone")]
    broken = found(tmp_path, capabilities="schema: 1\ncapabilites: {}\n", landscape=landscape)
    assert {one.code for one in broken} == {"unknown_key", "missing_key"}


def test_a_changed_flow_has_a_new_version(tmp_path: Path) -> None:
    folder = written(tmp_path)
    flow = load(folder).flows["wish"]
    same, older = (flow.version, digest(flow)), (flow.version, "other")
    assert check(folder, TODAY, Known(published={"wish": same})) == []
    (finding,) = check(folder, TODAY, Known(published={"wish": older}))
    assert (finding.code, finding.line, finding.values["next"]) == ("version_not_raised", 3, "4")
    assert check(folder, TODAY, Known(published={"wish": (2, "other")})) == []
    assert [one.code for one in check(folder, TODAY, Known(published={"wish": (9, "x")}))] == [
        "version_not_raised"
    ]


def test_the_version_alone_changes_no_digest(tmp_path: Path) -> None:
    flow = load(written(tmp_path)).flows["wish"]
    assert digest(flow) == digest(flow.model_copy(update={"version": 9}))
    assert digest(flow) != digest(flow.model_copy(update={"address": "neutral"}))


def test_a_landscape_is_checked_alone(tmp_path: Path) -> None:
    folder = written(tmp_path, wish="steps: [\n", landscape=LANDSCAPE.replace("[crm]", "[crn]"))
    findings = check_landscape_file(folder / "landscape.yaml", TODAY)
    assert places(findings) == [("landscape.yaml", 9, "unknown_capability")]


def test_a_landscape_that_does_not_exist(tmp_path: Path) -> None:
    assert places(check_landscape_file(tmp_path / "no.yaml", TODAY)) == [
        ("no.yaml", 1, "missing_landscape")
    ]


def test_the_examples_are_right() -> None:
    findings = check(EXAMPLES, TODAY)
    assert [(one.code, one.severity) for one in findings] == [("no_connector", "warning")] * 2


def test_thirty_mistakes_in_one_file_are_all_found_and_nothing_else(tmp_path: Path) -> None:
    seeded = tmp_path / "marketing_request.yaml"
    for file in [*EXAMPLES.glob("*.yaml"), ROOT / "intake_flows" / "roles.yaml", *SEEDED.glob("*.yaml")]:
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    lines = enumerate(seeded.read_text("utf-8").splitlines(), 1)
    expected = {(number, mark[1]) for number, line in lines if (mark := re.search(r"#! (\w+)$", line))}
    findings = [one for one in check(tmp_path, TODAY) if one.file == seeded and one.code != "no_connector"]
    assert len(expected) >= 30
    assert {(one.line, one.code) for one in findings} == expected


EDITS: list[Any] = [
    None,
    True,
    7,
    "",
    "x",
    "role:x",
    "{wish}",
    [],
    ["x"],
    [[]],
    {},
    {"x": "y"},
    {"de": 1},
    [{"id": "x"}],
]


def paths(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of a file."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else []
    return [at, *(way for key, value in inner for way in paths(value, (*at, key)))]


PARSED = {name: YAML(typ="safe", pure=True).load(text) for name, text in CLEAN.items()}
WAYS = [(name, way) for name, data in PARSED.items() for way in paths(data) if way]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.tuples(st.sampled_from(WAYS), st.sampled_from(EDITS)), min_size=1, max_size=3))
def test_no_edit_makes_the_check_fail(tmp_path: Path, edits: list[tuple[tuple[str, Any], Any]]) -> None:
    fresh = copy.deepcopy(PARSED)
    for (name, way), value in edits:
        inside = fresh[name]
        for key in way[:-1]:
            try:
                inside = inside[key]
            except (KeyError, IndexError, TypeError):
                break
        if isinstance(inside, dict | list) and (isinstance(inside, dict) or isinstance(way[-1], int)):
            try:
                inside[way[-1]] = value
            except IndexError:
                continue
    for name, data in fresh.items():
        (tmp_path / name).write_text(json.dumps(data, indent=1), "utf-8")  # JSON is YAML
    for finding in check(tmp_path, TODAY, KNOWN):
        assert all(explain(finding, language) for language in LANGUAGES)
        assert finding.line >= 1
