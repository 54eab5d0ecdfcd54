"""What the small models see of a wish: words with names masked, their kinds, and the letters of words.

Used by the analysis and by its training, so that both see the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.intake.products import Mention
from bot.intake.words import kind_of
from bot.text.linear import unique
from bot.text.tokens import Word, words_of

PRODUCT = "PRODUCT"
KIND = "KIND"
RARE = "RARE"
MOST_TOKENS = 220  # of a message; a longer one is read up to there
_MASKS = (PRODUCT, KIND)
_REACH = 4  # words that a pair with a gap spans
_LETTERS = 24  # of a word that are looked at


@dataclass(frozen=True, slots=True)
class Token:
    """A word, sign or masked name. `kind`: what sort of word it is (`words/classes.yaml`)."""

    norm: str
    kind: str
    start: int
    end: int


def tokens_of(text: str, products: Sequence[tuple[int, int]], kinds: Sequence[tuple[int, int]]) -> list[Token]:
    """The tokens of a text, every product and every kind of tool as one mask; what hangs on stays."""
    spans = sorted([(*span, PRODUCT) for span in products] + [(*span, KIND) for span in kinds])
    tokens: list[Token] = []
    at = 0
    for word in words_of(text, MOST_TOKENS):
        while at < len(spans) and spans[at][1] <= word.start:
            at += 1
        tokens += _masked(word, spans[at:])
    return tokens


def _masked(word: Word, spans: Sequence[tuple[int, int, str]]) -> Iterator[Token]:
    """A word, or the masks that begin in it and the parts between and behind them."""
    start = word.start
    for left, right, mask in spans:
        if left >= word.end:
            break
        if left > start:
            yield from _part(word, start, left)
        if left >= word.start:
            yield Token(mask, mask, left, right)
        start = max(start, right)
    yield from _part(word, start, word.end)


def _part(word: Word, start: int, end: int) -> Iterator[Token]:
    if start == word.start and end == word.end:
        yield Token(word.norm, _kind(word.norm), start, end)
    elif part := word.norm_of(start, end):
        yield Token(part, _kind(part), start, end)


def _kind(norm: str) -> str:
    if kind := kind_of(norm):
        return kind
    if norm.isdigit():
        return "digit"
    return norm if not norm[0].isalnum() else "w"
