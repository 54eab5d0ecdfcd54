"""The clocks of all requests of a process: what each flow promises, when that is due, when it begins."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.db.unit_of_work import Unit
from bot.requests.tables import Request
from bot.triage.promises import Terms
from bot.triage.service import begin_clocks
from bot.triage.terms import moment_text, terms_of
from bot.triage.workflow import Clock

_NOWHERE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Clocks:
    """`promised` gives the `sla` of a flow as plain data, by the flow's id; None if it promises nothing."""

    promised: Callable[[str], Mapping[str, Any] | None]

    def terms(self, request: Request) -> Terms | None:
        """What counts for a request: the promises of its flow as they are now."""
        return self.promises(request.flow)

    def promises(self, flow: str) -> Terms | None:
        """What a flow promises now. The first calendar with public holidays takes 0.2 s."""
        return terms_of(self.promised(flow))

    async def begin(self, unit: Unit, request: Request) -> None:
        """A request was submitted."""
        if (terms := self.terms(request)) is not None:
            await begin_clocks(unit, request, terms)

    def first_answer(self, flow: str, at: datetime, language: str) -> str:
        """When the first answer to a request of this moment is promised, in words; "" if it is not."""
        terms = self.promises(flow)
        span = terms.spans.get(Clock.RESPONSE) if terms else None
        if terms is None or span is None:
            return ""
        return moment_text(terms.calendar.add(at, span), terms.calendar.zone, language)

    def zone(self, flow: str) -> ZoneInfo:
        """Where the team of a flow works; UTC if the flow promises nothing."""
        terms = terms_of(self.promised(flow))
        return terms.calendar.zone if terms else _NOWHERE
