"""Tells people what happened to a request: each in their language, the team in the thread of its card.

One job finds out who reads of it; each of them is told by a job of their own, so that nobody waits for
somebody who cannot be reached.
"""

import logging
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Account, MessageRef, Place
from bot.chat.ports import JobInfo, Unreachable
from bot.chat.router import Router
from bot.chat.ui import Card
from bot.db.unit_of_work import Database, Unit
from bot.i18n import say
from bot.jobs.queue import enqueue
from bot.people.accounts import holders, languages, names
from bot.people.directory import Directory
from bot.requests import may, store
from bot.requests.tables import Request
from bot.triage import messages, posts
from bot.triage.known import Reader
from bot.triage.messages import MERGED_IN, UNREACHED, Happened
from bot.triage.posts import HEADLINE
from bot.triage.reach import Reach
from bot.triage.service import TOLD
from bot.triage.story import story
from bot.triage.workflow import Action

PERSON, THREAD = "triage.tell", "triage.thread"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """The handlers of these jobs."""

    database: Database
    directory: Directory
    reader: Reader
    reach: Reach

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_job(TOLD, self)
        router.on_job(PERSON, self.person)
        router.on_job(THREAD, self.thread)

    async def __call__(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Find out who reads of it; of a merge, the people of both requests, each once."""
        happened = _happened(payload)
        async with self.database.unit() as unit:
            request = await store.find(unit.session, int(payload["request"]))
            told = await self._spread(unit, request, happened, job, frozenset())
            if happened.action == Action.MERGE:
                target = await store.find(unit.session, int(happened.given["target"]))
                came = Happened(MERGED_IN, happened.by, {"request": request.number})
                await self._spread(unit, target, came, job, told)
            await unit.commit()

    async def person(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Tell one person. Answers below the message belong to the request; if it is theirs and they cannot
        be reached, the team hears so.
        """
        number, person, happened = int(payload["request"]), int(payload["person"]), _happened(payload)
        purpose = f"told:{job.id}"
        async with self.database.reading() as session:
            if await posts.find(session, number, purpose) is not None:
                return
            request = await store.find(session, number)
            account = await self.reach.account(session, person, await store.history(session, number))
            language = (await languages(session, [person])).get(person) or request.language
            known = await self.reader.known(session, request, language, self.database.clock())
            name = await _name(session, happened, language)
        own = person in {request.requester, request.submitted_by}
        card = messages.to_person(happened, request, known, name, language, own=own)
        sent = await self._direct(account, card, f"told-{job.id}") if account else None
        if sent is None:
            _log.warning("%s: person %d was not told", request.label, person)
        if own:
            async with self.database.unit() as unit:
                if sent is None:
                    await _say_so(unit, number, person, job)
                else:
                    await posts.keep(unit, number, purpose, sent)
                await unit.commit()

    async def thread(self, payload: dict[str, Any], job: JobInfo) -> None:
        """Tell the team, below its card. Raises RetryLater until there is one."""
        number, happened = int(payload["request"]), _happened(payload)
        async with self.database.reading() as session:
            request = await store.find(session, number)
            root = await posts.find(session, number, HEADLINE)
            name = await _name(session, happened, request.language)
        sender = self.reach.senders.get(root.place.channel) if root else None
        if root is None or sender is None:
            raise self.reach.later(job)
        place = Place(root.place.channel, root.place.id, root.place.kind, root.id)
        card = messages.to_team(happened, request, name, request.language)
        try:
            await sender.post(place, card, f"told-{job.id}")
        except Unreachable as refused:
            raise await self.reach.wait(request.place, job, refused) from refused
        await self.reach.arrived(request.place, job)

    async def _direct(self, account: Account, card: Card, key: str) -> MessageRef | None:
        """Where it stands, None if this account takes nothing."""
        try:
            return await self.reach.senders[account.channel].direct(account.id, card, key)
        except Unreachable as refused:
            _log.warning("%s: %s", key, refused)
            return None

    async def _spread(
        self, unit: Unit, request: Request, happened: Happened, job: JobInfo, but: frozenset[int]
    ) -> frozenset[int]:
        """A job for each who reads of it; who that is."""
        others = await self._others(unit.session, request)
        found = messages.audience(happened, request, others)
        payload = {
            "request": request.number,
            "action": happened.action,
            "by": happened.by,
            "given": dict(happened.given),
            "beside": sorted(happened.beside),
        }
        for person in sorted(found.people - but):
            key = f"tell:{request.number}:{person}"
            one = {**payload, "person": person}
            await enqueue(unit, PERSON, one, key=key, dedupe_key=f"{PERSON}:{job.id}:{key}")
        if found.thread:
            key = f"thread:{request.number}"
            await enqueue(unit, THREAD, payload, key=key, dedupe_key=f"{THREAD}:{job.id}:{key}")
        return found.people

    async def _others(self, session: AsyncSession, request: Request) -> frozenset[int]:
        """Who joined or watches; of a confidential request only those who may see it today."""
        joined = frozenset(await store.supporters(session, request.number))
        watching = story(await store.history(session, request.number)).watchers
        if request.confidential:
            team = await holders(session, self.directory.roles, request.team)
            watching &= may.people_in(request) | {person.number for person in team}
        return joined | watching


async def _say_so(unit: Unit, number: int, person: int, job: JobInfo) -> None:
    """The team would wait for somebody who has read nothing."""
    payload = {"request": number, "action": UNREACHED, "by": person, "given": {}}
    once = f"{THREAD}:{job.id}:{UNREACHED}"
    await enqueue(unit, THREAD, payload, key=f"thread:{number}", dedupe_key=once)


def _happened(payload: dict[str, Any]) -> Happened:
    beside = payload.get("beside") or ()
    tool = str(payload.get("tool") or "")
    return Happened(str(payload["action"]), int(payload["by"]), payload["given"], tuple(beside), tool)


async def _name(session: AsyncSession, happened: Happened, language: str) -> str:
    known = await names(session, [happened.by])
    return happened.tool or known.get(happened.by) or say(language, "triage.somebody")
