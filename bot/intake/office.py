"""Joins the parts of the guided request; `app.py` hands in what it needs of others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Asker
from bot.chat.ports import Words
from bot.chat.router import Router
from bot.chat.ui import Option
from bot.db.unit_of_work import Database
from bot.intake import asides, similar, usecase
from bot.intake.coach import Coach
from bot.intake.conditions import holds
from bot.intake.desk import Desk, Due, Submitted
from bot.intake.dialog import Dialog
from bot.intake.early import EarlyWord, Offers
from bot.intake.handlers import Heard, Requests
from bot.intake.mine import Mine
from bot.intake.model import CoachRule, Flow
from bot.intake.readiness import readiness
from bot.intake.repeats import Repeats
from bot.intake.shelf import Shelf
from bot.intake.standing import Standing
from bot.intake.state import Facts
from bot.intake.team import Team
from bot.intake.tips import Tips
from bot.intake.usecase import UseCaseUnreadable
from bot.intake.wish import Analyst, Wish, facts
from bot.intake.world import World
from bot.people.directory import Directory
from bot.requests.states import OPEN
from bot.requests.tables import Request


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What other parts do for the guided request.

    `due` says when the first answer is promised; `submitted` is called in the transaction in which a
    request begins; `team_department` is the department of a role, for words that mean different things;
    `team` is whoever works on requests.
    """

    words: Words
    due: Due
    submitted: Submitted
    team_department: Callable[[str], str | None]
    team: Team


_CANDIDATES = 3  # requests that are offered to be merged into
_WISHES = 500  # wishes kept in memory, about 1 MB
_HASTE: frozenset[CoachRule] = frozenset({"asap", "no_reason"})
_EVERYDAY = ("Die Daten werden jeden Morgen übertragen.", "The data is sent to the CRM every morning.")


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads what people write. Without an `analyst` nothing is taken for a tool wish."""

    coach: Coach
    analyst: Analyst | None = None


class Office:
    """The guided request of one process."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        shelf: Shelf,
        neighbours: Neighbours,
        readers: Readers,
    ) -> None:
        coach = readers.coach
        self._analyst = readers.analyst
        # every page asks for the wish of its draft: it is read once
        self._analyse = lru_cache(_WISHES)(readers.analyst.analyse) if readers.analyst else None
        self._shelf = shelf
        self._words = neighbours.words
        self._clock = database.clock
        self._coach = coach
        self._repeats = Repeats(database.clock)
        desk = Desk(
            ready=partial(_ready, coach),
            only_hasty=partial(_only_hasty, coach),
            repeats=self._repeats,
            due=neighbours.due,
            team_department=neighbours.team_department,
            submitted=neighbours.submitted,
            team=neighbours.team,
        )
        dialog = Dialog(database, shelf, directory, desk, Tips(coach), self._world)
        self.mine = Mine(database, dialog, neighbours.words, neighbours.team)
        self.requests = Requests(
            database,
            shelf,
            dialog,
            self.mine,
            EarlyWord(database, dialog),
            Offers(database),
            self._hear,
            neighbours.words.explains,
            self._settled,
        )

    def warm_up(self) -> None:
        """Load what the coach reads languages with, seconds before the first person needs it."""
        for text in _EVERYDAY:
            self._coach.unstated(text)
            self._hear(text)

    def register(self, router: Router) -> None:
        """Into the one table."""
        self.requests.register(router)

    async def similar(self, session: AsyncSession, request: Request, language: str) -> Sequence[Option]:
        """The open requests that are the most like this one; none for one whose use case says nothing."""
        flow = self._shelf.now.flows.get(request.flow)
        wanted = flow.review.duplicates if flow else None
        if wanted is None or not wanted.check:
            return ()
        try:
            case = usecase.kept(request.use_case)
        except UseCaseUnreadable:
            return ()
        found = await self._repeats.similar(session, similar.wanted(case), wanted.min_similarity)
        others = [one for one in found if one.number != request.number and one.state in OPEN]
        return [asides.option(one, language) for one in others[:_CANDIDATES]]

    def _hear(self, text: str) -> Heard:
        if self._analyse is None:
            return Heard(wish=False, in_doubt=False)
        wish = self._analyse(text)
        sure = not wish.in_doubt
        return Heard(wish.label != "not_wish", wish.in_doubt, wish.desk if sure else None)

    def _detect(self, text: str, asker: Asker) -> Facts:
        """The facts about the wish (`detected.*`)."""
        return self._facts(self._analyse(text), asker) if self._analyse else {}

    def _settled(self, is_tool: bool | None, asker: Asker, text: str) -> Facts:
        """The facts that somebody has decided: with a tool everything that follows from wishing one."""
        if is_tool is None:
            return {}
        analyst = self._analyst if is_tool else None
        found = self._facts(analyst.analyse(text, taken_for="tool_wish"), asker) if analyst else {}
        return {**found, "detected.tool_wish": is_tool}

    def _facts(self, wish: Wish, asker: Asker) -> Facts:
        intake = self._shelf.now
        if intake.capabilities is None:
            return {}
        return dict(facts(wish, intake.capabilities, intake.landscape, asker.language))

    def _world(self, asker: Asker, people: frozenset[int]) -> World:
        today = self._clock().date()
        return World(self._shelf.now, self._words, asker, today, self._detect, people)


def _ready(coach: Coach, flow: Flow, now: Standing, language: str) -> usecase.Readiness | None:
    """How ready a draft is, as the use case keeps it."""
    rubric = flow.review.readiness
    if rubric is None or not holds(rubric.show_if, now.values):
        return None
    fired = coach.fired(flow, now.answers, language=language)
    shown = [question.id for page in now.pages for question in page.asked]
    found = readiness(flow, shown, now.answers, fired)
    if found is None:
        return None
    return usecase.Readiness(score=found.score, band=found.band, open=tuple(one.id for one in found.open))


def _only_hasty(coach: Coach, reason: str, language: str) -> bool:
    """Whether somebody is in a hurry ("asap") and nothing happens on the day: both hints apply."""
    hints = coach.hints(reason, _HASTE, field="deadline_reason", language=language)
    return {hint.rule for hint in hints} == _HASTE
