"""What a product in a message is: wished, in use, rejected, or one of several that would do."""

from collections.abc import Iterator, Sequence
from typing import Literal

from bot.intake.features import shown
from bot.intake.tokens import PRODUCT, WORD, Token
from bot.text.linear import LinearModel, unique

Role = Literal["wished", "existing", "rejected", "candidate"]
ROLES: tuple[Role, ...] = ("wished", "existing", "rejected", "candidate")

_AROUND = 4  # words on each side
_SHORT = 4  # kinds between two names that are seen as one pattern
_TURNS = ("swap", "negation", "past", "option", "direction")  # what turns a role wherever it stands


class Roles:
    """Gives every product of one message its role."""

    def __init__(self, model: LinearModel) -> None:
        self._model = model

    def of(self, tokens: Sequence[Token], label: str) -> list[Role]:
        """The role of each product, in order. `label`: what the message is taken for."""
        found: list[Role] = []
        for at in range(len(places(tokens))):
            chances = self._model.probabilities(role_features(tokens, at, label, self._model.vocabulary))
            found.append(max(ROLES, key=lambda role: chances.get(role, 0.0)))
        return found


def places(tokens: Sequence[Token]) -> list[int]:
    """Where the products stand."""
    return [at for at, token in enumerate(tokens) if token.kind == PRODUCT]


def role_features(tokens: Sequence[Token], which: int, label: str, vocabulary: frozenset[str]) -> list[str]:
    """Features of one product among those of a message."""
    found = places(tokens)
    line = _padded([shown(token, vocabulary) for token in tokens])
    kinds = _padded([token.kind for token in tokens])
    at = found[which] + _AROUND
    order = f"of {min(len(found), 3)}, number {min(which, 2)}, last={which == len(found) - 1}"
    return unique(
        [
            f"label={label}",
            order,
            f"{label} {order}",
            *_near(line, kinds, at, label),
            *_between(tokens, found, which, label, vocabulary),
            *_turns(tokens, which, len(found)),
        ]
    )


def _padded(items: list[str]) -> list[str]:
    return ["^"] * _AROUND + items + ["$"] * _AROUND


def _near(line: Sequence[str], kinds: Sequence[str], at: int, label: str) -> Iterator[str]:
    for offset in (*range(-_AROUND, 0), *range(1, _AROUND + 1)):
        yield f"{offset}={line[at + offset]}"
        yield f"{offset}:{kinds[at + offset]}"
        if abs(offset) <= 2:  # noqa: PLR2004  (next to it, and one further)
            yield f"{label} {offset}={line[at + offset]}"
            yield f"{label} {offset}:{kinds[at + offset]}"
    yield f"-2-1={line[at - 2]} {line[at - 1]}"
    yield f"+1+2={line[at + 1]} {line[at + 2]}"
    yield f"-1+1={line[at - 1]} {line[at + 1]}"
    yield f":-2-1={kinds[at - 2]} {kinds[at - 1]}"
    yield f":+1+2={kinds[at + 1]} {kinds[at + 2]}"
    yield f":-1+1={kinds[at - 1]} {kinds[at + 1]}"
    yield f"{label} :-1+1={kinds[at - 1]} {kinds[at + 1]}"
    yield f":-3-2-1={' '.join(kinds[at - 3 : at])}"
    yield f":+1+2+3={' '.join(kinds[at + 1 : at + 4])}"


def _between(
    tokens: Sequence[Token], found: Sequence[int], which: int, label: str, vocabulary: frozenset[str]
) -> Iterator[str]:
    """What stands from the name before, and up to the next one; or the edge of the message."""
    at = found[which]
    left = found[which - 1] if which else None
    right = found[which + 1] if which + 1 < len(found) else None
    sides = (
        ("before", tokens[0 if left is None else left + 1 : at], left),
        ("after", tokens[at + 1 : right], right),
    )
    for side, words, name in sides:
        kinds = [token.kind for token in words if token.kind != WORD]
        for kind in kinds:
            yield f"{side} {kind} name={name is not None}"
            yield f"{side} {label} {kind}"
        yield from (f"{side} «{token.norm}»" for token in words if token.norm in vocabulary)
        if name is not None:
            yield f"{side} pattern={' '.join(kinds) if len(kinds) <= _SHORT else 'long'}"
            yield f"{side} words={' '.join(t.norm for t in words) if len(words) < _SHORT else 'many'}"


def _turns(tokens: Sequence[Token], which: int, names: int) -> Iterator[str]:
    kinds = {token.kind for token in tokens}
    for kind in _TURNS:
        if kind in kinds:
            yield f"has {kind}, first={which == 0}, last={which == names - 1}"
