"""What the landscape and the glossary say about what was just chosen, below the question. Pure."""

from collections.abc import Callable, Iterable, Iterator

from bot.chat.ports import Word
from bot.chat.ui import Bullets, FormElement, Text
from bot.i18n import say
from bot.intake.landscape import Interfaces, Link, Missing, namer
from bot.intake.systems import Landscape
from bot.intake.texts import localised

_MOST = 12  # lines below a question


def interface_lines(found: Interfaces, landscape: Landscape, language: str) -> list[str]:
    """What is connected, planned and missing, a line each."""
    return list(_lines(found, namer(landscape), language))


def interface_elements(found: Interfaces, landscape: Landscape, language: str) -> tuple[FormElement, ...]:
    """The same, as far as it fits below a question."""
    lines = interface_lines(found, landscape, language)
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


def _lines(found: Interfaces, name: Callable[[str], str], language: str) -> Iterator[str]:
    def line(key: str, link: Link, **values: str) -> str:
        both = getattr(link, "direction", None) == "two_way"
        pair = say(
            language, "request.pair_both" if both else "request.pair", a=name(link.from_), b=name(link.to)
        )
        return say(language, f"request.interfaces_{key}", pair=pair, **values)

    for link in found.connected:
        often = say(language, f"request.frequency.{link.frequency}")
        yield line("connected", link, data=localised(link.data, language), frequency=often)
    for way in found.via:
        yield line("via", way, via=name(way.via))
    for plan in found.planned:
        key = "planned" if plan.planned_for else "planned_sometime"
        yield line(key, plan, when=plan.planned_for or "")
    for gap in found.missing:
        yield line("manual" if gap.data else "missing", gap, data=_data(gap, language))
    for unknown in found.unknown:
        yield say(language, "request.interfaces_unknown", name=unknown)


def _data(gap: Missing, language: str) -> str:
    return localised(gap.data, language) if gap.data else ""
