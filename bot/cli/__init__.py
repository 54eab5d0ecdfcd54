"""The command line: `klartext …`. One module per group of commands; this one joins them."""

import sys
from typing import Annotated

import typer

from bot.cli import analyse, ask, glossary, questions, serve, wishes
from bot.cli.common import GlossaryFile, LanguageOption, language_or_default, open_book
from bot.cli.terminal import show
from bot.glossary import views
from bot.glossary.file import DEFAULT_FILE

app = typer.Typer(
    name="klartext",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    help="Was ein Wort bei euch heisst, für jede Abteilung. / What a word means here, for each department.",
)
app.command("define")(ask.define)
app.command("ask")(ask.ask)
app.command("analyse")(analyse.analyse)
app.command("playground")(serve.playground)
app.command("serve")(serve.serve)
app.add_typer(glossary.app, name="glossary")
app.add_typer(questions.app, name="questions")
app.add_typer(wishes.app, name="wishes")


@app.callback(invoke_without_command=True)
def klartext(
    context: typer.Context,
    language: LanguageOption = None,
    glossary_file: Annotated[
        GlossaryFile, typer.Option("--glossary", "-g", help="Glossar-Datei / glossary file")
    ] = DEFAULT_FILE,
) -> None:
    """Without a command: what one can do."""
    chosen_for_all = {"language": language} if language else {}
    nested = dict.fromkeys(("check", "list", "show"), chosen_for_all)
    context.default_map = {"define": chosen_for_all, "ask": chosen_for_all, "glossary": nested}
    if context.invoked_subcommand is None:
        chosen = language_or_default(language)
        show(views.help_card(open_book(glossary_file, chosen), chosen), chosen, more=True)


def main() -> None:
    """The entry point of the script `klartext`."""
    for stream in (
        sys.stdout,
        sys.stderr,
    ):  # half a character in a question must not end in a traceback
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if sys.stdin is not None and hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
    try:
        app()
    except OSError as error:  # the terminal is gone, or the disk is full
        sys.exit(f"klartext: {error.strerror}")
