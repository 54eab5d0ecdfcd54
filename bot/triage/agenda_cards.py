"""The agenda of a queue's weekly meeting: only what there is to talk about, and nobody's name. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.chat.ui import Bullets, Card, Element, Text
from bot.i18n import say
from bot.text.clean import shown as as_typed
from bot.triage.terms import day_text, moment_text
from bot.triage.workflow import Side

MOST = 10  # points of a section
MOST_DISPUTED = 5  # terms: a meeting settles one or two of them
_TITLE, _EFFECT = 80, 200  # characters


@dataclass(frozen=True, slots=True)
class Point:
    """A request to talk about. `title` None: nobody may read it here.

    `due`: when something was promised, `side`: by whom; `words`: what it brought; `score`: readiness.
    """

    number: int
    title: str | None
    due: dt.datetime | None = None
    side: Side | None = None
    words: str = ""
    score: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """An interface that is missing between two systems, and the requests that want it."""

    systems: tuple[str, str]
    requests: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """What there is to talk about in a queue (`name`: that of its channel)."""

    name: str
    zone: ZoneInfo
    at: dt.datetime
    delivered: Sequence[Point] = ()
    measured: Sequence[Point] = ()
    decisions: Sequence[Point] = ()
    overdue: Sequence[Point] = ()
    weak: Sequence[Point] = ()
    missing: Sequence[Wish] = ()
    disputed: Sequence[str] = ()

    def __bool__(self) -> bool:
        points = (self.delivered, self.measured, self.decisions, self.overdue, self.weak)
        return any((*points, self.missing, self.disputed))


def card(agenda: Agenda, language: str) -> Card:
    """The agenda, in the order in which one talks: first what went well."""
    day = day_text(agenda.at.astimezone(agenda.zone).date(), language)
    title = say(language, "agenda.title", name=agenda.name, day=day)
    if not agenda:
        return Card(title, (Text(title, "strong"), Text(say(language, "agenda.nothing"))))
    sections = (
        ("delivered", MOST, [_point(one, agenda, language) for one in agenda.delivered]),
        ("measured", MOST, [_point(one, agenda, language) for one in agenda.measured]),
        ("decisions", MOST, [_point(one, agenda, language) for one in agenda.decisions]),
        ("overdue", MOST, [_point(one, agenda, language) for one in agenda.overdue]),
        ("weak", MOST, [_point(one, agenda, language) for one in agenda.weak]),
        ("missing", MOST, [_wish(one, language) for one in agenda.missing]),
        ("disputed", MOST_DISPUTED, list(agenda.disputed)),
    )
    parts: list[Element] = [Text(title, "strong")]
    for key, most, lines in sections:
        if lines:
            parts += [Text(say(language, f"agenda.{key}"), "strong"), Bullets(_cut(lines, most, language))]
    return Card(title, tuple(parts))


def _cut(lines: list[str], most: int, language: str) -> tuple[str, ...]:
    rest = len(lines) - most
    more = [say(language, "agenda.more", count=rest)] if rest > 0 else []
    return (*lines[:most], *more)


def _point(point: Point, agenda: Agenda, language: str) -> str:
    title = say(language, "queue.covered") if point.title is None else as_typed(point.title, _TITLE)
    parts = [f"REQ-{point.number} · {title}"]
    if point.words:
        parts.append(as_typed(point.words, _EFFECT))
    if point.due is not None:
        late = point.due < agenda.at
        key = "queue.late" if late else "queue.due"
        parts.append(say(language, key, due=moment_text(point.due, agenda.zone, language)))
    if point.side is not None:
        parts.append(say(language, f"agenda.side.{point.side}"))
    if point.score:
        parts.append(say(language, "agenda.score", score=point.score))
    return " · ".join(parts)


def _wish(wish: Wish, language: str) -> str:
    first, second = wish.systems
    requests = ", ".join(f"REQ-{number}" for number in wish.requests)
    return say(language, "agenda.wish", first=first, second=second, requests=requests)
