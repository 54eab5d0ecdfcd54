"""`klartext glossary import|export|inbox`: between files, database and those who keep the glossary."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import JsonOption, LanguageOption, end, language_or_default
from bot.cli.failures import explained
from bot.cli.memory import settings_of, with_database
from bot.cli.terminal import show
from bot.db.unit_of_work import Database
from bot.glossary import inbox as letters
from bot.glossary import remarks
from bot.glossary.book import Book
from bot.glossary.living import Imported, NoGlossary, import_file, read_glossary
from bot.glossary.model import Glossary
from bot.glossary.write import save, texts
from bot.i18n import say
from bot.text.clean import shown

app = typer.Typer()

_NAMED = 5  # terms that are named
_DAYS = re.compile(r"(\d{1,5})d")
FileArgument = Annotated[
    Path | None, typer.Argument(help="sonst die der Einstellungen / else that of the settings")
]


@app.command("import")
def bring_in(file: FileArgument = None, language: LanguageOption = None) -> None:
    """Was sich in der Datei geändert hat, hereinholen. / Bring in what has changed in the file."""
    chosen = language_or_default(language)
    settings = settings_of(chosen)
    path = file or settings.glossary

    async def work(database: Database) -> Imported:
        return await import_file(database, path)

    imported = with_database(settings, chosen, work, make=True)
    if not (imported.written or imported.removed or imported.head):
        typer.echo(say(chosen, "cli.import_nothing", file=path))
        return
    written, removed = _names(imported.written), _names(imported.removed)
    typer.echo(say(chosen, "cli.imported", file=path, written=written, removed=removed))


@app.command("export")
def bring_out(file: FileArgument = None, language: LanguageOption = None) -> None:
    """Das lebende Glossar zurück in die Datei. / The living glossary back into the file."""
    chosen = language_or_default(language)
    settings = settings_of(chosen)
    path = file or settings.glossary

    async def work(database: Database) -> Glossary:
        async with database.reading() as session:
            return await read_glossary(session)

    glossary = with_database(settings, chosen, work)
    with explained(chosen):
        changed = texts(path, glossary)
        save(changed)
    if not changed:
        typer.echo(say(chosen, "cli.export_nothing", file=path))
    for written in changed:
        typer.echo(say(chosen, "cli.exported", file=written, terms=len(glossary.terms)))


@app.command()
def inbox(
    since: Annotated[str, typer.Option("--since", help="2026-11-01 | 7d")] = "7d",
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Was Leute zum Glossar sagen und vermissen. / What people say about the glossary, and miss in it."""
    chosen = language_or_default(language)
    start = _start(since, chosen)

    async def work(database: Database) -> tuple[remarks.Inbox, Book | None]:
        async with database.reading() as session:
            try:
                book = Book(await read_glossary(session))
            except NoGlossary:
                book = None
            return await remarks.inbox(session, start), book

    found, book = with_database(settings_of(chosen), chosen, work)
    if as_json:
        typer.echo(json.dumps(letters.record(found, book, start, chosen), ensure_ascii=False, indent=1))
    else:
        show(letters.card(found, book, start, chosen), chosen, more=True)


def _start(since: str, language: str) -> dt.datetime:
    """The moment from which on, in the time of this terminal; ends if that is no day."""
    try:
        if days := _DAYS.fullmatch(since.strip()):
            return dt.datetime.now(dt.UTC) - dt.timedelta(days=int(days[1]))
        return dt.datetime.fromisoformat(since.strip()).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        end(say(language, "cli.bad_since", since=shown(since)))


def _names(terms: tuple[str, ...]) -> str:
    """How many, and the first few."""
    if not terms:
        return "0"
    more = ", …" if len(terms) > _NAMED else ""
    return f"{len(terms)} ({', '.join(terms[:_NAMED])}{more})"
