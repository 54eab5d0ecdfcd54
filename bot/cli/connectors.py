"""`klartext connectors …`: are the tools set up that requests go on to, and what did not arrive?"""

import asyncio
import os
from collections.abc import Mapping
from typing import Annotated

import typer

from bot.app.connectors import tools_of
from bot.app.passing import Tool, again
from bot.cli.common import LanguageOption, end, language_or_default
from bot.cli.failures import explained, settings_or_end
from bot.cli.memory import settings_of, with_database
from bot.connectors import file
from bot.connectors.ports import Failed, Found
from bot.db.rows import now
from bot.db.unit_of_work import Database
from bot.i18n import say
from bot.requests import deliveries

app = typer.Typer(no_args_is_help=True, help="Anschlüsse prüfen / check connectors")


@app.callback()
def connectors() -> None:
    """Anschlüsse prüfen / check connectors"""


@app.command("check")
def check(language: LanguageOption = None) -> None:
    """Jeden Anschluss ausprobieren, ohne etwas anzulegen. / Try each, without creating anything."""
    chosen = language_or_default(language)
    settings = settings_or_end(dict(os.environ), chosen)
    with explained(chosen):
        named = file.load(settings.flows / file.FILE)
        tools = tools_of(named, os.environ, now)
    if not tools:
        typer.echo(say(chosen, "connectors.check.none"))
        return
    found = asyncio.run(_tried(tools))
    for name, result in found.items():
        said = {"target": tools[name].title, **result.values}
        if "reason" in result.values:
            given = {"detail": "", **said, "status": said.get("status") or "–"}
            said["reason"] = say(chosen, f"connectors.failed.{result.values['reason']}", **given)
        typer.echo(say(chosen, f"connectors.check.{result.key}", **said), err=result.wrong)
    if wrong := [name for name, result in found.items() if result.wrong]:
        end(say(chosen, "connectors.check.some_wrong", names=", ".join(wrong)), 1)


@app.command("again")
def send_again(
    name: Annotated[
        str | None, typer.Argument(help="Name in connectors.yaml; sonst alle / else all of them")
    ] = None,
    language: LanguageOption = None,
) -> None:
    """Alles noch einmal senden, was nicht angekommen ist. / Send again whatever did not arrive."""
    chosen = language_or_default(language)

    async def work(database: Database) -> int:
        async with database.unit() as unit:
            failed = await deliveries.failed(unit, name)
            for delivery in failed:
                await again(unit, delivery)
            await unit.commit()
        return len(failed)

    count = with_database(settings_of(chosen), chosen, work)
    typer.echo(say(chosen, "connectors.sent_again", count=count))


async def _tried(tools: Mapping[str, Tool]) -> dict[str, Found]:
    found = {}
    for name, tool in tools.items():
        try:
            found[name] = await tool.target.check()
        except Failed as failed:
            values = {"reason": failed.reason, "status": failed.status, "detail": failed.detail}
            found[name] = Found("wrong", values, wrong=True)
        finally:
            await tool.target.close()
    return found
