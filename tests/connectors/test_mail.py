"""A mail server, as the standards say that it answers (RFC 5321)."""

import ssl
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from bot.connectors.mail import MailTarget
from bot.connectors.model import Mail
from bot.connectors.ports import Failed, Rejected, Remote, Unclear, Unreached
from tests.connectors.servers import HOST, Authority, Post, post
from tests.connectors.tickets import HOSTILE, ticket, words

TO = ["it@example.com", "tool@example.com"]


def target(server: Post, **changes: Any) -> MailTarget:
    """Klartext's side; the file names this machine."""
    given = {
        "type": "email",
        "host": HOST,
        "port": server.port,
        "security": "none",
        "sender": "klartext@example.com",
        "to": TO,
        "inside_network": True,
    }
    return MailTarget(Mail.model_validate({**given, **changes}), "secret", step=1.0)


def read(mail: bytes) -> EmailMessage:
    """What the receiver's program makes of it."""
    message = message_from_bytes(mail.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n."), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    """One of the ways in which it can be read."""
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


async def test_a_mail_is_text_and_html_with_the_use_case() -> None:
    async with post() as server:
        assert await target(server).create(ticket()) == Remote("klartext-req-42")
        message = read(server.mails[0])
    assert message["Subject"] == "REQ-42 · angenommen · Webinare ohne Abtippen"
    assert message["Message-ID"] == "<klartext-req-42@example.com>"
    assert (message["From"], message["To"]) == ("klartext@example.com", ", ".join(TO))
    assert "Auslöser: Webinare ohne Abtippen" in part(message, "plain")
    assert "<strong>Auslöser</strong>" in part(message, "html")
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "REQ-42.json"
    assert b'"requirement": "Webinare ohne Abtippen"' in attached.get_content()
    assert [line for line in server.commands if line.startswith("RCPT")] == [f"RCPT TO:<{to}>" for to in TO]


async def test_a_change_is_a_mail_in_the_same_thread() -> None:
    async with post() as server:
        await target(server).update(Remote("klartext-req-42"), ticket(), "", "klartext-req-42-1-abc")
        message = read(server.mails[0])
    assert message["Message-ID"] == "<klartext-req-42-1-abc@example.com>"
    assert message["In-Reply-To"] == message["References"] == "<klartext-req-42@example.com>"


async def test_a_repeat_has_the_same_id() -> None:
    async with post({"DATA": ""}) as server:
        with pytest.raises(Unclear):
            await target(server).create(ticket())
        server.says = {}
        await target(server).create(ticket())
        first, second = map(read, server.mails)
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    "text", [*HOSTILE, "a\r\nBcc: spy@evil.example\r\n\r\nx", ".\r\nQUIT", "x" * 30_000]
)
async def test_what_people_typed_does_nothing_there(text: str) -> None:
    async with post() as server:
        await target(server).create(ticket(text))
        (mail,) = server.mails
        assert [line for line in server.commands if line.startswith("RCPT")] == [
            f"RCPT TO:<{to}>" for to in TO
        ]
    message = read(mail)
    assert "Bcc" not in message
    shown = part(message, "html")
    assert not [tag for tag in ("<script", "<img", "<a ", "<b>") if tag in shown]
    assert words(text) in words(part(message, "plain"))
    assert len(message["Subject"]) <= 200


@pytest.mark.parametrize(
    ("says", "kind", "reason", "status"),
    [
        ({"MAIL": "550 not you"}, Rejected, "sender", 550),
        ({"MAIL": "451 later"}, Unreached, "sender", 451),
        ({"RCPT": "550 nobody"}, Rejected, "receiver", 550),
        ({"RCPT": "450 greylisted"}, Unreached, "receiver", 450),
        ({"RCPT": ""}, Unreached, "unreachable", 0),
        ({"EHLO": "", "HELO": ""}, Unreached, "unreachable", 0),
        ({"DATA": "554 spam"}, Rejected, "not_taken", 554),
        ({"DATA": "452 full"}, Unreached, "not_taken", 452),
        ({"DATA": ""}, Unclear, "no_answer", 0),
    ],
)
async def test_what_an_answer_means(
    says: dict[str, str], kind: type[Failed], reason: str, status: int
) -> None:
    async with post(says) as server:
        with pytest.raises(Failed) as raised:
            await target(server).create(ticket())
    assert (type(raised.value), raised.value.reason, raised.value.status) == (kind, reason, status)


async def test_a_login_that_is_wrong(tmp_path: Path) -> None:
    ours = Authority.founded(tmp_path, "ours")
    async with post({"AUTH": "535 no"}, ours.context(HOST)) as server:
        mail = target(
            server, security="tls", ca_file=ours.file, user="klartext", password_env="MAIL_PASSWORD"
        )
        with pytest.raises(Rejected, match="login 535"):
            await mail.create(ticket())
        server.says = {}
        await mail.create(ticket())
    assert len(server.mails) == 1


async def test_a_certificate_that_does_not_fit(tmp_path: Path) -> None:
    ours, other = Authority.founded(tmp_path, "ours"), Authority.founded(tmp_path, "other")
    for context in (ours.context("else.example.com"), other.context(HOST)):
        assert await _reason(context, ours.file) == "certificate"


async def _reason(context: ssl.SSLContext, ca_file: Path) -> str:
    async with post(context=context) as server:
        with pytest.raises(Unreached) as raised:
            await target(server, security="tls", ca_file=ca_file).create(ticket())
        assert server.commands == []
    return raised.value.reason


async def test_without_encryption_nothing_is_said() -> None:
    async with post() as server:
        with pytest.raises(Rejected, match="no_tls"):
            await target(server, security="starttls").create(ticket())
    assert not [line for line in server.commands if line.startswith(("AUTH", "MAIL"))]


async def test_nothing_goes_inside_that_the_file_does_not_name() -> None:
    async with post() as server:
        with pytest.raises(Rejected, match="inside 127"):
            await target(server, inside_network=False).create(ticket())
    assert server.commands == []


async def test_nobody_listens() -> None:
    async with post() as server:
        pass
    with pytest.raises(Unreached, match="unreachable"):
        await target(server).create(ticket())


async def test_the_check_stops_before_there_is_a_mail() -> None:
    async with post() as server:
        found = await target(server).check()
    assert (found.key, found.wrong) == ("mail", False)
    assert server.mails == []
    assert "RSET" in server.commands
