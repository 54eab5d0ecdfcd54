"""A changed roles.yaml counts while the server runs; a broken one changes nothing and is told."""

from pathlib import Path

import pytest

from bot.db.unit_of_work import Database
from bot.people.directory import Directory
from bot.people.roles import Roles
from bot.people.roles_file import RolesFile
from tests.world import World

ONE = "users: {lena: lena@example.com}\nroles: {admin: [user:lena]}\n"
TWO = "users: {mara: mara@example.com}\nroles: {admin: [user:mara]}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "roles.yaml"
    file.write_text(ONE, encoding="utf-8")
    return file


async def test_a_change_counts_once_it_stands_still(world: World, file: Path) -> None:
    roles = RolesFile(file, world.klartext.database, world.klartext.directory)
    await world.say("mara", "Lead")
    await roles.look()
    assert "admin" not in (await world.asker("mara")).roles
    file.write_text(TWO + "\n", encoding="utf-8")
    await roles.look()
    assert "admin" not in (await world.asker("mara")).roles
    await roles.look()
    assert "admin" in (await world.asker("mara")).roles
    assert "admin" not in (await world.asker("lena")).roles


async def test_a_broken_file_changes_nothing_and_is_told_once(world: World, file: Path) -> None:
    roles = RolesFile(file, world.klartext.database, world.klartext.directory)
    before = world.klartext.directory.roles
    for text in ("roles: {admin: 7}\n", "roles:   {admin: 7}\n"):
        file.write_text(text, encoding="utf-8")
        for _ in range(3):
            await roles.look()
    assert world.klartext.directory.roles is before
    (told,) = await world.work()
    assert "roles.yaml:1:" in told.card.summary
    assert "gilt die letzte gute Fassung" in told.card.summary


async def test_a_file_that_is_gone_leaves_the_roles(database: Database, file: Path) -> None:
    directory = Directory(database, Roles(), lambda _channel, _place: None)
    roles = RolesFile(file, database, directory)
    file.unlink()
    for _ in range(3):
        await roles.look()
    assert directory.roles == Roles()
