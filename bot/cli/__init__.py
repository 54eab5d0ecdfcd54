"""The command line: `klartext …`. One module per group of commands; this one joins them."""

import gc
import sys
from typing import Any

import typer

from bot.cli import ask, glossary, questions
from bot.cli.common import LanguageOption
from bot.cli.later import Later

_ANSWERING = ("help", "define", "ask", "analyse", "agenda", "playground", "serve")
_GROUPS = {
    "glossary": ("check", "list", "show", "import", "export", "inbox"),
    "people": ("show", "export", "forget"),
    "roles": ("check",),
    "db": ("upgrade",),
    "jobs": ("list", "retry", "discard"),
    "requests": ("list", "show", "stats", "export"),
    "flows": ("check", "preview", "schema"),
    "landscape": ("check",),
    "coach": ("hints", "train"),
    "slack": ("check",),
    "connectors": ("check", "again"),
}


class _Commands(Later):
    """Everything; what needs the database is loaded later."""

    modules = {  # noqa: RUF012  (the base class says ClassVar)
        "playground": "bot.cli.serve",
        "serve": "bot.cli.serve",
        "people": "bot.cli.people",
        "roles": "bot.cli.roles",
        "db": "bot.cli.db",
        "flows": "bot.cli.flows",
        "landscape": "bot.cli.flows:landscape_app",
        "jobs": "bot.cli.jobs",
        "requests": "bot.cli.requests",
        "agenda": "bot.cli.agenda",
        "coach": "bot.cli.coach",
        "analyse": "bot.cli.analyse",
        "wishes": "bot.cli.wishes",
        "slack": "bot.cli.slack",
        "teams": "bot.cli.teams",
        "connectors": "bot.cli.connectors",
    }


app = typer.Typer(
    name="klartext",
    cls=_Commands,
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    help="Was ein Wort bei euch heisst, für jede Abteilung. / What a word means here, for each department.",
)
app.command("help")(ask.overview)
app.command("define")(ask.define)
app.command("ask")(ask.ask)
app.add_typer(glossary.app, name="glossary")
app.add_typer(questions.app, name="questions")


@app.callback(invoke_without_command=True)
def klartext(context: typer.Context, language: LanguageOption = None) -> None:
    """Without a command: the playground opens in the browser."""
    gc.enable()
    chosen: dict[str, Any] = {"language": language} if language else {}
    grouped = {group: dict.fromkeys(names, chosen) for group, names in _GROUPS.items()}
    context.default_map = {**dict.fromkeys(_ANSWERING, chosen), **grouped}
    if context.invoked_subcommand is None:
        from bot.cli import serve  # noqa: PLC0415  (loaded later, like its command)

        serve.playground(language=language)


def main() -> None:
    """The entry point of the script `klartext`."""
    gc.disable()  # while commands are loaded: what is loaded stays
    for stream in (sys.stdout, sys.stderr):  # half a character in a question must not end in a traceback
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if sys.stdin is not None and hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
    try:
        app()
    except OSError as error:  # the terminal is gone, or the disk is full
        sys.exit(f"klartext: {error.strerror}")
