"""`klartext wishes …`: train and measure how wishes are read."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.analyse import FlowsOption, lists_or_end
from bot.cli.common import LanguageOption, end, language_or_default, readable
from bot.i18n import say
from bot.intake.file import DEFAULT_FOLDER
from bot.intake.score import leave_one_out, score_files
from bot.intake.training import FOLDER, make
from bot.text.training import TrainingUnavailable

app = typer.Typer(help="Wie Wünsche gelesen werden. / How wishes are read.")

Sentences = Annotated[
    Path,
    typer.Option("--sentences", help="Ordner mit wishes_*.jsonl / folder of labelled sentences"),
]


@app.command()
def train(
    sentences: Sentences = FOLDER, flows: FlowsOption = DEFAULT_FOLDER, language: LanguageOption = None
) -> None:
    """Die Gewichte aus den Sätzen neu berechnen. / Compute the weights from the sentences."""
    chosen = language_or_default(language)
    lists = lists_or_end(flows, chosen)
    with readable(chosen):
        rows = make.sentences(lists.catalogue, lists.kinds, sentences)
        try:
            make.write(make.train_all(rows), sentences)
        except TrainingUnavailable:
            end(say(chosen, "cli.train_missing"))
    typer.echo(say(chosen, "cli.trained", models=len(make.NAMES), sentences=len(rows)))


@app.command()
def score(
    files: Annotated[list[Path] | None, typer.Argument(help="wishes_dev.jsonl …")] = None,
    sentences: Sentences = FOLDER,
    flows: FlowsOption = DEFAULT_FOLDER,
    left_out: Annotated[
        bool,
        typer.Option("--left-out", help="Trainieren ohne je einen Autor / leave each author out"),
    ] = False,
    author: Annotated[
        list[str] | None, typer.Option("--author", help="nur diese auslassen / leave only these out")
    ] = None,
    language: LanguageOption = None,
) -> None:
    """Wie gut Wünsche verstanden werden. / How well wishes are understood."""
    chosen = language_or_default(language)
    if not files and not left_out:
        end(say(chosen, "cli.no_files"))
    lists = lists_or_end(flows, chosen)
    with readable(chosen):
        for line in score_files(lists, files or ()) if files else ():
            typer.echo(line)
        if left_out:
            rows = make.sentences(lists.catalogue, lists.kinds, sentences)
            try:
                for line in leave_one_out(rows, lists, author or ()):
                    typer.echo(line)
            except TrainingUnavailable:
                end(say(chosen, "cli.train_missing"))
