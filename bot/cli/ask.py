"""`klartext define` and `klartext ask`, one at a time or as JSON lines."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

import typer

from bot.chat.ui import Card
from bot.cli.batch import json_rows
from bot.cli.common import (
    DepartmentOption,
    GlossaryOption,
    JsonOption,
    LanguageOption,
    department_of,
    end,
    language_or_default,
    open_book,
    today,
    unknown_department,
)
from bot.cli.terminal import show
from bot.glossary import views
from bot.glossary.book import Answer, Book, UnknownDepartment
from bot.glossary.file import DEFAULT_FILE
from bot.glossary.words import language_of
from bot.i18n import LANGUAGES, say
from bot.text.words import is_word

BatchOption = Annotated[
    bool,
    typer.Option("--batch", help="JSON-Zeilen von der Eingabe / JSON lines from standard input"),
]
MoreOption = Annotated[bool, typer.Option("--more", help="Alles zeigen / show everything")]
Asking = Callable[[Book, str, str | None, str | None, bool], Answer]


def overview(language: LanguageOption = None, glossary: GlossaryOption = DEFAULT_FILE) -> None:
    """Was Klartext kann. / What Klartext can do."""
    chosen = language_or_default(language)
    show(views.help_card(open_book(glossary, chosen), chosen), chosen, more=True)


def define(
    term: Annotated[list[str] | None, typer.Argument(help="MQL · MQL vs SQL · list sales")] = None,
    department: DepartmentOption = None,
    language: LanguageOption = None,
    glossary: GlossaryOption = DEFAULT_FILE,
    as_json: JsonOption = False,
    batch: BatchOption = False,
    more: MoreOption = False,
) -> None:
    """Ein Wort nachschlagen. / Look a word up."""
    asking: Asking = lambda book, text, where, lang, _: book.define(text, where, lang)  # noqa: E731
    if batch:
        _batch(asking, glossary, department, language, overheard=False, why=False)
        return
    chosen = language_or_default(language)
    text = " ".join(term or []).strip()
    if not text:
        overview(language, glossary)
        return
    book = open_book(glossary, chosen)
    given = book.define(
        text, department_of(book, department, chosen), language or language_of(text) or chosen
    )
    _say(book, given, as_json=as_json, more=more)


def ask(
    question: Annotated[list[str] | None, typer.Argument(help='"Was heisst Lead bei uns?"')] = None,
    department: DepartmentOption = None,
    language: LanguageOption = None,
    glossary: GlossaryOption = DEFAULT_FILE,
    as_json: JsonOption = False,
    batch: BatchOption = False,
    more: MoreOption = False,
    overheard: Annotated[
        bool, typer.Option("--overheard", help="Im Kanal mitgelesen / read along in a channel")
    ] = False,
    why: Annotated[bool, typer.Option("--why", help="Warum so gelesen? / Why read like this?")] = False,
) -> None:
    """Eine Frage stellen, wie man sie tippt. / Ask as one types."""
    asking: Asking = lambda book, text, where, lang, addressed: book.ask(  # noqa: E731
        text, where, lang, addressed=addressed
    )
    if batch:
        _batch(asking, glossary, department, language, overheard=overheard, why=why)
        return
    chosen = language_or_default(language)
    text = " ".join(question or []).strip()
    if not text:
        end(say(chosen, "cli.no_question"))
    book = open_book(glossary, chosen)
    given = book.ask(
        text,
        department_of(book, department, chosen),
        language or language_of(text) or chosen,
        addressed=not overheard,
        command=not overheard,
    )
    _say(book, given, as_json=as_json, more=more)
    if why and not as_json:
        _explain(given)


def _say(book: Book, given: Answer, *, as_json: bool, more: bool) -> None:
    card = None if given.reading.silent else views.answer(book, given, today())
    if as_json:
        typer.echo(json.dumps({**record(given), **_card(card), **_why(given)}, ensure_ascii=False))
    elif card is None:
        typer.echo(say(given.language, "silent"))
    else:
        show(card, given.language, more=more)


def record(given: Answer, id_: object = None) -> dict[str, Any]:
    """An answer as data: `department` was named in the question, the sense of `asked_from` comes first."""
    reading = given.reading
    answered = given.outcome == "answer" and given.intent != "list"
    return {
        "id": id_,
        "outcome": given.outcome,
        "intent": given.intent,
        "terms": list(given.terms) if answered else list(given.listed),
        "suggestions": list(given.suggestions) if given.outcome == "suggest" else [],
        "department": reading.department,
        "asked_from": given.asker,
        "aspect": reading.aspect,
        "understood": reading.understood,
        "us": given.microseconds,
    }


def _card(card: Card | None) -> dict[str, Any]:
    def typed(element: Any) -> Any:
        if isinstance(element, (list, tuple)):
            return [typed(item) for item in element]
        if hasattr(element, "__dataclass_fields__"):
            fields = {name: typed(getattr(element, name)) for name in element.__dataclass_fields__}
            return {"type": type(element).__name__.lower(), **fields}
        return element

    return {"card": typed(card)} if card else {}


def _why(given: Answer) -> dict[str, Any]:
    why = given.reading.why
    reasons = [asdict(reason) for reason in why.reasons()]
    return {"why": {"probabilities": why.probabilities, "reasons": reasons, "asked": why.asked}}


def _explain(given: Answer) -> None:
    why, language = given.reading.why, given.language
    chances = ", ".join(f"{name} {chance:.2f}" for name, chance in why.probabilities.items())
    features = ", ".join(f"«{reason.feature}» {reason.weight:+.2f}" for reason in why.reasons())
    asked = ", ".join(f"«{word}» {chance:.2f}" for word, chance in why.asked)
    rows = (("why_intent", chances), ("why_features", features), ("why_asked", asked))
    for key, value in rows:
        typer.echo(f"{say(language, f'cli.{key}')}: {value or '–'}")


def _batch(
    asking: Asking,
    glossary: Any,
    department: str | None,
    language: str | None,
    *,
    overheard: bool,
    why: bool,
) -> None:
    chosen = language_or_default(language)
    book = open_book(glossary, chosen)
    usual = department_of(book, department, chosen)
    is_word("Haus")  # loads the word lists now, not within the first answer's time
    failed = False
    for number, row in json_rows(sys.stdin or ()):
        text = (row.get("text") or row.get("q")) if row is not None else None
        if row is None or not isinstance(text, str):
            typer.echo(say(chosen, "cli.bad_line", line=number), err=True)
            failed = True
            continue
        where = usual
        try:
            where = book.department(row.get("asker_department")) or usual
        except (UnknownDepartment, AttributeError) as unknown:
            if isinstance(unknown, UnknownDepartment):
                typer.echo(unknown_department(unknown, chosen), err=True)
        spoken = row.get("language")
        given = asking(
            book,
            text,
            where,
            spoken if spoken in LANGUAGES else language,
            row.get("addressed", not overheard) in (True, "true"),
        )
        reasons = _why(given) if why else {}
        typer.echo(json.dumps({**record(given, row.get("id")), **reasons}, ensure_ascii=False))
    if failed:
        raise typer.Exit(1)
