"""`klartext jobs …`: what waits, what failed for good, and what to do about it."""

import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Annotated

import typer

from bot.app.dead_letters import title
from bot.cli.common import LanguageOption, confirmed, end, language_or_default
from bot.cli.memory import settings_of, with_database
from bot.db.unit_of_work import Database, Unit
from bot.i18n import day_text, say
from bot.jobs import upkeep
from bot.jobs.tables import Job
from bot.jobs.upkeep import UNFINISHED, NoSuchJob, NotNow, Standing, standing
from bot.text.clean import shown

app = typer.Typer(help="Was später oder anderswo geschieht. / What happens later or elsewhere.")

_FORMATS = ("text", "json")
_LARGEST = 2**31 - 1  # what the database's integers hold
Numbers = Annotated[
    list[int] | None, typer.Argument(min=1, max=_LARGEST, help="17 18 …", show_default=False)
]
AllDead = Annotated[bool, typer.Option("--dead", help="alle gescheiterten / all failed ones")]


@app.command("list")
def list_jobs(
    dead: Annotated[bool, typer.Option("--dead", help="nur gescheiterte / only failed ones")] = False,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="nur wartende und laufende / only waiting and running ones")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="auch erledigte / also finished ones")] = False,
    most: Annotated[int, typer.Option("--most", min=1, help="höchstens so viele / at most")] = 50,
    form: Annotated[str, typer.Option("--format", "-f", help="text | json (JSON-Zeilen / lines)")] = "text",
    language: LanguageOption = None,
) -> None:
    """Die neuesten zuerst. / The newest first."""
    chosen = language_or_default(language)
    if form not in _FORMATS:
        end(say(chosen, "cli.unknown_format", name=shown(form), known=", ".join(_FORMATS)))
    wanted = _wanted(dead=dead, waiting=waiting, everything=everything)

    async def work(database: Database) -> tuple[Sequence[Job], datetime]:
        at = database.clock()
        async with database.reading() as session:
            return await upkeep.listed(session, wanted, at, most), at

    jobs, at = with_database(settings_of(chosen), chosen, work)
    for job in jobs:
        row = json.dumps(_row(job, at), ensure_ascii=False) if form == "json" else _line(job, at, chosen)
        typer.echo(row)
    if not jobs and form == "text":
        typer.echo(say(chosen, "jobs.list_empty"))


@app.command("retry")
def retry_jobs(numbers: Numbers = None, dead: AllDead = False, language: LanguageOption = None) -> None:
    """Noch einmal, jetzt gleich. / Once more, right now."""
    chosen = language_or_default(language)
    meant = _meant(numbers, chosen, "retry", dead=dead)
    _change(meant, chosen, upkeep.retry)
    typer.echo(say(chosen, "jobs.retried", numbers=_joined(meant)))


@app.command("discard")
def discard_jobs(
    numbers: Numbers = None,
    dead: AllDead = False,
    yes: Annotated[bool, typer.Option("--yes", help="ohne Rückfrage / do not ask")] = False,
    language: LanguageOption = None,
) -> None:
    """Aufgeben: Es wird nie getan. / Give up: it is never done."""
    chosen = language_or_default(language)
    meant = _meant(numbers, chosen, "discard", dead=dead)
    if not yes and not confirmed(say(chosen, "jobs.discard_sure", numbers=_joined(meant))):
        end(say(chosen, "jobs.discard_not"), 1)
    _change(meant, chosen, upkeep.discard)
    typer.echo(say(chosen, "jobs.discarded", numbers=_joined(meant)))


def _wanted(*, dead: bool, waiting: bool, everything: bool) -> Collection[Standing]:
    """What is unfinished, unless somebody asked for less or more."""
    if everything:
        return tuple(Standing)
    some = [*([Standing.DEAD] if dead else []), *([Standing.WAITING, Standing.RUNNING] if waiting else [])]
    return some or UNFINISHED


def _meant(numbers: Sequence[int] | None, language: str, command: str, *, dead: bool) -> Sequence[int]:
    """The jobs that were named, each once; ends if there are none."""
    if not dead:
        return list(dict.fromkeys(numbers or ())) or end(say(language, "jobs.which", command=command))

    async def work(database: Database) -> Sequence[int]:
        async with database.reading() as session:
            return await upkeep.dead(session)

    found = with_database(settings_of(language), language, work)
    return list(dict.fromkeys((*(numbers or ()), *found))) or end(say(language, "jobs.none_dead"), 1)


def _change(
    numbers: Collection[int], language: str, change: Callable[[Unit, Collection[int]], Awaitable[None]]
) -> None:
    """All of them or none."""

    async def work(database: Database) -> None:
        async with database.unit() as unit:
            await change(unit, numbers)
            await unit.commit()

    try:
        with_database(settings_of(language), language, work)
    except NoSuchJob as missing:
        end(say(language, "jobs.no_such", number=missing.number), 1)
    except NotNow as wrong:
        end(say(language, f"jobs.not_now.{wrong.standing}", number=wrong.number), 1)


def _line(job: Job, at: datetime, language: str) -> str:
    how = standing(job, at)
    ended = (job.done_at if how is not Standing.DEAD else None) or job.dead_at
    when = say(language, "jobs.since", at=_shown(ended, language)) if ended else _due(job, language)
    line = say(
        language,
        "jobs.line",
        number=job.number,
        standing=say(language, f"jobs.standing.{how}"),
        what=shown(title(job, language)),
        when=when,
    )
    if job.error is None:
        return line
    return f"{line} · {say(language, 'jobs.attempts', attempts=job.attempts, error=shown(job.error))}"


def _due(job: Job, language: str) -> str:
    return say(language, "jobs.due", at=_shown(job.run_at, language))


def _shown(moment: datetime, language: str) -> str:
    """As the clock of this terminal says it, and which clock that is: a server's often is UTC."""
    here = moment.astimezone()
    return f"{day_text(here.date(), language)} {here:%H:%M:%S %Z}"


def _joined(numbers: Collection[int]) -> str:
    return ", ".join(map(str, numbers))


def _row(job: Job, at: datetime) -> dict[str, object]:
    """What a script may want; not the payload, which holds what people wrote."""
    data = job.model_dump(mode="json", exclude={"id", "payload", "dedupe_key"})
    return {"number": job.number, "standing": standing(job, at), **data}
