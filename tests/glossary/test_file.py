"""A glossary file is read as it is meant, or every mistake of its form is named with line and mend."""

from pathlib import Path

import pytest

from bot.files.findings import FileBroken, Finding
from bot.glossary.file import draft_of, load
from bot.i18n import LANGUAGES, explain

ROOT = Path(__file__).parents[2]

HEAD = """\
version: 1
glossary:
  id: acme
  languages: [de, en]
  departments:
    sales:
      label: {de: Vertrieb, en: Sales}
      channels: {slack: [C1]}
"""
LEAD = """\
  lead:
    labels:
      de: {pref: Lead}
      en: {pref: Lead}
    status: proposed
    definition:
      de: Jemand mit Interesse.
      en: Somebody with an interest.
    criteria:
      - id: consent
        de: Einwilligung
        en: consent
    owner: user:anna
"""
SMALL = f"{HEAD}terms:\n{LEAD}"
MARK = "#!"


def written(folder: Path, text: str, name: str = "glossary.yaml") -> Path:
    """A file in the folder."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def mistakes(file: Path) -> list[Finding]:
    """What is wrong with the form of a file."""
    return draft_of(file).findings


def changed(old: str, new: str) -> str:
    """The small glossary with one change."""
    assert SMALL.count(old) == 1
    return SMALL.replace(old, new)


def only_mistake(folder: Path, old: str, new: str) -> Finding:
    """The one mistake of form after one change to the small glossary."""
    (finding,) = mistakes(written(folder, changed(old, new)))
    return finding


@pytest.mark.parametrize(
    ("file", "terms"), [("glossary.yaml", 40), ("tests/data/examples/glossary.yaml", 81)]
)
def test_the_shipped_glossary_and_the_example_load(file: str, terms: int) -> None:
    assert len(load(ROOT / file).terms) >= terms


@pytest.mark.parametrize("file", ["glossary.yaml", "tests/data/examples/glossary.yaml"])
def test_no_text_holds_a_character_that_nobody_typed(file: str) -> None:
    glossary = load(ROOT / file)
    spoilt = [id_ for id_, term in glossary.terms.items() if "\\u0007" in term.model_dump_json()]
    assert spoilt == []


def test_what_is_typed_is_what_is_loaded(tmp_path: Path) -> None:
    glossary = load(written(tmp_path, SMALL))
    lead = glossary.terms["lead"]
    assert glossary.glossary.languages == ["de", "en"]
    assert glossary.glossary.departments["sales"].channels == {"slack": ["C1"]}
    assert lead.definition["en"] == "Somebody with an interest."
    assert lead.criteria[0].text == {"de": "Einwilligung", "en": "consent"}
    assert lead.criteria[0].required


def test_norwegian_labels_and_dates_survive(tmp_path: Path) -> None:
    text = SMALL.replace("en: {pref: Lead}", "'no': {pref: no}\n      on: {pref: on}")
    lead = load(written(tmp_path, f"{text}    review_by: 2027-01-31\n")).terms["lead"]
    assert {language: names.pref for language, names in lead.labels.items()} == {
        "de": "Lead",
        "no": "no",
        "on": "on",
    }
    assert lead.review_by == "2027-01-31"


def test_a_broken_glossary_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(FileBroken) as caught:
        load(written(tmp_path, SMALL.replace("status: proposed", "status: propsed")))
    assert [(found.line, found.code) for found in caught.value.findings] == [(14, "not_one_of")]


def test_one_broken_term_does_not_hide_the_mistakes_of_others(tmp_path: Path) -> None:
    other = LEAD.replace("lead:", "rate:").replace("proposed", "open")
    text = SMALL.replace("owner: user:anna", "owner: anna") + other
    assert [(found.line, found.code) for found in mistakes(written(tmp_path, text))] == [
        (22, "bad_actor"),
        (27, "not_one_of"),
    ]


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just text\n"])
def test_a_file_that_is_no_glossary_is_told_what_is_expected(tmp_path: Path, text: str) -> None:
    assert [(found.line, found.code) for found in mistakes(written(tmp_path, text))] == [
        (1, "not_a_glossary")
    ]


DE_LABEL = "de: {pref: Lead}"
ADDED = "    owner: user:anna\n"  # the last line; what is added stands behind it
FORM = {
    "unknown key": ("unknown_key", ADDED, f"{ADDED}    colour: red #!\n"),
    "unknown key in a label": ("unknown_key", DE_LABEL, "de: {pref: Lead, plurl: Leads} #!"),
    "unknown key in a department": (
        "unknown_key",
        "      channels",
        "      chanels: {} #!\n      channels",
    ),
    "unknown key at the top": ("unknown_key", "version: 1\n", "version: 1\ninclde: [x.yaml] #!\n"),
    "language in upper case": (
        "unknown_key",
        "        en: consent",
        "        en: consent\n        DE: ja #!",
    ),
    # "not_text" (requird muss ein Text sein) instead of "unknown_key" (meintest du required)
    "misspelt flag": (
        "unknown_key",
        "      - id: consent",
        "      - id: consent\n        requird: false #!",
    ),
    "label without pref": ("missing_key", DE_LABEL, "de: {plural: Leads} #!"),
    "department without label": (
        "missing_key",
        "sales:\n      label: {de: Vertrieb, en: Sales}",
        "sales: #!",
    ),
    "criterion without id": ("missing_key", "id: consent\n        de: Einwilligung", "de: Einwilligung #!"),
    "wrong status": ("not_one_of", "proposed", "open #!"),
    "wrong gender": ("not_one_of", DE_LABEL, "de: {pref: Lead, gender: x} #!"),
    "wrong relation": (
        "not_one_of",
        ADDED,
        f"{ADDED}    senses:\n      - department: sales\n        relation: wider #!\n"
        "        definition: {de: Anfrage, en: enquiry}\n",
    ),
    "version of the future": ("not_one_of", "version: 1", "version: 2 #!"),
    "unknown channel": ("unknown_key", "{slack: [C1]}", "{slak: [C1]} #!"),
    "number for a text": ("not_text", "en: consent", "en: 5 #!"),
    "number for a label": ("not_text", DE_LABEL, "de: {pref: 404} #!"),
    "number for a date": ("not_text", ADDED, f"{ADDED}    review_by: 20270131 #!\n"),
    "id with capitals": ("bad_id", "id: acme", "id: Acme GmbH #!"),
    "criterion id with a space": ("bad_id", "id: consent", "id: has consent #!"),
    "department id with capitals": ("bad_id", "    sales:", "    Sales: #!"),
    "term id with capitals": ("bad_id", "  lead:", "  Lead One: #!"),
    "empty term id": ("bad_id", "  lead:", "  '': #!"),
    "owner without a kind": ("bad_actor", "user:anna", "anna #!"),
    "owner with another kind": ("bad_actor", "user:anna", "team:anna #!"),
    "approver without a kind": (
        "bad_actor",
        "      channels",
        "      approvers: [chiefs] #!\n      channels",
    ),
    "German date": ("bad_date", ADDED, f"{ADDED}    review_by: 31.1.2027 #!\n"),
    "no such day": ("bad_date", ADDED, f"{ADDED}    review_by: 2027-02-30 #!\n"),
    "address without https": ("bad_url", ADDED, f"{ADDED}    links: [{{system: CRM, url: crm.test}}] #!\n"),
    "script as address": (
        "bad_url",
        ADDED,
        f"{ADDED}    sources: [{{title: x, url: 'javascript:x'}}] #!\n",
    ),
    "long language": ("bad_language", DE_LABEL, "deu: {pref: Lead} #!"),
    "language as a word": ("bad_language", "[de, en]", "[de, english] #!"),
    "empty text": ("empty", "en: consent", "en: '' #!"),
    "only spaces": ("empty", "en: consent", "en: '  ' #!"),
    "empty label": ("empty", DE_LABEL, "de: {pref: ''} #!"),
    "no languages": ("nothing_inside", "[de, en]", "[] #!"),
    "no definition": (
        "nothing_inside",
        "definition:\n      de: Jemand mit Interesse.\n      en: Somebody with an interest.\n",
        "definition: {} #!\n",
    ),
    "nothing behind the colon": ("empty", "en: consent", 'en: ""  #!'),
    "a comment behind the colon": ("hash_comment", "en: consent", "en: #!"),
    "label of 121 letters": ("too_long", DE_LABEL, f"de: {{pref: {'x' * 121}}} #!"),
    "text for a mapping": ("wrong_shape", "{de: Vertrieb, en: Sales}", "Vertrieb #!"),
    "list for a mapping": ("wrong_shape", "{slack: [C1]}", "[C1] #!"),
    "text for a list": ("wrong_shape", ADDED, f"{ADDED}    tags: crm #!\n"),
    "mapping for a list": ("wrong_shape", "criteria:\n      - id", "criteria: #!\n        id"),
    "include without a list": ("wrong_shape", "version: 1", "version: 1\ninclude: terms/*.yaml #!"),
    "term as a text": ("wrong_shape", "terms:\n", "terms:\n  rate: share #!\n"),
    "term as a list": ("wrong_shape", "terms:\n", "terms:\n  rate: [share] #!\n"),
    "term without content": ("wrong_shape", "terms:\n", "terms:\n  rate: #!\n"),
}


@pytest.mark.parametrize(("code", "old", "new"), FORM.values(), ids=FORM)
def test_a_mistake_of_form_has_its_line_and_a_sentence(
    tmp_path: Path, code: str, old: str, new: str
) -> None:
    lines = changed(old, new).splitlines()
    finding = only_mistake(tmp_path, old, new)
    assert (finding.code, finding.severity) == (code, "error")
    assert MARK in lines[finding.line - 1]
    german, english = (explain(finding, language) for language in LANGUAGES)
    assert german != english


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("    status:", "    stauts:", "status"),
        ("  departments:", "  department:", "departments"),
        ("terms:\n", "trems:\n", "terms"),
        ("version: 1", "vesion: 1", "version"),
        ("proposed", "propsed", "proposed"),
        ("pref: Lead}\n      en", "perf: Lead}\n      en", "pref"),
        ("slack:", "slak:", "slack"),
        ("- id: consent", "- id: consent\n        chek: x", "check"),
        ("criteria:", "kriteria:", "criteria"),
        ("user:anna\n", "user:anna\n    kpi: {unts: x}\n", "unit"),
        ("user:anna\n", "user:anna\n    relations: {brouder: []}\n", "broader"),
        ("        de: Einwilligung", "        idd: x\n        de: Einwilligung", "id"),
        ("      - id: consent", "      - idd: consent", "id"),
    ],
)
def test_a_misspelt_word_is_answered_with_the_right_one(
    tmp_path: Path, old: str, new: str, meant: str
) -> None:
    hinted = [found for found in mistakes(written(tmp_path, changed(old, new))) if found.values.get("hint")]
    assert [found.values["hint"] for found in hinted] == [meant]
    assert f"Meintest du «{meant}»?" in explain(hinted[0], "de")
    assert f"Did you mean “{meant}”?" in explain(hinted[0], "en")


def test_what_has_no_near_word_gets_the_list_alone(tmp_path: Path) -> None:
    sentence = explain(only_mistake(tmp_path, "proposed", "xyz"), "de")
    assert "Meintest du" not in sentence
    assert "proposed, in_review, agreed, disputed, deprecated" in sentence


def test_a_missing_key_is_named_at_the_thing_that_lacks_it(tmp_path: Path) -> None:
    found = mistakes(written(tmp_path, f"{HEAD}terms:\n  lead:\n    status: proposed\n"))
    assert [(one.line, one.code, one.values["key"]) for one in found] == [
        (10, "missing_key", key) for key in ("labels", "definition", "owner")
    ]


def test_terms_as_a_list_are_told_their_shape(tmp_path: Path) -> None:
    (found,) = mistakes(written(tmp_path, f"{HEAD}terms:\n  - lead\n"))
    assert (found.line, found.code) == (9, "wrong_shape")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("proposed", "[proposed]"),
        (DE_LABEL, "de: {pref: true}"),
        (DE_LABEL, "de: {pref: [Lead]}"),
        (DE_LABEL, "de: {pref: {a: b}}"),
        ("status: proposed", "status:"),
    ],
)
def test_no_sentence_speaks_python(tmp_path: Path, old: str, new: str) -> None:
    sentence = explain(only_mistake(tmp_path, old, new), "de")
    assert not [word for word in ("None", "True", "False", "['", "{'") if word in sentence]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (ADDED, f"{ADDED}    version: zwei\n"),
        (ADDED, f"{ADDED}    version: 0\n"),
        ("- id: consent", "- id: consent\n        required: vielleicht"),
        (DE_LABEL, 'de: {pref: "\\ud800"}'),
    ],
)
def test_no_sentence_is_left_to_pydantic(tmp_path: Path, old: str, new: str) -> None:
    # "invalid": "Das passt hier nicht: Input should be …", English in a German sentence
    assert only_mistake(tmp_path, old, new).code != "invalid"


def test_an_item_of_a_list_is_named_by_its_list(tmp_path: Path) -> None:
    finding = only_mistake(tmp_path, ADDED, f"{ADDED}    tags: [crm, 5]\n")
    assert finding.values["key"] == "tags"


def test_a_wrong_channel_is_not_compared_with_itself(tmp_path: Path) -> None:
    assert explain(only_mistake(tmp_path, "slack:", "slak:"), "de").count("slak") == 1


def test_a_quoted_number_is_not_answered_with_itself(tmp_path: Path) -> None:
    finding = only_mistake(tmp_path, "version: 1", 'version: "1"')
    assert finding.values.get("hint", "") != finding.values["value"]


# include: a department keeps its terms in a file of its own


def term(id_: str) -> str:
    """One more term."""
    return LEAD.replace("lead:", f"{id_}:").replace("Lead", id_)


def including(folder: Path, *patterns: str) -> Path:
    """A glossary with one term of its own that includes others."""
    return written(folder, f"include: {list(patterns)}\n{SMALL}")


def test_one_file_per_term(tmp_path: Path) -> None:
    written(tmp_path, f"terms:\n{term('rate')}", "terms/rate.yaml")
    written(tmp_path, f"version: 1\nterms:\n{term('cost')}", "terms/cost.yaml")
    assert list(load(including(tmp_path, "terms/*.yaml")).terms) == ["lead", "cost", "rate"]


def test_files_are_included_by_name_and_at_any_depth(tmp_path: Path) -> None:
    written(tmp_path, f"terms:\n{term('rate')}", "rate.yaml")
    (tmp_path / "a").mkdir()
    written(tmp_path, f"terms:\n{term('cost')}", "a/b/cost.yaml")
    assert set(load(including(tmp_path, "rate.yaml", "a/**/*.yaml")).terms) == {"lead", "rate", "cost"}


def test_a_glossary_does_not_include_itself(tmp_path: Path) -> None:
    written(tmp_path, f"terms:\n{term('rate')}", "rate.yaml")
    assert set(load(including(tmp_path, "*.yaml")).terms) == {"lead", "rate"}


def test_patterns_may_overlap(tmp_path: Path) -> None:
    written(tmp_path, f"terms:\n{term('rate')}", "rate.yaml")
    assert mistakes(including(tmp_path, "rate.yaml", "r*.yaml")) == []


def test_a_mistake_is_shown_in_the_file_that_holds_it(tmp_path: Path) -> None:
    rate = written(tmp_path, f"terms:\n{term('rate').replace('proposed', 'open')}", "terms/rate.yaml")
    cost = written(tmp_path, "terms:\n  cost: [\n", "terms/cost.yaml")
    main = including(tmp_path, "terms/*.yaml")
    main.write_text(main.read_text().replace("user:anna", "anna"))
    assert [(found.file, found.line, found.code) for found in mistakes(main)] == [
        (main, 23, "bad_actor"),
        (cost, 2, "open_bracket"),
        (rate, 6, "not_one_of"),
    ]


def test_an_id_stands_in_one_file_only(tmp_path: Path) -> None:
    other = written(tmp_path, f"# ours\nterms:\n{LEAD}", "terms/lead.yaml")
    main = including(tmp_path, "terms/*.yaml")
    (found,) = mistakes(main)
    assert (found.file, found.line, found.code) == (other, 3, "same_id")
    assert found.values == {"term": "lead", "where": f"{main}:11"}


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("../other.yaml", "include_outside"),
        ("terms/../../other.yaml", "include_outside"),
        ("/etc/*.yaml", "include_outside"),
        ("terms/*.yaml", "include_nothing"),
        ("glossary.yaml", "include_nothing"),
        ("", "include_nothing"),
        ("a\0b", "include_nothing"),
        ("**x.yaml", "include_nothing"),
        (".", "include_nothing"),
    ],
)
def test_an_include_that_brings_nothing_is_said(tmp_path: Path, pattern: str, code: str) -> None:
    written(tmp_path.parent, "terms: {}\n", "other.yaml")
    (found,) = mistakes(including(tmp_path, pattern))
    assert (found.line, found.code) == (1, code)


def test_an_include_must_be_a_text(tmp_path: Path) -> None:
    codes = [(found.line, found.code) for found in mistakes(written(tmp_path, f"include: [5]\n{SMALL}"))]
    assert (1, "not_text") in codes


def test_a_folder_is_not_included(tmp_path: Path) -> None:
    folder = tmp_path / "terms"
    folder.mkdir()
    (found,) = mistakes(including(tmp_path, "terms"))
    assert (found.file, found.code) == (folder, "is_folder")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("- rate\n", 1),
        ("terms: {}\nglossary: {}\n", 2),
        ("terms: {}\n\ninclude: [more.yaml]\n", 3),
        ("terms: {}\na: x\nb: x\nc: x\nd: x\ne: x\nf: x\ng: x\nh: x\n", 2),
    ],
)
def test_an_included_file_holds_only_terms(tmp_path: Path, text: str, line: int) -> None:
    other = written(tmp_path, text, "other.yaml")
    found = mistakes(including(tmp_path, "other.yaml"))[0]
    assert (found.file, found.line, found.code) == (other, line, "include_only_terms")
