"""What a page of the queue costs does not grow with the requests: counted in steps of SQLite."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.db.unit_of_work import Database
from tests.bench.flat import SUBJECTS, House, filled, house_of

FEW, MANY = 3_000, 12_000


class Steps:
    """Counts the steps of SQLite's virtual machine."""

    def __init__(self, database: Database) -> None:
        self.count = 0
        event.listen(database.engine.sync_engine, "connect", self._attach)

    def _attach(self, connection: Any, _record: object) -> None:
        connection.run_async(lambda sqlite: sqlite.set_progress_handler(self._step, 1))

    def _step(self) -> int:
        self.count += 1
        return 0


@pytest.fixture(scope="module")
def files(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A file with few and one with many requests, to read from."""
    folder = tmp_path_factory.mktemp("flat")
    return {size: folder / f"{size}.db" for size in (FEW, MANY)}


@pytest.fixture
async def houses(
    files: dict[int, Path], migrated_file: Path
) -> AsyncIterator[dict[int, tuple[House, Steps]]]:
    """Both of them, with a counter each."""
    made = {}
    for size, file in files.items():
        is_new = not file.exists()
        if is_new:
            file.write_bytes(migrated_file.read_bytes())
        database = Database.at(f"sqlite:///{file}")
        if is_new:
            await filled(database, size)
            await database.close()
            database = Database.at(f"sqlite:///{file}")
        made[size] = (house_of(database, size), Steps(database))
    yield made
    for house, _ in made.values():
        await house.database.close()


@pytest.mark.parametrize("subject", SUBJECTS)
async def test_many_cost_what_few_cost(houses: dict[int, tuple[House, Steps]], subject: str) -> None:
    counts = {}
    for size, (house, steps) in houses.items():
        await SUBJECTS[subject](house)  # opens the connection
        steps.count = 0
        await SUBJECTS[subject](house)
        counts[size] = steps.count
    assert counts[FEW] > 0
    assert counts[MANY] <= 1.2 * counts[FEW], counts
