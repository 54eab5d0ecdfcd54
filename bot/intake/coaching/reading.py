"""An answer as the coach sees it: words with their places, sentences, amounts and days, and the language.

Linear in the length of the text, never raises. Spans are places in `Reading.text`, which is the answer
without invisible characters and cut at `MAX_TEXT`. At most `MOST_TOKENS` words and signs are read.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from bot.intake.coaching.wordlists import WordLists, norm
from bot.text.clean import MAX_TEXT, visible

MOST_TOKENS = 1_200  # an answer of 3,000 characters has about 500
Span = tuple[int, int]
NamesIn = Callable[[str], Sequence[str]]  # the product names in a text

_TOKEN = re.compile(
    r"(?:\d++(?:[.,:'’]\d++)*+)(?![^\W\d_])"  # 1'000 · 4,1 · 6:40
    r"|[^\W_]+(?:[-‑'’&/.][^\W_]+)*"  # words, also E-Mail, S/4HANA, u.s.w
    r"|\.\.\.|->|=>|\S"
)
_WORD = re.compile(r"[^\W\d_]+")
_CLOSING = frozenset(
    {"usw", "etc", "usf", "uvm", "u.s.w", "o.ä"}
)  # a capital behind these begins a sentence
_ENDS = frozenset(".!?;\n•")
_AHEAD = 40  # characters behind a full stop that tell whether it ends a sentence
_ENDING_SHOWS = 5  # letters from which an ending tells something
_UMLAUTS = frozenset("äöüÄÖÜß")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign and where it stands. `norm`: lower case, ss for ß; `first`: begins a sentence."""

    text: str
    norm: str
    start: int
    end: int
    first: bool

    @property
    def is_word(self) -> bool:
        """Letters or digits."""
        return self.text[0].isalnum()

    @property
    def is_name(self) -> bool:
        """Written with a capital where a sentence does not ask for one."""
        return self.text[0].isupper() and not self.first


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer, read once for all rules.

    `field` is the kind of question, `language` is de, en or "" (both word lists apply).
    """

    text: str
    field: str
    language: str
    lists: WordLists
    tokens: tuple[Token, ...]
    products: tuple[str, ...] = ()
    product_spans: tuple[Span, ...] = ()

    @property
    def words(self) -> list[Token]:
        """The tokens that are words or numbers."""
        return [token for token in self.tokens if token.is_word]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages whose word lists apply."""
        return (self.language,) if self.language else ("de", "en")

    def norm(self, place: int) -> str:
        """The word at a place, "" outside of the text."""
        return self.tokens[place].norm if 0 <= place < len(self.tokens) else ""

    def sentences(self) -> Iterator[Sequence[Token]]:
        """The tokens between full stops, semicolons and line breaks."""
        start = 0
        for at, token in enumerate(self.tokens):
            if token.first and at > start:
                yield self.tokens[start:at]
                start = at
        if start < len(self.tokens):
            yield self.tokens[start:]

    def in_product(self, token: Token) -> bool:
        """Whether the token belongs to the name of a product."""
        return any(start < token.end and token.start < end for start, end in self.product_spans)


def read(
    text: str,
    lists: WordLists,
    field: str = "requirement",
    *,
    language: str = "",
    names_in: NamesIn | None = None,
) -> Reading:
    """The answer to a kind of question. `language` counts where the words do not tell which one it is."""
    text = visible(text[:MAX_TEXT])
    tokens = tuple(islice(_tokens(text, lists), MOST_TOKENS))
    products = tuple(names_in(text)) if names_in else ()
    return Reading(
        text=text,
        field=field,
        language=language_of(tokens, lists) or language,
        lists=lists,
        tokens=tokens,
        products=products,
        product_spans=tuple(_places(text, products)),
    )


def _tokens(text: str, lists: WordLists) -> Iterator[Token]:
    first = True
    line_end = 0
    before = ""
    for found in _TOKEN.finditer(text):
        if "\n" in text[line_end : found.start()]:
            first = True
        line_end = found.end()
        raw = found.group()
        normal = norm(raw)
        yield Token(raw, normal, found.start(), found.end(), first)
        after = text[found.end() : found.end() + _AHEAD].lstrip()
        ends = raw in _ENDS and not (raw == "." and _belongs_to(before, after, lists))
        first = ends or (first and not raw[0].isalnum())
        before = normal


def _belongs_to(before: str, after: str, lists: WordLists) -> bool:
    """Whether a full stop belongs to an abbreviation or a date: "usw.", "z. B.", "30. Juni"."""
    groups = lists.groups
    if before[-1:].isdigit():
        return after[:1].islower() or after[:1].isdigit() or _first_word(after) in groups["months"]
    return before in groups["abbreviations"] and (not after[:1].isupper() or before not in _CLOSING)


def _first_word(text: str) -> str:
    found = _WORD.match(text)
    return found.group().lower() if found else ""


def language_of(tokens: Collection[Token], lists: WordLists) -> str:
    """ "de" or "en" by the small words of a text, "" if they do not tell."""
    german, english = (
        sum(token.norm in lists.words["small_words", name] for token in tokens) for name in ("de", "en")
    )
    german += any(letter in _UMLAUTS for token in tokens for letter in token.text)
    if german == english:
        german, english = _by_form(tokens, lists)
    return "" if german == english else "de" if german > english else "en"


def _by_form(tokens: Collection[Token], lists: WordLists) -> tuple[int, int]:
    """Words that end as German or English words do, are listed for one language, or are German nouns."""
    words = [token for token in tokens if token.is_word]
    german, english = (
        sum(
            (len(token.norm) >= _ENDING_SHOWS and token.norm.endswith(tuple(lists.words["endings", name])))
            + (token.norm in lists.lexicons["vague_word", name].words)
            + (token.norm in lists.lexicons["asap", name].words)
            for token in words
        )
        for name in ("de", "en")
    )
    return german + any(token.is_name and token.text[1:].islower() for token in words), english


def _places(text: str, names: Sequence[str]) -> Iterator[Span]:
    folded = text.lower()
    if len(folded) != len(text):  # a letter that grows in lower case (İ): the places would shift
        return
    for name in names:
        if name and (start := folded.find(name.lower())) >= 0:
            yield start, start + len(name)


@cache
def _phrases(phrases: frozenset[str]) -> dict[str, list[tuple[str, ...]]]:
    """Phrases as normal words, by their first word."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        words = tuple(norm(found) for found in _TOKEN.findall(phrase))
        by_first.setdefault(words[0], []).append(words)
    return by_first


def phrases_in(tokens: Sequence[Token], phrases: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where phrases stand, as ranges of tokens; the longest at each place."""
    by_first = _phrases(phrases)
    norms = tuple(token.norm for token in tokens)
    for at, word in enumerate(norms):
        lengths = [len(words) for words in by_first.get(word, ()) if norms[at : at + len(words)] == words]
        if lengths:
            yield at, at + max(lengths)
