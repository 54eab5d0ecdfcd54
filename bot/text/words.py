"""Ordinary words of German and English."""

from functools import lru_cache


@lru_cache(maxsize=20_000)
def is_word(word: str) -> bool:
    """The real-word gate: an ordinary word of German or English.

    simplemma's word lists, loaded by the first question that misses (0.7 s) and kept in their compact
    form (25 MB instead of 140 MB; 40 µs a word, asked only when everything exact has missed).
    """
    from simplemma import is_known  # noqa: PLC0415  (70 ms that no start has to wait for)

    return is_known(word, ("en", "de"), low_memory=True)
