"""PostgreSQL's pg_trgm as an engine, on a server of its own in a temporary folder.

Needs Debian's PostgreSQL (server and contrib): the wheel that the tests use ships no pg_trgm. The
server refuses to run as root, so root hands it to the user postgres (or nobody).
The client is one psql at the other end of a pipe; `round_trip` says what that alone costs.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bot.glossary.index import Label
from bot.glossary.keys import squash
from tests.bench.engines import CANDIDATES, MISS, Hit, by_key, closest

_PROGRAMS = Path("/usr/lib/postgresql")
_EXTENSIONS = Path("/usr/share/postgresql")
_END = "."  # no key and no id is a single dot
_TABLE = """
CREATE EXTENSION pg_trgm;
CREATE TABLE label (key text PRIMARY KEY, terms text NOT NULL);
COPY label FROM STDIN;
{rows}
\\.
CREATE INDEX near ON label USING gin (key gin_trgm_ops);
VACUUM ANALYZE label;
SET jit = off;
SET pg_trgm.similarity_threshold = 0.35;
PREPARE exact(text) AS SELECT terms FROM label WHERE key = $1;
PREPARE near(text) AS
  SELECT key, terms FROM label WHERE key % $1 ORDER BY similarity(key, $1) DESC LIMIT {limit};
"""


def programs() -> Path | None:
    """Where the newest server with pg_trgm has its programs; None if there is none that may run here."""
    if os.geteuid() == 0 and not shutil.which("runuser"):
        return None
    for folder in sorted(_PROGRAMS.glob("*/bin"), key=lambda path: float(path.parent.name))[::-1]:
        extension = _EXTENSIONS / folder.parent.name / "extension/pg_trgm.control"
        if extension.exists() and (folder / "initdb").exists():
            return folder
    return None


def _as_user() -> list[str]:
    """What to put before a command so that it does not run as root."""
    if os.geteuid() != 0:
        return []
    return ["runuser", "-u", "postgres" if _exists("postgres") else "nobody", "--"]


def _exists(user: str) -> bool:
    return subprocess.run(["id", user], capture_output=True, check=False).returncode == 0


class Server:
    """A server that lives as long as this object is open; only a socket in its folder leads to it."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="kt-pg-"))
        if user := _as_user():
            shutil.chown(self._folder, user[2])
        self._run("initdb", "-A", "trust", "-U", "bench", "-E", "UTF8", "--locale=C", "-D", self._data)
        options = f"-c listen_addresses='' -c unix_socket_directories={self._folder} -c fsync=off"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", f"{self._folder}/log", "-o", options, "start")

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*_as_user(), str(self._programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def client(self) -> subprocess.Popen[str]:
        """psql, told by its input and heard by its output."""
        command = [str(self._programs / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1"]
        return subprocess.Popen(
            [*command, "-F", "\t", "-h", str(self._folder), "-U", "bench", "postgres"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def close(self) -> None:
        """Stop and leave nothing behind."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")
        shutil.rmtree(self._folder)


class PgTrgm:
    """pg_trgm with a GIN index; the labels with the most common trigrams are verified by distance."""

    def __init__(self) -> None:
        found = programs()
        if found is None:
            raise FileNotFoundError("no PostgreSQL server with contrib")
        self._server = Server(found)
        self._psql = self._server.client()

    def build(self, labels: Sequence[Label]) -> int:
        rows = "\n".join(f"{key}\t{' '.join(terms)}" for key, terms in by_key(labels).items())
        self._ask(_TABLE.format(rows=rows, limit=CANDIDATES))
        return int(self._ask("SELECT pg_total_relation_size('label');")[0][0])

    def find(self, query: str) -> Hit:
        key = squash(query).replace("'", "''")
        if rows := self._ask(f"EXECUTE exact('{key}');"):
            return Hit(answered=True, terms=tuple(rows[0][0].split()))
        if len(key) <= 2:
            return MISS
        rows = self._ask(f"EXECUTE near('{key}');")
        return closest(key, ((other, tuple(terms.split())) for other, terms in rows))

    def round_trip(self) -> float:
        """Microseconds of a question that needs no work."""
        times = []
        for _ in range(200):
            started = time.perf_counter_ns()
            self._ask("SELECT 1;")
            times.append((time.perf_counter_ns() - started) / 1000)
        return median(times)

    def close(self) -> None:
        """End the client, then its server."""
        self._psql.communicate()
        self._server.close()

    def _ask(self, command: str) -> list[list[str]]:
        if self._psql.stdin is None or self._psql.stdout is None:
            raise BrokenPipeError("psql was started without pipes")
        self._psql.stdin.write(f"{command}\n\\echo {_END}\n")
        self._psql.stdin.flush()
        rows: list[list[str]] = []
        for line in self._psql.stdout:
            if line == f"{_END}\n":
                return rows
            rows.append(line.rstrip("\n").split("\t"))
        raise BrokenPipeError("psql stopped at an error, see above")
