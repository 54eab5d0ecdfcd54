"""What a product in a message is: wished, in use, rejected, or one of several that would do."""

from collections.abc import Iterator, Mapping, Sequence

from bot.intake.features import shown
from bot.intake.phrases import Role, connects, counted_up, line_of, stated_roles
from bot.intake.tokens import KIND, PRODUCT, SOMETHING, WORD, Token
from bot.intake.words import is_choice
from bot.text.linear import LinearModel, unique

ROLES: tuple[Role, ...] = ("wished", "existing", "rejected", "candidate")

_AROUND = 4  # words on each side
_SHORT = 4  # kinds between two names that are seen as one pattern
_WISHES = frozenset({"tool_wish", "mixed"})
_WANTED = frozenset({"wished", "candidate"})
_NAMELESS = frozenset({KIND, SOMETHING, "tool"})  # what is wished when no product is
_EXACTER: Mapping[Role, tuple[Role, ...]] = {"wished": ("candidate",), "existing": ("rejected",)}
_TURNS = ("swap", "negation", "past", "option", "direction")  # what turns a role wherever it stands


class Roles:
    """Gives every product of one message its role."""

    def __init__(self, model: LinearModel) -> None:
        self._model = model

    def of(self, text: str, tokens: Sequence[Token], label: str, sure: bool = False) -> list[Role]:
        """The role of each product, in order. `label`: what the message is taken for (`sure` of it?)."""
        if only_connects(text, tokens):
            return ["existing"] * len(places(tokens))
        chances = [
            self._model.probabilities(role_features(tokens, at, label, self._model.vocabulary))
            for at in range(len(places(tokens)))
        ]
        line = line_of(text, tokens) if chances else ""
        if label in _WISHES:
            return _corrected(chances, line, tokens, sure)
        said = stated_roles(line, "refused") if label == "not_wish" else {}
        return [said.get(at) or _likeliest(one) for at, one in enumerate(chances)]


def _likeliest(*chances: Mapping[str, float]) -> Role:
    """The role that is the likeliest of all together."""
    return max(ROLES, key=lambda role: sum(one.get(role, 0.0) for one in chances))


def _corrected(
    chances: Sequence[Mapping[str, float]], line: str, tokens: Sequence[Token], sure: bool
) -> list[Role]:
    """The roles in a wish: what phrases say, one for names that are counted up, and something is wished."""
    said = stated_roles(line, "connect", "wish")
    found = [_agreed(_likeliest(one), said.get(at)) for at, one in enumerate(chances)]
    for names in counted_up(line):
        if len({found[at] for at in names}) > 1 and (sure or said.keys() & {*names}):
            wished = len(names) == len(found) or any(found[at] == "candidate" for at in names)
            alike = _wanted(tokens) if wished else _likeliest(*(chances[at] for at in names))
            found = [alike if at in names else role for at, role in enumerate(found)]
    unsaid = [at for at in range(len(found)) if at not in said]
    alone = len(unsaid) == 1 or unsaid in counted_up(line)
    if sure and alone and _WANTED.isdisjoint(found) and not _names_a_kind(tokens):
        found = ["wished" if at in unsaid else role for at, role in enumerate(found)]
    return found


def _agreed(role: Role, said: Role | None) -> Role:
    """What a phrase says, unless the model says the same more exactly."""
    return role if said is None or role in _EXACTER.get(said, ()) else said


def _wanted(tokens: Sequence[Token]) -> Role:
    """What several names are that are wished: one of them would do, or all are."""
    return "candidate" if any(is_choice(token.norm) for token in tokens) else "wished"


def _names_a_kind(tokens: Sequence[Token]) -> bool:
    """Whether a tool is spoken of that has no name."""
    return any(token.kind in _NAMELESS for token in tokens)


def only_connects(text: str, tokens: Sequence[Token]) -> bool:
    """Whether the products of a message are to be connected, and nothing else is wished."""
    return connects(line_of(text, tokens)) and not _names_a_kind(tokens)


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
