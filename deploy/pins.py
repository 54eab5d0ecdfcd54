"""Pin everything to the newest versions that fit: in pyproject.toml, and with hashes for the image.

A `uv.lock` would name the registry's host, so it stays out of git; these two files say the same.
Run it with `uv run poe pins`, then run all checks.
"""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = ROOT / "pyproject.toml"
UV = os.environ.get("UV", "uv")  # `uv run` says where it is
_BLOCK = re.compile(r"(constraint-dependencies = \[\n)(.*?)(\]\n)", re.DOTALL)
_PIN = re.compile(r"^([A-Za-z0-9._-]+==[^\s;]+)( ;[^\n]*)?", re.MULTILINE)


def main() -> None:
    """Loosen, resolve, pin."""
    before = PROJECT.read_text(encoding="utf-8")
    write([])
    try:
        run("lock", "--upgrade")
    except subprocess.CalledProcessError:
        PROJECT.write_text(before, encoding="utf-8")
        raise
    listed = run("export", "--all-extras", "--no-hashes", "--no-header", "--no-emit-project")
    pins = sorted({f"{pin}{marker or ''}" for pin, marker in _PIN.findall(listed)})
    write(pins)
    run("lock")
    hashed = (
        "pip",
        "compile",
        "--generate-hashes",
        "--universal",
        "--no-header",
        "--no-annotate",
    )
    run(
        *hashed,
        "--no-emit-index-url",
        "--no-emit-find-links",
        "pyproject.toml",
        "-o",
        "deploy/requirements.txt",
    )
    print(f"{len(pins)} versions pinned")


def write(pins: list[str]) -> None:
    """Put the pins into pyproject.toml."""
    lines = "".join(f'  "{pin}",\n' if '"' not in pin else f"  '{pin}',\n" for pin in pins)
    text = PROJECT.read_text(encoding="utf-8")
    PROJECT.write_text(_BLOCK.sub(lambda m: m[1] + lines + m[3], text), encoding="utf-8")


def run(*command: str) -> str:
    """The output of a uv command. Raises CalledProcessError if it fails."""
    done = subprocess.run((UV, *command), cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


if __name__ == "__main__":
    main()
