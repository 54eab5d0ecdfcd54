"""Who may do what: one table. Whatever is not in it, everybody may."""

from collections.abc import Mapping
from enum import StrEnum

from bot.chat.events import Asker
from bot.chat.router import Refused

ADMIN = "admin"
STEWARD = "glossary_steward"


class Action(StrEnum):
    """What not everybody may do."""

    BIND_PLACE = "bind_place"


ALLOWED: Mapping[Action, frozenset[str]] = {
    Action.BIND_PLACE: frozenset({ADMIN}),
}


def require(asker: Asker, action: Action) -> None:
    """Raises Refused if none of the asker's roles may do it."""
    if not asker.roles & ALLOWED[action]:
        raise Refused("people.not_allowed")
