"""A team at work, for every test that asks for one."""

import pytest

from tests.triage.room import Office, opened
from tests.triage.team import Team
from tests.world import World


@pytest.fixture
async def team(world: World) -> Team:
    """Everybody, the example flows, and nothing submitted yet."""
    team = Team(world)
    await team.settle()
    return team


@pytest.fixture
async def office(world: World) -> Office:
    """The channel of a team, and its cards."""
    return await opened(world)
