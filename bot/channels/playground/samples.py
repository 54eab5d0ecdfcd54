"""What somebody who edits the questions looks at: pages that nobody fills in, and what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.ui import Form


@dataclass(frozen=True, slots=True)
class Sample:
    """One kind of guided form, all its pages."""

    id: str
    title: str
    pages: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Samples:
    """All of them; `findings` are sentences."""

    kinds: tuple[Sample, ...]
    findings: tuple[str, ...]


ShowSamples = Callable[[str], Samples]  # in a language


def none_of_them(_language: str) -> Samples:
    """A playground without."""
    return Samples((), ())
