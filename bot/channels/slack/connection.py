"""Socket Mode: Slack's requests through a connection that we open, for whoever has no public address."""

import asyncio
import logging
from contextlib import suppress

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.calls import SOCKET_METHOD, Web
from bot.channels.slack.errors import SlackAway
from bot.chat.ports import RetryLater

_log = logging.getLogger(__name__)


class Connection:
    """Opens at the start and stays open: slack_sdk renews it, and tries for ever to open it."""

    def __init__(self, app: AsyncApp, token: str, api_url: str) -> None:
        self._app = app
        self._token = token
        self._client = AsyncWebClient(token, base_url=api_url)
        self._handler: AsyncSocketModeHandler | None = None
        self._opening: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect. Raises SlackRefused for a wrong token: slack_sdk would try on and on."""
        address = await self._address()
        self._handler = AsyncSocketModeHandler(self._app, self._token, web_client=self._client)
        self._handler.client.wss_uri = address
        self._opening = asyncio.create_task(self._handler.connect_async())  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        """Close."""
        if self._opening:
            self._opening.cancel()
            with suppress(asyncio.CancelledError):
                await self._opening
        if self._handler:
            await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _address(self) -> str | None:
        """Where the connection is; slack_sdk asks again if Slack is away now."""
        try:
            return str((await Web(self._client).call(SOCKET_METHOD, {}))["url"])
        except (SlackAway, RetryLater) as away:
            _log.warning("no connection to Slack yet: %s", away)
            return None
