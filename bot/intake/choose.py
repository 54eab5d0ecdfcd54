"""Which flow a command opens: the one whose keyword stands alone or before a colon, else the default one.

A keyword inside a sentence picks nothing: "Daten aus dem CRM in den Newsletter" is a wish like any other.
"""

from collections.abc import Iterable

from bot.intake.model import EVERYONE, Flow

_ENDINGS = " \t\r\n.,;!?…"


def offered(flows: Iterable[Flow], command: str, department: str | None = None) -> list[Flow]:
    """The flows that somebody of a department can open with a command; the default one first."""
    open_to = [
        flow for flow in flows if flow.command == command and {EVERYONE, department} & set(flow.audience)
    ]
    return sorted(open_to, key=lambda flow: bool(flow.keywords))


def chosen(
    flows: Iterable[Flow], command: str, text: str, department: str | None = None
) -> tuple[Flow | None, str]:
    """The flow and the text that is left for its first question. None: offer all that there are."""
    possible = offered(flows, command, department)
    head, colon, rest = text.partition(":")
    if picked := _by_keyword(possible, head):
        return picked, rest.strip() if colon else ""
    if len(possible) == 1:
        return possible[0], text.strip()
    defaults = [flow for flow in possible if not flow.keywords]
    return (defaults[0] if text.strip() and len(defaults) == 1 else None), text.strip()


def _by_keyword(flows: Iterable[Flow], typed: str) -> Flow | None:
    wanted = _plain(typed)
    return next((flow for flow in flows if wanted in map(_plain, _keywords(flow))), None)


def _keywords(flow: Flow) -> list[str]:
    return [word for words in flow.keywords.values() for word in words]


def _plain(text: str) -> str:
    return " ".join(text.strip(_ENDINGS).casefold().split())
