"""Teams as the composition root joins it: an address, a sender, profiles, and an orderly end."""

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute, Route

from bot.channels.teams.adapter import Adapter
from bot.channels.teams.background import Background
from bot.channels.teams.connector import Connector
from bot.channels.teams.credentials import Entrance
from bot.channels.teams.endpoint import Endpoint
from bot.channels.teams.listener import Context, Listener
from bot.channels.teams.profiles import TeamsProfiles
from bot.channels.teams.sealed import Seal
from bot.channels.teams.sender import TeamsSender
from bot.channels.teams.turns import Turns, Wait, wait_for
from bot.channels.teams.voice import Voice
from bot.chat.ports import Addresses, Once, Outbox, Profiles, Sender
from bot.chat.router import Router

PATH = "/api/messages"
_GRACE = 1.5  # seconds for what is being answered while the process stops; all in all below 10


@dataclass(frozen=True, slots=True)
class Teams:
    """What the composition root mounts and joins."""

    routes: Sequence[BaseRoute]
    sender: Sender
    profiles: Profiles
    background: Background

    async def start(self) -> None:
        """Nothing is kept open."""

    async def stop(self) -> None:
        """Finish what is being answered."""
        await self.background.drain(_GRACE)


def teams(
    router: Router,
    context: Context,
    entrance: Entrance,
    *,
    addresses: Addresses,
    once: Once,
    outbox: Outbox,
    commands: Collection[str] = (),
    groups: Callable[[], Collection[str]] = tuple,
    wait: Wait = wait_for,
) -> Teams:
    """Teams over a router. `commands` are those of the app's menu, which come without their slash; `groups`
    the groups of Entra of which it matters who is in them.
    """
    adapter, background = Adapter(entrance), Background()
    connector = Connector(adapter)
    voice = Voice(connector, addresses)
    seal = Seal(entrance.password or secrets.token_hex())
    listener = Listener(router, context, addresses, seal, commands)
    turns = Turns(listener, voice, once, outbox, background, wait)
    endpoint = Endpoint(entrance, adapter, turns, background)
    return Teams(
        [Route(PATH, endpoint.answer, methods=["POST"])],
        TeamsSender(voice, addresses),
        TeamsProfiles(adapter, connector, addresses, groups),
        background,
    )
