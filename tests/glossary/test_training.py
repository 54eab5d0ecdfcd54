"""The shipped weights come from the shipped sentences."""

import pytest

from bot.glossary.training import FOLDER
from bot.glossary.training.make import Sentence, followers, masks, sentences, slot_scanner, train_aspect
from bot.text.linear import load_model
from bot.text.training import MIN_WEIGHT


@pytest.fixture(scope="module")
def rows() -> list[Sentence]:
    return sentences()


def test_the_weights_can_be_rebuilt(rows: list[Sentence]) -> None:
    """Up to one stored digit: the last bit of a float differs between processors.

    One model stands for all: the four are made by the same function, and this is the quickest.
    """
    shipped = load_model(FOLDER / "aspect.json")
    rebuilt = train_aspect(rows, slot_scanner(rows))
    assert rebuilt.classes == shipped.classes
    assert rebuilt.vocabulary == shipped.vocabulary
    zeros = [0] * len(shipped.classes)
    for feature in rebuilt.weights.keys() | shipped.weights.keys():
        new, old = (list(model.weights.get(feature, zeros)) for model in (rebuilt, shipped))
        if zeros in (new, old):  # on the border of what is kept
            assert max(map(abs, new + old)) <= MIN_WEIGHT
        else:
            assert max(abs(a - b) for a, b in zip(new, old, strict=True)) <= 1, feature


def test_every_model_was_made_from_the_same_sentences(rows: list[Sentence]) -> None:
    assert followers(rows) == (FOLDER / "followers.txt").read_text("utf-8").split()
    assert set(load_model(FOLDER / "intent.json").classes) == {row.intent for row in rows}
    assert set(load_model(FOLDER / "open_intent.json").classes) == {row.intent for row in rows}


def test_slots_stand_in_their_sentences(rows: list[Sentence]) -> None:
    for row in rows:
        assert all(0 <= start < end <= len(row.text) for start, end in row.spans)
        if row.intent == "none":
            assert not row.spans


def test_chatter_is_also_seen_with_a_term_in_it(rows: list[Sentence]) -> None:
    scanner = slot_scanner(rows)
    chatter = [view for row in rows if row.intent == "none" for view in masks(row, scanner)]
    with_term = sum("TERM" in view for view in chatter)
    assert with_term / len(chatter) > 0.5
