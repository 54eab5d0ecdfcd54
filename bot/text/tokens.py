"""The words and signs of a text, for the small models."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W_]+(?:[-‑'’&/.][^\W_]+)*[+#]*|[?!.,:;=()/\"„“”«»]")
_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "’": "'", "‑": "-"})
MOST_TOKENS = 120  # of a message; a longer one is read up to there


@dataclass(frozen=True, slots=True)
class Word:
    """A word or sign of a text and where it stands."""

    text: str
    start: int
    end: int

    @property
    def norm(self) -> str:
        """Lower case, umlauts written out."""
        return self.text.lower().translate(_FOLD)

    def norm_of(self, start: int, end: int) -> str:
        """The part between two places of the text in the same form, without signs at its ends."""
        part = self.text[max(start - self.start, 0) : max(end - self.start, 0)]
        return part.strip("-‑'’&/.+#").lower().translate(_FOLD)


def words_of(text: str, most: int = MOST_TOKENS) -> list[Word]:
    """The words and signs of a text, as many as are read."""
    found = []
    for match in _TOKEN.finditer(text):
        found.append(Word(match.group(), match.start(), match.end()))
        if len(found) == most:
            break
    return found
