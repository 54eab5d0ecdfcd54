"""What all commands share: options, the glossary, and friendly ends."""

import datetime as dt
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.files.findings import FileBroken, Finding
from bot.glossary.book import Book, UnknownDepartment
from bot.glossary.file import load
from bot.glossary.models import load_models
from bot.i18n import LANGUAGES, explain, say
from bot.text.clean import shown

MODELS = "KLARTEXT_QUESTION_MODELS"  # a folder with weights of one's own (`klartext questions train`)
_NO_FILE: Mapping[type[OSError], str] = {
    FileNotFoundError: "cli.no_file",
    NotADirectoryError: "cli.no_file",
    IsADirectoryError: "cli.is_folder",
    PermissionError: "cli.no_access",
}
LanguageOption = Annotated[
    str | None, typer.Option("--language", "-l", help="de | en (sonst die Sprache der Frage)")
]
GlossaryOption = Annotated[
    Path, typer.Option("--glossary", "-g", help="Glossar-Datei / glossary file", show_default=True)
]
DepartmentOption = Annotated[
    str | None,
    typer.Option("--department", "-d", help="Abteilung, die fragt / department that asks"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON statt Text / JSON instead of text")]


def end(sentence: str, code: int = 2) -> NoReturn:
    """Say what is wrong and stop. Codes: 1 a finding in the data, 2 a wrong call."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def language_or_default(language: str | None) -> str:
    """The chosen language, else that of the terminal if it is English, else German."""
    if language is None:
        names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        return "en" if next(filter(None, names), "").startswith("en") else "de"
    if language not in LANGUAGES:
        end(
            say("de", "cli.unknown_language", name=shown(language))
            + "\n"
            + say("en", "cli.unknown_language", name=shown(language))
        )
    return language


def confirmed(question: str) -> bool:
    """Yes in either language; nothing typed is no."""
    typer.echo(f"{question} ", nl=False, err=True)
    answer = sys.stdin.readline() if sys.stdin else ""
    return answer.strip().casefold() in {"j", "ja", "y", "yes"}


def open_book(path: Path, language: str) -> Book:
    """The glossary of a file; ends with the findings if it is broken."""
    folder = os.environ.get(MODELS)
    try:
        with readable(language):
            models = load_models(Path(folder)) if folder else None
        return Book(load(path), models)
    except FileBroken as broken:
        typer.echo(say(language, "cli.broken_glossary"), err=True)
        end("\n".join(listed(broken.findings, language)), 1)


def today() -> dt.date:
    """The day at this terminal."""
    return dt.date.today()  # noqa: DTZ011  (a review is due on a calendar day, wherever one sits)


def listed(findings: Iterable[Finding], language: str) -> list[str]:
    """Findings as lines that editors and people find their way with."""
    return [
        f"{found.file}:{found.line}: {say(language, f'cli.{found.severity}')}: {explain(found, language)}"
        for found in findings
    ]


def report(findings: Sequence[Finding], language: str, *, as_json: bool) -> int:
    """Print findings; ends with code 1 if one is an error, else says how many remarks there are."""
    for line in map(partial(_row, language), findings) if as_json else listed(findings, language):
        typer.echo(line)
    errors = sum(found.severity == "error" for found in findings)
    warnings = len(findings) - errors
    if errors:
        end(say(language, "cli.check_failed", errors=errors, warnings=warnings), 1)
    return warnings


def _row(language: str, found: Finding) -> str:
    row = {"file": str(found.file), "line": found.line, "severity": found.severity, "code": found.code}
    return json.dumps({**row, "text": explain(found, language)}, ensure_ascii=False)


def no_file(error: OSError, language: str) -> str:
    """Why the system does not give us a file, in its own words only where we have none."""
    key = next((key for kind, key in _NO_FILE.items() if isinstance(error, kind)), "cli.bad_file")
    return say(language, key, file=error.filename or "", reason=error.strerror or str(error))


@contextmanager
def readable(language: str) -> Iterator[None]:
    """A file that cannot be read, written or understood ends in one sentence."""
    try:
        yield
    except OSError as error:
        end(no_file(error, language), 1)
    except (KeyError, TypeError, ValueError) as error:
        end(say(language, "cli.bad_rows", problem=shown(str(error))), 1)


def department_of(book: Book, name: str | None, language: str) -> str | None:
    """The department that was meant; ends with the known ones if there is none of this name."""
    try:
        return book.department(name)
    except UnknownDepartment as unknown:
        end(unknown_department(unknown, language))


def unknown_department(unknown: UnknownDepartment, language: str) -> str:
    """The sentence for a department that nobody knows."""
    return say(language, "cli.unknown_department", name=shown(unknown.name), known=", ".join(unknown.known))
