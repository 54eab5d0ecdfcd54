"""`klartext flows …` and `klartext landscape …`: check the files of `intake_flows/`, look at a flow."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import (
    GlossaryOption,
    JsonOption,
    LanguageOption,
    end,
    language_or_default,
    listed,
    readable,
    report,
    today,
)
from bot.cli.published import published
from bot.cli.terminal import show
from bot.connectors import file as connectors
from bot.files.findings import FileBroken, nearest
from bot.glossary.file import DEFAULT_FILE
from bot.glossary.file import load as load_glossary
from bot.i18n import say
from bot.intake.check import Known, check_landscape_file
from bot.intake.check import check as find_mistakes
from bot.intake.file import DEFAULT_FOLDER, LANDSCAPE, load
from bot.intake.preview import preview as pages_of
from bot.intake.schemas import schema_text
from bot.text.clean import shown

app = typer.Typer(help="Die Fragebögen prüfen und ansehen. / Check the flows and look at them.")
landscape_app = typer.Typer(help="Die Systemlandschaft prüfen. / Check the landscape.")


class Format(StrEnum):
    """A file of the folder that has a schema."""

    FLOW = "intake_flow"
    LANDSCAPE = "landscape"
    CAPABILITIES = "capabilities"
    CONNECTORS = "connectors"


@app.command()
def check(
    folder: Annotated[
        Path, typer.Argument(help="Ordner oder eine Datei darin / folder, or one file of it")
    ] = DEFAULT_FOLDER,
    language: LanguageOption = None,
    glossary: GlossaryOption = DEFAULT_FILE,
    since: Annotated[
        str,
        typer.Option(help="Git-Stand, mit dem Versionen verglichen werden / git revision to compare with"),
    ] = "HEAD",
    as_json: JsonOption = False,
) -> None:
    """Jeder Fehler mit Zeile und Abhilfe. / Every mistake with line and mend."""
    chosen = language_or_default(language)
    whole = folder.parent if folder.is_file() else folder
    findings = find_mistakes(whole, today(), Known(_choices(glossary), published(whole, since)))
    findings += connectors.check(whole / connectors.FILE)
    if folder.is_file():
        findings = [found for found in findings if found.file == folder]
    warnings = report(findings, chosen, as_json=as_json)
    if not as_json:
        typer.echo(say(chosen, "flows.check_ok", file=folder, warnings=warnings))


@app.command()
def preview(
    flow: Annotated[str | None, typer.Argument(help="Kennung; sonst alle / id; else all")] = None,
    folder: Annotated[Path, typer.Option(help="Ordner / folder")] = DEFAULT_FOLDER,
    in_browser: Annotated[
        bool, typer.Option("--browser", "-b", help="im Browser, mit allem, was zu tun ist / in the browser")
    ] = False,
    port: Annotated[int, typer.Option("--port", "-p", help="Port")] = 8080,
    language: LanguageOption = None,
) -> None:
    """Alle Seiten, wie man sie sieht. / All pages as people see them."""
    chosen = language_or_default(language)
    try:
        flows = load(folder).flows
    except FileBroken as broken:
        end("\n".join(listed(broken.findings, chosen)), 1)
    if flow is not None and flow not in flows:
        near = nearest(flow, list(flows))
        hint = say(chosen, "cli.hint", hint=near) if near else ""
        known = ", ".join(flows)
        end(say(chosen, "flows.unknown", name=shown(flow), hint=hint, known=known), 1)
    if in_browser:
        from bot.cli import serve  # noqa: PLC0415  (loaded when it is wanted)

        path = (f"flows/{flow}" if flow else "flows") + f"?lang={chosen}"
        page = serve.Address("127.0.0.1", port, chosen, "klartext flows preview --browser", path)
        serve.try_out(page, browser=True, KLARTEXT_FLOWS=str(folder))
        return
    for one in [flows[flow]] if flow else flows.values():
        show(pages_of(one, chosen), chosen, more=True)


@app.command()
def schema(
    file: Annotated[Path | None, typer.Argument(help="Zieldatei / file to write")] = None,
    of: Annotated[Format, typer.Option(help="Welche Datei / which file")] = Format.FLOW,
) -> None:
    """Das Format als JSON-Schema, für Editoren. / The format as JSON Schema, for editors."""
    text = connectors.schema_text() if of is Format.CONNECTORS else schema_text(f"{of.value}.schema.json")
    if file is None:
        typer.echo(text, nl=False)
    else:
        with readable("en"):
            file.write_text(text, encoding="utf-8")


@landscape_app.callback()
def _group() -> None:
    """Die Systemlandschaft prüfen. / Check the landscape."""


@landscape_app.command("check")
def check_landscape(
    file: Annotated[Path, typer.Argument(help="landscape.yaml")] = DEFAULT_FOLDER / LANDSCAPE,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Jeder Fehler mit Zeile und Abhilfe. / Every mistake with line and mend."""
    chosen = language_or_default(language)
    warnings = report(check_landscape_file(file, today()), chosen, as_json=as_json)
    if not as_json:
        typer.echo(say(chosen, "flows.check_ok", file=file, warnings=warnings))


def _choices(glossary: Path) -> Mapping[str, list[str]]:
    """What can be chosen from the glossary; nothing if it cannot be read, which its own check says."""
    try:
        known = load_glossary(glossary)
    except FileBroken:
        return {}
    return {
        "departments": list(known.glossary.departments),
        "glossary.terms": list(known.terms),
        "glossary.kpis": [id_ for id_, term in known.terms.items() if term.kind == "kpi"],
    }
