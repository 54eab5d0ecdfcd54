"""Bot Framework's adapter, as small as it can be: checks who calls, and calls back with plain dicts.

This and `credentials` are all that knows botbuilder, which is out of support: its successor goes here.

The adapter that Microsoft ships answers 500 to every invoke with a body, spends 7 ms per turn on making
clients anew, and lets urllib3 sleep in a thread for as long as Retry-After says.
"""

import json
from collections.abc import Awaitable, Callable

from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.schema import Activity
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import (
    AuthenticateRequestResult,
    AuthenticationConfiguration,
    AuthenticationConstants,
    BotFrameworkAuthentication,
    BotFrameworkAuthenticationFactory,
    ClaimsIdentity,
    ConnectorFactory,
)
from msrest.exceptions import ClientRequestError
from urllib3 import Retry

from bot.channels.teams.connector import CallFailed, Response
from bot.channels.teams.credentials import CachedCredentials, Entrance, SigningKeys
from bot.channels.teams.invokes import Answer
from bot.channels.teams.render import Json

_SCOPE = AuthenticationConstants.TO_CHANNEL_FROM_BOT_OAUTH_SCOPE
_TIMEOUT = 10  # seconds
_MOST_CLIENTS = 50  # services; Teams has a handful of regions
_HEADERS = {"Accept": "application/json", "Content-Type": "application/json; charset=utf-8"}


class Malformed(Exception):
    """No activity. Answer 400."""


class NotMicrosoft(Exception):
    """The token is missing, forged, expired or for somebody else. Answer 401."""


Turn = Callable[[], Awaitable[Answer | None]]


class _Clients(ConnectorFactory):  # type: ignore[misc]
    """One client per service; making one costs more than everything else in a turn."""

    def __init__(self, make: ConnectorFactory) -> None:
        self._make = make
        self._made: dict[str, ConnectorClient] = {}

    async def create(self, service_url: str, audience: str | None = None) -> ConnectorClient:
        """The client of a service. Asks nobody for anything."""
        if service_url not in self._made:
            client = await self._make.create(service_url, audience)
            _never_repeat(client.config.retry_policy.policy)
            client.config.connection.timeout = _TIMEOUT
            if len(self._made) >= _MOST_CLIENTS:
                self._made.clear()
            self._made[service_url] = client
        return self._made[service_url]


class _Door(BotFrameworkAuthentication):  # type: ignore[misc]
    """botbuilder's checks, with our clients."""

    def __init__(self, entrance: Entrance, credentials: CachedCredentials) -> None:
        self._checks = BotFrameworkAuthenticationFactory.create(
            credential_factory=credentials, auth_configuration=AuthenticationConfiguration()
        )
        claims = {AuthenticationConstants.AUDIENCE_CLAIM: entrance.app_id}
        self.clients = _Clients(self._checks.create_connector_factory(ClaimsIdentity(claims, True)))

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        """Raises whatever botbuilder and PyJWT raise."""
        verified = await self._checks.authenticate_request(activity, auth_header)
        verified.connector_factory = self.clients
        return verified

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:  # noqa: ARG002
        """For what is sent later."""
        return self.clients

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        """Nobody signs in through Klartext."""

    async def authenticate_streaming_request(self, *_: str) -> None:
        """Teams does not stream."""
        raise PermissionError("no streaming")


class Adapter(CloudAdapterBase):  # type: ignore[misc]
    """In with checked activities, out with dicts."""

    def __init__(self, entrance: Entrance) -> None:
        self._credentials = CachedCredentials(entrance)
        self._door = _Door(entrance, self._credentials)
        super().__init__(self._door)
        SigningKeys().register()

    async def let_in(self, body: Json, header: str) -> "Caller":
        """Whoever sent this. Raises Malformed and NotMicrosoft."""
        try:
            activity = Activity().deserialize(body)
        except Exception as error:  # msrest raises many kinds
            raise Malformed from error
        try:
            verified = await self.bot_framework_authentication.authenticate_request(activity, header)
        except Exception as error:  # PermissionError, PyJWTError, IndexError, bare Exception
            raise NotMicrosoft(type(error).__name__) from error
        activity.delivery_mode = None  # or botbuilder would collect the replies instead of ours
        return Caller(self, activity, verified)

    async def call(
        self, service: str, method: str, path: str, body: Json | None = None, **query: str
    ) -> Response:
        """Ask a service. Raises CallFailed if there is no answer."""
        client = await self._door.clients.create(service)
        await self.token(_SCOPE)
        try:
            pipeline = client._client  # noqa: SLF001  (the only way to send what botbuilder has no model for)
            request = getattr(pipeline, method)(path, query, dict(_HEADERS), body)
            given = await pipeline.async_send(request, stream=False)
        except (ClientRequestError, OSError) as error:
            raise CallFailed(f"{method} {path}: {error!r}") from error
        return Response(given.status_code, given.headers, _read(given.body()))

    async def token(self, scope: str) -> str:
        """A token for another service of Microsoft; empty in anonymous mode. Raises CallFailed."""
        try:
            return await self._credentials.token(scope).refresh()
        except (OSError, ValueError, KeyError) as error:  # PermissionError: Entra says no
            raise CallFailed(f"token for {scope}: {error!r}") from error


class Caller:
    """A checked activity; `turn` works on it inside botbuilder's pipeline."""

    def __init__(self, adapter: Adapter, activity: Activity, verified: AuthenticateRequestResult) -> None:
        self._adapter = adapter
        self._activity = activity
        self._verified = verified

    async def turn(self, work: Turn) -> Answer | None:
        """Do the work and hand on its answer; None if the activity wants none."""

        async def logic(context: TurnContext) -> None:
            answer = await work()
            if answer is not None:
                given = InvokeResponse(status=answer.status, body=answer.body)
                context.turn_state[TurnContext._INVOKE_RESPONSE_KEY] = Activity(value=given)  # noqa: SLF001

        given = await self._adapter.process_activity(self._verified, self._activity, logic)
        return None if given is None else Answer(int(given.status), given.body)


def _never_repeat(policy: Retry) -> None:
    """Changed in place: the session already has it. Whether to repeat is for the jobs to say."""
    policy.total = policy.connect = policy.read = 0
    policy.respect_retry_after_header = False
    policy.status_forcelist = ()


def _read(body: bytes | None) -> Json:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
