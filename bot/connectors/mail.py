"""E-mail to a mailbox: text and HTML, the use case attached as JSON, one thread for each request.

The Message-ID is made from the key, so a mail that is sent again after an unclear answer has the same one,
and most mailboxes show it once.
"""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as AS_SMTP
from email.utils import format_datetime

import aiosmtplib
from aiosmtplib import SMTP

from bot.connectors.model import Mail
from bot.connectors.ports import Found, Rejected, Remote, Ticket, Unclear, Unreached
from bot.connectors.text import as_html, as_text, without_pictures
from bot.connectors.wire import LIMIT, Resolve, allowed, resolved, trusted
from bot.i18n import say

_STEP = 10.0  # seconds for one command
_SUBJECT = 200  # characters


class MailTarget:
    """One mail server and whom it writes to. Raises OSError for a `ca_file` that cannot be read."""

    settle: float | None = None

    def __init__(
        self, settings: Mail, password: str, *, resolve: Resolve = resolved, step: float = _STEP
    ) -> None:
        self._settings = settings
        self._password = password
        self._resolve = resolve
        self._step = step
        self._context = trusted(settings.ca_file)
        self._domain = settings.sender.partition("@")[2]

    async def create(self, ticket: Ticket) -> Remote:
        """The first mail of a thread."""
        await self._send(self._message(ticket, ticket.key))
        return Remote(ticket.key)

    async def update(self, remote: Remote, ticket: Ticket, before: str, event: str) -> None:  # noqa: ARG002
        """A mail in the thread of the first."""
        message = self._message(ticket, event)
        first = self._id(remote.id)
        message["In-Reply-To"] = first
        message["References"] = first
        await self._send(message)

    async def find_by_key(self, key: str, since: datetime) -> Remote | None:  # noqa: ARG002
        """Nobody looks into a mailbox."""
        return None

    async def check(self) -> Found:
        """Log in, name sender and receivers, and go before there is a mail."""
        try:
            async with asyncio.timeout(LIMIT), self._session() as client:
                await self._addressed(client)
                with suppress(aiosmtplib.SMTPException):
                    await client.rset()
        except TimeoutError as error:
            raise Unreached("no_answer") from error
        return Found("mail", {"host": self._settings.host, "to": ", ".join(self._settings.to)})

    async def close(self) -> None:
        """Nothing stays open."""

    def _message(self, ticket: Ticket, event: str) -> EmailMessage:
        message = EmailMessage(policy=AS_SMTP)
        title = " ".join("".join(one if one.isprintable() else " " for one in ticket.title).split())
        message["Subject"] = f"{ticket.label} · {ticket.state_text} · {title}"[:_SUBJECT]
        message["From"] = self._settings.sender
        message["To"] = ", ".join(self._settings.to)
        message["Date"] = format_datetime(ticket.changed_at)
        message["Message-ID"] = self._id(event)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence notice answers
        intro = say(ticket.language, "connectors.mail", label=ticket.label, state=ticket.state_text)
        markdown = f"{intro}\n\n{without_pictures(ticket.markdown)}"
        message.set_content(as_text(markdown))
        message.add_alternative(as_html(markdown), subtype="html")
        data = json.dumps(dict(ticket.use_case), ensure_ascii=False, indent=2).encode()
        name = f"{ticket.label}.json"
        message.add_attachment(data, maintype="application", subtype="json", filename=name)
        return message

    def _id(self, event: str) -> str:
        return f"<{event}@{self._domain}>"

    async def _send(self, message: EmailMessage) -> None:
        try:
            async with asyncio.timeout(LIMIT), self._session() as client:
                await self._addressed(client)
                await self._handed_over(client, message)
        except TimeoutError as error:
            raise Unclear("no_answer") from error

    async def _handed_over(self, client: SMTP, message: EmailMessage) -> None:
        """From here on nobody knows until the server says that it has it."""
        try:
            await client.data(message.as_bytes())
        except aiosmtplib.SMTPDataError as no:
            raise _said(no, "not_taken") from no
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unclear("no_answer") from error

    async def _addressed(self, client: SMTP) -> None:
        """Say from whom and to whom. Raises Rejected and Unreached."""
        try:
            await client.mail(self._settings.sender)
            for address in self._settings.to:
                await client.rcpt(address)
        except aiosmtplib.SMTPSenderRefused as no:
            raise _said(no, "sender") from no
        except aiosmtplib.SMTPRecipientRefused as no:
            raise _said(no, "receiver") from no
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unreached("unreachable") from error

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[SMTP]:
        """A connection that is encrypted and logged in, as the file says."""
        client = await self._opened()
        try:
            yield client
        finally:
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=1.0)
            client.close()

    async def _opened(self) -> SMTP:
        settings = self._settings
        client = SMTP(
            hostname=settings.host,
            sock=await self._connected(),
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=self._context,
            timeout=self._step,
            local_hostname=self._domain,
        )
        try:
            await client.connect()
            if settings.user:
                await client.login(settings.user, self._password)
        except aiosmtplib.SMTPAuthenticationError as no:
            client.close()
            raise _said(no, "login") from no
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise _not_opened(error) from error
        except BaseException:
            client.close()
            raise
        return client

    async def _connected(self) -> socket.socket:
        """A socket to an address that may be called. Raises Rejected and Unreached."""
        host, port = self._settings.host, self._settings.port
        inside = self._settings.inside_network
        for address in await allowed(host, port, inside=inside, resolve=self._resolve):
            kind = socket.AF_INET6 if ":" in address else socket.AF_INET
            opened = socket.socket(kind, socket.SOCK_STREAM)
            opened.setblocking(False)
            try:
                async with asyncio.timeout(self._step):
                    await asyncio.get_running_loop().sock_connect(opened, (address, port))
            except (OSError, TimeoutError):
                opened.close()
            except BaseException:
                opened.close()
                raise
            else:
                return opened
        raise Unreached("unreachable")


def _said(no: aiosmtplib.SMTPResponseException, reason: str) -> Rejected | Unreached:
    """4xx means later, 5xx never (RFC 5321, 4.2.1)."""
    later = 400 <= no.code < 500  # noqa: PLR2004
    return (Unreached if later else Rejected)(reason, status=no.code)


def _not_opened(error: Exception) -> Rejected | Unreached:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY" in str(seen):
            return Unreached("certificate")
        seen = seen.__cause__ or seen.__context__
    if isinstance(error, aiosmtplib.SMTPNotSupported) or "STARTTLS" in str(error):
        return Rejected("no_tls")
    return Unreached("unreachable")
