"""Departments that are named in a text, by id, label or alias."""

from collections.abc import Iterator, Sequence

from bot.glossary.index import Index, Label
from bot.glossary.keys import squash
from bot.glossary.mentions import Mention, Scanner
from bot.glossary.model import Glossary
from bot.glossary.words import ordinary_words

# words that lead to a department: "aus Sicht der IT", "according to sales"
_BEFORE = frozenset(
    (
        *("according", "at", "by", "for", "in", "the", "to"),
        *("aus", "bei", "beim", "das", "der", "des", "die", "fuer", "für", "im", "laut", "sicht"),
        *("unser", "unsere", "unserer", "vom", "von"),
    )
)
_SHORT = 5  # letters
_MAX_NAMED = 300  # characters of a message that may be nothing but a name and a department


class Departments:
    """Finds the departments of a glossary in texts."""

    def __init__(self, glossary: Glossary) -> None:
        index = Index(_labels(glossary), real_word=lambda _: True)
        self._scanner = Scanner(index, (), ordinary_words())

    def is_name(self, word: str) -> bool:
        """The word names a department."""
        return bool(self._scanner.find(word))

    def named(self, text: str, mentions: Sequence[Mention]) -> str | None:
        """The only department that is named outside the terms of a text."""
        found = {
            spot.terms[0]
            for spot in self._scanner.find(text)
            if not any(m.start < spot.end and spot.start < m.end for m in mentions)
        }
        return found.pop() if len(found) == 1 else None

    def taken_out(self, text: str) -> tuple[str, str | None]:
        """A short text without the only department that it names, and that department."""
        spots = self._scanner.find(text) if len(text) <= _MAX_NAMED else []
        if len(spots) != 1:
            return text, None
        spot = spots[0]
        before = text[: spot.start].split()
        while before and before[-1].lower().strip("(,:") in _BEFORE:
            before.pop()
        return f"{' '.join(before)} {text[spot.end :]}", spot.terms[0]


def _labels(glossary: Glossary) -> Iterator[Label]:
    for id_, department in glossary.glossary.departments.items():
        for name in (id_, *department.label.values(), *department.aliases):
            # a short name only as written: "SAL" is no form of "sales"
            yield Label(name, "abbr" if len(squash(name)) <= _SHORT else "alt", id_)
            if squash(name) in ordinary_words():  # "die it" is a team, "it" is a word
                for article in ("die", "der", "unsere", "unserer"):
                    yield Label(f"{article} {name}", "alt", id_)
