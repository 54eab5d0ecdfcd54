"""Joins the parts of the guided request; `app.py` hands in what it needs of others."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.events import Asker
from bot.chat.ports import Words
from bot.chat.router import Router
from bot.db.unit_of_work import Database
from bot.intake.desk import Desk, Due, Submitted
from bot.intake.dialog import Dialog
from bot.intake.early import EarlyWord, Offers
from bot.intake.handlers import Heard, Requests
from bot.intake.mine import Mine
from bot.intake.repeats import Repeats
from bot.intake.shelf import Shelf
from bot.intake.tips import Tips
from bot.intake.world import World
from bot.people.directory import Directory


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What other parts do for the guided request.

    `due` says when the first answer is promised; `submitted` is called in the transaction in which a
    request begins; `team_department` is the department of a role, for words that mean different things.
    """

    words: Words
    due: Due
    submitted: Submitted
    team_department: Callable[[str], str | None]


class Office:
    """The guided request of one process."""

    def __init__(
        self, database: Database, directory: Directory, shelf: Shelf, neighbours: Neighbours
    ) -> None:
        self._shelf = shelf
        self._words = neighbours.words
        self._clock = database.clock
        desk = Desk(
            ready=lambda _flow, _now, _language: None,
            repeats=Repeats(database.clock),
            due=neighbours.due,
            team_department=neighbours.team_department,
            submitted=neighbours.submitted,
        )
        tips = Tips(lambda _asked, _language, _muted: {})
        dialog = Dialog(database, shelf, directory, desk, tips, self._world)
        self.mine = Mine(database, dialog, neighbours.words)
        self.requests = Requests(
            database,
            shelf,
            dialog,
            self.mine,
            EarlyWord(database, dialog),
            Offers(database),
            lambda _text: Heard(False, False),
        )

    def register(self, router: Router) -> None:
        """Into the one table."""
        self.requests.register(router)

    def _world(self, asker: Asker, people: frozenset[int]) -> World:
        today = self._clock().date()
        return World(self._shelf.now, self._words, asker, today, lambda _text, _asker: {}, people)
