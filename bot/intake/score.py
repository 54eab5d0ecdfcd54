"""The figures: how often wishes are read right, on labelled files and leaving one author out at a time.

Wish = tool_wish or mixed. Precision and recall count the sentences that the analysis is sure of; what
it asks back about is in doubt. A product counts by its listed name; names that the list lacks are
counted apart, and roles only where the name was found.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import quantiles

from bot.intake.lists import Lists
from bot.intake.training import make
from bot.intake.training.make import Sentence
from bot.intake.wish import WISHES, Analyst, Wish

GIVEN = frozenset({"wishes_dev", "wishes_1", "wishes_2", "wishes_3", "wishes_4"})  # by other people

_FIGURES = (  # title of the column, share of what, in what
    ("classes", "classes", "n"),
    ("wish P", "right", "claimed"),
    ("wish R", "right", "wishes"),
    ("doubt", "doubt", "n"),
    ("nw>wish", "coached", "neither"),
    ("nw>any", "opened", "neither"),
    ("needs", "needs", "mixed"),
    ("name P", "hits", "found"),
    ("name R", "hits", "listed"),
    ("lacking", "lacking", "labelled"),
    ("roles", "roles", "hits"),
    ("desk", "desk", "desks"),
    ("language", "language", "told"),
)
_COLUMNS = f"{'set':12} {'n':>5}" + "".join(f" {title:>8}" for title, _, _ in _FIGURES)


def score_files(lists: Lists, files: Sequence[Path]) -> Iterator[str]:
    """One line per file, then all; microseconds per analysis at the end."""
    analyst = Analyst(lists.catalogue, lists.kinds)
    analyst.analyse("Wir brauchen HubSpot.")  # loads the word lists, which would count as the first row
    times: list[float] = []
    total: Counter[str] = Counter()
    yield _COLUMNS
    for file in files:
        count: Counter[str] = Counter()
        for line in file.read_text(encoding="utf-8").splitlines():
            row = make.sentence(file.stem, json.loads(line), lists.catalogue, lists.kinds)
            started = time.perf_counter_ns()
            wish = analyst.analyse(row.text)
            times.append((time.perf_counter_ns() - started) / 1000)
            count += _judged(row, wish, lists)
        total += count
        yield _line(file.stem, count)
    yield _line("all", total)
    cuts = quantiles(times, n=100)
    yield f"microseconds   p50 {cuts[49]:.0f}   p99 {cuts[98]:.0f}"


def leave_one_out(rows: Sequence[Sentence], lists: Lists, authors: Sequence[str] = ()) -> Iterator[str]:
    """Each author's sentences, read by models that were trained on all others."""
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    yield _COLUMNS
    for author in authors or sorted({row.author for row in rows}):
        models = make.train_all([row for row in rows if row.author != author])
        analyst = Analyst(lists.catalogue, lists.kinds, models)
        mine = [row for row in rows if row.author == author]
        count = sum((_judged(row, analyst.analyse(row.text), lists) for row in mine), Counter[str]())
        yield _line(author, count)
        for name in ("all", "given" if author in GIVEN else "own"):
            totals[name] += count
    yield from (_line(name, count) for name, count in sorted(totals.items()))


def _judged(row: Sentence, wish: Wish, lists: Lists) -> Counter[str]:
    """What is right and wrong about one sentence."""
    wished, found = row.label in WISHES, wish.label in WISHES
    sure = not wish.in_doubt
    count = Counter(
        n=1,
        classes=wish.label == row.label,
        doubt=wish.in_doubt,
        claimed=sure and found,
        right=sure and found and wished,
        wishes=sure and wished,
        neither=row.label == "not_wish",
        coached=sure and found and row.label == "not_wish",
        opened=sure and wish.label != "not_wish" and row.label == "not_wish",
        mixed=row.label == "mixed" == wish.label,
        needs=bool(wish.need) and row.label == "mixed" == wish.label,
        told=wish.language is not None,
        language=wish.language == row.language,
    )
    if row.label == "not_wish" and row.subtype in make.DESKS:
        count.update(desks=1, desk=wish.desk == row.subtype or (wish.label != "not_wish" and wish.in_doubt))
    return count + _names(row, wish, lists)


def _names(row: Sentence, wish: Wish, lists: Lists) -> Counter[str]:
    listed = {name for name in row.roles if lists.catalogue.product(name)}
    found = {product.name: product.role for product in wish.products}
    both = listed & found.keys()
    return Counter(
        labelled=len(row.roles),
        listed=len(listed),
        lacking=len(row.roles) - len(listed),
        found=len(found),
        hits=len(both),
        roles=sum(found[name] == row.roles[name] for name in both),
    )


def _line(name: str, count: Counter[str]) -> str:
    shares = (count[part] / max(count[whole], 1) for _, part, whole in _FIGURES)
    return f"{name:12} {count['n']:5}" + "".join(f" {share:8.3f}" for share in shares)
