"""What came back from a form, checked against the form as Slack keeps it. Pure.

The questions, their limits and options are read from the blocks of the view: Slack stores them as we
sent them and signs them when they come back, so a client can only change the answers. What a question asks
for stands in its element (see `forms`). Whether an id that was chosen is one that this person may use is
for the handler to check, as it is for a button.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from bot.channels.slack.forms import NONE, is_account, question_of
from bot.channels.slack.limits import TYPED
from bot.chat.answers import Given, complaint, possible, tidied
from bot.chat.events import Answers
from bot.chat.ui import (
    AnyInput,
    ChoiceInput,
    DateInput,
    LinesInput,
    PersonInput,
    SearchInput,
    TextInput,
)

View = Mapping[str, Any]

_SEVERAL = ("checkboxes", "multi_")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a view, whose answer stands in the view under `block` and `kind`.

    `offered` are the values of its options, None if Slack asks us for them.
    """

    asks: AnyInput
    block: str
    kind: str
    offered: frozenset[str] | None

    @property
    def id(self) -> str:
        """As the form calls it."""
        return self.asks.id


def questions(view: View) -> list[Question]:
    """The questions of a view, in their order."""
    blocks = view.get("blocks") or ()
    return [_question(block) for block in blocks if block.get("type") == "input"]


def read(view: View) -> dict[str, Given]:
    """An answer to every question of the view, empty if there is none; nothing that was never offered."""
    values = (view.get("state") or {}).get("values") or {}
    return {
        question.id: _answer(question, values.get(question.block) or {}) for question in questions(view)
    }


def complaints(view: View, answers: Answers, language: str) -> dict[str, str]:
    """A sentence for each answer that cannot be taken, by question."""
    found = {one.id: complaint(one.asks, answers.get(one.id, ""), language) for one in questions(view)}
    return {id_: sentence for id_, sentence in found.items() if sentence}


def _question(block: Mapping[str, Any]) -> Question:
    element = block.get("element") or {}
    groups = element.get("option_groups") or [{"options": element.get("options")}]
    offered = [option["value"] for group in groups for option in group.get("options") or ()]
    return Question(
        asks=_asked(block, element),
        block=str(block["block_id"]),
        kind=str(element.get("action_id", "")),
        offered=frozenset(offered) if offered else None,
    )


def _asked(block: Mapping[str, Any], element: Mapping[str, Any]) -> AnyInput:
    """The question without its words. Where Slack knows no limit of ours, its own holds."""
    id_, required = question_of(str(block["block_id"])), not block.get("optional", False)
    several = str(element.get("type", "")).startswith(_SEVERAL)
    most = int(element.get("max_length") or TYPED)
    match str(element.get("action_id", "")):
        case "lines":
            return LinesInput(id_, "", required, max_length=most)
        case "date":
            return DateInput(id_, "", required)
        case "choice":
            return ChoiceInput(id_, "", required, several=several)
        case "search":
            return SearchInput(id_, "", required, several=several)
        case "person":
            return PersonInput(id_, "", required, several=several)
        case kind:
            text = cast(Literal["text", "number", "email", "url"], kind)
            return TextInput(id_, "", required, kind=text, max_length=most)


def _answer(question: Question, values: Mapping[str, Any]) -> Given:
    given = values.get(question.kind) or {}
    match question.asks:
        case TextInput() | LinesInput() | DateInput():
            text = str(given.get("value") or given.get("selected_date") or "")
            return tidied(question.asks, [text])
        case PersonInput():
            chosen = [account for account in _chosen(given) if is_account(account)]
        case ChoiceInput() | SearchInput():
            chosen = [value for value in _chosen(given) if value != NONE]
    return possible(tidied(question.asks, chosen), question.offered)


def _chosen(given: Mapping[str, Any]) -> Iterator[str]:
    """The values in whatever element they were chosen."""
    options = given.get("selected_options") or [given.get("selected_option")]
    people = given.get("selected_users") or [given.get("selected_user")]
    yield from (str(option["value"]) for option in options if option)
    yield from (str(person) for person in people if person)
