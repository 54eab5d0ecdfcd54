"""What the landscape and the glossary say about what was just chosen, below the question. Pure."""

from collections.abc import Iterable

from bot.chat.ports import Word
from bot.chat.ui import Bullets, FormElement, Text
from bot.i18n import say
from bot.intake import picture
from bot.intake.landscape import Interfaces, namer
from bot.intake.systems import Landscape
from bot.intake.texts import localised

_MOST = 12  # lines below a question


def interface_elements(found: Interfaces, landscape: Landscape, language: str) -> tuple[FormElement, ...]:
    """What is connected, planned and missing, a line each, as far as it fits below a question."""
    lines = picture.lines(found, namer(landscape), language)
    if not lines:
        return ()
    left = len(lines) - _MOST
    more = (Text(say(language, "request.analysis_more", count=left), "subtle"),) if left > 0 else ()
    return Text(say(language, "request.analysis"), "strong"), Bullets(tuple(lines[:_MOST])), *more


def word_elements(words: Iterable[Word], language: str) -> tuple[FormElement, ...]:
    """The terms in an answer, with what this department means by them."""
    lines = [
        say(
            language,
            "list.line",
            label=localised(word.label, language),
            text=localised(word.senses[word.meant], language),
        )
        for word in words
    ]
    return (Bullets(tuple(lines[:_MOST])),) if lines else ()
