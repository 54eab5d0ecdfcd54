"""The flows of now and what they refer to, and the versions that open drafts began with.

A changed folder is brought in while the server runs; a broken one changes nothing, and an admin is told.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from sqlmodel import select

from bot.db.rows import insert
from bot.db.unit_of_work import Database, Unit
from bot.files.findings import FileBroken
from bot.files.stamp import stamp
from bot.i18n import LANGUAGES
from bot.intake.check import digest
from bot.intake.file import Intake, load
from bot.intake.model import Flow
from bot.intake.systems import Landscape
from bot.intake.tables import PublishedFlow
from bot.people.access import ADMIN
from bot.people.tell import first_mistake, tell

_log = logging.getLogger(__name__)


class Shelf:
    """The folder `intake_flows/` of one process."""

    def __init__(self, database: Database, folder: Path, read: Callable[[Path], Intake] = load) -> None:
        self._read = read
        self._database = database
        self._folder = folder
        self._seen: object = None
        self._is_read = False
        self._now = Intake({}, Landscape(schema=1), None)
        self._older: dict[tuple[str, int], Flow] = {}

    @property
    def now(self) -> Intake:
        """What the folder says; nothing before the first look."""
        return self._now

    async def look(self) -> None:
        """Read the folder if a file has changed. Raises FileBroken if there is nothing older to keep."""
        state = _state(self._folder)
        if state == self._seen or not self._folder.exists():
            return  # a company without the folder has a glossary and no requests
        try:
            intake = await asyncio.to_thread(self._read, self._folder)
        except FileBroken as broken:
            if not self._is_read:
                raise
            await self._tell(broken)
        else:
            await self._publish(intake)
            self._now, self._is_read = intake, True
            _log.info("%d flows are ready", len(intake.flows))
        self._seen = state

    async def version(self, flow: str, number: int) -> Flow | None:
        """A flow as it was in a version, None if it was never published here."""
        current = self.now.flows.get(flow)
        if current and current.version == number:
            return current
        if (flow, number) not in self._older:
            async with self._database.reading() as session:
                rows = select(PublishedFlow.content).where(
                    PublishedFlow.flow == flow, PublishedFlow.version == number
                )
                content = (await session.exec(rows)).first()
            if content is None:
                return None
            self._older[flow, number] = Flow.model_validate_json(content)
        return self._older[flow, number]

    async def _publish(self, intake: Intake) -> None:
        """Keep every version that somebody may begin a draft with."""
        async with self._database.unit() as unit:
            for flow in intake.flows.values():
                await _keep(unit, flow)
            await unit.commit()

    async def _tell(self, broken: FileBroken) -> None:
        problem = first_mistake(broken)
        _log.warning("the flows are broken, the last good state stays: %s", broken)
        async with self._database.unit() as unit:
            await tell(
                unit, ADMIN, "request.flows_broken", {"problem": problem}, f"flows:{problem[LANGUAGES[0]]}"
            )
            await unit.commit()


async def _keep(unit: Unit, flow: Flow) -> None:
    content, at = flow.model_dump_json(by_alias=True, exclude_defaults=True), unit.database.clock()
    values = {"digest": digest(flow), "content": content, "at": at}
    row = insert(unit.session, PublishedFlow).values(flow=flow.id, version=flow.version, **values)
    await unit.session.exec(row.on_conflict_do_update(index_elements=["flow", "version"], set_=values))


def _state(folder: Path) -> object:
    """What tells a changed folder from an unchanged one without reading it."""
    files = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml"), *folder.glob("*.csv")])
    return tuple((file.name, *stamp(file)) for file in files)
