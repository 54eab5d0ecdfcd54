"""Is a word that could be a product name meant as one? "Slack im Terminplan" is no Slack.

Case proves nothing in German, frequency lists do not know the trade (`notes/intake.md` 3): a small
model looks at the words around. Names that are nothing but names are not asked.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.intake.products import Mention
from bot.intake.tokens import PRODUCT, WORD, Token, tokens_of
from bot.intake.words import determiners, list_joints, program_parts, titles
from bot.text.language import language_of
from bot.text.linear import LinearModel, unique
from bot.text.words import is_word

MEANT = "yes"
SURE = 0.72  # chance from which a word counts as a product name
POSSIBLE = 0.15  # chance from which the models see that it could be one

NAME = "NAME"  # another product, about which there is no doubt
_PLACES = "social_media"  # platforms are also places: "on LinkedIn"
_ALSO_WORDS = frozenset({"Microsoft Excel", "Microsoft Outlook", "Asana", "Miro", "Stripe"})
_SURE_TYPO = 8  # letters of a name whose misspelling is nothing else
_LONG_PART = 5  # letters of a word that ends a compound
_ENDS = frozenset({"$", ".", "!", "?", ","})
_ADJECTIVES = ("te", "en", "er", "es", "em", "le", "he", "ne", "ge", "se", "re")  # German endings


def is_open(mention: Mention) -> bool:
    """Whether it takes the words around to know that a name is meant."""
    if mention.spelling == "typo" and not mention.name.ambiguous:
        return len(mention.text) < _SURE_TYPO or " " in mention.text
    return (
        mention.name.ambiguous
        or mention.spelling in {"typo", "split", "compound"}
        or mention.product.category == _PLACES
        or mention.product.name in _ALSO_WORDS
    )


class Senses:
    """Judges the candidates of one text."""

    def __init__(self, model: LinearModel) -> None:
        self._model = model

    def chances(self, text: str, mentions: Sequence[Mention]) -> list[float]:
        """For each mention, how likely the product is meant."""
        language = language_of(text) if any(map(is_open, mentions)) else None
        return [self._chance(text, language, mentions, at) for at in range(len(mentions))]

    def _chance(self, text: str, language: str | None, mentions: Sequence[Mention], at: int) -> float:
        if not is_open(mentions[at]):
            return 1.0
        features = sense_features(text, language, mentions, at)
        return self._model.probabilities(features)[MEANT]


def sense_features(text: str, language: str | None, mentions: Sequence[Mention], at: int) -> list[str]:
    """Features of one candidate in its text."""
    sight = _sight(text, language, mentions, at)
    return unique([*sight.around(), *sight.listed()]) if sight else ["beyond"]


def place_features(text: str, language: str | None, mentions: Sequence[Mention], at: int) -> list[str]:
    """Features of the place of a name, as if the name were a word: what any name may stand in."""
    mention = mentions[at]
    word = replace(mention, name=replace(mention.name, ambiguous=True))
    sight = _sight(text, language, [*mentions[:at], word, *mentions[at + 1 :]], at)
    return unique(sight.around()) if sight else ["beyond"]


def _sight(text: str, language: str | None, mentions: Sequence[Mention], at: int) -> "_Sight | None":
    """What is seen of a candidate; None if it stands beyond what is read."""
    mention = mentions[at]
    sure = [(m.start, m.end, NAME) for m in mentions if m is not mention and not is_open(m)]
    tokens = tokens_of(text, [(mention.start, mention.end, PRODUCT), *sure])
    place = next((n for n, token in enumerate(tokens) if token.start == mention.start), None)
    if place is None:
        return None
    others = sum(other is not mention and not other.name.ambiguous for other in mentions)
    return _Sight(text, language or "xx", mention, tokens, place, others)


class _Sight:
    """One candidate and what is around it."""

    def __init__(
        self, text: str, language: str, mention: Mention, tokens: Sequence[Token], at: int, others: int
    ) -> None:
        self._text, self._language, self._mention = text, language, mention
        self._tokens, self._at, self._others = tokens, at, others
        rest = text[: mention.start] + text[mention.end :]
        capitals = "caps" if any(map(str.isupper, rest)) else "nocaps"
        first = at == 0 or tokens[at - 1].norm in {".", "!", "?", ":"}
        self._shape = _shape(mention.text)
        self._local = f"{self._shape} {language}"
        self._situation = f"{self._local} {capitals} first={first}"
        self._name = f"{mention.spelling} {'word' if mention.name.ambiguous else 'name'}"

    def around(self) -> list[str]:
        """Features of the place and the form; the long ones join what is weak alone."""
        found = [
            *self._form(),
            *self._neighbours(),
            *self._determined(),
            *self._company(),
            *self._message(),
        ]
        if self._mention.spelling in {"typo", "split"}:
            found += self._slip()
        return found

    def listed(self) -> list[str]:
        """Features of the name that it would be."""
        mention = self._mention
        product, word = mention.product, mention.name.ambiguous
        known = f"ordinary={is_word(mention.name.text.lower())}" if word else "name"
        return [
            f"is={product.name}",
            f"is={product.name} {self._shape}",
            f"{self._glue()} is={product.name}",
            f"{self._determiner()} is={product.name}",
            f"category={product.category} {word}",
            *(f"{known} {rest}" for rest in (mention.spelling, self._local, self._situation)),
        ]

    def _norm(self, offset: int) -> str:
        at = self._at + offset
        return self._tokens[at].norm if 0 <= at < len(self._tokens) else ("^" if at < 0 else "$")

    def _kind(self, offset: int) -> str:
        at = self._at + offset
        return self._tokens[at].kind if 0 <= at < len(self._tokens) else ("^" if at < 0 else "$")

    def _glue(self) -> str:
        """Whether a hyphen stands before and behind."""
        mention, text = self._mention, self._text
        after = text[mention.end : mention.end + 1] in {"-", "‑"}
        before = text[max(0, mention.start - 1) : mention.start] in {"-", "‑"}
        return f"glue={before}{after} {'word' if mention.name.ambiguous else 'name'}"

    def _form(self) -> list[str]:
        return [
            self._name,
            f"{self._name} {self._shape}",
            f"{self._name} {self._situation}",
            f"{self._name} {self._local}",
            self._glue(),
            f"{self._glue()} {self._kind(1)}",
        ]

    def _neighbours(self) -> list[str]:
        norm, kind, shape = self._norm, self._kind, self._shape
        found = [
            feature
            for o in (-2, -1, 1, 2)
            for feature in (f"{o}={norm(o)}", f"{o}:{kind(o)}", f"{o}:{kind(o)} {self._local}")
        ]
        plain = f"{kind(-1) == WORD} {kind(1) == WORD}"
        return [
            *found,
            f"-2-1={norm(-2)} {norm(-1)}",
            f"+1+2={norm(1)} {norm(2)}",
            f"-1+1={norm(-1)} {norm(1)}",
            f":-2-1={kind(-2)} {kind(-1)}",
            f":+1+2={kind(1)} {kind(2)}",
            f":-1+1={kind(-1)} {kind(1)}",
            f"{shape} -1={norm(-1)}",
            f"{shape} +1={norm(1)}",
            f"{shape} :-1+1={kind(-1)} {kind(1)}",
            f"{self._situation} -1:{kind(-1)}",
            f"{self._situation} +1:{kind(1)}",
            f"{self._situation} plain={plain}",
            f"{self._local} -1={norm(-1)} +1:{kind(1)}",
        ]

    def _determined(self) -> list[str]:
        determiner = self._determiner()
        return [
            f"{determiner} {self._local}",
            f"{determiner} {self._situation}",
            f"{determiner} {self._shape} +1:{self._kind(1)}",
        ]

    def _determiner(self) -> str:
        """Whether an article stands before, or an article and an adjective."""
        if self._norm(-1) in determiners():
            return "article"
        before = self._tokens[self._at - 1] if self._at else None
        if before is None or before.capital or before.kind not in {WORD, "newer"}:
            return "bare"
        adjective = before.norm.endswith(_ADJECTIVES) and self._norm(-2) in determiners()
        return "adjective" if adjective else "bare"

    def _company(self) -> list[str]:
        """A part of a program behind it, sure names beside it in a list, the title of a person before."""
        part = _is_part(self._norm(1))
        listed = [
            side for side in (-1, 1) if self._norm(side) in list_joints() and self._kind(2 * side) == NAME
        ]
        person = self._norm(-1) in titles()
        return [
            f"part={part} {self._glue()}",
            f"part={part} {self._local}",
            f"part={part} {self._determiner()} {self._glue()}",
            f"listed={bool(listed)}",
            f"listed={bool(listed)} {self._local}",
            f"listed={listed}",
            f"person={person}",
            f"person={person} {self._shape}",
        ]

    def _message(self) -> list[str]:
        kinds = {token.kind for token in self._tokens if token.kind != WORD}
        last = self._norm(1) in _ENDS
        return [
            *(f"has {kind} {self._local}" for kind in sorted(kinds)),
            f"others={min(self._others, 2)} {self._shape}",
            f"length={min(len(self._tokens) // 2, 6)} {self._shape}",
            f"last={last} {self._local}",
            f"last={last} -1:{self._kind(-1)} {self._shape}",
        ]

    def _slip(self) -> list[str]:
        mention = self._mention
        typed, listed = mention.text.lower(), mention.name.text.lower()
        return [
            f"letters={min(len(typed), 10)} {mention.spelling}",
            f"{mention.spelling} {self._situation}",
            f"more than one={sum(a != b for a, b in zip(typed, listed, strict=False)) > 1}",
            f"same end={typed[-1:] == listed[-1:]}",
        ]


@lru_cache(maxsize=20_000)
def _is_part(word: str) -> bool:
    """Whether a word is a part of a program, or a German compound of one ("Preislisten")."""
    return word in program_parts() or any(
        word.endswith(part) for part in program_parts() if len(part) >= _LONG_PART
    )


def _shape(text: str) -> str:
    if text.islower():
        return "lower"
    if text.isupper() and len(text) > 1:
        return "UPPER"
    if text[0].isupper() and text[1:].islower():
        return "Title"
    words = text.replace("-", " ").split()
    return "Titles" if all(word[0].isupper() for word in words) else "mixed"
