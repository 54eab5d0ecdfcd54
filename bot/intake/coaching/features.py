"""What the small models see of an answer: signs, words, word pairs, letters; amounts are masked.

Used by the coach and by its training, so that both see the same.
"""

import re
from collections.abc import Iterator, Sequence

from bot.intake.coaching.amounts import amounts, days
from bot.intake.coaching.reading import Reading
from bot.intake.coaching.signs import Sign
from bot.text.linear import unique

RARE = "RARE"
_MOST_TOKENS = 80
_REACH = 4
_DIGIT = re.compile(r"\d")


def features(reading: Reading, signs: Sequence[Sign], vocabulary: frozenset[str]) -> list[str]:
    """The features of an answer for one rule."""
    line = [
        "^",
        *(token if token in vocabulary or not token[0].isalpha() else RARE for token in masked(reading)),
        "$",
    ]
    return unique([*_head(reading, signs), *_runs(line), *_pairs(line), *_letters(reading)])


def masked(reading: Reading) -> list[str]:
    """The words with amounts as <n>, days as <day>, products as <product>."""
    places = {found.start: "<n>" for found in amounts(reading)}
    places |= {token.start: "<day>" for token in days(reading)}
    out: list[str] = []
    for token in reading.tokens[:_MOST_TOKENS]:
        if reading.in_product(token):
            word = "<product>"
        else:
            word = places.get(token.start) or ("<d>" if _DIGIT.search(token.norm) else token.norm)
        if word != "<product>" or out[-1:] != ["<product>"]:
            out.append(word)
    return out


def _head(reading: Reading, signs: Sequence[Sign]) -> Iterator[str]:
    kinds = unique(sign.kind for sign in signs)
    speaks = any(sign.speaks_for for sign in signs)
    yield f"#field={reading.field}"
    yield f"#speaks={speaks}"
    yield f"#speaks={speaks} {reading.field}"
    yield f"#signs={min(len(signs), 4)}"
    yield f"#long={min(len(reading.words) // 3, 6)}"
    yield from (f"#sign={kind}" for kind in kinds)
    yield from (f"#sign={kind} {reading.field}" for kind in kinds)


def _runs(line: Sequence[str]) -> Iterator[str]:
    for size in (1, 2, 3):
        for at in range(len(line) - size + 1):
            yield " ".join(line[at : at + size])


def _pairs(line: Sequence[str]) -> Iterator[str]:
    for at, first in enumerate(line):
        for second in line[at + 2 : at + _REACH + 1]:
            yield f"{first} … {second}"


def _letters(reading: Reading) -> Iterator[str]:
    for token in reading.tokens[:_MOST_TOKENS]:
        if token.text[0].isalpha() and not reading.in_product(token):
            edged = f"‹{token.norm[:30]}›"
            for size in (3, 4, 5):
                for at in range(len(edged) - size + 1):
                    yield f"~{edged[at : at + size]}"
