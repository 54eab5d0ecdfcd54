"""A form that came back, and the events that it makes. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import dropwhile

from bot.channels.teams.forms import Answered, Page, live_answers, taken
from bot.chat.answers import questions
from bot.chat.events import Answers, Asker, FieldChanged, FormClosed, FormSubmitted, Place
from bot.chat.ui import AnyInput, ChoiceInput, Form, FormElement


@dataclass(frozen=True, slots=True)
class Sheet:
    """What somebody filled in. `drawn` are the live answers with which the page was drawn."""

    asker: Asker
    place: Place
    key: str
    form: Form
    answered: Answered
    drawn: Answers = field(default_factory=dict)

    def page(self, note: str = "") -> Page:
        """The same page again, with what was typed."""
        return Page(self.form, self.answered.given, labels=self.answered.labels, note=note)

    def unasked(self) -> Page:
        """The same, for an answer of which nobody could say yet what follows from it."""
        return replace(self.page(), drawn=self.drawn)

    def on(self, form: Form) -> "Sheet":
        """The same answers on another form; those to questions that it does not have are gone."""
        ids = {question.id for question in questions(form)}
        kept = {id_: given for id_, given in self.answered.given.items() if id_ in ids}
        given = taken(form, kept)
        return replace(
            self, form=form, answered=Answered({id_: given[id_] for id_ in kept}, self.answered.labels)
        )

    def changed(self) -> list[str]:
        """The live questions that were answered anew."""
        given = live_answers(self.page())
        return [id_ for id_, answer in given.items() if answer != self.drawn.get(id_)]

    def asks_otherwise(self, form: Form) -> bool:
        """Whether another form has other questions, or offers other options."""
        return set(_asked(form)) != set(_asked(self.form))

    def says_more(self, form: Form) -> bool:
        """Whether another form says something new about the answers: below a question, not at its head."""
        return any(element not in _said(self.form) for element in _said(form))

    def field_changed(self, changed: str) -> FieldChanged:
        """One answer is new."""
        return FieldChanged(
            self.asker,
            self.place,
            f"{self.key}:{changed}",
            self.form.action,
            changed,
            taken(self.form, self.answered.given),
            self.form.state,
            self.form.revision,
        )

    def submitted(self, button: str | None = None) -> FormSubmitted:
        """All of it was sent. The same page sent twice has the same key."""
        return FormSubmitted(
            self.asker,
            self.place,
            f"{self.key}:{button or ''}",
            self.form.action,
            taken(self.form, self.answered.given),
            self.form.state,
            self.form.revision,
            button,
        )

    def closed(self) -> FormClosed:
        """It was closed unsent."""
        return FormClosed(self.asker, self.place, f"{self.key}:closed", self.form.action, self.form.state)


def _said(form: Form) -> list[FormElement]:
    behind = dropwhile(lambda element: not isinstance(element, AnyInput), form.elements)
    return [element for element in behind if not isinstance(element, AnyInput)]


def _asked(form: Form) -> Iterator[tuple[type[AnyInput], str, tuple[str, ...]]]:
    for question in questions(form):
        options = question.options if isinstance(question, ChoiceInput) else ()
        yield type(question), question.id, tuple(option.value for option in options)
