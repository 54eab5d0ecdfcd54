"""Trains the four models that read questions, from the labelled sentences in this folder.

`intent` says what is wanted (define, compare, list, none), `aspect` which side of a term, `asked` which
words are the thing that is asked about. A company adds sentences of its own and trains again.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from errno import ENOENT
from pathlib import Path

from bot.glossary.features import TERM, masked, question_features, word_features
from bot.glossary.index import Index, Label
from bot.glossary.mentions import Scanner
from bot.glossary.training import FOLDER
from bot.glossary.words import ordinary_words
from bot.text.clean import plain
from bot.text.linear import LinearModel, dump_model
from bot.text.tokens import Word, words_of
from bot.text.training import train

_TERM_LETTERS = 4  # letters of a word that could be a term
_COMMON = 3  # sentences that must hold a word before it is a word of the vocabulary

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One labelled message. `spans` are the asked-about words in the plain text."""

    author: str
    text: str
    words: tuple[Word, ...]
    intent: str
    aspect: str | None
    addressed: bool
    spans: tuple[Span, ...]


def sentences(folder: Path = FOLDER) -> list[Sentence]:
    """All labelled sentences of a folder; the author is the name of the file. Raises OSError."""
    files = sorted(folder.glob("questions_*.jsonl"))
    if not files:
        raise FileNotFoundError(ENOENT, "no questions_*.jsonl", str(folder))
    found = []
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        found += [_sentence(file.stem, json.loads(line)) for line in lines]
    return found


def _sentence(author: str, row: dict[str, object]) -> Sentence:
    text = plain(str(row["text"]))
    slots = row["slots"] if isinstance(row["slots"], list) else []
    spans = []
    for slot in sorted((plain(str(slot)) for slot in slots), key=len, reverse=True):
        start = text.find(slot)
        if slot and start >= 0:
            spans.append((start, start + len(slot)))
    aspect = row["aspect"]
    return Sentence(
        author,
        text,
        tuple(words_of(text)),
        str(row["intent"]),
        str(aspect) if aspect else None,
        bool(row["addressed"]),
        tuple(sorted(spans)),
    )


def slot_scanner(rows: Iterable[Sentence]) -> Scanner:
    """Finds the terms that the sentences ask about, in every sentence: also where they are chatter.

    So the models learn that a known term alone is no question.
    """
    slots = {
        row.text[start:end]
        for row in rows
        if row.intent in {"define", "compare"}
        for start, end in row.spans
    }
    slots.update(line for line in (FOLDER / "terms.txt").read_text("utf-8").splitlines() if line[0] != "#")
    labels = [Label(slot, "abbr" if slot.isupper() else "pref", slot) for slot in sorted(slots)]
    return Scanner(Index(labels), (), ordinary_words())


def masks(row: Sentence, scanner: Scanner) -> list[list[str]]:
    """A sentence as the intent model sees it: masked; chatter without a term also with one put in.

    Else the model would learn that a message with a term in it is a question.
    """
    line = mask(row, scanner)
    if row.intent != "none" or TERM in line:
        return [line]
    content = [at for at, token in enumerate(line) if _could_be_term(token)]
    places = content[-1:] + content[:1]
    return [line, *([*line[:place], TERM, *line[place + 1 :]] for place in places)]


def _could_be_term(token: str) -> bool:
    return len(token) >= _TERM_LETTERS and token[0].isalpha() and token not in ordinary_words()


def mask(row: Sentence, scanner: Scanner) -> list[str]:
    """The tokens of a sentence with every known term as TERM."""
    return masked(row.words, [(m.start, m.end) for m in scanner.find(row.text)])


def common_words(lines: Iterable[Sequence[str]]) -> frozenset[str]:
    """The words that enough sentences hold."""
    counts = Counter(token for line in lines for token in set(line) if token[0].isalnum())
    return frozenset(token for token, n in counts.items() if n >= _COMMON) - {TERM}


def train_intent(rows: Sequence[Sentence], scanner: Scanner | None) -> LinearModel:
    """What a message wants; without a scanner, for messages in which no known term stands."""
    lines = [
        (line, row)
        for row in rows
        for line in (masks(row, scanner) if scanner else [[word.norm for word in row.words]])
    ]
    known = common_words([line for line, _ in lines])
    return train(
        [(question_features(line, row.addressed, known), row.intent) for line, row in lines], known
    )


def train_aspect(rows: Sequence[Sentence], scanner: Scanner) -> LinearModel:
    """Which side of a term a definition question is about."""
    asked = [row for row in rows if row.aspect]
    lines = [mask(row, scanner) for row in asked]
    known = common_words(lines)
    return train(
        [
            (question_features(line, row.addressed, known), str(row.aspect))
            for line, row in zip(lines, asked, strict=True)
        ],
        known,
    )


def train_asked(rows: Sequence[Sentence]) -> LinearModel:
    """Which words are asked about."""
    known = common_words([[word.norm for word in row.words] for row in rows])
    examples = []
    for row in rows:
        for word, seen in zip(row.words, word_features(row.words, known), strict=True):
            inside = any(start < word.end and word.start < end for start, end in row.spans)
            examples.append((seen, "asked" if inside else "other"))
    return train(examples, known, strength=10.0)


def train_all(rows: Sequence[Sentence]) -> dict[str, LinearModel]:
    """Every model by the name of its weights file."""
    scanner = slot_scanner(rows)
    return {
        "intent": train_intent(rows, scanner),
        "open_intent": train_intent(rows, None),
        "aspect": train_aspect(rows, scanner),
        "asked": train_asked(rows),
    }


def followers(rows: Sequence[Sentence]) -> list[str]:
    """The words that stand right behind an asked-about term, so do not belong to its name."""
    ends = {(id(row), end + 1) for row in rows for _, end in row.spans}
    found = {w.norm for row in rows for w in row.words if (id(row), w.start) in ends and w.text.isalpha()}
    return sorted(found)


def write(models: dict[str, LinearModel], behind: Sequence[str], folder: Path = FOLDER) -> None:
    """Store the weights beside the sentences."""
    for name, model in models.items():
        (folder / f"{name}.json").write_text(dump_model(model), encoding="utf-8")
    (folder / "followers.txt").write_text("\n".join(behind) + "\n", encoding="utf-8")
