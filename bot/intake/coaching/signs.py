"""What a rule sees in an answer: signs with a kind and a place, and what they mean for the rule."""

from dataclasses import dataclass

from bot.intake.coaching.reading import Span, Token


@dataclass(frozen=True, slots=True)
class Sign:
    """Something in the text that speaks for a hint (`speaks_for`) or only tells the model something."""

    kind: str
    start: int
    end: int
    speaks_for: bool = True

    @property
    def span(self) -> Span:
        """Its place in the text."""
        return self.start, self.end


def at(kind: str, first: Token, last: Token | None = None, *, speaks_for: bool = True) -> Sign:
    """A sign from one token to another."""
    return Sign(kind, first.start, (last or first).end, speaks_for)


def whole(kind: str, *, speaks_for: bool = True) -> Sign:
    """A sign of the answer as a whole: it has no place."""
    return Sign(kind, 0, 0, speaks_for)
