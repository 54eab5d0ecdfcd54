"""How a name sounds to German and English ears: what is written from hearing falls together.

"Eventbright" is Eventbrite, "Datef" is DATEV. Only for words that are no ordinary ones.
"""

import re
from functools import lru_cache

_RULES = tuple(
    (re.compile(spelt), sound)
    for spelt, sound in (
        ("igh", "ai"),
        ("ph|[vw]", "f"),
        ("sch", "sh"),
        ("chs|cks|cs|ks|x", "ks"),
        ("c(?=[eiy])|z|tz", "s"),
        ("ck|c(?!h)|q", "k"),
        ("th|dt|d$", "t"),
        ("oo|ou", "u"),
        ("ee|ea|ie|y", "i"),
        (r"i(?=[^aeiou]e$)", "ai"),  # "site" and "sight"
        (r"([aou])h(?=[^aeiou]|$)", r"\1"),
        (r"(.)\1+", r"\1"),
        (r"(?<=[^aeiou])e$", ""),
    )
)


@lru_cache(maxsize=20_000)
def sound_of(key: str) -> str:
    """The sound of a key (`pieces.normal`)."""
    for spelt, sound in _RULES:
        key = spelt.sub(sound, key)
    return key
