"""What came in: plain values, the same for every channel.

A channel passes the vendor's ids on; a `context` callable of the composition root turns them into the
person, their department and their language. `key` tells a redelivery from a new event.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Literal

Beside = Literal["files", "people"]  # attachments; others who are mentioned
Answers = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation in a channel. `thread` is the message under which one talks."""

    channel: str
    id: str
    kind: Literal["direct", "group", "public"] = "public"
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody in a channel, by the channel's own id."""

    channel: str
    id: str


@dataclass(frozen=True, slots=True)
class Asker:
    """Who it is, as far as we know. `department` is that of the place, else of the person (`home`).

    `language` is the one that Klartext speaks with them; `settled`: they or their profile said so, and
    the language of a text does not change it. `greeted`: they were asked for their department before.
    """

    person: int
    name: str
    language: str
    department: str | None = None
    home: str | None = None
    roles: frozenset[str] = frozenset()
    settled: bool = False
    greeted: bool = True


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that was posted, by the channel's own ids."""

    place: Place
    id: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a person did, somewhere."""

    asker: Asker
    place: Place
    key: str


@dataclass(frozen=True, slots=True)
class TextReceived(Event):
    """Somebody wrote. `addressed`: to Klartext, not only beside it. `command`: a slash command's name.

    `beside` is what the message has that a text alone does not carry.
    """

    text: str
    addressed: bool = True
    command: str | None = None
    beside: frozenset[Beside] = frozenset()

    def asked_for(self, phrases: Container[str]) -> bool:
        """Whether this is exactly one of the phrases, said to Klartext and not as a word to look up."""
        said = self.text.strip().strip("/!?. ").casefold()
        return self.addressed and self.command in {None, "klartext"} and said in phrases


@dataclass(frozen=True, slots=True)
class ButtonPressed(Event):
    """Somebody pressed a button of a card; `message` is the card, if it can still be named."""

    action: str
    value: str = ""
    message: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class FormSubmitted(Event):
    """Somebody sent a form, or pressed a button inside it (`button` is the action of that button)."""

    action: str
    answers: Answers
    state: Mapping[str, str] = field(default_factory=dict)
    revision: int = 1
    button: str | None = None


@dataclass(frozen=True, slots=True)
class FieldChanged(Event):
    """Somebody answered one question of an open form; later questions may depend on it."""

    action: str
    changed: str
    answers: Answers
    state: Mapping[str, str] = field(default_factory=dict)
    revision: int = 1


@dataclass(frozen=True, slots=True)
class FormClosed(Event):
    """Somebody closed a form without sending it. Not every channel says so."""

    action: str
    state: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OptionsWanted(Event):
    """Somebody types into a search field of a form."""

    action: str
    typed: str


@dataclass(frozen=True, slots=True)
class TermSearched(Event):
    """Somebody looks for a term to insert into what they write."""

    typed: str


@dataclass(frozen=True, slots=True)
class MessageChosen(Event):
    """Somebody chose a message of anyone and asks for something with it."""

    action: str
    text: str
    message: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class HomeOpened(Event):
    """Somebody opened the home of Klartext."""


AnyEvent = (
    TextReceived
    | ButtonPressed
    | FormSubmitted
    | FieldChanged
    | FormClosed
    | OptionsWanted
    | TermSearched
    | MessageChosen
    | HomeOpened
)
