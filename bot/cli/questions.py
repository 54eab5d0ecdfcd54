"""`klartext questions …`: train and measure how questions are read."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import GlossaryOption, LanguageOption, end, language_or_default, open_book, readable
from bot.glossary.file import DEFAULT_FILE
from bot.glossary.score import leave_one_out, score_questions
from bot.glossary.training import FOLDER, make
from bot.i18n import say
from bot.text.training import TrainingUnavailable

app = typer.Typer(help="Wie Fragen gelesen werden. / How questions are read.")

Sentences = Annotated[
    Path,
    typer.Option("--sentences", help="Ordner mit questions_*.jsonl / folder of labelled sentences"),
]


@app.command()
def train(sentences: Sentences = FOLDER, language: LanguageOption = None) -> None:
    """Die Gewichte aus den Sätzen neu berechnen. / Compute the weights from the sentences."""
    with readable(language_or_default(language)):
        rows = make.sentences(sentences)
    try:
        models = make.train_all(rows)
    except TrainingUnavailable:
        end(say(language_or_default(language), "cli.train_missing"))
    make.write(models, make.followers(rows), sentences)
    chosen = language_or_default(language)
    typer.echo(say(chosen, "cli.trained", models=len(models), sentences=len(rows)))


@app.command()
def score(
    files: Annotated[list[Path] | None, typer.Argument(help="questions_dev.jsonl …")] = None,
    glossary: GlossaryOption = DEFAULT_FILE,
    sentences: Sentences = FOLDER,
    left_out: Annotated[
        bool,
        typer.Option("--left-out", help="Trainieren ohne je einen Autor / leave each author out"),
    ] = False,
    author: Annotated[
        list[str] | None, typer.Option("--author", help="nur diese auslassen / leave only these out")
    ] = None,
) -> None:
    """Wie gut Fragen verstanden werden. / How well questions are understood."""
    if not files and not left_out:
        end(say("en", "cli.no_files"))
    if files:
        book = open_book(glossary, "en")
        with readable("en"):
            for line in score_questions(book, files):
                typer.echo(line)
    if left_out:
        for line in leave_one_out(make.sentences(sentences), author or ()):
            typer.echo(line)
