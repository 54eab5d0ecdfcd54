"""`klartext db …`: the database itself."""

import asyncio

import typer

from bot.cli.common import LanguageOption, language_or_default
from bot.cli.failures import explained
from bot.cli.memory import settings_of
from bot.db.migrate import newest, upgrade
from bot.i18n import say

app = typer.Typer(help="Die Datenbank. / The database.")


@app.callback()
def _group() -> None:
    """Die Datenbank. / The database."""


@app.command("upgrade")
def bring_up_to_date(language: LanguageOption = None) -> None:
    """Anlegen oder auf den neuesten Stand bringen. / Make it, or bring it up to date."""
    chosen = language_or_default(language)
    with explained(chosen):
        asyncio.run(upgrade(settings_of(chosen).database_url))
    typer.echo(say(chosen, "database.newest", revision=newest()))
