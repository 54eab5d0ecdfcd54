"""`klartext analyse`: what a message wants, one at a time or as JSON lines."""

import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.batch import json_rows
from bot.cli.common import JsonOption, LanguageOption, end, language_or_default, listed
from bot.files.findings import FileBroken
from bot.i18n import say
from bot.intake.file import DEFAULT_FOLDER
from bot.intake.lists import Lists, load_lists
from bot.intake.texts import localised
from bot.intake.wish import Analyst, Wish
from bot.text.clean import shown
from bot.text.words import is_word

FlowsOption = Annotated[
    Path, typer.Option("--flows", help="Ordner der Listen / folder of the lists", show_default=True)
]


app = typer.Typer(add_completion=False)


@app.command()
def analyse(
    text: Annotated[list[str] | None, typer.Argument(help='"Wir brauchen HubSpot"')] = None,
    flows: FlowsOption = DEFAULT_FOLDER,
    language: LanguageOption = None,
    as_json: JsonOption = False,
    why: Annotated[bool, typer.Option("--why", help="Warum so gelesen? / Why read like this?")] = False,
    batch: Annotated[
        bool,
        typer.Option("--batch", help="JSON-Zeilen von der Eingabe / JSON lines from standard input"),
    ] = False,
) -> None:
    """Was eine Nachricht will: Tool, Bedarf, beides oder nichts davon. / What a message wants."""
    chosen = language_or_default(language)
    lists = lists_or_end(flows, chosen)
    analyst = Analyst(lists.catalogue, lists.kinds)
    if batch:
        _batch(analyst, chosen, why=why)
        return
    typed = " ".join(text or []).strip()
    if not typed:
        end(say(chosen, "wishes.no_text"))
    is_word("Haus")  # loads the word lists now, not within the answer's time
    wish, us = timed(analyst, typed, why=why)
    if as_json:
        typer.echo(json.dumps(record(wish, None, us) | (reasons(wish) if why else {}), ensure_ascii=False))
        return
    for line in _lines(wish, lists, language or wish.language or chosen, why=why):
        typer.echo(line)


def lists_or_end(folder: Path, language: str) -> Lists:
    """The lists of a folder; ends with what is wrong in them."""
    try:
        return load_lists(folder)
    except FileBroken as broken:
        end("\n".join(listed(broken.findings, language)), 1)


def timed(analyst: Analyst, text: str, *, why: bool) -> tuple[Wish, int]:
    """The analysis, and the microseconds that it took."""
    started = time.perf_counter_ns()
    wish = analyst.analyse(text, why=why)
    return wish, (time.perf_counter_ns() - started) // 1000


def record(wish: Wish, id_: object, us: int) -> dict[str, Any]:
    """An analysis as data."""
    return {
        "id": id_,
        "label": wish.label,
        "in_doubt": wish.in_doubt,
        "products": [{"name": product.name, "role": product.role} for product in wish.products],
        "need": wish.need,
        "capability": wish.capability,
        "language": wish.language,
        "us": us,
    }


def reasons(wish: Wish) -> dict[str, Any]:
    """What led to the label, as data."""
    return {
        "why": {
            "probabilities": {name: round(chance, 4) for name, chance in wish.why.probabilities.items()},
            "reasons": [[reason.feature, round(reason.weight, 3)] for reason in wish.why.reasons],
            "maybe": list(wish.why.maybe),
            "desk": wish.desk,
            "kind": wish.kind,
        }
    }


def _lines(wish: Wish, lists: Lists, language: str, *, why: bool) -> list[str]:
    """An analysis as sentences."""
    label = say(language, f"wishes.label.{wish.label}")
    lines = [say(language, "wishes.in_doubt", label=label) if wish.in_doubt else label]
    if wish.desk:
        lines.append(say(language, f"wishes.desk.{wish.desk}"))
    lines += [
        say(
            language, "wishes.product", name=product.name, role=say(language, f"wishes.role.{product.role}")
        )
        for product in wish.products
    ]
    if wish.kind:
        lines.append(say(language, "wishes.kind", kind=shown(wish.kind)))
    if capability := lists.capabilities.capabilities.get(wish.capability or ""):
        lines.append(say(language, "wishes.capability", label=localised(capability.label, language)))
    if wish.need:
        lines.append(say(language, "wishes.need", need=shown(wish.need, 300)))
    return lines + (_why_lines(wish, language) if why else [])


def _why_lines(wish: Wish, language: str) -> list[str]:
    chances = ", ".join(f"{name} {chance:.2f}" for name, chance in wish.why.probabilities.items())
    features = ", ".join(f"«{reason.feature}» {reason.weight:+.2f}" for reason in wish.why.reasons)
    rows = (("chances", chances), ("features", features), ("maybe", ", ".join(wish.why.maybe)))
    return [f"{say(language, f'wishes.why.{key}')}: {value}" for key, value in rows if value]


def _batch(analyst: Analyst, language: str, *, why: bool) -> None:
    is_word("Haus")  # loads the word lists now, not within the first answer's time
    failed = False
    for number, row in json_rows(sys.stdin or ()):
        text = row.get("text") if row is not None else None
        if row is None or not isinstance(text, str):
            typer.echo(say(language, "wishes.bad_line", line=number), err=True)
            failed = True
            continue
        wish, us = timed(analyst, text, why=why)
        found = record(wish, row.get("id"), us) | (reasons(wish) if why else {})
        typer.echo(json.dumps(found, ensure_ascii=False))
    if failed:
        raise typer.Exit(1)
