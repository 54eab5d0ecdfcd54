"""What was written about a request and what was changed, for whoever may read it: comments stay with the
team, the rest between the two sides. Pure.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from bot.chat.ui import Bullets, Element, Text
from bot.i18n import day_text, say
from bot.requests.changes import CHANGED, CHANGES, PROPOSED
from bot.requests.tables import RequestEvent
from bot.text.clean import shown as as_typed
from bot.triage.workflow import Action, Side

_MOST = 10  # of what was written, the newest
_LENGTH = 300  # characters of each
_CHANGE, _ANSWER = 800, 80  # characters of a change, and of an answer in it
_BOTH: frozenset[Side] = frozenset({"team", "requester"})
_READ_BY: Mapping[str, frozenset[Side]] = {
    Action.ASK: _BOTH,
    Action.ANSWER: _BOTH,
    Action.WRITE: _BOTH,
    Action.COMMENT: frozenset({"team"}),
    CHANGED: _BOTH,
    PROPOSED: _BOTH,
}
_LINE: Mapping[str, str] = {Action.COMMENT: "comment", CHANGED: "changed", PROPOSED: "proposed"}


def readable(events: Iterable[RequestEvent], person: int, on: Collection[Side]) -> list[RequestEvent]:
    """What somebody who is on these sides may read, oldest first; their own words always."""
    written = [
        event
        for event in events
        if event.kind in _READ_BY and (event.data.get("text") or event.data.get(CHANGES))
    ]
    return [one for one in written if one.person == person or not _READ_BY[one.kind].isdisjoint(on)]


def elements(
    written: Sequence[RequestEvent],
    names: Mapping[int, str],
    day: Callable[[dt.datetime], dt.date],
    language: str,
) -> tuple[Element, ...]:
    """The newest of it, who wrote it and when; nothing if nobody has written. `day` is that of the team."""
    if not written:
        return ()
    lines = [
        say(
            language,
            f"triage.talk.{_LINE.get(event.kind, 'line')}",
            day=day_text(day(event.at), language),
            name=names.get(event.person or 0) or say(language, "triage.somebody"),
            text=_text(event, language),
        )
        for event in written[-_MOST:]
    ]
    earlier = len(written) - len(lines)
    more = (say(language, "triage.talk.earlier", count=earlier),) if earlier else ()
    return Text(say(language, "triage.talk.title"), "strong"), Bullets((*more, *lines))


def _text(event: RequestEvent, language: str) -> str:
    """What somebody wrote, or every answer that became another one."""
    changed = event.data.get(CHANGES)
    if not changed:
        return as_typed(str(event.data["text"]), _LENGTH)
    rows = (
        f"{label}: {as_typed(before, _ANSWER)} → {as_typed(after, _ANSWER)}"
        for label, before, after in changed.get(language, ())
    )
    return as_typed("; ".join(rows), _CHANGE)
