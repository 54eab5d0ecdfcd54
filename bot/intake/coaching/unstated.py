"""What a text plainly is when nobody says which question it answers: a date, a change, a message."""

from bot.intake.coaching.amounts import days
from bot.intake.coaching.lexical import haste
from bot.intake.coaching.reading import Reading
from bot.intake.model import CoachRule

_LONGEST_DATE = 5  # words
_LONGEST_MESSAGE = 6
_LONGEST_CHANGE = 10


def unstated_rules(reading: Reading) -> list[tuple[CoachRule, str]]:
    """Further rules for such a text, each with the kind of question that it belongs to."""
    kinds = reading.lists.kinds_of("unstated", reading.languages)
    words = [token.norm for token in reading.words]
    found: list[tuple[CoachRule, str]] = []
    if len(words) <= _LONGEST_DATE and (days(reading) or haste(reading)):
        found.append(("no_reason", "deadline_reason"))
    if len(words) <= _LONGEST_CHANGE and any(word in kinds["change"] for word in words):
        found.append(("no_measure", "goal"))
    if len(words) <= _LONGEST_MESSAGE and any(word in kinds["message"] for word in words):
        found.append(("no_trigger", "trigger"))
    return found
