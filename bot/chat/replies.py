"""What goes out: a handler returns one of these, and the channel does the talking."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.chat.ui import Button, Card, Form, Option

WHOLE_FORM = ""  # in the place of a question


@dataclass(frozen=True, slots=True)
class Tell:
    """Say it: to the asker alone, in the thread, or to everybody in the place."""

    card: Card
    to: Literal["private", "thread", "public"] = "private"


@dataclass(frozen=True, slots=True)
class Open:
    """Show a form.

    `button` opens it again: a channel that can open a form only from a click shows the button instead.
    """

    form: Form
    button: Button | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Put something else in the place of the card or form that the event came from."""

    shown: Card | Form


@dataclass(frozen=True, slots=True)
class Errors:
    """The form stays open with what was typed; each sentence stands at its question.

    A sentence for WHOLE_FORM belongs to none: it stands at the head, or where a channel has no place for it
    there, at the first question.
    """

    sentences: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Close:
    """The form is done; `card` says what comes of it, to the person alone."""

    card: Card | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """The page of Klartext for this person."""

    card: Card


@dataclass(frozen=True, slots=True)
class Results:
    """What fits to what somebody types.

    `cards` are what is inserted for each option, where somebody looks for something to insert.
    """

    options: tuple[Option, ...]
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing: it was not for Klartext."""


Reply = Tell | Open | Update | Errors | Close | Home | Results | Silent
