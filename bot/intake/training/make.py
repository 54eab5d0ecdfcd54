"""Trains the models that read wishes, from the labelled sentences in this folder.

What one model says is a feature of the next. A model must not learn from answers that it gave to
sentences it was trained on: so the earlier one answers for each author after training on others.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from errno import ENOENT
from pathlib import Path

from bot.intake.features import wish_features
from bot.intake.kinds import KindMention, Kinds
from bot.intake.models import Models
from bot.intake.products import Catalogue, Mention
from bot.intake.reading import Reading, taken_apart
from bot.intake.roles import role_features
from bot.intake.senses import MEANT, Senses, is_open, place_features, sense_features
from bot.intake.tokens import MASKS
from bot.intake.training import FOLDER
from bot.text.clean import plain
from bot.text.language import language_of
from bot.text.linear import LinearModel, dump_model
from bot.text.training import train

NAMES = ("senses", "wishes", "roles", "desks")
FOLDS = 5  # groups of authors that answer for each other
DESKS = ("access", "incident", "licence")
_COMMON = 3  # sentences that must hold a word before it is a word of the vocabulary
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One labelled message. `roles`: by the listed name of a product, or as written if not listed."""

    author: str
    text: str
    label: str
    subtype: str
    roles: dict[str, str]
    candidates: tuple[Mention, ...]
    kinds: tuple[KindMention, ...]
    need: str | None
    language: str


def sentences(catalogue: Catalogue, kinds: Kinds, folder: Path = FOLDER) -> list[Sentence]:
    """All labelled sentences of a folder; the author is the name of the file. Raises OSError."""
    files = sorted(folder.glob("wishes_*.jsonl"))
    if not files:
        raise FileNotFoundError(ENOENT, "no wishes_*.jsonl", str(folder))
    return [
        sentence(file.stem, json.loads(line), catalogue, kinds)
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


def sentence(author: str, row: dict[str, object], catalogue: Catalogue, kinds: Kinds) -> Sentence:
    """A labelled line of a file, with what the lists find in it."""
    text = plain(str(row["text"]))
    products = row["products"] if isinstance(row["products"], list) else []
    roles = {_listed(str(product["name"]), catalogue): str(product["role"]) for product in products}
    return Sentence(
        author,
        text,
        str(row["label"]),
        str(row["subtype"]),
        roles,
        tuple(catalogue.find(text)),
        tuple(kinds.find(text)),
        str(row["need"]) if row["need"] else None,
        str(row["lang"]),
    )


def _listed(name: str, catalogue: Catalogue) -> str:
    product = catalogue.product(name)
    return product.name if product else name


def train_senses(rows: Iterable[Sentence]) -> LinearModel:
    """Which words that could be names are meant as such."""
    return train([example for row in rows for example in _sense_examples(row)], _NOTHING, strength=25.0)


def _sense_examples(row: Sentence) -> Iterator[tuple[list[str], str]]:
    """The open candidates; and where names stand that are not open, a name like "Notion" could stand."""
    language = language_of(row.text)
    for at, mention in enumerate(row.candidates):
        meant = mention.product.name in row.roles
        if is_open(mention):
            yield sense_features(row.text, language, row.candidates, at), MEANT if meant else "no"
        elif meant:
            yield place_features(row.text, language, row.candidates, at), MEANT


def readings(rows: Sequence[Sentence], senses: LinearModel) -> list[Reading]:
    """The sentences taken apart as one model sees them."""
    judge = Senses(senses)
    return [
        taken_apart(row.text, row.candidates, judge.chances(row.text, row.candidates), row.kinds)
        for row in rows
    ]


def train_wishes(rows: Sequence[Sentence], read: Sequence[Reading]) -> LinearModel:
    """What a message wants."""
    known = common_words(read)
    examples = [
        (wish_features(reading.tokens, known), row.label) for row, reading in zip(rows, read, strict=True)
    ]
    return train(examples, known, strength=40.0)


def common_words(read: Iterable[Reading]) -> frozenset[str]:
    """The words that enough sentences hold."""
    counts = Counter(norm for reading in read for norm in {token.norm for token in reading.tokens})
    return frozenset(norm for norm, n in counts.items() if n >= _COMMON and norm[0].isalnum()) - MASKS


def train_desks(rows: Sequence[Sentence], read: Sequence[Reading]) -> LinearModel:
    """Who helps with what is no wish; with the vocabulary of the wishes, so with the same features."""
    known = common_words(read)
    examples = [
        (wish_features(reading.tokens, known), row.subtype if row.subtype in DESKS else "other")
        for row, reading in zip(rows, read, strict=True)
        if row.label == "not_wish"
    ]
    return train(examples, known, strength=20.0)


def train_roles(rows: Sequence[Sentence], read: Sequence[Reading], labels: Sequence[str]) -> LinearModel:
    """What each product is in its message; `labels`: what the messages were taken for."""
    known = common_words(read)
    examples = [
        (role_features(reading.tokens, at, label, known), role)
        for row, reading, label in zip(rows, read, labels, strict=True)
        for at, mention in enumerate(reading.products)
        if (role := row.roles.get(mention.product.name))
    ]
    return train(examples, known, strength=15.0)


def likeliest(model: LinearModel, reading: Reading) -> str:
    """The label that a model gives a message."""
    chances = model.probabilities(wish_features(reading.tokens, model.vocabulary))
    return max(chances, key=lambda label: chances[label])


def folds(rows: Iterable[Sentence]) -> list[frozenset[str]]:
    """The authors in groups, always the same."""
    authors = sorted({row.author for row in rows})
    return [group for start in range(FOLDS) if (group := frozenset(authors[start::FOLDS]))]


def crossed_readings(rows: Sequence[Sentence]) -> list[Reading]:
    """Each sentence as a model sees it that was trained on other authors."""
    found: dict[int, Reading] = {}
    for group in folds(rows):
        model = train_senses(row for row in rows if row.author not in group)
        inside = [at for at, row in enumerate(rows) if row.author in group]
        found |= zip(inside, readings([rows[at] for at in inside], model), strict=True)
    return [found[at] for at in range(len(rows))]


def crossed_labels(rows: Sequence[Sentence], read: Sequence[Reading]) -> list[str]:
    """What a model that was trained on other authors takes each sentence for."""
    found: dict[int, str] = {}
    for group in folds(rows):
        others = [at for at, row in enumerate(rows) if row.author not in group]
        model = train_wishes([rows[at] for at in others], [read[at] for at in others])
        for at, row in enumerate(rows):
            if row.author in group:
                found[at] = likeliest(model, read[at])
    return [found[at] for at in range(len(rows))]


def train_all(rows: Sequence[Sentence]) -> Models:
    """Every model. Raises TrainingUnavailable without scikit-learn."""
    read = crossed_readings(rows)
    return Models(
        senses=train_senses(rows),
        wishes=train_wishes(rows, read),
        roles=train_roles(rows, read, crossed_labels(rows, read)),
        desks=train_desks(rows, read),
    )


def write(models: Models, folder: Path = FOLDER) -> None:
    """Store the weights beside the sentences."""
    for name in NAMES:
        (folder / f"{name}.json").write_text(dump_model(getattr(models, name)), encoding="utf-8")
