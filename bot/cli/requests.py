"""`klartext requests …`: what was asked for, as a list, one by one, or all of it for another tool."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.cli.common import LanguageOption, end, language_or_default
from bot.cli.memory import settings_of, with_database
from bot.cli.terminal import show
from bot.config import Settings
from bot.db.unit_of_work import Database
from bot.glossary.lexicon import Lexicon
from bot.glossary.living import Living, NoGlossary
from bot.i18n import say
from bot.intake import cards, export, notations
from bot.intake.archive import Archive
from bot.intake.file import load
from bot.intake.ticket import ticket
from bot.intake.usecase import UseCase
from bot.intake.wording import Wording
from bot.people.accounts import names
from bot.requests import refs, sections, store
from bot.requests.states import State
from bot.requests.tables import Request
from bot.triage import stats

app = typer.Typer(help="Anfragen an die IT. / Requests to IT.")

_DRAWN: dict[str, Callable[[UseCase, Wording], str]] = {
    "json": lambda case, _: case.text(),
    "markdown": ticket,
    "ears": notations.ears,
    "gherkin": notations.gherkin,
    "story": notations.story,
}
StateOption = Annotated[
    list[State] | None, typer.Option("--state", help="nur in diesem Stand / only in this state")
]


@app.command("list")
def list_requests(
    state: StateOption = None,
    most: Annotated[int, typer.Option("--most", min=1, help="höchstens so viele / at most")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="JSON-Zeilen / JSON lines")] = False,
    language: LanguageOption = None,
) -> None:
    """Die neuesten zuerst. / The newest first."""
    chosen = language_or_default(language)
    settings = settings_of(chosen)

    async def work(database: Database) -> Sequence[Request]:
        async with database.reading() as session:
            return await (await _archive(settings, database)).requests(session, state or (), most)

    requests = with_database(settings, chosen, work)
    for request in requests:
        typer.echo(
            json.dumps(_row(request), ensure_ascii=False) if as_json else cards.line(request, chosen)
        )
    if not requests and not as_json:
        typer.echo(say(chosen, "request.list_empty"))


@app.command("show")
def show_request(
    number: Annotated[str, typer.Argument(help="42 | REQ-42")],
    form: Annotated[
        str, typer.Option("--format", "-f", help="text | json | markdown | ears | gherkin | story")
    ] = "text",
    language: LanguageOption = None,
) -> None:
    """Eine Anfrage mit allem. / A request with everything."""
    chosen = language_or_default(language)
    if form != "text" and form not in _DRAWN:
        end(say(chosen, "cli.unknown_format", name=form, known=", ".join(["text", *_DRAWN])))
    settings = settings_of(chosen)

    async def work(database: Database) -> str | None:
        async with database.reading() as session:
            request = await session.get(Request, refs.number_of(number) or 0)
            if request is None:
                return None
            if form == "text":
                await _print(session, request, chosen)
                return ""
            archive = await _archive(settings, database)
            return _DRAWN[form](*await archive.told(session, request, chosen))

    text = with_database(settings, chosen, work)
    if text is None:
        end(say(chosen, "request.not_here", number=number), 1)
    typer.echo(text, nl=bool(text) and not text.endswith("\n"))


@app.command("export")
def export_requests(
    form: Annotated[str, typer.Option("--format", "-f", help="json | markdown | csv")] = "json",
    state: StateOption = None,
    language: LanguageOption = None,
) -> None:
    """Alle Anfragen für ein anderes Werkzeug. / All requests for another tool."""
    chosen = language_or_default(language)
    if form not in {"json", "markdown", "csv"}:
        end(say(chosen, "cli.unknown_format", name=form, known="json, markdown, csv"))
    settings = settings_of(chosen)

    async def work(database: Database) -> list[tuple[UseCase, Wording]]:
        archive = await _archive(settings, database)
        async with database.reading() as session:
            found = reversed(await archive.requests(session, state or ()))
            return [await archive.told(session, request, chosen) for request in found]

    cases = with_database(settings, chosen, work)
    match form:
        case "csv":
            typer.echo(export.table(cases), nl=False)
        case "markdown":
            typer.echo("\n\n---\n\n".join(ticket(case, words).strip() for case, words in cases))
        case _:
            data = [case.data() for case, _ in cases]
            typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


@app.command("stats")
def request_stats(
    days: Annotated[
        int, typer.Option("--days", min=1, max=3_650, help="so weit zurück / so far back")
    ] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="JSON-Zeilen / JSON lines")] = False,
    language: LanguageOption = None,
) -> None:
    """Gehaltene Versprechen beider Seiten, nie nach Personen. / Kept promises, never by person."""
    chosen = language_or_default(language)

    async def work(database: Database) -> Sequence[stats.Kept]:
        at = database.clock()
        async with database.reading() as session:
            return await stats.kept(session, at - timedelta(days=days), at)

    found = with_database(settings_of(chosen), chosen, work)
    if as_json:
        for one in found:
            typer.echo(json.dumps(stats.record(one)))
    else:
        show(stats.card(found, days, chosen), chosen)


async def _print(session: AsyncSession, request: Request, language: str) -> None:
    joined = await store.supporters(session, request.number)
    known = await names(session, [request.requester])
    head = cards.head(
        request, known.get(request.requester, ""), request.department or "", len(joined), language
    )
    body = sections.elements(sections.read(request.sections, language))
    show(cards.whole(request, head, body), language, more=True)


async def _archive(settings: Settings, database: Database) -> Archive:
    """What things are called; without a glossary in the database terms keep their ids."""
    living = Living(database)
    words = Lexicon(living)
    landscape = load(settings.flows).landscape
    try:
        await living.refresh()
    except NoGlossary:
        return Archive(landscape, {}, {})
    return Archive(landscape, words.terms(None), words.departments())


def _row(request: Request) -> dict[str, object]:
    return {
        "id": request.label,
        "state": request.state,
        "title": request.title,
        "flow": request.flow,
        "queue": request.queue,
        "department": request.department,
        "confidential": request.confidential,
        "created_at": request.created_at.isoformat(),
    }
