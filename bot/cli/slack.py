"""`klartext slack …`: is Slack set up as Klartext needs it?"""

import asyncio
import os

import typer

from bot.app.channels import slack_settings
from bot.channels.slack.check import check as look
from bot.cli.common import LanguageOption, end, language_or_default
from bot.cli.failures import settings_or_end
from bot.i18n import say

app = typer.Typer(no_args_is_help=True, help="Slack prüfen / check Slack")


@app.callback()
def slack() -> None:
    """Slack prüfen / check Slack"""


@app.command("check")
def check(language: LanguageOption = None) -> None:
    """Token, Arbeitsbereich und Berechtigungen prüfen. / Check token, workspace and scopes."""
    chosen = language_or_default(language)
    settings = slack_settings(settings_or_end(dict(os.environ), chosen))
    if settings is None:
        end(say(chosen, "slack.check.not_set"), 1)
    found = asyncio.run(look(settings))
    for result in found:
        typer.echo(say(chosen, result.key, **result.values), err=result.wrong)
    if any(result.wrong for result in found):
        raise typer.Exit(1)
