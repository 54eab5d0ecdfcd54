"""What can stop a command or the start, as one sentence in the reader's language."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bot.channels.playground.store import StoreBroken, StoreUnavailable
from bot.cli.common import end, listed
from bot.config import Settings, WrongSettings, load_settings
from bot.db.failures import DatabaseUnavailable, OneProcessOnly, WrongDatabaseUrl
from bot.db.migrate import MigrationBroken, NewerDatabase, NotMigrated
from bot.files.findings import FileBroken
from bot.glossary.living import NoGlossary
from bot.glossary.stored import GlossaryUnreadable
from bot.i18n import say

Said = list[tuple[str, Mapping[str, object]]]

# what is said of each failure: keys of sentences, and what fills them
_SAID: Mapping[type[Exception], Callable[[Any], Said]] = {
    WrongSettings: lambda failure: [(problem.key, problem.values) for problem in failure.problems],
    WrongDatabaseUrl: lambda failure: [(f"database.url_{failure.reason}", {"detail": failure.detail})],
    DatabaseUnavailable: lambda failure: [(f"database.{failure.reason}", {"detail": failure.detail})],
    OneProcessOnly: lambda failure: [("database.one_process", {"processes": failure.processes})],
    NewerDatabase: lambda failure: [("database.newer", {"revision": failure.revision})],
    NotMigrated: lambda _: [("database.not_migrated", {})],
    MigrationBroken: lambda failure: [
        ("database.migration", {"tables": ", ".join(sorted(failure.tables))})
    ],
    NoGlossary: lambda _: [("serve.no_glossary", {})],
    GlossaryUnreadable: lambda _: [("serve.glossary_newer", {})],
    StoreBroken: lambda _: [("serve.chat_broken", {})],
    StoreUnavailable: lambda _: [("serve.chat_unavailable", {})],
    OSError: lambda failure: [
        ("cli.bad_file", {"file": failure.filename or "", "reason": failure.strerror or str(failure)})
    ],
}


def sentences(failure: Exception, language: str) -> list[str]:
    """What is wrong and what to do; empty for a failure that nobody expects."""
    if isinstance(failure, FileBroken):
        return listed(failure.findings, language)
    said = next((said for kind, said in _SAID.items() if isinstance(failure, kind)), None)
    return [say(language, key, **values) for key, values in said(failure)] if said else []


@contextmanager
def explained(language: str) -> Iterator[None]:
    """End the command with the sentence for an expected failure (exit code 1)."""
    try:
        yield
    except Exception as failure:
        said = sentences(failure, language)
        if not said:
            raise
        end("\n".join(said), 1)


def settings_or_end(environ: dict[str, str], language: str, **given: object) -> Settings:
    """The settings; ends with what is wrong about them."""
    with explained(language):
        return load_settings(environ, **given)
    raise AssertionError("explained() ends or returns")
