"""What an action asks for, and what comes of the answers. Pure.

A form is built anew from the request when it comes back: what a client sends is checked against the
questions as they are now, not as it says they were.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.chat.answers import complaint, questions, tidied
from bot.chat.ui import (
    AnyInput,
    ChoiceInput,
    DateInput,
    Form,
    FormElement,
    LinesInput,
    Option,
    PersonInput,
    Text,
    TextInput,
)
from bot.i18n import say
from bot.requests.refs import number_of
from bot.requests.tables import Request
from bot.text.clean import shown as as_typed
from bot.triage.promises import FARTHEST
from bot.triage.story import Story
from bot.triage.workflow import Action

_OTHER = "other"  # a reason only together with what it is
REASONS = ("exists", "strategy", "risk", "small", "capacity", _OTHER)
PRIORITIES = ("P1", "P2", "P3", "P4")
_OPEN_QUESTIONS = 10  # that are offered
_OPTION = 75  # characters, as much as Slack shows
_TITLE = 120  # characters of the request's title above the questions
_LONG = 2_000  # characters of an answer
_LINE = 200


@dataclass(frozen=True, slots=True)
class Subject:
    """What a form is about, and for whom. `today` is the day where the team works.

    `figure` is what is to move, by its name in the glossary; `similar` are requests that may be the same.
    """

    request: Request
    story: Story
    today: dt.date
    language: str
    figure: str = ""
    similar: tuple[Option, ...] = ()

    def word(self, key: str, **values: object) -> str:
        """A sentence of the forms."""
        return say(self.language, f"triage.ask.{key}", **values)

    def lines(
        self, id_: str, key: str, *, required: bool = True, hint: str = "", first: str = ""
    ) -> LinesInput:
        """Several lines of text."""
        hint = self.word(hint) if hint else ""
        return LinesInput(id_, self.word(key), required, hint, initial=first, max_length=_LONG)

    def line(
        self, id_: str, key: str, *, required: bool = True, hint: str = "", first: str = ""
    ) -> TextInput:
        """A line of text."""
        hint = self.word(hint) if hint else ""
        first = first if len(first) <= _LINE else ""
        return TextInput(id_, self.word(key), required, hint, initial=first, max_length=_LINE)


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered: `given` for the deed, `typed` as it was, a sentence for each mistake."""

    given: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)
    mistakes: Mapping[str, str] = field(default_factory=dict)


def _ask(on: Subject) -> tuple[FormElement, ...]:
    found = open_questions(on.request)
    text = on.lines("text", "question", required=not found)
    if not found:
        return (text,)
    options = tuple(Option(str(at), as_typed(one, _OPTION)) for at, one in enumerate(found))
    chosen = ChoiceInput("open", on.word("open"), required=False, options=options, several=True)
    return (chosen, replace(text, label=on.word("own_question")))


def _accept(on: Subject) -> tuple[FormElement, ...]:
    return (
        on.lines("next_step", "next_step", hint="next_step_hint"),
        DateInput("date", on.word("rough_date"), required=False),
    )


def _plan(on: Subject) -> tuple[FormElement, ...]:
    return (DateInput("date", on.word("date"), initial=on.story.day),)


def _deliver(on: Subject) -> tuple[FormElement, ...]:
    change = str((on.request.use_case.get("kpi") or {}).get("text") or "")
    before, arrow, _ = change.partition("→")
    kpi, before = (on.figure, before.strip()) if arrow else (on.figure or change, "")
    named = (Option("yes", on.word("named_yes")),)
    return (
        on.lines("effect", "effect", hint="effect_hint"),
        on.line("kpi", "kpi", required=False, first=kpi),
        on.line("before", "before", required=False, first=before),
        on.line("after", "after", required=False),
        PersonInput("helpers", on.word("helpers"), required=False, several=True),
        ChoiceInput("named", on.word("named"), False, on.word("named_hint"), options=named, several=True),
    )


def _decline(on: Subject) -> tuple[FormElement, ...]:
    options = tuple(Option(key, say(on.language, f"triage.reason.{key}")) for key in REASONS)
    return (
        ChoiceInput("reason", on.word("reason"), options=options),
        on.lines("detail", "detail", required=False, hint="detail_hint"),
        on.lines("would_change", "would_change", hint="would_change_hint"),
    )


def _merge(on: Subject) -> tuple[FormElement, ...]:
    target = on.line("target", "target", required=not on.similar, hint="target_hint")
    if not on.similar:
        return (target,)
    chosen = ChoiceInput("same", on.word("similar"), required=False, options=on.similar)
    return (chosen, replace(target, label=on.word("another")))


def _prioritise(on: Subject) -> tuple[FormElement, ...]:
    weight = on.request.use_case.get("priority") or {}
    suggested = str(weight.get("suggested") or "")
    options = tuple(Option(one, say(on.language, f"triage.priority.{one}")) for one in PRIORITIES)
    first = on.request.priority or suggested
    hint = on.word("suggested", priority=suggested) if suggested in PRIORITIES else ""
    chosen = (first,) if first in PRIORITIES else ()
    return (
        ChoiceInput("priority", on.word("priority"), True, hint, options=options, initial=chosen),
        on.lines("reason", "why"),
    )


_FIELDS: Mapping[Action, Callable[[Subject], tuple[FormElement, ...]]] = {
    Action.ASSIGN: lambda on: (PersonInput("assignee", on.word("assignee")),),
    Action.ASK: _ask,
    Action.ANSWER: lambda on: (Text(on.story.word(Action.ASK, "text")), on.lines("text", "answer")),
    Action.ACCEPT: _accept,
    Action.PLAN: _plan,
    Action.DELIVER: _deliver,
    Action.DECLINE: _decline,
    Action.MERGE: _merge,
    Action.PRIORITISE: _prioritise,
    Action.COMMENT: lambda on: (on.lines("text", "comment", hint="comment_hint"),),
    Action.REOPEN: lambda on: (on.lines("text", "reopen"),),
    Action.REFUSE: lambda on: (on.lines("reason", "why"),),
}
ASKS = frozenset(_FIELDS)


def open_questions(request: Request) -> tuple[str, ...]:
    """What the requester did not know yet."""
    found = request.use_case.get("open_questions") or ()
    return tuple(str(one.get("text") or "") for one in found if one.get("text"))[:_OPEN_QUESTIONS]


def form(action: Action, on: Subject, typed: Mapping[str, Any] | None = None, note: str = "") -> Form:
    """The questions of an action. `typed` stands in the fields; `note` says why they are asked again."""
    request = on.request
    title = "" if request.confidential else f" · {as_typed(request.title, _TITLE)}"
    head = [*([Text(note, "strong")] if note else []), Text(f"{request.label}{title}", "subtle")]
    fields = _FIELDS[action](on)
    return Form(
        action=f"triage.{action}",
        title=say(on.language, f"triage.do.{action}"),
        elements=(*head, *(_filled(one, (typed or {}).get(getattr(one, "id", ""))) for one in fields)),
        submit=say(on.language, "chat.send"),
        cancel=say(on.language, "chat.cancel"),
        state={"request": str(request.number), "version": str(request.version)},
    )


def read(action: Action, on: Subject, answers: Mapping[str, Any], people: Mapping[str, int]) -> Answered:
    """What was answered. `people` are those whom we know of the accounts that were chosen."""
    asked = questions(form(action, on))
    typed = {one.id: tidied(one, _values(answers.get(one.id))) for one in asked}
    wrong = {
        one.id: sentence
        for one in asked
        if (sentence := complaint(one, typed[one.id], on.language, _offered(one)))
    }
    given: dict[str, Any] = {name: value for name, value in typed.items() if value}
    if not wrong:
        wrong = _refine(action, on, given, people)
    return Answered(given, typed, wrong)


def chosen_people(action: Action, on: Subject, answers: Mapping[str, Any]) -> frozenset[str]:
    """The accounts that were chosen in a form, by the channel's own ids."""
    asked = [one for one in questions(form(action, on)) if isinstance(one, PersonInput)]
    return frozenset(account for one in asked for account in _values(answers.get(one.id)) if account)


def _refine(
    action: Action, on: Subject, given: dict[str, Any], people: Mapping[str, int]
) -> dict[str, str]:
    """Turn what was typed into what is kept; a sentence for what cannot be."""
    if (day := given.get("date")) and day < on.today.isoformat():
        return {"date": on.word("past")}
    if day and day > (on.today + FARTHEST).isoformat():
        return {"date": on.word("far")}
    match action:
        case Action.ASK:
            return _questions(on, given)
        case Action.ASSIGN:
            if given["assignee"] not in people:
                return {"assignee": on.word("nobody")}
            given["assignee"] = people[given["assignee"]]
        case Action.DELIVER:
            if not people.keys() >= set(given.get("helpers", ())):
                return {"helpers": on.word("nobody_of_them")}
            given["helpers"] = [people[one] for one in given.get("helpers", ())]
            given["named"] = bool(given.get("named"))
        case Action.DECLINE if given["reason"] == _OTHER and not given.get("detail"):
            return {"detail": on.word("detail_missing")}
        case Action.MERGE:
            return _target(on, given)
        case _:
            pass
    return {}


def _questions(on: Subject, given: dict[str, Any]) -> dict[str, str]:
    """One text of the chosen questions and the own one."""
    known = open_questions(on.request)
    chosen = [known[int(at)] for at in given.pop("open", ())]
    text = "\n".join([*chosen, *filter(None, [given.get("text")])])
    if not text:
        return {"text": say(on.language, "chat.form.missing")}
    given["text"] = text
    return {}


def _target(on: Subject, given: dict[str, Any]) -> dict[str, str]:
    """The chosen request, or the one whose number was typed; nobody guesses which of two is meant."""
    meant = {number_of(text) for text in (given.pop("same", ""), given.get("target", "")) if text}
    if len(meant) > 1:
        return {"target": on.word("two_targets")}
    (number,) = meant or {None}
    if number is None or number == on.request.number:
        return {"target": on.word("no_target")}
    given["target"] = number
    return {}


def _filled(element: FormElement, typed: Any) -> FormElement:
    """The question with what was typed before in it."""
    match element:
        case TextInput() | LinesInput() | DateInput() if isinstance(typed, str) and typed:
            return replace(element, initial=typed)
        case ChoiceInput() | PersonInput() if typed:
            return replace(element, initial=tuple(_values(typed)))
        case _:
            return element


def _offered(question: AnyInput) -> frozenset[str] | None:
    return frozenset(one.value for one in question.options) if isinstance(question, ChoiceInput) else None


def _values(given: Any) -> Sequence[str]:
    if isinstance(given, str):
        return [given]
    return [one for one in given or () if isinstance(one, str)]
