"""Drafts in the memory: begun, kept at every page, offered again, ended. Only their owner ever gets one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import col, delete, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Asker
from bot.db.unit_of_work import Unit
from bot.intake import asides
from bot.intake.state import Facts, State, dumped, loaded, told
from bot.intake.tables import Draft
from bot.jobs.queue import enqueue
from bot.requests.tables import Request

OFFER = "request.offer"  # the job that offers to go on
ALONE = timedelta(minutes=30)  # a draft that was left for so long is offered again
_KEPT = timedelta(days=90)  # a draft that nobody touches is forgotten then
_LISTED = 10
_OPENED = 2  # revision of a draft of which somebody has seen a page


class DraftNotFound(Exception):
    """It was sent, thrown away, or belongs to somebody else. Do not say which."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Where a draft comes from: the channel, and the request that it changes (`edits`)."""

    state: State
    channel: str
    edits: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft in a list."""

    number: int
    title: str


async def begin(unit: Unit, asker: Asker, begun: Begun) -> Draft:
    """Keep a new draft. It is one's own matter from its first page on: before, it is offered to nobody."""
    at = unit.database.clock()
    draft = Draft(
        person=asker.person,
        flow=begun.state.flow,
        flow_version=begun.state.version,
        state=_kept(begun.state),
        language=asker.language,
        department=asker.department,
        channel=begun.channel,
        edits=begun.edits,
        created_at=at,
        changed_at=at,
    )
    unit.session.add(draft)
    await unit.session.flush()
    return draft


async def begin_change(unit: Unit, asker: Asker, request: Request, channel: str) -> Draft:
    """Keep a draft of what was sent, to change it: everything stands in it as it was sent."""
    state = loaded(request.answers["state"])
    draft = await begin(unit, asker, Begun(state, channel, request.number))
    draft.asides = asides.sent(request.use_case, request.confidential, asker.person).kept()
    draft.language, draft.department = request.language, request.department
    return draft


async def mine(session: AsyncSession, number: str, asker: Asker, *, for_update: bool = False) -> Draft:
    """An open draft by the number that a client sent. Raises DraftNotFound."""
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0  # noqa: PLR2004  (fits the database's integers)
    draft = await session.get(Draft, wanted, with_for_update=True if for_update else None)
    if draft is None or draft.person != asker.person or draft.ended_at is not None:
        raise DraftNotFound(number)
    return draft


async def open_ones(session: AsyncSession, person: int) -> Sequence[Draft]:
    """What somebody has opened and not sent yet, the newest first."""
    rows = select(Draft).where(
        Draft.person == person, col(Draft.ended_at).is_(None), Draft.revision >= _OPENED
    )
    return (await session.exec(rows.order_by(col(Draft.changed_at).desc()).limit(_LISTED))).all()


async def waiting(session: AsyncSession, person: int) -> list[Waiting]:
    """The same as lines of a list; a change of a sent request stands with the request."""
    found = [draft for draft in await open_ones(session, person) if draft.edits is None]
    return list(map(line_of, found))


async def editing(session: AsyncSession, person: int, request: int) -> Draft | None:
    """The open draft in which somebody is changing their request."""
    rows = select(Draft).where(Draft.person == person, Draft.edits == request)
    return (await session.exec(rows.where(col(Draft.ended_at).is_(None)))).first()


async def settle(unit: Unit, number: str, asker: Asker, read: Callable[[str], Facts]) -> None:
    """Keep what somebody has said about their wish: the facts that it is read with now. Raises
    DraftNotFound.
    """
    draft = await mine(unit.session, number, asker, for_update=True)
    state = state_of(draft)
    keep(unit, draft, replace(state, settled=read(title_of(state))), turned=False)


def line_of(draft: Draft) -> Waiting:
    """A draft as a line of a list. Raises StateUnreadable."""
    return Waiting(draft.number, title_of(state_of(draft)))


def title_of(state: State) -> str:
    """What was written first."""
    return next((" ".join(told(answer)) for answer in state.answers.values() if told(answer)), "")


def state_of(draft: Draft) -> State:
    """What was kept. Raises StateUnreadable."""
    return loaded(draft.state["text"])


def keep(unit: Unit, draft: Draft, state: State, *, turned: bool) -> None:
    """Keep what was typed; `turned`: a page was left, so that other windows show an older one now."""
    draft.state = _kept(state)
    draft.flow_version = state.version
    draft.changed_at = unit.database.clock()
    draft.revision += int(turned)
    unit.session.add(draft)


def end(unit: Unit, draft: Draft, how: str) -> None:
    """It is over: `sent`, `discarded` or `joined`. What was typed is no longer kept."""
    draft.ended_at, draft.ended = unit.database.clock(), how
    draft.state = {}
    unit.session.add(draft)


async def discard(unit: Unit, number: str, asker: Asker) -> None:
    """Throw one away. Raises DraftNotFound."""
    end(unit, await mine(unit.session, number, asker, for_update=True), "discarded")


def is_watched(draft: Draft) -> bool:
    """Whether a look at it is due already: since it was opened, until it was offered."""
    return draft.revision >= _OPENED and draft.offered_at is None


async def offer_later(unit: Unit, draft: Draft) -> None:
    """Look again when it may have been left alone."""
    run_at = draft.changed_at + ALONE
    await enqueue(unit, OFFER, {"draft": draft.number}, run_at=run_at)


def left_alone(draft: Draft, at: datetime) -> bool:
    """Whether it waits for its owner and was not offered since."""
    is_waiting = draft.ended_at is None and at - draft.changed_at >= ALONE
    return is_waiting and (draft.offered_at is None or draft.offered_at < draft.changed_at)


async def forget_old(session: AsyncSession, at: datetime) -> int:
    """Delete what nobody has touched for long, and what has ended; returns how many."""
    old = or_(Draft.changed_at < at - _KEPT, col(Draft.ended_at) < at - _KEPT)
    return (await session.exec(delete(Draft).where(old))).rowcount


def _kept(state: State) -> dict[str, str]:
    return {"text": dumped(state)}
