"""Forms as modals of Block Kit. Pure.

The block_id of a question is `question:drawn`, its action_id the kind of its answer: with both Slack keeps
what was typed while the same page is drawn again, and `answers` knows what came back.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.channels.slack import limits
from bot.channels.slack.limits import clean, cut, pieces
from bot.channels.slack.render import NAME, Block, actions, element_blocks, fitting, plain, said
from bot.channels.slack.sheet import Sheet
from bot.chat.answers import is_day
from bot.chat.ui import (
    AnyInput,
    Bullets,
    ChoiceInput,
    DateInput,
    Divider,
    Expandable,
    Facts,
    Form,
    FormElement,
    LinesInput,
    Option,
    PersonInput,
    SearchInput,
    Table,
    Text,
    TextInput,
)

NONE = "klartext.none"  # the value of "no answer": Slack has no way to take a choice back
SEARCH_FROM = 1  # characters until Slack asks for options
_ACCOUNT = re.compile(r"[UW][A-Z0-9]{2,20}")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?")
_ELEMENTS = {"email": "email_text_input", "url": "url_text_input"}


def form_view(form: Form, sheet: Sheet, language: str) -> dict[str, Any]:
    """A form as a modal. Raises ValueError for a state that is content rather than ids."""
    blocks = [
        block for element in form.elements for block in _blocks(element, sheet.drawn, language)
    ] or _words(Text(clean(form.title) or NAME), language)
    blocks += actions(form.buttons, (), language)
    return {
        "type": "modal",
        "callback_id": form.action[: limits.ID],
        "private_metadata": sheet.written(),
        "title": plain(form.title, limits.TITLE),
        "submit": plain(form.submit, limits.TITLE),
        "close": plain(form.cancel, limits.TITLE),
        "notify_on_close": True,
        "blocks": fitting(blocks, "modal", language),
    }


def block_id(question: str, drawn: int) -> str:
    """Where a question stands in a view."""
    return f"{question}:{drawn}"


def question_of(block: str) -> str:
    """The id of the question that stands in a block."""
    return block.rpartition(":")[0] or block


def is_account(value: str) -> bool:
    """Whether this is shaped like the id of somebody in Slack."""
    return _ACCOUNT.fullmatch(value) is not None


def options(found: Sequence[Option]) -> list[Block]:
    """Options as Slack takes them: no value twice, none without, and none that is too long for it."""
    known = {option.value: option for option in reversed(found)}
    kept = [option for option in found if known.get(option.value) is option]
    return [_option(option) for option in kept if 0 < len(option.value) <= limits.OPTION_VALUE]


def _blocks(element: FormElement, drawn: int, language: str) -> list[Block]:
    match element:
        case Text() | Bullets() | Facts() | Table() | Divider() | Expandable():
            return _words(element, language)
        case _:
            return _question(element, drawn, language)


def _words(element: Text | Bullets | Facts | Table | Divider | Expandable, language: str) -> list[Block]:
    return list(element_blocks((element,), "modal", language))


def _question(question: AnyInput, drawn: int, language: str) -> list[Block]:
    element = _element(question, language)
    if element is None:
        return [
            *_words(Text(question.label, "strong"), language),
            *_words(Text(said(language, "slack.no_options"), "subtle"), language),
        ]
    block: Block = {
        "type": "input",
        "block_id": block_id(question.id, drawn)[: limits.ID],
        "label": plain(question.label, limits.LABEL),
        "element": element,
        "optional": not question.required,
        "dispatch_action": question.live,
    }
    if hint := clean(question.hint):
        block["hint"] = plain(hint, limits.HINT)
    return [block]


def _element(question: AnyInput, language: str) -> Block | None:
    """The native element; None if there is nothing to choose from."""
    match question:
        case TextInput():
            return _text(question)
        case LinesInput():
            return _typed("plain_text_input", "lines", question) | {"multiline": True}
        case ChoiceInput():
            return _choice(question, language)
        case SearchInput(initial=initial, several=several):
            known = options(initial)
            element = {**_select("external_select", "search", several, known, language)}
            return element | {"min_query_length": SEARCH_FROM}
        case DateInput(initial=initial):
            date: Block = {"type": "datepicker", "action_id": "date"}
            return date | {"initial_date": initial} if is_day(initial) else date
        case PersonInput(initial=initial, several=several):
            people = [account for account in dict.fromkeys(initial) if is_account(account)]
            return _people(people, several)


def _text(question: TextInput) -> Block:
    """A number that Slack would not take as a number is shown as a text, so that nobody loses it."""
    initial = clean(question.initial)
    if question.kind == "number" and (not initial or _NUMBER.fullmatch(initial)):
        return _typed("number_input", "number", question) | {"is_decimal_allowed": True}
    return _typed(_ELEMENTS.get(question.kind, "plain_text_input"), question.kind, question)


def _typed(kind: str, action: str, question: TextInput | LinesInput) -> Block:
    element: Block = {"type": kind, "action_id": action}
    most = max(1, min(question.max_length, limits.TYPED))
    if initial := clean(question.initial):
        element["initial_value"] = cut(initial, most)
    if placeholder := clean(question.placeholder):
        element["placeholder"] = plain(placeholder, limits.PLACEHOLDER)
    if kind == "plain_text_input":
        element["max_length"] = most
    if question.live:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
    return element


def _choice(question: ChoiceInput, language: str) -> Block | None:
    drawn = options(question.options)
    if not drawn:
        return None
    if not question.several and not question.required:
        drawn.insert(0, _option(Option(NONE, said(language, "slack.no_answer"))))
    chosen = [option for option in drawn if option["value"] in question.initial]
    if len(drawn) <= limits.FEW_OPTIONS:
        return _boxes(drawn, chosen, question.several)
    element = _select("static_select", "choice", question.several, chosen, language)
    if len(drawn) <= limits.MANY_OPTIONS:
        return element | {"options": drawn}
    return element | {"option_groups": list(_groups(drawn))}


def _boxes(drawn: list[Block], chosen: list[Block], several: bool) -> Block:
    if several:
        boxes: Block = {"type": "checkboxes", "action_id": "choice", "options": drawn}
        return boxes | {"initial_options": chosen} if chosen else boxes
    radios: Block = {"type": "radio_buttons", "action_id": "choice", "options": drawn}
    return radios | {"initial_option": chosen[0]} if chosen else radios


def _select(kind: str, action: str, several: bool, chosen: list[Block], language: str) -> Block:
    """A menu in which one or several can be chosen."""
    element: Block = {
        "type": f"multi_{kind}" if several else kind,
        "action_id": action,
        "placeholder": plain(said(language, "slack.choose"), limits.PLACEHOLDER),
    }
    if chosen:
        element |= {"initial_options": chosen} if several else {"initial_option": chosen[0]}
    return element


def _people(initial: list[str], several: bool) -> Block:
    if several:
        many: Block = {"type": "multi_users_select", "action_id": "person"}
        return many | {"initial_users": initial} if initial else many
    one: Block = {"type": "users_select", "action_id": "person"}
    return one | {"initial_user": initial[0]} if initial else one


def _groups(drawn: list[Block]) -> Iterator[Block]:
    """More options than one list holds, in hundreds; Slack knows up to a hundred of these."""
    size = limits.MANY_OPTIONS
    for start in range(0, min(len(drawn), size * limits.OPTION_GROUPS), size):
        group = drawn[start : start + size]
        yield {"label": plain(f"{start + 1}–{start + len(group)}", limits.OPTION), "options": group}


def _option(option: Option) -> Block:
    """A label that is too long goes on in the description."""
    head, *rest = [*pieces(clean(option.label), limits.OPTION)] or [option.value]
    drawn: Block = {"text": plain(head, limits.OPTION), "value": option.value}
    return drawn | {"description": plain(" ".join(rest), limits.OPTION_DESCRIPTION)} if rest else drawn
