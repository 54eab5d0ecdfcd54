"""Tell everybody who holds a role, or one person, in their own language: later, by a job.

The job holds the key of a sentence and what fills it, never a finished text.
"""

import logging
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from bot.chat.events import Account
from bot.chat.ports import JobInfo, Outbox
from bot.chat.ui import Button, Buttons, Card, Element, Text
from bot.db.unit_of_work import Database, Unit
from bot.files.findings import FileBroken
from bot.i18n import LANGUAGES, explain, say
from bot.jobs.queue import enqueue
from bot.people.access import ADMIN
from bot.people.accounts import accounts_of, addressees
from bot.people.directory import Directory

TELL = "people.tell"


_log = logging.getLogger(__name__)

Values = Mapping[str, str | Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Offer:
    """A button below the sentence: `key` names its label, which is filled with the same values."""

    key: str
    action: str
    value: str
    opens: bool = False


async def tell(
    unit: Unit,
    to: str,
    key: str,
    values: Values,
    dedupe: str | None = None,
    about: int | None = None,
    offers: Sequence[Offer] = (),
) -> bool:
    """Let everybody know who is `to` (a role, `group:…`, `user:…`, `person:7`); once per `dedupe`. Whether
    they are told now.

    A value may be a text per language (`in_each`). `about` is the person whose words these are: they go
    when the person is forgotten.
    """
    payload: dict[str, Any] = {"to": to, "key": key, "values": dict(values), "about": about}
    if offers:
        payload["offers"] = [list(astuple(offer)) for offer in offers]
    return await enqueue(unit, TELL, payload, dedupe_key=dedupe) is not None


def in_each(text: Callable[[str], str]) -> dict[str, str]:
    """A value in every language that Klartext speaks."""
    return {language: text(language) for language in LANGUAGES}


def first_mistake(broken: FileBroken) -> dict[str, str]:
    """Where a file is broken and why, in every language: a value for `tell`."""
    first = broken.findings[0]
    return in_each(lambda language: f"{first.file.name}:{first.line}: {explain(first, language)}")


class Alarms:
    """`ports.Alarm`: the admins, for whoever has no unit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def raise_once(self, key: str, values: Mapping[str, str], once: str) -> bool:
        """Tell every admin, once. Raises DatabaseUnavailable."""
        async with self._database.unit() as unit:
            told = await tell(unit, ADMIN, key, values, dedupe=f"alarm:{once}")
            await unit.commit()
        return told


class Telling:
    """The handler of these jobs: one post for each person, each a job of its own.

    `served` are the channels of this process; `default` is the language of whom we do not know better.
    """

    def __init__(
        self,
        database: Database,
        directory: Directory,
        outbox: Outbox,
        served: Container[str],
        default: str = LANGUAGES[0],
    ) -> None:
        self._database = database
        self._directory = directory
        self._outbox = outbox
        self._served = served
        self._default = default

    async def __call__(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Find out who that is today, and post."""
        reachable = await self._reachable(str(payload["to"]))
        if not reachable:
            _log.warning(
                "%s is told of %s, but nobody of them is known here", payload["to"], payload["key"]
            )
        for account, language in reachable:
            card = _card(payload, language)
            await self._outbox.direct(account, card, key=f"tell:{job.id}:{account.channel}:{account.id}")

    async def _reachable(self, to: str) -> list[tuple[Account, str]]:
        """One account for each person; nobody at all is no failure: the inbox has it, too."""
        async with self._database.reading() as session:
            found = []
            for person in await addressees(session, self._directory.roles, to):
                accounts = self._usable(await accounts_of(session, person.number))
                found += [(account, person.language or self._default) for account in accounts[:1]]
        return found

    def _usable(self, accounts: Iterable[Account]) -> list[Account]:
        return [account for account in accounts if account.channel in self._served]


def _card(payload: Mapping[str, Any], language: str) -> Card:
    spoken = _spoken(payload["values"], language)
    sentence = say(language, str(payload["key"]), **spoken)
    buttons = tuple(
        Button(say(language, offer.key, **spoken), offer.action, offer.value, opens=offer.opens)
        for offer in (Offer(*parts) for parts in payload.get("offers", ()))
    )
    row: tuple[Element, ...] = (Buttons(buttons),) if buttons else ()
    return Card(sentence, (Text(sentence), *row))


def _spoken(values: Values, language: str) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value[language] for name, value in values.items()}
