"""What the small models see of a question: words, word pairs, parts of words; terms are masked.

Used by the reader and by its training, so that both see the same. A word that few training sentences
hold is RARE to the word features (its letters still count): "was ist ein RARE" is a way of asking.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from bot.text.linear import unique
from bot.text.tokens import Word

TERM = "TERM"
RARE = "RARE"
_QUOTES = frozenset("\"„“”«»'`")
_REACH = 5  # words that a pair with a gap spans
_AROUND = 3  # words on each side that say whether a word is asked about


def masked(words: Sequence[Word], spans: Sequence[tuple[int, int]]) -> list[str]:
    """The normal forms of the words, each span (of characters) as one TERM."""
    out: list[str] = []
    open_span: tuple[int, int] | None = None
    for word in words:
        span = next((s for s in spans if s[0] < word.end and word.start < s[1]), None)
        if span is None:
            out.append(word.norm)
        elif span != open_span:
            out.append(TERM)
        open_span = span
    return out


def question_features(tokens: Sequence[str], addressed: bool, vocabulary: frozenset[str]) -> list[str]:
    """Features of a whole message, for what is being asked."""
    line = ["^", *(_seen(token, vocabulary) for token in tokens), "$"]
    terms = sum(token == TERM for token in tokens)
    head = [
        f"#terms={min(terms, 3)}",
        f"#addressed={int(addressed)}",
        f"#long={min(len(tokens) // 4, 6)}",
    ]
    return unique([*head, *_runs(line), *_pairs(line), *_letters(tokens)])


def _seen(token: str, vocabulary: frozenset[str]) -> str:
    return token if token == TERM or token in vocabulary or not token[0].isalnum() else RARE


def _runs(line: Sequence[str]) -> Iterator[str]:
    for size in (1, 2, 3, 4):
        for at in range(len(line) - size + 1):
            yield " ".join(line[at : at + size])


def _pairs(line: Sequence[str]) -> Iterator[str]:
    for at, first in enumerate(line):
        for second in line[at + 2 : at + _REACH + 1]:
            yield f"{first} … {second}"


def _letters(tokens: Sequence[str]) -> Iterator[str]:
    return chain.from_iterable(map(_parts, tokens))


@lru_cache(4_096)
def _parts(token: str) -> tuple[str, ...]:
    """Kept for the usual words: several models look at each of them."""
    if token == TERM or not token[0].isalnum():
        return ()
    edged = f"‹{token[:40]}›"
    return tuple(f"~{edged[at : at + size]}" for size in (3, 4, 5) for at in range(len(edged) - size + 1))


def word_features(words: Sequence[Word], vocabulary: frozenset[str]) -> Iterator[list[str]]:
    """Features of each word in its sentence, for whether it is the thing that is asked about."""
    seen = (_seen(word.norm, vocabulary) for word in words)
    line = [*["^"] * _AROUND, *seen, *["$"] * _AROUND]
    shapes = ["edge", *(_shape(word.text) for word in words), "edge"]
    mark = words[-1].text in "?!." if words else False
    for at, word in enumerate(words):
        near, (before, shape, after) = line[at : at + 2 * _AROUND + 1], shapes[at : at + 3]
        rare = near[_AROUND] == RARE
        flags = [f"shape={shape}", f"quoted={_quoted(words, at)}", f"mark={mark}"]
        flags += [f"neighbours={before} {shape} {after}"]
        endings = [f"~{word.norm[-size:]}" for size in (2, 3, 4) if rare]
        yield unique([*_placed(near), *_joined(near, shape, rare=rare), *flags, *endings])


def _placed(near: Sequence[str]) -> Iterator[str]:
    for offset, token in enumerate(near, -_AROUND):
        yield f"{offset:+d}={token}"


def _joined(near: Sequence[str], shape: str, *, rare: bool) -> tuple[str, ...]:
    """The words around one, together."""
    first, second, before, here, after, next_, last = near
    return (
        f"-2-1={second} {before}",
        f"-10={before} {here}",
        f"+0+1={here} {after}",
        f"+1+2={after} {next_}",
        f"-1+1={before} {after}",
        f"-3-2-1={first} {second} {before}",
        f"+1+2+3={after} {next_} {last}",
        f"-1shape={before} {shape}",
        f"+1shape={shape} {after}",
        f"rare-shape={RARE if rare else 'known'} {shape}",
    )


def _shape(text: str) -> str:
    tests: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("digit", str.isdigit),
        ("caps", lambda word: word.isupper() and len(word) > 1),
        ("Title", lambda word: word[0].isupper() and word[1:].islower()),
        ("lower", str.islower),
        ("sign", lambda word: not word[0].isalnum()),
    )
    return next((name for name, test in tests if test(text)), "mixed")


def _quoted(words: Sequence[Word], at: int) -> bool:
    before = any(word.text in _QUOTES for word in words[max(0, at - 5) : at])
    return before and any(word.text in _QUOTES for word in words[at + 1 : at + 6])
