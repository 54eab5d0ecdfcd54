"""Every sentence that Klartext says, by key and language. The texts are data: `locales/LANGUAGE/AREA.yaml`.

{…} is filled in when the sentence is said. Every area has the same keys in every language.
"""

import datetime as dt
from functools import cache
from pathlib import Path

from bot.files.findings import Finding
from bot.files.source import read

LANGUAGES = ("de", "en")
_LOCALES = Path(__file__).parent / "locales"


@cache
def sentences(language: str) -> dict[str, str]:
    """All sentences of a language, keys joined by dots. Raises FileBroken on a broken file."""
    files = sorted((_LOCALES / language).glob("*.yaml"))
    return {key: sentence for file in files for key, sentence in _flat("", read(file).data)}


def say(language: str, key: str, /, **values: object) -> str:
    """The sentence for a key, filled with the values (which stay literal). English if in doubt."""
    known = sentences(language if language in LANGUAGES else "en")
    return known[key].format(**values)


def day_text(day: dt.date, language: str) -> str:
    """A day as one writes it, with its year: 12.03.2027 in German, 12 March 2027 in English."""
    if language == "de":
        return f"{day:%d.%m.%Y}"
    return f"{day.day} {say(language, 'chat.months').split('|')[day.month - 1]} {day.year}"


@cache
def phrases(key: str, /) -> frozenset[str]:
    """What people may type for something, in every language; one entry, separated by `|`."""
    return frozenset(
        phrase.strip().casefold()
        for language in LANGUAGES
        for phrase in sentences(language)[key].split("|")
    )


def explain(finding: Finding, language: str) -> str:
    """A finding as a sentence: what is wrong and how to mend it."""
    values = dict(finding.values)
    hint = values.pop("hint", "")
    meant = say(language, "check.meant", hint=hint) if hint else ""
    return say(language, f"check.{finding.code}", meant=meant, **values)


def _flat(prefix: str, tree: dict[str, object]) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for key, value in tree.items():
        name = f"{prefix}.{key}" if prefix else key
        flat += _flat(name, value) if isinstance(value, dict) else [(name, str(value))]
    return flat
