"""`glossary.yaml` and the files that it includes, as one Glossary.

Every term is validated on its own, so that one broken entry does not hide the mistakes of the others.
"""

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.files.findings import FileBroken, Finding, nearest
from bot.files.source import Keys, Source, read
from bot.glossary.model import Glossary, Term

DEFAULT_FILE = Path("glossary.yaml")

# what a pattern of the model means to the person who edits the file
_PATTERN_CODES = {
    "a-z0-9-": "bad_id",
    "user|group": "bad_actor",
    r"\d{4}": "bad_date",
    "https": "bad_url",
    "a-z]{2}": "bad_language",
}


@dataclass(slots=True)
class Draft:
    """What the files say, as far as it can be understood, and what is wrong with it."""

    sources: list[Source]
    glossary: Glossary | None = None
    findings: list[Finding] = field(default_factory=list)
    places: dict[str, Source] = field(default_factory=dict)

    def finding(self, term: str, keys: Keys, code: str, **values: str) -> Finding:
        """A mistake inside a term."""
        return self.places[term].finding(("terms", term, *keys), code, term=term, **values)


def load(path: Path = DEFAULT_FILE) -> Glossary:
    """The glossary of a file. Raises FileBroken with every mistake of form (not of content)."""
    draft = draft_of(path)
    if draft.findings or draft.glossary is None:
        raise FileBroken(draft.findings)
    return draft.glossary


def draft_of(path: Path) -> Draft:
    """Everything that can be read from a file, with the mistakes. Raises FileBroken if it is no YAML."""
    main = read(path)
    draft = Draft([main])
    if not isinstance(main.data, dict):
        draft.findings.append(main.finding((), "not_a_glossary"))
        return draft
    for source in _included(main, draft):
        draft.sources.append(source)
    terms = dict(_terms(draft))
    head = {key: value for key, value in main.data.items() if key != "terms"}
    try:
        shell = Glossary.model_validate(head)
    except ValidationError as errors:
        draft.findings += [_explained(main, (), error, Glossary) for error in errors.errors()]
    else:
        draft.glossary = shell.model_copy(update={"terms": terms})
    draft.findings.sort(key=lambda finding: (str(finding.file), finding.line))
    return draft


def _included(main: Source, draft: Draft) -> Iterator[Source]:
    patterns = main.data.get("include") or []
    folder = main.path.parent
    for at, pattern in enumerate(patterns if isinstance(patterns, list) else []):
        if not isinstance(pattern, str) or Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            draft.findings.append(main.finding(("include", at), "include_outside", file=str(pattern)))
            continue
        files = sorted(file for file in folder.glob(pattern or "-") if file != main.path)
        if not files:
            draft.findings.append(main.finding(("include", at), "include_nothing", file=pattern))
        for file in files:
            try:
                yield read(file)
            except FileBroken as broken:
                draft.findings += broken.findings


def _terms(draft: Draft) -> Iterator[tuple[str, Term]]:
    for number, source in enumerate(draft.sources):
        data = source.data if isinstance(source.data, dict) else {}
        if number and (not data or set(data) - {"version", "terms"}):
            key = next(iter(set(data) - {"version", "terms"}), "")
            draft.findings.append(source.finding((key,), "include_only_terms"))
        terms = data.get("terms")
        if terms is not None and not isinstance(terms, dict):
            draft.findings.append(source.finding(("terms",), "wrong_shape", wanted="id: …"))
            continue
        for id_, raw in (terms or {}).items():
            if id_ in draft.places:
                there = draft.places[id_]
                where = f"{there.path}:{there.line(('terms', id_))}"
                draft.findings.append(source.finding(("terms", id_), "same_id", term=id_, where=where))
                continue
            draft.places[id_] = source
            if term := _term(draft, source, id_, raw):
                yield id_, term


def _term(draft: Draft, source: Source, id_: str, raw: object) -> Term | None:
    keys: Keys = ("terms", id_)
    try:
        return Term.model_validate(raw)
    except ValidationError as errors:
        draft.findings += [_explained(source, keys, error, Term) for error in errors.errors()]
        return None


def _explained(source: Source, at: Keys, error: ErrorDetails, model: type[BaseModel]) -> Finding:
    """pydantic's complaint as a finding that names the mend."""
    loc = tuple(key for key in error["loc"] if key != "[key]")
    keys = (*at, *loc)
    name = str(loc[-1]) if loc else ""
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden" | "unknown_key":
            key = str(context.get("key", name))
            inside = loc if "key" in context else loc[:-1]
            known = sorted(_keys_at(model, inside))
            place = (*at, *inside, key)
            return source.finding(place, "unknown_key", key=key, **_hint(key, known))
        case "missing":
            return source.finding(keys, "missing_key", key=name)
        case "literal_error":
            allowed = [word.strip(" '") for word in context["expected"].replace(" or ", ",").split(",")]
            value = str(error["input"])
            return source.finding(
                keys,
                "not_one_of",
                key=name,
                value=value,
                allowed=", ".join(allowed),
                **_hint(value, allowed),
            )
        case "string_type":
            return source.finding(keys, "not_text", key=name, value=str(error["input"]))
        case "string_pattern_mismatch":
            return source.finding(keys, _pattern_code(context["pattern"]), value=str(error["input"]))
        case "string_too_short" | "too_short":
            return source.finding(keys, "empty", key=name)
        case "string_too_long":
            return source.finding(keys, "too_long", key=name, limit=str(context["max_length"]))
        case "bad_date":
            return source.finding(keys, "bad_date", value=str(error["input"]))
        case "dict_type" | "model_type" | "model_attributes_type":
            return source.finding(keys, "wrong_shape", key=name, wanted="key: …")
        case "list_type":
            return source.finding(keys, "wrong_shape", key=name, wanted="- …")
        case _:
            return source.finding(keys, "invalid", key=name, problem=error["msg"])


def _hint(word: str, known: list[str]) -> dict[str, str]:
    return {"hint": nearest(word, known), "known": ", ".join(known)}


def _pattern_code(pattern: str) -> str:
    return next((code for part, code in _PATTERN_CODES.items() if part in pattern), "empty")


def _keys_at(model: Any, loc: Keys) -> set[str]:
    """The keys that may stand at a place of the file, found by following the model's annotations."""
    for key in loc:
        model = _inside(model, key)
    if isinstance(model, type) and issubclass(model, BaseModel):
        return {info.alias or name for name, info in model.model_fields.items()}
    return set()


def _inside(model: Any, key: str | int) -> Any:
    if isinstance(model, type) and issubclass(model, BaseModel):
        fields: Mapping[str, Any] = {
            info.alias or name: info.annotation for name, info in model.model_fields.items()
        }
        model = fields.get(str(key))
    else:
        model = typing.get_args(model)[-1] if typing.get_args(model) else None
    while typing.get_origin(model) in {typing.Annotated, typing.Union, types.UnionType}:
        model = typing.get_args(model)[0]
    return model
