"""Signs of what starts something (trigger) and of what happens on a day (reason for a date).

A trigger is a condition ("Sobald …"), a rhythm ("Jeden Montag"), a moment ("Nach dem Webinar") or an event
("Ein Kontakt erreicht 50 Punkte"). A reason is an event; a boss, haste or a wish is none.
"""

from collections.abc import Sequence
from functools import lru_cache

from simplemma import lemmatize

from bot.intake.coaching.amounts import amounts, days
from bot.intake.coaching.lexical import haste, universals
from bot.intake.coaching.passive import passives
from bot.intake.coaching.reading import Reading, Token, phrases_in
from bot.intake.coaching.signs import Sign, at, whole
from bot.intake.coaching.wordlists import Kinds

_NO_ONE_ASKS = frozenset({"phrases", "events", "reckoned"})  # lists that are looked up in another way
_SHORTEST_COMPOUND = 7


def triggers(reading: Reading) -> list[Sign]:
    """Everything that tells when it starts; speaks for the hint if nothing does."""
    lists = reading.lists.kinds_of("trigger", reading.languages)
    signs = [
        *_of_lists(reading, lists),
        *_vague_phrases(reading, lists["phrases"]),
        *_reckoned(reading, lists["reckoned"]),
        *(
            at("rhythm", *_tokens_at(reading, sign))
            for sign in universals(reading)
            if sign.kind == "rhythm"
        ),
        *(at("event", token) for token in reading.words if _is_event(token, reading, lists)),
        *(at("event", *_tokens_at(reading, sign)) for sign in passives(reading) if sign.kind != "clause"),
        *_days_and_haste(reading),
        *_opening(reading),
    ]
    kinds = {sign.kind for sign in signs}
    missing = _only_vague(kinds) or not _starts(kinds)
    return [whole("no trigger" if missing else "trigger", speaks_for=missing), *map(_silent, signs)]


def reasons(reading: Reading) -> list[Sign]:
    """Everything that tells what happens on the day; speaks for the hint if nothing does."""
    signs = [
        *_of_lists(reading, reading.lists.kinds_of("reason", reading.languages)),
        *(at("event", token) for token in reading.words if _is_compound_event(token, reading)),
        *_days_and_haste(reading),
        *_opening(reading),
    ]
    kinds = {sign.kind for sign in signs}
    missing = not kinds & {"event", "happens"} or bool(
        kinds & {"boss", "wish", "others"} and "event" not in kinds
    )
    return [whole("no reason" if missing else "reason", speaks_for=missing), *map(_silent, signs)]


def _silent(sign: Sign) -> Sign:
    return Sign(sign.kind, sign.start, sign.end, speaks_for=False)


def _tokens_at(reading: Reading, sign: Sign) -> tuple[Token, Token]:
    inside = [token for token in reading.tokens if sign.start <= token.start and token.end <= sign.end]
    return inside[0], inside[-1]


def _of_lists(reading: Reading, lists: Kinds) -> list[Sign]:
    """A sign for every listed word; `opens` where it begins a clause, or only haste stands before it."""
    hasty = {token for sign in haste(reading) for token in _tokens_at(reading, sign)}
    signs = []
    opens = True
    for token in reading.tokens:
        opens = opens or token.first
        for kind, words in lists.items():
            if kind not in _NO_ONE_ASKS and token.norm in words:
                signs.append(at(kind, token))
                if opens:
                    signs.append(at(f"{kind} opens", token))
        opens = not token.is_word or token in hasty
    return signs


def _vague_phrases(reading: Reading, phrases: frozenset[str]) -> list[Sign]:
    tokens = reading.tokens
    return [
        at("vague phrase", tokens[start], tokens[end - 1]) for start, end in phrases_in(tokens, phrases)
    ]


def _reckoned(reading: Reading, words: frozenset[str]) -> list[Sign]:
    """ "14 Tage vor …", "an hour after …", "seit 48 Stunden": counted from something."""
    counted = [found.start for found in amounts(reading)]
    return [
        at("reckoned", token)
        for token in reading.tokens
        if token.norm in words and any(abs(start - token.start) < 25 for start in counted)  # noqa: PLR2004
    ]


def _days_and_haste(reading: Reading) -> list[Sign]:
    return [
        *(at("day", token) for token in days(reading)),
        *(Sign("amount", found.start, found.end) for found in amounts(reading)),
        *(at("haste", *_tokens_at(reading, sign)) for sign in haste(reading)),
    ]


def _starts(kinds: set[str]) -> bool:
    """Whether something that starts is there."""
    if kinds & {"condition", "rhythm", "moment opens", "day", "reckoned"}:
        return True
    if kinds & {"wants", "gets"}:
        return False
    return "event" in kinds or {"states", "amount"} <= kinds


def _only_vague(kinds: set[str]) -> bool:
    return bool(kinds & {"vague phrase", "vague"}) and not kinds & {"day", "amount", "rhythm", "event"}


def _is_event(token: Token, reading: Reading, lists: Kinds) -> bool:
    """Whether it is a verb in the present tense that says that something happens."""
    if token.norm in lists["wants"] | lists["gets"] | lists["states"]:
        return False
    german = "de" in reading.languages and token.text[0].islower() and _german_verb(token.norm)
    english = "en" in reading.languages and not token.is_name
    return german or (english and _english_verb(token.norm) in lists["events"])


@lru_cache(maxsize=4096)
def _german_verb(word: str) -> bool:
    if not word.endswith("t") or len(word) < 3:  # noqa: PLR2004
        return False
    lemma = lemmatize(word, lang="de")
    return lemma != word and lemma.endswith("n") and lemma[0].islower() and not word.startswith("ge")


@lru_cache(maxsize=4096)
def _english_verb(word: str) -> str:
    return lemmatize(word, lang="en") if word.endswith("s") and not word.endswith("ss") else ""


def _is_compound_event(token: Token, reading: Reading) -> bool:
    """Hausmesse, Vertragsende: an event is a part of a compound."""
    long = len(token.norm) >= _SHORTEST_COMPOUND and token.text[0].isupper()
    return (
        long
        and "de" in reading.languages
        and any(part in token.norm for part in reading.lists.groups["event_parts"])
    )


def _opening(reading: Reading) -> list[Sign]:
    """Who or what the first words are about: somebody in general ("ein Kontakt"), or somebody known."""
    words: Sequence[Token] = reading.words
    if not words:
        return []
    forms = reading.lists.kinds_of("openings", reading.languages)
    kinds = [kind for kind in forms if words[0].norm in forms[kind]]
    return [at(f"opens {kind}", words[0]) for kind in kinds or ["other"]]
