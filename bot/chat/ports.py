"""What features and channels need of each other, without knowing one another; `app.py` joins them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.chat.events import Account, Asker, MessageRef, Place
from bot.chat.ui import Card


class RetryLater(Exception):
    """The other side asks for patience (Retry-After): a job runs again then, and no attempt is lost."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds:g} s")
        self.seconds = max(1.0, seconds)  # a job that is due at once would run in circles


class Unreachable(Exception):
    """Klartext may not speak there now: not invited, archived, gone. It may be mended; wait, and tell.

    `told`: the channel has told the admins of it just now.
    """

    told = False


class MessageGone(Unreachable):
    """The message that should change is not there any more. Post a new one."""


class Context(Protocol):
    """Turns a channel's ids into who asks, from where, in which language."""

    async def __call__(self, account: Account, place: Place, name: str = "") -> Asker:
        """The asker. `name` is what the channel calls the person, if it says so."""
        ...


class Sender(Protocol):
    """Posts for the jobs: later, and when nobody has just pressed anything.

    `key` is the same when a post is repeated after an unclear outcome, so that a channel that can
    recognise it does not post twice.
    """

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """Post a card and say where it stands."""
        ...

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Put another card in the place of an older one."""
        ...

    async def delete(self, message: MessageRef) -> None:
        """Take a message back."""
        ...

    async def direct(self, account: str, card: Card, key: str) -> MessageRef:
        """Post to one person alone."""
        ...

    async def whisper(self, place: Place, account: str, card: Card, key: str) -> None:
        """Post so that only one person sees it, in the place if the channel can, else to them alone."""
        ...


class Outbox(Protocol):
    """Posts that a channel wants to survive a crash. Each is a job; the worker hands it to a Sender.

    `key` names the event that causes the post: a redelivery of the same event posts nothing again.
    `account` caused it: what is kept until it is posted belongs to their data.
    """

    async def post(self, place: Place, card: Card, key: str, account: str | None = None) -> None:
        """Post to a place (in the thread if the place has one)."""
        ...

    async def direct(self, account: Account, card: Card, key: str) -> None:
        """Post to one person alone."""
        ...

    async def whisper(self, place: Place, account: str, card: Card, key: str) -> None:
        """Post in a place so that only one person sees it."""
        ...


class Once(Protocol):
    """Tells what was here before, in this process or in another one, for some days."""

    async def first(self, key: str) -> bool:
        """Whether nobody has claimed this key yet. The claim is kept at once."""
        ...


class Alarm(Protocol):
    """Tells the admins, in their own language, what only they can mend."""

    async def raise_once(self, key: str, values: Mapping[str, str], once: str) -> bool:
        """Say the sentence of a key, filled with the values; the same `once` is told once. Whether it is
        told now.
        """
        ...


class Service(Protocol):
    """What a channel keeps open while Klartext runs: connections, sessions."""

    async def start(self) -> None:
        """Open it. Raises what stops the start."""
        ...

    async def stop(self) -> None:
        """Close it, within a few seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Address:
    """How a place or an account (`id`) is reached, for a vendor that says it anew with every event.

    `service` is where to call, `bot` as whom Klartext speaks there, `team` what the place belongs to or
    where the account was seen last. Of an account: `member` is its other id there, `chat` the conversation
    with it alone, `language` that of its program. Empty: not known.
    """

    id: str
    service: str
    bot: str = ""
    tenant: str = ""
    team: str = ""
    member: str = ""
    chat: str = ""
    language: str = ""


class Addresses(Protocol):
    """Keeps addresses until they change."""

    async def remember(self, channel: str, address: Address) -> None:
        """Keep what is known; what is empty stays as it was."""
        ...

    async def find(self, channel: str, of: str) -> Address | None:
        """The newest address of a place or an account, None if it was never heard of."""
        ...


@dataclass(frozen=True, slots=True)
class Profile:
    """What a vendor's own API says about an account; `email` only if the vendor has verified it."""

    name: str = ""
    email: str | None = None
    language: str | None = None
    department: str | None = None
    groups: tuple[str, ...] = ()


class Profiles(Protocol):
    """Asks a vendor about an account."""

    async def profile(self, account: str) -> Profile | None:
        """The profile, None if there is no such account (any more)."""
        ...


AGREED = "agreed"  # the sense of a word that all departments share

Labels = Mapping[str, str]  # a text by language


@dataclass(frozen=True, slots=True)
class Word:
    """A glossary term in somebody's words. `senses` are the departments that mean something of their own.

    `meant` is what the person's department means by it: its own id, or AGREED.
    """

    text: str
    term: str
    label: Labels
    meant: str
    senses: Mapping[str, Labels]

    def differs_for(self, other: str | None) -> bool:
        """Whether another department understands something else by it."""
        return self.meant != (other if other in self.senses else AGREED)


class Words(Protocol):
    """The glossary, as far as other features need it; a department sees only what is for it."""

    def found(self, text: str, department: str | None) -> tuple[Word, ...]:
        """The terms in a text, each once."""
        ...

    def terms(self, department: str | None, *, kpis: bool = False) -> Mapping[str, Labels]:
        """All terms, or the figures alone, by name."""
        ...

    def departments(self) -> Mapping[str, Labels]:
        """All departments, by name."""
        ...

    def disputed(self, term: str) -> bool:
        """Whether the departments have not agreed on it."""
        ...

    def explains(self, text: str, department: str | None) -> bool:
        """Whether who says this to Klartext is told what a word means."""
        ...


@dataclass(frozen=True, slots=True)
class JobInfo:
    """What the handler of a job may want to know; `attempt` counts from 1. `id` is a good key of a post."""

    id: int
    kind: str
    attempt: int
    key: str | None
    dedupe_key: str | None
    created_at: datetime


JobHandler = Callable[[dict[str, Any], JobInfo], Awaitable[None]]
