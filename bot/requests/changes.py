"""What a change of a request changes, in words: before and after of every answer that is another one.

Its history keeps it, so that what somebody has written is not lost when they write something else. Pure.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.i18n import LANGUAGES, say
from bot.requests import sections
from bot.requests.tables import Request

CHANGED, PROPOSED = "changed", "proposed"  # the events
CHANGES = "changes"  # where these have the differences, by language
_NOTHING = "–"


def differences(
    request: Request, values: Mapping[str, Any], language: str
) -> Iterator[tuple[str, str, str]]:
    """Question, answer now and answer then, in the order of the questions. `values` are the new ones."""
    if "sections" in values:
        now = _answers(request.sections, language)
        wanted = _answers(values["sections"], language)
        for place in dict.fromkeys((*wanted, *now)):
            before, after = now.get(place, _NOTHING), wanted.get(place, _NOTHING)
            if before != after:
                yield place[1], before, after
    if "use_case" in values:
        before, after = (
            ", ".join(case.get("links") or ()) for case in (request.use_case, values["use_case"])
        )
        if before != after:
            yield say(language, "request.links"), before or _NOTHING, after or _NOTHING
    if values.get("confidential", request.confidential) != request.confidential:
        words = {True: say(language, "request.yes"), False: say(language, "request.no")}
        label = say(language, "request.confidential")
        yield label, words[request.confidential], words[not request.confidential]


def kept(request: Request, values: Mapping[str, Any]) -> dict[str, Any]:
    """The differences as an event holds them, and the names that may stand in them: whoever is forgotten
    is taken out of it by these. Empty if nothing is different.
    """
    found = {
        language: [list(row) for row in differences(request, values, language)] for language in LANGUAGES
    }
    if not any(found.values()):
        return {}
    cases = (request.use_case, values.get("use_case") or {})
    names = {who: name for case in cases for who, name in (case.get("people") or {}).items()}
    return {CHANGES: found, "people": names}


def _answers(data: Mapping[str, Any], language: str) -> dict[tuple[str, str], str]:
    found = sections.read(data, language)
    return {(section.title, label): text for section in found for label, text in section.rows}
