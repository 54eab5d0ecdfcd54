"""What an activity says: pure reading of the dicts that Teams sends. Any part may be missing or junk.

`usable` looks at the parts that everything else relies on; a body that fails it is answered with 400.
"""

import html
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Literal

from bot.chat.events import Account, Beside, Place
from bot.chat.ports import Address
from bot.i18n import LANGUAGES
from bot.text.clean import visible

CHANNEL = "teams"
VENDOR = "msteams"  # Bot Framework's name for it
MAX_TEXT = 40_000  # characters of one message, as in the other channels
_THREAD = ";messageid="
_KINDS: Mapping[str, Literal["direct", "group", "public"]] = {
    "personal": "direct",
    "groupchat": "group",
    "channel": "public",
}
_SLASH = re.compile(r"/([a-zäöü][\w-]{0,30})(?:\s+|$)", re.IGNORECASE)
_WORD = re.compile(r"([a-zäöü][\w-]{0,30})(?:\s+|$)", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_INVOKES_WITH_VALUE = ("adaptiveCard/", "task/", "composeExtension/", "application/search")
_INSERTED = "inline-compose-card"  # then the text is HTML with a place for a card that somebody inserts
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre"})


@dataclass(frozen=True, slots=True)
class Incoming:
    """An activity, as far as Klartext wants to know it.

    `of` is the message that a press belongs to, `targeted`: only Klartext and the sender can see it,
    `member` the sender's own id in this app (`29:…`), `language` that of their program.
    """

    type: str
    name: str
    id: str
    of: str
    service: str
    place: Place
    account: Account | None
    person: str
    member: str
    bot: str
    tenant: str
    team: str
    language: str
    targeted: bool
    by_bot: bool
    value: Any

    @property
    def key(self) -> str:
        """Tells this event from others: Teams repeats an activity with the same ids."""
        return f"{CHANNEL}:{self.place.id}:{self.id}"

    @property
    def here(self) -> Address:
        """How the place is reached."""
        return Address(self.place.id, self.service, self.bot, self.tenant, self.team)

    @property
    def sender(self) -> Address:
        """How the sender is reached."""
        direct = self.place.kind == "direct"
        return Address(
            self.account.id if self.account else "",
            self.service,
            self.bot,
            self.tenant,
            "" if direct else self.team or self.place.id,
            self.member,
            self.place.id if direct else "",
            self.language,
        )


def usable(body: Any) -> bool:
    """Whether a body is an activity of Teams that can be worked with."""
    if not isinstance(body, dict) or body.get("channelId") != VENDOR:
        return False
    if (
        not text_at(body, "type")
        or not text_at(body, "serviceUrl")
        or not text_at(body, "conversation", "id")
    ):
        return False
    if body["type"] not in {"message", "invoke"}:
        return True
    return bool(text_at(body, "from", "id")) and (body["type"] == "message" or _invoke_is_usable(body))


def tenant_of(body: Any) -> str:
    """The tenant that an activity comes from; empty if it does not say so."""
    return text_at(body, "channelData", "tenant", "id")


def read(body: Mapping[str, Any]) -> Incoming:
    """The activity of a usable body."""
    sender = text_at(body, "from", "aadObjectId").casefold() or text_at(body, "from", "id")
    return Incoming(
        type=body["type"],
        name=text_at(body, "name"),
        id=text_at(body, "id"),
        of=text_at(body, "replyToId"),
        service=body["serviceUrl"],
        place=_place(body),
        account=Account(CHANNEL, sender) if sender else None,
        person=text_at(body, "from", "name"),
        member=text_at(body, "from", "id"),
        bot=text_at(body, "recipient", "id"),
        tenant=tenant_of(body),
        team=text_at(body, "channelData", "team", "id"),
        language=_language(text_at(body, "locale")),
        targeted=_under(body, "recipient", "isTargeted") is True,
        by_bot=text_at(body, "from", "role") in {"bot", "skill"}
        or text_at(body, "from", "id").startswith("28:"),
        value=body.get("value"),
    )


def words(body: Mapping[str, Any]) -> str:
    """What was written, without the mention of Klartext; mentions of others stay where they are.

    Bot Framework's own function deletes the bot's name wherever it stands: "define Klartext" would
    become "define".
    """
    text = text_at(body, "text")[:MAX_TEXT]
    for mention in _own_mentions(body):
        text = text.replace(mention, " ")
    if _INSERTED in text:
        text = _plain(text)
    lines = html.unescape(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_SPACES.sub(" ", visible(line)).strip() for line in lines).strip()


def is_only_a_card(body: Mapping[str, Any]) -> bool:
    """Whether somebody shows a card of theirs and says nothing with it."""
    return "files" in beside(body) and not words(body)


def beside(body: Mapping[str, Any]) -> frozenset[Beside]:
    """What the message has beside its text: attachments, mentions of others."""
    attachments, entities = body.get("attachments"), body.get("entities")
    kinds = [text_at(part, "contentType") for part in attachments] if isinstance(attachments, list) else []
    own = text_at(body, "recipient", "id")
    people = [
        entity
        for entity in (entities if isinstance(entities, list) else ())
        if text_at(entity, "type") == "mention" and text_at(entity, "mentioned", "id") != own
    ]
    files = any(kind not in {"", "text/html"} for kind in kinds)
    found: dict[Beside, bool] = {"files": files, "people": bool(people)}
    return frozenset(name for name, there in found.items() if there)


def is_addressed(body: Mapping[str, Any], incoming: Incoming) -> bool:
    """Whether it was said to Klartext and not only beside it."""
    return incoming.place.kind == "direct" or incoming.targeted or any(_own_mentions(body))


def command_in(text: str, commands: Collection[str], *, targeted: bool) -> tuple[str | None, str]:
    """A slash command and what follows it.

    A command that was picked from the menu comes as a targeted message without the slash.
    """
    if slash := _SLASH.match(text):
        return slash.group(1).casefold(), text[slash.end() :]
    word = _WORD.match(text) if targeted else None
    if word and word.group(1).casefold() in commands:
        return word.group(1).casefold(), text[word.end() :]
    return None, text


def chosen_message(value: Mapping[str, Any]) -> tuple[str, str]:
    """Id and words of the message that somebody chose; Teams sends it as HTML or as text."""
    payload = _under(value, "messagePayload")
    content = text_at(payload, "body", "content")[:MAX_TEXT]
    if text_at(payload, "body", "contentType") == "html":
        content = _plain(content)
    return text_at(payload, "id"), content


def parameter(value: Mapping[str, Any]) -> str:
    """What somebody typed into the search of the message extension."""
    given = _under(value, "parameters")
    for item in given if isinstance(given, list) else ():
        if text_at(item, "name") != "initialRun":
            return text_at(item, "value")
    return ""


def _invoke_is_usable(body: Mapping[str, Any]) -> bool:
    name = body.get("name")
    if not isinstance(name, str):
        return False
    if name.startswith(_INVOKES_WITH_VALUE) and not isinstance(body.get("value"), dict):
        return False
    return name != "adaptiveCard/action" or text_at(body, "value", "action", "type") == "Action.Execute"


def _place(body: Mapping[str, Any]) -> Place:
    id_, _, thread = text_at(body, "conversation", "id").partition(_THREAD)
    kind = _KINDS.get(text_at(body, "conversation", "conversationType").casefold())
    if kind is None:  # older recordings and some clients do not say it
        is_group = _under(body, "conversation", "isGroup") is True
        kind = (
            "public" if text_at(body, "channelData", "channel", "id") else "group" if is_group else "direct"
        )
    return Place(CHANNEL, id_, kind, thread or None)


def conversation(place: Place) -> str:
    """The id under which Bot Framework knows a place; a thread of a channel has one of its own."""
    return f"{place.id}{_THREAD}{place.thread}" if place.thread else place.id


def _own_mentions(body: Mapping[str, Any]) -> Iterator[str]:
    entities, own = body.get("entities"), text_at(body, "recipient", "id")
    for entity in entities if isinstance(entities, list) else ():
        text = text_at(entity, "text")
        if text_at(entity, "type") == "mention" and text and text_at(entity, "mentioned", "id") == own:
            yield text


def _language(locale: str) -> str:
    language = locale.partition("-")[0].casefold()
    return language if language in LANGUAGES else ""


def _plain(content: str) -> str:
    reader = _Words()
    reader.feed(content)
    reader.close()
    lines = "".join(reader.parts).split("\n")
    return "\n".join(filter(None, (_SPACES.sub(" ", visible(line)).strip() for line in lines)))


class _Words(HTMLParser):
    """The words of a piece of HTML, a line per block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _under(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text_at(value: Any, *path: str) -> str:
    """The text at this place of nested dicts; empty if there is none, or something else."""
    found = _under(value, *path)
    return found if isinstance(found, str) else ""
