"""Socket Mode: Slack's requests through a connection that we open, for whoever has no public address."""

import asyncio
import logging
from contextlib import suppress

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.calls import SOCKET_METHOD, TOKEN_IS_DEAD, SlackRefused

_log = logging.getLogger(__name__)
_PAUSE = 5.0  # seconds until the first connection is tried again; later ones are slack_sdk's


class Connection:
    """Opens at the start and stays open: slack_sdk renews it."""

    def __init__(self, app: AsyncApp, token: str, api_url: str) -> None:
        self._app = app
        self._token = token
        self._api_url = api_url
        self._handler: AsyncSocketModeHandler | None = None
        self._trying: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, or go on trying if Slack is away. Raises SlackRefused for a token that is wrong."""
        client = AsyncWebClient(token=self._token, base_url=self._api_url)
        self._handler = AsyncSocketModeHandler(self._app, self._token, web_client=client)
        if not await self._connect(self._handler):
            self._trying = asyncio.create_task(self._try(self._handler))

    async def stop(self) -> None:
        """Close."""
        if self._trying:
            self._trying.cancel()
            with suppress(asyncio.CancelledError):
                await self._trying
        if self._handler:
            await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _try(self, handler: AsyncSocketModeHandler) -> None:
        connected = False
        while not connected:
            await asyncio.sleep(_PAUSE)
            try:
                connected = await self._connect(handler)
            except SlackRefused as refused:
                _log.error("Socket Mode: %s", refused)
                return

    async def _connect(self, handler: AsyncSocketModeHandler) -> bool:
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            data = error.response.data if hasattr(error.response, "data") else {}
            code = str(data.get("error", "")) if isinstance(data, dict) else ""
            if code in TOKEN_IS_DEAD or code in {"missing_scope", "not_allowed_token_type"}:
                raise SlackRefused(SOCKET_METHOD, code, str(data.get("needed", ""))) from error
            _log.warning("no connection to Slack yet: %s", code or type(error).__name__)
            return False
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            _log.warning("no connection to Slack yet: %s", type(error).__name__)
            return False
        return True
