"""The glossary that lives in the database: files come in by what they change, every process sees it."""

import asyncio
import os
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from bot.app import Klartext
from bot.db.revisions import bump, numbers
from bot.db.unit_of_work import Database
from bot.files.findings import FileBroken
from bot.glossary.living import (
    HEAD,
    REVISION,
    Imported,
    Living,
    NoGlossary,
    import_file,
    read_glossary,
)
from bot.glossary.model import Glossary, Term
from bot.glossary.stored import GlossaryUnreadable
from bot.glossary.tables import GlossaryFile, TermRevision
from bot.glossary.watch import Watch
from tests.db.fixtures import MovableClock
from tests.world import GLOSSARY, World, words


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "glossary.yaml"
    file.write_text(GLOSSARY, encoding="utf-8")
    return file


async def glossary(database: Database) -> Glossary:
    async with database.reading() as session:
        return await read_glossary(session)


async def definition(database: Database, term: str) -> str:
    return (await glossary(database)).terms[term].definition["de"]


async def revision(database: Database) -> int:
    async with database.reading() as session:
        return (await numbers(session)).get(REVISION, 0)


async def states(database: Database) -> int:
    """How many revisions of terms there are."""
    async with database.reading() as session:
        return (await session.exec(select(func.count(col(TermRevision.id))))).one()


async def change(database: Database, term: str, definition: str | None) -> None:
    """As if somebody had changed a term in a chat; None takes it out."""
    old = (await glossary(database)).terms[term]
    content = old.model_copy(update={"definition": {"de": definition}}).model_dump_json(
        by_alias=True, exclude_defaults=True
    )
    async with database.unit() as unit:
        row = TermRevision(term=term, content=content if definition else None, origin="chat")
        unit.session.add(row)
        await bump(unit, REVISION)
        await unit.commit()


def edit(file: Path, old: str, new: str) -> None:
    """Change a file as an editor does: another time, another content."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    before = file.stat().st_mtime_ns
    file.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(file, ns=(before + 10**9, before + 10**9))


async def test_nothing_is_there_before_the_first_import(database: Database) -> None:
    with pytest.raises(NoGlossary):
        await glossary(database)
    with pytest.raises(NoGlossary):
        _ = Living(database).book


async def test_an_import_brings_everything_in_once(database: Database, file: Path) -> None:
    imported = await import_file(database, file)
    assert imported == Imported(("lead", "mql", "prospect", "margin"), (), True, ())
    living = await glossary(database)
    assert list(living.terms) == ["lead", "mql", "prospect", "margin"]
    assert living.glossary.languages == ["de", "en"]
    count, number = await states(database), await revision(database)
    assert await import_file(database, file) == Imported()
    assert (await states(database), await revision(database)) == (count, number)


async def test_a_comment_changes_nothing(database: Database, file: Path) -> None:
    await import_file(database, file)
    count, number = await states(database), await revision(database)
    edit(file, "# what everybody argues about", "# still")
    assert await import_file(database, file) == Imported()
    assert (await states(database), await revision(database)) == (count, number)


async def test_a_changed_term_is_one_more_state(database: Database, file: Path) -> None:
    await import_file(database, file)
    count, number = await states(database), await revision(database)
    edit(file, "Lead mit Punkten.", "Lead mit vielen Punkten.")
    assert await import_file(database, file) == Imported(("mql",))
    assert await definition(database, "mql") == "Lead mit vielen Punkten."
    assert (await states(database), await revision(database)) == (count + 1, number + 1)


async def test_a_changed_department_is_a_change(database: Database, file: Path) -> None:
    await import_file(database, file)
    edit(file, "{de: Vertrieb, en: Sales}", "{de: Verkauf, en: Sales}")
    assert await import_file(database, file) == Imported(head=True)
    assert (await glossary(database)).glossary.departments["sales"].label["de"] == "Verkauf"


async def test_a_term_that_is_gone_from_the_file_goes_and_may_come_back(
    database: Database, file: Path
) -> None:
    await import_file(database, file)
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole[: whole.index("  margin:")], encoding="utf-8")
    assert await import_file(database, file) == Imported((), ("margin",))
    assert list((await glossary(database)).terms) == ["lead", "mql", "prospect"]
    file.write_text(whole, encoding="utf-8")
    assert await import_file(database, file) == Imported(("margin",))


async def test_what_was_changed_elsewhere_survives_a_file_that_does_not_touch_it(
    database: Database, file: Path
) -> None:
    await import_file(database, file)
    await change(database, "mql", "Aus dem Chat.")
    edit(file, "Noch ohne Kontaktdaten.", "Ganz ohne Kontaktdaten.")
    assert await import_file(database, file) == Imported(("prospect",))
    assert await definition(database, "mql") == "Aus dem Chat."
    edit(file, "Lead mit Punkten.", "Aus der Datei.")
    assert await import_file(database, file) == Imported(("mql",))
    assert await definition(database, "mql") == "Aus der Datei."


async def test_a_term_that_was_taken_out_elsewhere_stays_out(database: Database, file: Path) -> None:
    await import_file(database, file)
    await change(database, "mql", None)
    edit(file, "Noch ohne Kontaktdaten.", "Ganz ohne Kontaktdaten.")
    await import_file(database, file)
    assert "mql" not in (await glossary(database)).terms


async def test_files_that_are_included_belong_to_it(database: Database, file: Path) -> None:
    whole = file.read_text(encoding="utf-8")
    terms = file.parent / "terms"
    terms.mkdir()
    (terms / "margin.yaml").write_text("terms:\n" + whole[whole.index("  margin:") :], encoding="utf-8")
    head = whole[: whole.index("  margin:")].replace("version: 1", "version: 1\ninclude: [terms/*.yaml]")
    file.write_text(head, encoding="utf-8")
    imported = await import_file(database, file)
    assert imported.patterns == ("terms/*.yaml",)
    assert "margin" in (await glossary(database)).terms
    edit(terms / "margin.yaml", "Was übrig bleibt.", "Ein Rest.")
    assert (await import_file(database, file)).written == ("margin",)
    (terms / "more.yaml").write_text(
        "terms:\n  rest:\n    labels: {de: {pref: Rest}}\n    status: agreed\n"
        "    definition: {de: x}\n    owner: user:a\n",
        encoding="utf-8",
    )
    assert (await import_file(database, file)).written == ("rest",)


async def test_a_broken_file_changes_nothing(database: Database, file: Path) -> None:
    await import_file(database, file)
    count = await states(database)
    edit(file, "status: disputed", "status: argued")
    with pytest.raises(FileBroken):
        await import_file(database, file)
    assert await states(database) == count
    file.unlink()
    with pytest.raises(FileBroken):
        await import_file(database, file)
    assert await states(database) == count


async def test_a_file_that_did_not_change_takes_back_nothing_that_came_from_another(
    database: Database, file: Path
) -> None:
    """The old file beside the server, after somebody has imported a newer one from elsewhere."""
    watch = Watch(database, file)
    await watch.bring_in()
    newer = file.with_name("newer.yaml")
    newer.write_text(GLOSSARY.replace("Lead mit Punkten.", "Neu."), encoding="utf-8")
    assert await import_file(database, newer) == Imported(("mql",))
    await Watch(database, file).bring_in()
    assert await definition(database, "mql") == "Neu."
    assert await import_file(database, file) == Imported(("mql",)), "who asks for it gets it"
    edit(file, "Lead mit Punkten.", "Anders.")
    await watch.bring_in()
    assert await definition(database, "mql") == "Anders."


async def test_many_that_import_at_once_write_it_once(database: Database, file: Path) -> None:
    await asyncio.gather(*(import_file(database, file) for _ in range(5)))
    assert await states(database) == 5
    assert await revision(database) == 1


async def test_a_file_that_changes_while_it_is_read_is_read_again(
    database: Database, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is remembered is what was read, not what stands there afterwards."""
    from bot.glossary import file as file_module  # noqa: PLC0415
    from bot.glossary import living  # noqa: PLC0415

    read = file_module.load_with_digest

    def read_and_change(path: Path) -> tuple[Glossary, str]:
        found = read(path)
        edit(path, "Lead mit Punkten.", "Gerade geändert.")
        return found

    monkeypatch.setattr(living, "load_with_digest", read_and_change)
    await import_file(database, file)
    monkeypatch.undo()
    assert await definition(database, "mql") == "Lead mit Punkten."
    assert await import_file(database, file) == Imported(("mql",))
    assert await definition(database, "mql") == "Gerade geändert."


async def test_the_clock_of_the_database_dates_the_states(
    database: Database, file: Path, clock: MovableClock
) -> None:
    await import_file(database, file)
    async with database.reading() as session:
        dates = set((await session.exec(select(TermRevision.created_at))).all())
        dates |= set((await session.exec(select(GlossaryFile.imported_at))).all())
    assert dates == {clock.at}


@pytest.mark.parametrize("term", [HEAD, "lead"])
async def test_what_a_newer_version_wrote_stops_the_reading(
    database: Database, file: Path, term: str
) -> None:
    await import_file(database, file)
    async with database.unit() as unit:
        unit.session.add(TermRevision(term=term, content='{"invented": 1}', origin="newer"))
        await unit.commit()
    with pytest.raises(GlossaryUnreadable):
        await Living(database).refresh()


async def test_a_book_is_replaced_for_whoever_asks_next(database: Database, file: Path) -> None:
    await import_file(database, file)
    living = Living(database)
    heard: list[str] = []
    living.on_change(lambda: heard.append("changed"))
    await living.refresh()
    old = living.book
    await change(database, "mql", "Neu.")
    assert living.book is old
    await living.refresh()
    assert living.book.glossary.terms["mql"].definition["de"] == "Neu."
    assert old.glossary.terms["mql"].definition["de"] == "Lead mit Punkten."
    assert heard == ["changed", "changed"]


async def test_the_books_of_departments_are_ready(database: Database, file: Path) -> None:
    await import_file(database, file)
    living = Living(database)
    await living.refresh()
    assert len(living.book._seen) == 4  # sales, marketing, it, nobody
    assert "margin" in living.book.seen_by("sales").gists
    assert "margin" not in living.book.seen_by(None).gists


async def test_another_process_sees_the_change_at_its_next_look(world: World) -> None:
    """Two of Klartext on one database; one hears of what the other did."""
    other = Klartext(world.klartext.settings)
    try:
        await other._poller.poll()
        assert other.living.book.glossary.terms["mql"].definition["de"] == "Lead mit Punkten."
        edit(world.file, "Lead mit Punkten.", "Neu.")
        await import_file(world.klartext.database, world.file)
        await other._poller.poll()
        assert other.living.book.glossary.terms["mql"].definition["de"] == "Neu."
        book = other.living.book
        await other._poller.poll()
        assert other.living.book is book
    finally:
        await other.database.close()


# --- the file while the server runs ---


@pytest.fixture
def watch(world: World) -> Watch:
    """A server that has started with the file as it is."""
    watch = Watch(world.klartext.database, world.file)
    watch._seen = watch._before = watch._state()
    return watch


async def test_a_change_comes_in_once_it_stands_still(world: World, watch: Watch) -> None:
    edit(world.file, "Lead mit Punkten.", "Halb")
    await watch.look()
    assert await definition(world.klartext.database, "mql") == "Lead mit Punkten."
    edit(world.file, "Halb", "Ganz.")
    await watch.look()
    await watch.look()
    assert await definition(world.klartext.database, "mql") == "Ganz."


async def test_an_unchanged_file_is_not_opened(
    world: World, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.glossary.watch.import_file", None)
    await watch.look()
    await watch.look()


async def test_a_broken_file_is_told_to_an_admin_once_and_the_old_one_stays(
    world: World, watch: Watch
) -> None:
    edit(world.file, "status: disputed", "status: argued")
    for _ in range(3):
        await watch.look()
    edit(world.file, "status: argued", "status: quarrelled")
    for _ in range(3):
        await watch.look()
    told = await world.work()
    assert [post.to for post in told] == ["ines"]
    said = words(told[0].card)
    line = world.file.read_text("utf-8").split("quarrelled")[0].count("\n") + 1
    assert said.startswith("Das Glossar wurde geändert, ist aber fehlerhaft: glossary.yaml:")
    assert f":{line}:" in said
    assert "argued" in said
    await world.klartext.living.refresh()
    assert "Lead mit Punkten." in words(await world.say("mara", "MQL"))


async def test_two_processes_tell_of_a_broken_file_once(world: World, watch: Watch) -> None:
    other = Watch(world.klartext.database, world.file)
    other._seen = other._before = other._state()
    edit(world.file, "status: disputed", "status: argued")
    for _ in range(2):
        await watch.look()
        await other.look()
    assert len(await world.work()) == 1


async def test_a_file_that_breaks_again_after_it_was_mended_is_told_again(
    world: World, watch: Watch
) -> None:
    """Also with the very same mistake, and although the mended file is the one that was known."""
    for _ in range(2):
        edit(world.file, "status: disputed", "status: argued")
        for _ in range(2):
            await watch.look()
        edit(world.file, "status: argued", "status: disputed")
        for _ in range(2):
            await watch.look()
    assert len(await world.work()) == 2


async def test_a_file_that_is_gone_leaves_everything_as_it_is(world: World, watch: Watch) -> None:
    text = world.file.read_text("utf-8")
    world.file.unlink()
    for _ in range(3):
        await watch.look()
    assert await world.work() == []
    world.file.write_text(text.replace("Lead mit Punkten.", "Wieder da."), encoding="utf-8")
    for _ in range(2):
        await watch.look()
    assert await definition(world.klartext.database, "mql") == "Wieder da."


async def test_an_unreadable_file_is_broken(world: World, watch: Watch) -> None:
    world.file.unlink()
    world.file.mkdir()
    for _ in range(2):
        await watch.look()
    (told,) = await world.work()
    assert "Ordner" in words(told.card)


def test_terms_have_all_that_a_state_keeps(file: Path) -> None:
    from bot.glossary.file import load  # noqa: PLC0415

    for term in load(file).terms.values():
        text = term.model_dump_json(by_alias=True, exclude_defaults=True)
        assert Term.model_validate_json(text) == term
