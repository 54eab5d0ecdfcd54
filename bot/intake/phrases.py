"""What phrases say about the products of a message: "X statt Y", "weg von Y", "heute nutzen wir Y".

The phrases are data (`words/roles.yaml`). The model of roles has seen few sentences that name first what
is wished; a phrase says which is which in any order.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from bot.intake.tokens import PRODUCT, Token
from bot.intake.words import role_phrases

Role = Literal["wished", "existing", "rejected", "candidate"]

_ROLES: dict[str, Role] = {"W": "wished", "R": "rejected", "E": "existing", "C": "candidate"}
_TWICE = "{0,3}"  # "(our|old)" also stands for "our old"
_GAP = r"(?:[^\s.!?;:,§]+ ){0,4}?"
_END = (
    r"(?:[.!?;:,)–] |$|(?=(?:und|damit|um|weil|denn|fuer|statt|anstatt"
    r"|and|because|so|to|for|instead|as|in|since) ))"
)
_LIST = r"§\d+ (?:, §\d+ )*(?:, )?(?:und|oder|sowie|and|or) §\d+ "
_NAMES = rf"({_LIST}|§\d+ )"
_NUMBER = re.compile(r"§(\d+)")
_SIGNS = {"&": "und", "+": "und", ">": ">", "->": ">", "=>": ">", "→": ">"}


def line_of(text: str, tokens: Sequence[Token]) -> str:
    """The words of a message with §0, §1, … for its products, and the signs between them."""
    words: list[str] = []
    products = 0
    end = 0
    for token in tokens:
        if sign := text[end : token.start].strip():
            words.append(_SIGNS.get(sign, "–"))
        is_product = token.kind == PRODUCT
        words.append(f"§{products}" if is_product else token.norm)
        products += is_product
        end = token.end
    return " ".join(words) + " "


def stated_roles(line: str, *about: str) -> dict[int, Role]:
    """What the phrases say about the products of a line, by number; the first phrase counts.

    `about`: lists of `words/roles.yaml`.
    """
    said: dict[int, Role] = {}
    for phrase, roles in (one for name in about for one in _phrases(name)):
        for found in phrase.finditer(line):
            for role, names in zip(roles, found.groups(), strict=True):
                for number in _numbers(names):
                    said.setdefault(number, role)
    return said


def counted_up(line: str) -> list[list[int]]:
    """The products that are counted up: "HubSpot, Figma und Miro"."""
    return [_numbers(names) for names in re.findall(_LIST, line)]


def connects(line: str) -> bool:
    """Whether all products of a line, two or more, are to be connected with each other."""
    names = {*_numbers(line)}
    return len(names) > 1 and any(
        {*_numbers(found.group())} == names
        for phrase, _ in _phrases("connect")
        for found in phrase.finditer(line)
    )


def _numbers(names: str) -> list[int]:
    return [int(number) for number in _NUMBER.findall(names)]


@cache
def _phrases(about: str) -> tuple[tuple[re.Pattern[str], tuple[Role, ...]], ...]:
    return tuple(
        (re.compile(rf"(?<!\S){''.join(map(_part, phrase.split()))}"), _roles(phrase))
        for phrase in role_phrases(about)
    )


def _roles(phrase: str) -> tuple[Role, ...]:
    return tuple(_ROLES[part] for part in phrase.split() if part in _ROLES)


def _part(part: str) -> str:
    """One part of a phrase as a pattern."""
    if part in _ROLES:
        return _NAMES
    if part in {"…", "."}:
        return _GAP if part == "…" else _END
    words = "|".join(re.escape(word).replace(r"\*", r"\S*") for word in part.strip("()").split("|"))
    return rf"(?:(?:{words}) ){_TWICE if part.startswith('(') else ''}"
