"""A wish as the small models see it: its words, their kinds, and one mask for every name.

`PRODUCT` is a product, `MAYBE` a word that may be one, `KIND` a kind of tool ("CRM", "survey tool").
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.intake.words import kind_of
from bot.text.tokens import Word, words_of

PRODUCT = "PRODUCT"
MAYBE = "MAYBE"
KIND = "KIND"
MASKS = frozenset({PRODUCT, MAYBE, KIND})
WORD = "w"
SOMETHING = "something"
TOOL = "tool"
_PURPOSE = frozenset(("fuer", "fuers", "zum", "zur", "um", "for", "to", "dem", "der", "denen", "womit"))
_REACH_OF_A_TOOL = 3  # words behind a tool in which "für" is looked for
_WORDS_BEFORE_A_TOOL = 2
_CLAUSE = re.compile(r"[.!?;:,]\s|$")
_AFTER_SOMETHING = frozenset(
    ("fuer", "zum", "zur", "um", "mit", "womit", "worueber", "worin", "wo", "gegen", "in", ",")
)
DIGIT = "digit"
MOST_TOKENS = 220  # of a message; a longer one is read up to there

Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, sign or mask. `kind`: what sort of word (`words/classes.yaml`), the sign, or the mask."""

    norm: str
    kind: str
    start: int
    end: int
    capital: bool


def tokens_of(text: str, masks: Iterable[Span]) -> list[Token]:
    """The tokens of a text with its masks; what hangs on a masked name stays ("Canva-*Lizenzen*")."""
    spans = sorted(masks)
    tokens: list[Token] = []
    at = 0
    for word in words_of(text, MOST_TOKENS):
        while at < len(spans) and spans[at][1] <= word.start:
            at += 1
        tokens += _masked(word, spans[at:])
    return list(_somethings(tokens))


def _somethings(tokens: Sequence[Token]) -> Iterator[Token]:
    """A German "was" inside a clause, before what it is for, is short for "etwas"."""
    for before, token, behind in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        inside = token.norm == "was" and before is not None and before.norm[0].isalnum()
        if inside and behind is not None and behind.norm in _AFTER_SOMETHING:
            yield replace(token, kind=SOMETHING)
        else:
            yield token


def _masked(word: Word, spans: Sequence[Span]) -> Iterator[Token]:
    """A word, or the masks that begin in it and the parts between and behind them."""
    start = word.start
    for left, right, mask in spans:
        if left >= word.end:
            break
        if left > start:
            yield from _part(word, start, left)
        if left >= word.start:
            yield Token(mask, mask, left, right, capital=True)
        start = max(start, right)
    yield from _part(word, start, word.end)


def _part(word: Word, start: int, end: int) -> Iterator[Token]:
    norm = word.norm if (start, end) == (word.start, word.end) else word.norm_of(start, end)
    if norm:
        capital = word.text[max(start - word.start, 0)].isupper()
        yield Token(norm, _kind(norm), start, end, capital)


def purposes_of(text: str, tokens: Sequence[Token]) -> Iterator[str]:
    """The parts of a text that say what a tool is for: "ein Tool *für Umfragen*", "a *survey* app"."""
    for at, token in enumerate(tokens):
        if token.kind in {TOOL, SOMETHING}:
            behind = tokens[at + 1 : at + 1 + _REACH_OF_A_TOOL]
            start = next((word.end for word in behind if word.norm in _PURPOSE), None)
            if start is not None:
                yield _CLAUSE.split(text[start:], maxsplit=1)[0]
        if token.kind == TOOL:
            yield text[token.start : token.end]
            yield text[tokens[max(0, at - _WORDS_BEFORE_A_TOOL)].start : token.start]


def _kind(norm: str) -> str:
    if kind := kind_of(norm):
        return kind
    if norm.isdigit():
        return DIGIT
    return WORD if norm[0].isalnum() else norm
