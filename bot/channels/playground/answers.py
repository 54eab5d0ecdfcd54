"""What came back from a form, read against the form that was shown: a client may send anything. Pure."""

from collections.abc import Mapping, Sequence

from bot.channels.playground.people import PEOPLE
from bot.channels.playground.store import OpenForm
from bot.chat import answers as checked
from bot.chat.answers import Given
from bot.chat.events import Answers
from bot.chat.ui import AnyInput, ChoiceInput, DateInput, LinesInput, PersonInput, SearchInput, TextInput


def read(shown: OpenForm, posted: Mapping[str, Sequence[str]]) -> dict[str, Given]:
    """The answers to the questions of this form, and to no others, without invisible characters."""
    return {
        question.id: checked.tidied(question, posted.get(question.id, ())) for question in questions(shown)
    }


def complaints(shown: OpenForm, answers: Answers, language: str) -> dict[str, str]:
    """A sentence for each answer that cannot be taken."""
    found = {
        question.id: checked.complaint(
            question, answers.get(question.id, ""), language, _offered(question, shown)
        )
        for question in questions(shown)
    }
    return {id_: sentence for id_, sentence in found.items() if sentence}


def possible(shown: OpenForm, answers: Answers) -> dict[str, Given]:
    """The answers without options that were never offered: nobody can have chosen those."""
    return {
        question.id: checked.possible(answers[question.id], _offered(question, shown))
        for question in questions(shown)
    }


def questions(shown: OpenForm) -> tuple[AnyInput, ...]:
    """The questions of the form."""
    return checked.questions(shown.form)


def _offered(question: AnyInput, shown: OpenForm) -> set[str] | None:
    match question:
        case ChoiceInput(options=options):
            return {option.value for option in options}
        case SearchInput(initial=initial):
            return {option.value for option in initial} | set(shown.offered.get(question.id, {}))
        case PersonInput():
            return set(PEOPLE)
        case TextInput() | LinesInput() | DateInput():
            return None
