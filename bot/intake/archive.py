"""Requests as files and tables: each use case with the words of the version that it was written on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.intake.model import Flow
from bot.intake.names import Names, names
from bot.intake.systems import Landscape
from bot.intake.tables import PublishedFlow
from bot.intake.texts import localised
from bot.intake.usecase import UseCase
from bot.intake.wording import Wording
from bot.requests.states import State
from bot.requests.tables import Request

Labels = Mapping[str, Mapping[str, str]]


class FlowLost(Exception):
    """The version of a flow that a request was written on is not in the database."""

    def __init__(self, request: Request) -> None:
        super().__init__(f"{request.flow} {request.flow_version}")
        self.request = request


@dataclass(frozen=True, slots=True)
class Archive:
    """What things are called now: systems, terms and departments by id, with a label per language."""

    landscape: Landscape
    terms: Labels
    departments: Labels

    async def requests(
        self, session: AsyncSession, states: Sequence[State] = (), most: int | None = None
    ) -> Sequence[Request]:
        """The requests, the newest first."""
        rows = select(Request).order_by(col(Request.id).desc())
        rows = rows.where(col(Request.state).in_(states)) if states else rows
        return (await session.exec(rows.limit(most) if most else rows)).all()

    async def told(self, session: AsyncSession, request: Request, language: str) -> tuple[UseCase, Wording]:
        """A use case as it stands now, and the words for it. Raises FlowLost."""
        rows = select(PublishedFlow.content).where(
            PublishedFlow.flow == request.flow, PublishedFlow.version == request.flow_version
        )
        content = (await session.exec(rows)).first()
        if content is None:
            raise FlowLost(request)
        case = UseCase.model_validate({**request.use_case, "status": request.state})
        return case, Wording(Flow.model_validate_json(content), language, self._names(case, language))

    def _names(self, case: UseCase, language: str) -> Names:
        def of(labels: Labels, id_: str) -> str:
            return localised(labels[id_], language) if id_ in labels else id_

        return names(
            self.landscape,
            language,
            case.people,
            lambda term: of(self.terms, term),
            lambda department: of(self.departments, department),
        )
