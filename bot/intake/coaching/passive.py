"""Signs of a passive that does not say who acts.

German: a form of werden with a participle, not werden with an infinitive (future) or an adjective.
English: a form of be or get with a participle. "von/durch/by somebody" names the actor.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from simplemma import lemmatize

from bot.intake.coaching.amounts import Groups, amounts
from bot.intake.coaching.reading import Reading, Token
from bot.intake.coaching.signs import Sign, at

_BECOME = frozenset(["wird", "werden", "wurde", "wurden", "werde", "würde", "würden", "worden"])
_BE = frozenset(
    ["is", "are", "was", "were", "be", "been", "being", "get", "gets", "got", "getting", "isn't", "aren't", "wasn't", "weren't", "they're", "we're", "you're", "it's", "that's"]
)
_HAVE_BEEN = frozenset(["haben", "sein", "hat", "habe"])
_SAME_AS_INFINITIVE = frozenset(["vergeben", "übertragen", "vertreten", "entlassen", "erlassen", "aufgetragen"])
_GERMAN_SHAPE = re.compile(r"(?:\w*ge\w+(?:t|en)|\w+iert|(?:ver|be|er|ent|zer|miss)\w+t)")
_ENGLISH_SHAPE = re.compile(r"\w+(?:ed|en|wn|ught|lt|pt|nt|st|ft|ld|id|ne|de|ut|et|ad|um|un|ng|ck)")
_STATES = frozenset(  # participles that describe and name no action
    ["interested", "based", "located", "concerned", "involved", "supposed", "used", "related", "dedicated", "committed", "pleased", "satisfied", "tired", "worried", "excited", "limited", "situated", "qualified", "certified", "registered", "experienced", "skilled", "talented", "engaged", "aligned", "prepared", "allowed", "entitled", "expected", "aware", "gone", "determined", "married", "retired", "closed", "opened", "broken", "fed", "stuck", "left", "lost", "late", "early", "sent's", "better", "best", "last", "least", "past", "next", "red", "bad", "hundred", "kind", "content", "different", "present", "current", "urgent", "recent", "important", "patient", "relevant", "sufficient", "efficient", "convenient", "confident", "independent", "permanent", "significant", "intelligent", "student", "client", "document", "department", "event", "agent", "point", "amount", "account", "front", "print", "open", "even", "often", "seven", "eleven", "ten", "then", "when", "between", "children", "women", "men", "token", "screen", "green", "garden", "golden", "interested", "embedded", "connected", "advanced", "detailed", "complicated"]
)
_DETERMINERS = frozenset(
    ["the", "a", "an", "our", "your", "their", "his", "her", "its", "my", "this", "that", "these", "each", "every", "either", "whoever", "one", "two"]
)
_DEPARTMENTS = frozenset(
    ["marketing", "finance", "legal", "procurement", "support", "it", "hr", "controlling", "purchasing", "accounting", "management", "staff", "registry", "engineering", "security", "compliance", "revops", "logistics", "customer", "people", "everyone", "somebody", "someone", "him", "us", "them", "you", "me"]
)
_NO_VERBS = frozenset(["need", "speed", "seed", "indeed", "exceed", "proceed", "bed", "feed"])
_BETWEEN = frozenset(
    ["not", "also", "then", "always", "still", "just", "only", "never", "being", "now", "often", "first", "both", "automatically", "be", "been", "again", "already", "all", "either", "soon", "immediately", "finally", "no", "longer"]
)
_RELATIVE_EN = frozenset(["who", "which", "that", "whose", "what", "where", "how", "whom"])
_CONDITION_EN = frozenset(["when", "if", "once", "after", "whenever", "unless", "while", "since", "because", "as"])
_BEFORE_EN = frozenset(["before", "until", "till"])
_RELATIVE_DE = frozenset(
    ["die", "der", "das", "den", "dem", "dessen", "deren", "denen", "welche", "welcher", "welches", "welchen", "was", "wer", "wie", "wo", "ob", "wann", "woher", "womit"]
)
_CONDITION_DE = frozenset(["wenn", "sobald", "falls", "sofern", "nachdem", "weil", "solange", "sooft", "wann"])
_MODALS = frozenset(
    ["soll", "sollen", "sollte", "sollten", "muss", "müssen", "müsste", "müssten", "kann", "können", "könnte", "darf", "dürfen", "ist", "sind"]
)
_ENDS_IN_EN = frozenset(
    ["gegen", "neben", "wegen", "zwischen", "oben", "unten", "innen", "aussen", "hinten", "morgen", "eben", "wochen", "binnen"]
)
_LIKE_ADJECTIVES = frozenset(["entschieden", "erhoben", "verschoben", "gehoben"])
_BEFORE_DE = frozenset(["bevor", "bis", "ehe"])
_NO_ACTOR = frozenset(
    ["hand", "heute", "jetzt", "anfang", "beginn", "selbst", "allein", "alleine", "hier", "dort", "vornherein", "null", "default", "then", "noon", "midnight", "now", "end", "today", "tomorrow", "hand", "e-mail", "email", "mail", "phone", "post", "sms", "using", "default", "mistake", "accident", "means", "way", "law"]
)


def passives(reading: Reading) -> list[Sign]:
    """Passives by kind: `main`, `when` (in a condition), `clause` (relative), `agent` (it is said who)."""
    return [
        sign
        for sentence in reading.sentences()
        for language in reading.languages
        for sign in (_german if language == "de" else _english)(sentence, reading)
    ]


# German -------------------------------------------------------------------------------------------------


def _german(tokens: Sequence[Token], reading: Reading) -> Iterator[Sign]:
    done: set[int] = set()
    for place, token in enumerate(tokens):
        if token.norm not in _BECOME:
            continue
        found = _before(tokens, place)
        if found is None:
            found = _after(tokens, place)
        if found is None or found in done:
            continue
        done.add(found)
        start, end = min(place, found), max(place, found)
        kind = _german_clause(tokens, start)
        if _german_actor(tokens, start, end, reading.lists.groups):
            kind = "agent"
        yield _sign(kind, tokens[start], tokens[end], reading)


def _before(tokens: Sequence[Token], place: int) -> int | None:
    """The participle of "geprüft wird", "verschickt werden"."""
    if place and _is_participle(tokens[place - 1], infinitive_too=tokens[place].norm == "werden"):
        return place - 1
    return None


def _after(tokens: Sequence[Token], place: int) -> int | None:
    """The participle of "wird … geprüft"; None if an infinitive ends the clause or none comes."""
    if tokens[place].norm == "worden":
        return None
    for at_, token in enumerate(tokens[place + 1 :], place + 1):
        if token.text in {",", ";", ":"}:
            return None
        following = tokens[at_ + 1] if at_ + 1 < len(tokens) else None
        if _is_participle(token) and not (following and _attributive(token, following)):
            return None if following and following.norm in _HAVE_BEEN else at_
        if following and following.norm in {"und", "oder"} and _infinitive(token.norm):
            return None
    return None


def _attributive(token: Token, following: Token) -> bool:
    """ "die zugewiesenen Kontakte": an ending, and a noun behind it."""
    return token.norm.endswith("en") and following.text[0].isupper() and following.is_word


def _is_participle(token: Token, *, infinitive_too: bool = False) -> bool:
    if not token.text[0].islower() or len(token.norm) < 4:  # noqa: PLR2004
        return token.first and len(token.norm) > 3 and _participle_de(token.norm)  # noqa: PLR2004
    if token.norm in _SAME_AS_INFINITIVE:
        return True
    return _participle_de(token.norm) or (infinitive_too and _could_be_participle(token.norm))


@lru_cache(maxsize=4096)
def _participle_de(word: str) -> bool:
    if not word.endswith(("t", "en")) or word in _BECOME:
        return False
    if word in _LIKE_ADJECTIVES:
        return True
    if word.endswith("ten") and _participle_de(word[:-2]):
        return False  # "die eingereichten"
    lemma = lemmatize(word, lang="de")
    if lemma == word:
        return bool(re.fullmatch(r"\w*ge\w+t|\w+iert", word)) and len(word) > 5  # noqa: PLR2004
    return (
        lemma.endswith("n")
        and lemma[0].islower()
        and bool(_GERMAN_SHAPE.fullmatch(word) or _strong(word, lemma))
    )


def _strong(word: str, lemma: str) -> bool:
    """verschoben, unterschrieben, übersetzt: the lemma is an infinitive of the same beginning."""
    return word[:3] == lemma[:3] and len(word) > 5  # noqa: PLR2004


@lru_cache(maxsize=4096)
def _infinitive(word: str) -> bool:
    return (
        word.endswith("n")
        and word not in _ENDS_IN_EN
        and len(word) > 4
        and lemmatize(word, lang="de") == word
    )


def _could_be_participle(word: str) -> bool:
    return bool(re.fullmatch(r"(?:ver|be|er|ent|über|unter)\w+en", word))


def _german_clause(tokens: Sequence[Token], start: int) -> str:
    """The kind of the clause that holds the verb: by the first word behind the last comma before it."""
    for place in range(start - 1, -1, -1):
        word = tokens[place].norm
        opens = place == 0 or not tokens[place - 1].is_word or tokens[place - 1].norm in {"und", "oder"}
        if word in _BEFORE_DE and opens:
            return "before"
        if word in _CONDITION_DE and opens:
            return "when"
        if place and tokens[place - 1].text == "," and word in _RELATIVE_DE:
            return "clause"
        if tokens[place].text == ",":
            return "main"
    return "main"


def _german_actor(tokens: Sequence[Token], start: int, end: int, groups: Groups) -> bool:
    modals = [place for place in range(start) if tokens[place].norm in _MODALS]
    first = start if tokens[start].norm in _BECOME else modals[-1] if modals else max(0, start - 12)
    for place in range(first, end):
        if tokens[place].norm in {"von", "vom", "durch"} and place + 1 < len(tokens):
            if _names_actor(tokens[place + 1], groups):
                return True
    return (
        tokens[0].norm in {"von", "vom", "durch"} and _names_actor(tokens[1], groups)
        if len(tokens) > 1
        else False
    )


def _names_actor(token: Token, groups: Groups) -> bool:
    return (
        token.is_word
        and not token.text[0].isdigit()
        and token.norm not in _NO_ACTOR
        and token.norm not in groups["weekdays"] | groups["months"] | groups["numbers"]
    )


# English ------------------------------------------------------------------------------------------------


def _english(tokens: Sequence[Token], reading: Reading) -> Iterator[Sign]:
    for place, token in enumerate(tokens):
        if token.norm not in _BE:
            continue
        end = _english_participle(tokens, place)
        if end is None:
            continue
        kind = _english_clause(tokens, place)
        if _english_actor(tokens, end, reading.lists.groups):
            kind = "agent"
        yield _sign(kind, token, tokens[end], reading)


def _english_participle(tokens: Sequence[Token], place: int) -> int | None:
    for at_ in range(place + 1, min(place + 5, len(tokens))):
        word = tokens[at_].norm
        if word in _BETWEEN or word.endswith("ly"):
            continue
        return at_ if _participle_en(word) else None
    return None


@lru_cache(maxsize=4096)
def _participle_en(word: str) -> bool:
    word = word.rpartition("-")[2]
    if word in _STATES or word in _NO_VERBS or not _ENGLISH_SHAPE.fullmatch(word):
        return False
    lemma = lemmatize(word, lang="en")
    return (lemma != word or word in {"put", "cut", "set", "read", "hit", "run"}) and not word.endswith(
        "ing"
    )


def _english_clause(tokens: Sequence[Token], place: int) -> str:
    for at_ in range(place - 1, -1, -1):
        word = tokens[at_].norm
        if word in _BEFORE_EN:
            return "before"
        if word in _CONDITION_EN and not (word == "as" and tokens[at_ - 1].norm in {"as", "such", "well"}):
            return "when"
        if word in _RELATIVE_EN and not (at_ and tokens[at_ - 1].norm == "so"):
            return "clause"
        if tokens[at_].text == ",":
            return "main"
    return "main"


def _english_actor(tokens: Sequence[Token], end: int, groups: Groups) -> bool:
    for place in range(end + 1, min(end + 12, len(tokens) - 1)):
        if tokens[place].norm == "by":
            return _names_actor(tokens[place + 1], groups) and _could_act(tokens[place + 1])
    return False


def _could_act(word: Token) -> bool:
    """by the team, by Femke, by agents, by sales; not by device, by region."""
    return (
        word.text[0].isupper()
        or word.norm in _DETERMINERS
        or (word.norm.endswith("s") and not word.norm.endswith("ss"))
        or word.norm in _DEPARTMENTS
    )


def _sign(kind: str, first: Token, last: Token, reading: Reading) -> Sign:
    speaks = kind == "main" or (kind == "when" and reading.field == "trigger")
    if speaks and reading.field in {"goal", "kpi"} and amounts(reading):
        speaks = False  # "90 % werden am selben Tag beantwortet" measures a result
    return at(kind, first, last, speaks_for=speaks)
