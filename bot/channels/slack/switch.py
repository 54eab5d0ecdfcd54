"""Bolt's last stop: what it has read and authorized goes to the listener of its kind.

One middleware instead of a listener of bolt's per kind. Bolt would match every request anew and make
twenty arguments each time, at the cost of a look-up; we know where a request goes by its type.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.channels.slack.listener import Listener

Body = dict[str, Any]
Serve = Callable[[Body], Awaitable[BoltResponse]]


class Switch(AsyncMiddleware):
    """Serves every kind of request; events that nobody wants, too: a 404 makes Slack send them again."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self._by_type: Mapping[str, tuple[str, Serve]] = {  # with the key that such a request must have
            "block_actions": ("actions", listener.action),
            "view_submission": ("view", listener.submit),
            "block_suggestion": ("block_id", listener.options),
            "event_callback": ("event", listener.event),
            "shortcut": ("callback_id", listener.shortcut),
            "message_action": ("callback_id", listener.shortcut),
            "view_closed": ("view", listener.closed),
        }

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002  (the interface of bolt)
        next: Callable[[], Awaitable[Any]],  # noqa: A002
    ) -> BoltResponse | None:
        """The answer of the listener; bolt says 404 to what has none, and 500 if it raises."""
        body = req.body
        if "command" in body:
            return await self.listener.command(body)
        key, serve = self._by_type.get(str(body.get("type")), ("", None))
        if serve is not None and body.get(key):
            return await serve(body)
        await next()
        return None
