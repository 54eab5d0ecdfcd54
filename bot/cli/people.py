"""`klartext people …`: what is stored about one person."""

import json
from typing import Annotated, Any

import typer

from bot.app import TRACES
from bot.chat.ui import Card, Facts, Text
from bot.cli.common import LanguageOption, confirmed, end, language_or_default
from bot.cli.memory import settings_of, with_database
from bot.cli.terminal import show as draw
from bot.config import Settings
from bot.db.unit_of_work import Database
from bot.i18n import say
from bot.people import records
from bot.text.clean import shown

app = typer.Typer(help="Was über eine Person gespeichert ist. / What is stored about a person.")

WhoArgument = Annotated[
    str, typer.Argument(help="Nummer, E-Mail oder kanal:konto / number, e-mail or channel:account")
]


@app.command()
def show(who: WhoArgument, language: LanguageOption = None) -> None:
    """Kurz. / In short."""
    chosen = language_or_default(language)
    data = _export(settings_of(chosen), who, chosen)
    draw(_card(data, chosen), chosen, more=True)


@app.command()
def export(who: WhoArgument, language: LanguageOption = None) -> None:
    """Alles, als JSON. / Everything, as JSON."""
    chosen = language_or_default(language)
    data = _export(settings_of(chosen), who, chosen)
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1))


@app.command()
def forget(
    who: WhoArgument,
    yes: Annotated[bool, typer.Option("--yes", help="ohne Rückfrage / do not ask")] = False,
    language: LanguageOption = None,
) -> None:
    """Alles löschen; Anfragen und Zahlen bleiben ohne Namen. / Delete it; requests and counts stay."""
    chosen = language_or_default(language)
    settings = settings_of(chosen)
    data = _export(settings, who, chosen)
    name = _name(data)
    if not yes and not confirmed(say(chosen, "people.forget_sure", name=name)):
        end(say(chosen, "people.forget_not"), 1)

    async def work(database: Database) -> None:
        async with database.unit() as unit:
            await records.forget(unit, [row["id"] for row in data["people"]], TRACES)
            await unit.commit()

    with_database(settings, chosen, work)
    typer.echo(say(chosen, "people.forgotten", name=name))


def _export(settings: Settings, who: str, language: str) -> dict[str, Any]:
    """Everything about the person; ends if there is none."""

    async def work(database: Database) -> dict[str, Any]:
        async with database.reading() as session:
            people = await records.find(session, who.strip())
            return await records.export(session, people, TRACES) if people else {}

    data = with_database(settings, language, work)
    if not data:
        end(say(language, "people.unknown", who=shown(who)), 1)
    return data


def _card(data: dict[str, Any], language: str) -> Card:
    first = data["people"][0]
    accounts = ", ".join(f"{row['channel']}:{row['external']}" for row in data["accounts"])
    facts = {
        "people.number": str(first["id"]),
        "people.email": first["email"],
        "people.language": first["language"] and say(language, f"people.{first['language']}"),
        "people.department": first["department"],
        "people.accounts": accounts,
        "people.since": first["created_at"][:10],
        "people.said": str(len(data["remarks"]) + len(data["proposals"])),
    }
    rows = tuple((say(language, key), value) for key, value in facts.items() if value)
    return Card(_name(data), (Text(_name(data), "strong"), Facts(rows)))


def _name(data: dict[str, Any]) -> str:
    first = data["people"][0]
    return shown(first["name"]) or first["email"] or str(first["id"])
