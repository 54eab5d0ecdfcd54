"""What a model complains about in a file, said as findings that name the place and the mend."""

import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.files.findings import Finding, nearest
from bot.files.source import Source
from bot.files.values import Keys

# what a pattern of a model means to the person who edits the file
_PATTERN_CODES = {
    "[A-Z0-9_]+": "bad_env",
    "[A-Z0-9]{1,9}": "bad_project",
    "._-]+$": "bad_repository",
    "A-Za-z0-9.:": "bad_host",
    "role:": "bad_role",
    "bd|bh": "bad_duration",
    "Q[1-4]": "bad_quarter",
    "^[A-Z]{2}": "bad_holidays",
    r"[0-5]\d-": "bad_hours",
    "[01]": "bad_time",
    r"[^\s/]+/": "bad_timezone",
    "^#": "bad_place",
    "^/": "bad_command",
    r"(\.[a-z]": "bad_path",
    "a-z0-9_": "bad_name",
    "a-z0-9-": "bad_id",
    "user|group": "bad_actor",
    r"\d{4}": "bad_date",
    "https": "bad_url",
    "a-z]{2}": "bad_language",
    "[^:]": "bad_keyword",
    r"[\w-]+(\.[": "bad_domain",
    "@": "bad_email",
}
_LANGUAGE = re.compile(r"(de|en|fr|it)(_neutral)?")  # say title.de rather than de
_SHAPES = {
    "dict_type": "key: …",
    "model_type": "key: …",
    "model_attributes_type": "key: …",
    "list_type": "- …",
}
# pydantic's names of complaints, docs.pydantic.dev/latest/errors/validation_errors, as our sentences
_CODES = {
    "bad_date": "bad_date",
    "bool_parsing": "not_truth",
    "bool_type": "not_truth",
    "int_from_float": "not_number",
    "int_parsing": "not_number",
    "int_type": "not_number",
    "not_a_number": "not_a_number",
    "not_scalar": "not_scalar",
    "string_too_short": "empty",
    "string_type": "not_text",
    "string_unicode": "not_text",
    "too_short": "nothing_inside",
} | dict.fromkeys(_SHAPES, "wrong_shape")


def complaints(
    source: Source, at: Keys, errors: ValidationError, model: type[BaseModel]
) -> Iterator[Finding]:
    """The findings for what is wrong with the form of a part of a file that was read as `model`."""
    for error in errors.errors():
        yield _Complaint(source, at, error, model).finding()


class _Complaint:
    """One complaint of pydantic and the place in the file that it is about."""

    def __init__(self, source: Source, at: Keys, error: ErrorDetails, model: type[BaseModel]) -> None:
        self.source = source
        self.at = at
        self.kind = error["type"]
        self.context: Mapping[str, Any] = error.get("ctx", {})
        self.about_key = error["loc"][-1:] == ("[key]",)
        self.loc = tuple(key for key in error["loc"] if key != "[key]")
        self.value = as_typed(error["input"])
        self.problem = error["msg"]
        self.model = model

    def finding(self) -> Finding:
        """The complaint with its line, its words and its mend."""
        match self.kind:
            case "extra_forbidden" | "unknown_key":
                return self._unknown_key()
            case "missing":
                return self._at(self.loc, "missing_key", key=str(self.loc[-1]))
            case "literal_error":
                return self._not_one_of()
            case "string_type" if not self.value:
                hashed = self.source.line((*self.at, *self.loc)) in self.source.hashed
                return self._here("hash_comment" if hashed else "empty")
            case "string_pattern_mismatch":
                return self._here(_pattern_code(self.context["pattern"]), value=self.value)
            case "string_too_long":
                return self._here("too_long", limit=str(self.context["max_length"]))
            case "too_long":
                return self._here("too_many", limit=str(self.context["max_length"]))
            case "less_than_equal":
                return self._here("too_large", limit=f"{self.context['le']:g}", value=self.value)
            case "greater_than_equal" if self.context["ge"] != 1:
                return self._here("too_small", limit=f"{self.context['ge']:g}", value=self.value)
            case "greater_than_equal":
                return self._here("not_number", value=self.value)
            case _:
                code = _CODES.get(self.kind, "invalid")
                wanted = _SHAPES.get(self.kind, "") and _form_at(self.model, self.loc, _SHAPES[self.kind])
                return self._here(code, value=self.value, wanted=wanted, problem=self.problem)

    def _here(self, code: str, **values: str) -> Finding:
        return self._at(self.loc, code, key=self._name(), **values)

    def _at(self, loc: Keys, code: str, **values: str) -> Finding:
        return self.source.finding((*self.at, *loc), code, **values)

    def _name(self) -> str:
        """The word before the colon: an item of a list is called by its list, a text by its key too."""
        names = [key for key in (*self.at, *self.loc) if isinstance(key, str)]
        return ".".join(names[-2:] if _LANGUAGE.fullmatch("".join(names[-1:])) else names[-1:])

    def _unknown_key(self) -> Finding:
        inside = self.loc if "key" in self.context else self.loc[:-1]
        key = str(self.context.get("key", self.loc[-1] if self.loc else ""))
        return self._at((*inside, key), "unknown_key", key=key, **_hint(key, _keys_at(self.model, inside)))

    def _not_one_of(self) -> Finding:
        allowed = re.findall(r"'([^']*)'|(\d+)", str(self.context["expected"]))
        words = [text or number for text, number in allowed]
        if self.about_key:
            return self._at(self.loc, "unknown_key", key=self.value, **_hint(self.value, words))
        return self._here(
            "not_one_of", value=self.value, allowed=", ".join(words), **_hint(self.value, words)
        )


def as_typed(value: object) -> str:
    """A value as it stands in a YAML file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{ … }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[ … ]"
    return str(value)


def _hint(word: str, known: Sequence[str]) -> dict[str, str]:
    near = nearest(word, known)
    return {"hint": near if near != word else "", "known": ", ".join(known)}


def _pattern_code(pattern: str) -> str:
    return next((code for part, code in _PATTERN_CODES.items() if part in pattern), "empty")


def _keys_at(model: Any, loc: Keys) -> list[str]:
    """The keys that may stand at a place of the file, found by following the model's annotations."""
    for key in loc:
        model = _inside(model, key)
    if isinstance(model, type) and issubclass(model, BaseModel):
        return sorted(info.alias or name for name, info in model.model_fields.items())
    return []


def _form_at(model: Any, loc: Keys, otherwise: str) -> str:
    """What may stand at a place: a text per language, the first keys of a class, or what always fits."""
    if known := _keys_at(model, loc):
        return ", ".join([*(f"{key}: …" for key in known[:3]), "…"][: len(known)])
    for key in loc:
        model = _inside(model, key)
    keys = typing.get_args(model)[:1] if typing.get_origin(model) is dict else ()
    return "de: …, en: …" if "a-z]{2}" in str(keys) else otherwise


def _inside(model: Any, key: str | int) -> Any:
    if isinstance(model, type) and issubclass(model, BaseModel):
        fields = {info.alias or name: info.annotation for name, info in model.model_fields.items()}
        model = fields.get(str(key))
    else:
        model = typing.get_args(model)[-1] if typing.get_args(model) else None
    while typing.get_origin(model) in {typing.Annotated, typing.Union, types.UnionType}:
        model = typing.get_args(model)[0]
    return model
