"""A page of the dialog as a form. Pure: the engine says what is asked, this says how it looks.

A form carries the number of the draft, the step it was drawn for and the names of the hints on it, never an
answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.chat.ui import (
    AnyInput,
    Button,
    ChoiceInput,
    DateInput,
    Facts,
    Form,
    FormElement,
    LinesInput,
    Option,
    PersonInput,
    SearchInput,
    Text,
    TextInput,
)
from bot.i18n import say
from bot.intake.conditions import UNKNOWN
from bot.intake.flow import Ask, Posed
from bot.intake.model import TYPED, Choice
from bot.intake.state import OTHER_CHOICE, Answers, listed, other_field, told
from bot.intake.texts import localised
from bot.intake.wording import Values, Wording

Base = tuple[str, str, bool, str, bool]  # what all inputs begin with: id, label, required, hint, live

PAGE, REVIEW = "request.page", "request.review"
BACK, SAVE, EARLY, DISCARD = "request.back", "request.save", "request.early", "request.discard"
MUTE = "request.mute."  # and the name of the hint
JUMP = "request.jump."  # and the step
DRAFT, STEP, TIPS = "draft", "step", "tips"  # what a form carries
MOST_OPTIONS = 100  # in a menu; more are searched (docs.slack.dev, static select)


@dataclass(frozen=True, slots=True)
class Tip:
    """A hint of the coach below a question; `name` is the question and the rule."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page is drawn with, beside what is asked.

    `words` are those of the flow in the language of whoever looks. `accounts` are the accounts of people in
    the channel where the form is shown, by reference (`person:7`). `analysis` stands below a question.
    `note` is said at the top.
    """

    draft: int
    revision: int
    words: Wording
    accounts: Mapping[str, str] = field(default_factory=dict)
    tips: Mapping[str, tuple[Tip, ...]] = field(default_factory=dict)
    analysis: Mapping[str, tuple[FormElement, ...]] = field(default_factory=dict)
    note: str = ""

    @property
    def language(self) -> str:
        """In which to speak."""
        return self.words.language

    @property
    def every_tip(self) -> list[Tip]:
        """The hints of the page, from top to bottom."""
        return [tip for tips in self.tips.values() for tip in tips]

    def numbered(self, question: str) -> list[tuple[int, Tip]]:
        """The hints to a question, with the numbers by which buttons name them: 0 if it is the only one."""
        every = [(id_, tip) for id_, tips in self.tips.items() for tip in tips]
        at = enumerate(every, 1 if len(every) > 1 else 0)
        return [(number, tip) for number, (id_, tip) in at if id_ == question]

    def text(self, texts: Mapping[str, str] | None, values: Values) -> str:
        """A text of the flow, "" if there is none."""
        return self.words.text(texts, values) if texts else ""


def page_form(asked: Ask, frame: Frame) -> Form:
    """One page of questions."""
    language, step, values = frame.language, asked.step, asked.standing.values
    progress = say(language, "request.progress", number=asked.number, total=asked.total)
    head = [Text(part) for part in (frame.note, frame.text(step.intro, values)) if part]
    elements = [part for posed in asked.posed for part in _question(posed, values, frame)]
    tips = {TIPS: " ".join(tip.name for tip in frame.every_tip)} if frame.tips else {}
    return Form(
        action=PAGE,
        title=frame.text(step.title, values),
        elements=(Text(progress, "subtle"), *head, *elements),
        submit=say(language, "request.to_review" if asked.returning else "request.next"),
        cancel=say(language, "request.close"),
        state={DRAFT: str(frame.draft), STEP: step.id, **tips},
        revision=frame.revision,
        buttons=tuple(_buttons(asked, frame)),
    )


def _buttons(asked: Ask, frame: Frame) -> Iterator[Button]:
    language = frame.language
    if asked.number > 1 or asked.returning:
        yield Button(say(language, "request.back"), BACK)
    yield Button(say(language, "request.save"), SAVE)
    yield Button(say(language, "request.early"), EARLY)
    for number, tip in enumerate(frame.every_tip, 1):
        key = "request.mute_tip" if len(frame.every_tip) == 1 else "request.mute_tip_number"
        yield Button(say(language, key, number=number), MUTE + tip.name)
    yield discard_button(language)


def discard_button(language: str) -> Button:
    """Throws the draft away, from any page."""
    sure = say(language, "request.discard_sure")
    return Button(say(language, "request.discard"), DISCARD, style="danger", confirm=sure)


def _question(posed: Posed, values: Values, frame: Frame) -> Iterator[FormElement]:
    question = posed.question
    label = frame.text(question.label, values)
    if question.type == "markdown":
        yield Text(label)
        return
    if posed.problem:
        yield Text(frame.words.problem(question, posed.problem), "strong")
    elif len(typed := _typed(posed)) > question.limit:
        room = {"length": len(typed), "limit": question.limit}
        yield Text(say(frame.language, "request.cut", **room), "strong")
    yield _input(posed, label, values, frame)
    if question.allow_other:
        own = say(frame.language, "request.other_label", label=label.rstrip(" ?:"))
        yield TextInput(other_field(question.id), own, False, initial=posed.own, max_length=question.limit)
    for number, tip in frame.numbered(question.id):
        key = "request.tip_number" if number else "request.tip"
        yield Text(say(frame.language, key, number=number, text=tip.sentence), "subtle")
    yield from frame.analysis.get(question.id, ())


def _input(posed: Posed, label: str, values: Values, frame: Frame) -> AnyInput:
    question = posed.question
    hint = _hint(posed, values, frame)
    base: Base = (question.id, label, question.drawn_required, hint, posed.live)
    placeholder, limit = frame.text(question.placeholder, values), question.limit
    typed = _typed(posed)[:limit]  # no channel takes more, and `_question` says so
    match question.type:
        case "input":
            return TextInput(*base, initial=typed, placeholder=placeholder, max_length=limit)
        case "number" | "url" | "email" as kind:
            return TextInput(*base, kind, initial=typed, placeholder=placeholder, max_length=limit)
        case "textarea" | "markdown":
            return LinesInput(*base, initial=typed, placeholder=placeholder, max_length=limit)
        case "date":
            return DateInput(*base, initial=typed)
        case "user" | "users":
            accounts = (frame.accounts.get(person) for person in listed(posed.answer))
            return PersonInput(*base, initial=tuple(filter(None, accounts)), several=question.several)
        case "dropdown" | "multiselect" | "checkboxes":
            return _choice(posed, base, frame)


def _typed(posed: Posed) -> str:
    return posed.answer if isinstance(posed.answer, str) and posed.answer != UNKNOWN else ""


def _hint(posed: Posed, values: Values, frame: Frame) -> str:
    """The hint; a suggestion is called one, and whoever may leave the question open is told so."""
    question = posed.question
    ours = say(frame.language, "request.suggested") if posed.suggested else ""
    hint = frame.text(question.hint, values)
    may_wait = question.required and question.allow_unknown
    later = say(frame.language, "request.may_wait") if may_wait else ""
    return " ".join(filter(None, (ours, hint, later)))


def _choice(posed: Posed, base: Base, frame: Frame) -> AnyInput:
    question, language = posed.question, frame.language
    options = [Option(one.value, _label(one, language)) for one in posed.choices]
    if question.allow_unknown:
        options.append(Option(UNKNOWN, say(language, "intake.unknown")))
    if question.allow_other:
        options.append(Option(OTHER_CHOICE, say(language, "intake.other")))
    if len(options) <= MOST_OPTIONS:
        return ChoiceInput(*base, tuple(options), posed.chosen, question.several)
    known = {option.value: option for option in options}
    chosen = tuple(known[value] for value in posed.chosen if value in known)
    return SearchInput(*base, chosen, question.several)


def _label(choice: Choice, language: str) -> str:
    return localised(choice.label, language)


def left_out(words: Wording, typed: Answers, kept: Answers) -> Iterator[FormElement]:
    """What somebody typed where something else stands by now, so that they need not write it again."""
    rows = [
        (words.text(question.label), words.answer(question, typed[question.id]))
        for question in words.flow.questions
        if question.type in TYPED and _words(kept, question.id) and _words(typed, question.id)
        if _words(typed, question.id) != _words(kept, question.id)
    ]
    if rows:
        yield Text(say(words.language, "request.left_out"), "strong")
        yield Facts(tuple(rows))


def _words(answers: Answers, question: str) -> list[str]:
    return " ".join(told(answers.get(question))).split()
