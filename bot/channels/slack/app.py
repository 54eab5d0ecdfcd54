"""The Slack channel as the composition root sees it: routes, a sender, profiles, and what runs."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import BaseRoute, Route

from bot.channels.slack.background import Background
from bot.channels.slack.calls import Web
from bot.channels.slack.connection import Connection
from bot.channels.slack.errors import SlackAway
from bot.channels.slack.guard import Guard
from bot.channels.slack.installation import Installation, OnlyOurs
from bot.channels.slack.listener import Listener
from bot.channels.slack.profiles import SlackProfiles
from bot.channels.slack.render import said
from bot.channels.slack.sender import SlackSender
from bot.channels.slack.settings import SlackSettings
from bot.channels.slack.surfaces import ReplyUrls, Tools
from bot.channels.slack.switch import Switch
from bot.chat.ports import Alarm, Context, Once, Outbox, Profiles, RetryLater, Sender, Service
from bot.chat.router import Router

PATH = "/slack/events"
_LIMIT = 10.0  # seconds for any call
_TO_FINISH = 2.0  # seconds for what goes on in the background at the end

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ports:
    """What Slack needs of the rest."""

    router: Router
    context: Context
    outbox: Outbox
    once: Once
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class Slack:
    """What the composition root joins. `app` is bolt's, for whoever brings requests another way.

    `background` is what goes on after an answer.
    """

    routes: Sequence[BaseRoute]
    sender: Sender
    profiles: Profiles
    service: Service
    app: AsyncApp
    background: Background


def slack(settings: SlackSettings, ports: Ports) -> Slack:
    """The channel. Nothing is opened before its service is started."""
    client = AsyncWebClient(settings.bot_token, base_url=settings.api_url)
    web = Web(client)
    installation = Installation(web, settings.bot_token, settings.team)
    reply_urls, background = ReplyUrls(settings.api_url), Background()
    tools = Tools(web, ports.outbox, reply_urls)
    listener = Listener(
        ports.router, ports.context, ports.once, tools, installation, background, settings.strangers
    )

    async def ended(event: str) -> None:
        _log.error("Slack: %s. Install the app again and set KLARTEXT_SLACK_BOT_TOKEN.", event)
        await ports.alarm.raise_once("slack.alarm.token", {"code": event}, f"slack:ended:{event}")

    app = bolt(settings, installation, OnlyOurs(installation, ended), listener)
    secret = settings.signing_secret
    return Slack(
        [Route(PATH, Guard(app, secret), methods=["POST"])] if secret else [],
        SlackSender(web, ports.alarm),
        SlackProfiles(web, installation.identity, settings.department_field),
        _Service(settings, app, client, reply_urls, installation, background),
        app,
        background,
    )


def bolt(
    settings: SlackSettings, installation: Installation, first: OnlyOurs, listener: Listener
) -> AsyncApp:
    """Bolt: it reads and authorizes what comes, and hands it to the switch."""
    app = AsyncApp(
        name="klartext",
        client=AsyncWebClient(base_url=settings.api_url),
        signing_secret=settings.signing_secret or "unused",  # our guard verifies
        authorize=installation,  # type: ignore[arg-type]  # bolt takes an AsyncAuthorize, and says a function
        before_authorize=first,
        process_before_response=True,  # else bolt looks every 10 ms whether there is an answer
        request_verification_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
        user_facing_authorize_error_message=said(None, "slack.away"),
    )
    app.use(Switch(listener))
    return app


class _Service:
    """The one session of the process, and the connection of Socket Mode."""

    def __init__(
        self,
        settings: SlackSettings,
        app: AsyncApp,
        client: AsyncWebClient,
        reply_urls: ReplyUrls,
        installation: Installation,
        background: Background,
    ) -> None:
        token = settings.app_token
        self._connection = Connection(app, token, settings.api_url) if token else None
        self._clients = (client, app.client)
        self._reply_urls = reply_urls
        self._installation = installation
        self._background = background
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Raises SlackRefused and WrongWorkspace: a wrong token or workspace stops the start."""
        # with a session of ours the clients' own time-outs do not count
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_LIMIT))
        for client in self._clients:
            client.session = self._session
        self._reply_urls.session = self._session
        try:
            await self._open()
        except BaseException:
            await self.stop()
            raise

    async def _open(self) -> None:
        try:
            await self._installation.identity()
        except (SlackAway, RetryLater) as away:
            _log.warning("Slack cannot be reached yet: %s", away)
        if self._connection:
            await self._connection.start()

    async def stop(self) -> None:
        """The connection first, then what still runs, then the session."""
        if self._connection:
            await self._connection.stop()
        await self._background.finish(_TO_FINISH)
        if self._session:
            await self._session.close()
