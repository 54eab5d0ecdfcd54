"""What tells a changed file from an unchanged one without reading it."""

from pathlib import Path

Stamp = tuple[int, int]
GONE: Stamp = (0, 0)


def stamp(file: Path) -> Stamp:
    """When it was changed last (nanoseconds) and how long it is; GONE if there is none."""
    try:
        found = file.stat()
    except OSError:
        return GONE
    return found.st_mtime_ns, found.st_size
