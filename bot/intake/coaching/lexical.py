"""Signs by word lists: vague words, universals, haste, open lists.

Whole tokens, never prefixes: "Schnellversand" holds no vague word.
"""

from collections.abc import Iterator

from bot.intake.coaching.reading import Reading, Token, phrases_in
from bot.intake.coaching.signs import Sign, at

_ELLIPSES = frozenset({"…", "..."})
_NOMINALISED = frozenset({"etwas", "was", "nichts", "viel", "wenig", "alles"})  # "etwas Besseres"
_EACH = frozenset(["jeder", "jede", "jedes", "jeden", "jedem", "every", "each"])
_ALL = frozenset(["alle", "aller", "allen", "all"])
_ORDINALS = frozenset(
    ["paar", "few", "now", "first", "second", "third", "fourth", "fifth", "other", "odd-numbered", "ersten", "zweiten", "dritten", "vierten", "zweite", "dritte", "vierte", "fünfte", "volle", "mal", "time", "anderen", "others"]
)
_SINGLE = frozenset(["single", "einzelne", "einzelnen", "einzelnem", "einzelner", "einzelnes"])
_OWNERS = frozenset(
    ["ihre", "ihren", "seine", "seinen", "unsere", "unseren", "their", "his", "her", "its", "our", "of"]
)  # "alle ihre Rechnungen"
_ALWAYS = frozenset({"immer", "stets", "always"})
_ALWAYS_AT = frozenset(["am", "um", "zum", "vor", "nach", "on", "at", "before", "after"])  # "immer am Monatsersten"
_MILD = frozenset(
    {"each", "all of", "keiner", "niemand", "nobody", "irgendwas", "irgendwer", "anything", "anyone"}
)
_PERIODS = frozenset(
    ["tag", "tage", "tagen", "woche", "wochen", "monat", "monate", "monaten", "jahr", "jahre", "jahren", "quartal", "quartale", "stunde", "stunden", "minute", "minuten", "werktag", "arbeitstag", "wochentag", "sekunden", "abend", "morgen", "mittag", "nacht", "semester", "sprint", "saison", "day", "days", "week", "weeks", "month", "months", "year", "years", "quarter", "quarters", "hour", "hours", "minute", "minutes", "evening", "morning", "night", "term", "season", "weekday"]
)


def vague_words(reading: Reading) -> list[Sign]:
    """Words that everybody understands differently."""
    signs = []
    hasty = [sign.span for sign in haste(reading)]  # "so schnell wie möglich" has a hint of its own
    for first, last in _listed(reading, "vague_word"):
        if any(start <= first.start < end for start, end in hasty):
            continue
        if reading.field == "deadline_reason" and _after_would(reading, first):
            continue
        if _is_name(reading, first, last):
            kind = "name"
        elif _before_number(reading, last):
            kind = "number"  # "gut 20 Minuten", "top 10"
        else:
            kind = first.norm
        signs.append(at(kind, first, last, speaks_for=kind not in {"name", "number"}))
    return signs


def haste(reading: Reading) -> list[Sign]:
    """Words of haste."""
    signs = [
        at("haste", first, last, speaks_for=not _is_name(reading, first, last))
        for first, last in _listed(reading, "asap")
    ]
    return signs + [at("haste", token) for token in reading.tokens if token.text == "NOW"]


def universals(reading: Reading) -> list[Sign]:
    """All, always, never; not where a rhythm or a number follows: "Alle 30 Minuten", "jeden Montag"."""
    found = [(_universal(reading, first), first, last) for first, last in _listed(reading, "universal")]
    kinds = [kind for kind, _, _ in found if kind != "rhythm"]
    alone = len(kinds) == 1  # "jede Abteilung pflegt ihre Liste" spreads something, it exaggerates nothing
    return [
        at(kind, first, last, speaks_for=kind != "rhythm" and not (alone and kind in _MILD))
        for kind, first, last in found
    ]


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
    lexicon = reading.lists.lexicon(rule, reading.languages)
    tokens = reading.tokens
    excluded = {at for start, end in phrases_in(tokens, lexicon.excluded) for at in range(start, end)}
    taken = -1
    ranges = dict(phrases_in(tokens, lexicon.phrases)) | {
        start: end
        for start, end in phrases_in(tokens, lexicon.last)
        if end == len(tokens) or not tokens[end].is_word
    }
    for place, token in enumerate(tokens):
        if place <= taken or place in excluded or reading.in_product(token):
            continue
        if end := ranges.get(place):
            taken = end - 1
            yield token, tokens[end - 1]
        elif token.norm in lexicon.words:
            yield token, token


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


def _after_would(reading: Reading, token: Token) -> bool:
    """ "wäre schön", "would be really nice": a polite wish for a date."""
    place = reading.tokens.index(token)
    before = {t.norm for t in reading.tokens[max(0, place - 5) : place]}
    return "wäre" in before or {"would", "be"} <= before


def _universal(reading: Reading, token: Token) -> str:
    """What kind of universal it is."""
    place = reading.tokens.index(token)
    following = [t.norm for t in reading.tokens[place + 1 : place + 4]]
    groups = reading.lists.groups
    nearest = following[0] if following else ""
    if token.norm in _ALWAYS and (nearest in _ALWAYS_AT or nearest in groups["weekdays"]):
        return "rhythm"
    if token.norm in _EACH | _ALL:
        counted = nearest[:1].isdigit() or nearest in groups["numbers"] | _ORDINALS
        if counted or any(word in groups["weekdays"] | _PERIODS for word in following[:2]):
            return "rhythm"
        if token.norm in _ALL:
            before = reading.tokens[place - 1].norm if place else ""
            return "all of" if _OWNERS & set(following[:2]) or before in {"mit", "with"} else "all"
        if nearest in _SINGLE:
            return "every single"
        alone = place + 1 == len(reading.tokens) or not reading.tokens[place + 1].text[0].isupper()
        return "everyone" if alone and reading.language == "de" and token.text[:1].isupper() else "each"
    return token.norm
