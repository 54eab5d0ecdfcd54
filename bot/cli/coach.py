"""`klartext coach …`: hints to an answer, one at a time or as JSON lines; train and measure them."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bot.cli.batch import json_rows
from bot.cli.common import JsonOption, LanguageOption, end, language_or_default, readable
from bot.cli.failures import explained
from bot.i18n import LANGUAGES, say
from bot.intake.coach import Coach, Hint, sentence
from bot.intake.coaching.fields import FIELDS, rules_of
from bot.intake.coaching.judge import MODELLED, SIGNS, chance, load_models, reasons_of
from bot.intake.coaching.names import DEFAULT_FILE, plain_names
from bot.intake.coaching.reading import read
from bot.intake.coaching.score import leave_one_out, score_files
from bot.intake.coaching.training import FOLDER, make
from bot.intake.coaching.wordfile import extended, word_lists
from bot.intake.file import DEFAULT_FOLDER, load
from bot.intake.model import Flow, Question
from bot.text.clean import shown
from bot.text.training import TrainingUnavailable

_HINTS = "hints"


class _HintsByDefault(TyperGroup):
    """`klartext coach TEXT` is `klartext coach hints TEXT`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in {"--help", "-h"}:
            args = [_HINTS, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_HintsByDefault,
    no_args_is_help=True,
    help='Hinweise zu einer Antwort: klartext coach "Mehr Leads" --field goal. / Hints to an answer.',
)

FieldOption = Annotated[
    str | None, typer.Option("--field", "-f", help=f"{' · '.join(FIELDS)} (sonst/else requirement)")
]
FlowOption = Annotated[
    str | None, typer.Option("--flow", help="Fragebogen, dessen Frage --field ist / flow of the question")
]
FlowsOption = Annotated[Path, typer.Option("--flows", help="Ordner der Fragebögen / folder of the flows")]
ProductsOption = Annotated[Path, typer.Option("--products", help="Produktliste / list of products")]
WordsOption = Annotated[
    Path | None,
    typer.Option("--words", envvar="KLARTEXT_COACH_WORDS", help="eigene Wörter dazu / words of your own"),
]
ModelsOption = Annotated[
    Path,
    typer.Option(
        "--models", envvar="KLARTEXT_COACH_MODELS", help="Ordner der Gewichte / folder of weights"
    ),
]
SentencesOption = Annotated[
    Path, typer.Option("--sentences", help="Ordner mit coaching_*.jsonl / folder of labelled answers")
]


@dataclass(frozen=True)
class _Desk:
    """What the commands work with; flows are read when the first row names one."""

    coach: Coach
    flows_folder: Path

    @cached_property
    def flows(self) -> Mapping[str, Flow]:
        return load(self.flows_folder).flows

    def hints(self, text: str, field: str | None, flow: str | None, language: str) -> tuple[Hint, ...]:
        """The hints to an answer. Raises LookupError with a sentence's key for what is not known."""
        if flow is not None:
            return self.coach.question(
                self._question(flow, field or "requirement"), text, language=language
            )
        if field is None:
            return self.coach.unstated(text, language=language)
        return self.coach.hints(text, rules_of(field), field=field, language=language)

    def language(self, text: str) -> str:
        """The language of a text, "" if its words do not tell."""
        return read(text, self.coach.lists).language

    def _question(self, flow: str, field: str) -> Question:
        found = self.flows.get(flow)
        if found is None:
            raise _Unknown("unknown_flow", flow=shown(flow), known=", ".join(self.flows))
        question = found.question(field)
        if question is None:
            raise _Unknown("unknown_question", question=shown(field), flow=flow)
        return question


class _Unknown(Exception):
    """A flow or question that does not exist: say so and go on with the next row."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@app.command(_HINTS)
def hints(
    text: Annotated[list[str] | None, typer.Argument(help='"Wir brauchen HubSpot"')] = None,
    field: FieldOption = None,
    flow: FlowOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
    batch: Annotated[
        bool, typer.Option("--batch", help="JSON-Zeilen von der Eingabe / JSON lines from standard input")
    ] = False,
    neutral: Annotated[bool, typer.Option("--neutral", help="ohne du / without du (German)")] = False,
    why: Annotated[bool, typer.Option("--why", help="Warum? / Why?")] = False,
    flows: FlowsOption = DEFAULT_FOLDER,
    products: ProductsOption = DEFAULT_FILE,
    words: WordsOption = None,
    models: ModelsOption = FOLDER,
) -> None:
    """Hinweise zu einer Antwort. / Hints to an answer."""
    chosen = language_or_default(language)
    with _said(chosen):
        desk = _Desk(_coach(words, models, products), flows)
    if batch:
        _batch(desk, chosen)
        return
    answer = " ".join(text or []).strip()
    if not answer:
        end(say(chosen, "coach.no_text"))
    if flow is None and field is not None and field not in FIELDS:
        end(say(chosen, "coach.unknown_field", field=shown(field), known=", ".join(FIELDS)))
    try:
        with explained(chosen):
            found = desk.hints(answer, field, flow, language or "")
    except _Unknown as unknown:
        end(say(chosen, f"coach.{unknown.key}", **unknown.values))
    if as_json:
        typer.echo(json.dumps({"hints": _as_data(found)}, ensure_ascii=False))
        return
    spoken = language or desk.language(answer) or chosen
    for hint in found:
        typer.echo(f"• {sentence(hint, spoken, 'neutral' if neutral else 'du')}")
    if not found:
        typer.echo(say(spoken, "coach.nothing"))
    if why:
        _explain(desk.coach, answer, field or "requirement", chosen)


@app.command()
def train(
    sentences: SentencesOption = FOLDER,
    products: ProductsOption = DEFAULT_FILE,
    words: WordsOption = None,
    language: LanguageOption = None,
) -> None:
    """Die Gewichte aus den Antworten neu berechnen. / Compute the weights from the answers."""
    chosen = language_or_default(language)
    with _said(chosen):
        rows = make.sentences(sentences)
        lists = extended(words) if words else word_lists()
        read_rows = make.readings(rows, lists, plain_names(products))
    try:
        trained = make.train_all(read_rows)
    except TrainingUnavailable:
        end(say(chosen, "cli.train_missing"))
    make.write(trained, sentences)
    typer.echo(say(chosen, "coach.trained", models=len(trained), sentences=len(rows)))


@app.command()
def score(
    files: Annotated[list[Path] | None, typer.Argument(help="coaching_dev.jsonl …")] = None,
    left_out: Annotated[
        bool, typer.Option("--left-out", help="Trainieren ohne je einen Autor / leave each author out")
    ] = False,
    author: Annotated[
        list[str] | None, typer.Option("--author", help="nur diese auslassen / leave only these out")
    ] = None,
    sentences: SentencesOption = FOLDER,
    products: ProductsOption = DEFAULT_FILE,
    words: WordsOption = None,
    models: ModelsOption = FOLDER,
) -> None:
    """Wie gut die Hinweise treffen. / How often the hints are right."""
    if not files and not left_out:
        end(say("en", "coach.no_files"))
    with _said("en"):
        coach = _coach(words, models, products)
        for line in score_files(coach, files or []):
            typer.echo(line)
        rows = make.sentences(sentences) if left_out else []
    if left_out:
        for line in leave_one_out(coach, rows, author or ()):
            typer.echo(line)


def _coach(words: Path | None, models: Path, products: Path) -> Coach:
    lists = extended(words) if words else word_lists()
    return Coach(lists, load_models(models), plain_names(products))


@contextmanager
def _said(language: str) -> Iterator[None]:
    """What is wrong with a file ends the command in one sentence."""
    with explained(language), readable(language):
        yield


def _batch(desk: _Desk, language: str) -> None:
    failed = False
    for number, row in json_rows(sys.stdin or ()):
        text = row.get("text") if row is not None else None
        if row is None or not isinstance(text, str):
            typer.echo(say(language, "cli.bad_line", line=number), err=True)
            failed = True
            continue
        spoken = row.get("lang") or row.get("language")
        field, flow = _name(row, "field"), _name(row, "flow")
        if flow is None and field is not None and field not in FIELDS:
            values = {"field": shown(field), "known": ", ".join(FIELDS)}
            typer.echo(say(language, "coach.field_guessed", line=number, **values), err=True)
            failed = True
        try:
            with explained(language):
                found = desk.hints(text, field, flow, spoken if spoken in LANGUAGES else "")
        except _Unknown as unknown:
            typer.echo(say(language, f"coach.{unknown.key}", **unknown.values), err=True)
            failed = True
            continue
        typer.echo(json.dumps({"id": row.get("id"), "hints": _as_data(found)}, ensure_ascii=False))
    if failed:
        raise typer.Exit(1)


def _name(row: Mapping[str, Any], key: str) -> str | None:
    value = row.get(key)
    return value if isinstance(value, str) and value else None


def _as_data(found: Sequence[Hint]) -> list[dict[str, str]]:
    return [{"rule": hint.rule, "match": hint.match} for hint in found]


def _explain(coach: Coach, text: str, field: str, language: str) -> None:
    """How sure each model is of its rule, and what moved it."""
    reading = read(text, coach.lists, field, language=language, names_in=coach.names_in)
    for rule in MODELLED:
        if rule in rules_of(field):
            sure = chance(rule, reading, SIGNS[rule](reading), coach.models)
            moved = ", ".join(
                f"«{reason.feature}» {reason.weight:+.2f}"
                for reason in reasons_of(rule, reading, coach.models)
            )
            typer.echo(say(language, "coach.why", rule=rule, chance=f"{sure:.2f}", reasons=moved))
