"""The commands that work with the database, on both engines, as an admin types them."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.chat.events import Account, Place
from bot.chat.ports import Profile
from bot.db.engine import connect
from bot.db.migrate import newest
from bot.db.revisions import bump
from bot.db.unit_of_work import Database
from bot.glossary.file import load
from bot.glossary.living import REVISION
from bot.glossary.lookups import Lookups
from bot.glossary.tables import LookUp, Proposal, Remark, Said, TermRevision
from bot.people.directory import Directory
from bot.people.roles import Roles
from tests.cli.conftest import Runner
from tests.world import GLOSSARY, ROLES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a small glossary and roles."""
    (tmp_path / "glossary.yaml").write_text(GLOSSARY, encoding="utf-8")
    (tmp_path / "intake_flows").mkdir()
    (tmp_path / "intake_flows" / "roles.yaml").write_text(ROLES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "de_CH.UTF-8")
    return tmp_path


@pytest.fixture
def klartext(migrated_url: str, folder: Path) -> Runner:
    return Runner({"KLARTEXT_DATABASE_URL": migrated_url})


@pytest.fixture
def fresh(empty_url: str, folder: Path) -> Runner:
    """The same with a database without tables."""
    return Runner({"KLARTEXT_DATABASE_URL": empty_url})


def inside(klartext: Runner, work: Callable[[Database], Awaitable[Any]]) -> Any:
    """Do something in the database of the commands."""

    async def done() -> Any:
        database = Database.at(klartext.environ["KLARTEXT_DATABASE_URL"])
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(done())


async def mara(database: Database) -> None:
    """Mara is known, and has said something."""
    directory = Directory(database, Roles(), lambda *_: None)
    account = Account("slack", "U1")
    me = (await directory.asker(account, Place("slack", "C1"))).person
    async with database.unit() as unit:
        await directory.learn(unit, account, Profile("Mara", "mara@example.com", "de"), "marketing")
        rows = (
            Remark(term="lead", said=Said.DIFFERS, text="Nur mit Budget.", department="sales", person=me),
            Remark(term="lead", said=Said.NOT_HELPFUL, person=me, key="a"),
            Remark(term="lead", said=Said.HELPFUL, key="b"),
            Remark(term="gone", said=Said.HELPFUL, key="c"),
            Proposal(word="Churn", text="", language="de", department="marketing", person=me),
        )
        unit.session.add_all(rows)
        await unit.commit()


# --- db ---


def test_upgrade_makes_the_tables_and_may_be_repeated(fresh: Runner) -> None:
    for _ in range(2):
        done = fresh("db", "upgrade")
        assert (done.exit_code, done.output) == (
            0,
            f"Die Datenbank ist auf dem neuesten Stand ({newest()}).\n",
        )
    assert fresh("glossary", "inbox").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [("glossary", "inbox"), ("glossary", "export"), ("people", "show", "1"), ("people", "forget", "1")],
)
def test_without_a_database_one_hears_how_to_make_it(
    fresh: Runner, folder: Path, words: tuple[str]
) -> None:
    before = sorted(path.name for path in folder.iterdir())
    done = fresh(*words)
    assert done.exit_code == 1
    assert "klartext db upgrade" in done.output
    assert sorted(path.name for path in folder.iterdir()) == before


# --- import and export ---


def test_import_and_export(fresh: Runner, folder: Path) -> None:
    done = fresh("glossary", "import")
    assert done.output == (
        "glossary.yaml: neu oder geändert 4 (lead, mql, prospect, margin), entfernt 0.\n"
    )
    assert fresh("glossary", "import").output == "glossary.yaml: nichts geändert.\n"
    before = (folder / "glossary.yaml").read_bytes()
    assert "schon dasselbe" in fresh("glossary", "export").output
    assert (folder / "glossary.yaml").read_bytes() == before
    assert fresh("glossary", "export", "new.yaml").exit_code == 0
    assert fresh("glossary", "import", "new.yaml").output == "new.yaml: nichts geändert.\n"
    assert load(folder / "new.yaml") == load(folder / "glossary.yaml")


def test_what_was_changed_in_the_database_shows_in_the_export(klartext: Runner, folder: Path) -> None:
    klartext("glossary", "import")

    async def change(database: Database) -> None:
        term = load(folder / "glossary.yaml").terms["mql"]
        new = term.model_copy(update={"definition": {"de": "Aus dem Chat.", "en": "From the chat."}})
        content = new.model_dump_json(by_alias=True, exclude_defaults=True)
        async with database.unit() as unit:
            unit.session.add(TermRevision(term="mql", content=content, origin="chat"))
            await bump(unit, REVISION)
            await unit.commit()

    inside(klartext, change)
    done = klartext("--language", "en", "glossary", "export")
    assert done.output == "glossary.yaml: written, the glossary has 4 terms.\n"
    text = (folder / "glossary.yaml").read_text("utf-8")
    assert "Aus dem Chat." in text
    assert "# what everybody argues about" in text
    klartext("glossary", "import")
    assert "schon dasselbe" in klartext("glossary", "export").output


def test_a_broken_file_is_neither_imported_nor_written_over(klartext: Runner, folder: Path) -> None:
    klartext("glossary", "import")
    broken = GLOSSARY.replace("status: disputed", "status: argued")
    (folder / "glossary.yaml").write_text(broken, encoding="utf-8")
    for command in ("import", "export"):
        done = klartext("glossary", command)
        assert done.exit_code == 1
        assert "glossary.yaml:" in done.output
        assert "argued" in done.output
    assert (folder / "glossary.yaml").read_text("utf-8") == broken


def test_an_export_of_nothing_and_into_nowhere(klartext: Runner, folder: Path) -> None:
    done = klartext("glossary", "export")
    assert (done.exit_code, "klartext glossary import" in done.output) == (1, True)
    klartext("glossary", "import")
    done = klartext("glossary", "export", "no/such/folder.yaml")
    assert done.exit_code == 1
    assert "no/such" in done.output
    assert "Traceback" not in done.output


# --- inbox ---


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", ["Lead (lead)", "1 × hilfreich, 1 × nicht hilfreich", "Vertrieb, ", ": Nur mit Budget."]),
        ("en", ["Lead (lead)", "helpful 1 ×, not helpful 1 ×", "Sales, ", ": Nur mit Budget."]),
    ],
)
def test_the_inbox_groups_what_people_say(klartext: Runner, language: str, said: list[str]) -> None:
    klartext("glossary", "import")
    inside(klartext, mara)

    async def look_up(database: Database) -> None:
        from bot.glossary.book import Book  # noqa: PLC0415

        lookups, book = Lookups(database), Book(load(Path("glossary.yaml")))
        for word in ("Quuxel", "Quuxel", "Lead"):
            lookups.note(book.define(word), "direct")
        await lookups.flush()

    inside(klartext, look_up)
    done = klartext("glossary", "inbox", "--language", language)
    assert done.exit_code == 0
    for part in (*said, "gone (gone)", "Churn (Marketing, ", "quuxel (2 ×)"):
        assert part in done.output
    assert done.output.index("Lead (lead)") < done.output.index("gone (gone)")
    assert "Mara" not in done.output
    row = json.loads(klartext("glossary", "inbox", "--json", "--since", "2020-01-01").output)
    lead, gone = row["terms"]
    assert (lead["label"], lead["helpful"], lead["not_helpful"]) == ("Lead", 1, 1)
    assert [remark["text"] for remark in lead["remarks"]] == ["Nur mit Budget."]
    assert gone["term"] == "gone"
    assert [proposal["word"] for proposal in row["proposals"]] == ["Churn"]
    assert row["unanswered"] == [{"word": "quuxel", "count": 2}]
    assert "person" not in json.dumps(row)


def test_the_inbox_hides_no_word(klartext: Runner) -> None:
    async def look_up(database: Database) -> None:
        words = [f"wort{number:02}" for number in range(56)]
        at = database.clock()
        rows = (LookUp(slot=word, outcome="unknown", channel_kind="direct", at=at) for word in words)
        async with database.unit() as unit:
            unit.session.add_all(rows)
            await unit.commit()

    inside(klartext, look_up)
    assert "… und 6 weitere (--json zeigt alle)" in klartext("glossary", "inbox").output
    assert len(json.loads(klartext("glossary", "inbox", "--json").output)["unanswered"]) == 56


def test_the_inbox_begins_where_one_says(klartext: Runner) -> None:
    inside(klartext, mara)
    assert "Niemand hat etwas gesagt" in klartext("glossary", "inbox", "--since", "0d").output
    assert "Churn" in klartext("glossary", "inbox", "--since", " 7d ").output
    assert "Niemand hat etwas gesagt" in klartext("glossary", "inbox", "--since", "2999-01-01").output


@pytest.mark.parametrize(
    "since", ["", "gestern", "7", "-7d", "2026-13-01", "9999999d", "0001-01-01", "7d; x"]
)
def test_a_day_that_is_none_is_said(klartext: Runner, since: str) -> None:
    done = klartext("glossary", "inbox", "--since", since)
    assert done.exit_code == 2
    assert "--since 7d" in done.output
    assert "Traceback" not in done.output


# --- people ---


def test_a_person_is_shown_exported_and_forgotten(klartext: Runner) -> None:
    inside(klartext, mara)
    shown = klartext("people", "show", "mara@example.com").output
    assert shown.startswith("Mara\n")
    for part in ("E-Mail: mara@example.com", "Sprache: Deutsch", "Konten: slack:U1", "Vorschläge: 3"):
        assert part in shown
    data = json.loads(klartext("people", "export", "slack:U1").output)
    assert data["people"][0]["email"] == "mara@example.com"
    assert {row["text"] for row in data["remarks"]} == {"Nur mit Budget.", ""}
    number = str(data["people"][0]["id"])
    done = klartext("people", "forget", number, typed="ja\n")
    assert done.exit_code == 0
    assert "Mara ist vergessen" in done.output
    assert klartext("people", "show", number).exit_code == 1
    inbox = json.loads(klartext("glossary", "inbox", "--json").output)
    assert inbox["terms"][0]["not_helpful"] == 1
    assert inbox["terms"][0]["remarks"][0]["text"] == ""


@pytest.mark.parametrize("typed", ["\n", "nein\n", "n\n", "", "vielleicht\n"])
def test_forgetting_wants_a_yes(klartext: Runner, typed: str) -> None:
    inside(klartext, mara)
    done = klartext("people", "forget", "mara@example.com", typed=typed)
    assert done.exit_code == 1
    assert "Nichts gelöscht" in done.output
    assert klartext("people", "show", "mara@example.com").exit_code == 0


def test_yes_asks_nobody(klartext: Runner) -> None:
    inside(klartext, mara)
    done = klartext("--language", "en", "people", "forget", "mara@example.com", "--yes")
    assert (
        done.output
        == "Mara is forgotten. Requests stay without the name, what was counted stays counted.\n"
    )


@pytest.mark.parametrize("command", ["show", "export", "forget"])
def test_whoever_nobody_knows_is_said(klartext: Runner, command: str) -> None:
    done = klartext("people", command, "\x1b[31mnobody")
    assert done.exit_code == 1
    assert "kenne ich nicht" in done.output
    assert "\x1b" not in done.output


# --- roles ---


def test_roles_are_checked_against_all_files(klartext: Runner, folder: Path) -> None:
    done = klartext("roles", "check")
    assert (done.exit_code, done.output.count("\n")) == (0, 1)
    (folder / "intake_flows" / "flow.yaml").write_text("steps:\n- who: role:it_traige\n", encoding="utf-8")
    (folder / "glossary.yaml").write_text(GLOSSARY.replace("user:sales-owner", "user:sale-owner"), "utf-8")
    done = klartext("roles", "check", "--language", "en")
    assert done.exit_code == 1
    assert "flow.yaml:2: error: " in done.output
    assert "Did you mean “user:sales-owner”?" in done.output
    assert "role:it_traige" in done.output


def test_a_roles_file_that_is_not_there(klartext: Runner) -> None:
    done = klartext("roles", "check", "nowhere.yaml")
    assert done.exit_code == 1
    assert "nowhere.yaml:1:" in done.output


# --- what a database can refuse ---

COMMANDS = [
    ("db", "upgrade"),
    ("glossary", "import"),
    ("glossary", "export"),
    ("glossary", "inbox"),
    ("people", "show", "1"),
    ("people", "forget", "1", "--yes"),
]


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://u:secret@h/d",
        "sqlite://",
        "sqlite:////proc/1/none/klartext.db",
        "postgresql://u:secret@127.0.0.1:1/d",
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence(
    folder: Path, words: tuple[str, ...], language: str, url: str
) -> None:
    done = Runner({"KLARTEXT_DATABASE_URL": url})(*words, "--language", language)
    assert done.exit_code == 1
    assert len(done.output.strip().splitlines()) == 1
    assert "secret" not in done.output
    assert "Traceback" not in done.output


def sqlite_file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


@pytest.mark.parametrize("words", COMMANDS)
def test_a_file_that_is_no_database(folder: Path, words: tuple[str, ...]) -> None:
    (folder / "klartext.db").write_text("This is no database. " * 300, encoding="utf-8")
    done = Runner({})(*words)
    assert done.exit_code == 1
    assert done.output.startswith("Die Datei ist keine Datenbank")


@pytest.mark.parametrize("words", [("glossary", "import"), ("db", "upgrade")])
def test_a_database_that_cannot_be_written(
    folder: Path, migrated_file: Path, words: tuple[str, ...]
) -> None:
    """Rights do not stop root; a database that says so does."""
    file = folder / "klartext.db"
    file.write_bytes(migrated_file.read_bytes())
    (folder / "klartext.db-journal").mkdir()  # SQLite cannot begin to write
    done = Runner({})(*words)
    assert done.exit_code == 1
    assert len(done.output.strip().splitlines()) == 1
    assert "Traceback" not in done.output


def test_a_newer_database_is_left_alone(folder: Path, migrated_file: Path) -> None:
    file = folder / "klartext.db"
    file.write_bytes(migrated_file.read_bytes())
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for words in COMMANDS:
        done = Runner({})(*words)
        assert done.exit_code == 1
        assert "neueren Version von Klartext (Stand 9999)" in done.output


def test_a_full_disk_is_said_and_nothing_is_half_written(
    klartext: Runner, monkeypatch: pytest.MonkeyPatch, engine_name: str
) -> None:
    if engine_name == "postgres":
        return
    from sqlalchemy import event  # noqa: PLC0415

    from bot.db import unit_of_work  # noqa: PLC0415

    def small(url: str, **options: Any) -> Any:
        engine = connect(url, **options)

        def limit(connection: Any, _record: object) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages}").fetchone()

        event.listen(engine.sync_engine, "connect", limit)
        return engine

    monkeypatch.setattr(unit_of_work, "connect", small)
    done = klartext("glossary", "import", str(Path(__file__).parents[2] / "glossary.yaml"))
    assert done.exit_code == 1
    assert done.output.startswith("Der Speicher ist voll")
    monkeypatch.undo()
    assert "klartext glossary import" in klartext("glossary", "export").output


@pytest.mark.parametrize(
    ("name", "value"), [("KLARTEXT_KEEP_KEYS_HOURS", "viel"), ("KLARTEXT_DATABSE_URL", "sqlite:///x.db")]
)
def test_wrong_settings_stop_a_command(folder: Path, name: str, value: str) -> None:
    done = Runner({name: value})("glossary", "inbox")
    assert done.exit_code == 1
    assert name in done.output
    assert len(done.output.strip().splitlines()) == 1
