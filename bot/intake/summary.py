"""A draft in words: what was answered, by page, in any of the flow's languages. Pure."""

from collections.abc import Iterator

from bot.intake.conditions import UNKNOWN
from bot.intake.model import Question
from bot.intake.standing import Page, Standing
from bot.intake.wording import Wording
from bot.requests.sections import Section


def sections(now: Standing, words: Wording) -> tuple[Section, ...]:
    """What counts of the answers, page by page; pages without any are left out."""
    found = (Section(words.text(page.step.title), tuple(_rows(page, now, words))) for page in now.pages)
    return tuple(section for section in found if section.rows)


def _rows(page: Page, now: Standing, words: Wording) -> Iterator[tuple[str, str]]:
    unknown = {question.id for question in now.unknown}
    for question in page.asked:
        if question.id in unknown:
            yield _label(question, now, words), words.entry(question, UNKNOWN)
        elif question.id in now.answers:
            yield _label(question, now, words), words.answer(question, now.answers[question.id])


def _label(question: Question, now: Standing, words: Wording) -> str:
    """What stands before the colon ("Auslöser: Wann geht es los?"), else the whole question."""
    label = words.text(question.label, now.values)
    short, colon, _ = label.partition(":")
    return short if colon else label
