"""`klartext roles …`: who stands behind the names in the files."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import LanguageOption, end, language_or_default, listed
from bot.cli.failures import explained
from bot.cli.memory import settings_of
from bot.config import Settings
from bot.glossary.file import draft_of
from bot.i18n import say
from bot.people.check import check as find_mistakes

app = typer.Typer(help="Wer hinter den Rollen steht. / Who stands behind the roles.")


@app.callback()
def _group() -> None:
    """Wer hinter den Rollen steht. / Who stands behind the roles."""


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="roles.yaml")] = None, language: LanguageOption = None
) -> None:
    """Ist jeder definiert, den die Dateien nennen? / Is everybody defined whom the files name?"""
    chosen = language_or_default(language)
    settings = settings_of(chosen)
    roles = file or settings.flows / "roles.yaml"
    with explained(chosen):
        others = _others(settings, roles)
        findings = find_mistakes(roles, others)
    for line in listed(findings, chosen):
        typer.echo(line)
    errors = sum(found.severity == "error" for found in findings)
    if errors:
        warnings = len(findings) - errors
        end(say(chosen, "cli.check_failed", errors=errors, warnings=warnings), 1)
    typer.echo(say(chosen, "cli.roles_ok", file=roles, files=len(others)))


def _others(settings: Settings, roles: Path) -> list[Path]:
    """The files that name people: the glossary with all that it includes, and the flows."""
    glossary = [source.path for source in draft_of(settings.glossary).sources]
    return [*glossary, *sorted(set(settings.flows.glob("*.yaml")) - {roles})]
