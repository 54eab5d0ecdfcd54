"""Reads `connectors.yaml`: every mistake with its line and its mend, and the schema for editors."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.connectors.model import KINDS, Connectors, Mail, Name, hook_of, variables
from bot.files import schema
from bot.files.findings import FileBroken, Finding, nearest
from bot.files.form import complaints
from bot.files.source import Source, read, survey
from bot.i18n import LANGUAGES, say

FILE = "connectors.yaml"
_SETTINGS = "KLARTEXT_"  # Klartext's own settings: an unknown one stops the start


class _Frame(Connectors):
    """The file without a look into the single connectors."""

    connectors: dict[Name, Any] | None = None  # type: ignore[assignment]


def load(path: Path) -> Connectors:
    """The connectors of a file, none if there is no such file. Raises FileBroken with every mistake."""
    if not path.exists():
        return Connectors(schema=1)
    source = read(path)
    if findings := list(_mistakes(source)):
        raise FileBroken(findings)
    return Connectors.model_validate(source.data)


def check(path: Path) -> list[Finding]:
    """The mistakes in a file, nothing if there is none; slips of YAML are for `bot.intake.check`."""
    source, slips = survey(path) if path.exists() else (None, [])
    misread = {slip.line for slip in slips}
    return [one for one in _mistakes(source) if one.line not in misread] if source else []


def schema_text() -> str:
    """The text of `connectors.schema.json`."""
    return schema.schema_text(Connectors, _explained)


def missing(connectors: Connectors, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that a connector names and nobody has set, with the connector's name."""
    return {
        variable: name
        for name, connector in connectors.connectors.items()
        for variable in variables(connector).values()
        if not environ.get(variable, "").strip()
    }


def _mistakes(source: Source) -> Iterator[Finding]:
    yield from _form(source, (), _Frame, source.data)
    named = source.data.get("connectors") if isinstance(source.data, dict) else None
    for name, entry in named.items() if isinstance(named, dict) else ():
        yield from _entry(source, str(name), entry)


def _entry(source: Source, name: str, entry: Any) -> Iterator[Finding]:
    at = ("connectors", name)
    kind = entry.get("type") if isinstance(entry, dict) else None
    if isinstance(entry, dict) and kind is None:
        yield source.finding(at, "missing_key", key="type")
        return
    if isinstance(kind, str) and kind not in KINDS:
        known = {"allowed": ", ".join(KINDS), "hint": nearest(kind, list(KINDS))}
        yield source.finding((*at, "type"), "not_one_of", key="type", value=kind, **known)
        return
    model = KINDS[kind] if isinstance(kind, str) else Mail
    findings = list(_form(source, at, model, entry))
    yield from findings
    if not findings:
        yield from _content(source, name, entry)


def _content(source: Source, name: str, entry: Any) -> Iterator[Finding]:
    """What the form allows and the meaning forbids."""
    at = ("connectors", name)
    connector = KINDS[entry["type"]].model_validate(entry)
    for key, variable in variables(connector).items():
        if variable.startswith(_SETTINGS):
            yield source.finding((*at, *key.split(".")), "env_is_setting", value=variable)
    if isinstance(connector, Mail) and (connector.user is None) != (connector.password_env is None):
        yield source.finding(at, "half_login", name=name)
    if isinstance(connector, Mail) and connector.user and connector.security == "none":
        yield source.finding((*at, "security"), "open_login", name=name)
    hook = hook_of(connector)
    if hook and hook.secret_env == getattr(connector, "token_env", None):
        yield source.finding((*at, "hook", "secret_env"), "same_secret", value=hook.secret_env)


def _form(source: Source, at: tuple[str, ...], model: type[BaseModel], data: Any) -> Iterator[Finding]:
    try:
        model.model_validate(data)
    except ValidationError as errors:
        yield from complaints(source, at, errors, model)


def _explained(key: str) -> str:
    return " / ".join(say(language, f"connector_help.{key}") for language in LANGUAGES)
