"""Signs by word lists: vague words, universals, haste, open lists.

Whole tokens, never prefixes: "Schnellversand" holds no vague word.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from bot.intake.coaching.reading import Reading, Token, phrases_in
from bot.intake.coaching.signs import Sign, at
from bot.intake.coaching.wordlists import Lexicon, word_lists

_ELLIPSES = frozenset({"…", "..."})
_NOMINALISED = frozenset({"etwas", "was", "nichts", "viel", "wenig", "alles"})  # "etwas Besseres"
_EACH = frozenset("jeder jede jedes jeden jedem every each".split())
_ALL = frozenset("alle aller allen all".split())
_ORDINALS = frozenset("first second third other odd-numbered ersten zweiten dritten vierten zweite dritte volle".split())
_PERIODS = frozenset(
    "tag tage tagen woche wochen monat monate monaten jahr jahre jahren quartal quartale stunde stunden minute minuten"
    " werktag arbeitstag wochentag sekunden abend morgen mittag nacht semester sprint saison"
    " day days week weeks month months year years quarter quarters hour hours minute minutes evening morning night"
    " term season weekday".split()
)


def vague_words(reading: Reading) -> list[Sign]:
    """Words that everybody understands differently."""
    signs = []
    for first, last in _listed(reading, "vague_word"):
        name = _is_name(reading, first, last)
        degree = "number" if _before_number(reading, last) else first.norm
        signs.append(at("name" if name else degree, first, last, speaks_for=not name))
    return signs


def haste(reading: Reading) -> list[Sign]:
    """Words of haste."""
    return [at("haste", first, last) for first, last in _listed(reading, "asap")]


def universals(reading: Reading) -> list[Sign]:
    """All, always, never; not where a rhythm or a number follows: "Alle 30 Minuten", "jeden Montag"."""
    signs = []
    for first, last in _listed(reading, "universal"):
        kind = _universal(reading, first)
        signs.append(at(kind, first, last, speaks_for=kind != "rhythm"))
    return signs


def open_lists(reading: Reading) -> list[Sign]:
    """Lists that do not end. Three dots count behind a list only: a sentence may trail off."""
    signs = [at("list", first, last) for first, last in _listed(reading, "open_list")]
    comma: Token | None = None
    for token in reading.tokens:
        if token.first:
            comma = None
        if token.text == ",":
            comma = token
        if token.text in _ELLIPSES and comma is not None:
            signs.append(at("dots", token))
    return signs


def _listed(reading: Reading, rule: str) -> Iterator[tuple[Token, Token]]:
    lexicon = _joined(rule, reading.languages)
    tokens = reading.tokens
    excluded = {at for start, end in phrases_in(tokens, lexicon.excluded) for at in range(start, end)}
    taken = -1
    ranges = {start: end for start, end in phrases_in(tokens, lexicon.phrases)}
    for place, token in enumerate(tokens):
        if place <= taken or place in excluded or reading.in_product(token):
            continue
        if end := ranges.get(place):
            taken = end - 1
            yield token, tokens[end - 1]
        elif token.norm in lexicon.words:
            yield token, token


@cache
def _joined(rule: str, languages: Sequence[str]) -> Lexicon:
    parts = [word_lists().lexicons[rule, language] for language in languages]
    return Lexicon(
        frozenset().union(*(part.words for part in parts)),
        frozenset().union(*(part.phrases for part in parts)),
        frozenset().union(*(part.excluded for part in parts)),
    )


def _is_name(reading: Reading, first: Token, last: Token) -> bool:
    """Fast Lane, Better Hearts: capitals inside a sentence, or two of them at its beginning."""
    if not first.text[0].isupper() or first.text.isupper():
        return False
    before, after = _neighbours(reading, first, last)
    if not first.first:
        return not (before and before.norm in _NOMINALISED)
    return reading.language == "en" and bool(after and after.text[0].isupper() and not after.text.isupper())


def _neighbours(reading: Reading, first: Token, last: Token) -> tuple[Token | None, Token | None]:
    tokens = reading.tokens
    start, end = tokens.index(first), tokens.index(last)
    return (tokens[start - 1] if start else None), (tokens[end + 1] if end + 1 < len(tokens) else None)


def _before_number(reading: Reading, token: Token) -> bool:
    after = _neighbours(reading, token, token)[1]
    return bool(after and after.text[0].isdigit())


def _universal(reading: Reading, token: Token) -> str:
    """What kind of universal it is."""
    place = reading.tokens.index(token)
    following = [t.norm for t in reading.tokens[place + 1 : place + 4]]
    groups = word_lists().groups
    rhythm = groups["weekdays"] | _PERIODS
    nearest = following[0] if following else ""
    if token.norm in _EACH | _ALL:
        if nearest[:1].isdigit() or nearest in groups["numbers"] or nearest in _ORDINALS:
            return "rhythm"
        if nearest in rhythm or any(word in rhythm for word in following[:2]):
            return "rhythm"
        return "each" if token.norm in _EACH else "all"
    return token.norm
