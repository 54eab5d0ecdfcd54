"""Forms as the Adaptive Card of a dialog, and the answers that come back from it. Pure.

- Nothing is `isRequired`, no input checks itself: Teams would block Back, too. The server checks.
- A number is a line of text: Input.Number silently drops what it does not take for a number.
- Values of several choices come back joined by commas, so a comma inside a value is written as an escape.
- What was found in a search field is sent with its label: it can be shown again without asking.
- A page that is sent with a changed `live` answer is asked for its new questions first (see `listener`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote

from bot.channels.teams.fit import LIMIT, cut, shortened, size
from bot.channels.teams.render import (
    IN_DIALOG,
    OURS,
    Json,
    adaptive,
    asking_first,
    element_json,
    paragraph,
    run,
    safe,
    stacked,
    title,
)
from bot.chat.answers import Given, complaint, initial, possible, questions, tidied
from bot.chat.events import Answers
from bot.chat.ui import (
    AnyInput,
    Bullets,
    Button,
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
from bot.i18n import say

ANSWER = "answer."  # before the id of a question: what a client sends under it is an answer
PEOPLE = "graph.microsoft.com/users"  # the people picker; it sends Entra object ids
_NONE = "%"  # "no answer" as a choice; no escaped value looks like it
_RADIOS = 7  # more options than these become a list to choose from
_ACTIONS = 6  # what Teams shows before the rest goes into a menu
_DECORATION = 200, 10  # characters and lines that what is no question may keep if the page is too big
_MARKUP = re.compile(r"[*`\[\]\\]|(?<![^\W_])_|_(?![^\W_])")
_LOOKALIKES = str.maketrans("*`[]\\_", "∗ˋ［］＼＿")
_BLOCK = re.compile(r"^(?=[-+>#]|\d+[.)])")


@dataclass(frozen=True, slots=True)
class Page:
    """A form with what was typed so far and what is wrong about it. `labels` name what was searched for.

    `drawn` are live answers that others were asked about, if those are not the ones that were typed.
    """

    form: Form
    given: Answers = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    drawn: Answers | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    given: dict[str, Given]
    labels: dict[str, str]


def form_json(page: Page, token: str, language: str) -> Json:
    """The card; what surrounds the questions is shortened if it would not fit otherwise."""
    drawn = _drawn(page, page.form.elements, token, language)
    if size(drawn) <= LIMIT:
        return drawn
    return _drawn(page, tuple(map(_plainer, page.form.elements)), token, language)


def live_answers(page: Page) -> dict[str, Given]:
    """The answers with which the live questions of the page count as drawn."""
    live = (question for question in questions(page.form) if question.live)
    given = page.given if page.drawn is None else page.drawn
    return {question.id: given.get(question.id, initial(question)) for question in live}


def read_answers(form: Form, data: Mapping[str, Any]) -> Answered:
    """The answers to the questions of this form, and to no others."""
    labels: dict[str, str] = {}
    given = {
        question.id: _read(question, data.get(ANSWER + question.id), labels) for question in questions(form)
    }
    return Answered(given, labels)


def complaints(form: Form, given: Answers, language: str) -> dict[str, str]:
    """A sentence for each answer that cannot be taken."""
    found = {q.id: complaint(q, given.get(q.id, ""), language, _offered(q)) for q in questions(form)}
    return {id_: sentence for id_, sentence in found.items() if sentence}


def taken(form: Form, given: Answers) -> dict[str, Given]:
    """The answers as an event carries them: without options that were never offered."""
    return {q.id: possible(given.get(q.id, ""), _offered(q)) for q in questions(form)}


def literal(text: str) -> str:
    """A choice as it was written: clients read the titles of radio buttons and ticks as Markdown."""
    plain = _MARKUP.sub(lambda found: found.group().translate(_LOOKALIKES), safe(text))
    return _BLOCK.sub("\u200b", plain.strip())


def _drawn(page: Page, elements: Sequence[FormElement], token: str, language: str) -> Json:
    own = {question.id for question in questions(page.form)}
    general = [sentence for id_, sentence in page.errors.items() if id_ not in own]
    if page.errors and not general:
        general = [say(language, "teams.look_again")]
    head = [*_said(general), *paragraph(page.note, "strong")]
    body = stacked(elements, lambda element, at: _element(element, f"f{at}", page, language))
    actions, folded = _actions(page.form, token)
    return adaptive([*head, *body, *folded], page.form.title, actions)


def _actions(form: Form, token: str) -> tuple[list[Json], list[Json]]:
    """Send, the form's own buttons, and close; with the questions that some of them ask first."""
    actions = [{"style": "positive"} | _submit(form.submit, {"form": token})]
    folded: list[Json] = []
    for at, button in enumerate(form.buttons):
        action = _own(button, token)
        if button.confirm:
            action, question = asking_first(button.confirm, action, f"sure{at}")
            folded.append(question)
        actions.append(action)
    actions.append(_submit(form.cancel, {"form": token, "close": True}))
    for action in actions[_ACTIONS:]:
        action["mode"] = "secondary"
    return actions, folded


def _own(button: Button, token: str) -> Json:
    style = {"primary": "positive", "danger": "destructive", "plain": "default"}[button.style]
    return {"style": style} | _submit(button.label, {"form": token, "button": button.action})


def _submit(label: str, data: Json) -> Json:
    return {"type": "Action.Submit", "title": title(label), "data": {OURS: data}}


def _element(element: FormElement, path: str, page: Page, language: str) -> Iterator[Json]:
    match element:
        case Text() | Bullets() | Facts() | Table() | Divider() | Expandable():
            yield from element_json(element, IN_DIALOG, path)
        case _:
            yield _question(element, page, language)
            yield from paragraph(element.hint, "subtle", spacing="Small")
            yield from _said([page.errors.get(element.id, "")], spacing="Small")


def _question(question: AnyInput, page: Page, language: str) -> Json:
    given = page.given.get(question.id, initial(question))
    label = safe(question.label)
    if not question.required:
        label = say(language, "teams.optional", label=label)
    return {"id": ANSWER + question.id, "label": label} | _input(question, given, page, language)


def _input(question: AnyInput, given: Given, page: Page, language: str) -> Json:
    match question:
        case TextInput(kind=kind, placeholder=placeholder, max_length=most):
            style = {"style": kind} if kind in {"email", "url"} else {}
            return _text(given, placeholder, most) | style
        case LinesInput(placeholder=placeholder, max_length=most):
            return _text(given, placeholder, most) | {"isMultiline": True}
        case DateInput():
            return {"type": "Input.Date"} | ({"value": given} if given else {})
        case ChoiceInput():
            return _choice(question, given, language)
        case SearchInput():
            return _search(question, given, page, language)
        case PersonInput(several=several):
            return _found(PEOPLE, several, _tuple(given), (), language)


def _text(given: Given, placeholder: str, most: int) -> Json:
    shown = {
        "type": "Input.Text",
        "maxLength": most,
        "value": safe(given if isinstance(given, str) else ""),
    }
    return shown | ({"placeholder": safe(placeholder)} if placeholder else {})


def _choice(question: ChoiceInput, given: Given, language: str) -> Json:
    """Few options stand side by side, many in a list. One that is not needed can be taken back."""
    is_list = not question.several and len(question.options) > _RADIOS
    choices = [_option(literal(option.label), quote(option.value, safe=" ")) for option in question.options]
    if not question.required and not question.several:
        choices.insert(0, _option(say(language, "teams.no_answer"), _NONE))
    chosen = ",".join(quote(value, safe=" ") for value in _tuple(given))
    if not chosen and not question.required and not question.several:
        chosen = _NONE
    return {
        "type": "Input.ChoiceSet",
        "style": "compact" if is_list else "expanded",
        "isMultiSelect": question.several,
        "wrap": True,
        "choices": choices,
        "placeholder": say(language, "teams.choose"),
    } | ({"value": chosen} if chosen else {})


def _search(question: SearchInput, given: Given, page: Page, language: str) -> Json:
    labels = {option.value: option.label for option in question.initial} | dict(page.labels)
    chosen = [found_option(Option(value, labels.get(value, value))) for value in _tuple(given)]
    return _found(question.id, question.several, [option["value"] for option in chosen], chosen, language)


def _found(
    dataset: str, several: bool, chosen: Sequence[str], choices: Sequence[Json], language: str
) -> Json:
    return {
        "type": "Input.ChoiceSet",
        "style": "filtered",
        "isMultiSelect": several,
        "choices": list(choices),
        "choices.data": {"type": "Data.Query", "dataset": dataset},
        "placeholder": say(language, "teams.search"),
    } | ({"value": ",".join(chosen)} if chosen else {})


def found_option(option: Option) -> Json:
    """What a search field offers: the value knows its label."""
    value = f"{quote(option.value, safe=' ')}|{quote(option.label, safe=' ')}"
    return _option(safe(option.label), value)


def _option(title: str, value: str) -> Json:
    return {"title": title, "value": value}


def _read(question: AnyInput, sent: Any, labels: dict[str, str]) -> Given:
    text = sent if isinstance(sent, str) else ""
    match question:
        case TextInput() | LinesInput() | DateInput():
            return tidied(question, (text,))
        case ChoiceInput():
            return tidied(question, [unquote(value) for value in text.split(",") if value != _NONE])
        case PersonInput():
            return tidied(question, text.split(","))
        case SearchInput():
            pairs = [value.partition("|") for value in text.split(",") if value]
            labels |= {unquote(value): unquote(label) for value, _, label in pairs if label}
            return tidied(question, [unquote(value) for value, _, _ in pairs])


def _offered(question: AnyInput) -> set[str] | None:
    """What was offered; what a search or a directory found cannot be known here, so a handler checks it."""
    return {option.value for option in question.options} if isinstance(question, ChoiceInput) else None


def _said(sentences: Sequence[str], **look: str) -> Iterator[Json]:
    for sentence in filter(None, sentences):
        inline = run(safe(sentence), "strong", color="Attention")
        yield {"type": "RichTextBlock", "inlines": [inline], **look}


def _tuple(given: Given) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) and given else tuple(given)


def _plainer(element: FormElement) -> FormElement:
    if isinstance(element, AnyInput):
        most = _DECORATION[0]
        return replace(element, label=cut(element.label, most), hint=cut(element.hint, most))
    return shortened((element,), *_DECORATION)[0]  # type: ignore[return-value]
