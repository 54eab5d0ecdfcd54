"""A glossary of any size: the shipped terms over and over, each with a name of the label sets."""

from collections import defaultdict
from itertools import cycle
from pathlib import Path
from typing import Any

from bot.glossary.file import load
from bot.glossary.model import Glossary, Term
from tests.bench.labels import DATA, LabelSets

ROOT = Path(__file__).parents[2]
_LABELS_PER_TERM = 2.4  # enough that so many labels name so many terms


def large_glossary(size: int) -> Glossary:
    """So many terms, each as rich as a shipped one: senses, criteria, KPIs, approvals, both languages."""
    shipped = load(ROOT / "glossary.yaml")
    ids = [f"term-{number}" for number in range(size)]
    rows = zip(ids, _names(size), cycle(shipped.terms.values()), strict=False)
    terms = {id_: _term(model, names, ids[at - 1]) for at, (id_, names, model) in enumerate(rows)}
    return shipped.model_copy(update={"terms": terms})


def _names(size: int) -> list[dict[str, list[str]]]:
    """The labels of each term, by kind."""
    wanted = int(size * _LABELS_PER_TERM)
    by_term: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for label in LabelSets(DATA / "labels.jsonl").sets([wanted])[wanted]:
        by_term[label.term][label.kind].append(label.text)
    return [kinds for kinds in by_term.values() if "pref" in kinds][:size]


def _term(model: Term, names: dict[str, list[str]], neighbour: str) -> Term:
    data: dict[str, Any] = model.model_dump(by_alias=True, exclude_defaults=True)
    pref, *others = names["pref"]
    labels = {"pref": pref, "alt": others + names.get("alt", []), "abbr": names.get("abbr", [])}
    data["labels"] = {"de": labels, "en": {"pref": pref}}
    data["relations"] = {"related": [neighbour]}
    data.pop("replaced_by", None)
    return Term.model_validate(data)
