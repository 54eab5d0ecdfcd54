"""Every mistake of content that a glossary can hold is found, on its line, in a sentence that helps."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.files.findings import Finding
from bot.glossary.check import check
from bot.i18n import LANGUAGES, explain

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 11, 22)
MARK = "#!"  # stands on the lines where a mistake is expected

CLEAN = """\
version: 1
glossary:
  id: acme
  languages: [de, en]
  departments:
    sales:
      label: {de: Vertrieb, en: Sales}
      channels: {slack: [C1]}
      approvers: ["group:chiefs"]
    it:
      label: {de: IT, en: IT}
      channels: {slack: [C2]}
      parent: sales
terms:
  lead:
    labels:
      de: {pref: Lead, plural: Leads, avoid: [{label: Adresse}]}
      en: {pref: Lead}
    status: agreed
    definition: {de: Jemand mit Interesse., en: Somebody with an interest.}
    criteria:
      - {id: consent, de: Einwilligung, en: consent}
    senses:
      - department: sales
        relation: narrower
        definition: {de: Anfrage, en: enquiry}
        owner: user:anna
    relations: {related: [rate]}
    sla:
      - {id: answer, from: sales, to: it, de: am selben Tag, en: the same day, threshold: 1 day}
    owner: user:anna
    approved:
      sales: {by: user:anna, date: 2026-05-01}
    review_by: 2027-01-31
    tags: [crm]
  rate:
    kind: kpi
    labels:
      de: {pref: Quote, abbr: [CR]}
      en: {pref: Rate, abbr: [CR]}
    status: proposed
    definition: {de: Anteil, en: share}
    kpi:
      formula: {de: a durch b, en: a by b}
      unit: "%"
      source: {system: CRM}
      owner: user:anna
      numerator: lead
    owner: user:anna
"""
RELATED = "relations: {related: [rate]}"
SENSE = "        relation: narrower\n"
RATE = "de: {pref: Quote, abbr: [CR]}"
APPROVED = "sales: {by: user:anna, date: 2026-05-01}"
ADVICE = "avoid: [{label: Adresse}]}"
PROMISE = "from: sales, to: it, de: am selben Tag, en: the same day, threshold: 1 day}"

# what is wrong: (code, what stands in the clean glossary, what stands there instead)
MISTAKES = {
    "a label is missing in a language": (
        "no_label",
        "labels:\n      de: {pref: Quote, abbr: [CR]}\n",
        "labels: #!\n",
    ),
    "a definition is missing in a language": ("no_text", "{de: Anteil, en: share}", "{de: Anteil} #!"),
    "a sense is missing in a language": ("no_text", "{de: Anfrage, en: enquiry}", "{de: Anfrage} #!"),
    "a criterion is missing in a language": (
        "no_text",
        "consent, de: Einwilligung, en: consent}",
        "consent, de: x} #!",
    ),
    "a promise is missing in a language": (
        "no_text",
        PROMISE,
        "from: sales, to: it, de: x, threshold: y} #!",
    ),
    "a formula is missing in a language": ("no_text", "{de: a durch b, en: a by b}", "{de: a durch b} #!"),
    "an example is missing in a language": (
        "no_text",
        "    tags: [crm]",
        "    examples:\n      - {en: x} #!",
    ),
    "a difference is missing in a language": (
        "no_text",
        RELATED,
        "relations:\n      confused_with:\n        - {term: rate, de: x} #!",
    ),
    "a language that is not the glossary's": ("other_language", "en: share}", "en: share, fr: part} #!"),
    "a label in another language": ("other_language", RATE, f"{RATE}\n      fr: {{pref: Taux}} #!"),
    "an unknown related term": ("unknown_term", RELATED, "relations: {related: [raet]} #!"),
    "an unknown confused term": ("unknown_term", RELATED, "relations: {confused_with: [{term: raet}]} #!"),
    "an unknown metric of a promise": (
        "unknown_term",
        "threshold: 1 day}",
        "threshold: 1 day, metric: raet} #!",
    ),
    "an unknown numerator": ("unknown_term", "numerator: lead", "numerator: leed #!"),
    "an unknown denominator": ("unknown_term", "numerator: lead", "denominator: leed #!"),
    "an unknown better word": ("unknown_term", ADVICE, "avoid: [{label: Adresse, use: adress}]} #!"),
    "an unknown heir": ("unknown_term", "status: proposed", "status: deprecated\n    replaced_by: leed #!"),
    "a term related to itself": ("names_itself", RELATED, "relations: {related: [lead]} #!"),
    "a term replaced by itself": (
        "names_itself",
        "status: proposed",
        "status: deprecated\n    replaced_by: rate #!",
    ),
    "an unknown department of a sense": (
        "unknown_department",
        "- department: sales",
        "- department: slaes #!",
    ),
    "an unknown department of an approval": (
        "unknown_department",
        APPROVED,
        "slaes: {by: user:anna, date: 2026-05-01} #!",
    ),
    "an unknown giver of a promise": (
        "unknown_department",
        PROMISE,
        PROMISE.replace("sales", "slaes") + " #!",
    ),
    "an unknown taker of a promise": (
        "unknown_department",
        PROMISE,
        PROMISE.replace("it,", "itt,") + " #!",
    ),
    "an unknown department of a term": ("unknown_department", "tags: [crm]", "departments: [slaes] #!"),
    "an unknown department in visibility": ("unknown_department", "tags: [crm]", "visibility: [slaes] #!"),
    "an unknown parent": ("unknown_department", "parent: sales", "parent: slaes #!"),
    "a label that is another's avoided word": ("avoided_label", ADVICE, "avoid: [{label: quote}]} #!"),
    "an avoided word that points elsewhere": (
        "avoided_label",
        ADVICE,
        "avoid: [{label: Quote, use: lead}]} #!",
    ),
    "a word that is its own term's avoided word": ("avoided_label", ADVICE, "avoid: [{label: Leads}]} #!"),
    "deprecated without an heir": ("no_heir", "status: proposed", "status: deprecated #!"),
    "a KPI without its figures": (
        "no_kpi",
        "    status: agreed\n",
        "    status: agreed\n    kind: kpi #!\n",
    ),
    "a KPI without a formula": (
        "missing_key",
        "kpi:\n      formula: {de: a durch b, en: a by b}",
        "kpi: #!",
    ),
    "disputed without an objection": ("no_objection", "status: proposed", "status: disputed #!"),
    "a disputed sense without an objection": ("no_objection", SENSE, "        status: disputed #!\n"),
    "two senses of one department": (
        "repeated",
        "        owner: user:anna\n    relations",
        "        owner: user:anna\n"
        "      - department: sales #!\n        definition: {de: x, en: y}\n    relations",
    ),
    "two criteria with one id": (
        "repeated",
        "en: consent}\n",
        "en: consent}\n      - {id: consent, de: x, en: y} #!\n",
    ),
    "two promises with one id": (
        "repeated",
        "1 day}\n",
        "1 day}\n      - {id: answer, from: it, to: sales, de: x, en: y, threshold: z} #!\n",
    ),
    "a channel of two departments": ("same_channel", "{slack: [C2]}", "{slack: [C1]} #!"),
    "a term above itself": (
        "circle",
        RELATED,
        "relations:\n      broader: [rate] #!\n      narrower: [rate]",
    ),
    "a part of itself": ("circle", RELATED, "relations:\n      part_of: [rate] #!\n      has_part: [rate]"),
    "agreed without an approval": ("no_approval", "proposed\n", "agreed #!\n"),
    "a review of yesterday": ("late_review", "2027-01-31", "2026-11-21 #!"),
    "an open bracket": (
        "open_bracket",
        "{de: Anteil, en: share}",
        "{de: Anteil, en: share #!\n    relations: {}",
    ),
    "a tab": ("tab", "    kind: kpi", "\tkind: kpi #!"),
    "a key that stands twice": ("duplicate_key", "    kind: kpi", "    kind: kpi\n    kind: kpi #!"),
    "an anchor": ("anchor", "kind: kpi", "kind: &x kpi #!\n    tags: [*x]"),
    "a misspelt key": ("unknown_key", "tags: [crm]", "tgas: [crm] #!"),
    "a misspelt status": ("not_one_of", "proposed", "propsed #!"),
    "a file that does not exist": (
        "include_nothing",
        "version: 1",
        "version: 1\ninclude: [terms/*.yaml] #!",
    ),
    "a file outside": ("include_outside", "version: 1", "version: 1\ninclude: [../more.yaml] #!"),
}
WARNINGS = {"late_review", "no_approval"}


def written(folder: Path, text: str, name: str = "glossary.yaml") -> Path:
    """A file in the folder."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def changed(old: str, new: str) -> str:
    """The clean glossary with one change."""
    assert CLEAN.count(old) == 1
    return CLEAN.replace(old, new)


def marked(text: str) -> list[int]:
    """The lines where a mistake is expected."""
    return [number for number, line in enumerate(text.splitlines(), 1) if MARK in line]


def found(folder: Path, text: str) -> list[Finding]:
    """What is wrong with a glossary of one file."""
    return check(written(folder, text), TODAY)


def places(findings: list[Finding]) -> list[tuple[int, str]]:
    """Line and code of each finding."""
    return [(finding.line, finding.code) for finding in findings]


def test_a_clean_glossary_has_no_findings(tmp_path: Path) -> None:
    assert found(tmp_path, CLEAN) == []


@pytest.mark.parametrize("file", ["glossary.yaml", "tests/data/examples/glossary.yaml"])
def test_the_shipped_glossary_and_the_example_pass(file: str) -> None:
    assert [finding for finding in check(ROOT / file, TODAY) if finding.severity == "error"] == []


@pytest.mark.parametrize(("code", "old", "new"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_found_on_its_line_and_said_in_both_languages(
    tmp_path: Path, code: str, old: str, new: str
) -> None:
    text = changed(old, new)
    (finding,) = found(tmp_path, text)
    assert (finding.code, [finding.line]) == (code, marked(text))
    assert finding.severity == ("warning" if code in WARNINGS else "error")
    german, english = (explain(finding, language) for language in LANGUAGES)
    assert german != english
    assert "{" not in german + english
    for shown in (finding.values.get("value", ""), finding.values.get("hint", "")):
        assert shown in german
        assert shown in english


@pytest.mark.parametrize(
    ("old", "new"),
    [("{de: IT, en: IT}", "{de: IT} #!"), ("  id: acme", "  id: acme\n  title: {de: Glossar} #!")],
)
def test_the_head_speaks_every_language_too(tmp_path: Path, old: str, new: str) -> None:
    text = changed(old, new)
    assert [finding.line for finding in found(tmp_path, text)] == marked(text)


def test_an_objection_says_something(tmp_path: Path) -> None:
    # (minProperties: 3), and so does the sentence of no_objection ("mit raised_by, date und Text")
    text = changed(SENSE, "        objection: {raised_by: user:anna, date: 2026-09-01} #!\n")
    assert {finding.line for finding in found(tmp_path, text)} == set(marked(text))


def test_a_difference_may_stay_without_a_sentence(tmp_path: Path) -> None:
    assert found(tmp_path, changed(RELATED, "relations: {confused_with: [{term: rate}]}")) == []


@pytest.mark.parametrize("relation", ["related", "broader", "has_part", "confused_with"])
def test_who_names_itself_learns_where(tmp_path: Path, relation: str) -> None:
    itself = "[{term: lead}]" if relation == "confused_with" else "[lead]"
    (finding,) = found(tmp_path, changed(RELATED, f"relations: {{{relation}: {itself}}}"))
    assert (finding.code, finding.values["key"]) == ("names_itself", relation)


def test_a_review_is_not_late_on_its_day(tmp_path: Path) -> None:
    assert found(tmp_path, changed("2027-01-31", TODAY.isoformat())) == []


@pytest.mark.parametrize(
    ("status", "codes"),
    [
        ("status: deprecated", ["no_heir"]),
        ("status: deprecated\n    replaced_by: lead", []),
        ("status: disputed", ["no_objection"]),
        ("status: in_review", []),
        ("status: agreed", ["no_approval"]),
        ("status: agreed\n    approved: {it: {by: user:anna, date: 2026-05-01}}", []),
    ],
)
def test_what_a_status_promises(tmp_path: Path, status: str, codes: list[str]) -> None:
    assert [finding.code for finding in found(tmp_path, changed("status: proposed", status))] == codes


def test_a_dispute_needs_one_objection(tmp_path: Path) -> None:
    objection = "{raised_by: user:anna, date: 2026-09-01, de: nein, en: no}"
    text = changed(SENSE, f"        status: disputed\n        objection: {objection}\n")
    assert found(tmp_path, text.replace("status: agreed", "status: disputed")) == []


def test_the_same_finding_is_reported_once(tmp_path: Path) -> None:
    findings = found(tmp_path, changed(RELATED, "relations: {related: [raet, raet], part_of: [raet]}"))
    assert [finding.code for finding in findings] == ["unknown_term"]


def test_findings_come_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = CLEAN.replace("numerator: lead", "numerator: leed").replace("proposed", "deprecated")
    text = text.replace("related: [rate]", "related: [raet]").replace("{slack: [C2]}", "{slack: [C1]}")
    assert [finding.code for finding in found(tmp_path, text)] == [
        "same_channel",
        "unknown_term",
        "no_heir",
        "unknown_term",
    ]


def test_a_mistake_of_form_does_not_hide_those_of_content(tmp_path: Path) -> None:
    text = CLEAN.replace("status: proposed", "status: open").replace("[rate]", "[raet]")
    assert [finding.code for finding in found(tmp_path, text)] == ["unknown_term", "not_one_of"]


def test_a_term_with_a_mistake_is_still_known_to_the_others(tmp_path: Path) -> None:
    assert [finding.code for finding in found(tmp_path, changed("proposed", "open"))] == ["not_one_of"]


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    assert places(check(tmp_path / "none.yaml", TODAY)) == [(1, "missing_file")]


def test_a_mistake_of_content_is_shown_in_the_included_file(tmp_path: Path) -> None:
    head, rate = CLEAN.split("  rate:\n")
    other = written(tmp_path, f"terms:\n  rate:\n{rate}".replace(": lead", ": leed"), "terms/rate.yaml")
    main = written(tmp_path, f"include: [terms/*.yaml]\n{head}")
    (finding,) = check(main, TODAY)
    assert (finding.file, finding.code) == (other, "unknown_term")
    assert "leed" in other.read_text().splitlines()[finding.line - 1]


# homonyms and avoided words


def with_label(label: str, confused: str = "[]", back: str = "[]") -> str:
    """The second term gets a label; `confused` and `back` say who names whom."""
    text = changed(RATE, f"{label} #!")
    text = text.replace("pref: Lead, plural", "pref: Lead, alt: [Anfrage], hidden: [Leed], plural")
    text = text.replace(RELATED, f"relations: {{confused_with: {confused}}}")
    return text.replace("    kind: kpi\n", f"    kind: kpi\n    relations: {{confused_with: {back}}}\n")


@pytest.mark.parametrize(
    "label",
    [
        "de: {pref: Lead}",
        "de: {pref: LEAD}",
        "de: {pref: l-e a.d}",
        "de: {pref: Quote, plural: leads}",
        "de: {pref: Quote, alt: [Anfrage]}",
        "de: {pref: Quote, abbr: [LEAD]}",
        "de: {pref: Quote, hidden: [leed]}",
    ],
)
def test_one_word_for_two_terms_is_found_at_both(tmp_path: Path, label: str) -> None:
    text = with_label(label)
    lead, rate = found(tmp_path, text)
    assert (lead.code, rate.code) == ("homonym", "homonym")
    assert (lead.values["other"], rate.values["other"]) == ("rate", "lead")
    assert [rate.line] == marked(text)
    assert rate.values["where"] == f"glossary.yaml:{lead.line}"


def test_a_homonym_is_found_across_languages(tmp_path: Path) -> None:
    codes = [one.code for one in found(tmp_path, changed("en: {pref: Lead}", "en: {pref: Quote}"))]
    assert codes == ["homonym", "homonym"]


def test_both_must_name_the_other(tmp_path: Path) -> None:
    label, lead, rate = "de: {pref: Lead}", "[{term: lead}]", "[{term: rate}]"
    assert found(tmp_path, with_label(label, rate, lead)) == []
    (left,) = found(tmp_path, with_label(label, rate))
    assert (left.code, left.values["term"]) == ("homonym", "rate")
    (right,) = found(tmp_path, with_label(label, "[]", lead))
    assert (right.code, right.values["term"]) == ("homonym", "lead")


def test_different_words_in_other_scripts_are_no_homonyms(tmp_path: Path) -> None:
    text = CLEAN.replace("{pref: Lead}", "{pref: Лид}").replace("{pref: Rate,", "{pref: 率,")
    assert found(tmp_path, text) == []


def test_a_label_is_shown_as_it_was_typed(tmp_path: Path) -> None:
    text = CLEAN.replace("{pref: Lead}", '{pref: "{0} *%s* <b>"}')
    findings = found(tmp_path, text.replace("{pref: Rate,", '{pref: "{0} %s b",'))
    assert ["«{0} *%s* <b>»" in explain(one, "de") for one in findings] == [True, False]


@pytest.mark.parametrize(
    ("avoided", "codes"),
    [
        ("{label: Quote}", ["avoided_label"]),
        ("{label: q-u-o-t-e}", ["avoided_label"]),
        ("{label: CR}", ["avoided_label"]),
        ("{label: Quote, use: lead}", ["avoided_label"]),
        ("{label: Quote, use: rate}", []),
        ("{label: Anfrage}", []),
        ("{label: Anfrage, use: rate}", []),
    ],
)
def test_an_avoided_word_is_a_label_only_where_it_points_to(
    tmp_path: Path, avoided: str, codes: list[str]
) -> None:
    text = changed("{label: Adresse}", avoided)
    assert [finding.code for finding in found(tmp_path, text)] == codes


# circles


def web(arrows: dict[str, str]) -> str:
    """A glossary whose terms have these relations."""
    head, _ = CLEAN.split("terms:\n")
    terms = [
        f"  {id_}:\n"
        f"    labels: {{de: {{pref: {id_}}}, en: {{pref: {id_}}}}}\n"
        f"    status: proposed\n"
        f"    definition: {{de: x, en: y}}\n"
        f"    owner: user:anna\n"
        f"    {arrow or 'tags: []'}\n"
        for id_, arrow in arrows.items()
    ]
    return f"{head}terms:\n{''.join(terms)}"


def relations(**lists: str) -> str:
    """The relations of one term."""
    return f"relations: {{{', '.join(f'{name}: [{other}]' for name, other in lists.items())}}}"


@pytest.mark.parametrize(
    ("arrows", "ring"),
    [
        pytest.param(
            {"a": relations(broader="b"), "b": relations(broader="a")}, "a → b → a", id="two steps"
        ),
        pytest.param(
            {"a": relations(broader="b"), "b": relations(broader="c"), "c": relations(broader="a")},
            "a → b → c → a",
            id="three steps",
        ),
        pytest.param(
            {"a": relations(broader="b"), "b": "", "c": relations(narrower="b", broader="a")},
            "a → b → c → a",
            id="over the inverse relation",
        ),
        pytest.param(
            {"a": relations(narrower="b"), "b": relations(narrower="a")}, "a → b → a", id="inverse only"
        ),
        pytest.param(
            {"a": relations(part_of="b"), "b": "", "c": relations(has_part="b", part_of="a")},
            "a → b → c → a",
            id="parts",
        ),
        pytest.param(
            {"a": "replaced_by: b", "b": "replaced_by: c", "c": "replaced_by: a"},
            "a → b → c → a",
            id="heirs",
        ),
        pytest.param(
            {"x": relations(broader="a"), "a": relations(broader="b"), "b": relations(broader="a")},
            "a → b → a",
            id="a way that leads into the ring",
        ),
    ],
)
def test_a_circle_is_found_once(tmp_path: Path, arrows: dict[str, str], ring: str) -> None:
    text = web(arrows)
    (finding,) = found(tmp_path, text)
    assert (finding.code, finding.values["ring"]) == ("circle", ring)
    assert text.splitlines()[finding.line - 1].strip() == arrows["a"]


def test_each_circle_is_found(tmp_path: Path) -> None:
    pairs = {"a": "b", "b": "a", "c": "d", "d": "c"}
    findings = found(tmp_path, web({id_: relations(broader=other) for id_, other in pairs.items()}))
    assert [finding.values["ring"] for finding in findings] == ["a → b → a", "c → d → c"]


def test_a_circle_is_shown_at_an_arrow(tmp_path: Path) -> None:
    arrow = relations(broader="a", narrower="a")
    text = web({"a": "", "b": arrow})
    (finding,) = found(tmp_path, text)
    assert text.splitlines()[finding.line - 1].strip() == arrow


@pytest.mark.parametrize(
    "arrows",
    [
        pytest.param(
            {
                "a": relations(broader="b, c"),
                "b": relations(broader="d"),
                "c": relations(broader="d"),
                "d": "",
            },
            id="two ways up",
        ),
        pytest.param({"a": relations(broader="b"), "b": relations(narrower="a")}, id="said by both"),
        pytest.param({"a": relations(broader="b"), "b": relations(part_of="a")}, id="different kinds"),
        pytest.param({"a": relations(related="b"), "b": relations(related="a")}, id="related"),
    ],
)
def test_what_is_no_circle_is_left_alone(tmp_path: Path, arrows: dict[str, str]) -> None:
    assert found(tmp_path, web(arrows)) == []


# people


ROLES = """users:
  anna: anna@example.com
groups:
  chiefs: {emails: [anna@example.com]}
"""


def found_with_roles(folder: Path, text: str, roles: str = ROLES) -> list[Finding]:
    """What is wrong with a glossary that has a roles file beside it."""
    written(folder, roles, "intake_flows/roles.yaml")
    return found(folder, text)


def test_without_a_roles_file_anybody_may_own_a_term(tmp_path: Path) -> None:
    assert found(tmp_path, CLEAN.replace("user:anna", "user:nobody")) == []


def test_known_people_pass(tmp_path: Path) -> None:
    assert found_with_roles(tmp_path, CLEAN) == []


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("    owner: user:anna\n    approved", "    owner: user:ana #!\n    approved", "user:anna"),
        (
            "        owner: user:anna\n    relations",
            "        owner: user:ana #!\n    relations",
            "user:anna",
        ),
        ("owner: user:anna\n      numerator", "owner: user:ana #!\n      numerator", "user:anna"),
        ("{by: user:anna, date: 2026-05-01}", "{by: user:ana, date: 2026-05-01} #!", "user:anna"),
        ('["group:chiefs"]', '["group:cheifs"] #!', "group:chiefs"),
        (
            "      parent: sales\n",
            "      parent: sales\n  owners:\n    user:ana: {de: Anna, en: Anna} #!\n",
            "user:anna",
        ),
        (
            SENSE,
            "        objection: {raised_by: user:ana, date: 2026-05-01, de: x, en: y} #!\n",
            "user:anna",
        ),
    ],
)
def test_an_unknown_person_is_an_error(tmp_path: Path, old: str, new: str, hint: str) -> None:
    text = changed(old, new)
    (finding,) = found_with_roles(tmp_path, text)
    assert (finding.code, finding.severity, [finding.line]) == ("unknown_actor", "error", marked(text))
    assert (finding.values["hint"], finding.values["file"]) == (hint, "intake_flows/roles.yaml")


@pytest.mark.parametrize("roles", ["users: {anna: nowhere}\n", "users: [\n"])
def test_a_broken_roles_file_is_found_beside_the_mistakes_of_the_glossary(
    tmp_path: Path, roles: str
) -> None:
    findings = found_with_roles(tmp_path, changed("numerator: lead", "numerator: leed"), roles)
    assert {finding.file.name for finding in findings} == {"glossary.yaml", "roles.yaml"}


# whatever people write


PIECES = st.sampled_from(
    [
        *CLEAN.splitlines(),
        *"""\
  rate:
    labels:
    status: deprecated
    replaced_by: lead
    kpi:
    sla:
    relations: {broader: [lead], narrower: [lead]}
    criteria: [x]
    senses: {}
    external: {a: {b: c}}
    approved: []
terms:
glossary:
include: [x.yaml]
- x
  : y
""".splitlines(),
    ]
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples of a property."""
    return tmp_path_factory.mktemp("mutated")


@settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.integers(0, CLEAN.count("\n")), st.integers(0, 3), PIECES), max_size=4))
def test_no_edit_makes_the_check_fail(folder: Path, edits: list[tuple[int, int, str]]) -> None:
    lines = CLEAN.splitlines()
    for at, dropped, piece in edits:
        lines[at : at + dropped] = [piece]
    for finding in found(folder, "\n".join(lines)):
        assert 1 <= finding.line <= len(lines) + 1
        assert explain(finding, "de") != explain(finding, "en")
