"""Signs of what starts something (trigger) and of what happens on a day (reason for a date).

A trigger is a condition ("Sobald …"), a rhythm ("Jeden Montag"), a moment ("Nach dem Webinar") or an event
("Ein Kontakt erreicht 50 Punkte"). A reason is an event; a boss, haste or a wish is none.
"""

from collections.abc import Sequence

from bot.intake.coaching.amounts import amounts, days
from bot.intake.coaching.dictionary import english_base, german_base
from bot.intake.coaching.lexical import haste, universals
from bot.intake.coaching.passive import participle, passives
from bot.intake.coaching.reading import Reading, Token, phrases_in
from bot.intake.coaching.signs import Sign, at, whole
from bot.intake.coaching.wordlists import Kinds

_ASKED_APART = frozenset(
    {"phrases", "openers", "events", "reckoned", "rhythm", "perfect"}
)  # lists that are not looked up word by word
_SHORTEST_COMPOUND = 7  # letters
_HEADLINE = 8  # words
_TIMES = frozenset({"mal", "time"})
_NEAR = 25  # characters between "14 Tage" and "vor"


def triggers(reading: Reading) -> list[Sign]:
    """Everything that tells when it starts; speaks for the hint if nothing does."""
    lists = reading.lists.kinds_of("trigger", reading.languages)
    signs = [
        *_of_lists(reading, lists),
        *_phrases("vague phrase", reading, lists["phrases"]),
        *_phrases("condition", reading, lists["openers"]),
        *_reckoned(reading, lists["reckoned"]),
        *_rhythms(reading),
        *(
            at("event", token)
            for place, token in enumerate(reading.tokens)
            if _is_event(reading, place, lists)
        ),
        *_perfects(reading, lists),
        *(_as("event", sign) for sign in passives(reading) if sign.kind != "clause"),
        *_days_and_haste(reading),
        *_opening(reading),
    ]
    kinds = {sign.kind for sign in signs}
    missing = _only_vague(kinds) or not _starts(kinds)
    return _verdict("trigger", signs, missing=missing)


def reasons(reading: Reading) -> list[Sign]:
    """Everything that tells what happens on the day; speaks for the hint if nothing does."""
    signs = [
        *_of_lists(reading, reading.lists.kinds_of("reason", reading.languages)),
        *(at("event", token) for token in reading.words if _is_compound_event(token, reading)),
        *_days_and_haste(reading),
        *_opening(reading),
    ]
    kinds = {sign.kind for sign in signs}
    somebody_wants = bool(kinds & {"boss", "wish", "others"})
    missing = "event" not in kinds and ("happens" not in kinds or somebody_wants)
    return _verdict("reason", signs, missing=missing)


def _verdict(what: str, signs: Sequence[Sign], *, missing: bool) -> list[Sign]:
    """What the signs say together; one by one they only tell the model something."""
    first = whole(f"no {what}" if missing else what, speaks_for=missing)
    return [first, *(_as(sign.kind, sign) for sign in signs)]


def _as(kind: str, sign: Sign) -> Sign:
    return Sign(kind, sign.start, sign.end, speaks_for=False)


def _of_lists(reading: Reading, lists: Kinds) -> list[Sign]:
    """A sign for every listed word; `opens` where it begins a clause, or only haste stands before it."""
    hasty = {place for sign in haste(reading) for place in range(sign.start, sign.end)}
    signs = []
    opens = True
    for token in reading.tokens:
        opens = opens or token.first
        for kind, words in lists.items():
            if kind not in _ASKED_APART and token.norm in words:
                signs.append(at(kind, token))
                if opens:
                    signs.append(at(f"{kind} opens", token))
        opens = not token.is_word or token.start in hasty
    return signs


def _phrases(kind: str, reading: Reading, phrases: frozenset[str]) -> list[Sign]:
    tokens = reading.tokens
    return [at(kind, tokens[start], tokens[end - 1]) for start, end in phrases_in(tokens, phrases)]


def _reckoned(reading: Reading, words: frozenset[str]) -> list[Sign]:
    """ "14 Tage vor …", "an hour after …", "seit 48 Stunden": counted from something."""
    counted = [found.start for found in amounts(reading)]
    return [
        at("reckoned", token)
        for token in reading.tokens
        if token.norm in words and any(abs(start - token.start) < _NEAR for start in counted)
    ]


def _rhythms(reading: Reading) -> list[Sign]:
    """ "täglich", "alle 30 Minuten", "jeden Montag"; not "the daily work", "alle drei Filialen"."""
    groups = reading.lists.groups
    adverbs = reading.lists.kinds_of("trigger", reading.languages)["rhythm"]
    signs = [
        at("rhythm", token)
        for place, token in enumerate(reading.tokens)
        if token.norm in adverbs and reading.norm(place + 1) not in groups["routines"]
    ]
    periods = [t.start for t in reading.tokens if t.norm in groups["periods"] | groups["weekdays"] | _TIMES]
    spread = [sign for sign in universals(reading) if sign.kind == "rhythm"]
    return signs + [
        _as("rhythm", sign) for sign in spread if any(0 < start - sign.start < _NEAR for start in periods)
    ]


def _perfects(reading: Reading, lists: Kinds) -> list[Sign]:
    """ "hat den Grenzwert überschritten", "has cancelled", and as a headline: "Contact created"."""
    signs = []
    words = [place for place, token in enumerate(reading.tokens) if token.is_word]
    helped = False
    for count, place in enumerate(words):
        helped = helped or reading.norm(place) in lists["perfect"]
        headline = (
            len(words) <= _HEADLINE
            and reading.language != "de"
            and not reading.norm(place - 1).endswith("ly")
        )
        acts = count and (helped or headline) and reading.norm(place) not in lists["vague"]
        if acts and participle(reading, place):
            signs.append(at("event", reading.tokens[place]))
    return signs


def _days_and_haste(reading: Reading) -> list[Sign]:
    return [
        *(at("day", token) for token in days(reading)),
        *(Sign("amount", found.start, found.end) for found in amounts(reading)),
        *haste(reading),
    ]


def _starts(kinds: set[str]) -> bool:
    """Whether something that starts is there."""
    if kinds & {"condition", "rhythm", "moment opens", "day", "reckoned"}:
        return True
    if kinds & {"wants", "gets"}:
        return False
    return bool(kinds & {"event", "new opens"}) or (
        {"states", "amount"} <= kinds and "opens own" not in kinds
    )


def _only_vague(kinds: set[str]) -> bool:
    return bool(kinds & {"vague phrase", "vague"}) and not kinds & {"day", "amount", "rhythm", "event"}


def _is_event(reading: Reading, place: int, lists: Kinds) -> bool:
    """Whether it is a verb in the present tense that says that something happens."""
    token = reading.tokens[place]
    if not token.is_word or token.norm in lists["wants"] | lists["gets"] | lists["states"]:
        return False
    if "de" in reading.languages and token.text[0].islower() and _german_verb(token.norm):
        return True
    noun = (
        token.first or token.is_name or reading.norm(place - 1) in reading.lists.groups["not_before_verb"]
    )
    return "en" in reading.languages and not noun and _english_verb(token.norm) in lists["events"]


def _german_verb(word: str) -> bool:
    if not word.endswith("t") or word.startswith("ge"):
        return False
    lemma = german_base(word)
    return lemma != word and lemma.endswith("n") and lemma[0].islower()


def _english_verb(word: str) -> str:
    return english_base(word) if word.endswith("s") and not word.endswith("ss") else ""


def _is_compound_event(token: Token, reading: Reading) -> bool:
    """Hausmesse, Vertragsende: an event is a part of a compound."""
    noun = len(token.norm) >= _SHORTEST_COMPOUND and token.text[0].isupper() and "de" in reading.languages
    return noun and any(part in token.norm for part in reading.lists.groups["event_parts"])


def _opening(reading: Reading) -> list[Sign]:
    """Who or what the first words are about: somebody in general ("ein Kontakt"), or somebody known."""
    words: Sequence[Token] = reading.words
    if not words:
        return []
    forms = reading.lists.kinds_of("openings", reading.languages)
    kinds = [kind for kind in forms if words[0].norm in forms[kind]]
    return [at(f"opens {kind}", words[0]) for kind in kinds or ["other"]]
