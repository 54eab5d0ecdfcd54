"""A message taken apart: which products and kinds of tools stand in it, and its tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.intake.kinds import KindMention, Kinds
from bot.intake.pieces import pieces_of
from bot.intake.products import Catalogue, Mention
from bot.intake.senses import POSSIBLE, SURE, Senses
from bot.intake.tokens import KIND, MAYBE, PRODUCT, Token, tokens_of
from bot.text.clean import plain


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a message. `products` are meant as names, `maybe` could be."""

    text: str
    products: tuple[Mention, ...]
    maybe: tuple[Mention, ...]
    kinds: tuple[KindMention, ...]
    tokens: tuple[Token, ...]


def read(message: str, catalogue: Catalogue, kinds: Kinds, senses: Senses) -> Reading:
    """The message without chat markup, and what is named in it. Linear in its length, never raises."""
    text = plain(message)
    pieces = pieces_of(text)
    candidates = catalogue.find(text, pieces)
    return taken_apart(text, candidates, senses.chances(text, candidates), kinds.find(text, pieces))


def taken_apart(
    text: str, candidates: Sequence[Mention], chances: Sequence[float], kinds: Sequence[KindMention]
) -> Reading:
    """The reading of a text in which each candidate is meant with the given chance."""
    judged = list(zip(candidates, chances, strict=True))
    products = [mention for mention, chance in judged if chance >= SURE]
    maybe = [mention for mention, chance in judged if POSSIBLE < chance < SURE]
    masks = [(m.start, m.end, PRODUCT) for m in products] + [(m.start, m.end, MAYBE) for m in maybe]
    free = [kind for kind in kinds if not any(s < kind.end and kind.start < e for s, e, _ in masks)]
    masks += [(kind.start, kind.end, KIND) for kind in free]
    return Reading(text, tuple(products), tuple(maybe), tuple(free), tuple(tokens_of(text, masks)))
