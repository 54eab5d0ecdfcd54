"""Tell everybody who holds a role, or one person, in their own language: later, by a job.

The job holds the key of a sentence and what fills it, never a finished text.
"""

from collections.abc import Mapping
from typing import Any

from bot.chat.events import Account
from bot.chat.ports import JobInfo, Outbox
from bot.chat.ui import Card, Text
from bot.db.unit_of_work import Database, Unit
from bot.i18n import LANGUAGES, say
from bot.jobs.queue import enqueue
from bot.people.access import ADMIN
from bot.people.accounts import accounts_of, holders
from bot.people.directory import Directory

TELL = "people.tell"


async def tell(unit: Unit, to: str, key: str, values: Mapping[str, str], dedupe: str | None = None) -> None:
    """Let everybody know who holds `to` (a role, `group:…`, `user:…`); once per `dedupe`."""
    await enqueue(unit, TELL, {"to": to, "key": key, "values": dict(values)}, dedupe_key=dedupe)


class Alarms:
    """`ports.Alarm`: the admins, for whoever has no unit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def raise_once(self, key: str, values: Mapping[str, str], once: str) -> None:
        """Tell every admin, once. Raises DatabaseUnavailable."""
        async with self._database.unit() as unit:
            await tell(unit, ADMIN, key, values, dedupe=f"alarm:{once}")
            await unit.commit()


class Telling:
    """The handler of these jobs: one post for each person, each a job of its own."""

    def __init__(self, database: Database, directory: Directory, outbox: Outbox) -> None:
        self._database = database
        self._directory = directory
        self._outbox = outbox

    async def __call__(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Find out who that is today, and post."""
        for account, language in await self._reachable(str(payload["to"])):
            sentence = say(language, str(payload["key"]), **payload["values"])
            card = Card(sentence, (Text(sentence),))
            await self._outbox.direct(account, card, key=f"tell:{job.id}:{account.channel}:{account.id}")

    async def _reachable(self, to: str) -> list[tuple[Account, str]]:
        """One account for each person; nobody at all is no failure: the inbox has it, too."""
        async with self._database.reading() as session:
            found = []
            for person in await holders(session, self._directory.roles, to):
                accounts = await accounts_of(session, person.number)
                found += [(account, person.language or LANGUAGES[0]) for account in accounts[:1]]
        return found
