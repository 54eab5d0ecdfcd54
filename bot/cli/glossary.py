"""`klartext glossary …`: check, list and show the glossary of a file, measure the look-up."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.ask import record
from bot.cli.common import (
    DepartmentOption,
    GlossaryOption,
    JsonOption,
    LanguageOption,
    department_of,
    end,
    language_or_default,
    listed,
    open_book,
    readable,
    today,
)
from bot.cli.later import Later
from bot.cli.terminal import show
from bot.files.findings import nearest
from bot.glossary import views
from bot.glossary.book import Answer
from bot.glossary.check import check as find_mistakes
from bot.glossary.file import DEFAULT_FILE, load
from bot.glossary.index import Found
from bot.glossary.model import schema_text
from bot.glossary.question import Reading
from bot.glossary.score import score_queries
from bot.i18n import explain, say
from bot.text.clean import shown


class _Commands(Later):
    """What needs the database is loaded later."""

    modules = dict.fromkeys(("import", "export", "inbox"), "bot.cli.exchange")


app = typer.Typer(cls=_Commands, help="Das Glossar pflegen und lesen. / Keep and read the glossary.")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="Glossar-Datei / glossary file")] = DEFAULT_FILE,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Jeder Fehler mit Zeile und Abhilfe. / Every mistake with line and mend."""
    chosen = language_or_default(language)
    findings = find_mistakes(file, today())
    errors = [found for found in findings if found.severity == "error"]
    warnings = len(findings) - len(errors)
    if as_json:
        for found in findings:
            row = {
                "file": str(found.file),
                "line": found.line,
                "severity": found.severity,
                "code": found.code,
            }
            typer.echo(json.dumps({**row, "text": explain(found, chosen)}, ensure_ascii=False))
    else:
        for line in listed(findings, chosen):
            typer.echo(line)
    if errors:
        end(say(chosen, "cli.check_failed", errors=len(errors), warnings=warnings), 1)
    if not as_json:
        key = "cli.check_warnings" if warnings else "cli.check_ok"
        typer.echo(say(chosen, key, file=file, terms=len(load(file).terms), warnings=warnings))


@app.command("list")
def list_terms(
    topic: Annotated[
        str, typer.Argument(help="Buchstabe, Abteilung, Thema / letter, department, tag")
    ] = "",
    language: LanguageOption = None,
    glossary: GlossaryOption = DEFAULT_FILE,
    as_json: JsonOption = False,
) -> None:
    """Alle Begriffe. / All terms."""
    chosen = language_or_default(language)
    book = open_book(glossary, chosen)
    given = book.define(f"list {topic}", None, chosen)
    if as_json:
        typer.echo(json.dumps(record(given), ensure_ascii=False))
    else:
        show(views.answer(book, given, today()), chosen, more=True)


@app.command("show")
def show_term(
    term: Annotated[str, typer.Argument(help="Kennung / id")],
    department: DepartmentOption = None,
    language: LanguageOption = None,
    glossary: GlossaryOption = DEFAULT_FILE,
    as_json: JsonOption = False,
) -> None:
    """Ein Begriff mit allem, was über ihn bekannt ist. / A term with everything known about it."""
    chosen = language_or_default(language)
    book = open_book(glossary, chosen)
    where = department_of(book, department, chosen)
    if term not in book.glossary.terms:
        near = nearest(term, list(book.glossary.terms))
        hint = say(chosen, "cli.hint", hint=near) if near else ""
        end(say(chosen, "cli.unknown_term", name=shown(term), hint=hint), 1)
    if as_json:
        typer.echo(book.glossary.terms[term].model_dump_json(by_alias=True, exclude_defaults=True))
        return
    reading = Reading("define", Found("answer", (term,)), "definition", None, term)
    given = Answer(reading, (term,), (), where, where, chosen)
    show(views.answer(book, given, today()), chosen, more=True)


@app.command()
def score(
    queries: Annotated[list[Path], typer.Argument(help="queries_dev.jsonl …")],
    glossary: GlossaryOption = DEFAULT_FILE,
) -> None:
    """Wie gut die Suche trifft und ablehnt. / How well the search finds and refuses."""
    book = open_book(glossary, "en")
    with readable("en"):
        for line in score_queries(book.index, queries):
            typer.echo(line)


@app.command()
def schema(
    file: Annotated[Path | None, typer.Argument(help="Zieldatei / file to write")] = None,
) -> None:
    """Das Format als JSON-Schema, für Editoren. / The format as JSON Schema, for editors."""
    text = schema_text()
    if file is None:
        typer.echo(text, nl=False)
    else:
        with readable("en"):
            file.write_text(text, encoding="utf-8")
