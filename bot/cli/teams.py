"""`klartext teams package`: what an admin uploads to Teams."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.channels.teams.package import NoPackage, Publisher, package
from bot.cli.common import LanguageOption, end, language_or_default
from bot.cli.failures import settings_or_end
from bot.i18n import say

TEMPLATES = Path("deploy/teams-app")
OUTPUT = Path("klartext-teams.zip")

app = typer.Typer(help="Microsoft Teams", no_args_is_help=True)


@app.callback()
def teams() -> None:
    """Microsoft Teams."""


@app.command("package")
def write_package(
    website: Annotated[
        str | None,
        typer.Option("--website", help="Seite über Klartext bei euch / your page about it, https://…"),
    ] = None,
    company: Annotated[str, typer.Option("--company", help="eure Firma / your company")] = "Klartext",
    output: Annotated[Path, typer.Option("--output", "-o", help="Datei / file")] = OUTPUT,
    template: Annotated[Path, typer.Option("--template", help="Ordner / folder")] = TEMPLATES,
    version: Annotated[
        str, typer.Option("--version", help="höher als die letzte / higher than the last one")
    ] = "",
    language: LanguageOption = None,
) -> None:
    """Das App-Paket für Teams schreiben. / Write the app package for Teams."""
    chosen = language_or_default(language)
    if website is None:
        end(say(chosen, "teams.package.no_website"))
    settings = settings_or_end(dict(os.environ), chosen)
    if not settings.teams_app_id:
        end(say(chosen, "teams.package.no_id"), 1)
    try:
        written = package(template, Publisher(settings.teams_app_id, company, website, version))
    except NoPackage as refused:
        end(say(chosen, refused.key, **refused.values), 1)
    output.write_bytes(written)
    typer.echo(say(chosen, "teams.package.written", file=output))
