"""What the engine says by key, in words: labels of answers, filled texts, problems, days. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot import i18n
from bot.i18n import say
from bot.intake.answers import Problem
from bot.intake.conditions import UNKNOWN, Answer, Fact
from bot.intake.model import CHOICES, PEOPLE, Flow, OptionSource, Question
from bot.intake.names import Names
from bot.intake.state import OTHER, listed
from bot.intake.texts import filled, localised

Values = Mapping[str, Answer | Fact]


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one flow in one language."""

    flow: Flow
    language: str
    names: Names = field(default_factory=Names)

    def text(self, texts: Mapping[str, str], values: Values | None = None) -> str:
        """A text of the file, its placeholders filled with answers and facts in words."""
        text = localised(texts, self.language, self.flow.address)
        return filled(text, lambda name: self.value(name, (values or {}).get(name)))

    def value(self, name: str, value: Answer | Fact) -> str:
        """An answer or a fact in words, "" if there is none."""
        question = self.flow.question(name)
        if question and isinstance(value, str | tuple):
            return self.answer(question, value)
        if isinstance(value, tuple):
            return ", ".join(value)
        return "" if value is None or isinstance(value, bool) else str(value)

    def answer(self, question: Question, answer: Answer) -> str:
        """An answer in words: labels of what was chosen, names of people, days as one writes them."""
        return ", ".join(self.entry(question, entry) for entry in listed(answer))

    def entry(self, question: Question, entry: str) -> str:
        """One entry of an answer in words."""
        if entry == UNKNOWN:
            return say(self.language, "intake.unknown")
        if question.type in PEOPLE:
            return self.names.person(entry)
        if question.type == "date":
            return day_text(entry, self.language)
        if question.type not in CHOICES:
            return entry
        own = entry.removeprefix(OTHER)
        if question.options_from:
            return self._named(question.options_from, own)
        label = next((one.label for one in question.options or () if one.value == entry), None)
        return self.text(label) if label else own

    def problem(self, question: Question, problem: Problem) -> str:
        """What is wrong, as a sentence."""
        values = dict(problem.values)
        if "date" in values:
            values["date"] = day_text(values["date"], self.language)
        if "option" in values:
            values["option"] = self.entry(question, values["option"])
        return say(self.language, f"intake.error.{problem.key}", **values)

    def _named(self, source: OptionSource, value: str) -> str:
        match source:
            case "landscape.systems":
                return self.names.system(value)
            case "glossary.kpis" | "glossary.terms":
                return self.names.term(value)
            case "departments":
                return self.names.department(value)


def day_text(iso: str, language: str) -> str:
    """A day as one writes it. What is no day stays."""
    try:
        return i18n.day_text(dt.date.fromisoformat(iso), language)
    except ValueError:
        return iso
