"""Reads the word lists of the folder `words`, and a company's own file that adds to them."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.files.findings import FileBroken
from bot.files.form import complaints
from bot.files.source import read
from bot.intake.coaching.wordlists import Lexicon, WordLists, inflected, norm

_WORDS = Path(__file__).parent.parent / "words"
LANGUAGES = ("de", "en")
LEXICAL = ("vague_word", "universal", "asap", "open_list")
_KINDS = ("trigger", "reason", "openings", "compound", "unstated")
_PER_LANGUAGE = ("tools", "small_words", "endings")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Added(_Entry):
    """What a company adds to a rule in one language."""

    adjectives: str = ""
    words: str = ""
    phrases: list[str] = []
    last: list[str] = []
    not_: list[str] = Field(default=[], alias="not")


class AddedBoth(_Entry):
    """The same in both languages."""

    de: Added = Added()
    en: Added = Added()


class AddedTools(_Entry):
    """Further words for kinds of tools."""

    de: str = ""
    en: str = ""


class OwnWords(_Entry):
    """A company's own file."""

    vague_word: AddedBoth = AddedBoth()
    universal: AddedBoth = AddedBoth()
    asap: AddedBoth = AddedBoth()
    open_list: AddedBoth = AddedBoth()
    tools: AddedTools = AddedTools()


@cache
def word_lists() -> WordLists:
    """The lists that are shipped."""
    return _lists(OwnWords())


def extended(path: Path) -> WordLists:
    """The shipped lists and those of a company's file. Raises FileBroken with what is wrong in it."""
    source = read(path)
    try:
        return _lists(OwnWords.model_validate(source.data or {}))
    except ValidationError as errors:
        raise FileBroken(list(complaints(source, (), errors, OwnWords))) from None


def _lists(theirs: OwnWords) -> WordLists:
    ours = read(_WORDS / "coach.yaml").data | read(_WORDS / "grammar.yaml").data
    return WordLists(
        lexicons={
            (rule, language): _lexicon(Added.model_validate(ours[rule][language]), language)
            | _lexicon(getattr(getattr(theirs, rule), language), language)
            for rule in LEXICAL
            for language in LANGUAGES
        },
        kinds={
            (rule, language): {kind: _listed(words) for kind, words in ours[rule][language].items()}
            for rule in _KINDS
            for language in LANGUAGES
        },
        words={
            (name, language): _split(ours[name][language])
            | _split(getattr(theirs.tools, language) if name == "tools" else "")
            for name in _PER_LANGUAGE
            for language in LANGUAGES
        },
        groups={name: _split(words) for name, words in ours.items() if isinstance(words, str)},
    )


def _lexicon(added: Added, language: str) -> Lexicon:
    forms = (form for word in _split(added.adjectives) for form in inflected(word, language))
    return Lexicon(
        words=_split(added.words) | frozenset(forms),
        phrases=_all(added.phrases),
        last=_all(added.last),
        excluded=_all(added.not_),
    )


def _listed(words: Any) -> frozenset[str]:
    """Words in one text, or a list of phrases."""
    return _split(words) if isinstance(words, str) else _all(words)


def _split(text: str) -> frozenset[str]:
    return _all(text.split())


def _all(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(norm(phrase) for phrase in phrases if phrase.strip())
