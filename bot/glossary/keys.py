"""The forms under which a label is found: how it is written, spelt, inflected and ordered.

`notes/glossary.md` section 4.1 measured this ladder: it answers case, hyphen, umlaut, inflection and
word order without a single guess. Two folds are needed (ä → ae *and* ä → a), because people write
Märkte, Maerkte and Markte.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe"})
_ASCII = {code: chr(code) for code in range(128)}
_KEPT_SIGNS = "+#&"  # C++, C#, A&B stay themselves
_ASCII_KEY = str.maketrans(
    {char: (char.lower() if char.isalnum() or char in _KEPT_SIGNS else None) for char in _ASCII.values()}
)
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*[+#]*")
_GLUE = re.compile(r"['’.]")
# "n" alone only behind l and r (Regeln): Person and Funktion keep theirs
_CUT_LETTERS = {"ln": 1, "rn": 1}
_ENDINGS = {
    ending: _CUT_LETTERS.get(ending, len(ending))
    for ending in ("innen", "ern", "ens", "en", "em", "er", "es", "ln", "rn", "s", "e")
}
_STEM_KEEPS = 3  # letters that stay when an ending is cut
_MAX_BAG = 5  # words; longer labels are not typed in another order


def squash(text: str) -> str:
    """The text as one lower-case key: no spaces, hyphens, accents; ä is ae; other scripts stay."""
    if text.isascii():
        return text.translate(_ASCII_KEY)
    text = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    text = unicodedata.normalize("NFD", text)
    return "".join(char for char in text if char.isalnum() or char in _KEPT_SIGNS)


def skeleton(key: str) -> str:
    """A squash key in which ae, oe, ue and ss fall together with a, o, u and s."""
    if "e" in key:
        key = key.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return key.replace("ss", "s")


def words(text: str) -> list[str]:
    """The words of a label or query, as typed."""
    return _WORD.findall(text)


@lru_cache(maxsize=20_000)
def stem_word(word: str) -> str:
    """One word without its ending, in German or English ("Leads", "Übergaben", "categories")."""
    key = squash(_GLUE.sub("", word))
    if len(key) > _STEM_KEEPS and key.endswith("ies"):
        key = key[:-3] + "y"
    for ending, cut in _ENDINGS.items():
        if key.endswith(ending) and len(key) - cut >= _STEM_KEEPS:
            key = key[:-cut]
            break
    if key.endswith("e") and len(key) > _STEM_KEEPS:
        key = key[:-1]
    return skeleton(key)


def bag(stems: Sequence[str]) -> str | None:
    """The stems of two to five words in alphabetical order; else None."""
    return " ".join(sorted(stems)) if 1 < len(stems) <= _MAX_BAG else None
