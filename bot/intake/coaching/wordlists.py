"""The word lists of the coach, ready to look words up in: every form of an adjective, one normal form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

Languages = tuple[str, ...]
Kinds = Mapping[str, frozenset[str]]

_GERMAN_ENDINGS = ("", "e", "em", "en", "er", "es")
_GERMAN_STEPS = ("", "er", "st", "est")
_SUPERLATIVES = frozenset({"st", "est"})  # never without an ending: "am schnellsten"
_VOWELS = frozenset("aeiou")
_DOUBLED = frozenset("mntd")  # slim, slimmer
_SHORT = 6


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What one rule looks for. `last` are phrases that count at the end of a clause only; in `excluded`
    phrases the words are not meant.
    """

    words: frozenset[str] = frozenset()
    phrases: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()

    def __or__(self, other: "Lexicon") -> "Lexicon":
        return Lexicon(
            self.words | other.words,
            self.phrases | other.phrases,
            self.last | other.last,
            self.excluded | other.excluded,
        )


@dataclass(frozen=True, slots=True, eq=False)
class WordLists:
    """All lists, by rule and language; `groups` hold for both."""

    lexicons: Mapping[tuple[str, str], Lexicon]
    kinds: Mapping[tuple[str, str], Kinds]
    words: Mapping[tuple[str, str], frozenset[str]]
    groups: Mapping[str, frozenset[str]]

    def lexicon(self, rule: str, languages: Languages) -> Lexicon:
        """What a rule looks for in these languages."""
        return _lexicon(self, rule, languages)

    def kinds_of(self, rule: str, languages: Languages) -> Kinds:
        """The words of a rule by their kind."""
        return _kinds_of(self, rule, languages)

    def words_of(self, name: str, languages: Languages) -> frozenset[str]:
        """A plain list of words."""
        return frozenset().union(*(self.words[name, language] for language in languages))


@lru_cache(maxsize=64)
def _lexicon(lists: WordLists, rule: str, languages: Languages) -> Lexicon:
    found = Lexicon()
    for language in languages:
        found |= lists.lexicons[rule, language]
    return found


@lru_cache(maxsize=64)
def _kinds_of(lists: WordLists, rule: str, languages: Languages) -> Kinds:
    parts = [lists.kinds[rule, language] for language in languages]
    names = {name for part in parts for name in part}
    return {name: frozenset().union(*(part.get(name, frozenset()) for part in parts)) for name in names}


def norm(text: str) -> str:
    """Lower case, ss for ß, a plain apostrophe and hyphen: as `reading.Token.norm`."""
    return text.lower().replace("ß", "ss").replace("’", "'").replace("‑", "-")


def inflected(word: str, language: str) -> Iterator[str]:
    """Every form of an adjective."""
    return _german(word) if language == "de" else _english(word)


def _german(word: str) -> Iterator[str]:
    """Every case and step: schnell, schnelle, schnellerem, schnellsten; flexibel, flexible."""
    for stem in {word, word[:-2] + "l" if word.endswith("el") else word}:
        for step in _GERMAN_STEPS:
            for ending in _GERMAN_ENDINGS:
                if ending or step not in _SUPERLATIVES:
                    yield stem + step + ending


def _english(word: str) -> Iterator[str]:
    """The steps and the adverb: easy, easier, easiest, easily."""
    yield word
    if word.endswith("y") and word[-2] not in _VOWELS:
        yield from (word[:-1] + ending for ending in ("ier", "iest", "ily"))
    elif word.endswith("e"):
        yield from (word + "r", word + "st", word + "ly", word[:-1] + "y")
    else:
        doubled = word + word[-1] if word[-1] in _DOUBLED and len(word) < _SHORT else word
        yield from (word + "er", word + "est", word + "ly", doubled + "er", doubled + "est")
    if word.endswith("ic"):
        yield word + "ally"
