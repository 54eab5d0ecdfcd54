"""Signs of the shape of an answer: two wishes in one, too short, the benefit that repeats the goal."""

from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz.fuzz import token_set_ratio

from bot.intake.coaching.amounts import amounts
from bot.intake.coaching.reading import Reading, Token, phrases_in, read
from bot.intake.coaching.signs import Sign, at, whole
from bot.intake.coaching.wordlists import Kinds

FEWEST_WORDS = 4  # a sentence has a subject, a verb and something it is about
_SAME = 85  # per cent; notes, section 4
_NEW_WORDS = 3  # so many words that the goal lacks say something of their own
_REACH = 4  # words that a clause has at least before "and somebody else wants"
_BULLETS = frozenset("-*•–·+")


def too_short(reading: Reading) -> list[Sign]:
    """Fewer than four words."""
    count = len(reading.words)
    return [whole("short")] if 0 < count < FEWEST_WORDS else []


def compounds(reading: Reading) -> list[Sign]:
    """A second wish: a word such as "ausserdem", two wishing clauses, two conditions, bullets."""
    lists = reading.lists.kinds_of("compound", reading.languages)
    tokens = reading.tokens
    bullets = [token for token in tokens if token.text in _BULLETS and _opens_line(reading.text, token)]
    return [
        *(
            at("also", tokens[start], tokens[end - 1])
            for start, end in phrases_in(tokens, lists["phrases"])
        ),
        *_additions(tokens, lists),
        *_also(tokens, lists["joins"]),
        *_second_wish(tokens, lists["wants"], lists["joins"]),
        *_second_wisher(tokens, lists["desires"], lists["joins"]),
        *_second_condition(tokens, lists["condition"], lists["joins"]),
        *([at("bullets", bullets[0], bullets[-1])] if len(bullets) > 1 else ()),
    ]


def _opens_line(text: str, token: Token) -> bool:
    """A dash at the beginning of a line with a space behind it."""
    line = text[: token.start].rpartition("\n")[2]
    return not line.strip() and text[token.end : token.end + 1].isspace()


def _additions(tokens: Sequence[Token], lists: Kinds) -> list[Sign]:
    return [
        at("also", token)
        for place, token in enumerate(tokens)
        if token.norm in lists["also"] and _adds(tokens, place, lists)
    ]


def _second_wish(tokens: Sequence[Token], wants: frozenset[str], joins: frozenset[str]) -> list[Sign]:
    """ "… sollen ins CRM und wir möchten …": a join, a new subject, and another verb of wishing."""
    signs = []
    wished: Token | None = None
    joined: int | None = None
    for place, token in enumerate(tokens):
        if token.norm in joins or (token.first and place):
            joined = place
        if token.norm not in wants:
            continue
        if wished and joined is not None and wished.end <= tokens[joined].start:
            subject = place - joined - (0 if tokens[joined].norm in joins else -1)
            kind = "second wish" if subject > 1 else "second verb"
            signs.append(at(kind, tokens[joined], token, speaks_for=kind == "second wish"))
        wished = token
    return signs


def _adds(tokens: Sequence[Token], place: int, lists: Kinds) -> bool:
    """Whether it adds a clause: "ausserdem soll …", ", plus a report"; not "plus 5 %", "zusätzlich zu"."""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    before = tokens[place - 1] if place else None
    if following and (following.text[0].isdigit() or following.norm in {"zu", "zum", "zur"}):
        return False
    if tokens[place].norm in lists["strong"]:
        return bool(following)
    joined = before is None or not before.is_word or before.norm in lists["joins"]
    return joined and place > 1


def _also(tokens: Sequence[Token], joins: frozenset[str]) -> list[Sign]:
    """English "Also, …" and "and … as well"; the German "also" means "so"."""
    if "and" not in joins:
        return []
    signs = [at("also", token) for token in tokens[1:] if token.norm == "also" and token.first]
    joined = False
    for first, second in pairwise(tokens):
        joined = (joined or first.norm == "and") and not first.first
        if joined and (first.norm, second.norm) == ("as", "well"):
            signs.append(at("also", first, second))
    return signs


def _second_wisher(tokens: Sequence[Token], desires: frozenset[str], joins: frozenset[str]) -> list[Sign]:
    """ "…, und der Förderverein will …": somebody else wishes something."""
    signs = []
    for place, token in enumerate(tokens):
        following = [behind.norm for behind in tokens[place + 1 : place + 1 + _REACH]]
        if place < _REACH or token.norm not in joins:
            continue
        wish = next((at_ for at_, word in enumerate(following) if word in desires), 0)
        if wish > 1 or (wish == 1 and following[0] in {"wir", "ich", "we", "i"}):
            signs.append(at("second wisher", token, tokens[place + 1 + wish]))
    return signs


def _second_condition(
    tokens: Sequence[Token], condition: frozenset[str], joins: frozenset[str]
) -> list[Sign]:
    places = [place for place, token in enumerate(tokens) if token.norm in condition]
    return [
        at("second condition", tokens[place])
        for place in places[1:]
        if any(tokens[back].norm in joins for back in range(max(0, place - _REACH), place))
    ]


def repeats(benefit: Reading, goal: str) -> list[Sign]:
    """The benefit says what the goal says: the same words, and hardly any of its own."""
    other = read(goal, benefit.lists, "goal", language=benefit.language)
    if not benefit.words or not other.words:
        return []
    said, known = _content(benefit), _content(other)
    alike = token_set_ratio(" ".join(sorted(said)), " ".join(sorted(known))) >= _SAME
    new = said - known
    own_amount = {a.value for a in amounts(benefit)} - {a.value for a in amounts(other)}
    return [whole("same")] if alike and len(new) < _NEW_WORDS and not own_amount else []


def _content(reading: Reading) -> set[str]:
    """The words without the small ones; all of them if there are no others."""
    small = reading.lists.words_of("small_words", reading.languages)
    words = {token.norm for token in reading.words}
    return words - small or words
