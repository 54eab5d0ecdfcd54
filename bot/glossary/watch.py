"""Brings a change of the glossary file in while the server runs. A broken file changes nothing."""

import logging
from pathlib import Path

from bot.db.unit_of_work import Database
from bot.files.findings import FileBroken
from bot.glossary.file import files_of
from bot.glossary.living import digest, import_file
from bot.i18n import LANGUAGES, explain
from bot.people.access import ADMIN
from bot.people.tell import tell

_log = logging.getLogger(__name__)


class Watch:
    """One glossary file. An admin is told of a broken state once, whatever the number of processes."""

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self._path = path
        self._seen: object = None
        self._patterns: tuple[str, ...] = ()

    async def look(self) -> None:
        """Import what has changed since the last look; an unchanged file is not even opened.

        Raises DatabaseUnavailable; then the next look tries again.
        """
        state = self._state()
        if state == self._seen:
            return
        try:
            imported = await import_file(self._database, self._path)
        except FileBroken as broken:
            await self._tell(broken)
        else:
            self._patterns = imported.patterns
            if imported.written or imported.removed:
                _log.info("glossary file: %d terms, %d gone", len(imported.written), len(imported.removed))
        self._seen = state

    def _state(self) -> object:
        files = (self._path, *files_of(self._path, self._patterns))
        return tuple((file, _stat(file)) for file in files)

    async def _tell(self, broken: FileBroken) -> None:
        first = broken.findings[0]
        _log.warning("the glossary file is broken, the last good state stays: %s", broken)
        problem = f"{first.file.name}:{first.line}: {explain(first, LANGUAGES[0])}"
        async with self._database.unit() as unit:
            once = f"glossary:{digest(self._path, self._patterns)}"
            await tell(unit, ADMIN, "glossary.file_broken", {"problem": problem}, dedupe=once)
            await unit.commit()


def _stat(file: Path) -> object:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
