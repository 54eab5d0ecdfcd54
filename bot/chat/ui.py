"""The closed vocabulary of what Klartext shows. Each channel draws it in its own native elements.

Every string is literal: style comes from the element, never from markup inside a text. A new element
is one class here and one `case` per renderer; mypy names the renderer that lacks it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Style = Literal["plain", "subtle", "strong"]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short lines of equal rank."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and a value."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Things side by side: the first column names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two things."""


@dataclass(frozen=True, slots=True)
class Expandable:
    """Something that is shown on demand."""

    title: str
    elements: "tuple[Element, ...]"


@dataclass(frozen=True, slots=True)
class Button:
    """Something that one can do. `action` names the handler, `value` says on what.

    Both come back from a client, so a handler checks them as it would check anything a person typed.
    `confirm` is the question that is asked first. `opens`: what comes is a form; a channel may have to
    know before it is pressed.
    """

    label: str
    action: str
    value: str = ""
    style: Literal["plain", "primary", "danger"] = "plain"
    confirm: str | None = None
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Buttons:
    """Things that one can do next; `overflow` are the rarer ones, behind a menu where there is one."""

    buttons: tuple[Button, ...]
    overflow: tuple[Button, ...] = ()


Element = Text | Bullets | Facts | Table | Divider | Expandable | Buttons


@dataclass(frozen=True, slots=True)
class Card:
    """One answer, the important things first. `summary` says it in one line, for a notification."""

    summary: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things that can be chosen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Input:
    """A question of a form. `id` is unique in the form; an answer comes back under it.

    `live`: tell the handler as soon as the answer changes (`FieldChanged`).
    """

    id: str
    label: str
    required: bool = True
    hint: str = ""
    live: bool = False


@dataclass(frozen=True, slots=True)
class TextInput(Input):
    """A line of text, or a number, an address …: `kind` is checked again where the answer arrives."""

    kind: Literal["text", "number", "email", "url"] = "text"
    initial: str = ""
    placeholder: str = ""
    max_length: int = 200


@dataclass(frozen=True, slots=True)
class LinesInput(Input):
    """Several lines of text."""

    initial: str = ""
    placeholder: str = ""
    max_length: int = 3_000


@dataclass(frozen=True, slots=True)
class ChoiceInput(Input):
    """One of a few options, or several of them."""

    options: tuple[Option, ...] = ()
    initial: tuple[str, ...] = ()
    several: bool = False


@dataclass(frozen=True, slots=True)
class SearchInput(Input):
    """One or several of many options, found while typing (`OptionsWanted`)."""

    initial: tuple[Option, ...] = ()
    several: bool = False


@dataclass(frozen=True, slots=True)
class DateInput(Input):
    """A day, as ISO text."""

    initial: str = ""


@dataclass(frozen=True, slots=True)
class PersonInput(Input):
    """A colleague, or several."""

    initial: tuple[str, ...] = ()
    several: bool = False


AnyInput = TextInput | LinesInput | ChoiceInput | SearchInput | DateInput | PersonInput
FormElement = Text | Bullets | Facts | Table | Divider | Expandable | AnyInput


@dataclass(frozen=True, slots=True)
class Form:
    """Questions on one page. `action` names the handler of the answers.

    `state` holds ids, never content: it travels through the client. `revision` tells a newer page of
    the same form from an older one. `buttons` send the form too, and say which of them it was.
    """

    action: str
    title: str
    elements: tuple[FormElement, ...]
    submit: str
    cancel: str
    state: Mapping[str, str] = field(default_factory=dict)
    revision: int = 1
    buttons: tuple[Button, ...] = ()
