"""Klartext beside two Slacks that nobody of us wrote: local-slack (both transports) and emulate (strict).

    python tests/e2e/slack.py

Fetches them with npm (100 MB, once) into this folder. local-slack listens on all interfaces, so everything
runs in a network namespace of its own (Linux, `unshare`). Prints every step; exit code 1 if one failed.
"""

import asyncio
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

from tests.e2e.emulate import emulate
from tests.e2e.local_slack import local_slack
from tests.e2e.steps import ROOT, failures, fetch, loopback

_INSIDE = "--inside"


def main() -> None:
    """Fetch what is missing, go into a namespace, run everything."""
    if _INSIDE not in sys.argv:
        fetch()
        command = ["unshare", "--map-root-user", "--net", sys.executable, __file__, _INSIDE]
        sys.exit(subprocess.call(command, cwd=ROOT))
    loopback()
    for mode in ("events", "socket"):
        print(f"local-slack, {mode}")
        asyncio.run(local_slack(mode))
    print("emulate")
    asyncio.run(emulate())
    print(f"\n{len(failures)} failed" if failures else "\nall passed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
