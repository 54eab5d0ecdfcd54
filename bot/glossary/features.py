"""What the small models see of a question: words, word pairs, parts of words; terms are masked.

Used by the reader and by its training, so that both see the same. A word that few training sentences
hold is RARE to the word features (its letters still count): "was ist ein RARE" is a way of asking.
"""

from collections.abc import Callable, Iterator, Sequence

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
    for token in tokens:
        if token != TERM and token[0].isalnum():
            edged = f"‹{token[:40]}›"
            for size in (3, 4, 5):
                for at in range(len(edged) - size + 1):
                    yield f"~{edged[at : at + size]}"


def word_features(words: Sequence[Word], at: int, vocabulary: frozenset[str]) -> list[str]:
    """Features of one word in its sentence, for whether it is the thing that is asked about."""
    line = [_seen(word.norm, vocabulary) for word in words]

    def around(offset: int) -> str:
        place = at + offset
        return line[place] if 0 <= place < len(line) else ("^" if place < 0 else "$")

    word = words[at]
    shape = _shape(word.text)
    near = [f"{offset:+d}={around(offset)}" for offset in range(-_AROUND, _AROUND + 1)]
    joined = [
        f"-2-1={around(-2)} {around(-1)}",
        f"-10={around(-1)} {around(0)}",
        f"+0+1={around(0)} {around(1)}",
        f"+1+2={around(1)} {around(2)}",
        f"-1+1={around(-1)} {around(1)}",
        f"-3-2-1={around(-3)} {around(-2)} {around(-1)}",
        f"+1+2+3={around(1)} {around(2)} {around(3)}",
        f"-1shape={around(-1)} {shape}",
        f"+1shape={shape} {around(1)}",
        f"rare-shape={line[at] if line[at] == RARE else 'known'} {shape}",
    ]
    flags = [f"shape={shape}", f"quoted={_quoted(words, at)}", f"mark={words[-1].text in '?!.'}"]
    flags += [f"neighbours={_shape_at(words, at - 1)} {shape} {_shape_at(words, at + 1)}"]
    endings = [f"~{word.norm[-size:]}" for size in (2, 3, 4) if line[at] == RARE]
    return unique([*near, *joined, *flags, *endings])


def _shape_at(words: Sequence[Word], at: int) -> str:
    return _shape(words[at].text) if 0 <= at < len(words) else "edge"


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
