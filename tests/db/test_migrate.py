"""Databases of any age reach the newest shape, however many processes start at once."""

import asyncio
import importlib
import re
import shutil
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, Integer, MetaData, Table
from sqlmodel import SQLModel

import bot
from bot.db import migrate
from bot.db.engine import connect
from bot.db.failures import DatabaseUnavailable, Reason
from bot.db.migrate import MigrationBroken, NewerDatabase, pending, revision, upgrade

PACKAGE = Path(bot.__file__).parent
VERSIONS = PACKAGE / "db" / "migrations" / "versions"
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = {number!r}
down_revision = {before!r}

def upgrade() -> None:
    {body}
"""
BEFORE_THE_QUEUE = (
    "INSERT INTO request (id, version, state, flow, flow_version, queue, place, team, title, language,"
    " requester, submitted_by, confidential, use_case, answers, sections, created_at, changed_at)"
    " SELECT 1, 1, 'submitted', 'wish', 1, 'it', '#it', 'role:it', 'Ärger mit HubSpot', 'de', 1, 1,"
    " 1 = 2, '{}', '{}', '{}', '2027-01-04 10:00:00+00:00', '2027-01-04 10:00:00+00:00'",
    "INSERT INTO promise (request, clock, begun_at, due_at, ended_at) VALUES"
    " (1, 'response', '2027-01-04 10:00:00+00:00', '2027-01-05 10:00:00+00:00',"
    " '2027-01-04 11:00:00+00:00'),"
    " (1, 'decision', '2027-01-04 10:00:00+00:00', '2027-01-06 10:00:00+00:00', NULL),"
    " (1, 'delivery', '2027-01-04 10:00:00+00:00', '2027-01-09 10:00:00+00:00', NULL)",
)
EIGHT = """
import asyncio, os, sys
from bot.db.migrate import upgrade
children = []
while len(children) < 8:
    if (child := os.fork()) == 0:
        asyncio.run(upgrade(sys.argv[1]))
        sys.exit()
    children.append(child)
print([os.waitpid(child, 0)[1] for child in children])
"""


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the migrations, to add to."""
    shutil.copytree(VERSIONS.parent, tmp_path / "100% own", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "_FOLDER", tmp_path / "100% own")
    migrate._revisions.cache_clear()
    yield tmp_path / "100% own" / "versions"
    migrate._revisions.cache_clear()


def add(versions: Path, body: str) -> str:
    """One more migration after the newest; returns its number."""
    newest = max(file.name[:4] for file in versions.glob("0*.py"))
    number = f"{int(newest) + 1:04d}"
    (versions / f"{number}_test.py").write_text(NEXT.format(number=number, before=newest, body=body))
    migrate._revisions.cache_clear()
    return number


async def still_pending(url: str) -> tuple[str, ...]:
    engine = connect(url)
    try:
        return await pending(engine)
    finally:
        await engine.dispose()


def test_numbers_are_a_line_without_gaps() -> None:
    names = sorted(file.name for file in VERSIONS.glob("*.py"))
    assert [name[:5] for name in names] == [f"{n:04d}_" for n in range(1, len(names) + 1)]
    assert migrate._revisions() == tuple(name[:4] for name in names)


async def test_an_empty_database(empty_url: str) -> None:
    assert await still_pending(empty_url) == migrate._revisions()
    await upgrade(empty_url)
    assert await still_pending(empty_url) == ()


async def test_twice_is_once(migrated_url: str) -> None:
    await upgrade(migrated_url)
    assert await still_pending(migrated_url) == ()


async def test_migrations_make_the_tables_of_the_program(migrated_url: str) -> None:
    for file in PACKAGE.rglob("tables.py"):
        importlib.import_module(".".join(("bot", *file.relative_to(PACKAGE).with_suffix("").parts)))
    for name in ("keys", "revisions"):
        importlib.import_module(f"bot.db.{name}")

    def drift(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))

    engine = connect(migrated_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(drift) == []
    await engine.dispose()


async def test_many_tasks_at_once(empty_url: str) -> None:
    await asyncio.gather(*(upgrade(empty_url) for _ in range(8)))
    assert await still_pending(empty_url) == ()


async def test_many_processes_at_once(empty_url: str) -> None:
    command = (sys.executable, "-W", "error", "-c", EIGHT, empty_url)
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    assert await process.communicate() == (b"[0, 0, 0, 0, 0, 0, 0, 0]\n", b"")
    assert await still_pending(empty_url) == ()


async def test_children_survive_the_copy_of_their_parent(empty_url: str, versions: Path) -> None:
    """SQLite alters a table by copying it. With foreign keys on, dropping the old one takes them along."""
    add(
        versions,
        """op.create_table('parent', sa.Column('id', sa.Integer, primary_key=True))
    op.create_table('child', sa.Column('id', sa.Integer, primary_key=True), sa.Column('parent', sa.Integer,
        sa.ForeignKey('parent.id', ondelete='CASCADE', name='fk')))
    op.execute('INSERT INTO parent VALUES (1), (2)')
    op.execute('INSERT INTO child VALUES (1, 1), (2, 1), (3, 2)')""",
    )
    await upgrade(empty_url)
    add(
        versions,
        """with op.batch_alter_table('parent') as batch:
        batch.add_column(sa.Column('name', sa.String(), nullable=True))
        batch.alter_column('name', type_=sa.String(20))""",
    )
    await upgrade(empty_url)
    engine = connect(empty_url)
    async with engine.connect() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM child")).scalar() == 3
        assert (await connection.exec_driver_sql("SELECT name FROM parent")).all() == [(None,)] * 2
    await engine.dispose()


async def test_requests_of_before_the_queue_are_found_and_have_their_deadline(
    empty_url: str, versions: Path, tmp_path: Path
) -> None:
    later = [file for file in versions.glob("0*.py") if file.name[:4] > "0006"]
    for file in later:
        file.rename(tmp_path / file.name)
    migrate._revisions.cache_clear()
    await upgrade(empty_url)
    engine = connect(empty_url)
    async with engine.begin() as connection:
        for statement in BEFORE_THE_QUEUE:
            await connection.exec_driver_sql(statement)
    for file in later:
        (tmp_path / file.name).rename(file)
    migrate._revisions.cache_clear()
    await upgrade(empty_url)
    async with engine.connect() as connection:
        words = await connection.exec_driver_sql("SELECT word FROM request_word ORDER BY word")
        assert [word for (word,) in words] == ["aerger", "hubspot", "mit"]
        (due,) = (await connection.exec_driver_sql("SELECT due_at FROM request")).one()
        assert str(due).startswith("2027-01-06 10:00:00")
    await engine.dispose()


async def test_a_migration_that_leaves_orphans_changes_nothing(
    empty_url: str, versions: Path, engine_name: str
) -> None:
    if engine_name == "postgres":  # checks by itself at every statement
        return
    await upgrade(empty_url)
    number = add(
        versions,
        """op.create_table('parent', sa.Column('id', sa.Integer, primary_key=True))
    op.create_table('child', sa.Column('parent', sa.Integer, sa.ForeignKey('parent.id', name='fk')))
    op.execute('INSERT INTO child VALUES (7)')""",
    )
    with pytest.raises(MigrationBroken) as refused:
        await upgrade(empty_url)
    assert refused.value.tables == {"child"}
    assert await still_pending(empty_url) == (number,)


async def test_a_migration_that_fails_changes_nothing(empty_url: str, versions: Path) -> None:
    number = add(versions, "op.create_table('new', sa.Column('id', sa.Integer, primary_key=True)); 1 / 0")
    with pytest.raises(ZeroDivisionError):
        await upgrade(empty_url)
    assert await still_pending(empty_url) == migrate._revisions()
    text = (versions / f"{number}_test.py").read_text()
    (versions / f"{number}_test.py").write_text(text.replace("1 / 0", "pass"))
    await upgrade(empty_url)
    assert await still_pending(empty_url) == ()


async def test_a_database_of_a_newer_version_is_left_alone(empty_url: str, versions: Path) -> None:
    number = add(versions, "op.create_table('new', sa.Column('id', sa.Integer, primary_key=True))")
    await upgrade(empty_url)
    (versions / f"{number}_test.py").unlink()
    migrate._revisions.cache_clear()
    for check in (upgrade, still_pending):
        with pytest.raises(NewerDatabase) as refused:
            await check(empty_url)
        assert refused.value.revision == number


async def test_a_database_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        await upgrade(f"sqlite:///{tmp_path}/missing/x.db")
    assert refused.value.reason is Reason.MISSING_FOLDER


def test_a_new_migration_is_written(
    versions: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    metadata = MetaData(naming_convention=SQLModel.metadata.naming_convention)
    for table in SQLModel.metadata.sorted_tables:
        table.to_metadata(metadata)
    Table("cake", metadata, Column("id", Integer, primary_key=True))
    monkeypatch.setattr(SQLModel, "metadata", metadata)
    newest = int(migrate._revisions()[-1])
    written = revision("A cake, finally")
    assert written.parent == versions
    assert written.name == f"{newest + 1:04d}_a_cake_finally.py"
    assert re.findall(r"op\.(\w+)\('(\w+)',$", written.read_text(), re.MULTILINE) == [
        ("create_table", "cake")
    ]
    assert migrate._revisions()[-1] == f"{newest + 1:04d}"
