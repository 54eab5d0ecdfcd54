"""A team at work, for every test that asks for one."""

import pytest

from tests.triage.team import Team
from tests.world import World


@pytest.fixture
async def team(world: World) -> Team:
    """Everybody, the example flows, and nothing submitted yet."""
    team = Team(world)
    await team.settle()
    return team
