"""What a glossary says: order of homonyms, who sees what, which language, and the format as JSON Schema."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from pydantic import ValidationError

from bot.files.source import read
from bot.glossary.model import Glossary, Term, labels_of, localised

ROOT = Path(__file__).parents[2]
SCHEMA = Glossary.model_json_schema(by_alias=True)


def entry(label: str = "Lead", **more: Any) -> dict[str, Any]:
    """A term as it stands in the file."""
    return {
        "labels": {"de": {"pref": label}, "en": {"pref": label}},
        "status": "proposed",
        "definition": {"de": "x", "en": "y"},
        "owner": "user:anna",
        **more,
    }


def glossary(**terms: dict[str, Any]) -> dict[str, Any]:
    """A small glossary as it stands in the file."""
    department = {"label": {"de": "Abteilung", "en": "department"}}
    head = {
        "id": "acme",
        "languages": ["de", "en"],
        "departments": {"sales": department, "it": department},
    }
    return {"version": 1, "glossary": head, "terms": terms}


def sense(department: str) -> dict[str, Any]:
    """What one department means."""
    return {"department": department, "definition": {"de": "x", "en": "y"}}


HOMONYMS = Glossary.model_validate(
    glossary(
        rate=entry("CR"),
        record=entry("CR", departments=["sales"]),
        request=entry("CR", departments=["it"]),
        review=entry("CR", senses=[sense("it")]),
    )
)


@pytest.mark.parametrize(
    ("department", "order"),
    [
        ("it", ("request", "review", "rate", "record")),
        ("sales", ("record", "rate", "review", "request")),
        ("data", ("rate", "review", "record", "request")),
        (None, ("rate", "review", "record", "request")),
    ],
)
def test_the_askers_own_homonym_comes_first_and_foreign_ones_last(
    department: str | None, order: tuple[str, ...]
) -> None:
    assert HOMONYMS.in_order(["rate", "record", "request", "review"], department) == order


def test_equal_homonyms_keep_their_order() -> None:
    assert HOMONYMS.in_order(["review", "rate"], None) == ("review", "rate")


def test_the_sentences_that_tell_terms_apart() -> None:
    apart = {"confused_with": [{"term": "b", "de": "x"}, {"term": "c"}]}
    terms = Glossary.model_validate(glossary(a=entry(relations=apart), b=entry(), c=entry()))
    assert [(id_, other.term, other.text) for id_, other in terms.confusions(["b", "a"])] == [
        ("a", "b", {"de": "x"})
    ]


@pytest.mark.parametrize(
    ("texts", "language", "text"),
    [
        ({"de": "ja", "en": "yes"}, "en", "yes"),
        ({"de": "ja", "en": "yes"}, "fr", "ja"),
        ({"en": "yes"}, "de", "yes"),
        ({}, "de", ""),
    ],
)
def test_a_text_falls_back_to_a_language_that_exists(
    texts: dict[str, str], language: str, text: str
) -> None:
    assert localised(texts, language) == text


def test_a_name_falls_back_to_a_language_that_exists() -> None:
    term = Term.model_validate(entry(labels={"en": {"pref": "Rate"}, "de": {"pref": "Quote"}}))
    assert [term.names(language).pref for language in ("de", "en", "fr")] == ["Quote", "Rate", "Rate"]


def test_the_sense_of_a_department() -> None:
    term = HOMONYMS.terms["review"]
    assert term.sense("it") is term.senses[0]
    assert (term.sense("sales"), term.sense(None)) == (None, None)


def test_every_name_has_its_place_and_kind() -> None:
    names = {
        "pref": "BANT",
        "plural": "BANTs",
        "alt": ["Budget"],
        "abbr": ["BANT", "BT"],
        "hidden": ["BNAT"],
        "avoid": [{"label": "Bundt"}],
    }
    assert list(labels_of(Term.model_validate(entry(labels={"de": names})))) == [
        (("labels", "de", "pref"), "abbr", "BANT"),  # a pref that is also an abbreviation counts as one
        (("labels", "de", "plural"), "plural", "BANTs"),
        (("labels", "de", "alt", 0), "alt", "Budget"),
        (("labels", "de", "abbr", 0), "abbr", "BANT"),
        (("labels", "de", "abbr", 1), "abbr", "BT"),
        (("labels", "de", "hidden", 0), "hidden", "BNAT"),
    ]


def test_a_glossary_cannot_be_changed_in_passing() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        HOMONYMS.terms["rate"].status = "agreed"


# the format for editors


def accepted(data: Any) -> bool:
    """Whether the JSON Schema has nothing against it."""
    valid: bool = jsonschema.Draft202012Validator(SCHEMA).is_valid(data)
    return valid


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("file", ["glossary.yaml", "tests/data/examples/glossary.yaml"])
def test_the_schema_accepts_the_shipped_glossary_and_the_example(file: str) -> None:
    assert accepted(read(ROOT / file).data)


PROMISE = {"id": "a", "from": "sales", "to": "it", "de": "x", "en": "y", "threshold": "1 day"}
CRITERION = {"id": "consent", "de": "Einwilligung", "en": "consent", "required": False}


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda term: term.update(colour="red"), id="unknown key"),
        pytest.param(lambda term: term.pop("owner"), id="missing key"),
        pytest.param(lambda term: term.update(status="open"), id="wrong word"),
        pytest.param(lambda term: term.update(owner="anna"), id="owner without a kind"),
        pytest.param(lambda term: term.update(tags="crm"), id="text for a list"),
        pytest.param(lambda term: term["definition"].update(de=5), id="number for a text"),
        pytest.param(lambda term: term["labels"].update(deu={"pref": "x"}), id="long language"),
        pytest.param(lambda term: term["criteria"][0].update(requird=True), id="unknown key beside texts"),
        pytest.param(lambda term: term["criteria"][0].update(de=""), id="empty text"),
        pytest.param(lambda term: term["sla"][0].pop("from"), id="promise by nobody"),
    ],
)
def test_the_schema_shows_mistakes_while_one_types(spoil: Callable[[dict[str, Any]], object]) -> None:
    data = copy.deepcopy(glossary(lead=entry(criteria=[CRITERION], sla=[PROMISE])))
    assert accepted(data)
    spoil(data["terms"]["lead"])
    assert not accepted(data)


def test_the_schema_knows_what_an_id_looks_like() -> None:
    assert not accepted(glossary(**{"Lead One": entry()}))
