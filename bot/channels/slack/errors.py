"""What Slack can refuse. Apart from what calls it: whoever only names a failure loads no library."""

from bot.chat.ports import MessageGone, Unreachable


class SlackRefused(Exception):
    """Slack says no, and will say it again until somebody mends something. `code` is Slack's own word."""

    def __init__(self, method: str, code: str, needed: str = "") -> None:
        super().__init__(f"{method}: {code}" + (f" ({needed})" if needed else ""))
        self.method = method
        self.code = code
        self.needed = needed


class NotThere(SlackRefused, Unreachable):
    """We are not in that channel, it is archived, or there is no such person or channel."""


class NoSuchMessage(SlackRefused, MessageGone):
    """The message was deleted, or may not be changed any more."""


class SlackAway(Exception):
    """Nobody knows whether the call was heard: a time-out, no connection, or 5xx. Try again later."""


class WrongWorkspace(Exception):
    """The token belongs to another workspace than the settings say. Correct one of them."""

    def __init__(self, wanted: str, found: str) -> None:
        super().__init__(f"{found} instead of {wanted}")
        self.wanted = wanted
        self.found = found
