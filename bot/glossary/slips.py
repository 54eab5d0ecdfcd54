"""Is the difference between a query and a key a slip of the finger or another word?

A wrong confident answer is worse than a suggestion, so a correction needs two things: the edits look
like slips (short words differ from real words by one letter), and what was typed is not itself a
word (`notes/glossary.md` 4.1 and 4.3 measured both on 4,378 positive and 1,850 negative queries).
"""

from functools import lru_cache
from itertools import pairwise

MIN_CORRECTED = 5  # letters; a four-letter word has too many neighbours
_EDITS_BELOW = ((8, 1), (14, 2))  # fewer letters than this: at most so many edits
_MOST_EDITS = 3
_SHORT = 7  # letters up to which one edit must be plausible
_SAME_START_BELOW = 10  # letters below which two edits must leave the first letter

_ROWS = (
    "qwertzuiopü",
    "asdfghjklöä",
    "yxcvbnm",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
)
_SOUNDS = ("aeiouy", "ckq", "sz", "dt", "bp", "fv", "vw", "gk", "gj", "ij", "mn", "sc", "zc")
_LETTERS_HEARD_TWICE = frozenset("eh")  # "Leead", "Rhate": written because they are heard


def _neighbours() -> frozenset[tuple[str, str]]:
    """Keys that lie side by side or diagonally on a German or an English keyboard."""
    pairs: set[tuple[str, str]] = set()
    for rows in (_ROWS[:3], _ROWS[3:6], (_ROWS[6],)):
        for row in rows:
            pairs.update(pairwise(row))
        for upper, lower in pairwise(rows):
            pairs.update(zip(upper, lower, strict=False))
            pairs.update(zip(upper[1:], lower, strict=False))
    return frozenset(pairs | {(b, a) for a, b in pairs})


_NEAR_KEYS = _neighbours()
_ALIKE = frozenset((a, b) for group in _SOUNDS for a in group for b in group) | _NEAR_KEYS


def is_slip(query: str, key: str, edits: int) -> bool:
    """True if the query (squashed) may be answered with the key, by the shape of the edits alone."""
    size = min(len(query), len(key))
    most = next((edits for below, edits in _EDITS_BELOW if size < below), _MOST_EDITS)
    if size < MIN_CORRECTED or edits > most:
        return False
    if edits > 1 and size < _SAME_START_BELOW:
        return query[0] == key[0] or query[:2] == key[1::-1]
    if edits == 1 and size <= _SHORT:
        return _plausible(query, key)
    return True


def _plausible(query: str, key: str) -> bool:
    """One edit in a short word: swap, missing letter, neighbouring key, sound-alike, doubled letter."""
    at = common_start(query, key)
    end = common_start(query[at:][::-1], key[at:][::-1])
    typed, meant = query[at : len(query) - end], key[at : len(key) - end]
    if not typed or len(typed) > 1:
        return True  # a letter is missing, or two are swapped
    if meant:
        return (typed, meant) in _ALIKE
    beside = query[max(0, at - 1) : at] + query[at + 1 : at + 2]
    return typed in _LETTERS_HEARD_TWICE or any(
        typed == other or (typed, other) in _NEAR_KEYS for other in beside
    )


def common_start(one: str, other: str) -> int:
    """How many letters two words have in common at their beginning."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


@lru_cache(maxsize=20_000)
def is_word(word: str) -> bool:
    """The real-word gate: an ordinary word of German or English.

    simplemma's word lists, loaded by the first question that misses (0.7 s) and kept in their compact
    form (25 MB instead of 140 MB; 40 µs a word, asked only when everything exact has missed).
    """
    from simplemma import is_known  # noqa: PLC0415  (what is found exactly needs no word list)

    return is_known(word, ("en", "de"), low_memory=True)
