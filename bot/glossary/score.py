"""The figures: how often the look-up and the reading of questions are right, on labelled files.

`data/README.md` of the project's data defines the measures: P@1, confident right and wrong, false
positives for ordinary words and for words near a label, and strict success of a question.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any

from bot.glossary.book import Book
from bot.glossary.features import question_features
from bot.glossary.index import Index
from bot.glossary.models import intent_chances
from bot.glossary.question import REFUSED, REFUSED_OVERHEARD, answered_up_to
from bot.glossary.training.make import Sentence, mask, slot_scanner, train_aspect, train_intent
from bot.text.linear import LinearModel
from bot.text.words import is_word


def _rows(files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def score_queries(index: Index, files: Sequence[Path]) -> Iterator[str]:
    """P@1, confident and right or wrong, false positives per class of query; times per look-up."""
    is_word("Haus")  # loads the word lists, which would count as the first look-up
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    times: list[float] = []
    for row in _rows(files):
        started = time.perf_counter_ns()
        found = index.find(row["q"])
        times.append((time.perf_counter_ns() - started) / 1000)
        count = counts[row["cls"]]
        count["n"] += 1
        first = (*found.terms, *found.suggestions, None)[0]
        answered = found.outcome == "answer"
        count["first"] += first in row["expect"]
        count["right"] += answered and first in row["expect"]
        count["wrong"] += answered and first not in row["expect"]
    yield f"{'class':16} {'n':>5} {'P@1':>6} {'right':>6} {'wrong':>6}   (negatives: wrong = answered)"
    for name, count in counts.items():
        yield _line(name, count)
    groups = {
        "positives": [name for name in counts if not name.startswith("neg_")],
        "neg. ordinary": [n for n in counts if n.startswith("neg_") and "near" not in n],
        "neg. near-miss": [n for n in counts if n.startswith("neg_near")],
    }
    for name, members in groups.items():
        yield _line(name, sum((counts[member] for member in members), Counter()))
    yield _percentiles(times)


def _line(name: str, count: Counter[str]) -> str:
    n = max(count["n"], 1)
    shares = (f"{count[key] / n:6.3f}" for key in ("first", "right", "wrong"))
    return f"{name:16} {count['n']:5} {' '.join(shares)}"


def _percentiles(times: Sequence[float]) -> str:
    cuts = quantiles(times, n=100)
    return f"microseconds     p50 {cuts[49]:.0f}   p99 {cuts[98]:.0f}"


def score_questions(book: Book, files: Sequence[Path]) -> Iterator[str]:
    """Strict success (exactly the right terms, nothing wrong), intent and aspect, per kind of row."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    times: list[float] = []
    for row in _rows(files):
        given = book.ask(row["q"], addressed=row["addressed"])
        times.append(given.microseconds)
        asked = row["intent"] in {"define", "compare"}
        wanted = set(row["terms"]) if asked else set()
        answered = given.outcome == "answer" and given.intent != "list"
        got = set(given.terms) if answered else set()
        near = row.get("suggestion_ok") and wanted & set(given.suggestions)
        kind = row["intent"] if wanted or not asked else "unknown"
        count = kinds[kind if row["addressed"] else f"{kind}, overheard"]
        count["n"] += 1
        count["strict"] += bool(got == wanted or near)
        count["intent"] += given.intent == row["intent"]
        count["wrong"] += bool(got - wanted)
        if row["intent"] == "define" and row["aspect"]:
            count["aspects"] += 1
            count["aspect"] += given.reading.aspect == row["aspect"]
    yield f"{'kind':20} {'n':>5} {'strict':>7} {'intent':>7} {'aspect':>7} {'wrong':>6}"
    for name, count in (*sorted(kinds.items()), ("all", sum(kinds.values(), Counter()))):
        n, aspects = max(count["n"], 1), max(count["aspects"], 1)
        yield (
            f"{name:20} {count['n']:5} {count['strict'] / n:7.3f} {count['intent'] / n:7.3f}"
            f" {count['aspect'] / aspects:7.3f} {count['wrong']:6}"
        )
    yield _percentiles(times)


def leave_one_out(rows: Sequence[Sentence], authors: Sequence[str] = ()) -> Iterator[str]:
    """Intent and aspect on each author's sentences, trained on the others; terms of all are known.

    Chatter is refused when nothing is answered: the reader stays silent, or in doubt asks back.
    """
    scanner = slot_scanner(rows)
    total: Counter[str] = Counter()
    yield f"{'left out':16} {'n':>5} {'intent':>7} {'aspect':>7} {'none refused':>13} {'silent':>7}"
    for author in authors or sorted({row.author for row in rows}):
        others = [row for row in rows if row.author != author]
        trained = [train_intent(others, scanner), train_intent(others, None), train_aspect(others, scanner)]
        count: Counter[str] = Counter()
        for row in (row for row in rows if row.author == author):
            count += _judged(row, mask(row, scanner), *trained)
        total += count
        yield _author_line(author, count)
    yield _author_line("all", total)


def _judged(
    row: Sentence, line: Sequence[str], intent: LinearModel, plain_view: LinearModel, aspect: LinearModel
) -> Counter[str]:
    """What the models get right of one sentence."""
    chances = intent_chances(intent, plain_view, line, row.words, row.addressed)
    judged = Counter(n=1, intent=max(chances, key=lambda name: chances[name]) == row.intent)
    if row.intent == "none":
        silent = chances["none"] > (REFUSED if row.addressed else REFUSED_OVERHEARD)
        refused = chances["none"] > answered_up_to(row.words, row.addressed)
        judged.update(nones=1, refused=refused, silent=silent)
    if row.aspect:
        sides = aspect.probabilities(question_features(line, row.addressed, aspect.vocabulary))
        judged.update(aspects=1, aspect=max(sides, key=lambda name: sides[name]) == row.aspect)
    return judged


def _author_line(name: str, count: Counter[str]) -> str:
    aspects, nones = max(count["aspects"], 1), max(count["nones"], 1)
    return (
        f"{name:16} {count['n']:5} {count['intent'] / count['n']:7.3f}"
        f" {count['aspect'] / aspects:7.3f} {count['refused'] / nones:13.3f} {count['silent'] / nones:7.3f}"
    )
