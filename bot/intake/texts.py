"""Texts of flow files: one per language, with a neutral form where a language says du, and placeholders.

A placeholder is filled by plain replacement: nothing that a person typed is ever read as a template.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

TEXT_KEY = r"^[a-z]{2}(_neutral)?$"
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.]*)\}")

Address = Literal["du", "neutral"]
_Language = Annotated[str, StringConstraints(pattern=TEXT_KEY)]
_Text24 = Annotated[str, StringConstraints(min_length=1, max_length=24, pattern=r"\S")]
_Text75 = Annotated[str, StringConstraints(min_length=1, max_length=75, pattern=r"\S")]
_Text150 = Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=r"\S")]
_Text300 = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"\S")]
_Text2000 = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"\S")]
_Text3000 = Annotated[str, StringConstraints(min_length=1, max_length=3000, pattern=r"\S")]
# The limits are Slack's (docs.slack.dev/reference/block-kit): title of a view 24, option 75,
# placeholder 150, label and hint 2000, section 3000. Teams allows more everywhere.
Title = Annotated[dict[_Language, _Text24], Field(min_length=1)]
ShortText = Annotated[dict[_Language, _Text75], Field(min_length=1)]
Example = Annotated[dict[_Language, _Text150], Field(min_length=1)]
Sentence = Annotated[dict[_Language, _Text300], Field(min_length=1)]
Label = Annotated[dict[_Language, _Text2000], Field(min_length=1)]
Paragraph = Annotated[dict[_Language, _Text3000], Field(min_length=1)]


def localised(texts: Mapping[str, str], language: str, address: Address = "du") -> str:
    """The text in this language, in its neutral form if that is wanted and there is one.

    A language that is missing falls back to the first one; no text at all is "".
    """
    if address == "neutral" and (neutral := texts.get(f"{language}_neutral")):
        return neutral
    return texts.get(language) or next(iter(texts.values()), "")


def placeholders(text: str) -> Iterator[str]:
    """The names in braces."""
    return (found.group(1) for found in _PLACEHOLDER.finditer(text))


def filled(text: str, value: Callable[[str], str]) -> str:
    """The text with every placeholder replaced once; a value is never searched for placeholders."""
    return _PLACEHOLDER.sub(lambda found: value(found.group(1)), text)
