"""What a modal carries through Slack in `private_metadata`: ids and places, never content.

Slack keeps it and sends it back signed; a handler checks every id in it all the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from bot.channels.slack.limits import METADATA
from bot.chat.events import Place

CHANNEL = "slack"
_KINDS = ("direct", "group", "public")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One view. `place` is where it was opened, `at_home` on the Home tab.

    `revision` is the form's own; `drawn` counts how often the form was drawn in this window with answers of
    its own: it stands in every block_id, because Slack keeps what was typed as long as the id stays.
    """

    place: Place
    state: Mapping[str, str] = field(default_factory=dict)
    revision: int = 1
    drawn: int = 1
    at_home: bool = False

    def written(self) -> str:
        """As private_metadata. Raises ValueError for a state that is content rather than ids."""
        place = [self.place.id, self.place.kind, self.place.thread or ""]
        data = {"p": place, "s": dict(self.state), "r": self.revision, "d": self.drawn}
        text = json.dumps(data | ({"h": 1} if self.at_home else {}), separators=(",", ":"))
        if len(text) > METADATA:
            raise ValueError("the state of a form holds ids, not content")
        return text


def direct(account: str) -> Place:
    """Where somebody talks with Klartext alone, if we do not know the id of that conversation."""
    return Place(CHANNEL, account, "direct")


def read_sheet(view: Mapping[str, Any], account: str) -> Sheet:
    """What a view says about itself; a view of another version was opened nowhere in particular."""
    try:
        data = json.loads(view.get("private_metadata") or "{}")
        id_, kind, thread = (str(part) for part in data["p"])
        state = {str(name): str(value) for name, value in data["s"].items()}
        revision, drawn, at_home = int(data["r"]), int(data["d"]), bool(data.get("h"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Sheet(direct(account), at_home=view.get("type") == "home")
    known = cast(Literal["direct", "group", "public"], kind if kind in _KINDS else "direct")
    return Sheet(Place(CHANNEL, id_, known, thread or None), state, revision, drawn, at_home)
