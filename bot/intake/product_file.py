"""A list of products as a file: its columns, and every mistake in it with the line."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.files.findings import FileBroken, Finding, nearest
from bot.intake.pieces import normal
from bot.intake.products import Name, Product

COLUMNS = ("name", "category", "aliases", "ambiguous", "ambiguous_aliases")
MAX_BYTES = 20_000_000  # of a file; ours has 0.2 MB
_YES = "yes"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a product list; `line` counts from 1."""

    line: int
    name: str
    category: str
    aliases: tuple[str, ...]
    ambiguous: str
    ambiguous_aliases: tuple[str, ...]

    def names(self) -> Iterator[Name]:
        """Every way to write the product."""
        product = Product(self.name, self.category)
        yield Name(self.name, product, self.ambiguous == _YES)
        for alias in self.aliases:
            yield Name(alias, product, alias in self.ambiguous_aliases)


def check_products(path: Path, capabilities: Collection[str] | None) -> list[Finding]:
    """Every mistake in a product list, with its line and its mend. `capabilities` are the ids that may be
    named; None if nobody knows them.
    """
    try:
        rows = list(rows_of(path))
    except FileBroken as broken:
        return list(broken.findings)
    return [*_findings(path, rows, capabilities), *_repeated(path, rows)]


def _findings(path: Path, rows: list[Row], capabilities: Collection[str] | None) -> Iterator[Finding]:
    for row in rows:
        if not normal(row.name):
            yield Finding(path, row.line, "product_without_name")
        if capabilities is not None and row.category not in capabilities:
            hint = nearest(row.category, list(capabilities))
            yield Finding(path, row.line, "product_category", {"name": row.category, "hint": hint})
        if row.ambiguous not in {"", _YES}:
            yield Finding(path, row.line, "product_ambiguous", {"value": row.ambiguous})
        for alias in row.ambiguous_aliases:
            if alias not in row.aliases:
                hint = nearest(alias, row.aliases)
                yield Finding(path, row.line, "product_alias", {"name": alias, "hint": hint})


def _repeated(path: Path, rows: list[Row]) -> Iterator[Finding]:
    """A key that stands twice: nobody would know which product was meant."""
    first: dict[str, tuple[str, int]] = {}
    for row in rows:
        for name in (row.name, *row.aliases):
            if (before := first.get(normal(name))) and normal(name):
                values = {"name": name, "other": before[0], "first": str(before[1])}
                yield Finding(path, row.line, "product_twice", values)
            first.setdefault(normal(name), (row.name, row.line))


def rows_of(path: Path) -> Iterator[Row]:
    """The lines of a list. Raises FileBroken if it cannot be read as one."""
    reader = csv.reader(_text(path).splitlines())
    header = next(reader, [])
    if tuple(header) != COLUMNS:
        raise FileBroken([Finding(path, 1, "product_columns", {"columns": ", ".join(COLUMNS)})])
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(COLUMNS):
            values = {"count": str(len(cells)), "columns": str(len(COLUMNS))}
            raise FileBroken([Finding(path, reader.line_num, "product_cells", values)])
        name, category, aliases, ambiguous, ambiguous_aliases = (cell.strip() for cell in cells)
        yield Row(reader.line_num, name, category, _parts(aliases), ambiguous, _parts(ambiguous_aliases))


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for name in cell.split("|") if (part := name.strip()))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileBroken([Finding(path, 1, "too_big", {"limit": f"{MAX_BYTES // 1_000_000} MB"})])
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FileBroken([Finding(path, 1, "missing_file")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FileBroken([Finding(path, line, "not_utf8")]) from None
    except OSError as error:
        raise FileBroken([Finding(path, 1, "unreadable", {"reason": error.strerror or ""})]) from None
