"""What tells a wish from a need and from all else: features of a whole message.

Words as they are, the kinds of words (with and without the other words between), which kinds meet,
what is negated, what stands around a name, and the letters of words.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from bot.intake.tokens import DIGIT, KIND, MASKS, PRODUCT, WORD, Token
from bot.text.linear import unique

_RARE_CAPITAL, _RARE = "Rare", "rare"  # a word that few training sentences hold
_LETTERS = 24  # of a word that are looked at
_SILENT = frozenset({WORD, DIGIT, ",", "(", ")", '"', "„", "“", "”", "«", "»", "/"})  # not in the skeleton
_NO_PAIR = frozenset({WORD, DIGIT, "we", "you", "whatis"})
_UNSCOPED = frozenset({WORD, "place", "to", "link", "is", "we", "you"})
_STOPS = frozenset(".!?;:,")
_NEGATED = 5  # words that a "not" reaches forward
_REACH = 4  # words around a name, and that a "not" reaches back


def wish_features(tokens: Sequence[Token], vocabulary: frozenset[str]) -> list[str]:
    """Features of a message, for what it wants. `vocabulary`: the words that are not rare."""
    return unique(
        [
            *_head(tokens),
            *_runs(["^", *(shown(token, vocabulary) for token in tokens), "$"], 1, 3),
            *(f"#{run}" for run in _runs(["^", *(token.kind for token in tokens), "$"], 1, 3)),
            *(f"={run}" for run in _runs(_skeleton(tokens), 2, 4)),
            *_pairs(tokens),
            *_negated(tokens),
            *_around_names(tokens),
            *_letters(tokens),
        ]
    )


def shown(token: Token, vocabulary: frozenset[str]) -> str:
    """The word, unless it is rare: then only whether it has a capital."""
    if token.norm in vocabulary or token.norm in MASKS or not token.norm[0].isalnum():
        return token.norm
    return _RARE_CAPITAL if token.capital else _RARE


def _head(tokens: Sequence[Token]) -> Iterator[str]:
    products = min(sum(token.kind == PRODUCT for token in tokens), 3)
    tools = min(sum(token.kind in {KIND, "tool"} for token in tokens), 2)
    stops = min(sum(token.norm in ".!?" for token in tokens[:-1]), 3)
    yield f"#length={min(len(tokens) // 4, 8)}"
    yield f"#products={products}"
    yield f"#tools={tools}"
    yield f"#names={min(products, 2)} {tools}"
    yield f"#names and length={min(products, 2)} {min(len(tokens) // 5, 5)}"
    yield f"#sentences={stops} {min(products, 1)}"
    if tokens:
        yield f"#first={tokens[0].kind}"
        yield f"#last={tokens[-1].norm}"


def _runs(line: Sequence[str], shortest: int, longest: int) -> Iterator[str]:
    for size in range(shortest, longest + 1):
        for at in range(len(line) - size + 1):
            yield " ".join(line[at : at + size])


def _skeleton(tokens: Sequence[Token]) -> list[str]:
    return ["^", *(token.kind for token in tokens if token.kind not in _SILENT), "$"]


def _pairs(tokens: Sequence[Token]) -> Iterator[str]:
    kinds = sorted({token.kind for token in tokens if token.kind.isalpha()} - _NO_PAIR)
    for one, other in combinations(kinds, 2):
        yield f"&{one}+{other}"


def _negated(tokens: Sequence[Token]) -> Iterator[str]:
    for at, token in enumerate(tokens):
        if token.kind == "negation":
            for kind in _scope(tokens[at + 1 : at + 1 + _NEGATED]):
                yield f"not>{kind}"
            for kind in _scope(tokens[max(0, at - _REACH) : at][::-1]):
                yield f"{kind}>not"


def _scope(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.norm in _STOPS:
            return
        if token.kind not in _UNSCOPED:
            yield token.kind


def _around_names(tokens: Sequence[Token]) -> Iterator[str]:
    """What stands near the first and the last product or tool, and in which quarter they stand."""
    places = [at for at, token in enumerate(tokens) if token.kind in {PRODUCT, KIND, "tool"}]
    for name, at in zip(("place", "last"), (places[:1] + places[-1:]), strict=False):
        yield f"@{name}={min(3, 4 * at // len(tokens))}"
        near = [("-", token) for token in tokens[max(0, at - _REACH) : at]]
        near += [("+", token) for token in tokens[at + 1 : at + 1 + _REACH]]
        for side, token in near:
            if token.kind != WORD:
                yield f"@{tokens[at].kind}{side}{token.kind}"
                yield f"@{side}{token.norm}"


def _letters(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.norm not in MASKS and token.norm[0].isalnum():
            edged = f"‹{token.norm[:_LETTERS]}›"
            for size in (3, 4, 5):
                for at in range(len(edged) - size + 1):
                    yield f"~{edged[at : at + size]}"
