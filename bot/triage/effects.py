"""What an action writes into a request beside its state: who does it, what it became, where it goes on."""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.events import Asker
from bot.db.unit_of_work import Unit
from bot.requests import may, store
from bot.requests.states import OPEN
from bot.requests.tables import Request
from bot.triage.story import story
from bot.triage.workflow import Action

MERGED = "merged_in"  # the event of a request into which another one was merged
_CHANGES = ("title", "use_case", "answers", "sections", "confidential")  # what a proposal may change


class NoTarget(Exception):
    """What it should be merged into is not there, has ended, is the request itself, or is confidential."""


class NoProposal(Exception):
    """The proposal is not there, or the team has decided on it already."""


async def lock(unit: Unit, number: int, action: Action, given: Mapping[str, Any]) -> None:
    """Of two requests the older one first: two merges at once must not wait for each other."""
    target = given.get("target")
    if action is Action.MERGE and isinstance(target, int) and target < number:
        await _target(unit, target)


async def happen(
    unit: Unit, request: Request, asker: Asker, action: Action, given: Mapping[str, Any], channel: str
) -> None:
    """Write it. Raises NoTarget and NoProposal."""
    match action:
        case Action.TAKE:
            request.assignee = asker.person
        case Action.ASSIGN:
            request.assignee = int(given["assignee"])
        case Action.PRIORITISE:
            request.priority = str(given["priority"])
        case Action.JOIN:
            await store.support(unit, request, asker.person)
        case Action.MERGE:
            await _merge(unit, request, asker, int(given["target"]), channel)
        case Action.TAKE_OVER | Action.REFUSE:
            await _decide(unit, request, int(given["proposal"]), taken=action is Action.TAKE_OVER)
        case _:
            pass


async def survivor(session: AsyncSession, request: Request) -> Request:
    """The request that it goes on in. What was merged has ended, so this leads to an end."""
    while request.merged_into is not None:
        request = await store.find(session, request.merged_into)
    return request


async def sources(session: AsyncSession, request: Request) -> list[Request]:
    """The requests that go on in it, also by way of others."""
    found: list[Request] = []
    for event in await store.history(session, request.number):
        if event.kind == MERGED:
            one = await store.find(session, int(event.data["request"]))
            found += [one, *await sources(session, one)]
    return found


async def _merge(unit: Unit, request: Request, asker: Asker, number: int, channel: str) -> None:
    """It goes on in another one, with everybody who is with it. One that has ended takes nobody in, so
    there are no rings. A confidential one neither: who joined it would see it.
    """
    target = await _target(unit, number)
    seen = may.see(target, asker, await store.supporters(unit.session, number))
    if target.number == request.number or target.state not in OPEN or target.confidential or not seen:
        raise NoTarget(number)
    request.merged_into = target.number
    people = (
        request.requester,
        request.submitted_by,
        *await store.supporters(unit.session, request.number),
    )
    for person in dict.fromkeys(filter(None, people)):
        await store.support(unit, target, person)
    await _move_watchers(unit, request, target)
    await store.record(unit, target, MERGED, asker.person, channel, {"request": request.number})


async def _move_watchers(unit: Unit, request: Request, target: Request) -> None:
    """Whoever watches it watches the other one from now on, and is reached where they were."""
    events = await store.history(unit.session, request.number)
    channels = {event.person: event.channel for event in events if event.kind == Action.WATCH}
    for person in sorted(story(events).watchers):
        given = {"on": True, "request": request.number}
        await store.record(unit, target, Action.WATCH, person, channels[person], given)


async def _target(unit: Unit, number: int) -> Request:
    try:
        return await store.find(unit.session, number, for_update=True)
    except store.RequestNotFound as missing:
        raise NoTarget(number) from missing


async def _decide(unit: Unit, request: Request, event: int, *, taken: bool) -> None:
    proposal = story(await store.history(unit.session, request.number)).proposal
    if proposal is None or proposal.event != event:
        raise NoProposal(event)
    for name in _CHANGES if taken else ():
        if name in proposal.values:
            setattr(request, name, proposal.values[name])
