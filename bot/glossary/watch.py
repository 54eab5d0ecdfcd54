"""Brings a change of the glossary file in while the server runs. A broken file changes nothing."""

import logging
from pathlib import Path

from bot.db.unit_of_work import Database
from bot.files.findings import FileBroken
from bot.files.stamp import GONE, stamp
from bot.glossary.file import digest_of, files_of
from bot.glossary.living import import_file, last_file
from bot.people.access import ADMIN
from bot.people.tell import first_mistake, tell

_log = logging.getLogger(__name__)

State = tuple[tuple[Path, int, int], ...]


class Watch:
    """One glossary file. An admin is told once that it is broken, whatever the number of processes, and
    again if it was mended in between.
    """

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self._path = path
        self._patterns: tuple[str, ...] = ()
        self._seen: State | None = None  # what was brought in, or found broken
        self._before: State | None = None  # at the last look
        self._broken = False

    async def look(self) -> None:
        """Import what has changed, once it stands still: an editor may be in the middle of writing.

        An unchanged file is not even opened; one that is gone leaves the glossary as it is. Raises
        DatabaseUnavailable; then the next look tries again.
        """
        state = self._state()
        if state and state == self._before != self._seen:
            await self.bring_in()
        self._before = state

    async def bring_in(self) -> None:
        """Import what stands in the file now; the glossary of the database stays if that is broken."""
        state = self._state()
        try:
            imported = await import_file(self._database, self._path, watched=True, again=self._broken)
        except FileBroken as broken:
            await self._tell(broken)
            self._broken = True
        else:
            self._broken, self._patterns = False, imported.patterns
            _log.info("glossary file: %d terms, %d gone", len(imported.written), len(imported.removed))
        self._seen = self._before = state

    def _state(self) -> State:
        """Empty if there is no such file."""
        files = (self._path, *files_of(self._path, self._patterns))
        state = tuple((file, *stamp(file)) for file in files)
        return state if state[0] != (self._path, *GONE) else ()

    async def _tell(self, broken: FileBroken) -> None:
        _log.warning("the glossary file is broken, the last good state stays: %s", broken)
        if self._broken:
            return  # still
        async with self._database.unit() as unit:
            last = await last_file(unit.session)
            once = f"glossary:{digest_of(self._path, self._patterns)}:{last.id if last else 0}"
            await tell(unit, ADMIN, "glossary.file_broken", {"problem": first_mistake(broken)}, dedupe=once)
            await unit.commit()
