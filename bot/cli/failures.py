"""What can stop a command or the start, as one sentence in the reader's language."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bot.channels.playground.store import StoreBroken, StoreUnavailable
from bot.channels.slack.errors import SlackRefused, WrongWorkspace
from bot.cli.common import end, listed, no_file
from bot.config import Problem, Settings, WrongSettings, load_settings
from bot.db.failures import AlreadyServed, DatabaseUnavailable, OneProcessOnly, WrongDatabaseUrl
from bot.db.migrate import MigrationBroken, NewerDatabase, NotMigrated
from bot.files.findings import FileBroken
from bot.glossary.file import CannotWrite
from bot.glossary.living import NoGlossary
from bot.glossary.stored import GlossaryUnreadable
from bot.i18n import say

_PLAIN: Mapping[type[Exception], str] = {
    NotMigrated: "database.not_migrated",
    NoGlossary: "serve.no_glossary",
    GlossaryUnreadable: "serve.glossary_newer",
    CannotWrite: "cli.cannot_write",
    StoreBroken: "serve.chat_broken",
    StoreUnavailable: "serve.chat_unavailable",
}


def sentences(failure: Exception, language: str) -> list[str]:
    """What is wrong and what to do; empty for a failure that nobody expects."""
    match failure:
        case WrongSettings(problems=problems):
            return [_said(problem, language) for problem in problems]
        case WrongDatabaseUrl(reason=reason, detail=detail):
            return [say(language, f"database.url_{reason}", detail=detail)]
        case DatabaseUnavailable(reason=reason, detail=detail):
            return [say(language, f"database.{reason}", detail=detail)]
        case OneProcessOnly(processes=processes):
            return [say(language, "database.one_process", processes=processes)]
        case AlreadyServed(file=file):
            return [say(language, "database.served", file=file)]
        case NewerDatabase(revision=revision):
            return [say(language, "database.newer", revision=revision)]
        case MigrationBroken(tables=tables):
            return [say(language, "database.migration", tables=", ".join(sorted(tables)))]
        case FileBroken(findings=findings):
            return listed(findings, language)
        case SlackRefused(code=code, method=method):
            return [say(language, "slack.refused", code=code, method=method)]
        case WrongWorkspace(wanted=wanted, found=found):
            return [say(language, "slack.wrong_workspace", wanted=wanted, found=found)]
        case OSError():
            return [no_file(failure, language)]
        case _:
            key = _PLAIN.get(type(failure))
            return [say(language, key)] if key else []


def _said(problem: Problem, language: str) -> str:
    wanted = {"wanted": say(language, problem.wanted)} if problem.wanted else {}
    return say(language, problem.key, **problem.values, **wanted)


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
