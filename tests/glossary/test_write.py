"""The living glossary back in its files: nothing is lost, and what has not changed is not touched."""

import difflib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.files.findings import FileBroken
from bot.glossary.file import CannotWrite, load
from bot.glossary.model import Glossary, Term
from bot.glossary.write import fresh, save, texts
from tests.conftest import DATA, ROOT
from tests.world import GLOSSARY

SHIPPED = (ROOT / "glossary.yaml", DATA / "examples" / "glossary.yaml")


def with_terms(glossary: Glossary, **terms: Term | None) -> Glossary:
    """The glossary with other terms; None takes one out."""
    changed = {**glossary.terms, **terms}
    return glossary.model_copy(
        update={"terms": {id_: term for id_, term in changed.items() if term is not None}}
    )


def changed(term: Term, **values: Any) -> Term:
    return Term.model_validate({**term.model_dump(by_alias=True, exclude_defaults=True), **values})


def diff(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that are gone and those that are new."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return (
        [line[2:].strip() for line in lines if line.startswith("- ")],
        [line[2:].strip() for line in lines if line.startswith("+ ")],
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "glossary.yaml"
    file.write_text(GLOSSARY, encoding="utf-8")
    return file


@pytest.mark.parametrize("path", SHIPPED, ids=["shipped", "example"])
def test_without_a_change_nothing_is_written(path: Path) -> None:
    assert texts(path, load(path)) == {}


@pytest.mark.parametrize("path", SHIPPED, ids=["shipped", "example"])
def test_all_in_a_new_file_says_the_same(path: Path, tmp_path: Path) -> None:
    glossary = load(path)
    new = tmp_path / "new.yaml"
    save(texts(new, glossary))
    assert load(new) == glossary
    assert texts(new, glossary) == {}


@pytest.mark.parametrize("path", SHIPPED, ids=["shipped", "example"])
def test_every_second_term_is_changed_and_nothing_else(path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(path, tmp_path / "glossary.yaml"))
    before, glossary = copy.read_text("utf-8"), load(copy)
    other = {
        id_: changed(term, definition={**term.definition, "en": "Something else."}, tags=[*term.tags, "no"])
        for id_, term in list(glossary.terms.items())[::2]
    }
    (after,) = texts(copy, with_terms(glossary, **other)).values()
    gone, come = diff(before, after)
    expected = {"Something else.", "en: Something else.", 'en: "Something else."', "tags:", "- no"}
    assert set(come) <= expected
    assert sum("Something else." in line for line in come) == come.count("- no") == len(other)
    assert not [line for line in gone if line.startswith("#")]


def test_a_change_keeps_comments_order_and_quotes(file: Path) -> None:
    glossary = load(file)
    lead, margin = glossary.terms["lead"], glossary.terms["margin"]
    new = with_terms(
        glossary,
        lead=changed(lead, status="disputed", review_by="2027-01-31"),
        margin=changed(margin, visibility=["sales", "it"]),
    )
    (after,) = texts(file, new).values()
    gone, come = diff(GLOSSARY, after)
    assert gone == ["status: agreed", "visibility: [sales]"]
    assert come == ["status: disputed", "review_by: '2027-01-31'", "visibility: [sales, it]"]
    assert "  # what everybody argues about\n  lead:" in after
    assert "  margin:  # for sales only\n" in after


def test_a_new_term_comes_last(file: Path) -> None:
    glossary = load(file)
    new = with_terms(glossary, rest=changed(glossary.terms["mql"], tags=["true", "12", "0x1", "a: b"]))
    (after,) = texts(file, new).values()
    assert after.startswith(GLOSSARY)
    file.write_text(after, encoding="utf-8")
    assert list(load(file).terms)[-1] == "rest"
    assert load(file).terms["rest"].tags == ["true", "12", "0x1", "a: b"]


def test_a_term_that_is_gone_leaves_the_others(file: Path) -> None:
    glossary = load(file)
    (after,) = texts(file, with_terms(glossary, mql=None, margin=None)).values()
    file.write_text(after, encoding="utf-8")
    assert list(load(file).terms) == ["lead", "prospect"]
    assert "# what everybody argues about" in after


def test_all_terms_may_go_and_others_come(file: Path) -> None:
    glossary = load(file)
    none = with_terms(glossary, **dict.fromkeys(glossary.terms))
    save(texts(file, none))
    assert load(file).terms == {}
    save(texts(file, glossary))
    assert load(file) == glossary


def test_a_changed_department_is_written(file: Path) -> None:
    glossary = load(file)
    departments = glossary.glossary.departments
    sales = departments["sales"].model_copy(update={"label": {"de": "Verkauf", "en": "Sales"}})
    head = glossary.glossary.model_copy(update={"departments": {**departments, "sales": sales}})
    (after,) = texts(file, glossary.model_copy(update={"glossary": head})).values()
    gone, come = diff(GLOSSARY, after)
    assert len(gone) == len(come) == 1
    assert "Verkauf" in come[0]


def test_each_file_gets_its_own_terms(file: Path) -> None:
    terms = file.parent / "terms" / "margin.yaml"
    terms.parent.mkdir()
    at = GLOSSARY.index("  margin:")
    terms.write_text("# of sales\nterms:\n" + GLOSSARY[at:], encoding="utf-8")
    file.write_text(GLOSSARY[:at].replace("version: 1", "version: 1\ninclude: [terms/*.yaml]"), "utf-8")
    glossary = load(file)
    new = with_terms(glossary, margin=changed(glossary.terms["margin"], status="disputed"))
    (written,) = texts(file, new)
    assert written == terms
    save(texts(file, new))
    assert load(file) == new
    assert terms.read_text("utf-8").startswith("# of sales\n")
    save(texts(file, with_terms(new, fresh=glossary.terms["lead"])))
    assert "fresh:" in file.read_text("utf-8")


def test_line_ends_marks_and_rights_stay(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + GLOSSARY.replace("\n", "\r\n").encode())
    file.chmod(0o640)
    glossary = load(file)
    save(texts(file, with_terms(glossary, mql=changed(glossary.terms["mql"], status="agreed"))))
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfversion: 1\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["glossary.yaml"]


@pytest.mark.parametrize(
    "terms", ["", "terms:\n", "terms: {}\n", "terms: {}  # none yet\n# the end\n"], ids=range(4)
)
def test_a_file_without_terms_gets_some(file: Path, terms: str) -> None:
    glossary = load(file)
    file.write_text(GLOSSARY[: GLOSSARY.index("terms:")] + terms, encoding="utf-8")
    save(texts(file, glossary))
    assert load(file) == glossary


def test_terms_need_not_stand_last(file: Path) -> None:
    at = GLOSSARY.index("terms:")
    head = GLOSSARY[:at].replace("version: 1\n", "")
    file.write_text(GLOSSARY[at:] + head + "version: 1\n", encoding="utf-8")
    glossary = load(file)
    new = with_terms(
        glossary, rest=glossary.terms["mql"], margin=changed(glossary.terms["margin"], status="disputed")
    )
    save(texts(file, new))
    assert load(file) == new


def test_a_file_in_one_line_is_not_spoilt(file: Path) -> None:
    file.write_text(
        "{version: 1, glossary: {id: g, languages: [de], departments: {it: {label: {de: IT}}}}, terms: "
        "{a: {labels: {de: {pref: A}}, status: agreed, definition: {de: x}, owner: user:a}}}\n",
        encoding="utf-8",
    )
    glossary = load(file)
    before = file.read_bytes()
    with pytest.raises(CannotWrite):
        texts(file, with_terms(glossary, b=glossary.terms["a"]))
    assert file.read_bytes() == before


def test_a_broken_file_is_not_written_over(file: Path) -> None:
    glossary = load(file)
    file.write_text(GLOSSARY.replace("status: disputed", "status: argued"), encoding="utf-8")
    with pytest.raises(FileBroken):
        texts(file, glossary)


TEXTS = st.text("aäßA \n\t:#-'\"{}[]&*!|>%@`?,1.0~é🙂\u2028\x85", min_size=1, max_size=30).filter(
    lambda text: text.strip() != ""
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    definition=st.dictionaries(st.sampled_from(["de", "en", "fr"]), TEXTS, min_size=1),
    examples=st.lists(st.dictionaries(st.sampled_from(["de", "en"]), TEXTS, min_size=1), max_size=3),
    external=st.dictionaries(TEXTS, TEXTS, max_size=2),
)
@example(definition={"de": "nUll"}, examples=[], external={})
@example(definition={"de": "0\x85"}, examples=[], external={"\u2028a": "a\n b\n"})
@example(definition={"de": "- a\n\n  b\n"}, examples=[{"de": "2027-01-01"}], external={"yes": "no"})
def test_whatever_people_write_comes_back(
    file: Path, definition: Mapping[str, str], examples: list[dict[str, str]], external: dict[str, str]
) -> None:
    file.write_text(GLOSSARY[: GLOSSARY.index("  mql:")], encoding="utf-8")
    glossary = load(file)
    lead = changed(glossary.terms["lead"], definition=definition, examples=examples, external=external)
    new = with_terms(glossary, lead=lead, other=lead)
    save(texts(file, new))
    assert load(file) == new
    new_file = file.with_name("new.yaml")
    new_file.write_text(fresh(new), encoding="utf-8")
    assert load(new_file) == new
