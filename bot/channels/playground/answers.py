"""What came back from a form, read against the form that was shown: a client may send anything. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from bot.channels.playground.people import PEOPLE
from bot.channels.playground.store import OpenForm
from bot.chat import answers
from bot.chat.answers import Given, complaint, tidied
from bot.chat.events import Answers
from bot.chat.ui import AnyInput, ChoiceInput, DateInput, LinesInput, PersonInput, SearchInput, TextInput


def read(shown: OpenForm, posted: Mapping[str, Sequence[str]]) -> dict[str, Given]:
    """The answers to the questions of this form, and to no others, without invisible characters."""
    return {question.id: _read(question, posted.get(question.id, ())) for question in questions(shown)}


def complaints(shown: OpenForm, given: Answers, language: str) -> dict[str, str]:
    """A sentence for each answer that cannot be taken."""
    found = {
        question.id: complaint(question, given.get(question.id, ""), language, _offered(question, shown))
        for question in questions(shown)
    }
    return {id_: sentence for id_, sentence in found.items() if sentence}


def possible(shown: OpenForm, given: Answers) -> dict[str, Given]:
    """The answers without options that were never offered: nobody can have chosen those."""
    return {
        question.id: answers.possible(given[question.id], _offered(question, shown))
        for question in questions(shown)
    }


def questions(shown: OpenForm) -> Iterator[AnyInput]:
    """The questions of the form."""
    return iter(answers.questions(shown.form))


def _read(question: AnyInput, values: Sequence[str]) -> Given:
    """Without the script a new choice stands below the old one: the last one counts."""
    if isinstance(question, ChoiceInput | SearchInput | PersonInput) and not question.several:
        values = [value for value in values if value][-1:]
    return tidied(question, values)


def _offered(question: AnyInput, shown: OpenForm) -> answers.Offered:
    match question:
        case ChoiceInput(options=options):
            return {option.value for option in options}
        case SearchInput(initial=initial):
            return {option.value for option in initial} | set(shown.offered.get(question.id, {}))
        case PersonInput():
            return set(PEOPLE)
        case TextInput() | LinesInput() | DateInput():
            return None
