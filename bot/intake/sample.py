"""The pages of a flow as people get them, for whoever edits the file: all questions, on any condition.

A question that is not always asked has its condition above it, as `preview` says it. Pure.
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.chat.ui import AnyInput, Form, FormElement
from bot.i18n import say
from bot.intake.conditions import FACTS
from bot.intake.flow import Ask, Posed
from bot.intake.model import Flow, Step
from bot.intake.pages import Frame, page_form
from bot.intake.preview import only_if
from bot.intake.standing import Standing, choices
from bot.intake.state import Surroundings, begun
from bot.intake.wording import Wording


def sample(flow: Flow, language: str, around: Surroundings) -> tuple[Form, ...]:
    """One form for each step. `around` gives the options of other files; of a fact stands what it is."""
    return tuple(_page(flow, step, number, language, around) for number, step in enumerate(flow.steps, 1))


def _page(flow: Flow, step: Step, number: int, language: str, around: Surroundings) -> Form:
    facts = {name: f"[{say(language, f'flow_preview.fact.{name}')}]" for name in FACTS}
    posed = tuple(
        Posed(question, None, None, choices(question, around), False) for question in step.questions
    )
    asked = Ask(
        begun(flow), step, posed, number, len(flow.steps), False, Standing((), {}, dict(facts), (), {})
    )
    form = page_form(asked, Frame(0, 0, Wording(flow, language)))
    return replace(form, elements=tuple(_with_conditions(flow, step, form, language)))


def _with_conditions(flow: Flow, step: Step, form: Form, language: str) -> Iterator[FormElement]:
    yield from only_if(flow, step.show_if, language)
    conditions = {question.id: question.show_if for question in step.questions}
    for element in form.elements:
        if isinstance(element, AnyInput):
            yield from only_if(flow, conditions.get(element.id), language)
        yield element
