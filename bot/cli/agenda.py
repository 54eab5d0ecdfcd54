"""`klartext agenda`: what a queue has to talk about, as it is posted once a week."""

from functools import partial
from typing import Annotated

import typer

from bot.app.queues import disputed_terms, queues_of
from bot.cli.common import LanguageOption, end, language_or_default
from bot.cli.memory import settings_of, with_database
from bot.cli.terminal import show
from bot.db.unit_of_work import Database
from bot.glossary.lexicon import Lexicon
from bot.glossary.living import Living, NoGlossary
from bot.i18n import say
from bot.intake.file import Intake, load
from bot.intake.landscape import namer
from bot.text.clean import shown
from bot.triage.agenda import Surroundings, gather
from bot.triage.agenda_cards import Agenda, card

app = typer.Typer(add_completion=False)


async def _nothing(*_asked: object) -> tuple[str, ...]:
    """There is no glossary."""
    return ()


@app.command("agenda")
def agenda(
    queue: Annotated[str | None, typer.Option("--queue", "-q", help="nur diese / only this one")] = None,
    language: LanguageOption = None,
) -> None:
    """Die Tagesordnung der Warteschlangen. / The agenda of the queues."""
    chosen = language_or_default(language)
    settings = settings_of(chosen)
    intake = load(settings.flows)
    known = [one.id for one in queues_of(intake.flows.values())]
    if queue is not None and queue not in known:
        end(say(chosen, "agenda.unknown_queue", name=shown(queue), known=", ".join(known)))

    async def work(database: Database) -> list[Agenda]:
        return await _agendas(intake, database, [queue] if queue else known, chosen)

    for at, one in enumerate(with_database(settings, chosen, work)):
        if at:
            typer.echo()
        show(card(one, chosen), chosen, more=True)


async def _agendas(intake: Intake, database: Database, wanted: list[str], language: str) -> list[Agenda]:
    """Without a glossary in the database nothing is in dispute."""
    living = Living(database)
    around = Surroundings(namer(intake.landscape), partial(disputed_terms, Lexicon(living)))
    try:
        await living.refresh()
    except NoGlossary:
        around = Surroundings(namer(intake.landscape), _nothing)
    at = database.clock()
    queues = [one for one in queues_of(intake.flows.values()) if one.id in wanted]
    async with database.reading() as session:
        return [await gather(session, one, around, at, language) for one in queues]
