"""Who we are to Microsoft, and how we know that it is Microsoft: nothing of it blocks the event loop.

botbuilder 4.17.1 makes a new MSAL application per turn and fetches tokens and signing keys on the event
loop, the keys without a time-out; after a roll of the keys it refuses requests for up to a day. These two
classes stand where it lets us put our own.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests
from botframework.connector.auth import (
    AuthenticationConstants,
    JwtTokenExtractor,
    MicrosoftAppCredentials,
    PasswordServiceClientCredentialFactory,
)
from jwt.algorithms import RSAAlgorithm
from msal import ConfidentialClientApplication

METADATA_URL = AuthenticationConstants.TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL
_ISSUER = AuthenticationConstants.TO_BOT_FROM_CHANNEL_TOKEN_ISSUER
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_TIMEOUT = 10  # seconds
_FRESH = 24 * 3600.0  # seconds
_PAUSE = 60.0  # seconds between two fetches of the keys, whatever strangers send

_log = logging.getLogger(__name__)


class HalfConfigured(Exception):
    """Teams needs app id, password and tenant together, or anonymous mode and none of them."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """Who is let in. `anonymous` is for Microsoft's local test client: nobody is checked, so only a
    service on this machine is ever called. Raises HalfConfigured.
    """

    app_id: str = ""
    password: str = ""
    tenant: str = ""
    anonymous: bool = False

    def __post_init__(self) -> None:
        given = [bool(self.app_id), bool(self.password), bool(self.tenant)]
        if any(given) if self.anonymous else not all(given):
            raise HalfConfigured

    def __repr__(self) -> str:
        return f"Entrance({self.app_id!r}, anonymous={self.anonymous})"

    def lets_in(self, tenant: str) -> bool:
        """Whether somebody of this tenant may talk to us; there is one tenant."""
        return self.anonymous or tenant.casefold() == self.tenant.casefold()

    def serves(self, host: str) -> bool:
        """Whether a caller at this address is heard."""
        return not self.anonymous or host in _LOOPBACK

    def calls(self, service: str) -> bool:
        """Whether a service may be called: what a token vouches for, else only this machine."""
        return not self.anonymous or _host(service) in _LOOPBACK


def from_connector(header: str) -> bool:
    """Whether a token claims to come from the Bot Connector.

    botbuilder chooses how it checks from this very claim: whatever else it says goes nowhere near it.
    """
    scheme, _, token = header.partition(" ")
    if scheme != "Bearer" or not token:
        return False
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        return False
    return bool(claims.get("iss") == _ISSUER)


class CachedToken(MicrosoftAppCredentials):  # type: ignore[misc]
    """Gives the token that it has; `refresh` gets a new one, in a thread, when it is time."""

    def __init__(self, app_id: str, password: str, tenant: str, scope: str) -> None:
        super().__init__(app_id, password, tenant, scope)
        self.app: ConfidentialClientApplication | None = None
        self._token = ""
        self._turn = asyncio.Lock()

    async def refresh(self) -> str:
        """Make sure that the token is good for the next minutes. Raises PermissionError."""
        if self.microsoft_app_id:
            async with self._turn:
                self._token = await asyncio.to_thread(self._fetch)
        return self._token

    def get_access_token(self, force_refresh: bool = False) -> str:  # noqa: ARG002  (botbuilder's interface)
        """The token of the last `refresh`; this one is called on the event loop."""
        return self._token

    def _fetch(self) -> str:
        """Ask MSAL, which keeps tokens while they are good. Left alone it would wait without a limit."""
        if self.app is None:
            self.app = ConfidentialClientApplication(
                self.microsoft_app_id,
                client_credential=self.microsoft_app_password,
                authority=self.oauth_endpoint,
                timeout=_TIMEOUT,
            )
        token: str = super().get_access_token()
        return token


class CachedCredentials(PasswordServiceClientCredentialFactory):  # type: ignore[misc]
    """One MSAL application per scope and process."""

    def __init__(self, entrance: Entrance) -> None:
        super().__init__(entrance.app_id, entrance.password, entrance.tenant)
        self._entrance = entrance
        self._cache: dict[str, CachedToken] = {}

    def token(self, scope: str) -> CachedToken:
        """The token for a service of Microsoft."""
        entrance = self._entrance
        if scope not in self._cache:
            self._cache[scope] = CachedToken(entrance.app_id, entrance.password, entrance.tenant, scope)
        return self._cache[scope]

    async def create_credentials(
        self,
        app_id: str,  # noqa: ARG002  (one app; tokens for others are refused before)
        oauth_scope: str,
        login_endpoint: str,  # noqa: ARG002
        validate_authority: bool,  # noqa: ARG002
    ) -> CachedToken:
        """What botbuilder asks for before each call."""
        return self.token(oauth_scope)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of Microsoft, as botbuilder wants it."""

    public_key: Any
    endorsements: list[str]


class SigningKeys:
    """The keys that sign what Teams sends: fetched in a thread, kept through an outage, rolled at once."""

    def __init__(self, url: str = METADATA_URL, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._keys: dict[str, SigningKey] = {}
        self._turn = asyncio.Lock()
        self._stale_at = self._again_at = float("-inf")

    def register(self) -> None:
        """From now on botbuilder asks here."""
        JwtTokenExtractor.metadataCache[self._url] = self

    async def get(self, kid: str | None) -> SigningKey:
        """The key with this id. Raises PermissionError."""
        async with self._turn:
            at = self._clock()
            if at >= self._again_at and (kid not in self._keys or at >= self._stale_at):
                self._again_at = at + _PAUSE
                await self._refresh(at)
        if kid is None or kid not in self._keys:
            raise PermissionError("unknown signing key")
        return self._keys[kid]

    async def _refresh(self, at: float) -> None:
        try:
            self._keys = await asyncio.to_thread(self._fetch)
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            _log.warning("Teams' signing keys cannot be fetched, the old ones stay: %r", error)
        else:
            self._stale_at = at + _FRESH

    def _fetch(self) -> dict[str, SigningKey]:
        keys = _json(_json(self._url)["jwks_uri"])["keys"]
        return {key["kid"]: _signing_key(key) for key in keys if key.get("kty") == "RSA"}


def _signing_key(key: dict[str, Any]) -> SigningKey:
    return SigningKey(RSAAlgorithm.from_jwk(json.dumps(key)), list(key.get("endorsements", ())))


def _json(url: str) -> Any:
    response = requests.get(url, timeout=_TIMEOUT)
    response.raise_for_status()
    return response.json()


def _host(service: str) -> str:
    try:
        return urlsplit(service).hostname or ""
    except ValueError:
        return ""
