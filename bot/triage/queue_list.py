"""The lists of a queue, page by page: each reads the page that is shown and nothing else.

A list is put together from strips: every strip is one range of one index in the order of the list, so a
page costs the same among a thousand requests and among a million.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, exists, union
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.requests.states import OPEN, State
from bot.requests.tables import Request, RequestWord
from bot.requests.words import words_of

MINE, FREE, LATE, ALL, FOUND = "mine", "free", "late", "open", "found"
VIEWS: tuple[str, ...] = (MINE, FREE, LATE, ALL)
STATES: tuple[str, ...] = tuple(State)
_MOST_WORDS = 5  # of a search
_COUNTED = 2_000  # requests with a word, until it is common
_ENDINGS = 8  # words that begin like one that was typed


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks. `teams` are those whose queues they see, `own` those that they belong to, too.

    `people` are those whose work they do: themselves, and whom they stand in for.
    """

    person: int
    teams: frozenset[str]
    own: frozenset[str]
    people: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list, and after which request it goes on; in the late list also after which deadline."""

    view: str
    text: str = ""
    after: int = 0
    due: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A request in a list; `covered`: this person may not read its words."""

    number: int
    state: State
    title: str
    flow: str
    team: str
    requester: int
    assignee: int | None
    due: dt.datetime | None
    covered: bool

    @property
    def label(self) -> str:
        """How people call it."""
        return f"REQ-{self.number}"


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and where the next one begins; None: this was the last."""

    lines: tuple[Line, ...] = ()
    more: Wanted | None = None
    wanted: Wanted = field(default_factory=lambda: Wanted(ALL))


async def page(session: AsyncSession, viewer: Viewer, wanted: Wanted, at: dt.datetime, most: int) -> Page:
    """The next so many requests of a list, the oldest first; in the late list, the longest overdue."""
    if not viewer.teams:
        return Page(wanted=wanted)
    strips = await _strips(session, viewer, wanted, at)
    if not strips:
        return Page(wanted=wanted)
    cut = [strip.limit(most + 1).subquery() for strip in strips]
    numbers = union(*(select(one.c.id) for one in cut)).subquery()
    order = (col(Request.due_at), col(Request.id)) if wanted.view == LATE else (col(Request.id),)
    rows = _columns().where(col(Request.id).in_(select(numbers.c.id))).order_by(*order).limit(most + 1)
    lines = [_line(row, viewer) for row in (await session.exec(rows)).all()]
    shown = tuple(lines[:most])
    more = None
    if len(lines) > most:
        last = shown[-1]
        more = Wanted(wanted.view, wanted.text, last.number, last.due if wanted.view == LATE else None)
    return Page(shown, more, wanted)


async def one(session: AsyncSession, viewer: Viewer, number: int) -> Page:
    """The request of a number, if it is in a queue that somebody sees."""
    rows = _columns().where(Request.id == number, col(Request.team).in_(viewer.teams))
    found = (await session.exec(rows)).first()
    wanted = Wanted(FOUND, f"REQ-{number}")
    return Page((_line(found, viewer),) if found else (), None, wanted)


async def _strips(
    session: AsyncSession, viewer: Viewer, wanted: Wanted, at: dt.datetime
) -> Sequence[Select[Any]]:
    teams = sorted(viewer.teams)
    match wanted.view:
        case "mine":
            ours = (col(Request.team) + "").in_(
                teams
            )  # as it is, SQLite takes the index of the team for it
            pairs = product(sorted(viewer.people), OPEN)
            return [_strip(wanted, Request.assignee == who, Request.state == s, ours) for who, s in pairs]
        case "free":
            free = col(Request.assignee).is_(None)
            return [
                _strip(wanted, Request.team == t, Request.state == s, free) for t, s in product(teams, OPEN)
            ]
        case "late":
            return [_late(wanted, team, at) for team in teams]
        case "found":
            return await _found(session, viewer, wanted)
        case view:
            states = OPEN if view == ALL else (State(view),)
            return [
                _strip(wanted, Request.team == t, Request.state == s) for t, s in product(teams, states)
            ]


def _strip(wanted: Wanted, *conditions: Any) -> Select[Any]:
    number = col(Request.id)
    return _numbers(number, *conditions, number > wanted.after).order_by(number)


def _late(wanted: Wanted, team: str, at: dt.datetime) -> Select[Any]:
    """`IS NOT NULL` says nothing new, but without it the index of what is due is not seen to fit."""
    due, number = col(Request.due_at), col(Request.id)
    strip = _numbers(number, Request.team == team, due.is_not(None), due < at)
    if wanted.due is not None:
        behind = (due > wanted.due) | ((due == wanted.due) & (number > wanted.after))
        strip = strip.where(due >= wanted.due, behind)  # the first is where the range of the index begins
    return strip.order_by(due, number)


def _numbers(number: Any, *conditions: Any) -> Select[Any]:
    return sa.select(number.label("id")).where(*conditions)


async def _found(session: AsyncSession, viewer: Viewer, wanted: Wanted) -> Sequence[Select[Any]]:
    """Requests with all these words, or with words that begin so; the rarest leads the search."""
    typed = words_of(wanted.text)[:_MOST_WORDS]
    strips: list[Select[Any]] = []
    for team in sorted(viewer.teams) if typed else ():
        known = [await _beginning(session, team, word) for word in typed]
        if not all(known):
            continue
        if len(known) > 1:
            counts = [await _count(session, team, words) for words in known]
            known = [known[at] for at in sorted(range(len(known)), key=counts.__getitem__)]
        strips += [_with_words(viewer, wanted, team, word, known[1:]) for word in known[0]]
    return strips


async def _count(session: AsyncSession, team: str, words: Sequence[str]) -> int:
    """How many requests have one of these words, as far as it is worth counting."""
    word = col(RequestWord.word)
    some = sa.select(word).where(RequestWord.team == team, word.in_(words)).limit(_COUNTED)  # type: ignore[arg-type]
    return (await session.exec(select(func.count()).select_from(some.subquery()))).one()


def _with_words(
    viewer: Viewer, wanted: Wanted, team: str, word: str, others: Iterable[Sequence[str]]
) -> Select[Any]:
    number = col(RequestWord.request)
    strip = _numbers(number, RequestWord.team == team, RequestWord.word == word, number > wanted.after)
    for words in others:
        other = aliased(RequestWord)
        same = (col(other.team) == team, col(other.request) == number, col(other.word).in_(words))
        strip = strip.where(exists().where(*same))
    if team not in viewer.own:  # what is covered is not found by its words
        open_ = exists().where(col(Request.id) == number, col(Request.confidential).is_(False))
        strip = strip.where(open_)
    return strip.order_by(number)


async def _beginning(session: AsyncSession, team: str, word: str) -> list[str]:
    """The words of a team's requests that begin with one that was typed, in their order.

    Each is found by one step in the index, however many requests have it.
    """
    found: list[str] = []
    there = col(RequestWord.word)
    while len(found) < _ENDINGS:
        ahead = there > found[-1] if found else there >= word
        known = (await session.exec(select(func.min(there)).where(RequestWord.team == team, ahead))).one()
        if known is None or not known.startswith(word):
            break
        found.append(known)
    return found


def _columns() -> Any:
    """What a line needs; the rest of a request is long."""
    return sa.select(
        col(Request.id),
        col(Request.state),
        col(Request.title),
        col(Request.flow),
        col(Request.team),
        col(Request.requester),
        col(Request.submitted_by),
        col(Request.assignee),
        col(Request.due_at),
        col(Request.confidential),
    )


def _line(row: Any, viewer: Viewer) -> Line:
    theirs = viewer.person in {row.requester, row.submitted_by} or row.team in viewer.own
    return Line(
        number=row.id,
        state=row.state,
        title=row.title,
        flow=row.flow,
        team=row.team,
        requester=row.requester,
        assignee=row.assignee,
        due=row.due_at,
        covered=row.confidential and not theirs,
    )
