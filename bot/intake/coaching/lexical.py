"""Signs by word lists: vague words, universals, haste, open lists.

Whole tokens, never prefixes: "Schnellversand" holds no vague word.
"""

from collections.abc import Iterator

from bot.intake.coaching.reading import Reading, Token, phrases_in
from bot.intake.coaching.signs import Sign, at

_ELLIPSES = frozenset({"…", "..."})
_MILD = frozenset(  # universals that exaggerate nothing when they stand alone
    {
        "each",
        "always at",
        "all of",
        "keiner",
        "niemand",
        "nobody",
        "irgendwas",
        "irgendwer",
        "anything",
        "anyone",
    }
)
_WISHED = 5  # words between "would" and what would be nice, in a reason for a date
_NEXT = 2


def vague_words(reading: Reading) -> list[Sign]:
    """Words that everybody understands differently."""
    hasty = [sign.span for sign in haste(reading)]  # "so schnell wie möglich" has a hint of its own
    signs = []
    for start, end in _listed(reading, "vague_word"):
        first, last = reading.tokens[start], reading.tokens[end - 1]
        if any(begin <= first.start < stop for begin, stop in hasty) or _is_polite(reading, start):
            continue
        kind = (
            "name" if _is_name(reading, start, end) else "number" if _counts(reading, end) else first.norm
        )
        signs.append(at(kind, first, last, speaks_for=kind not in {"name", "number"}))
    return signs


def haste(reading: Reading) -> list[Sign]:
    """Words of haste."""
    tokens = reading.tokens
    signs = [
        at("haste", tokens[start], tokens[end - 1], speaks_for=not _is_name(reading, start, end))
        for start, end in _listed(reading, "asap")
    ]
    return signs + [at("haste", token) for token in tokens if token.text == "NOW"]


def universals(reading: Reading) -> list[Sign]:
    """All, always, never; not where a rhythm or a number follows: "Alle 30 Minuten", "jeden Montag".

    "Jede Abteilung pflegt ihre Liste" spreads something and exaggerates nothing: some need company.
    """
    tokens = reading.tokens
    found = [
        (_universal(reading, start), tokens[start], tokens[end - 1])
        for start, end in _listed(reading, "universal")
    ]
    found += [("je", tokens[place], tokens[place]) for place in _evers(reading)]
    alone = sum(kind != "rhythm" for kind, _, _ in found) == 1
    return [
        at(kind, first, last, speaks_for=kind != "rhythm" and not (alone and kind in _MILD))
        for kind, first, last in found
    ]


def _evers(reading: Reading) -> Iterator[int]:
    """The "je" of "niemand verliert je …"; not "je Kunde", "je früher"."""
    negated = False
    for place, token in enumerate(reading.tokens):
        negated = (negated and not token.first) or token.norm in reading.lists.groups["none"]
        following = reading.tokens[place + 1] if place + 1 < len(reading.tokens) else None
        if token.norm == "je" and negated and following and not following.text[0].isupper():
            yield place


def open_lists(reading: Reading) -> list[Sign]:
    """Lists that do not end. Three dots count behind a list only: a sentence may trail off."""
    tokens = reading.tokens
    signs = [at("list", tokens[start], tokens[end - 1]) for start, end in _listed(reading, "open_list")]
    for sentence in reading.sentences():
        listing = False
        for token in sentence:
            listing = listing or token.text == ","
            if listing and token.text in _ELLIPSES:
                signs.append(at("dots", token))
    return signs


def _listed(reading: Reading, rule: str) -> Iterator[tuple[int, int]]:
    """Where the words and phrases of a rule stand, as ranges of tokens."""
    lexicon = reading.lists.lexicon(rule, reading.languages)
    tokens = reading.tokens
    excluded = {place for start, end in phrases_in(tokens, lexicon.excluded) for place in range(start, end)}
    phrases = dict(phrases_in(tokens, lexicon.phrases)) | {
        start: end
        for start, end in phrases_in(tokens, lexicon.last)
        if end == len(tokens) or not tokens[end].is_word
    }
    done = 0
    for place, token in enumerate(tokens):
        if place < done or place in excluded or reading.in_product(token):
            continue
        if place in phrases or token.norm in lexicon.words:
            done = phrases.get(place, place + 1)
            yield place, done


def _is_name(reading: Reading, start: int, end: int) -> bool:
    """Fast Lane, Better Hearts: capitals inside a sentence, or two of them at its beginning.

    Not "etwas Besseres", and not what is shouted.
    """
    first = reading.tokens[start]
    if not first.text[0].isupper() or first.text.isupper():
        return False
    if not first.first:
        return reading.norm(start - 1) not in reading.lists.groups["nominalised"]
    following = reading.tokens[end] if end < len(reading.tokens) else None
    title = bool(following and following.text[0].isupper() and not following.text.isupper())
    return reading.language == "en" and title


def _is_polite(reading: Reading, place: int) -> bool:
    """ "wäre schön", "would be really nice": a polite wish, no quality of anything."""
    reach = _WISHED if reading.field == "deadline_reason" else _NEXT
    before = {reading.norm(back) for back in range(place - reach, place)}
    return bool({"wäre", "wären"} & before) or {"would", "be"} <= before


def _counts(reading: Reading, place: int) -> bool:
    """ "gut 20 Minuten", "top 10"."""
    return reading.norm(place)[:1].isdigit()


def _universal(reading: Reading, place: int) -> str:
    """What kind of universal it is."""
    groups, token = reading.lists.groups, reading.tokens[place]
    following = [reading.norm(place + 1), reading.norm(place + 2)]
    if token.norm in groups["always"]:
        timed = following[0] in groups["always_at"] | groups["weekdays"]
        return "always at" if timed else token.norm
    if token.norm not in groups["each"] | groups["all"]:
        return token.norm
    counting = groups["numbers"] | groups["ordinals"] | groups["one_of"]
    counted = following[0][:1].isdigit() or following[0] in counting
    if counted or any(word in groups["weekdays"] | groups["periods"] for word in following):
        return "rhythm"
    if token.norm in groups["all"]:
        return "all of" if _bounded(reading, place) else "all"
    return _each(reading, place, token)


def _bounded(reading: Reading, place: int) -> bool:
    """ "alle ihre Rechnungen", "all photos of one athlete", "80 % aller Anfragen": not all there are."""
    groups = reading.lists.groups
    behind = {reading.norm(place + 1), reading.norm(place + 2)}
    share = reading.norm(place - 1)
    return bool(
        behind & groups["owners"]
        or {reading.norm(place + 2), reading.norm(place + 3)} & groups["bounds"]
        or share in groups["shares"] | groups["fractions"] | groups["before_all"]
    )


def _each(reading: Reading, place: int, token: Token) -> str:
    """ "every single one", and "Jeder weiss …", which means everybody."""
    if reading.norm(place + 1) in reading.lists.groups["single"]:
        return "every single"
    noun = place + 1 < len(reading.tokens) and reading.tokens[place + 1].text[0].isupper()
    return "everyone" if reading.language == "de" and token.text[0].isupper() and not noun else "each"
