"""Signs of a passive that does not say who acts.

German: a form of werden with a participle, not werden with an infinitive (future) or an adjective.
English: a form of be or get with a participle. "von/durch/by somebody" names the actor.
"""

import re
from collections.abc import Sequence

from bot.intake.coaching.amounts import Groups, amounts
from bot.intake.coaching.dictionary import english_base, german_base, is_german
from bot.intake.coaching.reading import Reading, Token
from bot.intake.coaching.signs import Sign, at

_GERMAN_SHAPE = re.compile(r"(?:\w*ge\w+(?:t|en)|\w+iert|(?:ver|be|er|ent|zer|miss)\w+t)")
_UNLISTED_SHAPE = re.compile(
    r"\w*ge\w+t|\w+iert"
)  # geupdatet, terminiert: infinitive not in the dictionary
_UNKNOWN_SHAPE = re.compile(  # ausbezahlt, beschriftet: not in the dictionary at all
    r"(?:an|auf|aus|ein|ab|vor|nach|zu|um|weiter|zurück)?(?:be|ver|ent|er|zer|miss)\w{3,}t"
)
_LIKE_INFINITIVE = re.compile(r"(?:ver|be|er|ent|über|unter)\w+en")
_ENGLISH_SHAPE = re.compile(r"\w+(?:ed|en|wn|ught|lt|pt|nt|st|ft|ld|id|ne|de|ut|et|ad|um|un|ng|ck)")
_UNCHANGED = frozenset({"put", "cut", "set", "read", "hit", "run"})  # participles like their infinitives
_SHORTEST = 5  # letters of a participle
_LONGEST = 150  # words of a sentence that are read; clauses are searched back and forth
_REACH = 12  # words in which an actor is looked for
_WANTED = 7  # words between "want" and "to be"
_ADVERBS = 4  # words between be and its participle
_Clause = Sequence[Token]


def passives(reading: Reading) -> list[Sign]:
    """Passives by kind: `main`, `when` and `before` (conditions), `clause` (relative), `agent` (who)."""
    found = []
    for whole_sentence in reading.sentences():
        sentence = whole_sentence[:_LONGEST]
        for language in reading.languages:
            read_in = _german if language == "de" else _english
            found += [
                _sign(kind, sentence[start], sentence[end], reading)
                for kind, start, end in read_in(sentence, reading.lists.groups)
            ]
    return found


def _sign(kind: str, first: Token, last: Token, reading: Reading) -> Sign:
    speaks = kind == "main" or (kind == "when" and reading.field == "trigger")
    if speaks and reading.field in {"goal", "kpi"} and amounts(reading):
        speaks = False  # "90 % werden am selben Tag beantwortet" measures a result
    return at(kind, first, last, speaks_for=speaks)


def participle(reading: Reading, place: int) -> bool:
    """Whether the word at a place is a participle, in one of the languages of the answer."""
    token = reading.tokens[place]
    german = "de" in reading.languages and _is_participle(token, reading.lists.groups)
    return german or ("en" in reading.languages and _participle_en(token.norm))


# German -------------------------------------------------------------------------------------------------


def _german(tokens: _Clause, groups: Groups) -> list[tuple[str, int, int]]:
    """The passives of a sentence: their kind, and the first and last of their words."""
    found: dict[int, tuple[str, int, int]] = {}
    for place, token in enumerate(tokens):
        if token.norm not in groups["become"]:
            continue
        participle = _participle_before(tokens, place, groups)
        if participle is None:
            participle = _participle_behind(tokens, place, groups)
        if participle is not None and participle not in found:
            start, end = min(place, participle), max(place, participle)
            acts = _german_actor(tokens, start, end, groups)
            found[participle] = ("agent" if acts else _german_clause(tokens, start, groups), start, end)
    return list(found.values())


def _participle_before(tokens: _Clause, place: int, groups: Groups) -> int | None:
    """The participle of "geprüft wird", "verschickt werden"."""
    if place == 0:
        return None
    word = tokens[place - 1].norm
    like = tokens[place].norm == "werden" and bool(_LIKE_INFINITIVE.fullmatch(word))
    return place - 1 if like or _is_participle(tokens[place - 1], groups) else None


def _participle_behind(tokens: _Clause, place: int, groups: Groups) -> int | None:
    """The participle of "wird … geprüft"; None if an infinitive ends the clause, or none comes."""
    if tokens[place].norm == "worden":
        return None
    for at_ in range(place + 1, len(tokens)):
        token = tokens[at_]
        following = tokens[at_ + 1] if at_ + 1 < len(tokens) else None
        if token.text in {",", ";", ":"}:
            return None
        if _is_participle(token, groups) and not (following and _describes(token, following)):
            return None if following and following.norm in groups["have_been"] else at_
        if following and following.norm in {"und", "oder"} and _infinitive(token.norm, groups):
            return None
    return None


def _describes(token: Token, following: Token) -> bool:
    """ "zugewiesenen Kontakte": an ending, and a noun behind it."""
    return token.norm.endswith("en") and following.is_word and following.text[0].isupper()


def _is_participle(token: Token, groups: Groups) -> bool:
    word = token.norm
    if (
        len(word) < _SHORTEST - 1
        or not (token.text[0].islower() or token.first)
        or word in groups["become"]
    ):
        return False
    return word in groups["same_as_infinitive"] | groups["like_adjectives"] or _participle_de(word)


def _participle_de(word: str) -> bool:
    """By the dictionary: its infinitive is another word, and of the same beginning or with a ge- inside."""
    if not word.endswith(("t", "en")) or (word.endswith("ten") and _is_weak(word[:-2])):
        return False  # "die eingereichten Anträge" describe
    base = german_base(word)
    if base != word:
        same_beginning = word[:3] == base[:3] and len(word) > _SHORTEST
        return _is_verb(base) and (same_beginning or bool(_GERMAN_SHAPE.fullmatch(word)))
    if len(word) <= _SHORTEST:
        return False
    known = not is_german(word) or is_german(f"{word[:-1].removesuffix('e')}en")  # beschriftet, beschriften
    return bool(_UNLISTED_SHAPE.fullmatch(word) or (known and _UNKNOWN_SHAPE.fullmatch(word)))


def _is_weak(word: str) -> bool:
    """Whether it is a participle that ends in -t, as eingereicht (einreichen); not überschritt."""
    base = german_base(word)
    return base != word and _is_verb(base) and word.endswith(f"{base[:-2][-3:]}t")


def _is_verb(base: str) -> bool:
    return base.endswith("n") and base[0].islower()


def _infinitive(word: str, groups: Groups) -> bool:
    known = word.endswith("n") and len(word) >= _SHORTEST and german_base(word) == word
    return known and word not in groups["ends_in_en"]


def _german_clause(tokens: _Clause, start: int, groups: Groups) -> str:
    """The kind of the clause that holds the verb: by the first word behind the last comma before it."""
    for place in range(start - 1, -1, -1):
        word = tokens[place].norm
        opens = place == 0 or not tokens[place - 1].is_word or tokens[place - 1].norm in {"und", "oder"}
        if opens and word in groups["before_de"]:
            return "before"
        if opens and word in groups["condition_de"]:
            return "when"
        if place and tokens[place - 1].text == "," and word in groups["relative_de"]:
            return "clause"
        if tokens[place].text == ",":
            return "main"
    return "main"


def _german_actor(tokens: _Clause, start: int, end: int, groups: Groups) -> bool:
    """von/vom/durch somebody, between the finite verb and the participle, or at the very beginning."""
    modals = [place for place in range(start) if tokens[place].norm in groups["modals"]]
    if tokens[start].norm in groups["become"]:
        first = start
    else:
        first = modals[-1] if modals else max(0, start - _REACH)
    places = [0, *range(first, end)]
    return any(
        tokens[place].norm in {"von", "vom", "durch"} and _names_actor(tokens[place + 1], groups)
        for place in places
        if place + 1 < len(tokens)
    )


def _names_actor(token: Token, groups: Groups) -> bool:
    times = groups["weekdays"] | groups["months"] | groups["numbers"]
    return token.is_word and not token.text[0].isdigit() and token.norm not in groups["no_actor"] | times


# English ------------------------------------------------------------------------------------------------


def _english(tokens: _Clause, groups: Groups) -> list[tuple[str, int, int]]:
    """The passives of a sentence: their kind, and the first and last of their words."""
    found = []
    for place, token in enumerate(tokens):
        end = _english_participle(tokens, place, groups) if token.norm in groups["be"] else None
        if end is not None:
            acts = _english_actor(tokens, end, groups)
            found.append(("agent" if acts else _english_clause(tokens, place, groups), place, end))
    return found


def _english_participle(tokens: _Clause, place: int, groups: Groups) -> int | None:
    for at_ in range(place + 1, min(place + 1 + _ADVERBS, len(tokens))):
        word = tokens[at_].norm.rpartition("-")[2]
        if word in groups["between"] or word.endswith("ly"):
            continue
        described = word in groups["states"] | groups["no_verbs"]
        return at_ if not described and _participle_en(word) else None
    return None


def _participle_en(word: str) -> bool:
    if word.endswith("ing") or not _ENGLISH_SHAPE.fullmatch(word):
        return False
    return word in _UNCHANGED or english_base(word) != word


def _english_clause(tokens: _Clause, place: int, groups: Groups) -> str:
    """The kind of the clause that holds the verb: by the last word before it that opens one.

    "We want reps to be warned" says what is wanted, and asks nobody to act.
    """
    if tokens[place].norm == "be" and place > 1 and tokens[place - 1].norm == "to":
        wanting = {token.norm for token in tokens[max(0, place - _WANTED) : place - 1]} & groups["wanting"]
        if wanting and tokens[place - 2].norm not in groups["having_to"]:
            return "clause"
    for at_ in range(place - 1, -1, -1):
        word, before = tokens[at_].norm, tokens[at_ - 1].norm if at_ else ""
        if word in groups["before_en"]:
            return "before"
        if word in groups["condition_en"] and not (word == "as" and before in {"as", "such", "well"}):
            return "when"
        if word in groups["relative_en"] and before != "so":
            return "clause"
        if tokens[at_].text == ",":
            return "main"
    return "main"


def _english_actor(tokens: _Clause, end: int, groups: Groups) -> bool:
    """by the team, by Femke, by agents, by sales; not by device, by Friday."""
    by = next(
        (at_ for at_ in range(end + 1, min(end + _REACH, len(tokens))) if tokens[at_].norm == "by"), None
    )
    if by is None or by + 1 >= len(tokens):
        return False
    who = tokens[by + 1]
    if who.norm in groups["numbers"]:  # "by two volunteers", not "by two o'clock" or "by five percent"
        return (
            by + 2 < len(tokens)
            and tokens[by + 2].norm.endswith("s")
            and tokens[by + 2].norm not in groups["units"]
        )
    if not _names_actor(who, groups):
        return False
    several = who.norm.endswith("s") and not who.norm.endswith("ss")
    return who.text[0].isupper() or several or who.norm in groups["determiners"] | groups["departments"]
