"""The open form, sealed into what its buttons send back: Teams keeps no form, and neither do we.

With it any process can show the same page again with what was typed. The seal says that we wrote it and
for whom: a client can only change the answers.
"""

import base64
import binascii
import hmac
import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from bot.chat.answers import Given
from bot.chat.stored import restored, stored
from bot.chat.ui import Form

_MAC = 16  # bytes


class BrokenSeal(Exception):
    """Not ours, for somebody else, or of another version. Say that the form is old."""


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form as somebody has it before them. `drawn` are the live answers with which it was drawn.

    `nonce` is another one with every drawing: the same page sent twice carries the same.
    """

    form: Form
    drawn: Mapping[str, Given] = field(default_factory=dict)
    nonce: str = field(default_factory=lambda: secrets.token_hex(8))


class Seal:
    """Seals and opens. All processes of an installation need the same secret."""

    def __init__(self, secret: str) -> None:
        self._key = sha256(b"klartext open forms " + secret.encode()).digest()

    def close(self, shown: OpenForm, account: str) -> str:
        """The form as text for a client."""
        data = {"form": stored(shown.form), "drawn": dict(shown.drawn), "nonce": shown.nonce}
        packed = zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 9)
        return base64.urlsafe_b64encode(self._mac(packed, account) + packed).decode()

    def open(self, token: str, account: str) -> OpenForm:
        """The form of a text that came back. Raises BrokenSeal."""
        try:
            sealed = base64.b64decode(token.encode("ascii"), b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error) as error:
            raise BrokenSeal from error
        mac, packed = sealed[:_MAC], sealed[_MAC:]
        if not hmac.compare_digest(mac, self._mac(packed, account)):
            raise BrokenSeal
        return _opened(json.loads(zlib.decompress(packed)))

    def _mac(self, packed: bytes, account: str) -> bytes:
        return hmac.digest(self._key, account.encode() + b"\0" + packed, "sha256")[:_MAC]


def _opened(data: Mapping[str, object]) -> OpenForm:
    try:
        form = restored(data["form"], Form)
    except ValueError as error:  # written by another version
        raise BrokenSeal from error
    drawn = data["drawn"]
    live = drawn.items() if isinstance(drawn, dict) else ()
    answers = {id_: tuple(given) if isinstance(given, list) else given for id_, given in live}
    return OpenForm(form, answers, str(data["nonce"]))
