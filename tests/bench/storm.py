"""kill -9, again and again, while requests are submitted and moved: nothing is lost, nothing happens twice.

    python tests/bench/storm.py [REQUESTS] [SEED]

Three processes on PostgreSQL, then one on SQLite, each all of Klartext with a channel on paper that refuses
some calls and loses the answer of others. For every request people of two processes press the same buttons
at once; after a kill each presses once more what they pressed last. At the end the history of
every request, every job and every post is looked at.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

from tests.bench.crew import Crew, Verdict
from tests.bench.hand import Plan
from tests.db.servers import running_server

_REQUESTS, _SEED = 1_000, 7
_PATIENCE = 3_600  # seconds
_BETWEEN = (20, 600)  # presses and posts between two kills
_LOOK = 0.5  # seconds
_SOME = 10  # kills while the last jobs are done


def main() -> None:
    """Both databases; 1 if something was lost or happened twice."""
    requests, seed = [*map(int, sys.argv[1:]), *(_REQUESTS, _SEED)[len(sys.argv) - 1 :]][:2]
    print(f"{requests:,} requests, 7 steps each, seed {seed}\n")
    print(
        _row("", "kills", "lost", "twice", "dead", "card wrong", "posts", "again", "other key", "too late")
    )
    clean = True
    for name, processes in (("PostgreSQL, 3 processes", 3), ("SQLite, 1 process", 1)):
        with _database(processes) as url, tempfile.TemporaryDirectory() as folder:
            plan = Plan(url, requests, processes, min(processes, 2), seed)
            crew = Crew(Path(folder), plan)
            verdict, seconds, stopped = _stormed(crew, plan)
            print(
                _row(name, crew.kills, *_cells(verdict)) + f"  {seconds:.0f} s, stopped in {stopped:.1f} s"
            )
            clean &= verdict.clean and crew.kills > 0 and stopped < 10  # seconds
    print(
        "\nagain: posts that were repeated after an unclear outcome; other key: of those."
        "\ntoo late: presses that were refused because the step had been done."
    )
    sys.exit(0 if clean else 1)


@contextmanager
def _database(processes: int) -> Iterator[str]:
    """Safe on the disk at every commit, as in production."""
    if processes > 1:
        with running_server(safe=True) as url:
            yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/klartext.db"


def _stormed(crew: Crew, plan: Plan) -> tuple[Verdict, float, float]:
    """Kill until everything is done; then the verdict, and the seconds of all and of the stop."""
    luck = random.Random(plan.seed)
    crew.prepare()
    crew.start()
    begun, next_kill, late = time.monotonic(), 0, 0
    while any(left := crew.left()) and time.monotonic() - begun < _PATIENCE:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{left[0]:>5} requests, {left[1]:>6} jobs to go, {crew.kills} kills ")
        time.sleep(_LOOK)
        done = crew.progress()
        if done >= next_kill and late < _SOME and crew.kill(luck.randrange(plan.processes)):
            next_kill = done + luck.randrange(*_BETWEEN)
            late += not left[0]
    seconds = time.monotonic() - begun
    stopped = crew.stop()
    return crew.verdict(), seconds, stopped


def _cells(verdict: Verdict) -> tuple[int, ...]:
    return (
        verdict.lost,
        verdict.twice,
        verdict.dead,
        verdict.silent,
        verdict.posts,
        verdict.repeated,
        verdict.other_key,
        verdict.refused,
    )


def _row(name: str, *cells: object) -> str:
    return f"{name:<24}" + "".join(f"{cell:>11}" for cell in cells)


if __name__ == "__main__":
    main()
