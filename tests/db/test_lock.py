"""One process serves a SQLite file: its lock ends with it, and disturbs nobody else."""

import sqlite3
from pathlib import Path

import pytest

from bot.db.failures import AlreadyServed, DatabaseUnavailable, Reason
from bot.db.lock import alone
from bot.db.migrate import upgrade


def test_one_after_the_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/klartext.db"
    with alone(url), pytest.raises(AlreadyServed), alone(url, patience=0):
        pass
    with alone(url, patience=0):
        pass


def test_two_files_of_a_folder(tmp_path: Path) -> None:
    with alone(f"sqlite:///{tmp_path}/one.db"), alone(f"sqlite:///{tmp_path}/two.db", patience=0):
        pass


def test_postgresql_is_for_many() -> None:
    with alone("postgresql://u@h/d"), alone("postgresql://u@h/d"):
        pass


async def test_commands_and_backups_are_free(tmp_path: Path) -> None:
    file = tmp_path / "klartext.db"
    with alone(f"sqlite:///{file}"):
        await upgrade(f"sqlite:///{file}")
        with sqlite3.connect(file) as source, sqlite3.connect(tmp_path / "backup.db") as backup:
            source.backup(backup)
            assert backup.execute("SELECT count(*) FROM job").fetchone() == (0,)
        source.close()
        backup.close()


@pytest.mark.parametrize(
    ("name", "reason"),
    [("no/klartext.db", Reason.MISSING_FOLDER), ("file/klartext.db", Reason.MISSING_FOLDER)],
)
def test_a_place_where_no_file_can_be(tmp_path: Path, name: str, reason: Reason) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnavailable) as refused, alone(f"sqlite:///{tmp_path}/{name}"):
        pass
    assert refused.value.reason is reason
