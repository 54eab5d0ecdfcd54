"""The word lists of the coach: `bot/intake/words/coach.yaml`, and a company's own file of the same form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.files.source import read

FILE = Path(__file__).parent.parent / "words" / "coach.yaml"
LEXICAL = ("vague_word", "universal", "asap", "open_list")
KINDS = ("trigger", "reason", "openings", "compound")
_GERMAN_ENDINGS = ("", "e", "em", "en", "er", "es")
_GERMAN_STEPS = ("", "er", "st", "est")
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What one rule looks for in one language."""

    words: frozenset[str] = frozenset()
    phrases: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WordLists:
    """All lists, in the normal form of `reading.Token`."""

    lexicons: Mapping[tuple[str, str], Lexicon]
    tools: Mapping[str, frozenset[str]]
    small_words: Mapping[str, frozenset[str]]
    endings: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, frozenset[str]]
    kinds: Mapping[tuple[str, str], Mapping[str, frozenset[str]]]
    event_parts: tuple[str, ...]


@cache
def word_lists(extra: Path | None = None) -> WordLists:
    """The lists, with those of a company's file. Raises OSError, FileBroken."""
    own = read(FILE).data
    theirs = read(extra).data if extra else {}
    return WordLists(
        lexicons={
            (rule, language): _lexicon(language, own[rule][language], theirs.get(rule, {}).get(language, {}))
            for rule in LEXICAL
            for language in ("de", "en")
        },
        tools={
            name: _words(own["tools"][name]) | _words(theirs.get("tools", {}).get(name)) for name in ("de", "en")
        },
        small_words={name: _words(own["small_words"][name]) for name in ("de", "en")},
        endings={name: tuple(own["endings"][name].split()) for name in ("de", "en")},
        groups={name: _words(words) for name, words in own.items() if isinstance(words, str)},
        kinds={
            (name, language): {kind: _word_set(words) for kind, words in own[name][language].items()}
            for name in KINDS
            for language in ("de", "en")
        },
        event_parts=tuple(own["event_parts"].split()),
    )


@cache
def kinds_of(name: str, languages: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """The lists of a rule in one or both languages, by kind."""
    parts = [word_lists().kinds[name, language] for language in languages]
    return {kind: frozenset().union(*(part.get(kind, ()) for part in parts)) for part in parts for kind in part}


def _words(text: Any) -> frozenset[str]:
    return frozenset(_norm(word) for word in str(text or "").split())


def _word_set(words: Any) -> frozenset[str]:
    """Words in one text, or a list of phrases."""
    return _words(words) if isinstance(words, str) else frozenset(_norm(phrase) for phrase in words)


def _norm(text: str) -> str:
    return text.lower().replace("ß", "ss").replace("’", "'")


def _lexicon(language: str, *parts: Mapping[str, Any]) -> Lexicon:
    inflected = inflected_german if language == "de" else inflected_english
    return Lexicon(
        words=frozenset(
            form
            for part in parts
            for form in (
                *_words(part.get("words")),
                *(form for word in _words(part.get("adjectives")) for form in inflected(word)),
            )
        ),
        phrases=frozenset(_norm(phrase) for part in parts for phrase in part.get("phrases", ())),
        excluded=frozenset(_norm(phrase) for part in parts for phrase in part.get("not", ())),
    )


def inflected_german(word: str) -> Iterator[str]:
    """Every case and step of an adjective: schnell, schnelle, schnellerem, am schnellsten."""
    for stem in {word, _short_stem(word)}:
        for step in _GERMAN_STEPS:
            for ending in _GERMAN_ENDINGS:
                if step not in {"st", "est"} or ending in {"e", "em", "en", "er", "es"}:
                    yield stem + step + ending


def _short_stem(word: str) -> str:
    """flexibel loses its e before an ending: flexible."""
    return word[:-2] + "l" if word.endswith("el") else word


def inflected_english(word: str) -> Iterator[str]:
    """The steps and the adverb: easy, easier, easiest, easily."""
    yield word
    if word.endswith("y") and word[-2] not in _VOWELS:
        yield from (word[:-1] + ending for ending in ("ier", "iest", "ily"))
    elif word.endswith("e"):
        yield from (word + "r", word + "st", word + "ly", word[:-1] + "y")
    else:
        doubled = word + word[-1] if word[-1] in "mntd" and len(word) < 6 else word  # noqa: PLR2004
        yield from (word + "er", word + "est", word + "ly", doubled + "er", doubled + "est")
    if word.endswith("ic"):
        yield word + "ally"
