"""A whole Klartext with a team."""

import pytest

from tests.triage.team import Office, opened
from tests.world import World


@pytest.fixture
async def office(world: World) -> Office:
    """On both databases."""
    return await opened(world)
