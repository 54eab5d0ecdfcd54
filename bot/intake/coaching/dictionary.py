"""Base forms of words by simplemma's dictionaries, in the coach's spelling (ss for ß). Cached.

The first word of each language loads its dictionary, in the compact form: 20 MB instead of 140 MB, and
25 µs a word that has not been seen.
"""

from functools import lru_cache

_MOST_CACHED = 8192


@lru_cache(maxsize=_MOST_CACHED)
def german_base(word: str) -> str:
    """The base form of a word in lower case; the word itself if it is one, or unknown."""
    base = _base(word, "de")
    if base == word and "ss" in word:  # the dictionary writes ß where Switzerland writes ss
        base = _base(word.replace("ss", "ß"), "de")
    return base.replace("ß", "ss")


@lru_cache(maxsize=_MOST_CACHED)
def english_base(word: str) -> str:
    """The base form of a word in lower case; the word itself if it is one, or unknown."""
    return _base(word, "en")


@lru_cache(maxsize=_MOST_CACHED)
def is_german(word: str) -> bool:
    """Whether the word, in lower case, is in the German dictionary."""
    return _is_known(word, "de") or ("ss" in word and _is_known(word.replace("ss", "ß"), "de"))


@lru_cache(maxsize=_MOST_CACHED)
def is_word(word: str) -> bool:
    """Whether either language knows the word, however it is capitalised."""
    forms = (word, word.lower(), word.capitalize())
    return any(_is_known(form, language) for form in forms for language in ("de", "en"))


def _base(word: str, language: str) -> str:
    from simplemma import lemmatize  # noqa: PLC0415  (70 ms that no start has to wait for)

    return lemmatize(word, lang=language, low_memory=True)


def _is_known(word: str, language: str) -> bool:
    from simplemma import is_known  # noqa: PLC0415  (as above)

    return is_known(word, lang=language, low_memory=True)
