"""`klartext serve` as somebody starts it, stops it, kills it and starts it again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import Runner
from tests.world import GLOSSARY, ROLES

_PATIENCE = 60  # seconds for a start on a busy machine
_STOPS = 10  # seconds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "glossary.yaml").write_text(GLOSSARY, encoding="utf-8")
    (tmp_path / "intake_flows").mkdir()
    (tmp_path / "intake_flows" / "roles.yaml").write_text(ROLES, encoding="utf-8")
    return tmp_path


class Server:
    """A `klartext serve` in a process of its own."""

    def __init__(self, folder: Path, url: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.environ = {**os.environ, "KLARTEXT_DATABASE_URL": url, "LC_ALL": "de_CH.UTF-8"}
        self.folder = folder
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "bot", "serve", "--port", str(self.port)]
        environ = {**self.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        return subprocess.Popen(  # noqa: S603
            command, cwd=self.folder, env=environ, stderr=subprocess.PIPE, start_new_session=True
        )

    @property
    def is_sqlite(self) -> bool:
        return self.environ["KLARTEXT_DATABASE_URL"].startswith("sqlite")

    def ready(self, terms: int = 4) -> dict[str, object]:
        """What /readyz says once it has so many terms; fails if that does not come."""
        last: object = None
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            assert self.process.poll() is None, self.process.stderr and self.process.stderr.read()
            with contextlib.suppress(httpx.TransportError):
                last = httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).json()
                if isinstance(last, dict) and last.get("terms") == terms:
                    return last
            time.sleep(0.02)
        raise AssertionError(f"not ready: {last}")

    def end(self, how: signal.Signals) -> tuple[int, str]:
        """The exit code and what was said on standard error."""
        self.process.send_signal(how)
        _, said = self.process.communicate(timeout=_STOPS)
        return self.process.returncode, said.decode()

    def again(self) -> None:
        self.process = self._start()


@pytest.fixture
def server(folder: Path, empty_url: str) -> Iterator[Server]:
    server = Server(folder, empty_url)
    yield server
    if server.process.poll() is None:
        server.process.kill()
        server.process.communicate()


def test_a_server_starts_sees_changes_and_survives(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, because a start takes its time."""
    assert server.ready()["ready"] is True
    assert httpx.get(f"http://127.0.0.1:{server.port}/healthz").text == "ok"

    # a command beside the running server works, and the server sees it
    monkeypatch.chdir(folder)
    klartext = Runner({"KLARTEXT_DATABASE_URL": server.environ["KLARTEXT_DATABASE_URL"]})
    shorter = GLOSSARY[: GLOSSARY.index("  margin:")]
    (folder / "other.yaml").write_text(shorter, encoding="utf-8")
    assert klartext("glossary", "import", "other.yaml").exit_code == 0
    server.ready(terms=3)

    # a change of its own file comes in by itself
    (folder / "glossary.yaml").write_text(shorter[: shorter.index("  prospect:")], encoding="utf-8")
    server.ready(terms=2)

    # a second one on the same database is none
    second = Server(folder, server.environ["KLARTEXT_DATABASE_URL"])
    if second.is_sqlite:
        assert "Klartext läuft hier schon" in second.process.communicate(timeout=_PATIENCE)[1].decode()
        assert second.process.returncode == 1
    else:
        second.ready(terms=2)
        second.end(signal.SIGKILL)

    # nothing is lost when it is killed
    server.end(signal.SIGKILL)
    assert klartext("people", "show", "1").exit_code == 1
    server.again()
    server.ready(terms=2)

    # and told to stop, it stops cleanly
    code, said = server.end(signal.SIGTERM)
    assert code in {0, -signal.SIGTERM}, said
    assert "Traceback" not in said
    assert "ERROR" not in said


def run(folder: Path, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """A start that must fail."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "LC_ALL": "en_GB.UTF-8",
            **environ,
        },
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )


def test_a_start_that_fails_ends_in_a_sentence(folder: Path) -> None:
    """Whole processes: nothing may be left behind that complains at the end."""
    (folder / "glossary.yaml").write_text("version: 1\nglossry: {}\n", encoding="utf-8")
    failed = run(folder, "serve", "--port", "0")
    assert (failed.returncode, failed.stderr.count("\n")) == (2, 1)
    failed = run(folder, "serve", "--port", "18099")
    assert failed.returncode == 1
    assert "glossary.yaml:2: error:" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_port_that_is_taken(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = Runner({"LC_ALL": "de_CH.UTF-8"})("serve", "--port", str(port))
    assert done.exit_code == 1
    assert f"Auf 127.0.0.1:{port} läuft schon etwas." in done.output


@pytest.mark.parametrize("port", ["0", "-1", "65536", "99999"])
def test_a_port_that_is_none(port: str) -> None:
    done = Runner({"LC_ALL": "en"})("serve", "--port", port)
    assert done.exit_code == 2
    assert "--port 8080" in done.output


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"KLARTEXT_PROCESSES": "2"}, "KLARTEXT_PROCESSES"),
        ({"KLARTEXT_DATABASE_URL": "mysql://u:secret@h/d"}, "mysql"),
        ({"KLARTEXT_DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/d"}, "cannot be reached"),
        ({"KLARTEXT_ENV": "prod"}, "KLARTEXT_ENV"),
        ({"KLARTEXT_QUESTION_MODELS": "nowhere"}, "nowhere/intent.json"),
        ({"KLARTEXT_GLOSSARY": "glosary.yaml"}, "glosary.yaml"),
        ({"KLARTEXT_FLOWS": "intake_flow"}, "intake_flow"),
    ],
)
def test_what_cannot_work_stops_the_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], said: str
) -> None:
    monkeypatch.chdir(folder)
    done = Runner({"LC_ALL": "en", **environ})("serve", "--port", "18098")
    assert done.exit_code == 1
    assert said in done.output
    assert "secret" not in done.output
    assert "Traceback" not in done.output


def test_the_playground_is_for_this_machine_and_for_development(monkeypatch: pytest.MonkeyPatch) -> None:
    done = Runner({"LC_ALL": "en"})("playground", "--host", "0.0.0.0")  # noqa: S104
    assert (done.exit_code, "127.0.0.1" in done.output) == (2, True)
    done = Runner({"LC_ALL": "en", "KLARTEXT_ENV": "production"})("playground")
    assert (done.exit_code, "development" in done.output) == (1, True)
