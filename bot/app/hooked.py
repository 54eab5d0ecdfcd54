"""What tools report moves requests: through the same table as people's buttons, in the name of the tool.

No echo: the tool that reported a state is not told of it, and a state that a request has already is no
news.
"""

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.events import Asker
from bot.connectors.hooks import WINDOWS, Outcome, Report, deed
from bot.connectors.model import AnyConnector, hook_of, title
from bot.db.failures import DatabaseUnavailable
from bot.db.keys import first_time
from bot.db.unit_of_work import Database, Unit
from bot.i18n import say
from bot.requests import deliveries, store
from bot.requests.refs import number_of
from bot.requests.states import State, is_still_mine
from bot.requests.store import RequestNotFound
from bot.requests.tables import Delivery, Request
from bot.requests.traces import NOBODY
from bot.triage.promises import FARTHEST
from bot.triage.service import Deed, TermsOf, act
from bot.triage.workflow import RULES, Action, Missing, NotPossible, NotYours

_REPEATS = dt.timedelta(hours=1)  # longer than any window, so that nothing is forgotten before it is stale
_AFTER_YES = frozenset({Action.PLAN, Action.START, Action.DELIVER})  # what implies that it was accepted

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reports:
    """`hooks.Receive`. `source` is how this Klartext is called at the tools."""

    database: Database
    connectors: Mapping[str, AnyConnector]
    source: str
    terms_of: TermsOf

    async def __call__(self, name: str, report: Report) -> Outcome:
        """What became of it. Everything in one unit: the repeat, the workflow, the note that it knows."""
        connector = self.connectors[name]
        hook = hook_of(connector)
        action = deed(hook, report.state) if hook else None
        try:
            async with self.database.unit() as unit:
                delivery = await self._delivery(unit, name, report)
                if delivery is None:
                    return "unknown"
                ttl = WINDOWS[connector.type] + _REPEATS
                key, clock = f"hook:{name}:{report.id}", self.database.clock
                if not await first_time(unit.session, key, ttl, clock=clock):
                    return "known"
                if action is None or not await self._moved(unit, name, delivery, report, Action(action)):
                    return "nothing"
                await unit.commit()
                return "done"
        except DatabaseUnavailable as unavailable:
            _log.warning("hook %s waits for the database: %s", name, unavailable)
            return "away"

    async def _delivery(self, unit: Unit, name: str, report: Report) -> Delivery | None:
        """What the report is about, by the tool's id or by ours; what is not there yet is not known."""
        if report.remote:
            return await deliveries.known_as(unit.session, name, report.remote)
        number = number_of(report.key.removeprefix(f"{self.source}-"))
        if number is None or report.key != f"{self.source}-req-{number}":
            return None
        return await deliveries.find(unit.session, number, name)

    async def _moved(
        self, unit: Unit, name: str, delivery: Delivery, report: Report, action: Action
    ) -> bool:
        """Do what the state means; whether that was possible."""
        request = await store.find(unit.session, delivery.request, for_update=True)
        report = replace(report, date=_near(report.date, unit.database.clock().date()))
        if action is Action.PLAN and not report.date:
            action = Action.ACCEPT  # a plan has a day, and the tool knows none
        if RULES[action].to == request.state:
            return False
        asker = Asker(
            NOBODY,
            title(name, self.connectors[name]),
            request.language,
            roles=frozenset({request.team.removeprefix("role:")}),
        )
        at_first = delivery.digest
        try:
            for one in (*_first(action, request), action):
                given = _given(one, asker, report, request)
                request, _ = await self._acted(unit, name, request, asker, Deed(one, given, name))
        except (Missing, NotPossible, NotYours, RequestNotFound) as no:
            _log.info("hook %s: %s cannot %s: %r", name, request.label, action, no)
            return False
        words = (at_first or "").partition("-")[0]
        await deliveries.note(unit, delivery, digest=f"{words}-{request.state}")
        return True

    async def _acted(
        self, unit: Unit, name: str, request: Request, asker: Asker, wanted: Deed
    ) -> tuple[Request, object]:
        _log.info("hook %s: %s %s", name, request.label, wanted.action)
        return await act(unit, request.number, asker, wanted, self.terms_of)


def _first(action: Action, request: Request) -> tuple[Action, ...]:
    """What has to happen before it: whoever works on something has accepted it, and waits for no answer."""
    if action not in _AFTER_YES:
        return ()
    if is_still_mine(request.state, request.before):
        return (Action.ACCEPT,)
    return (Action.SETTLE,) if request.state is State.IN_CLARIFICATION else ()


def _near(day: str, today: dt.date) -> str:
    """The day, if it can be a promise: not one that is over, or so far ahead that it is a mistake."""
    return day if today.isoformat() <= day <= (today + FARTHEST).isoformat() else ""


def _given(action: Action, asker: Asker, report: Report, request: Request) -> dict[str, Any]:
    """What the action asks for, as far as a tool can say it."""
    said = say(request.language, "connectors.from_tool", target=asker.name, state=report.state)
    why = say(request.language, "connectors.from_tool_reason", target=asker.name, state=report.state)
    day = {"date": report.date} if report.date else {}
    match action:
        case Action.ACCEPT:
            return {"next_step": said, **day}
        case Action.PLAN:
            return day
        case Action.DELIVER:
            return {"effect": said}
        case Action.DECLINE:
            return {"reason": "other", "detail": why, "would_change": why}
        case _:
            return {}
