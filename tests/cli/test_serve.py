"""`klartext playground` and `klartext serve` from start to stop, also when something is in their way."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from bot.channels.playground.store import Draft, Store
from bot.cli import app, serve
from bot.config import Settings
from bot.db.lock import alone
from bot.i18n import say
from tests.channels.playground.browser.windows import FILES, Started, free_port
from tests.channels.playground.html import read


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to start in, with the files of this repository."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KLARTEXT_ENV", raising=False)
    for name, file in FILES.items():
        monkeypatch.setenv(f"KLARTEXT_{name.upper()}", str(file))
    return tmp_path


Calls = list[dict[str, Any]]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """What would be served, and how."""
    calls: Calls = []

    async def _serve(settings: Settings, address: serve.Address, _: socket.socket, **how: bool) -> None:
        calls.append({"env": settings.env, "url": address.url, **how})

    monkeypatch.setattr(serve, "_serve", _serve)
    return calls


@pytest.fixture
def port() -> int:
    """One that nobody has."""
    return free_port()


def klartext(*words: str | int) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.parametrize("words", [(), ("--language", "en")])
def test_alone_it_opens_the_playground(
    served: Calls, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "_listening", lambda _address: nullcontext(None))
    done = klartext(*words)
    assert done.exit_code == 0, done.output
    assert served == [
        {"env": "development", "url": "http://127.0.0.1:8080/", "with_page": True, "browser": True}
    ]


def test_help_lists_the_commands() -> None:
    listed = klartext("--help").output
    for command in ("playground", "serve", "ask", "define", "glossary", "help", "requests"):
        assert command in listed


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_the_playground_is_for_this_machine(served: Calls, port: int, host: str) -> None:
    done = klartext("playground", "--host", host, "--port", port, "--no-browser")
    assert done.exit_code == 0, done.output
    where = f"[{host}]" if ":" in host else host
    url = f"http://{where}:{port}/"
    assert served == [{"env": "development", "url": url, "with_page": True, "browser": False}]


@pytest.mark.parametrize("host", ["192.168.0.7", "example.com", "127.0.0.2", "::", ""])
def test_and_for_no_other(served: Calls, host: str) -> None:
    done = klartext("playground", "--host", host, "-l", "de")
    assert (done.exit_code, done.stderr.strip()) == (2, say("de", "serve.not_loopback", host=host))
    assert served == []


@pytest.mark.parametrize("name", ["KLARTEXT_ENV", "klartext_env"])
def test_there_is_no_playground_in_production(
    served: Calls, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "production")
    done = klartext("playground", "-l", "en")
    assert (done.exit_code, done.stderr.strip()) == (1, say("en", "serve.production"))
    assert served == []


@pytest.mark.parametrize("value", ["", " ", "development"])
def test_an_empty_setting_is_none(
    served: Calls, port: int, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("KLARTEXT_ENV", value)
    assert klartext("playground", "--port", port, "--no-browser").exit_code == 0
    assert [call["env"] for call in served] == ["development"]


@pytest.mark.parametrize(
    ("env", "host", "with_page"),
    [
        ("", "127.0.0.1", False),
        ("production", "127.0.0.1", False),
        ("development", "127.0.0.1", True),
        ("development", "127.0.0.3", False),
    ],
)
def test_serve_shows_the_page_in_development_only(
    served: Calls, port: int, monkeypatch: pytest.MonkeyPatch, env: str, host: str, with_page: bool
) -> None:
    monkeypatch.setenv("KLARTEXT_ENV", env)
    done = klartext("serve", "--host", host, "--port", port)
    assert done.exit_code == 0, done.output
    assert [(call["with_page"], call["browser"]) for call in served] == [(with_page, False)]


@pytest.mark.parametrize("command", ["playground", "serve"])
def test_a_port_that_is_taken_is_said_with_another_one(served: Calls, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = klartext(command, "--port", port, "-l", "de")
    assert done.exit_code == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert f"klartext {command} --port {port % 65_535 + 1}" in done.stderr
    assert served == []


@pytest.mark.parametrize("port", [0, -1, 65_536, 10**9])
def test_a_port_that_is_none_is_said(served: Calls, port: int) -> None:
    done = klartext("playground", "--port", port)
    assert done.exit_code == 2
    assert str(port) in done.stderr
    assert served == []


@pytest.mark.parametrize("command", ["playground", "serve"])
def test_a_wrong_setting_is_said(served: Calls, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("KLARTEXT_GLOSARY", "x.yaml")
    done = klartext(command)
    assert done.exit_code == 1
    assert "KLARTEXT_GLOSSARY" in done.stderr
    assert served == []


def _directory(file: Path) -> None:
    file.mkdir()


def _diary(file: Path) -> None:
    file.write_text("Liebes Tagebuch, heute " * 100, encoding="utf-8")


@pytest.mark.parametrize(("spoil", "key"), [(_directory, "chat_unavailable"), (_diary, "chat_broken")])
def test_a_file_that_cannot_be_used_is_said(
    folder: Path, port: int, spoil: Callable[[Path], None], key: str
) -> None:
    spoil(folder / serve.CHAT_FILE)
    done = klartext("playground", "--port", port, "--no-browser", "-l", "de")
    assert (done.exit_code, done.stderr.strip()) == (1, say("de", f"serve.{key}"))


def test_without_a_glossary_it_says_what_is_missing(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLARTEXT_GLOSSARY", "nowhere.yaml")
    done = klartext("playground", "--port", port, "--no-browser")
    assert done.exit_code == 1
    assert "nowhere.yaml" in done.stderr
    assert "Traceback" not in done.output


@pytest.fixture
def used(folder: Path) -> Iterator[Store]:
    """A playground in which something was said."""
    store = Store(folder / serve.CHAT_FILE)
    store.post(Draft("#it", "mara", "hello"))
    (folder / "klartext.db").write_bytes(b"")
    (folder / "klartext.db-wal").write_bytes(b"")
    yield store
    store.close()


@pytest.mark.parametrize("is_broken", [False, True])
def test_reset_begins_afresh(used: Store, folder: Path, served: Calls, port: int, is_broken: bool) -> None:
    used.close()
    if is_broken:
        _diary(folder / serve.CHAT_FILE)
    done = klartext("playground", "--reset", "--port", port, "-l", "de")
    assert say("de", "serve.reset") in done.stderr
    assert len(served) == 1
    assert [file.name for file in folder.iterdir()] == ["klartext.db-lock"]


def test_nothing_is_taken_from_a_database_that_is_served(
    folder: Path, served: Calls, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "klartext.db").write_bytes(b"")
    (folder / "other.db").symlink_to("klartext.db")
    said = say("de", "database.served", file="klartext.db")
    monkeypatch.setattr(serve, "alone", partial(alone, patience=0))
    with alone(f"sqlite:///{folder}/klartext.db"):
        for command in (["playground", "--reset"], ["playground"], ["serve"]):
            done = klartext(*command, "--port", port, "-l", "de")
            assert (done.exit_code, done.stderr.strip()) == (1, said)
        monkeypatch.setenv("KLARTEXT_DATABASE_URL", "sqlite:///other.db")
        assert klartext("serve", "--port", port).exit_code == 1
        monkeypatch.setenv("KLARTEXT_DATABASE_URL", "sqlite:///third.db")
        assert klartext("serve", "--port", port).exit_code == 0
    assert len(served) == 1
    assert (folder / "klartext.db").exists()


def test_reset_takes_nothing_from_a_playground_that_runs(
    used: Store, folder: Path, served: Calls, port: int
) -> None:
    done = klartext("playground", "--reset", "--port", port, "-l", "de")
    assert (done.exit_code, done.stderr.strip()) == (1, say("de", "serve.chat_unavailable"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = klartext("playground", "--reset", "--port", taken.getsockname()[1])
    assert done.exit_code == 1
    assert served == []
    assert len(used.messages("#it", "mara")) == 1
    assert (folder / "klartext.db").exists()


def test_reset_leaves_a_server_of_databases_alone(
    folder: Path, served: Calls, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "klartext").write_text("a file that happens to have the name of the database")
    monkeypatch.setenv("KLARTEXT_DATABASE_URL", "postgresql://u@127.0.0.1/klartext")
    assert klartext("playground", "--reset", "--port", port).exit_code == 0
    assert [file.name for file in folder.iterdir()] == ["klartext"]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_it_stops_while_somebody_looks(tmp_path: Path, stop: signal.Signals) -> None:
    """An open event stream keeps nobody: Ctrl+C, or the word of the system, ends it within seconds."""
    started = Started(tmp_path)
    process = await started.start()
    try:
        async with httpx.AsyncClient(base_url=started.base, timeout=30) as browser:
            page = read((await browser.get("/mara/it")).text).one("body").attributes
            address = f"{page['data-live']}?since={page['data-since']}"
            async with browser.stream("GET", address) as stream:
                lines = stream.aiter_lines()
                while await anext(lines) != "event: unseen":
                    pass
                process.send_signal(stop)
                assert [line async for line in lines][-1] == ""  # it ends in order, with a whole event
        async with asyncio.timeout(8):
            rest = await process.stderr.read()  # type: ignore[union-attr]
            await process.wait()
    finally:
        await started.kill()
    assert b"Traceback" not in rest
    assert process.returncode in {0, -stop, 128 + stop}


async def test_serve_in_production_is_alive_and_has_no_page(tmp_path: Path) -> None:
    started = Started(tmp_path, "serve")
    try:
        await started.start()
        async with httpx.AsyncClient(base_url=started.base) as browser:
            assert (await browser.get("/healthz")).text == "ok"
            ready = await browser.get("/readyz")
            assert (ready.status_code, ready.json()["ready"], ready.json()["terms"]) == (200, True, 55)
            assert (await browser.get("/")).status_code == 404
            assert (await browser.get("/mara/it")).status_code == 404
    finally:
        await started.kill()
    assert say("de", "serve.no_channel") in started.said
