"""What Slack sends, read into what a listener needs to know. Pure functions on dicts.

Slack's markup inside a text (mentions, links, entities) becomes what the person saw.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.channels.slack.sheet import CHANNEL, Sheet, direct, read_sheet
from bot.chat.events import Account, Beside, MessageRef, Place

Body = Mapping[str, Any]
Kind = Literal["direct", "group", "public"]

_KINDS: Mapping[str, Kind] = {"im": "direct", "mpim": "group", "group": "group", "channel": "public"}
_PREFIXES: Mapping[str, Kind] = {"D": "direct", "G": "group"}
_PRIVATE: Mapping[str, Kind] = {
    "directmessage": "direct",
    "privategroup": "group",
}  # names of such channels
_SAID = frozenset({None, "file_share", "thread_broadcast"})  # subtypes of what a person wrote
_TOKEN = re.compile(
    r"<([@#!][^<>|]{1,200}|[a-z][a-z+.-]{1,20}:[^<>|]{1,3000})(?:\|([^<>]{0,3000}))?>", re.IGNORECASE
)
_MENTION = re.compile(r"<[@!]([^<>]{1,200})>")  # a person, a group, everybody
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " "})
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  # & last: each is unescaped once


@dataclass(frozen=True, slots=True)
class Origin:
    """Who did something and where, and what one can do about it.

    `trigger` opens one modal within three seconds. `reply_url` answers in the place, five times within
    half an hour. `team`, `enterprise` are the person's. `sheet` is what their view says of itself.
    """

    account: Account
    place: Place
    key: str
    name: str = ""
    trigger: str = ""
    reply_url: str = ""
    team: str | None = None
    enterprise: str | None = None
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that was written; `root` is the message under which one answers."""

    origin: Origin
    text: str
    addressed: bool
    root: str | None
    beside: frozenset[Beside] = frozenset()


def command(body: Body) -> Origin:
    """Where a slash command came from. The payload has no thread: Slack knows none there."""
    user, channel = str(body["user_id"]), str(body["channel_id"])
    return Origin(
        Account(CHANNEL, user),
        Place(CHANNEL, channel, _kind(channel, str(body.get("channel_name", "")))),
        str(body["trigger_id"]),
        str(body.get("user_name", "")),
        str(body["trigger_id"]),
        str(body.get("response_url", "")),
        str(body.get("team_id", "")),
        body.get("enterprise_id"),
    )


def interaction(body: Body) -> Origin:
    """Where a click, a form or a shortcut came from: a message, a view, or nowhere."""
    user = body["user"]
    account = str(user["id"])
    view = body.get("view")
    sheet = read_sheet(view, account) if view else None
    return Origin(
        Account(CHANNEL, account),
        sheet.place if sheet else _place(body, account),
        str(body.get("trigger_id") or _moment(body)),
        str(user.get("name") or user.get("username") or ""),
        str(body.get("trigger_id") or ""),
        str(body.get("response_url") or ""),
        user.get("team_id"),
        _enterprise(body),
        sheet,
    )


def heard(body: Body, bot_user: str) -> Heard | None:
    """A message or mention that a person wrote; None for everything else that happens in a channel."""
    event = body["event"]
    user, channel, at = event.get("user"), event.get("channel"), event.get("ts")
    if event.get("subtype") not in _SAID or event.get("bot_id") or not (user and channel and at):
        return None
    thread = event.get("thread_ts")
    place = Place(CHANNEL, channel, _kind(channel, "", event.get("channel_type")), thread)
    written = str(event.get("text", ""))
    mentioned = f"<@{bot_user}>" in written or f"<@{bot_user}|" in written
    shared = body.get("is_ext_shared_channel")  # elsewhere everybody is of this company
    origin = Origin(
        Account(CHANNEL, str(user)),
        place,
        f"{body.get('team_id')}:{channel}:{at}",  # a post that mentions us may come as two events
        team=(event.get("user_team") or event.get("team")) if shared else None,
    )
    addressed = event.get("type") == "app_mention" or place.kind == "direct" or mentioned
    root = thread if place.kind == "direct" else thread or str(at)
    return Heard(origin, spoken(written, bot_user), addressed, root, _beside(event, written, bot_user))


def _beside(event: Body, written: str, bot_user: str) -> frozenset[Beside]:
    others = {found[1].partition("|")[0] for found in _MENTION.finditer(written)} - {bot_user}
    found: dict[Beside, Any] = {"files": event.get("files"), "people": others}
    return frozenset(name for name, there in found.items() if there)


def home(body: Body) -> Origin:
    """Who has opened the Home tab."""
    event = body["event"]
    account = str(event["user"])
    key = str(body.get("event_id") or f"home:{account}:{event.get('event_ts')}")
    return Origin(Account(CHANNEL, account), direct(account), key)


def message(body: Body) -> MessageRef | None:
    """The message on which something was pressed or chosen; None in a view."""
    container = body.get("container") or {}
    at = container.get("message_ts") or body.get("message_ts")
    return MessageRef(_place(body, ""), str(at)) if at and body.get("channel") else None


def spoken(text: str, bot_user: str = "") -> str:
    """A text as the person saw it, without the mention of ourselves."""

    def shown(token: re.Match[str]) -> str:
        inside, label = token.group(1), token.group(2)
        match inside[:1]:
            case "@":
                return " " if inside[1:] == bot_user else f"@{label or inside[1:]}"
            case "#":
                return f"#{label or inside[1:]}"
            case "!":
                return label or "@" + inside[1:].partition("^")[0]
            case _:
                return inside.removeprefix("mailto:") if label is None or label in inside else label

    text = _TOKEN.sub(shown, text) if "<" in text else text
    return unescaped(text.translate(_SPACES)).strip()


def unescaped(text: str) -> str:
    """`&amp;`, `&lt;` and `&gt;` as they were typed; nothing else is escaped by Slack."""
    if "&" in text:
        for entity, char in _ENTITIES:
            text = text.replace(entity, char)
    return text


def _place(body: Body, account: str) -> Place:
    channel = body.get("channel")
    if not channel:
        return direct(account)
    container, said = body.get("container") or {}, body.get("message") or {}
    thread = container.get("thread_ts") or said.get("thread_ts")
    id_ = str(channel["id"])
    return Place(CHANNEL, id_, _kind(id_, str(channel.get("name", ""))), thread)


def _kind(channel: str, name: str, type_: str | None = None) -> Kind:
    return _KINDS.get(type_ or "") or _PREFIXES.get(channel[:1]) or _PRIVATE.get(name, "public")


def _enterprise(body: Body) -> str | None:
    team, enterprise = body.get("team") or {}, body.get("enterprise") or {}
    return team.get("enterprise_id") or enterprise.get("id")


def _moment(body: Body) -> str:
    """What tells an event without a trigger from the next one."""
    view = body.get("view") or {}
    actions = body.get("actions") or [{}]
    parts = (view.get("id"), view.get("hash"), actions[0].get("action_ts"), body.get("value"))
    return ":".join(str(part) for part in parts if part)
