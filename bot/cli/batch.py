"""JSON lines from standard input, as every `--batch` reads them."""

import json
from collections.abc import Iterable, Iterator
from typing import Any


def json_rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """The objects and the numbers of their lines, None for a line without one; empty lines are skipped."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_constant=lambda _: None)  # NaN is no JSON
        except (ValueError, RecursionError):
            row = None
        yield number, row if isinstance(row, dict) else None
