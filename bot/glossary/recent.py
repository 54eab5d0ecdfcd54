"""What `/define` answered a moment ago: the same few words are looked up again and again.

Reading a word costs twenty microseconds and drawing its card ten times as much, while all of bolt costs a
hundred. Only what stands behind a command is kept, never a message that somebody wrote.
"""

import datetime as dt
from collections.abc import Callable

from bot.chat.ui import Card
from bot.glossary.book import Answer, Book

_MOST = 1_000  # answers; with their cards about 10 MB
Key = tuple[str, str | None, str]  # what was typed, the asker's department, the language


class Recent:
    """Answers and cards of one Book on one day; another one of either forgets them all."""

    def __init__(self) -> None:
        self._of: tuple[Book, dt.date] | None = None
        self._answers: dict[Key, Answer] = {}
        self._cards: dict[tuple[int, str], tuple[Answer, Card]] = {}

    def answer(self, book: Book, today: dt.date, key: Key, read: Callable[[], Answer]) -> Answer:
        """The answer of before, else that of `read`."""
        if self._of != (book, today) or len(self._answers) >= _MOST:
            self._of = (book, today)
            self._answers.clear()
            self._cards.clear()
        given = self._answers.get(key)
        if given is None:
            given = self._answers[key] = read()
        return given

    def card(self, given: Answer, audience: str, draw: Callable[[], Card]) -> Card:
        """The card of an answer that `answer` gave."""
        kept = self._cards.get((id(given), audience))
        if kept is None or kept[0] is not given:
            kept = self._cards[id(given), audience] = (given, draw())
        return kept[1]
