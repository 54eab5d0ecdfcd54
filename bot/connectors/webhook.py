"""A signed POST to any tool: Standard Webhooks in the headers, a CloudEvent in the body.

A repeat has the same `webhook-id`, so the tool knows it: it must forget nothing that it took, and Klartext
need not look for anything.
"""

import binascii
import datetime as dt
from collections.abc import Callable
from typing import Any

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from standardwebhooks.webhooks import EmptyWebhookSecretError
from standardwebhooks.webhooks import Webhook as Signature

from bot.connectors.model import Webhook
from bot.connectors.ports import Failed, Found, Remote, Ticket
from bot.connectors.wire import Wire

CREATED, UPDATED = "klartext.request.created", "klartext.request.updated"
_NO_HEAD = frozenset({405, 501})


class BadSecret(Exception):
    """The secret is no key in base64 (`whsec_…`)."""


class WebhookTarget:
    """The tool behind one address. Raises BadSecret, and OSError for a `ca_file`."""

    settle: float | None = None

    def __init__(
        self,
        wire: Wire,
        settings: Webhook,
        secret: str,
        source: str,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._wire = wire
        self._url = settings.url
        self._source = source
        self._clock = clock
        self._signature = signature(secret)

    async def create(self, ticket: Ticket) -> Remote:
        """Tell it of a new request."""
        await self._send(ticket, CREATED, ticket.key)
        return Remote(ticket.key)

    async def update(self, remote: Remote, ticket: Ticket, before: str, event: str) -> None:  # noqa: ARG002
        """Tell it what is true now."""
        await self._send(ticket, UPDATED, event)

    async def find_by_key(self, key: str, since: dt.datetime) -> Remote | None:  # noqa: ARG002
        """Nobody can be asked, and nobody need be."""
        return None

    async def check(self) -> Found:
        """A look without a body: it answers, with the right certificate."""
        try:
            await self._wire.call("HEAD", self._url)
        except Failed as no:
            if no.reason == "not_there":
                return Found("webhook_unsure", {"status": no.status})
            if no.reason not in {"not_taken", "login"} and no.status not in _NO_HEAD:
                raise
        return Found("webhook", {})

    async def close(self) -> None:
        """Close connections."""
        await self._wire.close()

    async def _send(self, ticket: Ticket, kind: str, event: str) -> None:
        body = JSONFormat().write(CloudEvent(self._about(ticket, kind, event), content(ticket)))
        at = self._clock()
        headers = {
            "content-type": "application/cloudevents+json",
            "webhook-id": event,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self._signature.sign(event, at, body.decode()),
        }
        await self._wire.call("POST", self._url, content=body, headers=headers)

    def _about(self, ticket: Ticket, kind: str, event: str) -> dict[str, Any]:
        return {
            "id": event,
            "source": f"/{self._source}",
            "type": kind,
            "subject": ticket.label,
            "time": ticket.changed_at,
            "datacontenttype": "application/json",
            "dataschema": f"urn:klartext:{ticket.use_case.get('schema', '')}",
        }


def signature(secret: str) -> Signature:
    """What signs and checks. Raises BadSecret."""
    try:
        return Signature(secret.strip())
    except (EmptyWebhookSecretError, binascii.Error, ValueError) as error:
        raise BadSecret from error


def content(ticket: Ticket) -> dict[str, Any]:
    """A request as data: the use case names the version of its own schema."""
    return {
        "key": ticket.key,
        "label": ticket.label,
        "title": ticket.title,
        "language": ticket.language,
        "state": ticket.state,
        "markdown": ticket.markdown,
        "use_case": dict(ticket.use_case),
    }
