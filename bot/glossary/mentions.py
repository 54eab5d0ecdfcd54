"""Find every glossary term in a text: inflected forms too, the longest name first, no false friends.

A false friend is a phrase of ordinary language that contains a term ("lead time", "account for"):
the phrases are data (`words/false_friends.yaml`) and win like any longer name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.glossary.index import Index
from bot.glossary.keys import squash, stem_word

MAX_WORDS = 6  # words of a name that is found in a text

_TOKEN = re.compile(r"[^\W_]+(?:[&'’][^\W_]+)*[+#]*")
_BETWEEN = re.compile(r"[ \u00a0]{1,2}|\s?[-‐‑–/_]\s?|\.")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of one or more terms (homonyms), where it stands in the text."""

    start: int
    end: int
    text: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    key: str
    stem: str
    joins: bool  # nothing but a space, hyphen or slash since the token before


class Scanner:
    """Finds terms in texts, in one pass: for each word the longest name that starts there."""

    def __init__(
        self,
        index: Index,
        false_friends: Iterable[str] = (),
        ordinary: frozenset[str] = frozenset(),
    ) -> None:
        self._index = index
        self._ordinary = ordinary  # words that are a term only in capitals: "IT" is not "it"
        self._friends = frozenset(squash(phrase) for phrase in false_friends)
        self._friend_heads = frozenset(phrase[:4] for phrase in self._friends)

    def find(self, text: str) -> list[Mention]:
        """All mentions in reading order; they never overlap."""
        return [mention for mention in self.phrases(text) if mention.terms]

    def phrases(self, text: str) -> Iterator[Mention]:
        """The mentions, and the phrases that only look like a term: they have no terms."""
        tokens = _tokens(text)
        at = 0
        while at < len(tokens):
            size, terms = self._longest(tokens, at)
            if size:
                start, end = tokens[at].start, tokens[at + size - 1].end
                yield Mention(start, end, text[start:end], terms)
            at += max(size, 1)

    def _longest(self, tokens: list[_Token], at: int) -> tuple[int, tuple[str, ...]]:
        """Number of words and terms of the longest name here; a false friend has words and no terms."""
        best: tuple[int, tuple[str, ...]] = (0, ())
        key = stems = ""
        for size, token in enumerate(tokens[at : at + MAX_WORDS], 1):
            if size > 1 and not token.joins:
                break
            key += token.key
            stems += token.stem
            if not self._index.may_begin(key, stems) and key[:4] not in self._friend_heads:
                break
            if terms := self._terms(token if size == 1 else None, key, stems):
                best = (size, terms)
            elif size > 1 and key in self._friends:
                best = (size, ())
        return best

    def _terms(self, single: _Token | None, key: str, stems: str) -> tuple[str, ...]:
        if single is not None and key in self._ordinary and not single.text.isupper():
            return ()
        return self._index.by_keys(key, stems, capital_s=single is not None and single.text[-1] == "S")


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    end = 0
    for found in _TOKEN.finditer(text):
        word = found.group()
        joins = bool(tokens) and _BETWEEN.fullmatch(text, end, found.start()) is not None
        end = found.end()
        tokens.append(_Token(word, found.start(), end, squash(word), stem_word(word), joins))
    return tokens
