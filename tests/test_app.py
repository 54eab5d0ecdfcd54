"""Everything joined: when it is ready, what stops it, what it forgets."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import col, func, select

from bot.app import Klartext
from bot.cli.failures import sentences
from bot.config import load_settings
from bot.db.engine import connect
from bot.db.failures import DatabaseUnavailable, OneProcessOnly, Reason, WrongDatabaseUrl
from bot.db.keys import ProcessedKey, first_time
from bot.db.migrate import NewerDatabase
from bot.files.findings import FileBroken
from bot.glossary.tables import LookUp
from bot.i18n import LANGUAGES
from bot.jobs.queue import enqueue
from bot.jobs.tables import Job
from tests.db.fixtures import MovableClock
from tests.world import CHANNEL, GLOSSARY, Channel, World, words


async def get(klartext: Klartext, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=klartext.asgi())
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.get(path)


def settings(url: str, folder: Path, **more: Any) -> Any:
    return load_settings(
        {}, database_url=url, glossary=folder / "glossary.yaml", flows=folder / "flows", **more
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "glossary.yaml").write_text(GLOSSARY, encoding="utf-8")
    return tmp_path


# --- alive and ready ---


async def test_ready_with_database_migrations_and_glossary(world: World) -> None:
    assert (await get(world.klartext, "/healthz")).text == "ok"
    ready = await get(world.klartext, "/readyz")
    assert ready.status_code == 200
    assert ready.json() == {
        "ready": True,
        "database": "ok",
        "migrations": "ok",
        "glossary": "ok",
        "terms": 4,
    }


async def test_not_ready_while_the_database_is_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.klartext.database, "engine", connect("postgresql://u:secret@127.0.0.1:1/d"))
    response = await get(world.klartext, "/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "unreachable"
    assert "secret" not in response.text
    assert (await get(world.klartext, "/healthz")).status_code == 200


async def test_not_ready_without_migrations(empty_url: str, folder: Path) -> None:
    klartext = Klartext(settings(empty_url, folder))
    response = await get(klartext, "/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"].startswith("missing 0001")
    assert response.json()["glossary"] == "missing"
    await klartext.database.close()


async def test_not_ready_with_a_database_of_the_future(world: World) -> None:
    async with world.klartext.database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    response = await get(world.klartext, "/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "newer: 9999")


async def test_not_ready_without_a_glossary(migrated_url: str, folder: Path) -> None:
    klartext = Klartext(settings(migrated_url, folder))
    response = await get(klartext, "/readyz")
    assert (response.status_code, response.json()["glossary"]) == (503, "missing")
    await klartext.database.close()


# --- start and stop ---


async def test_a_start_makes_the_database_and_brings_the_glossary_in(empty_url: str, folder: Path) -> None:
    klartext = Klartext(settings(empty_url, folder))
    channel = Channel()
    klartext.add(CHANNEL, channel, channel)
    await klartext.start()
    try:
        assert (await get(klartext, "/readyz")).status_code == 200
    finally:
        await klartext.stop()


async def test_the_end_of_the_web_application_stops_everything(migrated_url: str, folder: Path) -> None:
    klartext = Klartext(settings(migrated_url, folder))
    await klartext.start()
    app = klartext.asgi()
    async with app.router.lifespan_context(app):
        klartext.lookups.note(klartext.living.book.define("MQL"), "direct")
    other = Klartext(settings(migrated_url, folder))
    async with other.database.reading() as session:
        assert (await session.exec(select(func.count(col(LookUp.id))))).one() == 1
    await other.database.close()


async def failed(klartext: Klartext) -> Exception:
    with pytest.raises(Exception) as raised:  # noqa: PT011  (each test names what it expects)
        await klartext.start()
    await klartext.stop()
    for language in LANGUAGES:
        said = sentences(raised.value, language)
        assert said
        assert all(sentence.strip() for sentence in said)
    return raised.value


async def test_a_first_start_without_a_readable_glossary_says_what_is_wrong(
    empty_url: str, folder: Path
) -> None:
    (folder / "glossary.yaml").write_text(GLOSSARY.replace("status: disputed", "status: argued"), "utf-8")
    assert isinstance(await failed(Klartext(settings(empty_url, folder))), FileBroken)
    (folder / "glossary.yaml").unlink()
    assert isinstance(await failed(Klartext(settings(empty_url, folder))), FileBroken)


async def test_a_later_start_goes_on_with_what_the_database_has(world: World) -> None:
    world.file.write_text(GLOSSARY.replace("status: disputed", "status: argued"), encoding="utf-8")
    again = Klartext(world.klartext.settings, world.klartext.database.clock)
    again.add(CHANNEL, world.channel, world.channel)
    await again.start()
    assert again.living.ready
    await again.stop()
    await world.work()
    assert [post.to for post in world.channel.posts] == ["ines"]
    assert "Lead mit Punkten." in words(await world.say("mara", "MQL"))


async def test_a_database_that_was_migrated_by_a_newer_version_stops_the_start(world: World) -> None:
    async with world.klartext.database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert isinstance(await failed(Klartext(world.klartext.settings)), NewerDatabase)


async def test_a_database_that_is_away_stops_the_start(folder: Path) -> None:
    error = await failed(Klartext(settings("postgresql://u:secret@127.0.0.1:1/d", folder)))
    assert isinstance(error, DatabaseUnavailable)
    assert error.reason is Reason.UNREACHABLE
    assert "secret" not in str(error)


def test_sqlite_is_for_one_process(folder: Path) -> None:
    with pytest.raises(OneProcessOnly):
        Klartext(settings(f"sqlite:///{folder}/k.db", folder, processes=2))
    with pytest.raises(WrongDatabaseUrl):
        Klartext(settings("nonsense", folder))


def test_weights_that_are_not_there_stop_the_start(folder: Path) -> None:
    with pytest.raises(OSError, match="intent") as raised:
        Klartext(settings(f"sqlite:///{folder}/k.db", folder, question_models=folder / "none"))
    assert "intent.json" in sentences(raised.value, "en")[0]


async def test_replicas_start_at_once(empty_url: str, folder: Path, engine_name: str) -> None:
    replicas = [Klartext(settings(empty_url, folder)) for _ in range(3)]
    await asyncio.gather(*(replica.start() for replica in replicas))
    assert all(replica.living.ready for replica in replicas)
    await asyncio.gather(*(replica.stop() for replica in replicas))


# --- what is forgotten ---


async def test_what_is_old_is_forgotten_as_the_settings_say(world: World, clock: MovableClock) -> None:
    klartext, database = world.klartext, world.klartext.database
    await world.say("mara", "MQL")
    await klartext.lookups.flush()
    async with database.unit() as unit:
        await first_time(unit.session, "key", timedelta(hours=1), clock=clock)
        await enqueue(unit, "people.profile", {"channel": "x", "account": "y"})
        await unit.commit()
    await klartext.worker.run_due()

    async def left() -> tuple[int, int, int]:
        async with database.reading() as session:
            counts = [
                (await session.exec(select(func.count()).select_from(table))).one()
                for table in (LookUp, ProcessedKey, Job)
            ]
        return counts[0], counts[1], counts[2]

    lookups, keys, jobs = await left()
    assert (lookups, keys) == (1, 1)
    assert jobs >= 1
    clock.at += timedelta(hours=klartext.settings.keep_keys_hours, seconds=1)
    await klartext.tidy()
    assert await left() == (1, 0, 0)
    clock.at += timedelta(days=klartext.settings.keep_lookups_days)
    await klartext.tidy()
    assert await left() == (0, 0, 0)


async def test_one_of_all_replicas_tidies_up_each_hour(
    world: World, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tidied: list[datetime] = []

    async def tidy() -> None:
        tidied.append(clock.at)

    monkeypatch.setattr(world.klartext, "tidy", tidy)
    for _ in range(3):
        await world.klartext._schedule.look()
        await world.work()
        clock.move(3_600)
    assert len(tidied) == 2


async def test_a_failing_database_fails_no_question(world: World) -> None:
    """The error of a driver ends as a sentence, with an id for the log."""

    async def broken(*_: object) -> object:
        raise RuntimeError("secret")

    world.klartext.directory.greeted = broken  # type: ignore[method-assign, assignment]
    said = words(await world.say("nora", "Lead"))
    assert "nenn der IT bitte diese Nummer" in said
    assert "secret" not in said
