"""Base forms of words by simplemma's dictionaries, in the coach's spelling (ss for ß). Cached.

The first word of each language loads its dictionary (German about a second, once per process).
"""

from functools import lru_cache

from simplemma import is_known, lemmatize

_MOST_CACHED = 8192


@lru_cache(maxsize=_MOST_CACHED)
def german_base(word: str) -> str:
    """The base form of a word in lower case; the word itself if it is one, or unknown."""
    base = lemmatize(word, lang="de")
    if base == word and "ss" in word:  # the dictionary writes ß where Switzerland writes ss
        base = lemmatize(word.replace("ss", "ß"), lang="de")
    return base.replace("ß", "ss")


@lru_cache(maxsize=_MOST_CACHED)
def english_base(word: str) -> str:
    """The base form of a word in lower case; the word itself if it is one, or unknown."""
    return lemmatize(word, lang="en")


@lru_cache(maxsize=_MOST_CACHED)
def is_german(word: str) -> bool:
    """Whether the word, in lower case, is in the German dictionary."""
    return is_known(word, lang="de") or ("ss" in word and is_known(word.replace("ss", "ß"), lang="de"))


@lru_cache(maxsize=_MOST_CACHED)
def is_word(word: str) -> bool:
    """Whether either language knows the word, however it is capitalised."""
    forms = (word, word.lower(), word.capitalize())
    return any(is_known(form, lang=language) for form in forms for language in ("de", "en"))
