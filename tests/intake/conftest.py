"""A house with the example flows, and a marketer in it; some tests open another house."""

import pytest

from bot.db.unit_of_work import Database
from tests.intake.office import House, Someone


@pytest.fixture
async def house(database: Database) -> House:
    """The example flows on a database."""
    return await House(database).open()


@pytest.fixture
def mara(house: House) -> Someone:
    """A marketer."""
    return house.person("mara")
