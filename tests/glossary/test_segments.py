"""The segment index finds what a comparison with every key finds."""

import random

from rapidfuzz.distance import OSA

from bot.glossary.book import Book
from bot.glossary.keys import squash
from bot.glossary.model import labels_of
from bot.glossary.segments import MAX_KEY, MIN_KEY, Segments, edits_allowed

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _keys(book: Book) -> list[str]:
    found = {squash(text) for term in book.glossary.terms.values() for _, _, text in labels_of(term)}
    return sorted(key for key in found if MIN_KEY <= len(key) <= MAX_KEY)


def _slip(key: str, chance: random.Random) -> str:
    at = chance.randrange(len(key))
    letter = chance.choice(LETTERS)
    forms = (key[:at] + key[at + 1 :], key[:at] + letter + key[at:], key[:at] + letter + key[at + 1 :])
    return chance.choice(forms)


def _by_hand(query: str, keys: list[str]) -> set[int]:
    return {at for at, key in enumerate(keys) if OSA.distance(query, key) <= edits_allowed(len(key))}


def test_every_key_within_its_errors_is_found(example: Book) -> None:
    keys, chance = _keys(example), random.Random(7)  # noqa: S311  (the same slips in every run)
    segments = Segments(keys)
    for key in keys:
        query = _slip(_slip(key, chance) if len(key) > 6 else key, chance)
        assert {at for _, at in segments.near(query)} == _by_hand(query, keys), query


def test_a_swap_in_a_short_key_is_one_error(example: Book) -> None:
    keys = _keys(example)
    segments = Segments(keys)
    for key in (key for key in keys if len(key) <= 7):
        for at in range(len(key) - 1):
            swapped = key[:at] + key[at + 1] + key[at] + key[at + 2 :]
            assert keys.index(key) in {found for _, found in segments.near(swapped)}, swapped


def test_nothing_is_near_to_what_is_too_short_or_too_long(example: Book) -> None:
    segments = Segments(_keys(example))
    assert segments.near("ab") == []
    assert segments.near("a" * 500) == []
