"""What is written below a card goes to the other side: the team's if it mentions Klartext, the requester's
in their direct message. What a team says among themselves stays there.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import TextReceived
from bot.chat.replies import Reply, Tell
from bot.chat.router import Refused, Router
from bot.db.keys import first_time
from bot.db.unit_of_work import Database
from bot.i18n import say
from bot.requests import may, store
from bot.requests.refs import number_of
from bot.requests.states import State
from bot.requests.tables import Request
from bot.text.clean import visible
from bot.triage import posts, views
from bot.triage.effects import survivor
from bot.triage.handlers import Triage
from bot.triage.known import Reader
from bot.triage.posts import HEADLINE
from bot.triage.service import Deed, act, sides, voices
from bot.triage.workflow import Action, NotPossible, Side

_NAMED = re.compile(r"\s*(req-\d{1,9})\b[\s:,.]*(.*)", re.IGNORECASE | re.DOTALL)
_LONGEST = 3_000  # characters of a message that travels
_REMEMBERED = timedelta(days=3)  # how long a repeated message is known


@dataclass(frozen=True, slots=True)
class Meant:
    """The request that a message is about, what it says, and whether it stands below the team's card.

    `on` are the sides for which its author may write; `asked`: a question waits for their answer. `covered`
    is the confidential request to which it was written, if it would go on in one that everybody sees.
    """

    request: Request
    text: str
    of_team: bool
    named: bool
    on: frozenset[Side]
    asked: bool
    covered: str = ""


@dataclass(frozen=True, slots=True)
class Threads:
    """The handler of these messages."""

    database: Database
    reader: Reader
    triage: Triage

    def register(self, router: Router) -> None:
        """Into the one table; before whoever reads a text as a question."""
        router.on_text(_may_be_meant, self.heard)

    async def heard(self, event: TextReceived) -> Reply | None:
        """Carry it over. None: it belongs to no request, or its author to no side of it."""
        try:
            return await self._heard(event)
        except NotPossible:  # answered or merged since we looked
            return await self._heard(event)

    async def _heard(self, event: TextReceived) -> Reply | None:
        async with self.database.reading() as session:
            meant = await self._meant(session, event)
            if meant is None:
                return None
        if meant.named and not meant.text:
            return Tell(await self.triage.card(event, meant.request.number))
        side = _side(meant)
        if side is None:
            if meant.named:
                raise Refused("triage.not_yours.either")
            return None
        language = event.asker.language
        if not meant.text:
            if not event.beside:
                return None
            return Tell(views.note(say(language, "triage.thread.only_files")), "thread")
        if meant.covered:
            raise Refused("triage.thread.covered", label=meant.covered, target=meant.request.label)
        if len(meant.text) > _LONGEST:
            raise Refused("chat.form.too_long", most=_LONGEST, count=len(meant.text))
        return await self._carry(event, meant, side)

    async def _carry(self, event: TextReceived, meant: Meant, side: str) -> Reply:
        """One unit: who repeats a message, or whose channel does, has said it once."""
        answers = side == "requester" and meant.asked
        action = Action.ANSWER if answers else Action.WRITE
        given = {"text": meant.text, **({} if answers else {"side": side})}
        deed = Deed(action, given, event.place.channel, beside=tuple(sorted(event.beside)))
        number = meant.request.number
        async with self.database.unit() as unit:
            key, clock = f"thread:{event.key}", unit.database.clock
            if await first_time(unit.session, key, _REMEMBERED, clock=clock):
                await act(unit, number, event.asker, deed, self.reader.clocks.terms)
                await unit.commit()
        said = "answered" if answers else f"to_{'requester' if side == 'team' else 'team'}"
        sentence = say(event.asker.language, f"triage.thread.{said}", label=meant.request.label)
        return Tell(views.note(sentence), "thread")

    async def _meant(self, session: AsyncSession, event: TextReceived) -> Meant | None:
        named = _NAMED.fullmatch(event.text)
        found = await posts.request_at(session, event.place) if event.place.thread else None
        if found is not None:
            number, purpose = found
            text, of_team, is_named = event.text, purpose == HEADLINE, False
        elif named is not None:
            number, text, of_team, is_named = number_of(named[1]) or 0, named[2], False, True
        else:
            return None
        try:
            spoken_to = await store.find(session, number)
            request = await survivor(session, spoken_to)
        except store.RequestNotFound as missing:
            raise Refused("request.not_found") from missing
        if not may.see(request, event.asker, await store.supporters(session, request.number)):
            raise Refused("request.not_found")
        today = self.database.clock().date()
        on = await voices(session, request, event.asker, today)
        own = await sides(session, request, event.asker, today)
        asked = request.state is State.IN_CLARIFICATION and "requester" in own
        covered = spoken_to.label if spoken_to.confidential and not request.confidential else ""
        return Meant(request, visible(text).strip(), of_team, is_named, on, asked, covered)


def _may_be_meant(event: TextReceived) -> bool:
    if not event.addressed or event.command is not None:
        return False
    return event.place.thread is not None or _NAMED.fullmatch(event.text) is not None


def _side(meant: Meant) -> str | None:
    """The side that somebody speaks for: below the team's card first the team's, elsewhere their own."""
    order = ("team", "requester") if meant.of_team else ("requester", "team")
    return next((side for side in order if side in meant.on), None)
