"""Servers on this machine that answer as the vendors do, or not at all: HTTP, and SMTP."""

import asyncio
import datetime as dt
import ipaddress
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Called:
    """A request as it came over the wire."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Says:
    """An answer; `text` instead of `data` is no JSON."""

    status: int = 200
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None

    def written(self) -> bytes:
        body = (json.dumps(self.data) if self.text is None else self.text).encode()
        kind = "application/json; charset=utf-8" if self.text is None else "text/html"
        head = {"content-type": kind, "content-length": len(body), "connection": "close", **self.headers}
        lines = [f"HTTP/1.1 {self.status} x", *(f"{name}: {value}" for name, value in head.items())]
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True, slots=True)
class Breaks:
    """Closes the line after so many bytes of an answer. Less than 0: never says anything."""

    after: int = 0


Reaction = Says | Breaks
Answering = Callable[[Called], Reaction | Awaitable[Reaction]]


class Web:
    """An HTTP server; every call is kept, whatever is answered."""

    def __init__(self, answering: Answering) -> None:
        self.answering = answering
        self.calls: list[Called] = []
        self.url = ""
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            called = await _read(reader)
            if called is None:
                return
            self.calls.append(called)
            reaction = self.answering(called)
            said = reaction if isinstance(reaction, Says | Breaks) else await reaction
            match said:
                case Says():
                    body = (
                        said.written()
                        if called.method != "HEAD"
                        else said.written().partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                    )
                    writer.write(body)
                case Breaks(after) if after >= 0:
                    writer.write(Says(201, {"key": "IT-1", "number": 1}).written()[:after])
                case _:
                    await reader.read()  # until the other side gives up
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Called | None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Called(method, path, headers, body)


@asynccontextmanager
async def web(answering: Answering, context: ssl.SSLContext | None = None) -> AsyncIterator[Web]:
    """A server while it is needed."""
    server = Web(answering)
    listening = await asyncio.start_server(server.serve, HOST, 0, ssl=context, limit=4_000_000)
    server.port = listening.sockets[0].getsockname()[1]
    server.url = f"{'https' if context else 'http'}://{HOST}:{server.port}"
    try:
        yield server
    finally:
        listening.close()


def turns(*reactions: Reaction) -> Answering:
    """One reaction after the other; the last one stays."""
    left = list(reactions)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@dataclass(slots=True)
class Post:
    """An SMTP server. `says` replaces its answer to a command; "" breaks the line instead of answering."""

    says: dict[str, str] = field(default_factory=dict)
    mails: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    port: int = 0
    tls: ssl.SSLContext | None = None
    offers_tls: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"220 mail.example.com\r\n")
            while line := (await reader.readline()).decode().strip():
                name = line.split(" ")[0].upper()
                self.commands.append(line)
                if name == "DATA":
                    writer.write(b"354 go on\r\n")
                    self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
                said = self.says.get(name, self._usual(name))
                if not said:
                    break
                writer.write(f"{said}\r\n".encode())
                if name == "QUIT":
                    break
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _usual(self, name: str) -> str:
        extras = "250-STARTTLS\r\n" if self.offers_tls else ""
        return {
            "EHLO": f"250-mail.example.com\r\n{extras}250 AUTH PLAIN",
            "AUTH": "235 welcome",
            "QUIT": "221 bye",
        }.get(name, "250 ok")


@asynccontextmanager
async def post(
    says: Mapping[str, str] | None = None, context: ssl.SSLContext | None = None
) -> AsyncIterator[Post]:
    """A mail server while it is needed; with a context it is encrypted from the start."""
    server = Post(dict(says or {}))
    listening = await asyncio.start_server(server.serve, HOST, 0, ssl=context, limit=4_000_000)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


@dataclass(frozen=True, slots=True)
class Authority:
    """Somebody who signs certificates: `file` is what those who trust it have."""

    file: Path
    _key: ec.EllipticCurvePrivateKey
    _name: x509.Name

    @classmethod
    def founded(cls, folder: Path, name: str) -> "Authority":
        key, about = ec.generate_private_key(ec.SECP256R1()), _called(name)
        authority = cls(folder / f"{name}.pem", key, about)
        extension = x509.BasicConstraints(ca=True, path_length=0)
        made = authority._made(key.public_key(), about).add_extension(extension, critical=True)
        authority.file.write_bytes(_pem(made.sign(key, hashes.SHA256())))
        return authority

    def context(self, *names: str) -> ssl.SSLContext:
        """A server's side, with a certificate for these names or addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        known = x509.SubjectAlternativeName([_alternative(name) for name in names])
        made = self._made(key.public_key(), _called(names[0])).add_extension(known, critical=False)
        file = self.file.with_name(f"{self.file.stem}-{names[0]}.pem")
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(secret + _pem(made.sign(self._key, hashes.SHA256())))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _made(self, public: ec.EllipticCurvePublicKey, about: x509.Name) -> x509.CertificateBuilder:
        at = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(about)
            .issuer_name(self._name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(at - DAY)
            .not_valid_after(at + DAY)
        )


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.PEM)
