"""`roles.yaml` while the server runs: a change counts within seconds, a broken one changes nothing."""

import asyncio
import logging
from pathlib import Path

from bot.db.unit_of_work import Database
from bot.files.findings import FileBroken
from bot.files.stamp import GONE, stamp
from bot.people.access import ADMIN
from bot.people.directory import Directory
from bot.people.roles import load_roles
from bot.people.tell import first_mistake, tell

_log = logging.getLogger(__name__)


class RolesFile:
    """The file of one process, and the directory that was made with it."""

    def __init__(self, path: Path, database: Database, directory: Directory) -> None:
        self._path = path
        self._database = database
        self._directory = directory
        self._seen = self._before = stamp(path)

    async def look(self) -> None:
        """Take a change over, once it stands still. A file that is gone leaves the roles as they are."""
        state = stamp(self._path)
        if state != GONE and state == self._before != self._seen:
            self._seen = state
            await self._read()
        self._before = state

    async def _read(self) -> None:
        try:
            roles = await asyncio.to_thread(load_roles, self._path)
        except FileBroken as broken:
            await self._tell(broken)
        else:
            self._directory.roles = roles
            self._directory.forget_all()
            _log.info("the roles are those of %s", self._path)

    async def _tell(self, broken: FileBroken) -> None:
        problem = first_mistake(broken)
        _log.warning("the roles are broken, the last good state stays: %s", broken)
        once = f"roles:{self._database.clock():%Y-%m-%d}:{problem['en']}"
        async with self._database.unit() as unit:
            await tell(unit, ADMIN, "people.roles_broken", {"problem": problem}, dedupe=once)
            await unit.commit()
